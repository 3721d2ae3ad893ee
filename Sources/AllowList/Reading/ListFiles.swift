// Lists in memory and in files.

internal import Glibc

/// A list in memory.
public struct ListInMemory: ListBytes, Sendable {
    private let bytes: [UInt8]
    /// A list of these bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    /// How long it is.
    public var count: UInt64 { UInt64(bytes.count) }
    /// Reads bytes.
    public func read(_ length: Int, at offset: UInt64, into buffer: inout [UInt8]) -> Bool {
        guard length >= 0, offset <= UInt64(bytes.count), UInt64(length) <= UInt64(bytes.count) - offset else {
            return false
        }
        buffer.removeAll(keepingCapacity: true)
        buffer += bytes[Int(offset)..<Int(offset) + length]
        return true
    }
}

/// A list in a file, held open: a file renamed over it does not change what is read.
public final class ListFile: ListBytes, Sendable {
    private let descriptor: Int32

    /// Opens a file for reading.
    public init(path: String) throws(ListRefusal) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable }
    }
    deinit { close(descriptor) }

    /// How long it is now.
    public var count: UInt64 {
        var facts = stat()
        return fstat(descriptor, &facts) == 0 ? UInt64(max(0, facts.st_size)) : 0
    }

    /// Reads bytes with pread(2).
    public func read(_ length: Int, at offset: UInt64, into buffer: inout [UInt8]) -> Bool {
        guard length >= 0, offset <= UInt64(Int64.max) else { return false }
        if buffer.count != length { buffer = [UInt8](repeating: 0, count: length) }
        var done = 0
        while done < length {
            let got = buffer.withUnsafeMutableBytes { bytes in
                pread(descriptor, bytes.baseAddress.map { $0 + done }, length - done, off_t(offset) + off_t(done))
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return false }
            done += got
        }
        return true
    }
}

/// A list by the name that mirrors give it, and by which it may be laid into a post's folder while no daemon runs.
public enum ListStore {
    /// The name of the file.
    public static let name = "allow-list.pal"
}
