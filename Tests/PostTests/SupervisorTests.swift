// The machine is broken on purpose, and the supervisor catches it: each test reaches into the core as no product can.

import Testing

@testable import Post

@Suite("The supervisor has the last word")
struct SupervisorTests {
    private func defects(_ post: PlausiblePost) -> [Rule] { post.defects }

    @Test("rule 1: a machine that jumps to charging without tests is stopped")
    func powerNeedsEverything() {
        let post = PlausiblePost()
        post.plug()
        post.tap()
        // The machine believes that everything is done.
        for degree in [PowerDegree.match, .charge] {
            var turn = Turn(now: post.now, actions: Actions(), lastCommand: 0)
            turn.act(.allowPower(ConnectorID(0), degree))
            _ = post.core.supervisor.review(&turn, from: 0)
            #expect(turn.actions.list.contains(.report(.defect(.powerNeedsEverything, ConnectorID(0)))))
            #expect(!turn.actions.list.contains(.allowPower(ConnectorID(0), degree)))
        }
    }

    @Test("rule 2: a machine that forgets the emergency stop is overruled in the same call")
    func emergencyAtOnce() {
        let post = PlausiblePost()
        post.charge()
        #expect(post.status().phase == .charging)
        // The machine has lost its interest in faults: they count as raised already.
        post.core.connectors[0].faults.insert(.emergencyStop)
        post.interlocks.emergencyStopPressed = true
        let before = post.log.count
        post.handle(.interlocks(post.interlocks))
        #expect(defects(post).contains(.emergencyAtOnce))
        #expect(post.log[before...].contains { $0.action == .withdrawPower(ConnectorID(0)) })
    }

    @Test("rule 4: a machine that believes in dead contacts does not get the plug released")
    func releasedOnlyWhenDead() {
        let post = PlausiblePost()
        post.charge()
        guard let session = post.core.connectors[0].state.session else { return }
        // The machine takes an old reading for a new one; the supervisor has its own.
        post.core.connectors[0].allowed = nil
        post.core.connectors[0].state = .stopping(
            session,
            Stop(
                step: .discharge, since: post.now, deadline: post.now + .seconds(10), urgency: .asked,
                reason: .local,
                fault: nil, openedAt: .zero))
        post.core.connectors[0].readings.meter?.millivolts = 0
        post.core.connectors[0].readings.insulation?.millivolts = 0
        post.core.connectors[0].readings.lines?.contactorPlus = .open
        post.core.connectors[0].readings.lines?.contactorMinus = .open
        post.handle(.timePassed)
        #expect(defects(post).contains(.releasedOnlyWhenDead))
        #expect(post.count { if case .tellVehicle(_, _, .ended) = $0 { true } else { false } } == 0)
    }

    @Test("rule 5: a machine that takes a start for durable gets no energy")
    func recordedBeforeEnergy() {
        let post = PlausiblePost()
        post.recordsAnswer = nil
        post.plug()
        post.tap()
        post.run(.milliseconds(100))
        if var session = post.core.connectors[0].state.session {
            session.startRecord = .durable
            post.core.connectors[0].state = post.core.connectors[0].state.with(session)
        }
        post.run(.seconds(3))
        #expect(defects(post).contains(.recordedBeforeEnergy))
        #expect(post.count { if case .allowPower(_, .match) = $0 { true } else { false } } == 0)
    }

    @Test("rule 6: a sample that falls is not passed on")
    func energyNeverDecreases() {
        let post = PlausiblePost()
        post.charge()
        post.run(.seconds(3))
        if var session = post.core.connectors[0].state.session {
            session.energyWattHours = -5
            session.isMeterTrusted = false
            session.isSampleInFlight = false
            post.core.connectors[0].state = post.core.connectors[0].state.with(session)
        }
        post.run(.seconds(2))
        #expect(defects(post).contains(.energyNeverDecreases))
    }

    @Test("rule 8: a machine that forgets who charges does not get a second session for one card")
    func oneSessionEach() {
        let post = PlausiblePost()
        post.charge()
        post.plug(1)
        let grant = Grant(
            token: TokenName(high: 9, low: 1), group: 0, source: .list, freshness: .fresh, allowance: .unlimited)
        var turn = Turn(now: post.now, actions: Actions(), lastCommand: 0)
        post.core.start(grant, at: 1, &turn)
        _ = post.core.supervisor.review(&turn, from: 0)
        #expect(turn.actions.list.contains { $0 == .report(.defect(.oneSessionEach, ConnectorID(1))) })
        #expect(!turn.actions.list.contains { if case .recordStart = $0 { true } else { false } })
    }

    @Test("rule 9: more than the site's limit never reaches a stage")
    func grantsWithinLimits() {
        let post = PlausiblePost()
        post.charge()
        var turn = Turn(now: post.now, actions: Actions(), lastCommand: 0)
        turn.command(StageID(0), .on(millivolts: 400_000, milliamperes: 399_000))
        post.core.supervisor.configuration.siteLimitWatts = 50_000
        _ = post.core.supervisor.review(&turn, from: 0)
        #expect(turn.actions.list.contains { $0 == .report(.defect(.grantsWithinLimits, nil)) })
        #expect(!turn.actions.list.contains { if case .commandStage(_, _, .on) = $0 { true } else { false } })
    }

    @Test("rule 11: more actions than one event may give are dropped and reported")
    func bounded() {
        let post = PlausiblePost()
        var turn = Turn(now: post.now, actions: Actions(), lastCommand: 0)
        for _ in 0...Actions.atMost { turn.act(.setCooling(isOn: true)) }
        _ = post.core.supervisor.review(&turn, from: 0)
        #expect(turn.actions.dropped > 0)
        #expect(post.core.supervisor.intervened != 0)
    }
}
