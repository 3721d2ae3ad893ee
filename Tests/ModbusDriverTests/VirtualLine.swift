// The other end of a socket pair: simulated slaves whose bytes come at planned instants of virtual time.

import Glibc
import ModbusDriver
import Post
import RegisterMaps
import Synchronization

@testable import ModbusDriver

/// The checksum of Modbus over serial line V1.02, 6.2.2, written anew here so that nothing is tested by itself.
func checksum(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var crc: UInt16 = 0xFFFF
    for byte in bytes {
        crc ^= UInt16(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
    }
    return [UInt8(crc & 0xFF), UInt8(crc >> 8)]
}

/// What a register holds in every simulated slave, so that a wrong value is seen at once.
func content(_ unit: UInt8, _ address: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: address * 7 + Int(unit) * 1_000)
}

/// A request as a slave sees it.
struct Heard {
    var frame: [UInt8]
    var framing: ModbusFraming
    var at: Instant

    /// Unit, function and what follows.
    var body: [UInt8] { framing == .tcp ? Array(frame[6...]) : Array(frame.dropLast(2)) }
    var unit: UInt8 { body[0] }
    var function: UInt8 { body[1] }
    var address: Int { Int(body[2]) << 8 | Int(body[3]) }
    var count: Int { Int(body[4]) << 8 | Int(body[5]) }

    /// The right answer.
    func answer(_ value: (UInt8, Int) -> UInt16 = content) -> [UInt8] {
        switch function {
        case 3, 4:
            let words = (0..<count).map { value(unit, address + $0) }
            return wrapped(
                [unit, function, UInt8(2 * count)] + words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
        case 1: return wrapped([unit, 1, 1, UInt8(value(unit, address) & 1)])
        default: return wrapped(Array(body.prefix(6)))
        }
    }

    func exception(_ code: UInt8) -> [UInt8] { wrapped([unit, function | 0x80, code]) }

    /// With checksum, or with the header that carries the request's transaction number.
    func wrapped(_ body: [UInt8], transaction: [UInt8]? = nil) -> [UInt8] {
        switch framing {
        case .rtu: body + checksum(body)
        case .tcp: (transaction ?? Array(frame[0..<2])) + [0, 0, 0, UInt8(body.count)] + body
        }
    }
}

/// Bytes that a slave sends at an instant.
struct Planned {
    var after: Interval
    var bytes: [UInt8]
    /// The connection ends with them.
    var closes: Bool

    init(_ after: Interval, _ bytes: [UInt8], closes: Bool = false) {
        self.after = after
        self.bytes = bytes
        self.closes = closes
    }
}

/// A line with simulated slaves; time is what the test says.
final class VirtualLine {
    let framing: ModbusFraming
    var now = Instant.zero
    private(set) var heard: [Heard] = []
    private var theirs: Int32 = -1
    private var planned: [(at: Instant, part: Planned)] = []
    private var behaviour: (Heard) -> [Planned]
    private let ours = Box()

    /// Hands a descriptor from the line to whoever opens it.
    private final class Box: Sendable {
        let made = Mutex<Int32?>(nil)
    }

    init(_ framing: ModbusFraming, _ behaviour: @escaping (Heard) -> [Planned]) {
        self.framing = framing
        self.behaviour = behaviour
        plugIn()
    }

    deinit { if theirs >= 0 { close(theirs) } }

    /// A new pair of ends; the bus takes its end at the next attempt to open.
    func plugIn() {
        var ends: [Int32] = [-1, -1]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        theirs = ends[1]
        _ = fcntl(theirs, F_SETFL, O_NONBLOCK)
        ours.made.withLock { $0 = ends[0] }
    }

    /// The slave's end goes away.
    func unplug() {
        close(theirs)
        theirs = -1
        planned.removeAll()
    }

    func behave(_ behaviour: @escaping (Heard) -> [Planned]) { self.behaviour = behaviour }

    var endpoint: ModbusEndpoint {
        let ours = ours
        return .given(framing) {
            ours.made.withLock { made in
                defer { made = nil }
                return made
            }
        }
    }

    /// Lets a bus run until an instant: from event to event, with no waiting.
    func run(_ bus: ModbusBus, until end: Instant) {
        var turns = 0
        while now <= end, turns < 1_000_000 {
            turns += 1
            let wake = bus.turn(at: now)
            listen()
            let next = min(wake, planned.map(\.at).min() ?? .distantFuture)
            if next > end { break }
            now = max(now, next)
            deliver()
        }
        now = end
    }

    /// Lets one exchange of an engine run to its outcome.
    func exchange(
        _ engine: ModbusEngine, _ request: ModbusRequest, within: Interval = .milliseconds(500)
    ) throws(ModbusFailure) -> [UInt16] {
        now = max(now, engine.readyAt(isUrgent: false))
        try engine.begin(request, within: within, at: now)
        listen()
        while true {
            deliver()
            if let outcome = engine.advance(at: now) { return try outcome.get() }
            now = max(now, min(engine.wakeAt ?? now, planned.map(\.at).min() ?? .distantFuture))
        }
    }

    /// Puts bytes on the line now.
    func put(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { send(theirs, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    private func listen() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = read(theirs, &buffer, buffer.count)
        guard count > 0 else { return }
        let request = Heard(frame: Array(buffer[..<count]), framing: framing, at: now)
        heard.append(request)
        for part in behaviour(request) { planned.append((now + part.after, part)) }
    }

    private func deliver() {
        let due = planned.filter { $0.at <= now }
        planned.removeAll { $0.at <= now }
        for (_, part) in due.sorted(by: { $0.at < $1.at }) where theirs >= 0 {
            put(part.bytes)
            if part.closes { unplug() }
        }
    }
}

/// An engine at a line's end.
func engine(_ line: VirtualLine, echoes: Bool = false) throws -> ModbusEngine {
    let settings = ModbusEngine.Settings(framing: line.framing, baud: 115_200, echoes: echoes)
    guard let engine = ModbusEngine(line.framing, settings), case .given(_, let open) = line.endpoint,
        let descriptor = open()
    else { throw ModbusFailure.notConnected }
    try engine.attach(descriptor)
    return engine
}

func reading(_ count: Int, unit: UInt8 = 7, from address: UInt16 = 0) -> ModbusRequest {
    ModbusRequest(unit: unit, .read(RegisterBlock(.holding, address, count: count)))
}

/// What is right for such a request.
func expected(_ request: ModbusRequest) -> [UInt16] {
    guard case .read(let block) = request.body else { return [] }
    return block.addresses.map { content(request.unit, $0) }
}
