// The one owner of a libmodbus context: every call into the library is in this file.

import CLibmodbus
import Glibc

/// How frames are told from each other.
public enum ModbusFraming: Hashable, Sendable {
    /// A header with transaction number and length.
    case tcp
    /// A checksum, and silence between frames.
    case rtu
}

/// Owns a libmodbus context and closes it. One thread at a time: a context has no lock.
///
/// The library's settings are those under which none of its calls waits: byte timeout zero, so that the response
/// timeout is the deadline of the whole answer; that one a microsecond, because an answer is only taken once it is
/// there; no error recovery, which would sleep, flush and reconnect behind our back.
struct ModbusContext: ~Copyable {
    private let pointer: OpaquePointer
    let framing: ModbusFraming

    /// A context for a connected descriptor that is attached later.
    init?(_ framing: ModbusFraming) {
        let made =
            switch framing {
            // Neither address is ever connected to: 3.1.6 reads garbage as 255.255.255.255 and aborts on a
            // descriptor of 1024, so TCP is connected by `ModbusLink`.
            case .tcp: modbus_new_tcp("127.0.0.1", 502)
            case .rtu: modbus_new_rtu("/dev/null", 19_200, CChar(UInt8(ascii: "E")), 8, 1)
            }
        guard let made else { return nil }
        self.init(taking: made, framing)
    }

    /// A context for a serial line, not opened yet.
    init?(_ line: SerialLine) {
        let parity = CChar(line.parity.letter)
        guard let made = modbus_new_rtu(line.path, line.baud, parity, 8, line.stopBits) else { return nil }
        self.init(taking: made, .rtu)
    }

    private init(taking pointer: OpaquePointer, _ framing: ModbusFraming) {
        self.pointer = pointer
        self.framing = framing
        modbus_set_byte_timeout(pointer, 0, 0)
        modbus_set_response_timeout(pointer, 0, 1)
        modbus_set_error_recovery(pointer, MODBUS_ERROR_RECOVERY_NONE)
    }

    deinit {
        modbus_close(pointer)
        modbus_free(pointer)
    }

    /// The connected descriptor, or -1.
    var descriptor: Int32 { modbus_get_socket(pointer) }

    /// Takes over a connected descriptor.
    func attach(_ descriptor: Int32) { modbus_set_socket(pointer, descriptor) }

    /// Opens the serial line and sets its speed. Returns 0 or an error number.
    func open() -> Int32 { modbus_connect(pointer) == 0 ? 0 : errno }

    /// Lets the kernel switch the direction of a two-wire line. It takes an open descriptor (EBADF before).
    func setRS485() -> Int32 { modbus_rtu_set_serial_mode(pointer, MODBUS_RTU_RS485) == 0 ? 0 : errno }

    /// Closes the descriptor.
    func close() {
        modbus_close(pointer)
        modbus_set_socket(pointer, -1)
    }

    /// Sends unit, function and what follows. Returns 0 or an error number; a full line counts as one.
    func send(_ bytes: [UInt8], transaction: UInt16) -> Int32 {
        let whole = framing == .tcp ? bytes.count + 6 : bytes.count + 2
        let sent =
            switch framing {
            case .tcp: holdfast_modbus_send_tcp(pointer, bytes, Int32(bytes.count), transaction)
            case .rtu: modbus_send_raw_request(pointer, bytes, Int32(bytes.count))
            }
        if sent < 0 { return errno }
        return Int(sent) == whole ? 0 : EAGAIN
    }

    /// Takes one answer that is there already; never waits.
    ///
    /// - Returns: The bytes of the whole frame, 0 for an answer of another unit, or minus an error number.
    func receive(unit: UInt8, into frame: UnsafeMutablePointer<UInt8>) -> Int32 {
        // The library drops answers of other units before it looks at their checksum.
        guard modbus_set_slave(pointer, Int32(unit)) == 0 else { return -errno }
        let count = modbus_receive_confirmation(pointer, frame)
        return count < 0 ? -errno : count
    }

    /// Throws away what has come in and what has not gone out. False where the descriptor is no serial line.
    func flush() -> Bool { modbus_flush(pointer) >= 0 }

    /// Room for the longest frame (260 bytes over TCP).
    static let frameLengthAtMost = 260
}
