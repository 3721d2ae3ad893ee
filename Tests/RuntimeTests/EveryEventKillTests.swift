// The post dies and starts again after every event of a session, and after every change that a new list makes on the disk,
// while the world goes on: the books fit the meter, and one list is there, whole.

import AllowList
import Ledger
import Post
import Runtime
import Simulator
import Testing

@testable import Scenarios

private final class EventCount: StepObserver {
    var events = 0
    func didStep(_ event: Event, _ actions: Actions, at now: Instant) { events += 1 }
}

/// One car, one card, a new list while it charges, a stop by the operator: played once with a death somewhere, or without.
private struct Story {
    static let post: PostConfiguration = {
        var post = PostConfiguration.twoConnectors
        post.connectors.removeLast()
        post.stages.removeLast()
        return post
    }()
    /// When the new list comes: the car charges by then.
    static let listComes = Instant.zero + .seconds(16)
    let site: VirtualSite
    let memory: ScenarioMemory
    let count = EventCount()
    private let startRegister: Int64

    /// Events of the post before the new list came; nil while it has not come, or where the post was dead.
    private final class Delivered { var afterEvents: Int? }
    private let delivered = Delivered()
    var deliveredAfter: Int? { delivered.afterEvents }

    init(seed: UInt64, listByItself: Bool = true) throws {
        let memory = try ScenarioMemory(drivers: Self.drivers("card"), post: 0)
        self.memory = memory
        site = VirtualSite(WorldConfiguration(seed: seed, posts: [Self.post])) { _ in memory }
        let (world, post) = (site.world, site.posts[0])
        memory.now = { world.now }
        memory.wallClock = { world.posts[0].clock }
        startRegister = world.posts[0].connectors[0].meter.registerWattHours
        post.observer = count
        world.schedule(at: .zero + .seconds(3)) { world.plug(sedan(at: 400), at: Place(post: 0, connector: 0)) }
        world.schedule(at: .zero + .seconds(6)) { post.tap("card") }
        if listByItself {
            let (count, delivered) = (count, delivered)
            world.schedule(at: Self.listComes) {
                guard post.runtime != nil else { return }
                try? memory.deliver(Self.drivers("card", "newcomer"))
                delivered.afterEvents = count.events
            }
        }
        world.schedule(at: .zero + .seconds(26)) {
            post.runtime?.step(.command(CommandNumber(1), .stop(ConnectorID(0), .remote)), at: world.now)
        }
        site.start()
    }

    static func drivers(_ listed: String...) -> DriverSetting {
        DriverSetting(listed: listed, expired: [], known: [], hasList: true)
    }

    /// Plays; dies once after event `death`, is away for two seconds, and is given a minute to close the books.
    func play(death: Int?) {
        if let death {
            site.run(until: .zero + .seconds(40)) { count.events >= death }
            restart()
        }
        finish()
    }

    /// Plays; dies in the midst of the installation, when that has changed the disk so many times. False: it was over
    /// before that.
    func play(deathAfterChanges changes: Int) throws -> Bool {
        site.run(until: Self.listComes)
        try memory.deliver(Self.drivers("card", "newcomer"), diesAfter: changes)
        let isOver = memory.version == 2
        restart()
        finish()
        return !isOver
    }

    private func restart() {
        site.posts[0].die()
        site.run(until: site.world.now + .seconds(2))
        site.posts[0].start()
    }

    private func finish() { site.run(until: max(.zero + .seconds(40), site.world.now) + .seconds(60)) }

    /// What the world's meter counted, in watt-hours.
    var counted: Int64 { site.world.posts[0].connectors[0].meter.registerWattHours - startRegister }

    /// Looks at the list that the post has: the version that it must have, or one of those; whole, its mark in step, decided by.
    func judgeList(_ versions: ClosedRange<UInt64>, _ what: Comment) throws {
        var found = try #require(memory.slots.boot(), what)
        let version = found.reader.header.version
        #expect(versions.contains(version), what)
        #expect(!found.isDemoted, what)
        try found.reader.verifyEveryPage()
        let mark = try memory.ledger.highWater()
        #expect(mark?.version == version && mark?.headerHash == found.reader.headerHash, what)
        for (driver, isListed) in [("card", true), ("newcomer", version == 2)] {
            let answer = memory.lookUp(driver, name: memory.name(driver))
            if case .listed = answer.verdict { #expect(isListed, what) } else { #expect(!isListed, what) }
        }
        // What was cut short is begun anew, and succeeds.
        if version == 1 {
            try memory.deliver(Self.drivers("card", "newcomer"))
            #expect(memory.version == 2 && memory.refused == nil, what)
        }
    }
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
        let listAfter = try #require(whole.deliveredAfter)
        #expect(listAfter > 20 && listAfter < events - 20, "the list must come in the midst of the session")
        try whole.judgeList(2...2, "nobody died")
        var (withSession, worst) = (0, Int64(0))
        for death in 1...events {
            let story = try Story(seed: 3)
            story.play(death: death)
            let expected: UInt64 = story.deliveredAfter == nil ? 1 : 2
            try story.judgeList(expected...expected, "death after event \(death)")
            if try judgeBooks(story, "death after event \(death)", &worst) { withSession += 1 }
        }
        #expect(withSession > events / 3, "hardly any death was in a session")
        print("died after each of \(events) events, \(withSession) in a session; worst difference \(worst) Wh")
    }

    @Test(
        "the same where it dies in the midst of a list's installation, after each change that this makes on the disk"
    )
    func everyChange() throws {
        var (changes, kept, worst) = (0, 0, Int64(0))
        while true {
            let story = try Story(seed: 3, listByItself: false)
            let isCut = try story.play(deathAfterChanges: changes)
            let what: Comment = "death after \(changes) changes"
            #expect(try judgeBooks(story, what, &worst), what)
            if story.memory.slots.boot()?.reader.header.version == 1 { kept += 1 }
            try story.judgeList(isCut ? 1...2 : 2...2, what)
            guard isCut else { break }
            changes += 1
        }
        #expect(changes >= 5, "create, write, fsync, rename, fsync of the folder")
        #expect(kept > 0 && kept < changes)
        print("died after each of \(changes) changes of a list's installation; \(kept) times the old list was kept")
    }

    /// Compares the records with the meter; false where there was no session, and nothing flowed.
    private func judgeBooks(_ story: Story, _ what: Comment, _ worst: inout Int64) throws -> Bool {
        let sessions = try story.memory.ledger.sessions(limit: 9)
        guard let session = sessions.first else {
            // The card was never let in; nothing may have flowed.
            #expect(story.counted == 0, what)
            return false
        }
        let difference = abs(session.energyWattHours - story.counted)
        worst = max(worst, difference)
        #expect(sessions.count == 1 && session.stopReason != nil, what)
        #expect(difference <= Self.oneSample, what)
        let owed = try (1...2).compactMap { try story.memory.ledger.owed($0)?.kind }
        #expect(owed == [.start, .stop] && story.memory.outbox.newest == 2, what)
        story.site.world.judgeBooks()
        #expect(story.site.world.judge.findings.isEmpty, what)
        return true
    }
}
