// The post dies and starts again after every event of a session while the world goes on: the books fit the meter.

import Ledger
import Post
import Runtime
import Simulator
import Testing

/// The shipped records in SQLite's memory, and a list on which everybody stands. Outlives the post's process.
private final class Memory: PostMemory {
    let ledger: Ledger
    private let clock = WallClock(utcMilliseconds: 1_760_918_400_000, quality: 2)
    init() throws { ledger = try Ledger() }
    func boot() -> Restored {
        guard let found = try? ledger.begin(clock) else {
            return Restored(boot: BootFacts(bootNumber: 1, uncleanStarts: 0))
        }
        return Restored(boot: found.boot, latches: found.latches, openSessions: found.openSessions)
    }
    func stoppedCleanly() { try? ledger.stopCleanly() }
    func perform(_ request: RecordRequest) -> RecordOutcome {
        do {
            switch request {
            case .start(let start): return try ledger.record(start, clock)
            case .sample(let sample): return try ledger.record(sample)
            case .stop(let stop): return try ledger.record(stop, clock)
            case .latch(let latch, let isSet):
                try ledger.record(latch, isSet: isSet)
                return .recorded
            }
        } catch { return .failed }
    }
    var outbox: (newest: Int64, acknowledged: Int64) { (try? ledger.outbox()) ?? (0, 0) }
    func acknowledged(_ number: Int64) { try? ledger.acknowledge(upTo: number) }
    func name(_ token: String) -> TokenName { plainName(token) }
    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer { .unlimited(name) }
}

private final class EventCount: StepObserver {
    var events = 0
    func didStep(_ event: Event, _ actions: Actions, at now: Instant) { events += 1 }
}

/// One car, one card, a stop by the operator: played once with a death after the n-th event, or without.
private struct Story {
    static let post: PostConfiguration = {
        var post = PostConfiguration.twoConnectors
        post.connectors.removeLast()
        post.stages.removeLast()
        return post
    }()
    let site: VirtualSite
    let memory: Memory
    let count = EventCount()
    private let startRegister: Int64

    init(seed: UInt64) throws {
        let memory = try Memory()
        self.memory = memory
        site = VirtualSite(WorldConfiguration(seed: seed, posts: [Self.post])) { _ in memory }
        let (world, post) = (site.world, site.posts[0])
        startRegister = world.posts[0].connectors[0].meter.registerWattHours
        post.observer = count
        world.schedule(at: .zero + .seconds(3)) { world.plug(sedan(at: 400), at: Place(post: 0, connector: 0)) }
        world.schedule(at: .zero + .seconds(6)) { post.tap("card") }
        world.schedule(at: .zero + .seconds(26)) {
            post.runtime?.step(.command(CommandNumber(1), .stop(ConnectorID(0), .remote)), at: world.now)
        }
        site.start()
    }

    /// Plays; dies once after event `death`, is away for two seconds, and is given a minute to close the books.
    func play(death: Int?) {
        if let death {
            site.run(until: .zero + .seconds(40)) { count.events >= death }
            site.posts[0].die()
            site.run(until: site.world.now + .seconds(2))
            site.posts[0].start()
        }
        site.run(until: max(.zero + .seconds(40), site.world.now) + .seconds(60))
    }

    /// What the world's meter counted, in watt-hours.
    var counted: Int64 { site.world.posts[0].connectors[0].meter.registerWattHours - startRegister }
}

@Suite("Death after every event", .timeLimit(.minutes(3)))
struct EveryEventKillTests {
    /// Energy that flows in one sample interval (1 s) at the car's 114 kW, in watt-hours, and one of rounding.
    private static let oneSample: Int64 = 33

    @Test("no session is lost, each has one start and one stop, and is told as the meter counted, to one sample")
    func everyEvent() throws {
        let whole = try Story(seed: 3)
        whole.play(death: nil)
        let events = whole.count.events
        let told = try #require(try whole.memory.ledger.sessions(limit: 9).first)
        #expect(told.stopReason == .remote && told.energyWattHours > 200)
        #expect(abs(told.energyWattHours - whole.counted) <= 1)
        var (withSession, worst) = (0, Int64(0))
        for death in 1...events {
            let story = try Story(seed: 3)
            story.play(death: death)
            let sessions = try story.memory.ledger.sessions(limit: 9)
            guard let session = sessions.first else {
                // The card was never let in; nothing may have flowed.
                #expect(story.counted == 0, "energy without a session, death after event \(death)")
                continue
            }
            withSession += 1
            let difference = abs(session.energyWattHours - story.counted)
            worst = max(worst, difference)
            #expect(sessions.count == 1, "death after event \(death)")
            #expect(session.stopReason != nil, "still open, death after event \(death)")
            #expect(difference <= Self.oneSample, "death after event \(death): \(difference) Wh apart")
            let owed = try (1...2).compactMap { try story.memory.ledger.owed($0)?.kind }
            #expect(owed == [.start, .stop] && story.memory.outbox.newest == 2, "death after event \(death)")
            story.site.world.judgeBooks()
            #expect(story.site.world.judge.findings.isEmpty, "death after event \(death)")
        }
        #expect(withSession > events / 3, "hardly any death was in a session")
        print("died after each of \(events) events, \(withSession) in a session; worst difference \(worst) Wh")
    }
}
