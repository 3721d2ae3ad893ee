// Plays the storm of a seed and says how it ended.

import Simulator

#if HOLDFAST_SEAMS
    // The seam alone has a type of the core in what is public.
    public import Post
#else
    import Post
#endif

/// One storm that was played.
public struct StormOutcome: Sendable {
    /// The seed that gives it again.
    public var seed: UInt64
    /// How it ended.
    public var verdict: Verdict
    /// What was wrong, the gravest first; empty for a storm that passed.
    public var complaints: [String]
    /// Virtual time, in microseconds, over all connectors' posts.
    public var virtualMicroseconds: Int64
    /// Words of the faults that changed something in the world.
    public var injected: [String]
    /// What was put to the test.
    public var exercise: Exercise
    /// The rolling hash of every event and action.
    public var hash: UInt64

    /// What was found, by code.
    public var signs: [String] = []

    /// How it ended, as storms tell it.
    public var ending: StormEnding {
        switch verdict {
        case .passed: .safe
        case .unsafe: .unsafe
        case .defect: .defect
        case .stuck: .stuck
        case .failed, .error: .error
        }
    }
}

/// How a storm, or a campaign of them, ends: the gravest first. The raw value is the word for people and machines.
public enum StormEnding: String, CaseIterable, Codable, Sendable {
    /// The world says that something physically unsafe, or a wrong to drivers or books, happened.
    case unsafe = "UNSAFE"
    /// The process died in it.
    case crash = "CRASH"
    /// The supervisor had to step in.
    case defect = "DEFECT"
    /// All is calm, and something does not serve or is still owed.
    case stuck = "STUCK"
    /// Played twice it was not the same.
    case diverged = "DIVERGED"
    /// The storm itself could not be played.
    case error = "ERROR"
    /// The canary was not found: the judges do not look.
    case canaryMissed = "CANARY"
    /// A fault or a reaction was never reached: the campaign proves less than it says.
    case incomplete = "INCOMPLETE"
    /// Nothing to find.
    case safe = "SAFE"

    /// The exit code of `holdfast storm`: below those of sysexits, and none that a shell gives by itself.
    public var exitCode: Int32 {
        switch self {
        case .safe: 0
        case .unsafe: 10
        case .defect: 11
        case .stuck: 12
        case .crash: 13
        case .diverged: 14
        case .error: 15
        case .incomplete: 16
        case .canaryMissed: 17
        }
    }
}

/// Storms: seeded fuzzing of a whole post with its world.
public enum Storm {
    /// The storm of a seed, as a scenario.
    public static func scenario(seed: UInt64) -> Scenario { StormDraw.scenario(seed: seed) }

    /// Plays the storm of a seed.
    public static func play(seed: UInt64) -> StormOutcome { play(scenario(seed: seed)) }

    /// Plays a storm, or what is left of one.
    public static func play(_ scenario: Scenario) -> StormOutcome { play(scenario) { _ in } }

    #if HOLDFAST_SEAMS
        /// Plays the storm of a seed on a post with a defect. Not in release builds.
        public static func play(seed: UInt64, with defect: SeededDefect?) -> StormOutcome {
            play(scenario(seed: seed), with: defect)
        }

        /// The same of a storm, or of what is left of one. Not in release builds.
        public static func play(_ scenario: Scenario, with defect: SeededDefect?) -> StormOutcome {
            play(scenario) { player in
                if let defect { player.seed(defect) }
            }
        }
    #endif

    /// Plays a storm with its course, for a report.
    public static func trace(_ scenario: Scenario) throws -> ScenarioResult { try trace(scenario) { _ in } }

    #if HOLDFAST_SEAMS
        /// The same on a post with a defect. Not in release builds.
        public static func trace(_ scenario: Scenario, with defect: SeededDefect?) throws -> ScenarioResult {
            try trace(scenario) { player in
                if let defect { player.seed(defect) }
            }
        }
    #endif

    private static func trace(_ scenario: Scenario, prepare: (ScenarioPlayer) -> Void) throws -> ScenarioResult {
        let player = try ScenarioPlayer(scenario, path: "storm-\(scenario.seed)", isTraced: true)
        prepare(player)
        return player.play()
    }

    private static func play(_ scenario: Scenario, prepare: (ScenarioPlayer) -> Void) -> StormOutcome {
        do {
            let player = try ScenarioPlayer(scenario, path: "storm \(scenario.seed)")
            prepare(player)
            let result = player.play()
            let injected = player.site.world.injections.filter(\.changedWorld).map(\.kind.name)
            return StormOutcome(
                seed: scenario.seed, verdict: result.verdict, complaints: result.complaints,
                virtualMicroseconds: result.virtualMicroseconds, injected: injected, exercise: result.exercise,
                hash: result.hash, signs: result.signs)
        } catch {
            return StormOutcome(
                seed: scenario.seed, verdict: .error, complaints: ["\(error)"], virtualMicroseconds: 0,
                injected: [], exercise: Exercise(), hash: 0)
        }
    }
}
