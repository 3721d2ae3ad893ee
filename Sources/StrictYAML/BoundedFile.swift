// Reads a file that somebody else wrote: regular files only, and never more than asked for.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads whole small files.
enum BoundedFile {
    /// Why a file could not be read.
    struct Failure: Error {
        var problem: Problem

        init(_ code: Problem.Code, _ what: String, expected: String, remedy: String) {
            problem = Problem(
                code: code, position: .wholeFile, path: "", what: what, expected: expected, remedy: remedy)
        }
    }

    /// At most the first `limit` bytes of a regular file.
    static func read(_ path: String, atMost limit: Int) throws(Failure) -> [UInt8] {
        // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else { throw failure(errno) }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw Failure(
                .unreadableFile, "not a regular file", expected: "a file", remedy: "Name the file itself.")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(limit, 65_536))
        while bytes.count < limit {
            let wanted = min(chunk.count, limit - bytes.count)
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Self.read(descriptor, $0, wanted) }
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(errno)
            }
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            unsafe Glibc.read(descriptor, buffer.baseAddress, count)
        #elseif canImport(Musl)
            unsafe Musl.read(descriptor, buffer.baseAddress, count)
        #endif
    }

    private static func failure(_ code: Int32) -> Failure {
        switch code {
        case ENOENT, ENOTDIR:
            Failure(
                .noSuchFile, "no such file", expected: "a file of that name",
                remedy: "Check the path for a misspelling.")
        case EACCES, EPERM:
            Failure(
                .unreadableFile, "no permission to read the file", expected: "a readable file",
                remedy: "Check with ls -l who may read it and its folders.")
        default:
            Failure(
                .unreadableFile, "the file cannot be read (\(unsafe String(cString: strerror(code))))",
                expected: "a readable file", remedy: "Check the disk and the path.")
        }
    }
}
