// Reads a flight recording, whole or torn: what is there is told, and where it ends.

import Post

/// Reads recordings.
public enum FlightReader {
    /// What a recording holds.
    public struct Recording: Hashable, Sendable {
        /// The records, oldest first.
        public var records: [FlightRecord]
        /// Records whose checksum did not fit: torn by a crash, or damaged.
        public var torn: Int
        /// Whether blocks are missing between the records.
        public var hasGap: Bool
    }

    /// The records in these bytes; nil if they are no recording.
    public static func read(_ bytes: [UInt8]) -> Recording? {
        bytes.withUnsafeBytes { bytes in
            guard bytes.count >= 2 * FlightFormat.blockSize, word(bytes, 0) == FlightFormat.magic else {
                return nil
            }
            var recording = Recording(records: [], torn: 0, hasGap: false)
            var last: UInt64?
            for block in blocks(in: bytes).sorted(by: { $0.sequence < $1.sequence }) {
                if let last, block.sequence != last + 1 { recording.hasGap = true }
                last = block.sequence
                readBlock(bytes, block, into: &recording)
            }
            return recording
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
            let sequence = word(bytes, start)
            let sum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt32.self))
            guard sequence != 0, sum == FlightFormat.checksum(ofBlock: sequence) else { return nil }
            return Block(sequence: sequence, start: start)
        }
    }

    private static func readBlock(_ bytes: UnsafeRawBufferPointer, _ block: Block, into recording: inout Recording)
    {
        var offset = FlightFormat.blockHeader
        while offset + FlightFormat.recordHeader <= FlightFormat.blockSize {
            let at = block.start + offset
            let length = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)))
            guard length != 0 else { return }
            let body = offset + FlightFormat.recordHeader
            guard length >= 8, body + length <= FlightFormat.blockSize else {
                recording.torn += 1
                return
            }
            let content = UnsafeRawBufferPointer(rebasing: bytes[block.start + body..<block.start + body + length])
            let sum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self))
            let expected = FlightFormat.checksum(
                sequence: block.sequence, place: offset, kind: bytes[at + 2], content)
            guard sum == expected, let kind = FlightKind(rawValue: bytes[at + 2]) else {
                // Its length cannot be trusted either: nothing after it in this block can be found.
                recording.torn += 1
                return
            }
            recording.records.append(
                FlightRecord(
                    kind: kind,
                    at: Instant(microseconds: Int64(littleEndian: content.loadUnaligned(as: Int64.self))),
                    bytes: [UInt8](content.dropFirst(8))))
            offset = body + length
        }
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
