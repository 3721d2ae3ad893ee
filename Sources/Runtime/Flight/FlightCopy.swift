// Takes a recording away from where it is written: whole, while its writer goes on, and without the empty room.

import Foundation

/// Copies recordings.
public enum FlightCopy {
    /// How often a copy is begun again because its writer began another block meanwhile: a block lasts seconds.
    static let attempts = 16

    /// The bytes of a recording in the order in which they were written.
    ///
    /// While one block is copied its writer may go on to the next: then the copy would have a hole. Two copies with the
    /// same newest block prove that the second has none.
    /// - Throws: What the file system said.
    public static func read(path: String) throws -> [UInt8] {
        func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
        var copy = try bytes()
        for _ in 0..<attempts {
            let next = try bytes()
            if newestBlock(copy) == newestBlock(next) { return next }
            copy = next
        }
        return copy
    }

    /// The same recording without blocks that hold nothing playable: what lies before the first start of a life, and
    /// room that was never written.
    public static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { bytes in
            let blocks = FlightReader.blocks(in: bytes).sorted { $0.sequence < $1.sequence }
            let first = blocks.firstIndex { holdsStart(bytes, $0) } ?? 0
            var copy: [UInt8] = []
            copy.append(contentsOf: bytes.prefix(FlightFormat.blockSize))
            for block in blocks[first...] {
                copy.append(contentsOf: bytes[block.start..<block.start + FlightFormat.blockSize])
            }
            let count = UInt32(blocks.count - first)
            for place in 0..<4 { copy[12 + place] = UInt8(truncatingIfNeeded: count >> UInt32(8 * place)) }
            return copy
        }
    }

    private static func newestBlock(_ bytes: [UInt8]) -> UInt64? {
        bytes.withUnsafeBytes { FlightReader.blocks(in: $0).map(\.sequence).max() }
    }

    private static func holdsStart(_ bytes: UnsafeRawBufferPointer, _ block: FlightReader.Block) -> Bool {
        var found = FlightReader.Recording()
        FlightReader.readBlock(bytes, block, into: &found)
        return found.records.contains { $0.kind == .life }
    }
}
