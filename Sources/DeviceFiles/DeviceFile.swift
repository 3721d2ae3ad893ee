// A device file, opened for us alone, on which nothing ever waits.

import Glibc

/// A serial port or an input device. Closed at the end of its life.
public struct DeviceFile: ~Copyable, Sendable {
    /// The open file, for poll(2).
    public let descriptor: Int32
    private let isTerminal: Bool

    /// Opens a serial port: 8 data bits, no parity, 1 stop bit, raw bytes, no flow control, no modem lines.
    ///
    /// - Parameters:
    ///   - path: The device file.
    ///   - baud: 9,600, 19,200, 38,400, 57,600 or 115,200.
    public init(serial path: String, baud: Int) throws(DeviceFileFailure) {
        let descriptor = try Self.open(path, O_RDWR | O_NOCTTY)
        do throws(DeviceFileFailure) {
            guard isatty(descriptor) == 1 else { throw DeviceFileFailure(path, .notSerial) }
            // TIOCEXCL keeps out whoever opens it later; the lock keeps out another Holdfast, root included.
            guard ioctl(descriptor, UInt(TIOCEXCL)) == 0 else { throw DeviceFileFailure(path, .system(errno)) }
            try Self.makeRaw(descriptor, path, baud)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        isTerminal = true
    }

    /// Opens an input device (`/dev/input/event...`) and takes it away from everybody else: what is typed on it would
    /// else arrive at the machine's console as well.
    public init(input path: String) throws(DeviceFileFailure) {
        let descriptor = try Self.open(path, O_RDONLY)
        guard ioctl(descriptor, Self.grabInput, CInt(1)) == 0 else {
            let code = errno
            close(descriptor)
            throw DeviceFileFailure(path, code == ENOTTY || code == EINVAL ? .notInput : .system(code))
        }
        self.descriptor = descriptor
        isTerminal = false
    }

    /// Takes over something that is open already, such as a pipe with a recorded stream. It must not block.
    public init(open descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = false
    }

    deinit {
        // On a pseudo terminal the mark would outlive us and lock the next one out.
        if isTerminal { _ = ioctl(descriptor, UInt(TIOCNXCL)) }
        close(descriptor)
    }

    /// What has come in, at most `most` bytes.
    ///
    /// - Returns: The bytes; none: nothing yet; nil: the device is gone.
    public borrowing func read(atMost most: Int) -> [UInt8]? {
        withUnsafeTemporaryAllocation(byteCount: most, alignment: 1) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { return Array(buffer[..<count]) }
            return count < 0 && (errno == EAGAIN || errno == EINTR) ? [] : nil
        }
    }

    /// Sends as much as the port takes without waiting.
    ///
    /// - Returns: How many bytes; nil: the device is gone.
    public borrowing func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// EVIOCGRAB of linux/input.h: `_IOW('E', 0x90, int)`, which Swift does not import.
    private static let grabInput: UInt = 0x4004_4590

    private static func open(_ path: String, _ flags: Int32) throws(DeviceFileFailure) -> Int32 {
        let descriptor = Glibc.open(path, flags | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw DeviceFileFailure(path, .system(errno)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw DeviceFileFailure(path, .system(code == EWOULDBLOCK ? EBUSY : code))
        }
        return descriptor
    }

    private static func makeRaw(_ descriptor: Int32, _ path: String, _ baud: Int) throws(DeviceFileFailure) {
        let speeds = [
            9_600: B9600, 19_200: B19200, 38_400: B38400, 57_600: B57600, 115_200: B115200,
        ]
        guard let speed = speeds[baud] else { throw DeviceFileFailure(path, .noSuchSpeed(baud)) }
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { throw DeviceFileFailure(path, .system(errno)) }
        cfmakeraw(&settings)
        settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
        settings.c_cflag &= ~tcflag_t(CSTOPB) & ~tcflag_t(CRTSCTS)
        settings.c_iflag &= ~tcflag_t(IXOFF)
        cfsetspeed(&settings, speed_t(speed))
        guard tcsetattr(descriptor, TCSANOW, &settings) == 0 else { throw DeviceFileFailure(path, .system(errno)) }
        // What came in before belongs to nobody.
        tcflush(descriptor, TCIOFLUSH)
    }
}

/// Why a device file cannot be used, for a person.
public struct DeviceFileFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Reason: Hashable, Sendable {
        /// The kernel's error number.
        case system(Int32)
        /// It is open, but is no serial port.
        case notSerial
        /// It is open, but is no input device.
        case notInput
        /// No such speed.
        case noSuchSpeed(Int)
        /// It was there and is gone.
        case lost
    }

    /// The device file.
    public var path: String
    /// Why.
    public var reason: Reason

    /// A failure of that file.
    public init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// What failed, why, and what to do.
    public var description: String {
        switch reason {
        case .system(ENOENT), .system(ENXIO), .system(ENODEV):
            "\(path) does not exist: check the cable, and the device in the board profile (ls -l /dev/serial/by-path)."
        case .system(EACCES), .system(EPERM):
            "\(path) may not be opened: give the service's user the group that ls -l \(path) shows."
        case .system(EBUSY): "\(path) is in use by another program: fuser \(path) says by which; stop that one."
        case .system(let code): "\(path) failed with error \(code) (\(String(cString: strerror(code))))."
        case .notSerial: "\(path) is no serial port: name the port in the board profile."
        case .notInput: "\(path) is no input device: name one of /dev/input/by-id in the board profile."
        case .noSuchSpeed(let baud): "\(path) cannot be set to \(baud) bits a second."
        case .lost: "\(path) is gone: its cable or adapter was pulled out, or its other end was switched off."
        }
    }
}
