// Takes a recording away from where it is written: whole, while its writer goes on, and without the empty room.

import Foundation

/// Copies recordings.
public enum FlightCopy {
    /// How often a copy is begun again because its writer began another block meanwhile: a block lasts seconds.
    static let attempts = 16

    /// What lies beside a ring and leads to what is kept of it on the disk.
    public static let keptSuffix = ".kept"

    /// The bytes of a recording: a ring with what is kept of it on the disk, or a folder of segments by itself.
    /// - Throws: What the file system said.
    public static func read(path: String) throws -> [UInt8] {
        if isFolder(path) { return try joined(path, ring: nil) }
        let ring = try readRing(path)
        return isFolder(path + keptSuffix) ? try joined(path + keptSuffix, ring: ring) : ring
    }

    /// Whether that is a folder.
    public static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Whether segments of a recording lie in a folder.
    public static func holdsSegments(_ folder: String) -> Bool { !FlightArchive.segments(in: folder).isEmpty }

    /// While one block is copied its writer may go on to the next: then the copy would have a hole. Two copies with the
    /// same newest block prove that the second has none.
    private static func readRing(_ path: String) throws -> [UInt8] {
        func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
        var copy = try bytes()
        for _ in 0..<attempts {
            let next = try bytes()
            if newestBlock(copy) == newestBlock(next) { return next }
            copy = next
        }
        return copy
    }

    /// Every block that segments and ring hold, once, as one recording: of two copies the one that goes further.
    private static func joined(_ folder: String, ring: [UInt8]?) throws -> [UInt8] {
        var found: [(sequence: UInt64, used: Int, bytes: ArraySlice<UInt8>)] = []
        func take(_ bytes: [UInt8]) {
            let blocks = bytes.withUnsafeBytes { bytes in
                FlightReader.blocks(in: bytes).map { block in
                    let whole = UnsafeRawBufferPointer(
                        rebasing: bytes[block.start..<block.start + FlightFormat.blockSize])
                    return (block, used: FlightReader.extent(of: whole)?.used ?? 0)
                }
            }
            for (block, used) in blocks {
                found.append((block.sequence, used, bytes[block.start..<block.start + FlightFormat.blockSize]))
            }
        }
        for name in FlightArchive.segments(in: folder) {
            take([UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))))
        }
        if let ring { take(ring) }
        found.sort { ($0.sequence, $0.used) < ($1.sequence, $1.used) }
        var copy = [UInt8](repeating: 0, count: FlightFormat.blockSize)
        var count = 0
        for (index, block) in found.enumerated()
        where index + 1 == found.count || found[index + 1].sequence != block.sequence {
            copy.append(contentsOf: block.bytes)
            count += 1
        }
        copy.withUnsafeMutableBytes { FlightFormat.writeHead(into: $0, blocks: count) }
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
        return found.records.contains { $0.kind == .life || $0.kind == .snapshot }
    }
}
