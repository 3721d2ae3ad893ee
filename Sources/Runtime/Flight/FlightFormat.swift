// The layout of a flight recording, shared by whoever writes it and whoever reads it.

public import Post

/// A recording is a header block and `blockCount` blocks in a ring, little-endian throughout.
///
/// | block | offset | what |
/// |---|---|---|
/// | header | 0 | magic `HOLDFLT1`, block size, block count (UInt32 each) |
/// | any other | 0 | sequence of the block from 1 (UInt64), checksum of it (UInt32), 4 zero bytes |
/// | | 16 | records, back to back; a length of 0 ends them |
///
/// A record is its length (UInt16), its kind (UInt8), a zero byte, its checksum (UInt32) and its bytes. The
/// checksum covers the block's sequence and the record's place as well, so that what an earlier lap left behind is
/// never taken for new.
///
/// On the disk and in a copy the blocks are packed: 16 bytes of head (magic `HOLDFLT2`, then how many frames follow, 0: as many
/// as there are; UInt32 each with 4 zero bytes), then a frame a block, back to back (`FlightPacking`).
enum FlightFormat {
    static let magic: UInt64 = 0x3154_4C46_444C_4F48
    static let packedMagic: UInt64 = 0x3254_4C46_444C_4F48
    static let packedHead = 16
    static let blockSize = 16_384
    static let blockHeader = 16
    static let recordHeader = 8
    /// The longest record.
    static let recordAtMost = blockSize - blockHeader - recordHeader

    /// Writes the first bytes of a header block.
    static func writeHead(into bytes: UnsafeMutableRawBufferPointer, blocks: Int) {
        bytes.storeBytes(of: magic.littleEndian, as: UInt64.self)
        bytes.storeBytes(of: UInt32(blockSize).littleEndian, toByteOffset: 8, as: UInt32.self)
        bytes.storeBytes(of: UInt32(clamping: blocks).littleEndian, toByteOffset: 12, as: UInt32.self)
    }

    /// How many blocks a recording has by its header; nil if it is none.
    static func blockCount(inHead bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 16, UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) == magic else {
            return nil
        }
        let count = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
        return count == 0 ? nil : Int(count)
    }

    /// The head of a packed recording.
    static func packedHead(frames: Int) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: packedHead)
        head.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: packedMagic.littleEndian, as: UInt64.self)
            bytes.storeBytes(of: UInt32(clamping: frames).littleEndian, toByteOffset: 8, as: UInt32.self)
        }
        return head
    }

    /// How many frames a packed recording says it has, 0 if it leaves that open; nil if it is none.
    static func frameCount(inPackedHead bytes: [UInt8]) -> Int? {
        guard bytes.count >= packedHead else { return nil }
        return bytes.withUnsafeBytes { bytes in
            guard UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) == packedMagic else { return nil }
            return Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
        }
    }

    static func checksum(ofBlock sequence: UInt64) -> UInt32 {
        var sum = Checksum()
        sum.absorb(magic)
        sum.absorb(sequence)
        return sum.value
    }

    static func checksum(sequence: UInt64, place: Int, kind: UInt8, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var sum = Checksum()
        sum.absorb(sequence)
        sum.absorb(UInt64(place) << 32 | UInt64(kind) << 16 | UInt64(bytes.count))
        sum.absorb(bytes)
        return sum.value
    }
}

/// What a record is about.
public enum FlightKind: UInt8, CaseIterable, Sendable {
    /// A life of the process begins: the encoded configuration follows, then the name and version of the program.
    case life = 1
    /// An event that is about to be handled: instant, then the encoded event.
    case event = 2
    /// The digest of the actions that the event before gave. Missing after an event: that event was the last.
    case actions = 3
    /// What a bench did to the simulated world, as UTF-8 text. A replay passes over it; a scenario is made of it.
    case deed = 4
    /// The core as it was between two events: its encoded state, then the name and version of the program. A replay may
    /// begin here.
    case snapshot = 5
}

/// One record, as read.
public struct FlightRecord: Hashable, Sendable {
    /// What it is about.
    public var kind: FlightKind
    /// When, on the post's clock of that life.
    public var at: Instant
    /// Its bytes.
    public var bytes: [UInt8]

    /// A record with these values.
    public init(kind: FlightKind, at: Instant, bytes: [UInt8]) {
        self.kind = kind
        self.at = at
        self.bytes = bytes
    }
}
