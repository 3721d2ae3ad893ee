// The world's own parts: time, chance, contactors, restarts, network, disk, clock, and a judge that must not be blind.

import Devices
import Post
import Runtime
import Testing

@testable import Simulator

@Suite("The world")
struct WorldTests {
    @Test("things happen by instant, and within an instant in the order in which they were planned")
    func scheduler() {
        var scheduler = Scheduler()
        var dice = Randomness(seed: 9)
        var planned: [(Int64, UInt32)] = []
        for number in 0..<500 {
            let at = dice.number(in: 0...40)
            planned.append((at, UInt32(number)))
            scheduler.plan(
                Occurrence(kind: .story, post: 0, index: 0, generation: UInt32(number)),
                at: Instant(microseconds: at))
        }
        planned.sort { $0 < $1 }
        for expected in planned {
            let (at, occurrence) =
                scheduler.take(until: .distantFuture) ?? (
                    .zero, Occurrence(kind: .story, post: 0, index: 0, generation: .max)
                )
            #expect((at.microseconds, occurrence.generation) == expected)
        }
        #expect(scheduler.next == nil)
    }

    @Test("chance follows the seed alone, and every component has its own")
    func chance() {
        var first = Randomness(seed: 0)
        // The first numbers of SplitMix64 for seed 0, as its authors publish them.
        #expect(first.next() == 0xE220_A839_7B1D_CDAF)
        #expect(first.next() == 0x6E78_9E6A_A1B9_65F4)
        var meter = Randomness(seed: 1, component: "meter", index: 0)
        var other = Randomness(seed: 1, component: "meter", index: 1)
        var stage = Randomness(seed: 1, component: "stage", index: 0)
        let drawn = [meter.next(), other.next(), stage.next()]
        #expect(drawn[0] != drawn[1] && drawn[0] != drawn[2])
        var hits = 0
        for _ in 0..<10_000 where meter.chance(3, in: 10) { hits += 1 }
        #expect((2_800...3_200).contains(hits))
    }

    @Test("the same seed tells the same story, another seed another one")
    func determinism() {
        func story(_ seed: UInt64) -> [String] {
            let bench = Bench(seed: seed)
            bench.charge()
            bench.world.inject(FaultKind.all[Int(seed % 3)])
            bench.pass(.minutes(2))
            return bench.journal.lines + ["\(bench.connector.flowedWattHours)", "\(bench.world.occurrences)"]
        }
        #expect(story(5) == story(5))
        #expect(story(5) != story(6))
    }

    @Test("paced and jumping, the same world comes to the same point")
    func paced() {
        func world(paced: Bool) -> String {
            let bench = Bench()
            bench.charge()
            let end = bench.world.now + .seconds(20)
            if paced {
                while bench.world.now < end { bench.site.run(until: bench.world.now + .milliseconds(7)) }
                bench.site.run(until: end)
            } else {
                bench.site.run(until: end)
            }
            bench.site.run(until: end + .seconds(1))
            return bench.journal.lines.joined()
        }
        #expect(world(paced: true) == world(paced: false))
    }

    @Test("a contactor takes its time, its mirror contact bounces and then tells the truth")
    func contactors() throws {
        let world = World(WorldConfiguration(seed: 1, posts: [.twoConnectors]))
        let contactors = world.posts[0].connectors[0].contactors
        try contactors.allow(.test)
        world.advance(to: world.now + .milliseconds(15))
        #expect(try contactors.readBack() == (.open, .open))
        world.advance(to: world.now + .milliseconds(30))
        #expect(try contactors.readBack() == (.closed, .closed))
        #expect(world.posts[0].connectors[0].isPathClosed)
        try contactors.withdraw()
        world.advance(to: world.now + .milliseconds(30))
        #expect(try contactors.readBack() == (.open, .open))
    }

    @Test("the watchdog's gate opens the contactors two seconds after the last feed")
    func watchdog() throws {
        let world = World(WorldConfiguration(seed: 1, posts: [.twoConnectors]))
        let post = world.posts[0]
        try post.enclosure.feed()
        try post.connectors[0].contactors.allow(.test)
        for _ in 0..<5 {
            world.advance(to: world.now + .milliseconds(1_500))
            try post.enclosure.feed()
        }
        #expect(post.connectors[0].isPathClosed)
        world.advance(to: world.now + .milliseconds(2_100))
        #expect(!post.connectors[0].isPathClosed)
    }

    @Test("the process dies at full power and is started again: meter, vehicle and books go on")
    func restart() throws {
        let bench = Bench()
        bench.charge()
        bench.pass(.minutes(2))
        let before = bench.connector.meter.registerWattHours
        bench.site.posts[0].die()
        bench.pass(.milliseconds(100))
        #expect(!bench.connector.isPathClosed)
        bench.pass(.seconds(20))
        #expect(bench.connector.meter.registerWattHours - before <= 1)
        #expect(bench.connector.vehicle != nil)
        bench.site.posts[0].start()
        bench.pass(.seconds(40))
        #expect(bench.status.phase != .charging)
        bench.world.judgeBooks()
        #expect(bench.world.judge.findings.isEmpty, "\(bench.world.judge.findings.map(\.sentence))")
    }

    @Test("a vehicle that pauses goes on; one that is never authorized gives up after a minute")
    func vehicleManners() {
        var pausing = VehicleProfile.sedan400
        pausing.manners.pausesAfterSeconds = 20
        pausing.manners.pauseSeconds = 30
        let bench = Bench()
        bench.charge(pausing)
        bench.pass(.seconds(25))
        #expect(bench.status.phase == .suspendedByVehicle)
        bench.pass(.seconds(40))
        #expect(bench.status.phase == .charging)
        #expect(bench.world.judge.findings.isEmpty)
    }

    /// A post whose disk is watched.
    private final class Desk {
        let world: World
        var post: SimulatedPost { world.posts[0] }
        var answers: [Event] = []
        var done = 0

        init(seed: UInt64 = 4) {
            world = World(WorldConfiguration(seed: seed, posts: [.twoConnectors]))
            post.disk.keeper = { [unowned self] _ in
                done += 1
                return .recorded
            }
            attach()
        }
        func attach() {
            post.attach(
                PostProcess(
                    onEvent: { [unowned self] event, _ in
                        switch event {
                        case .stopRecorded, .sampleRecorded, .latchRecorded: answers.append(event)
                        default: break
                        }
                    }, onLinesChanged: { _ in }, onToken: { _, _, _ in }))
        }
        func stop(_ number: UInt32) -> RecordRequest {
            .stop(
                SessionStop(
                    session: SessionID(boot: 1, counter: number), endedAt: .zero, reason: .local, fault: nil,
                    registerWattHours: 0, energyWattHours: 0, energyIsLastKnown: false))
        }
        func pass(_ interval: Interval) { world.advance(to: world.now + interval) }
    }

    @Test("a crash loses what the disk had not begun; of what it was at nobody knows, and nobody hears of it")
    func underWay() {
        var (kept, lost) = (0, 0)
        for seed in 0..<40 as Range<UInt64> {
            let desk = Desk(seed: seed)
            var found: [RecordRequest] = []
            desk.post.disk.keeperUnheard = { found.append($0) }
            desk.post.disk.state = .slow(.seconds(3))
            for number: UInt32 in 1...2 { desk.post.disk.write(desk.stop(number)) }
            desk.pass(.seconds(1))
            desk.post.crash()
            desk.attach()
            desk.pass(.seconds(10))
            #expect(desk.done == 0 && desk.answers.isEmpty)
            #expect(found.isEmpty || found == [desk.stop(1)])
            #expect(desk.post.disk.lost + found.count == 2)
            if found.isEmpty { lost += 1 } else { kept += 1 }
        }
        #expect(kept > 10 && lost > 10)
    }

    @Test("what a disk never took is lost in a crash", arguments: [SimulatedDisk.State.full, .hanging])
    func refusedUnderWay(_ state: SimulatedDisk.State) {
        for seed in 0..<20 as Range<UInt64> {
            let desk = Desk(seed: seed)
            desk.post.disk.keeperUnheard = { _ in Issue.record("kept what it never took") }
            desk.post.disk.state = state
            desk.post.disk.write(desk.stop(1))
            desk.post.crash()
            #expect(desk.post.disk.lost == 1)
        }
    }

    @Test("a read that hangs is answered late, unless the process dies meanwhile")
    func readsHang() {
        let desk = Desk()
        let disk = desk.post.disk
        var (answered, failed) = (0, 0)
        func read() { disk.read({ answered += 1 }, orElse: { failed += 1 }) }
        disk.state = .hanging
        read()
        read()
        desk.pass(.seconds(100))
        #expect((answered, failed) == (0, 0))
        disk.state = .well
        desk.pass(.seconds(1))
        #expect((answered, failed) == (2, 0))
        disk.state = .hanging
        read()
        disk.state = .failing
        desk.pass(.seconds(1))
        #expect((answered, failed) == (2, 1))
        disk.state = .hanging
        read()
        desk.post.crash()
        desk.attach()
        disk.state = .well
        desk.pass(.seconds(1))
        #expect((answered, failed) == (2, 1))
    }

    @Test("a crash loses what the disk had not done; a full disk refuses")
    func disk() {
        let desk = Desk()
        let disk = desk.post.disk
        disk.write(desk.stop(1))
        desk.pass(.seconds(1))
        #expect(desk.done == 1 && desk.answers == [desk.stop(1).answer(.recorded)])
        disk.state = .full
        disk.write(desk.stop(2))
        desk.pass(.seconds(1))
        #expect(desk.done == 1 && desk.answers.last == desk.stop(2).answer(.failed))
        disk.state = .slow(.seconds(3))
        disk.write(desk.stop(3))
        disk.write(desk.stop(4))
        desk.pass(.seconds(1))
        desk.post.crash()
        desk.attach()
        desk.pass(.seconds(10))
        #expect((desk.done, desk.answers.count) == (1, 2))
    }

    @Test(
        "a request that is made again takes its own place in the queue, and each takes as long as the disk then takes"
    )
    func diskQueue() {
        let desk = Desk()
        let disk = desk.post.disk
        disk.state = .commitsSlow(.seconds(16))
        // The first is under way; whatever is asked for again behind it waits once.
        for _ in 0..<20 { for number: UInt32 in 1...3 { disk.write(desk.stop(number)) } }
        desk.pass(.seconds(17))
        #expect(desk.done == 1 && desk.answers == [desk.stop(1).answer(.recorded)])
        disk.state = .well
        desk.pass(.seconds(16))
        #expect(desk.done == 4 && desk.answers.count == 4)
    }

    @Test("a disk that hangs holds up all that is written, and goes on where it was")
    func diskHangs() {
        let desk = Desk()
        let disk = desk.post.disk
        disk.state = .hanging
        disk.write(desk.stop(1))
        disk.write(desk.stop(2))
        desk.pass(.seconds(100))
        #expect(desk.answers.isEmpty)
        disk.state = .well
        desk.pass(.seconds(1))
        #expect(desk.answers == [desk.stop(1), desk.stop(2)].map { $0.answer(.recorded) } && desk.done == 2)
        disk.state = .hanging
        disk.write(desk.stop(3))
        desk.pass(.seconds(1))
        disk.state = .failing
        desk.pass(.seconds(1))
        #expect(desk.answers.count == 3 && desk.done == 2, "what hung is refused by a disk that fails")
    }

    @Test("the wall clock is wrong in every way, and the world's time does not notice")
    func clock() {
        var clock = SimulatedWallClock()
        let now = Instant(microseconds: 1_000_000_000)
        let right = clock.milliseconds(at: now)
        #expect(right == 1_760_918_400_000 + 1_000_000)
        clock.step(byMilliseconds: -5_000)
        #expect(clock.milliseconds(at: now) == right - 5_000)
        clock.synchronize()
        clock.driftPartsPerMillion = 200
        #expect(clock.milliseconds(at: now) == right + 200)
        clock.startIn1970(at: now)
        #expect(clock.milliseconds(at: now + .seconds(3)) == 3_000 && !clock.isSynchronized)
    }

    @Test("an idle post costs nothing but its slow samples")
    func idle() {
        let world = World(WorldConfiguration(seed: 4, posts: [.twoConnectors]))
        world.advance(to: world.now + .hours(10))
        #expect(world.electricalSteps == 0)
        #expect(world.occurrences < 36_000 / 10 * 8 + 100)
    }
}

@Suite("The judge sees")
struct JudgeTests {
    /// A stage with its battery, run by nobody.
    func live(_ change: (World) throws -> Void) throws -> [Finding.Kind] {
        let world = World(WorldConfiguration(seed: 1, posts: [.twoConnectors]))
        let connector = world.posts[0].connectors[0]
        world.plug(.sedan400, at: Place(post: 0, connector: 0))
        let volts = Int32((connector.branch.battery?.openVolts ?? 0) * 1_000)
        try connector.contactors.allow(.match)
        world.advance(to: world.now + .milliseconds(60))
        try world.posts[0].stages[0].send(.on(millivolts: volts, milliamperes: 2_000), number: CommandNumber(1))
        world.advance(to: world.now + .seconds(3))
        connector.setVehicleContactors(isClosed: true)
        try world.posts[0].stages[0].send(.on(millivolts: 400_000, milliamperes: 100_000), number: CommandNumber(2))
        world.advance(to: world.now + .seconds(3))
        #expect(connector.contactAmperes > 90)
        #expect(world.judge.findings.isEmpty)
        try change(world)
        world.advance(to: world.now + .seconds(3))
        world.judgeBooks()
        return world.judge.findings.map(\.kind)
    }

    @Test("contactors that break a current") func underLoad() throws {
        #expect(try live { try $0.posts[0].connectors[0].contactors.withdraw() } == [.openedUnderLoad])
    }

    @Test("no current in a pulse that is over: contactors that open just after a vehicle has closed its own")
    func pulse() throws {
        // The poles take 10 to 14 ms to open.
        for offset in stride(from: 9_000, through: 14_000, by: 200) as StrideThrough<Int64> {
            let world = World(WorldConfiguration(seed: 1, posts: [.twoConnectors]))
            let connector = world.posts[0].connectors[0]
            world.plug(.sedan400, at: Place(post: 0, connector: 0))
            let open = try #require(connector.branch.battery?.openVolts)
            try connector.contactors.allow(.match)
            world.advance(to: world.now + .milliseconds(60))
            let told = StageCommand.on(millivolts: Int32(open * 1_000) - 14_000, milliamperes: 2_000)
            try world.posts[0].stages[0].send(told, number: CommandNumber(1))
            world.advance(to: world.now + .seconds(3))
            try connector.contactors.withdraw()
            world.advance(to: world.now + Interval(microseconds: offset))
            let (wasClosed, unexplained) = (connector.isPathClosed, connector.island.books.unexplainedJoules)
            connector.setVehicleContactors(isClosed: true)
            #expect(abs(connector.branch.volts - open) < 0.01)
            #expect(abs(connector.island.books.unexplainedJoules - unexplained) < 1e-6)
            #expect(!wasClosed || abs(connector.island.stage.volts - open) < 0.01)
            world.advance(to: world.now + .seconds(1))
            world.judgeBooks()
            #expect(world.judge.findings.isEmpty, "\(offset): \(world.judge.findings.map(\.sentence))")
        }
    }

    @Test("contacts that can be touched") func touchable() throws {
        let kinds = try live { world in
            world.schedule(at: world.now) { world.tearOut(at: Place(post: 0, connector: 0)) }
        }
        // And nobody runs this post, so nobody opens.
        #expect(kinds == [.reactionTooSlow, .touchableVoltage])
    }

    @Test("a plug released while it is live") func released() throws {
        let kinds = try live {
            try $0.posts[0].connectors[0].link.send(.ended, number: CommandNumber(3))
        }
        #expect(kinds == [.releasedLive])
    }

    @Test("contactors that close onto a difference") func difference() throws {
        let world = World(WorldConfiguration(seed: 1, posts: [.twoConnectors]))
        try world.posts[0].stages[0].send(.on(millivolts: 400_000, milliamperes: 2_000), number: CommandNumber(1))
        world.advance(to: world.now + .seconds(2))
        try world.posts[0].connectors[0].contactors.allow(.test)
        world.advance(to: world.now + .seconds(1))
        #expect(world.judge.findings.contains { $0.kind == .closedOntoDifference })
    }

    @Test("two connectors on one stage") func joined() throws {
        var configuration = PostConfiguration.twoConnectors
        configuration.connectors[1].stage = StageID(0)
        let world = World(WorldConfiguration(seed: 1, posts: [configuration]))
        try world.posts[0].connectors[0].contactors.allow(.test)
        try world.posts[0].connectors[1].contactors.allow(.test)
        world.advance(to: world.now + .seconds(1))
        #expect(world.judge.findings.map(\.kind) == [.sourcesJoined])
    }

    @Test("a meter that tells another energy") func meter() throws {
        let kinds = try live { $0.posts[0].connectors[0].meter.registerOffsetWattHours += 50 }
        #expect(kinds == [.meterDisagrees])
    }

    @Test("an import register: what flows back takes nothing off it")
    func flowsBack() throws {
        var before: Int64 = 0
        let kinds = try live { world in
            let backfeeds = try #require(FaultKind(.stage, .backfeeds))
            before = world.posts[0].connectors[0].meter.registerWattHours
            world.inject(backfeeds)
            world.advance(to: world.now + .seconds(2))
            #expect(world.posts[0].connectors[0].contactAmperes < -15)
            #expect(world.posts[0].connectors[0].meter.registerWattHours == before)
        }
        // Nobody runs this post, so nobody opens.
        #expect(kinds == [.reactionTooSlow])
    }

    @Test("energy from nowhere") func books() throws {
        let judge = Judge()
        judge.meet(Place(post: 0, connector: 0))
        var books = EnergyBooks(gridJoules: 1_000_000, batteryJoules: 900_000, lossJoules: 97_000, storedJoules: 0)
        judge.balance(books, Place(post: 0, connector: 0), at: .zero)
        #expect(judge.findings.isEmpty)
        books.batteryJoules += 9_000
        judge.balance(books, Place(post: 0, connector: 0), at: .zero)
        #expect(judge.findings.map(\.kind) == [.energyBalance])
    }
}
