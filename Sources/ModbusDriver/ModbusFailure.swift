// What can go wrong between us and a Modbus device, and what to do about it.

import Glibc

/// Why an exchange, or the way to a device, failed. None of them ever carries a value.
public enum ModbusFailure: Error, Hashable, Sendable {
    // The way to the device

    /// There is no such serial device.
    case noSuchDevice(String)
    /// The process may not open it.
    case notPermitted(String)
    /// That is a name or nothing at all; only addresses are taken.
    case notAnAddress(String)
    /// Another process holds it.
    case busy(String)
    /// Nobody listens at that address.
    case refused
    /// The address did not answer to the attempt to connect.
    case connectTimedOut
    /// The process holds so many files that the descriptor is beyond 1023, where libmodbus before 3.1.12 aborts.
    case descriptorTooHigh(Int32)
    /// The kernel cannot switch this line's direction, and the configuration does not say that the hardware does.
    case noRS485(String)
    /// The other side closed the connection, or the adapter was unplugged.
    case closed
    /// There is no connection now; it is tried again later.
    case notConnected
    /// The kernel or libmodbus said no; the error number.
    case system(Int32)

    // The answer

    /// Not one byte came in time.
    case silent
    /// Bytes came, but no whole answer in time.
    case torn
    /// The checksum is wrong.
    case badChecksum
    /// An answer to something else, or from somebody else.
    case foreign(Mismatch)
    /// More bytes than an answer has: two slaves at once, or an echo that is not configured.
    case collision
    /// The echo of an adapter that echoes did not come, or is not what was sent.
    case badEcho
    /// The stream no longer follows the protocol: the connection is given up.
    case outOfStep
    /// The device says no, with this Modbus exception code.
    case exception(UInt8)
    /// What was written is not what is read back.
    case notTaken(address: UInt16)
    /// The request itself is impossible (count, unit, length).
    case badRequest

    /// In what an answer differs from the one that was asked for.
    public enum Mismatch: Hashable, Sendable {
        /// Another unit.
        case unit
        /// Another function.
        case function
        /// Another length: on a serial line, an answer that came one request late.
        case length
        /// The echo of a write names another address or value.
        case written
    }

    /// What an error number of a read or write means: a peer or an adapter that is gone says so in several ways.
    static func ofSystem(_ code: Int32) -> ModbusFailure {
        switch code {
        case EPIPE, ECONNRESET, EIO, ENODEV, ENXIO, EBADF: .closed
        default: .system(code)
        }
    }

    /// Whether an answer to the request may still be under way, so that the next request must wait and differ.
    var mayAnswerLate: Bool {
        switch self {
        case .silent, .torn, .badChecksum, .foreign, .collision, .badEcho: true
        default: false
        }
    }

    /// Whether an answer has come on a serial line, if none that can be read. A second one may still be late.
    var hasAnswered: Bool { self == .badChecksum || self == .collision }

    /// Whether the way to the devices has to be opened anew.
    var losesConnection: Bool {
        switch self {
        case .closed, .notConnected, .outOfStep, .system: true
        default: false
        }
    }
}

extension ModbusFailure: CustomStringConvertible {
    /// One sentence: what, and what to do.
    public var description: String {
        switch self {
        case .noSuchDevice(let path):
            "There is no device \(path): look with ls -l /dev/serial/by-id whether the adapter is plugged in."
        case .notPermitted(let path): "\(path) may not be opened: add the user to the group dialout, or use sudo."
        case .notAnAddress(let text):
            "\"\(text)\" is no address: write it as in 192.0.2.7:502. Names are not looked up, which may take any time."
        case .busy(let path): "Another process holds \(path): find it with fuser \(path), and stop it."
        case .refused: "Nobody listens at that address: check address and port, and that Modbus TCP is switched on."
        case .connectTimedOut: "The address does not answer: check the network, and ping it."
        case .descriptorTooHigh(let number):
            "The process holds too many files (descriptor \(number); libmodbus takes those below 1024): "
                + "lower LimitNOFILE to 1024."
        case .noRS485(let path):
            "The kernel cannot switch the direction of \(path): if the adapter does it itself, set direction: hardware."
        case .closed:
            "The connection was closed by the other side: look at its power, and whether it takes another client."
        case .notConnected: "There is no connection now; it is tried again."
        case .system(let number): "The system says no (error \(number))."
        case .silent: "No answer: check unit number, baud rate, parity, wiring (A and B swapped?) and power."
        case .torn: "The answer did not come whole in time: check baud rate, cable and termination."
        case .badChecksum:
            "The answer's checksum is wrong: check termination, shield, and that only one device has this unit number."
        case .foreign(.unit): "Another unit answered: two devices share a number, or an answer came late."
        case .foreign(.function):
            "The answer is to another function: an answer came late, or this is no Modbus device."
        case .foreign(.length): "The answer has another length than asked for: an answer came late."
        case .foreign(.written): "The device confirms another write than the one sent: an answer came late."
        case .collision:
            "More than one answer came: two devices share a number, or the adapter echoes (echoes: true of its bus, or --echo)."
        case .badEcho: "The adapter's echo is not what was sent: check the wiring, or take echoes: true away."
        case .outOfStep:
            "What comes in is not Modbus TCP, or stops in the middle of an answer: check port and gateway."
        case .exception(let code): "The device says no: exception \(code), \(Self.exceptionWords(code))."
        case .notTaken(let address):
            "What was written to register \(address) is not what it reads back: the device did not take it."
        case .badRequest: "The request is impossible: 1 to 125 registers a read, units 1 to 247."
        }
    }

    private static func exceptionWords(_ code: UInt8) -> String {
        switch code {
        case 1: "it does not know the function"
        case 2: "it has no such register: check the profile and the device's firmware"
        case 3: "it does not take the value or count"
        case 4: "it failed"
        case 5: "it needs longer"
        case 6: "it is busy"
        case 10: "the gateway has no way to the unit"
        case 11: "the unit behind the gateway does not answer"
        default: "of its own"
        }
    }
}
