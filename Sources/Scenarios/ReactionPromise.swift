// A class that was seen to begin: a stop that was ordered in time must also have ended in time.

import Post
import Simulator

/// What a reaction still owed when it was looked at.
struct ReactionPromise {
    var place: Where
    var fault: Fault?
    var expected: FaultClass
    var line: Int
}

extension ScenarioPlayer {
    /// A class was right so far: what is seen of it later is looked at when the story is over.
    func promise(_ check: Check, _ line: Int) {
        guard let expected = check.faultClass else { return }
        watchers[check.place.post].reactions?.keep(check.fault, at: check.place.connector, as: promises.count)
        promises.append(ReactionPromise(place: check.place, fault: check.fault, expected: expected, line: line))
    }

    /// What was begun must have been finished in time; its margin is that of a reaction.
    func checkPromises() {
        for (number, promise) in promises.enumerated() {
            let (place, expected) = (promise.place, promise.expected)
            guard let seen = watchers[place.post].reactions?.kept(number, at: place.connector) else { continue }
            let objection = seen.objectionAtTheEnd(to: expected, now: site.world.now)
            let limit = seen.limit(of: expected)
            let what = promise.fault.map { $0.code } ?? "what was done"
            checks.append(
                CheckResult(
                    expected:
                        "post \(place.post + 1), connector \(place.connector + 1): \(what) met by class \(code("\(expected)")) to its end",
                    line: promise.line, isMet: objection == nil, found: objection ?? "",
                    at: (seen.openAt ?? site.world.now).microseconds,
                    measured: limit.flatMap { _ in seen.finishedAfter(site.world.now)?.microseconds },
                    limit: limit?.microseconds, isReaction: true))
        }
    }
}

extension Scenario {
    /// Whether any step asks how something was met.
    var asksForClasses: Bool {
        timeline.contains { step in
            if case .expect(let expectation) = step.deed { expectation.check.faultClass != nil } else { false }
        }
    }
}

extension Deed {
    /// Whether something happens, rather than is looked at.
    var changesAnything: Bool {
        switch self {
        case .expect, .milestone, .nothing: false
        default: true
        }
    }
}
