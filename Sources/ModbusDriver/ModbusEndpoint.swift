// Where a bus is: a serial line or an address on the network.

import Glibc

/// A serial line and how it is set.
public struct SerialLine: Hashable, Sendable {
    /// The extra bit that guards each byte.
    public enum Parity: String, CaseIterable, Sendable {
        /// No guard.
        case none
        /// An even number of ones: what the Modbus specification wants.
        case even
        /// An odd number of ones.
        case odd

        var letter: UInt8 {
            switch self {
            case .none: UInt8(ascii: "N")
            case .even: UInt8(ascii: "E")
            case .odd: UInt8(ascii: "O")
            }
        }
    }

    /// Who turns a two-wire line around.
    public enum Direction: String, CaseIterable, Sendable {
        /// The adapter or transceiver does it by itself (most USB adapters), or the line is RS-232.
        case byHardware = "by_hardware"
        /// The kernel's driver does it (a UART with an RTS line). A line that cannot is refused.
        case byKernel = "by_kernel"
    }

    /// The device's path; best one from /dev/serial/by-id, which survives another order of plugging.
    public var path: String
    /// Bits a second, 1,200 to 921,600.
    public var baud: Int32
    /// The guard bit.
    public var parity: Parity
    /// 1 or 2; without parity the specification wants 2.
    public var stopBits: Int32
    /// Who turns the line around.
    public var direction: Direction
    /// Whether the adapter hands back everything that is sent.
    public var echoes: Bool

    /// A serial line with these settings.
    public init(
        path: String, baud: Int32 = 9_600, parity: Parity = .none, stopBits: Int32 = 1,
        direction: Direction = .byHardware, echoes: Bool = false
    ) {
        self.path = path
        self.baud = baud
        self.parity = parity
        self.stopBits = stopBits
        self.direction = direction
        self.echoes = echoes
    }
}

/// A numeric address and a port: names are not resolved, since that may take any time.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    let family: Int32
    let bytes: [UInt8]

    /// Reads `192.0.2.7`, `192.0.2.7:502` or `[2001:db8::7]:502`; nil if it is a name or malformed.
    public init?(_ text: String, standardPort: UInt16 = 502) {
        var host = Substring(text)
        var port = standardPort
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if !rest.isEmpty {
                guard rest.hasPrefix(":"), let number = UInt16(rest.dropFirst()), number > 0 else { return nil }
                port = number
            }
        } else if let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") {
            host = text[..<colon]
            guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else { return nil }
            port = number
        }
        description = text
        var four = sockaddr_in()
        var six = sockaddr_in6()
        if inet_pton(AF_INET, String(host), &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            family = AF_INET
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, String(host), &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            family = AF_INET6
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }
}

/// The way to a bus.
public enum ModbusEndpoint: Sendable {
    /// A serial line, opened for us alone.
    case serial(SerialLine)
    /// A device or gateway on the network.
    case network(NetworkAddress)
    /// A connected descriptor that somebody else makes, for simulated slaves behind a socket pair.
    case given(ModbusFraming, @Sendable () -> Int32?)

    /// How frames are told from each other there.
    var framing: ModbusFraming {
        switch self {
        case .serial: .rtu
        case .network: .tcp
        case .given(let framing, _): framing
        }
    }

    /// What is to be believed of the line's speed where nothing is known of it.
    var baud: Int32 {
        if case .serial(let line) = self { line.baud } else { 115_200 }
    }
}
