// Every fault of the world, met by the shipped core: what it raises, and that the world stays safe.

import Post
import Runtime
import Testing

@testable import Simulator

@Suite("Faults")
struct FaultTests {
    /// The moments at which each is tried.
    enum Moment: CaseIterable { case idle, plugged, charging }

    /// What a fault brought about at one moment.
    struct Outcome {
        var changedWorld = false
        var raised = FaultSet()
        var findings: [Finding] = []
    }

    static func meet(_ kind: FaultKind, at moment: Moment) -> Outcome {
        let bench = Bench(kind.unit == .lock ? .postLocked : .twoConnectors)
        let token = "card"
        if kind.unit == .siteManager { bench.world.posts[0].siteManager.setLimit(watts: 60_000) }
        switch moment {
        case .idle: break
        case .plugged:
            bench.world.plug(.sedan400, at: bench.first)
            bench.pass(.seconds(1))
        case .charging: bench.charge()
        }
        let injection = bench.world.inject(kind)
        if moment == .idle { bench.charge(until: .seconds(70)) }
        if moment == .plugged { bench.site.posts[0].tap(token) }
        bench.pass(.seconds(150))
        bench.site.posts[0].tap(token)
        bench.pass(.seconds(60))
        bench.world.judgeBooks()
        return Outcome(
            changedWorld: injection?.changedWorld ?? false, raised: bench.journal.raised,
            findings: bench.world.judge.findings)
    }

    @Test("each is met by the post as the table says, and nobody is hurt", arguments: FaultKind.all)
    func isMet(_ kind: FaultKind) {
        let outcomes = Moment.allCases.map { Self.meet(kind, at: $0) }
        #expect(outcomes.contains { $0.changedWorld }, "never changed the world")
        for outcome in outcomes {
            #expect(outcome.findings.isEmpty, "\(outcome.findings.map(\.sentence))")
        }
        let expected = kind.row.mayRaise
        let isRaised = outcomes.contains { outcome in expected.contains { outcome.raised.contains($0) } }
        #expect(expected.isEmpty || isRaised, "none of \(expected) was raised")
    }

    @Test("every fault of the post that hardware, people or the site can cause has a row that may cause it")
    func everyFaultHasACause() {
        // A crash loop is caused by restarting, a defect by a mistake in the core.
        let withoutCause: [Fault] = [.crashLoop, .internalDefect]
        for fault in Fault.allCases where !withoutCause.contains(fault) {
            #expect(FaultTable.rows.contains { $0.mayRaise.contains(fault) }, "\(fault) has no cause in the world")
        }
    }

    @Test("the words of the table make faults, other words do not")
    func words() {
        for kind in FaultKind.all {
            #expect(FaultKind(unit: kind.unit.rawValue, mode: kind.mode.rawValue) == kind)
        }
        #expect(FaultKind(unit: "meter", mode: "welded") == nil)
        #expect(FaultKind(unit: "metre", mode: "silent") == nil)
        #expect(FaultKind.modes(of: .lock) == [.stuck, .opens])
        var seen: [FaultKind] = []
        for kind in FaultKind.all {
            #expect(!seen.contains(kind), "\(kind) stands twice")
            seen.append(kind)
        }
    }

    @Test("a fault that breaks nothing says so, heals at its time, and what is permanent survives the calm")
    func injection() throws {
        let bench = Bench()
        let welded = try #require(FaultKind(.contactorPlus, .welded))
        let silent = try #require(FaultKind(.meter, .silent))
        let mute = try #require(FaultKind(.vehicle, .silent))
        #expect(bench.world.inject(welded, post: 0, instance: 9) == nil)
        #expect(bench.world.inject(mute)?.changedWorld == false)
        #expect(bench.world.inject(welded, isPermanent: true)?.changedWorld == true)
        #expect(bench.world.inject(welded)?.changedWorld == false)
        #expect(bench.world.inject(silent, for: .seconds(3))?.changedWorld == true)
        #expect(bench.connector.meter.isSilent)
        bench.pass(.seconds(4))
        #expect(!bench.connector.meter.isSilent)
        bench.world.inject(silent)
        bench.world.healTransient()
        #expect(!bench.connector.meter.isSilent)
        #expect(bench.world.injections.first { $0.isPermanent }?.healedAt == nil)
    }

    #if HOLDFAST_SEAMS
        @Test(
            "a path that stays closed for longer than its row allows is a finding, one that opens in time is none")
        func tooSlow() throws {
            let bench = Bench()
            bench.charge()
            // A post that does not miss its thermometers; its supervisor does not look at them.
            var without = FaultSet()
            without.insert(.temperatureSilent)
            bench.site.posts[0].runtime?.disarm(without)
            let silent = try #require(FaultKind(.thermometers, .silent))
            bench.world.inject(silent, for: .seconds(12))
            bench.pass(.seconds(20))
            #expect(bench.world.judge.findings.isEmpty)
            bench.world.inject(silent)
            bench.pass(.seconds(14))
            #expect(bench.world.judge.findings.map(\.kind) == [.reactionTooSlow])
            #expect(bench.world.judge.findings.first?.sentence.contains("thermometers.silent") == true)
        }
    #endif

    @Test("two things broken at one device hide each other; whole again, the next is timed")
    func hidden() throws {
        let judge = Judge()
        let place = Place(post: 0, connector: 0)
        var branch = Branch()
        judge.meet(place)
        (branch.isPlusClosed, branch.isMinusClosed) = (true, true)
        let (lost, shorted) = (try #require(FaultKind(.pilot, .lost)), try #require(FaultKind(.pilot, .shorted)))
        func isLate(after milliseconds: Int64) -> Bool {
            judge.look(at: branch, place, .zero + .milliseconds(milliseconds))
            return judge.findings.contains { $0.kind == .reactionTooSlow }
        }
        judge.breaks(lost, place, branch, at: .zero)
        judge.breaks(shorted, place, branch, at: .zero)
        #expect(!isLate(after: 900))
        judge.mends(.pilot, place)
        judge.mends(.pilot, place)
        judge.breaks(lost, place, branch, at: .zero + .seconds(1))
        #expect(!isLate(after: 1_100))
        #expect(isLate(after: 1_101))
    }

    @Test("whoever judges warmth looks at it, and not at the name of what heats", arguments: [true, false])
    func warmth(ofHandle: Bool) throws {
        let judge = Judge()
        let place = Place(post: 0, connector: 0)
        var branch = Branch()
        judge.meet(place)
        (branch.isPlusClosed, branch.isMinusClosed) = (true, true)
        let hot = try #require(ofHandle ? FaultKind(.handle, .hot) : FaultKind(.plugContacts, .hot))
        func isLate(_ kelvinOver: Double, after milliseconds: Int64) -> Bool {
            branch.handleCelsius = 60 + (ofHandle ? kelvinOver : -10)
            branch.contactsCelsius = 90 + (ofHandle ? -10 : kelvinOver)
            judge.look(at: branch, place, .zero + .milliseconds(milliseconds))
            return !judge.findings.isEmpty
        }
        judge.breaks(hot, place, branch, at: .zero)
        #expect(!isLate(-5, after: 60_000))
        #expect(!isLate(5, after: 60_001))
        #expect(!isLate(5, after: 60_001 + 3_700))
        #expect(isLate(5, after: 60_001 + 3_701))
    }

    @Test("frames left out for less than half a second are not missed; once missed, two seconds of them count")
    func frames() throws {
        let silent = try #require(FaultKind(.safetyController, .silent))
        for (lasts, isMissed) in [(Int64(390), false), (510, true)] {
            let bench = Bench()
            bench.charge()
            let began = bench.world.now
            bench.world.inject(silent, for: .milliseconds(lasts))
            #expect(bench.meets(.safetyControllerSilent, within: .seconds(1)) == isMissed, "\(lasts) ms")
            let after = bench.world.now - began
            #expect(!isMissed || (after >= .milliseconds(400) && after <= .milliseconds(500)), "\(after)")
            bench.pass(.milliseconds(1_900))
            #expect(bench.status.faults.contains(.safetyControllerSilent) == isMissed)
            bench.pass(.milliseconds(300))
            #expect(!bench.status.faults.contains(.safetyControllerSilent))
            #expect((bench.status.phase == .charging) == !isMissed)
            #expect(!bench.journal.raised.contains(.linesLost) && bench.world.judge.findings.isEmpty)
        }
    }

    @Test("a process that starts while no frame comes knows of no plug; the first frame that comes counts at once")
    func framesAtTheStart() throws {
        let silent = try #require(FaultKind(.safetyController, .silent))
        let bench = Bench()
        bench.site.posts[0].die()
        bench.world.inject(silent, for: .seconds(3))
        bench.site.posts[0].start()
        bench.pass(.milliseconds(50))
        #expect(bench.status.faults.contains(.safetyControllerSilent))
        bench.site.posts[0].die()
        bench.pass(.seconds(4))
        bench.site.posts[0].start()
        bench.pass(.milliseconds(50))
        #expect(!bench.status.faults.contains(.safetyControllerSilent))
    }

    @Test("a vehicle that drops its load leaves the contacts to the stage, and does not take it up again")
    func dropsLoad() throws {
        let drops = try #require(FaultKind(.vehicle, .dropsLoad))
        let bench = Bench()
        #expect(bench.world.inject(drops)?.changedWorld == false)
        bench.charge()
        #expect(bench.world.inject(drops)?.changedWorld == true)
        bench.pass(.seconds(2))
        #expect(bench.connector.contactAmperes < 1 && bench.connector.contactVolts > 395)
        bench.world.heal(1)
        bench.pass(.seconds(2))
        #expect(bench.connector.contactAmperes < 1)
    }

    @Test("an emergency stop at full power: the current is gone within 50 ms")
    func emergencyStop() throws {
        let bench = Bench()
        bench.charge()
        bench.world.inject(try #require(FaultKind(.emergencyStop, .pressed)))
        bench.pass(.seconds(10))
        let reaction = try #require(bench.world.judge.reactions.first)
        #expect(reaction.took <= .milliseconds(50))
        #expect(reaction.within == .milliseconds(100))
        #expect(bench.world.judge.findings.isEmpty)
        #expect(bench.stops.first?.reason == .emergencyStop)
    }
}

extension PostConfiguration {
    /// Two connectors whose plugs the post locks.
    static var postLocked: PostConfiguration {
        var configuration = twoConnectors
        for index in configuration.connectors.indices { configuration.connectors[index].lockHolder = .post }
        return configuration
    }
}
