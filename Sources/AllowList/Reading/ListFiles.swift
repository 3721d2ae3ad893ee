// Lists in memory and in files; how a new file takes the place of an old one.

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

/// Puts a list in place so that it is there whole or not at all, whatever happens in between.
public enum ListStore {
    /// Why a list could not be put in place.
    public enum Problem: Error, Hashable, Sendable {
        /// It was refused; nothing changed.
        case refused(ListRefusal)
        /// The disk said no: the step and the error number; nothing changed.
        case disk(step: String, number: Int32)
    }

    /// The file that holds the list in use.
    public static let name = "allow-list.pal"

    /// Verifies a whole list, writes it beside the old one, makes it durable, and renames it over the old one.
    /// - Returns: the header of what is in place now.
    @discardableResult
    public static func install(
        _ bytes: [UInt8], in folder: String, for audience: ListAudience, pepper: [UInt8]
    ) throws(Problem) -> ListHeader {
        let header: ListHeader
        do {
            var reader = try ListReader(ListInMemory(bytes), for: audience, pepper: pepper)
            try reader.verifyEveryPage()
            header = reader.header
        } catch {
            throw .refused(error)
        }
        let temporary = folder + "/.incoming.pal"
        try write(bytes, to: temporary)
        guard rename(temporary, folder + "/" + name) == 0 else { throw .disk(step: "rename", number: errno) }
        try synchronise(folder: folder)
        return header
    }

    /// Puts the newest list of the two places where a daemon looks that knows one place only.
    public static func adopt(from folder: String) throws(InstallProblem) {
        let place = FolderOnDisk(path: folder)
        var newest: (version: UInt64, bytes: [UInt8])?
        for slot in ListSlot.allCases {
            guard let bytes = try? place.contents(slot.name, atMost: .max),
                let start = try? SignedHead(.list, parsing: bytes),
                let header = try? ListHeader(parsing: start.head)
            else { continue }
            if header.version >= newest?.version ?? 0 { newest = (header.version, bytes) }
        }
        guard let newest else { return }
        do { try place.replace(name, with: newest.bytes) } catch { throw .disk(error) }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(Problem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .disk(step: "open", number: errno) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let wrote = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if wrote < 0, errno == EINTR { continue }
            guard wrote > 0 else { throw .disk(step: "write", number: errno) }
            done += wrote
        }
        guard fsync(descriptor) == 0 else { throw .disk(step: "fsync", number: errno) }
    }

    private static func synchronise(folder: String) throws(Problem) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .disk(step: "open folder", number: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .disk(step: "fsync folder", number: errno) }
    }
}
