// Plays the storm of a seed and says how it ended.

import Post
import Simulator

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

    /// One word for people: SAFE, UNSAFE, DEFECT, STUCK; ERROR where the storm itself could not be played.
    public var word: String {
        switch verdict {
        case .passed: "SAFE"
        case .unsafe: "UNSAFE"
        case .defect: "DEFECT"
        case .stuck: "STUCK"
        case .failed, .error: "ERROR"
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
    public static func play(_ scenario: Scenario) -> StormOutcome {
        do {
            let player = try ScenarioPlayer(scenario, path: "storm \(scenario.seed)")
            let result = player.play()
            let injected = player.site.world.injections.filter(\.changedWorld).map(\.kind.name)
            return StormOutcome(
                seed: scenario.seed, verdict: result.verdict, complaints: result.complaints,
                virtualMicroseconds: result.virtualMicroseconds, injected: injected, exercise: result.exercise,
                hash: result.hash)
        } catch {
            return StormOutcome(
                seed: scenario.seed, verdict: .error, complaints: ["\(error)"], virtualMicroseconds: 0,
                injected: [], exercise: Exercise(), hash: 0)
        }
    }
}
