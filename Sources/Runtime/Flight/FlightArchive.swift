// The recording on the disk: segments in a folder, each laid out as the ring is, the oldest making room for the newest.

import Glibc

/// Segments of a recording in a folder. Belongs to the thread that drains the ring; the loop never touches it.
///
/// A segment is a header block and up to `segmentBlocks` blocks, as `FlightFormat` has them. Its room is taken when it is
/// begun, so that what follows changes no size, and a write that a loss of power tears is known by its checksum.
public final class FlightArchive {
    /// Blocks in a segment: 4 MiB with the header. Engineering default.
    public static let segmentBlocks = 255
    /// How much is kept. 64 MiB: engineering default; see Documentation/Storm.md for how long that is.
    public static let usualSize = 64 << 20
    static let segmentSize = (segmentBlocks + 1) * FlightFormat.blockSize

    /// Why something could not be kept.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The system's error number.
        public let code: Int32
        /// The file or folder.
        public let path: String
        /// One sentence: what, where, what to do.
        public var description: String {
            "The recording cannot be kept in \(path) (error \(code)): give the daemon room there; it goes on recording in memory."
        }
    }

    private let folder: String
    private let segmentsAtMost: Int
    private var file: Int32 = -1
    private var slot = 0
    private var written = 0
    private var isDirty = false
    /// The sequence of the newest block that is kept; 0: none.
    public private(set) var newest: UInt64 = 0
    /// Bytes that were written, headers included.
    public private(set) var bytesWritten: UInt64 = 0

    /// The archive in a folder, which is made if it is not there. What it holds is gone on with.
    /// - Parameter size: How many bytes it may take, at least two segments.
    public init(folder: String, size: Int = usualSize) throws(Failure) {
        self.folder = folder
        segmentsAtMost = max(2, size / Self.segmentSize)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Failure(code: errno, path: folder) }
        for name in Self.segments(in: folder).reversed() {
            if goOn(with: folder + "/" + name) { return }
            // One that a loss of power left without a block.
            unlink(folder + "/" + name)
        }
    }

    deinit { if file >= 0 { close(file) } }

    /// The segments of a folder by name, oldest first.
    static func segments(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix("segment-"), name.hasSuffix(".flight") { names.append(name) }
        }
        return names.sorted()
    }

    private static func name(of sequence: UInt64) -> String {
        let digits = String(sequence)
        return "segment-" + String(repeating: "0", count: max(0, 20 - digits.count)) + digits + ".flight"
    }

    /// Finds the newest block of a segment; false if it has none.
    private func goOn(with path: String) -> Bool {
        let opened = open(path, O_RDWR | O_CLOEXEC)
        guard opened >= 0 else { return false }
        var block = [UInt8](repeating: 0, count: FlightFormat.blockSize)
        var found: (slot: Int, sequence: UInt64, used: Int)?
        for slot in 0..<Self.segmentBlocks {
            let count = pread(opened, &block, block.count, Self.offset(of: slot))
            guard count == block.count,
                let (sequence, used) = block.withUnsafeBytes({ FlightReader.extent(of: $0) })
            else { break }
            found = (slot, sequence, used)
        }
        guard let found else {
            close(opened)
            return false
        }
        (file, slot, newest, written) = (opened, found.slot, found.sequence, found.used)
        return true
    }

    private static func offset(of slot: Int) -> off_t { off_t((slot + 1) * FlightFormat.blockSize) }

    /// Keeps a block as far as it is written; one that has grown is gone on with.
    /// - Parameter used: Bytes of it that are whole records.
    public func take(_ block: UnsafeRawBufferPointer, sequence: UInt64, used: Int) throws(Failure) {
        guard used <= block.count else { return }
        if sequence == newest, file >= 0 {
            guard used > written else { return }
            try write(UnsafeRawBufferPointer(rebasing: block[written..<used]), at: written)
        } else {
            guard sequence > newest else { return }
            if file < 0 || slot + 1 >= Self.segmentBlocks { try beginSegment(sequence) } else { slot += 1 }
            try write(UnsafeRawBufferPointer(rebasing: block[0..<used]), at: 0)
            newest = sequence
        }
        written = used
    }

    /// Makes what was taken outlive a loss of power.
    public func sync() throws(Failure) {
        guard isDirty else { return }
        guard fdatasync(file) == 0 else { throw Failure(code: errno, path: folder) }
        isDirty = false
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at place: Int) throws(Failure) {
        let count = pwrite(file, bytes.baseAddress, bytes.count, Self.offset(of: slot) + off_t(place))
        guard count == bytes.count else { throw Failure(code: count < 0 ? errno : ENOSPC, path: folder) }
        bytesWritten += UInt64(count)
        isDirty = true
    }

    private func beginSegment(_ sequence: UInt64) throws(Failure) {
        try sync()
        let names = Self.segments(in: folder)
        for name in names.prefix(max(0, names.count - segmentsAtMost + 1)) { unlink(folder + "/" + name) }
        let path = folder + "/" + Self.name(of: sequence)
        let made = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard made >= 0 else { throw Failure(code: errno, path: path) }
        let code = posix_fallocate(made, 0, off_t(Self.segmentSize))
        var head = [UInt8](repeating: 0, count: 16)
        head.withUnsafeMutableBytes { FlightFormat.writeHead(into: $0, blocks: Self.segmentBlocks) }
        guard code == 0, pwrite(made, head, head.count, 0) == head.count, fsync(made) == 0 else {
            let code = code == 0 ? errno : code
            close(made)
            unlink(path)
            throw Failure(code: code, path: path)
        }
        syncFolder()
        if file >= 0 { close(file) }
        (file, slot, written) = (made, 0, 0)
    }

    private func syncFolder() {
        let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { return }
        fsync(opened)
        close(opened)
    }
}
