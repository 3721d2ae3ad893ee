// The recording on the disk: packed segments in a folder, the oldest making room for the newest, and a tail that still grows.

import Glibc

/// What a folder keeps of a recording. Belongs to the thread that drains the ring; the loop never touches it.
///
/// Blocks that may still grow lie in the *tail*, laid out as the ring is: each second's records are appended there. A block
/// that another one follows is packed (`FlightPacking`) and appended to a segment. It leaves the tail only when that is durable,
/// so that a loss of power costs nothing of it. Room is taken when a file is begun, so that what follows changes no size, and
/// a write that a loss of power tears is known by its checksum.
public final class FlightArchive {
    /// The size of a segment: 1 MiB, some hours of a charge. Engineering default.
    public static let segmentSize = 1 << 20
    /// How much is kept. 64 MiB: engineering default; see Documentation/Storm.md for how long that is.
    public static let usualSize = 64 << 20
    /// Blocks of the tail: one that grows, and time for the ones before it to become durable elsewhere.
    static let tailBlocks = 4

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
    private let tail: Int32
    private var segment: Int32 = -1
    /// Where the next frame goes in the segment.
    private var end = 0
    /// The sequence of the newest block in a segment, and of the newest that is durable there; 0: none.
    private var packed: UInt64 = 0
    private var durable: UInt64 = 0
    /// How much of the newest block is kept.
    private var written = 0
    private var isTailDirty = false
    private var isSegmentDirty = false
    /// The sequence of the newest block that is kept; 0: none.
    public private(set) var newest: UInt64 = 0
    /// Bytes that were written, headers included.
    public private(set) var bytesWritten: UInt64 = 0

    /// The archive in a folder, which is made if it is not there. What it holds is gone on with.
    /// - Parameter size: How many bytes its segments may take, at least two of them.
    public init(folder: String, size: Int = usualSize) throws(Failure) {
        self.folder = folder
        segmentsAtMost = max(2, size / Self.segmentSize)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Failure(code: errno, path: folder) }
        tail = try Self.openTail(Self.tail(of: folder))
        for name in Self.segments(in: folder).reversed() {
            if goOn(with: folder + "/" + name) { break }
            // One that a loss of power left without a frame, or of another layout.
            unlink(folder + "/" + name)
        }
        durable = packed
        let block = kept().last
        newest = max(packed, block?.sequence ?? 0)
        written = block?.sequence == newest ? block?.used ?? 0 : FlightFormat.blockSize
    }

    deinit {
        close(tail)
        if segment >= 0 { close(segment) }
    }

    /// The file of the tail.
    static func tail(of folder: String) -> String { folder + "/tail" }

    /// Whether a folder has a tail.
    static func hasTail(_ folder: String) -> Bool { access(tail(of: folder), F_OK) == 0 }

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

    /// Keeps a block as far as it is written; one that has grown is gone on with.
    /// - Parameter used: Bytes of it that are whole records.
    public func take(_ block: UnsafeRawBufferPointer, sequence: UInt64, used: Int) throws(Failure) {
        guard used <= block.count else { return }
        if sequence == newest {
            guard used > written else { return }
            try write(UnsafeRawBufferPointer(rebasing: block[written..<used]), to: sequence, at: written)
        } else {
            guard sequence > newest else { return }
            try packAll()
            try write(UnsafeRawBufferPointer(rebasing: block[0..<used]), to: sequence, at: 0)
            newest = sequence
        }
        written = used
    }

    /// Makes what was taken outlive a loss of power.
    public func sync() throws(Failure) {
        if isSegmentDirty {
            guard fdatasync(segment) == 0 else { throw Failure(code: errno, path: folder) }
            isSegmentDirty = false
        }
        durable = packed
        guard isTailDirty else { return }
        guard fdatasync(tail) == 0 else { throw Failure(code: errno, path: folder) }
        isTailDirty = false
    }

    // The tail

    private static func openTail(_ path: String) throws(Failure) -> Int32 {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure(code: errno, path: path) }
        let code = posix_fallocate(file, 0, off_t((tailBlocks + 1) * FlightFormat.blockSize))
        var head = [UInt8](repeating: 0, count: 16)
        head.withUnsafeMutableBytes { FlightFormat.writeHead(into: $0, blocks: tailBlocks) }
        guard code == 0, pwrite(file, head, head.count, 0) == head.count else {
            let code = code == 0 ? errno : code
            close(file)
            throw Failure(code: code, path: path)
        }
        return file
    }

    private static func place(of sequence: UInt64) -> off_t {
        off_t((1 + Int(sequence % UInt64(tailBlocks))) * FlightFormat.blockSize)
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to sequence: UInt64, at offset: Int) throws(Failure) {
        // The records end here, whatever an earlier block left behind.
        let ended = Array(bytes) + repeatElement(0, count: min(2, FlightFormat.blockSize - offset - bytes.count))
        try wrote(pwrite(tail, ended, ended.count, Self.place(of: sequence) + off_t(offset)), of: ended.count)
        isTailDirty = true
    }

    /// The blocks of the tail, oldest first.
    private func kept() -> [(sequence: UInt64, used: Int, bytes: [UInt8])] {
        var block = [UInt8](repeating: 0, count: FlightFormat.blockSize)
        var found: [(sequence: UInt64, used: Int, bytes: [UInt8])] = []
        for position in 1...Self.tailBlocks {
            guard pread(tail, &block, block.count, off_t(position * FlightFormat.blockSize)) == block.count,
                let (sequence, used) = block.withUnsafeBytes({ FlightReader.extent(of: $0) })
            else { continue }
            found.append((sequence, used, block))
        }
        return found.sorted { $0.sequence < $1.sequence }
    }

    // The segments

    /// Packs every block of the tail that is not yet in a segment: another one follows, so none grows any more.
    private func packAll() throws(Failure) {
        for (sequence, _, bytes) in kept() where sequence > packed {
            let content = bytes.withUnsafeBytes {
                FlightReader.content($0, FlightReader.Block(sequence: sequence, start: 0))
            }
            guard let frame = FlightPacking.frame(of: content) else { throw Failure(code: ENOMEM, path: folder) }
            try append(frame, sequence)
        }
        // The next block takes the place of one in the tail, whose frame must be durable by then.
        if packed - durable >= UInt64(Self.tailBlocks - 1) { try sync() }
    }

    private func append(_ frame: [UInt8], _ sequence: UInt64) throws(Failure) {
        if segment < 0 || end + frame.count > Self.segmentSize { try beginSegment(sequence) }
        try wrote(pwrite(segment, frame, frame.count, off_t(end)), of: frame.count)
        isSegmentDirty = true
        end += frame.count
        packed = sequence
    }

    private func wrote(_ count: Int, of wanted: Int) throws(Failure) {
        guard count == wanted else { throw Failure(code: count < 0 ? errno : ENOSPC, path: folder) }
        bytesWritten += UInt64(count)
    }

    /// Finds the end of a segment; false if it has no frame.
    private func goOn(with path: String) -> Bool {
        let opened = open(path, O_RDWR | O_CLOEXEC)
        guard opened >= 0 else { return false }
        var bytes = [UInt8](repeating: 0, count: Self.segmentSize)
        bytes.removeLast(bytes.count - max(0, pread(opened, &bytes, bytes.count, 0)))
        guard FlightFormat.frameCount(inPackedHead: bytes) != nil,
            let last = FlightReader.frames(in: bytes).last
        else {
            close(opened)
            return false
        }
        (segment, end, packed) = (opened, last.place.upperBound, last.sequence)
        return true
    }

    private func beginSegment(_ sequence: UInt64) throws(Failure) {
        try sync()
        let names = Self.segments(in: folder)
        for name in names.prefix(max(0, names.count - segmentsAtMost + 1)) { unlink(folder + "/" + name) }
        let path = folder + "/" + Self.name(of: sequence)
        let made = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard made >= 0 else { throw Failure(code: errno, path: path) }
        let code = posix_fallocate(made, 0, off_t(Self.segmentSize))
        let head = FlightFormat.packedHead(frames: 0)
        guard code == 0, pwrite(made, head, head.count, 0) == head.count, fsync(made) == 0 else {
            let code = code == 0 ? errno : code
            close(made)
            unlink(path)
            throw Failure(code: code, path: path)
        }
        syncFolder()
        if segment >= 0 { close(segment) }
        (segment, end) = (made, head.count)
    }

    private func syncFolder() {
        let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { return }
        fsync(opened)
        close(opened)
    }
}
