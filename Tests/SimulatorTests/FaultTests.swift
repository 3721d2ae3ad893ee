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
