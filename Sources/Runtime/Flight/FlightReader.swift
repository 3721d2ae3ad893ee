// Reads a flight recording, whole or torn: what is there is told, and where something is missing.

import Post

/// Reads recordings.
public enum FlightReader {
    /// What a recording holds.
    public struct Recording: Hashable, Sendable {
        /// The records, oldest first.
        public var records: [FlightRecord] = []
        /// Records whose checksum did not fit: torn by a crash, or damaged.
        public var torn = 0
        /// Blocks that were packed whole and are damaged.
        public var damagedBlocks = 0
        /// Whether the last block is one of those: what happened last is lost.
        public var isEndDamaged = false
        /// Positions in `records` before which something is missing. The last may be their count: a torn end.
        public var breaks: [Int] = []
        /// Whether the file is shorter than its own header says.
        public var isTruncated = false
        /// Whether blocks are missing between the records.
        public var hasGap = false
    }

    /// The records in these bytes; nil if they are no recording.
    public static func read(_ bytes: [UInt8]) -> Recording? {
        var recording = Recording()
        var last: UInt64?
        let isTruncated = walk(bytes) { content in
            if let last, content.sequence != last + 1 {
                recording.hasGap = true
                recording.note(breakAt: recording.records.count)
            }
            last = content.sequence
            recording.records += content.records
            if content.isTorn { recording.noteTorn() }
            recording.isEndDamaged = content.isDamaged
            if content.isDamaged {
                recording.damagedBlocks += 1
                recording.note(breakAt: recording.records.count)
            }
        }
        guard let isTruncated else { return nil }
        recording.isTruncated = isTruncated
        return recording
    }

    /// Whether bytes begin as a recording does.
    public static func isRecording(_ bytes: [UInt8]) -> Bool {
        FlightFormat.frameCount(inPackedHead: bytes) != nil
            || bytes.count >= FlightFormat.blockSize && bytes.withUnsafeBytes { word($0, 0) == FlightFormat.magic }
    }

    /// Hands over what each block holds, oldest first, one at a time. Returns whether the bytes are fewer than their head
    /// says; nil if they are no recording.
    static func walk(_ bytes: [UInt8], _ visit: (FlightContent) -> Void) -> Bool? {
        guard isRecording(bytes) else { return nil }
        guard let declared = FlightFormat.frameCount(inPackedHead: bytes) else {
            return walkBlocks(bytes, visit)
        }
        var found = 0
        for frame in frames(in: bytes) {
            found += 1
            switch FlightPacking.content(of: bytes[frame.place]) {
            case .some(let content) where !frame.isDamaged: visit(content)
            default: visit(FlightContent(sequence: frame.sequence, isDamaged: true))
            }
        }
        return found < declared
    }

    private static func walkBlocks(_ bytes: [UInt8], _ visit: (FlightContent) -> Void) -> Bool {
        let overhang = bytes.count % FlightFormat.blockSize
        // A block that was cut off is read as far as it goes: the missing rest fits no checksum.
        let whole = overhang == 0 ? bytes : bytes + Array(repeating: 0, count: FlightFormat.blockSize - overhang)
        return whole.withUnsafeBytes { whole in
            for block in blocks(in: whole).sorted(by: { $0.sequence < $1.sequence }) {
                visit(content(whole, block))
            }
            let declared = UInt64(FlightFormat.blockCount(inHead: whole) ?? 0)
            return UInt64(bytes.count) < (declared + 1) * UInt64(FlightFormat.blockSize)
        }
    }

    /// Where a frame lies.
    struct Frame {
        var sequence: UInt64
        var place: Range<Int>
        var isDamaged = false
    }

    /// The frames of a packed recording, in the order in which they were written. Behind one that is damaged the next is
    /// looked for where its header says that it ends, and else at every byte from there; where none is found, the recording ends.
    static func frames(in bytes: [UInt8]) -> [Frame] {
        var frames: [Frame] = []
        var offset = FlightFormat.packedHead
        while offset < bytes.count {
            if let (sequence, end) = FlightPacking.extent(of: bytes, at: offset) {
                frames.append(Frame(sequence: sequence, place: offset..<end))
                offset = end
            } else if let end = FlightPacking.claimedEnd(of: bytes, at: offset),
                end == bytes.count || FlightPacking.extent(of: bytes, at: end) != nil
            {
                let sequence = (frames.last?.sequence ?? 0) + 1
                frames.append(Frame(sequence: sequence, place: offset..<end, isDamaged: true))
                offset = end
            } else {
                let last = frames.last?.sequence ?? 0
                // Room that was never written holds none, and is no damage.
                guard let end = nextFrame(in: bytes, behind: offset, after: last) else { break }
                frames.append(Frame(sequence: last + 1, place: offset..<end, isDamaged: true))
                offset = end
            }
        }
        return frames
    }

    /// Where the next whole frame begins behind a damaged one, of blocks that were written later; nil: nowhere.
    private static func nextFrame(in bytes: [UInt8], behind offset: Int, after sequence: UInt64) -> Int? {
        ((offset + 1)..<max(offset + 1, bytes.count)).first { place in
            // A frame is no longer than that: most places are passed over without a look at what a length there would span.
            guard let end = FlightPacking.claimedEnd(of: bytes, at: place),
                end - place <= FlightPacking.frameAtMost,
                let found = FlightPacking.extent(of: bytes, at: place)
            else { return false }
            return found.sequence > sequence
        }
    }

    /// Where a block lies, and its sequence.
    struct Block {
        var sequence: UInt64
        var start: Int
    }

    /// The blocks with a good header, in the order in which they lie.
    static func blocks(in bytes: UnsafeRawBufferPointer) -> [Block] {
        guard bytes.count >= 2 * FlightFormat.blockSize, word(bytes, 0) == FlightFormat.magic else { return [] }
        return stride(
            from: FlightFormat.blockSize, through: bytes.count - FlightFormat.blockSize, by: FlightFormat.blockSize
        )
        .compactMap { start in
            sequence(of: UnsafeRawBufferPointer(rebasing: bytes[start..<start + FlightFormat.blockHeader]))
                .map { Block(sequence: $0, start: start) }
        }
    }

    /// The sequence of a block by its header; nil if the header is not good.
    static func sequence(of header: UnsafeRawBufferPointer) -> UInt64? {
        let sequence = word(header, 0)
        let sum = UInt32(littleEndian: header.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        return sequence != 0 && sum == FlightFormat.checksum(ofBlock: sequence) ? sequence : nil
    }

    /// The sequence of a block, and how many of its bytes are whole records; nil if its header is not good.
    static func extent(of block: UnsafeRawBufferPointer) -> (sequence: UInt64, used: Int)? {
        guard let sequence = sequence(of: block) else { return nil }
        var offset = FlightFormat.blockHeader
        while let record = record(in: block, at: offset, sequence) { offset = record.end }
        return (sequence, offset)
    }

    /// The whole record at a place in a block; nil at the end of the records and where one is torn.
    private static func record(
        in block: UnsafeRawBufferPointer, at offset: Int, _ sequence: UInt64
    ) -> (kind: FlightKind, content: UnsafeRawBufferPointer, end: Int)? {
        guard offset + FlightFormat.recordHeader <= FlightFormat.blockSize else { return nil }
        let length = Int(UInt16(littleEndian: block.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
        let body = offset + FlightFormat.recordHeader
        guard length >= 8, body + length <= FlightFormat.blockSize else { return nil }
        let content = UnsafeRawBufferPointer(rebasing: block[body..<body + length])
        let sum = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        let kind = block[offset + 2]
        guard sum == FlightFormat.checksum(sequence: sequence, place: offset, kind: kind, content),
            let kind = FlightKind(rawValue: kind)
        else { return nil }
        return (kind, content, body + length)
    }

    /// What a block of a ring holds.
    static func content(_ bytes: UnsafeRawBufferPointer, _ block: Block) -> FlightContent {
        let whole = UnsafeRawBufferPointer(rebasing: bytes[block.start..<block.start + FlightFormat.blockSize])
        var content = FlightContent(sequence: block.sequence)
        var offset = FlightFormat.blockHeader
        while let record = record(in: whole, at: offset, block.sequence) {
            content.records.append(
                FlightRecord(
                    kind: record.kind,
                    at: Instant(microseconds: Int64(littleEndian: record.content.loadUnaligned(as: Int64.self))),
                    bytes: [UInt8](record.content.dropFirst(8))))
            offset = record.end
        }
        // A length that is not 0 begins a record that is torn. It cannot be trusted either: nothing after it can be found.
        if offset + FlightFormat.recordHeader <= FlightFormat.blockSize {
            content.isTorn = whole.loadUnaligned(fromByteOffset: offset, as: UInt16.self) != 0
        }
        return content
    }

    static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

extension FlightReader.Recording {
    fileprivate mutating func note(breakAt position: Int) {
        if breaks.last != position { breaks.append(position) }
    }

    fileprivate mutating func noteTorn() {
        torn += 1
        note(breakAt: records.count)
    }
}
