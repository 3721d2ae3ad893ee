// Plays storms in processes of their own, so that one that dies in a storm is a verdict and not the end of a campaign.

import CommandOutput
import Foundation
import Scenarios
import Traces

/// How many storms are played side by side.
enum StormJobs {
    /// At most. Engineering default: four times the processors of a large server; each process takes about 40 MB.
    static let most = 1_024
    /// One a processor.
    static var usual: Int { min(most, ProcessInfo.processInfo.activeProcessorCount) }
}

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
    /// A worker was ended from outside.
    struct Stopped: Error {}

    /// Plays the shares side by side.
    /// - Parameters:
    ///   - hangsAfter: A storm that computes, or waits without computing, for more seconds counts as one that hangs, and its process
    ///     is ended.
    ///   - progress: Told the sum of each storm with its seed, from any thread.
    static func play(
        _ shares: [StormWork], hangsAfter: Int, progress: @escaping @Sendable (UInt64, Campaign) -> Void
    ) async throws -> Campaign {
        try await withThrowingTaskGroup(of: Campaign.self) { group in
            for share in shares {
                group.addTask {
                    try await withCheckedThrowingContinuation { continuation in
                        // A thread waits for the process: the pool of tasks has none to spare for that.
                        Thread.detachNewThread {
                            continuation.resume(with: Result { try play(share, hangsAfter, progress) })
                        }
                    }
                }
            }
            var sum = Campaign()
            for try await share in group { sum.add(share) }
            return sum
        }
    }

    private static func play(
        _ share: StormWork, _ hangsAfter: Int, _ progress: (UInt64, Campaign) -> Void
    ) throws -> Campaign {
        var sum = Campaign()
        var work = share
        while work.first <= work.last {
            let end = try run(work, hangsAfter) { seed, one in
                sum.add(one)
                if one.storms > 0 { progress(seed, one) }
            }
            guard let (seed, cause) = end else { return sum }
            var crash = Campaign()
            crash.add(crash: seed, cause)
            sum.add(crash)
            progress(seed, crash)
            work.first = seed + work.stride
        }
        return sum
    }

    /// Runs one worker to its end. Returns the storm that it died in, or hung in, if it did.
    private static func run(
        _ work: StormWork, _ hangsAfter: Int, _ take: (UInt64, Campaign) -> Void
    ) throws -> (seed: UInt64, cause: String)? {
        let worker = try WorkerProcess(work.arguments)
        var current = work.first
        while true {
            switch worker.answer(within: hangsAfter) {
            case .line(let line):
                if line.hasPrefix(WorkerLine.begins) {
                    current = UInt64(line.dropFirst(WorkerLine.begins.count)) ?? current
                } else if line.hasPrefix(WorkerLine.canary) {
                    var one = Campaign()
                    one.add(canaryFound: line.hasSuffix("true"))
                    take(current, one)
                } else if line.hasPrefix(WorkerLine.played) {
                    let json = Data(line.dropFirst(WorkerLine.played.count).utf8)
                    take(current, try JSONStyle.decoder.decode(Campaign.self, from: json))
                }
            case .silent:
                worker.endNow()
                return (current, hangs(after: hangsAfter))
            case .ended:
                switch worker.end() {
                case .well: return nil
                case .died(let cause): return (current, cause)
                case .stopped: throw Stopped()
                }
            }
        }
    }

    /// What is said of a storm that does not end.
    static func hangs(after seconds: Int) -> String {
        "it hangs: it did not end after \(seconds) s of work or of idleness, and its process was ended"
    }
}
