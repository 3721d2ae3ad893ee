// Many storms: what they found, what they put to the test, and whether they can be told apart from luck.

import Foundation
import Post
import Simulator

/// The sum of many storms; sums of shards can be added.
public struct Campaign: Codable, Sendable {
    /// One storm that did not end well.
    public struct Failure: Codable, Hashable, Sendable {
        /// Its seed.
        public var seed: UInt64
        /// SAFE is never here: UNSAFE, DEFECT, STUCK, ERROR or DIVERGED.
        public var word: String
        /// The first thing that was wrong.
        public var complaint: String
    }

    /// How many storms were played.
    public var storms = 0
    /// How many of them a second time, to compare hashes.
    public var playedTwice = 0
    /// Virtual hours of posts.
    public var postHours = 0.0
    /// Virtual hours in which a connector charged.
    public var chargingHours = 0.0
    /// Sessions in which energy flowed.
    public var sessions = 0
    /// Faults that changed something, by their words.
    public var injected: [String: Int] = [:]
    /// Storms in which a fault was raised, by its code.
    public var raised: [String: Int] = [:]
    /// Storms in which a refusal was said, by its code.
    public var refused: [String: Int] = [:]
    /// What did not end well, by seed.
    public var failures: [Failure] = []

    /// No storm yet.
    public init() {}

    /// The share of runs that are played twice: every twentieth seed.
    static func isPlayedTwice(_ seed: UInt64) -> Bool { seed % 20 == 0 }

    mutating func add(_ outcome: StormOutcome) {
        storms += 1
        postHours += Double(outcome.virtualMicroseconds) / 3.6e9
        chargingHours += Double(outcome.exercise.chargingMicroseconds) / 3.6e9
        sessions += outcome.exercise.sessions
        for name in outcome.injected { injected[name, default: 0] += 1 }
        outcome.exercise.faults.forEach { raised[$0.code, default: 0] += 1 }
        for refusal in Refusal.allCases where outcome.exercise.refusals & (1 << UInt64(refusal.rawValue)) != 0 {
            refused[refusal.code, default: 0] += 1
        }
        guard outcome.verdict != .passed else { return }
        failures.append(
            Failure(seed: outcome.seed, word: outcome.word, complaint: outcome.complaints.first ?? ""))
    }

    /// Adds the sum of another shard.
    public mutating func add(_ other: Campaign) {
        storms += other.storms
        playedTwice += other.playedTwice
        postHours += other.postHours
        chargingHours += other.chargingHours
        sessions += other.sessions
        injected.merge(other.injected, uniquingKeysWith: +)
        raised.merge(other.raised, uniquingKeysWith: +)
        refused.merge(other.refused, uniquingKeysWith: +)
        failures = (failures + other.failures).sorted { $0.seed < $1.seed }
    }

    /// Faults of the world that no storm injected with effect, and reactions of the post that no storm brought about.
    public var neverReached: (injected: [String], raised: [String]) {
        (
            FaultKind.all.map(\.name).filter { injected[$0] == nil },
            Fault.allCases.map(\.code).filter { raised[$0] == nil }
        )
    }

    /// Plays the storms of a range of seeds on as many threads as asked for.
    /// - Parameter progress: Told of each storm, from any thread.
    public static func play(
        _ seeds: ClosedRange<UInt64>, jobs: Int, progress: @escaping @Sendable (StormOutcome) -> Void
    ) async -> Campaign {
        // Storms differ in length, and neighbours do not: dealt out like cards, the shares come out even.
        let width = UInt64(min(max(1, jobs), seeds.count))
        return await withTaskGroup(of: Campaign.self) { group in
            for job in 0..<width {
                group.addTask {
                    var share = Campaign()
                    for seed in stride(from: seeds.lowerBound + job, through: seeds.upperBound, by: Int(width)) {
                        let outcome = Storm.play(seed: seed)
                        share.add(outcome)
                        if isPlayedTwice(seed) { share.compare(outcome, with: Storm.play(seed: seed)) }
                        progress(outcome)
                    }
                    return share
                }
            }
            var sum = Campaign()
            for await share in group { sum.add(share) }
            return sum
        }
    }

    private mutating func compare(_ first: StormOutcome, with second: StormOutcome) {
        playedTwice += 1
        guard first.hash != second.hash else { return }
        failures.append(
            Failure(
                seed: first.seed, word: "DIVERGED",
                complaint: "played twice, two hashes: \(first.hash) and \(second.hash)"))
    }
}
