// Takes a recording away from where it is written: whole, while its writer goes on, packed and without the empty room.

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

    /// Whether a recording is kept in a folder.
    public static func holdsRecording(_ folder: String) -> Bool {
        FlightArchive.hasTail(folder) || !FlightArchive.segments(in: folder).isEmpty
    }

    /// While one block is copied its writer may go on to the next: then the copy would have a hole. Two copies with the
    /// same newest block prove that the second has none.
    private static func readRing(_ path: String) throws -> [UInt8] {
        var copy = try bytes(of: path)
        for _ in 0..<attempts {
            let next = try bytes(of: path)
            if newestBlock(copy) == newestBlock(next) { return next }
            copy = next
        }
        return copy
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Every block that segments, tail and ring hold, once, as one packed recording: of two copies the one that goes further.
    private static func joined(_ folder: String, ring: [UInt8]?) throws -> [UInt8] {
        var copy = PackedCopy()
        // A drain that is at work packs what it takes out of the tail: the tail is read first.
        let tail = FlightArchive.hasTail(folder) ? try bytes(of: FlightArchive.tail(of: folder)) : []
        for name in FlightArchive.segments(in: folder) { copy.take(packed: try bytes(of: folder + "/" + name)) }
        copy.take(blocks: [tail, ring ?? []])
        return copy.bytes
    }

    /// The same recording, packed, without blocks that hold nothing playable: what lies before the first start of a life,
    /// and room that was never written.
    public static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        var copy = PackedCopy()
        if FlightFormat.frameCount(inPackedHead: bytes) != nil {
            copy.take(packed: bytes)
        } else {
            copy.take(blocks: [bytes])
        }
        copy.dropWhatCannotBePlayed()
        return copy.bytes
    }

    private static func newestBlock(_ bytes: [UInt8]) -> UInt64? {
        bytes.withUnsafeBytes { FlightReader.blocks(in: $0).map(\.sequence).max() }
    }
}

/// A packed recording in the making. Holds frames, and of everything else one block at a time.
private struct PackedCopy {
    private var frames: [(sequence: UInt64, bytes: ArraySlice<UInt8>)] = []

    var bytes: [UInt8] {
        frames.reduce(into: FlightFormat.packedHead(frames: frames.count)) { $0 += $1.bytes }
    }

    /// Frames as they are, in the order in which they were written: whoever packs has all that there will be of a block.
    mutating func take(packed bytes: [UInt8]) {
        for frame in FlightReader.frames(in: bytes) where frame.sequence > frames.last?.sequence ?? 0 {
            frames.append((frame.sequence, bytes[frame.place]))
        }
    }

    /// Blocks that are not among the frames, of each the copy with the most records.
    mutating func take(blocks sources: [[UInt8]]) {
        let packed = frames.last?.sequence ?? 0
        var found: [FlightContent] = []
        for bytes in sources {
            bytes.withUnsafeBytes { bytes in
                for block in FlightReader.blocks(in: bytes) where block.sequence > packed {
                    found.append(FlightReader.content(bytes, block))
                }
            }
        }
        found.sort { ($0.sequence, $0.records.count) < ($1.sequence, $1.records.count) }
        for (index, content) in found.enumerated()
        where index + 1 == found.count || found[index + 1].sequence != content.sequence {
            guard let frame = FlightPacking.frame(of: content) else { continue }
            frames.append((content.sequence, frame[...]))
        }
    }

    mutating func dropWhatCannotBePlayed() {
        let first = frames.firstIndex { frame in
            FlightPacking.content(of: frame.bytes)?.records.contains { $0.kind == .life || $0.kind == .snapshot }
                ?? false
        }
        frames.removeFirst(first ?? 0)
    }
}
