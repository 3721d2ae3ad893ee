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
            let sequence = word(bytes, start)
            let sum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt32.self))
            guard sequence != 0, sum == FlightFormat.checksum(ofBlock: sequence) else { return nil }
            return Block(sequence: sequence, start: start)
        }
    }

    static func readBlock(_ bytes: UnsafeRawBufferPointer, _ block: Block, into recording: inout Recording) {
        var offset = FlightFormat.blockHeader
        while offset + FlightFormat.recordHeader <= FlightFormat.blockSize {
            let at = block.start + offset
            let length = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)))
            guard length != 0 else { return }
            let body = offset + FlightFormat.recordHeader
            guard length >= 8, body + length <= FlightFormat.blockSize else { return recording.noteTorn() }
            let content = UnsafeRawBufferPointer(rebasing: bytes[block.start + body..<block.start + body + length])
            let sum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self))
            let expected = FlightFormat.checksum(
                sequence: block.sequence, place: offset, kind: bytes[at + 2], content)
            // Its length cannot be trusted either: nothing after it in this block can be found.
            guard sum == expected, let kind = FlightKind(rawValue: bytes[at + 2]) else {
                return recording.noteTorn()
            }
            recording.records.append(
                FlightRecord(
                    kind: kind,
                    at: Instant(microseconds: Int64(littleEndian: content.loadUnaligned(as: Int64.self))),
                    bytes: [UInt8](content.dropFirst(8))))
            offset = body + length
        }
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
