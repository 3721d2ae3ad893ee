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
        /// The word of a `StormEnding`; SAFE is never here.
        public var word: String
        /// The first thing that was wrong.
        public var complaint: String

        /// The ending with that word.
        public var ending: StormEnding { StormEnding(rawValue: word) ?? .error }
    }

    /// Which storms it holds, and what played them; empty in the sum of one process.
    public var parts: [CampaignPart] = []
    /// How many storms were played.
    public var storms = 0
    /// How many of them a second time, to compare hashes.
    public var playedTwice = 0
    /// The hashes of all storms; nil where older shards are in the sum, which do not tell theirs.
    public var hash: StormsHash? = StormsHash()
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
    /// Storms in which a fault was raised while a session was under way, by its code: its reaction was put to the test.
    public var reacted: [String: Int]? = [:]
    /// Storms in which a refusal was said, by its code.
    public var refused: [String: Int] = [:]
    /// What did not end well, by seed.
    public var failures: [Failure] = []

    /// Whether every process that played had a canary, and found it; nil: nobody looked.
    public var isCanaryFound: Bool?

    /// No storm yet.
    public init() {}

    /// A storm in which the process that played it died.
    public mutating func add(crash seed: UInt64, _ complaint: String) {
        storms += 1
        failures.append(Failure(seed: seed, word: StormEnding.crash.rawValue, complaint: complaint))
    }

    /// A canary was looked for.
    public mutating func add(canaryFound: Bool) { isCanaryFound = (isCanaryFound ?? true) && canaryFound }

    /// The share of runs that are played twice: every twentieth seed.
    static func isPlayedTwice(_ seed: UInt64) -> Bool { seed % 20 == 0 }

    mutating func add(_ outcome: StormOutcome) {
        storms += 1
        hash?.add(outcome.hash)
        postHours += Double(outcome.virtualMicroseconds) / 3.6e9
        chargingHours += Double(outcome.exercise.chargingMicroseconds) / 3.6e9
        sessions += outcome.exercise.sessions
        for name in outcome.injected { injected[name, default: 0] += 1 }
        outcome.exercise.faults.forEach { raised[$0.code, default: 0] += 1 }
        outcome.exercise.reactions.forEach { reacted?[$0.code, default: 0] += 1 }
        for refusal in Refusal.allCases where outcome.exercise.refusals & (1 << UInt64(refusal.rawValue)) != 0 {
            refused[refusal.code, default: 0] += 1
        }
        guard outcome.verdict != .passed else { return }
        failures.append(
            Failure(seed: outcome.seed, word: outcome.ending.rawValue, complaint: outcome.complaints.first ?? ""))
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
        // A sum that older shards are in knows of no hashes and no reactions.
        if let added = other.hash { hash?.add(added) } else { hash = nil }
        reacted = reacted.flatMap { own in other.reacted.map { own.merging($0, uniquingKeysWith: +) } }
        refused.merge(other.refused, uniquingKeysWith: +)
        if let found = other.isCanaryFound { add(canaryFound: found) }
        failures = (failures + other.failures).sorted { $0.seed < $1.seed }
    }

    /// Faults of the post that no storm can bring about, and why.
    public static let beyondStorms: [String: String] = [
        "internal_defect": "the supervisor raises it, and a storm in which it does ends as DEFECT",
        "current_while_open":
            "both poles must be welded, both mirror contacts lie and the stage draw current back: a story of its own shows it",
    ]

    /// Faults of the post that storms can bring about only where no session is under way, and why.
    public static let idleOnly: [String: String] = [:]

    /// What a whole campaign must have seen and has not: faults of the world with effect, faults raised, and faults raised
    /// in a session, by code.
    public var neverReached: (injected: [String], raised: [String], reacted: [String]) {
        let raisable = Fault.allCases.map(\.code).filter { Self.beyondStorms[$0] == nil }
        return (
            FaultKind.all.map(\.name).filter { injected[$0] == nil },
            raisable.filter { raised[$0] == nil },
            raisable.filter { Self.idleOnly[$0] == nil && reacted?[$0] == nil }
        )
    }

    /// Whether everything that must be seen was.
    public var isComplete: Bool {
        let missing = neverReached
        return missing.injected.isEmpty && missing.raised.isEmpty && missing.reacted.isEmpty
    }

    /// How the whole of it ends: the gravest of its storms; `isPartial` asks for no faults and reactions to be reached.
    /// - Parameter owed: Seeds that should have been played and were not.
    public func ending(isPartial: Bool, owed: [CampaignPart.Span] = []) -> StormEnding {
        var endings = failures.map(\.ending)
        if isCanaryFound == false { endings.append(.canaryMissed) }
        if !owed.isEmpty || (!isPartial && !isComplete) { endings.append(.incomplete) }
        return StormEnding.allCases.first { endings.contains($0) } ?? .safe
    }

    /// Plays a storm, and every twentieth a second time; adds what it came to.
    /// - Parameter play: Plays the storm of a seed.
    public mutating func play(_ seed: UInt64, by play: (UInt64) -> StormOutcome) -> StormOutcome {
        let outcome = play(seed)
        add(outcome)
        if Self.isPlayedTwice(seed) { compare(outcome, with: play(seed)) }
        return outcome
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
                        progress(share.play(seed) { Storm.play(seed: $0) })
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
                seed: first.seed, word: StormEnding.diverged.rawValue,
                complaint: "played twice, two hashes: \(first.hash) and \(second.hash)"))
    }
}
