// One request, its bytes, and what a right answer to it looks like.

public import RegisterMaps

/// One Modbus request to one unit. Addresses are those on the wire, from 0.
public struct ModbusRequest: Hashable, Sendable {
    /// What is asked for.
    public enum Body: Hashable, Sendable {
        /// Read registers or coils.
        case read(RegisterBlock)
        /// Write one register (function 6).
        case writeRegister(UInt16, UInt16)
        /// Write registers that follow each other (function 16).
        case writeRegisters(UInt16, [UInt16])
        /// Write one coil (function 5).
        case writeCoil(UInt16, Bool)
    }

    /// The unit, 1 to 247; over TCP also 0 and 255, which mean the gateway itself.
    public var unit: UInt8
    /// What is asked for.
    public var body: Body

    /// A request to that unit.
    public init(unit: UInt8, _ body: Body) {
        self.unit = unit
        self.body = body
    }

    /// The function code.
    var function: UInt8 {
        switch body {
        case .read(let block): block.function.rawValue
        case .writeCoil: 5
        case .writeRegister: 6
        case .writeRegisters: 16
        }
    }

    /// Bytes of a right answer: unit, function and what follows, without checksum or TCP header.
    var answerLength: Int {
        switch body {
        case .read(let block): 3 + Self.dataBytes(block)
        case .writeRegister, .writeRegisters, .writeCoil: 6
        }
    }

    private static func dataBytes(_ block: RegisterBlock) -> Int {
        block.function == .coil ? (block.count + 7) / 8 : 2 * block.count
    }

    /// Bytes of an answer that says no.
    static let exceptionLength = 3

    /// Unit, function and what follows, without checksum or TCP header; throws `badRequest` if no device can answer.
    func bytes() throws(ModbusFailure) -> [UInt8] {
        var bytes: [UInt8] = [unit, function]
        func put(_ words: UInt16...) {
            for word in words { bytes += [UInt8(word >> 8), UInt8(word & 0xFF)] }
        }
        switch body {
        case .read(let block):
            guard (1...RegisterBlock.countAtMost).contains(block.count),
                Int(block.address) + block.count <= 65_536
            else { throw .badRequest }
            put(block.address, UInt16(block.count))
        case .writeCoil(let address, let isOn): put(address, isOn ? 0xFF00 : 0)
        case .writeRegister(let address, let value): put(address, value)
        case .writeRegisters(let address, let values):
            guard (1...123).contains(values.count), Int(address) + values.count <= 65_536 else { throw .badRequest }
            put(address, UInt16(values.count))
            bytes.append(UInt8(2 * values.count))
            for value in values { put(value) }
        }
        return bytes
    }

    /// Reads a whole answer whose checksum or transaction number is right: unit, function and what follows.
    ///
    /// libmodbus' raw path compares none of this, and its usual path (3.1.6) takes the confirmation of another write.
    func registers(in answer: Span<UInt8>) throws(ModbusFailure) -> [UInt16] {
        guard answer.count >= Self.exceptionLength, answer[0] == unit else { throw .foreign(.unit) }
        if answer[1] == function | 0x80 {
            guard answer.count == Self.exceptionLength else { throw .foreign(.length) }
            throw .exception(answer[2])
        }
        guard answer[1] == function else { throw .foreign(.function) }
        guard answer.count == answerLength else { throw .foreign(.length) }
        func word(_ offset: Int) -> UInt16 { UInt16(answer[offset]) << 8 | UInt16(answer[offset + 1]) }
        switch body {
        case .read(let block):
            guard Int(answer[2]) == Self.dataBytes(block) else { throw .foreign(.length) }
            guard block.function == .coil else { return (0..<block.count).map { word(3 + 2 * $0) } }
            return (0..<block.count).map { UInt16(answer[3 + $0 / 8] >> ($0 % 8) & 1) }
        case .writeCoil(let address, let isOn):
            guard word(2) == address, word(4) == (isOn ? 0xFF00 : 0) else { throw .foreign(.written) }
        case .writeRegister(let address, let value):
            guard word(2) == address, word(4) == value else { throw .foreign(.written) }
        case .writeRegisters(let address, let values):
            guard word(2) == address, Int(word(4)) == values.count else { throw .foreign(.written) }
        }
        return []
    }
}
