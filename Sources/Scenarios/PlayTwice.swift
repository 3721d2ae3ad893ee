// Two plays of one story must be one: where they are not, the first event at which they part, with both actions.

import Post
import Runtime

/// Keeps a digest of every step of a play, of every post in the order of time, and one step whole.
final class StepLog {
    private(set) var digests: [UInt64] = []
    private(set) var step: LoggedStep?
    private let wanted: Int?

    init(wanted: Int? = nil) { self.wanted = wanted }

    func take(post: Int, _ event: Event, _ actions: Actions, _ now: Instant) {
        if digests.count == wanted {
            step = LoggedStep(
                number: digests.count + 1, at: now, event: "post \(post + 1): \(event)", actions: actions)
        }
        var hash = RollingHash()
        hash.absorb(event, at: now)
        for action in actions.list { hash.absorb(action) }
        digests.append(hash.value)
    }
}

/// Plays stories twice.
public enum PlayTwice {
    /// The first event at which two plays of a story differ; nil if they are one.
    public static func difference(_ scenario: Scenario) throws -> PlayDifference? {
        try difference(scenario, scenario)
    }

    /// The first event at which the plays of two stories differ.
    public static func difference(_ one: Scenario, _ other: Scenario) throws -> PlayDifference? {
        let (first, second) = (try play(one, StepLog()), try play(other, StepLog()))
        guard first.digests != second.digests else { return nil }
        let common = min(first.digests.count, second.digests.count)
        let place = (0..<common).first { first.digests[$0] != second.digests[$0] } ?? common
        let steps = [try play(one, StepLog(wanted: place)).step, try play(other, StepLog(wanted: place)).step]
        if steps[0] == steps[1] {
            // What differs between plays need not differ between every two of them.
            return PlayDifference(
                number: place + 1,
                lines: ["two plays differed at event \(place + 1), and two further ones did not"])
        }
        var (left, right): (LoggedStep?, LoggedStep?) = (steps[0], steps[1])
        func next(_ step: inout LoggedStep?) -> LoggedStep? {
            defer { step = nil }
            return step
        }
        var difference = firstDifference("the first play", { next(&left) }, "the second play") { next(&right) }
        difference?.number = place + 1
        if let lines = difference?.lines.dropFirst() {
            difference?.lines = ["the first difference is at event \(place + 1)"] + lines
        }
        return difference
    }

    private static func play(_ scenario: Scenario, _ log: StepLog) throws -> StepLog {
        let player = try ScenarioPlayer(scenario, path: "twice")
        for watcher in player.watchers { watcher.log = log }
        _ = player.play()
        return log
    }
}
