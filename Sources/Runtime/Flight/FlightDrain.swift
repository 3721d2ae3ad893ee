// Takes the recording from the ring in memory to the disk, once a second, on a thread of its own.

import Glibc
import Synchronization
import Threads

/// Copies what a ring holds to an archive, block by block. It reads the ring's file and waits for nobody.
public final class FlightPump {
    private let path: String
    private let archive: FlightArchive
    private var block = [UInt8](repeating: 0, count: FlightFormat.blockSize)
    /// Blocks that the ring came round over before they were taken.
    public private(set) var lost: UInt64 = 0

    /// A pump from the ring at a path.
    public init(ring path: String, into archive: FlightArchive) {
        self.path = path
        self.archive = archive
    }

    /// Takes everything that is new.
    public func turn() throws(FlightArchive.Failure) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FlightArchive.Failure(code: errno, path: path) }
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: 16)
        guard pread(file, &head, head.count, 0) == head.count,
            let blocks = head.withUnsafeBytes({ FlightFormat.blockCount(inHead: $0) })
        else { return }
        var sequence = archive.newest
        // The newest block that is kept may have grown, or been overwritten by now.
        let isThere = sequence == 0 ? false : try take(sequence, of: blocks, file)
        if !isThere {
            guard let oldest = oldest(after: sequence, of: blocks, file) else { return try archive.sync() }
            lost += oldest - sequence - 1
            sequence = oldest - 1
        }
        while holds(sequence + 1, of: blocks, file) {
            // Whoever began the next block has finished this one, perhaps after it was last looked at.
            _ = try take(sequence, of: blocks, file)
            guard try take(sequence + 1, of: blocks, file) else { break }
            sequence += 1
        }
        try archive.sync()
    }

    /// Takes a block if the ring holds it.
    private func take(_ sequence: UInt64, of blocks: Int, _ file: Int32) throws(FlightArchive.Failure) -> Bool {
        let place = off_t((1 + Int(sequence % UInt64(blocks))) * FlightFormat.blockSize)
        guard read(file, at: place, block.count), let (found, used) = extent(), found == sequence else {
            return false
        }
        // What was copied while the ring went on to its next lap is not this block.
        var after = [UInt8](repeating: 0, count: FlightFormat.blockHeader)
        guard pread(file, &after, after.count, place) == after.count, after[...] == block.prefix(after.count) else {
            return false
        }
        let taken = block.withUnsafeBytes { bytes in
            Result { () throws(FlightArchive.Failure) in try archive.take(bytes, sequence: sequence, used: used) }
        }
        try taken.get()
        return true
    }

    private func holds(_ sequence: UInt64, of blocks: Int, _ file: Int32) -> Bool {
        let place = off_t((1 + Int(sequence % UInt64(blocks))) * FlightFormat.blockSize)
        return read(file, at: place, FlightFormat.blockHeader)
            && block.withUnsafeBytes { FlightReader.sequence(of: $0) } == sequence
    }

    private func oldest(after sequence: UInt64, of blocks: Int, _ file: Int32) -> UInt64? {
        var oldest: UInt64?
        for position in 1...blocks {
            guard read(file, at: off_t(position * FlightFormat.blockSize), FlightFormat.blockHeader),
                let found = block.withUnsafeBytes({ FlightReader.sequence(of: $0) }), found > sequence,
                // One that a ring of another size left behind lies elsewhere.
                1 + Int(found % UInt64(blocks)) == position
            else { continue }
            oldest = min(oldest ?? found, found)
        }
        return oldest
    }

    private func read(_ file: Int32, at place: off_t, _ count: Int) -> Bool {
        pread(file, &block, count, place) == count
    }

    private func extent() -> (sequence: UInt64, used: Int)? {
        block.withUnsafeBytes { FlightReader.extent(of: $0) }
    }
}

/// The drain of a live post's recording.
public final class FlightDrain: Sendable {
    /// How the drain fares.
    public struct Figures: Hashable, Sendable {
        /// Bytes written to the disk since the start.
        public var bytesWritten: UInt64 = 0
        /// Blocks that were lost because the drain came too late.
        public var blocksLost: UInt64 = 0
        /// Why nothing is kept now, or nil.
        public var problem: String?
    }

    /// How often it looks: what a loss of power costs at most. 1 s.
    public static let every: Int64 = 1_000

    private final class Owned {
        let pump: FlightPump
        let archive: FlightArchive
        init(_ pump: FlightPump, _ archive: FlightArchive) { (self.pump, self.archive) = (pump, archive) }
    }
    private final class Found: Sendable { let figures = Mutex(Figures()) }
    private let thread: WorkThread<Owned>
    private let found: Found

    private init(_ thread: WorkThread<Owned>, _ found: Found) { (self.thread, self.found) = (thread, found) }

    /// The newest block that a folder holds: a new ring goes on behind it. 0 for none, or where it cannot be opened.
    public static func newest(in folder: String) -> UInt64 { (try? FlightArchive(folder: folder))?.newest ?? 0 }

    /// Begins to drain a ring, on a thread of its own.
    /// - Parameters:
    ///   - ring: The file of the ring. It need not be there yet.
    ///   - folder: Where the segments go.
    ///   - size: How many bytes they may take.
    public static func start(
        ring: String, folder: String, size: Int = FlightArchive.usualSize
    ) throws(FlightArchive.Failure) -> FlightDrain {
        let archive = try FlightArchive(folder: folder, size: size)
        guard let thread = WorkThread<Owned>() else { throw FlightArchive.Failure(code: EMFILE, path: folder) }
        let found = Found()
        do {
            try thread.start(
                "recording", owned: Owned(FlightPump(ring: ring, into: archive), archive), period: every
            ) { owned in
                var problem: String?
                do throws(FlightArchive.Failure) { try owned.pump.turn() } catch { problem = error.description }
                let figures = Figures(
                    bytesWritten: owned.archive.bytesWritten, blocksLost: owned.pump.lost, problem: problem)
                found.figures.withLock { $0 = figures }
            }
        } catch {
            throw FlightArchive.Failure(code: error.code, path: folder)
        }
        return FlightDrain(thread, found)
    }

    /// How it fares.
    public var figures: Figures { found.figures.withLock { $0 } }

    /// Takes what is left, and ends.
    public func stop() { thread.stop() }
}
