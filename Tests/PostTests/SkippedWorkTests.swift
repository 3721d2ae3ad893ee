// Work that is skipped where nothing is new: a core that skips nothing gives the same actions and deadlines.

import Testing

@testable import Post

@Suite("Skipped work")
struct SkippedWorkTests {
    /// A core beside the one that a stream drives, told the same.
    private final class Twin {
        var core: PostCore
        var actions = Actions()
        init(_ core: PostCore) { self.core = core }

        func handle(_ event: Event, at now: Instant) -> [Action] {
            actions.removeAll()
            core.handle(event, at: now, into: &actions)
            return actions.list
        }
    }

    private static let streams: ClosedRange<UInt64> = 1...500

    @Test("a core that skips nothing gives the same actions and deadlines, event for event")
    func skippingChangesNothing() {
        var (events, charged) = (0, 0)
        var differing: [String] = []
        for seed in Self.streams {
            let stream = Stream(seed: seed)
            let twin = Twin(stream.post.core)
            twin.core.skipsNothing = true
            stream.post.onEvent = { [unowned post = stream.post] event, given in
                if case .booted = event {
                    twin.core = PostCore(configuration: post.core.configuration)
                    twin.core.skipsNothing = true
                }
                let full = twin.handle(event, at: post.now)
                events += 1
                guard full != given || twin.core.nextDeadline != post.core.nextDeadline else { return }
                differing.append(
                    "seed \(seed) at \(post.now.microseconds): \(event) gave \(given), in full \(full)")
            }
            stream.run()
            _ = stream.calm()
            if stream.hasCharged { charged += 1 }
        }
        #expect(differing.isEmpty, "\(differing.count): \(differing.prefix(3).joined(separator: "\n"))")
        #expect(charged * 3 > Self.streams.count && events > 100_000, "\(charged) charged, \(events) events")
    }

    @Test("what is kept beside a state is what the state says, after every event")
    func keptFacts() {
        for seed in Self.streams.prefix(100) {
            let stream = Stream(seed: seed)
            stream.post.onEvent = { [unowned post = stream.post] event, _ in
                for connector in post.core.connectors {
                    #expect(connector.kind == connector.state.kind)
                    #expect(connector.session == connector.state.session)
                    #expect(connector.preparationStep == connector.state.preparationStep)
                    #expect(connector.stopStep == connector.state.stopStep)
                    #expect(connector.ownsStage == connector.state.ownsStage)
                }
                for reader in post.core.readers {
                    #expect(reader.tapDeadline == reader.tap.deadline)
                    #expect(reader.isTapGranted == reader.tap.isGranted)
                }
            }
            stream.run()
        }
    }

    @Test("what safety asks is done at the first look: a second one at the same instant has nothing of it left")
    func secondLook() {
        var found: [String] = []
        for seed in Self.streams.prefix(150) {
            let stream = Stream(seed: seed)
            stream.post.onEvent = { [unowned post = stream.post] event, _ in
                let twin = Twin(post.core)
                // A pause, which follows from the power shared out last, and the discharge may come a look later.
                let more = twin.handle(.timePassed, at: post.now).filter(\.isOfSafety)
                if !more.isEmpty {
                    found.append("seed \(seed) at \(post.now.microseconds): after \(event) still \(more)")
                }
            }
            stream.run()
        }
        #expect(found.isEmpty, "\(found.count): \(found.prefix(5).joined(separator: "\n"))")
    }

    @Test("each row that must not last has a bit and an instant of its own in the supervisor's list")
    func places() {
        var (standing, watched) = (WatchSet(), PlausiblePost().core.supervisor.watched[0])
        func instant(_ watch: Watch) -> Instant { .zero + .seconds(Int64(watch.rawValue) + 1) }
        for watch in Watch.allCases {
            #expect(!standing.contains(watch), "\(watch) shares its bit")
            standing.insert(watch)
            watched.since[Int(watch.rawValue)] = instant(watch)
        }
        for watch in Watch.allCases {
            #expect(watched.since[Int(watch.rawValue)] == instant(watch), "\(watch) shares its instant")
        }
        #expect(Array(standing) == Watch.allCases)
    }

    @Test(
        "each source of a limit is heard by itself, by the machine and by its supervisor",
        arguments: LimitSource.allCases)
    func sources(_ source: LimitSource) {
        var (machine, supervisor) = (ExternalLimits(), OutsideLimits())
        var lowest: [Int64] {
            [
                machine.lowest(site: 5_000, failSafe: 4_000, silentAfter: .seconds(10), at: .zero).watts,
                supervisor.lowest(site: 5_000, failSafe: 4_000, silentAfter: .seconds(10), at: .zero),
            ]
        }
        func set(_ source: LimitSource, _ watts: Int64?) {
            machine.set(source, watts, at: .zero)
            supervisor.set(source, watts, at: .zero)
        }
        for other in LimitSource.allCases { set(other, other == source ? 1_000 : 2_000) }
        #expect(lowest == [1_000, 1_000])
        set(source, nil)
        #expect(lowest == [2_000, 2_000])
        for other in LimitSource.allCases { set(other, nil) }
        #expect(lowest == [5_000, 5_000])
    }
}

extension Action {
    /// Whether it gives or takes power, frees a plug, cuts off a stage, or says that something is wrong.
    fileprivate var isOfSafety: Bool {
        switch self {
        case .allowPower, .withdrawPower, .setLock, .tripUpstream, .report(.faultRaised), .report(.defect): true
        default: false
        }
    }
}
