// One Modbus unit of the simulated world: its registers hold what the world's device would say now.

public import Post
public import RegisterMaps

/// A device as its bus sees it.
public final class SimulatedUnit {
    /// What a device is told to do.
    public enum Order: Hashable, Sendable {
        /// The output, or the measurement, with what is to be held; zero where the map has no such setpoint.
        case output(isOn: Bool, millivolts: Int64, milliamperes: Int64)
        /// A self-test.
        case test
    }

    /// What a device says, and how long it takes to.
    public struct Answer {
        /// Its registers.
        public var content: DeviceContent
        /// Whether its output is on; nil: as it was told.
        public var isOn: Bool?
        /// How long the answer takes.
        public var after: Interval

        /// An answer with this content.
        public init(_ content: DeviceContent, isOn: Bool? = nil, after: Interval = .zero) {
            self.content = content
            self.isOn = isOn
            self.after = after
        }
    }

    let number: UInt8
    private let map: RegisterMap
    private let ask: () -> Answer?
    private let obey: (Order) -> Bool
    /// What was written.
    private var held: [RegisterFunction: [UInt16: UInt16]] = [:]

    /// A unit of that number and map.
    ///
    /// - Parameters:
    ///   - ask: What the device says now; nil: it does not answer.
    ///   - obey: Has it do something; false: it refuses.
    public init(
        _ number: UInt8, _ map: RegisterMap, ask: @escaping () -> Answer?,
        obey: @escaping (Order) -> Bool = { _ in false }
    ) {
        self.number = number
        self.map = map
        self.ask = ask
        self.obey = obey
    }

    /// The answer to a request (unit, function and what follows), and how long it takes; nil: none.
    func answer(_ request: ArraySlice<UInt8>) -> (bytes: [UInt8], after: Interval)? {
        let bytes = Array(request)
        guard bytes.count >= 6, let said = ask() else { return nil }
        let word = { (offset: Int) in UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]) }
        let body: [UInt8]
        switch bytes[1] {
        case 1, 3, 4: body = read(bytes[1], word(2), Int(word(4)), said)
        case 5:
            body = write(.coil, word(2), [word(4) == 0xFF00 ? 1 : 0]) ? Array(bytes[0..<6]) : exception(bytes[1], 4)
        case 6: body = write(.holding, word(2), [word(4)]) ? Array(bytes[0..<6]) : exception(bytes[1], 4)
        case 16 where bytes.count == 7 + 2 * Int(word(4)):
            let words = (0..<Int(word(4))).map { word(7 + 2 * $0) }
            body = write(.holding, word(2), words) ? Array(bytes[0..<6]) : exception(16, 4)
        default: body = exception(bytes[1], 1)
        }
        return (body, said.after)
    }

    private func exception(_ function: UInt8, _ code: UInt8) -> [UInt8] { [number, function | 0x80, code] }

    private func read(_ code: UInt8, _ address: UInt16, _ count: Int, _ said: Answer) -> [UInt8] {
        guard let function = RegisterFunction(rawValue: code), (1...RegisterBlock.countAtMost).contains(count),
            Int(address) + count <= 65_536
        else { return exception(code, 3) }
        var image = map.registers(said.content)
        for (function, words) in held { image[function, default: [:]].merge(words) { $1 } }
        if let isOn = said.isOn { show(isOn, in: &image) }
        let words = (0..<count).map { image[function]?[address + UInt16($0)] ?? 0 }
        guard function == .coil else {
            return [number, code, UInt8(2 * count)] + words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
        var bits = [UInt8](repeating: 0, count: (count + 7) / 8)
        for (index, word) in words.enumerated() where word != 0 { bits[index / 8] |= 1 << UInt8(index % 8) }
        return [number, code, UInt8(bits.count)] + bits
    }

    private func show(_ isOn: Bool, in image: inout [RegisterFunction: [UInt16: UInt16]]) {
        switch map.controls.output {
        case .coil(let address): image[.coil, default: [:]][address] = isOn ? 1 : 0
        case .register(let address, let on, let off): image[.holding, default: [:]][address] = isOn ? on : off
        case nil: break
        }
    }

    private func write(_ function: RegisterFunction, _ address: UInt16, _ words: [UInt16]) -> Bool {
        let before = held
        for (offset, word) in words.enumerated() {
            held[function, default: [:]][address &+ UInt16(truncatingIfNeeded: offset)] = word
        }
        let addresses = Int(address)..<Int(address) + words.count
        let controls = map.controls
        var isTaken = true
        if let test = controls.test, function == .holding, addresses.contains(Int(test.address)),
            held[.holding]?[test.address] == test.value
        {
            isTaken = obey(.test)
        }
        let setpoints = [controls.voltage, controls.current].compactMap { $0 }
        let isSetpoint = function == .holding && setpoints.contains { addresses.contains(Int($0.address)) }
        if isOutput(function, addresses) || isSetpoint && isToldOn {
            isTaken =
                obey(
                    .output(
                        isOn: isToldOn, millivolts: heldValue(controls.voltage),
                        milliamperes: heldValue(controls.current)))
                && isTaken
        }
        if !isTaken { held = before }
        return isTaken
    }

    private func isOutput(_ function: RegisterFunction, _ addresses: Range<Int>) -> Bool {
        switch map.controls.output {
        case .coil(let address): function == .coil && addresses.contains(Int(address))
        case .register(let address, _, _): function == .holding && addresses.contains(Int(address))
        case nil: false
        }
    }

    private var isToldOn: Bool {
        switch map.controls.output {
        case .coil(let address): held[.coil]?[address] == 1
        case .register(let address, let on, _): held[.holding]?[address] == on
        case nil: false
        }
    }

    private func heldValue(_ setpoint: ControlMap.Setpoint?) -> Int64 {
        guard let setpoint else { return 0 }
        return Int64(held[.holding]?[setpoint.address] ?? 0) * setpoint.full / Int64(max(1, setpoint.rawAtFull))
    }
}
