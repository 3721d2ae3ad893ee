// The few numbers and calls of the C library that the client needs, in one place.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Errors of the system by name.
enum SystemError {
    static let noSuchFile = ENOENT
    static let notADirectory = ENOTDIR
    static let connectionRefused = ECONNREFUSED
    static let notPermitted = EPERM
    static let accessDenied = EACCES
    static let brokenPipe = EPIPE
    static let connectionReset = ECONNRESET

    /// What the system calls this error.
    static func text(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

/// A regular file that is sent, closed when it is no longer held.
final class SentFile: Sendable {
    let byteCount: Int
    private let path: String
    private let descriptor: Int32

    /// Opens the file; refuses what is not a regular file.
    init(_ path: String) throws(ControlError) {
        // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .fileUnreadable(path: path, reason: SystemError.text(errno)) }
        var facts = stat()
        let isKnown = unsafe fstat(descriptor, &facts) == 0
        self.path = path
        byteCount = Int(facts.st_size)
        guard isKnown, facts.st_mode & S_IFMT == S_IFREG else {
            throw .fileUnreadable(path: path, reason: "it is not a regular file")
        }
    }

    deinit { close(descriptor) }

    /// The bytes from `offset` on, `limit` at most; fewer only at the end of the file.
    func bytes(from offset: Int, atMost limit: Int) throws(ControlError) -> [UInt8] {
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            repeat {
                unsafe count = pread(descriptor, buffer.baseAddress, limit, off_t(offset))
            } while count < 0 && errno == EINTR
            initialized = max(0, count)
        }
        guard count >= 0 else { throw .fileUnreadable(path: path, reason: SystemError.text(errno)) }
        return bytes
    }
}
