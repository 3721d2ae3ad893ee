// Whether each fault of a story had an effect: the story is played again without it, and must become another one.

import Ledger
import Post
import Simulator

/// What a play came to: the posts after every step, and at the end what was checked, recorded and delivered.
struct StoryCourse: Equatable {
    private struct Step: Equatable {
        var at: Instant
        var hash: UInt64
    }
    private struct End: Equatable {
        var hash: UInt64
        var found: [String]
        var complaints: [String]
        var sessions: [[SessionRecord]]
        var owed: [[OwedRecord]]
        var delivered: [Int]
        var lastRecordAt: Instant?
    }

    private var steps: [Step] = []
    private var end: End?

    /// How many steps are done.
    var count: Int { steps.count }
    /// When a step was over; nil: the play ended before it.
    func end(ofStep index: Int) -> Instant? { steps.indices.contains(index) ? steps[index].at : nil }

    mutating func stepDone(at now: Instant, hash: UInt64) { steps.append(Step(at: now, hash: hash)) }

    mutating func close(_ player: ScenarioPlayer) {
        let cloud = player.site.world.cloud
        end = End(
            hash: player.site.hash, found: player.checks.map { "\($0.at) \($0.found)" },
            complaints: player.complaints, sessions: player.memories.map { $0.sessions() },
            owed: player.memories.map { $0.everythingOwed() }, delivered: cloud.recordsTaken,
            lastRecordAt: cloud.lastRecordAt)
    }

    /// Whether the newest step came out as the same step of the other.
    func isBeginning(of other: StoryCourse) -> Bool {
        steps.count <= other.steps.count && steps.last == other.steps[steps.count - 1]
    }
}

extension ScenarioPlayer {
    /// Plays a story, and once more without each fault that it injects: if the posts were then told, did and wrote down the
    /// very same, nobody was there to be hurt, and the story is an error.
    public static func play(_ scenario: Scenario, path: String, isTraced: Bool = false) throws -> ScenarioResult {
        let player = try ScenarioPlayer(scenario, path: path, isTraced: isTraced)
        var result = player.play()
        if result.verdict == .failed { try addLateness(to: &result, of: scenario, path: path) }
        guard result.verdict == .passed, !scenario.skipsImpossible, !player.injectionLines.isEmpty else {
            return result
        }
        for number in try player.injectionsWithoutEffect() {
            result.add(
                complaints: [
                    "\(path):\(player.injectionLines[number]): the fault \(player.site.world.injections[number].kind.name) had no effect: without it the posts are told, do and record the very same. Inject it where and when it matters, or leave it out."
                ], .error)
        }
        return result
    }

    /// The numbers of the faults, in their order, without which the play that is over would have been the very same.
    func injectionsWithoutEffect() throws -> [Int] {
        course.close(self)
        return try injectionLines.indices.filter { number in
            let other = try ScenarioPlayer(scenario, path: path)
            other.site.world.pretended = number
            other.pattern = course
            _ = other.play()
            other.course.close(other)
            return other.course == course
        }
    }
}
