// The signed list beside the same drivers in SQLite and in JSON: install, open, look up, change; in one run.

import AllowList
import CAllocationCount
import CDispatch
import Foundation
import Glibc
import Histogram

/// What `holdfast-benchmarks list` measures; HOLDFAST_BENCH_DRIVERS=10000,1000000 names other sizes, and puts each of
/// them into SQLite and JSON too.
enum ListBenchmarks {
    /// The largest list that is put into SQLite and JSON unasked: ten million rows take SQLite a good part of an hour,
    /// and decoding as many entries of JSON takes more memory than most machines have.
    private static let besideOthersUnasked = 1_000_000

    static func run() throws {
        // Ten million drivers take some 5 GB while the office makes their list.
        let usual = ProcessInfo.processInfo.physicalMemory >= 12 << 30 ? "10000,1000000,10000000" : "10000,1000000"
        let named = ProcessInfo.processInfo.environment["HOLDFAST_BENCH_DRIVERS"]
        let besideOthersAtMost = named == nil ? besideOthersUnasked : .max
        for count in (named ?? usual).split(separator: ",").compactMap({ Int($0) }) where count >= 10_000 {
            let folder = "/var/tmp/holdfast-list-\(ProcessInfo.processInfo.processIdentifier)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            print("\(count) drivers; times of one run, in brackets the processor's share")
            try SignedListFigures(count, in: folder).run()
            // The databases take minutes: what is known by now is told now, to a file too.
            fflush(nil)
            guard count <= besideOthersAtMost else {
                print("SQLite and JSON: left out for more than \(besideOthersAtMost) drivers")
                continue
            }
            try DatabaseFigures(count, in: folder).run()
            try DocumentFigures(count, in: folder).run()
        }
    }

    /// The driver of a number: no two sizes have another form of token.
    static func driver(_ number: Int) -> String { "D\(number)" }
    /// The driver who is asked for in the `turn`th look-up: every one of a list comes before any comes again.
    static func asked(_ turn: Int, of count: Int) -> Int { turn &* 7_919 % count }
    static let warmTaps = 100_000
    static let coldTaps = 2_000
    /// Half of them leave, half of them join; few enough for the install guard of a small list.
    static func changes(of count: Int) -> Int { min(5_000, count / 5) }
}

/// What something took: on the wall's clock, and of the processor.
struct Cost {
    var wallSeconds: Double
    var processorSeconds: Double

    static func of(_ act: () throws -> Void) rethrows -> Cost {
        func processor() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let before = processor()
        let wall = try seconds(act)
        return Cost(wallSeconds: wall, processorSeconds: processor() - before)
    }

    func report(_ what: String) {
        let name = what.padding(toLength: max(46, what.count), withPad: " ", startingAt: 0)
        print(name + String(format: "%12.4f s  (%.4f s)", wallSeconds, processorSeconds))
    }
}

/// Look-ups by the nanosecond, each another driver.
func lookUps(_ name: String, _ taps: Int, before: () -> Void = {}, _ ask: (Int) throws -> Void) rethrows {
    var nanoseconds = Histogram<UInt64>(
        highestTrackableValue: 100_000_000_000, numberOfSignificantValueDigits: .three)
    for turn in 0..<taps {
        before()
        let began = ContinuousClock.now
        try ask(turn)
        nanoseconds.record(UInt64((ContinuousClock.now - began) / .nanoseconds(1)))
    }
    let padded = name.padding(toLength: max(46, name.count), withPad: " ", startingAt: 0)
    print(
        padded
            + String(
                format: "p50 %8.2f us, p99 %8.2f us", Double(nanoseconds.valueAtPercentile(50)) / 1_000,
                Double(nanoseconds.valueAtPercentile(99)) / 1_000))
}

/// How much private memory something keeps, in megabytes: what the process has more afterwards.
func privateMegabytes(_ act: () throws -> Void) rethrows -> Double {
    func resident() -> Double {
        allocation_trim()
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") } ?? ""
        return Double(line.filter(\.isNumber)).map { $0 * 1_024 / 1e6 } ?? 0
    }
    let before = resident()
    try act()
    return resident() - before
}

/// Asks the kernel to drop a file's pages from its cache.
func forget(_ path: String) {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return }
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    close(descriptor)
}

/// The length of a file, in megabytes.
func megabytes(of path: String) -> Double {
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    return Double(size ?? 0) / 1e6
}
