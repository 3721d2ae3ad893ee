// What the disk keeps of a recording: everything the ring held in time, bounded, through deaths and losses of power.

import Foundation
import Post
import Runtime
import Testing

/// A ring in a file, an archive beside it, and a writer of numbered records.
private final class Bench {
    let folder: TemporaryFolder
    let ring: String
    let kept: String
    private var writer: FlightRing?
    private(set) var next = 0
    private var dice = Dice(state: 5)

    init() throws {
        folder = try TemporaryFolder()
        ring = folder.path + "/flight"
        kept = folder.path + "/recording"
        writer = try FlightRing(path: ring, size: 1 << 17)
    }

    /// A ring of seven blocks holds some 1,800 of these.
    func write(_ count: Int, isNoise: Bool = false) {
        for _ in 0..<count {
            let bytes = (0..<(next * 7 % 90)).map {
                UInt8(truncatingIfNeeded: isNoise ? Int(dice.next() >> 8) : next &+ $0)
            }
            bytes.withUnsafeBytes { writer?.append(.event, at: Instant(microseconds: Int64(next)), $0) }
            next += 1
        }
    }

    /// The process dies; its ring stays.
    func restart() throws {
        writer = nil
        writer = try FlightRing(path: ring, size: 1 << 17, after: FlightDrain.newest(in: kept))
    }

    /// The machine loses its power: what lay in memory is gone.
    func losePower() throws {
        writer = nil
        try FileManager.default.removeItem(atPath: ring)
        writer = try FlightRing(path: ring, size: 1 << 17, after: FlightDrain.newest(in: kept))
    }

    func segments() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: kept).filter { $0.hasPrefix("segment-") }
            .sorted().map { kept + "/" + $0 }
    }

    func read() throws -> FlightReader.Recording {
        try #require(FlightReader.read(try FlightCopy.read(path: kept)))
    }
}

extension FlightReader.Recording {
    fileprivate var numbers: [Int] { records.map { Int($0.at.microseconds) } }
}

@Suite("The recording on the disk")
struct FlightArchiveTests {
    @Test("what the ring held when the drain looked is kept whole, however often the ring came round")
    func whole() throws {
        let bench = try Bench()
        let pump = FlightPump(ring: bench.ring, into: try FlightArchive(folder: bench.kept))
        for _ in 0..<200 {
            bench.write(173)
            try pump.turn()
        }
        let recording = try bench.read()
        #expect(recording.numbers == Array(0..<bench.next))
        #expect(recording.torn == 0 && !recording.hasGap && pump.lost == 0)
        // The part that the disk does not have yet is in the ring, and one copy holds both.
        bench.write(50)
        try FileManager.default.createSymbolicLink(
            atPath: bench.ring + FlightCopy.keptSuffix, withDestinationPath: bench.kept)
        let joined = try #require(FlightReader.read(try FlightCopy.read(path: bench.ring)))
        #expect(joined.numbers == Array(0..<bench.next) && !joined.hasGap && joined.torn == 0)
    }

    @Test("a drain that comes too late says how much it lost, and the recording has a gap there")
    func late() throws {
        let bench = try Bench()
        let pump = FlightPump(ring: bench.ring, into: try FlightArchive(folder: bench.kept))
        bench.write(100)
        try pump.turn()
        bench.write(20_000)
        try pump.turn()
        #expect(pump.lost > 10)
        let recording = try bench.read()
        #expect(recording.hasGap && recording.numbers.prefix(100) == (0..<100)[...].map { $0 }[...])
        #expect(recording.numbers.last == bench.next - 1)
    }

    @Test("a restart goes on where the disk stands, a loss of power behind it")
    func deaths() throws {
        let bench = try Bench()
        for round in 0..<12 {
            let pump = FlightPump(ring: bench.ring, into: try FlightArchive(folder: bench.kept))
            bench.write(400)
            try pump.turn()
            // What is written now is not drained any more: the next process finds it in the ring, or nobody does.
            if round % 3 == 2 {
                try bench.losePower()
            } else {
                bench.write(31)
                try bench.restart()
            }
        }
        try FlightPump(ring: bench.ring, into: try FlightArchive(folder: bench.kept)).turn()
        let recording = try bench.read()
        #expect(recording.numbers == Array(0..<bench.next))
        #expect(!recording.hasGap && recording.torn == 0)
        // Restarts in a row share a segment: a crash loop does not push the history out.
        #expect(try bench.segments().count == 1)
    }

    @Test("it takes no more room than it was given, and the oldest goes first")
    func bounded() throws {
        let bench = try Bench()
        let pump = FlightPump(ring: bench.ring, into: try FlightArchive(folder: bench.kept, size: 1))
        // Several times what two segments hold of what cannot be packed.
        for _ in 0..<300 {
            bench.write(500, isNoise: true)
            try pump.turn()
        }
        let sizes = try bench.segments().map { path in
            try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        }
        #expect(sizes == [1 << 20, 1 << 20])
        let recording = try bench.read()
        let first = try #require(recording.numbers.first)
        #expect(first > 0 && recording.numbers == Array(first..<bench.next) && !recording.hasGap)
    }

    @Test("a write that a loss of power tore is known, and what was kept before it is read")
    func torn() throws {
        let bench = try Bench()
        let pump = FlightPump(ring: bench.ring, into: try FlightArchive(folder: bench.kept))
        bench.write(300)
        try pump.turn()
        let tail = bench.kept + "/tail"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: tail))
        // The second block grows: the third is not begun.
        let last = try #require(bytes.prefix(4 * 16_384).lastIndex { $0 != 0 })
        bytes[last - 3] ^= 0xFF
        try bytes.write(to: URL(fileURLWithPath: tail))
        let recording = try bench.read()
        #expect(recording.torn == 1 && recording.numbers == Array(0..<299))
        // The drain writes the torn record again while the ring still has it.
        try FlightPump(ring: bench.ring, into: try FlightArchive(folder: bench.kept)).turn()
        #expect(try bench.read().numbers == Array(0..<300))
    }

    @Test(
        "a loss of power at any write of a frame costs nothing: the block is in the tail until the frame is whole")
    func tornFrame() throws {
        let bench = try Bench()
        let pump = FlightPump(ring: bench.ring, into: try FlightArchive(folder: bench.kept))
        bench.write(700)
        try pump.turn()
        let segment = try #require(try bench.segments().first)
        let whole = try Data(contentsOf: URL(fileURLWithPath: segment))
        let end = try #require(whole.lastIndex { $0 != 0 })
        // The newest frame begins where the one before it ends: what was not written is still zero.
        for cut in stride(from: end, to: end - 300, by: -7) {
            var torn = whole
            torn.replaceSubrange(cut...end, with: Data(count: end - cut + 1))
            try torn.write(to: URL(fileURLWithPath: segment))
            let recording = try bench.read()
            #expect(
                recording.numbers == Array(0..<700) && !recording.hasGap && recording.torn == 0, "cut at \(cut)")
        }
        // The next process packs it again and goes on.
        bench.write(600)
        try FlightPump(ring: bench.ring, into: try FlightArchive(folder: bench.kept)).turn()
        #expect(try bench.read().numbers == Array(0..<1_300))
    }

    @Test("a folder that cannot be written is one sentence, and no end of anything")
    func refused() throws {
        let failure = #expect(throws: FlightArchive.Failure.self) { try FlightArchive(folder: "/proc/recording") }
        #expect(failure?.description.contains("goes on recording in memory") == true)
    }
}
