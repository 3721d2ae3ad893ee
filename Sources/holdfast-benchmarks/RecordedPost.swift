// What a simulated post's core was told, kept to be told again: the stream that a real charge gives.

import Post
import Runtime
import Simulator

/// One event and its instant.
struct RecordedStep {
    let event: Event
    let at: Instant
}

/// Keeps every event of a post in the virtual world.
final class RecordedPost: StepRecorder {
    private(set) var steps: [RecordedStep] = []

    func willHandle(_ event: Event, at now: Instant) { steps.append(RecordedStep(event: event, at: now)) }
    func didHandle(_ actions: Actions, at now: Instant) {}

    /// A day, or part of one, in which nobody comes.
    static func idle(hours: Int64) -> [RecordedStep] {
        let site = site()
        let recorder = record(site)
        site.run(until: .zero + .hours(hours))
        return recorder.steps
    }

    /// Both connectors of a post charge side by side from 20 to 80 %.
    static func charge() -> [RecordedStep] {
        let site = site()
        let recorder = record(site)
        for connector in 0..<2 {
            site.run(until: site.world.now + .seconds(5))
            site.world.plug(.sedan400, at: Place(post: 0, connector: connector))
            site.run(until: site.world.now + .seconds(3))
            site.posts[0].tap("driver-\(connector)")
        }
        site.run(until: site.world.now + .minutes(45))
        for connector in 0..<2 { site.world.unplug(at: Place(post: 0, connector: connector)) }
        site.run(until: site.world.now + .seconds(5))
        return recorder.steps
    }

    private static func site() -> VirtualSite {
        VirtualSite(WorldConfiguration(seed: 1, posts: [.twoConnectors])) { _ in ListsEverybody() }
    }

    private static func record(_ site: VirtualSite) -> RecordedPost {
        let recorder = RecordedPost()
        site.start(recorder: recorder)
        return recorder
    }
}

/// Records that say yes and keep nothing, and a list with everybody on it: the core alone is measured.
private final class ListsEverybody: PostMemory {
    func boot(kernel: String) -> Restored { Restored(boot: BootFacts(bootNumber: 1, uncleanStarts: 0)) }
    func stoppedCleanly() {}
    func perform(_ request: RecordRequest) -> RecordOutcome { .recorded }
    var outbox: (newest: Int64, acknowledged: Int64) { (0, 0) }
    func acknowledged(_ number: Int64) {}
    func name(_ token: String) -> TokenName {
        TokenName(high: 1, low: token.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    }
    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer { .unlimited(name) }
}
