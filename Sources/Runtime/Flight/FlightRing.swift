// The flight recorder: each event is in a mapped file before it is handled, so a crash it causes can be replayed.

import Glibc
public import Post

/// A bounded ring of records in shared memory.
///
/// In a file on tmpfs it survives SIGKILL and never touches a disk: the kernel keeps what was stored, whatever
/// happens to the process. A record is stored in the order bytes, checksum, length, and one that was torn is
/// recognised by its checksum. Not sendable: it belongs to the loop's thread.
public final class FlightRing {
    /// Why a recording could not be opened.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The system's error number.
        public let code: Int32
        /// The file.
        public let path: String
        /// One sentence: what, where, what to do.
        public var description: String {
            "The flight recording \(path) cannot be opened (error \(code)): "
                + "give the daemon a folder in memory that it may write to, such as /run/holdfast."
        }
    }

    /// The size taken if none is asked for. Engineering default: 8 MiB, over an hour of an energised connector (61
    /// bytes an event, 25 events a second).
    public static let usualSize = 8 << 20
    /// The smallest and the largest size, in bytes.
    public static let sizes = 4 * FlightFormat.blockSize...1 << 30

    private let base: UnsafeMutableRawPointer
    private let length: Int
    private let blockCount: Int
    private var sequence: UInt64
    private var offset = FlightFormat.blockHeader
    /// Records that were too long for a block.
    public private(set) var dropped: UInt64 = 0

    /// A recording in a file; what it holds already is kept until the ring comes round to it.
    /// - Parameter newest: The sequence of a block that is kept elsewhere already: the ring goes on behind it.
    public convenience init(path: String, size: Int = usualSize, after newest: UInt64 = 0) throws(Failure) {
        let blocks = Self.blocks(of: size)
        let length = (blocks + 1) * FlightFormat.blockSize
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure(code: errno, path: path) }
        defer { close(file) }
        // Room is taken now: a full tmpfs must be an error here, and not a SIGBUS in the middle of a session.
        let code = posix_fallocate(file, 0, off_t(length))
        guard code == 0, ftruncate(file, off_t(length)) == 0 else {
            throw Failure(code: code == 0 ? errno : code, path: path)
        }
        guard let mapped = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), mapped != MAP_FAILED
        else {
            throw Failure(code: errno, path: path)
        }
        self.init(mapped: mapped, length: length, blocks: blocks, after: newest)
    }

    /// A recording in the process's own memory: for simulations.
    public convenience init(size: Int = usualSize) throws(Failure) {
        let blocks = Self.blocks(of: size)
        let length = (blocks + 1) * FlightFormat.blockSize
        guard
            let mapped = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            mapped != MAP_FAILED
        else { throw Failure(code: errno, path: "memory") }
        self.init(mapped: mapped, length: length, blocks: blocks)
    }

    private static func blocks(of size: Int) -> Int {
        min(max(size, sizes.lowerBound), sizes.upperBound) / FlightFormat.blockSize - 1
    }

    private init(mapped: UnsafeMutableRawPointer, length: Int, blocks: Int, after newest: UInt64 = 0) {
        base = mapped
        self.length = length
        blockCount = blocks
        let found = FlightReader.blocks(in: UnsafeRawBufferPointer(start: mapped, count: length))
        sequence = max(newest, found.map(\.sequence).max() ?? 0)
        // Pages that are never written stay unmapped: nothing is cleared but what is used.
        FlightFormat.writeHead(into: UnsafeMutableRawBufferPointer(start: base, count: 16), blocks: blocks)
        beginBlock()
    }

    deinit { munmap(base, length) }

    /// Appends a record. Never waits, allocates nothing.
    public func append(_ kind: FlightKind, at now: Instant, _ bytes: UnsafeRawBufferPointer) {
        let whole = bytes.count + 8
        guard whole <= FlightFormat.recordAtMost else {
            dropped += 1
            return
        }
        if offset + FlightFormat.recordHeader + whole > FlightFormat.blockSize { beginBlock() }
        let record = block + offset
        let body = record + FlightFormat.recordHeader
        let next = offset + FlightFormat.recordHeader + whole
        // The end of the records moves first, so that a reader never runs into what an earlier lap left.
        if next + 2 <= FlightFormat.blockSize { (block + next).storeBytes(of: 0, as: UInt16.self) }
        body.storeBytes(of: now.microseconds.littleEndian, as: Int64.self)
        if let start = bytes.baseAddress { (body + 8).copyMemory(from: start, byteCount: bytes.count) }
        let sum = FlightFormat.checksum(
            sequence: sequence, place: offset, kind: kind.rawValue,
            UnsafeRawBufferPointer(start: body, count: whole))
        record.storeBytes(of: kind.rawValue, toByteOffset: 2, as: UInt8.self)
        record.storeBytes(of: 0, toByteOffset: 3, as: UInt8.self)
        record.storeBytes(of: sum.littleEndian, toByteOffset: 4, as: UInt32.self)
        record.storeBytes(of: UInt16(whole).littleEndian, as: UInt16.self)
        offset = next
    }

    /// The bytes as they lie now, for a copy of the recording.
    public func copy() -> [UInt8] { [UInt8](UnsafeRawBufferPointer(start: base, count: length)) }

    private var block: UnsafeMutableRawPointer {
        base + FlightFormat.blockSize * (1 + Int(sequence % UInt64(blockCount)))
    }

    private func beginBlock() {
        sequence += 1
        offset = FlightFormat.blockHeader
        // Whoever reads now sees no block at all rather than half a new one.
        block.storeBytes(of: 0, toByteOffset: 8, as: UInt32.self)
        block.storeBytes(of: 0, toByteOffset: 12, as: UInt32.self)
        block.storeBytes(of: 0, toByteOffset: FlightFormat.blockHeader, as: UInt16.self)
        block.storeBytes(of: sequence.littleEndian, as: UInt64.self)
        block.storeBytes(
            of: FlightFormat.checksum(ofBlock: sequence).littleEndian, toByteOffset: 8, as: UInt32.self)
    }
}
