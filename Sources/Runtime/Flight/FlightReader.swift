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
        /// Positions in `records` before which something is missing. The last may be their count: a torn end.
        public var breaks: [Int] = []
        /// Whether the file is shorter than its own header says.
        public var isTruncated = false
        /// Whether blocks are missing between the records.
        public var hasGap = false
    }

    /// The records in these bytes; nil if they are no recording.
    public static func read(_ bytes: [UInt8]) -> Recording? {
        guard isRecording(bytes) else { return nil }
        let declared = UInt64(bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 12, as: UInt32.self) })
        let overhang = bytes.count % FlightFormat.blockSize
        // A block that was cut off is read as far as it goes: the missing rest fits no checksum.
        let whole = overhang == 0 ? bytes : bytes + Array(repeating: 0, count: FlightFormat.blockSize - overhang)
        var recording = whole.withUnsafeBytes { read($0) }
        recording.isTruncated =
            UInt64(bytes.count) < (UInt64(UInt32(littleEndian: UInt32(declared))) + 1)
            * UInt64(FlightFormat.blockSize)
        return recording
    }

    /// Whether bytes begin as a recording does.
    public static func isRecording(_ bytes: [UInt8]) -> Bool {
        bytes.count >= FlightFormat.blockSize && bytes.withUnsafeBytes { word($0, 0) == FlightFormat.magic }
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) -> Recording {
        var recording = Recording()
        var last: UInt64?
        for block in blocks(in: bytes).sorted(by: { $0.sequence < $1.sequence }) {
            if let last, block.sequence != last + 1 {
                recording.hasGap = true
                recording.note(breakAt: recording.records.count)
            }
            last = block.sequence
            readBlock(bytes, block, into: &recording)
        }
        return recording
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

    static func readBlock(_ bytes: UnsafeRawBufferPointer, _ block: Block, into recording: inout Recording) {
        let whole = UnsafeRawBufferPointer(rebasing: bytes[block.start..<block.start + FlightFormat.blockSize])
        var offset = FlightFormat.blockHeader
        while let record = record(in: whole, at: offset, block.sequence) {
            recording.records.append(
                FlightRecord(
                    kind: record.kind,
                    at: Instant(microseconds: Int64(littleEndian: record.content.loadUnaligned(as: Int64.self))),
                    bytes: [UInt8](record.content.dropFirst(8))))
            offset = record.end
        }
        // A length that is not 0 begins a record that is torn. It cannot be trusted either: nothing after it can be found.
        guard offset + FlightFormat.recordHeader <= FlightFormat.blockSize else { return }
        if whole.loadUnaligned(fromByteOffset: offset, as: UInt16.self) != 0 { recording.noteTorn() }
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
