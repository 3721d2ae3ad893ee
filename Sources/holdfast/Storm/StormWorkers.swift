// Plays storms in processes of their own, so that one that dies in a storm is a verdict and not the end of a campaign.

import CommandOutput
import Foundation
import Scenarios
import Synchronization
import Traces

/// What a worker is asked to play.
struct StormWork: Sendable {
    /// Its seeds: the first, the last, and how far one lies from the next.
    var first, last, stride: UInt64
    /// Options of the run that change how a storm is played.
    var options: [String]

    /// Storms differ in length, and neighbours do not: dealt out like cards, the shares come out even.
    static func shares(of range: ClosedRange<UInt64>, jobs: Int, options: [String]) -> [StormWork] {
        let width = UInt64(min(max(1, jobs), range.count))
        return (0..<width).map {
            StormWork(first: range.lowerBound + $0, last: range.upperBound, stride: width, options: options)
        }
    }

    var arguments: [String] {
        ["storm", "run", "--seeds", "\(first)..\(last)", "--worker", "\(stride)"] + options
    }
}

/// A line that a worker writes.
private enum WorkerLine {
    static let begins = "begins "
    static let canary = "canary "
    static let played = "played "
}

/// The worker's side: says which storm begins, plays it, says what it came to.
func playAsWorker(_ work: StormWork, by play: (UInt64) -> StormOutcome) throws {
    say(WorkerLine.canary + "\(Storm.isCanaryFound)")
    let encoder = JSONStyle.encoder(isPretty: false)
    for seed in stride(from: work.first, through: work.last, by: Int(work.stride)) {
        say(WorkerLine.begins + "\(seed)")
        var one = Campaign()
        _ = one.play(seed, by: play)
        say(WorkerLine.played + String(decoding: try encoder.encode(one), as: UTF8.self))
    }
}

/// The campaign's side: one process a share, begun again behind the storm that killed it.
enum StormWorkers {
    /// Plays the shares side by side.
    /// - Parameter progress: Told the sum of each storm, from any thread.
    static func play(
        _ shares: [StormWork], progress: @escaping @Sendable (Campaign) -> Void
    ) async throws -> Campaign {
        try await withThrowingTaskGroup(of: Campaign.self) { group in
            for share in shares {
                group.addTask {
                    try await withCheckedThrowingContinuation { continuation in
                        // A thread waits for the process: the pool of tasks has none to spare for that.
                        Thread.detachNewThread {
                            continuation.resume(with: Result { try play(share, progress) })
                        }
                    }
                }
            }
            var sum = Campaign()
            for try await share in group { sum.add(share) }
            return sum
        }
    }

    private static func play(_ share: StormWork, _ progress: (Campaign) -> Void) throws -> Campaign {
        var sum = Campaign()
        var work = share
        while work.first <= work.last {
            let end = try run(work) { one in
                sum.add(one)
                if one.storms > 0 { progress(one) }
            }
            guard let (seed, cause) = end else { return sum }
            var crash = Campaign()
            crash.add(crash: seed, cause)
            sum.add(crash)
            progress(crash)
            work.first = seed + work.stride
        }
        return sum
    }

    /// Runs one worker to its end. Returns the storm that it died in, if it did.
    private static func run(_ work: StormWork, _ take: (Campaign) -> Void) throws -> (seed: UInt64, cause: String)?
    {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments = work.arguments
        // The trace of a trap takes longer than a hundred storms; whoever repeats the storm by itself gets it.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var current = work.first
        var rest = Data()
        while let data = try output.fileHandleForReading.read(upToCount: 65_536), !data.isEmpty {
            rest.append(data)
            while let end = rest.firstIndex(of: 0x0A) {
                let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
                rest.removeSubrange(rest.startIndex...end)
                if line.hasPrefix(WorkerLine.begins) {
                    current = UInt64(line.dropFirst(WorkerLine.begins.count)) ?? current
                } else if line.hasPrefix(WorkerLine.canary) {
                    var one = Campaign()
                    one.add(canaryFound: line.hasSuffix("true"))
                    take(one)
                } else if line.hasPrefix(WorkerLine.played) {
                    let json = Data(line.dropFirst(WorkerLine.played.count).utf8)
                    take(try JSONStyle.decoder.decode(Campaign.self, from: json))
                }
            }
        }
        process.waitUntilExit()
        switch process.terminationReason {
        case .uncaughtSignal: return (current, "the process died of signal \(process.terminationStatus) in it")
        default:
            guard process.terminationStatus != 0 else { return nil }
            return (current, "the process ended with code \(process.terminationStatus) in it")
        }
    }
}
