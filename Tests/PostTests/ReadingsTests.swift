// Which readings count: by their age, by their order, and however large their numbers are.

import Testing

@testable import Post

@Suite("Readings and grants")
struct ReadingsTests {
    @Test("a sample stamped in the future is not taken, and the one before grows old")
    func future() {
        let post = PlausiblePost()
        post.charge()
        post.lag = .seconds(-3_600)
        post.run(.seconds(4))
        #expect(post.status().powerAllowed == nil)
        #expect(post.count { $0 == .report(.faultRaised(.stageSilent, ConnectorID(0))) } == 1)
    }

    @Test("a late sample never replaces a younger one, whatever the device")
    func late() {
        let post = PlausiblePost()
        post.charge()
        let before = post.core.connectors[0].readings
        post.lag = .milliseconds(500)
        for event in post.samples(of: 0) {
            if case .lines = event { continue }
            post.handle(event)
        }
        let after = post.core.connectors[0].readings
        #expect(after.stage == before.stage)
        #expect(after.meter == before.meter)
        #expect(after.insulation == before.insulation)
        #expect(after.vehicle == before.vehicle)
        #expect(after.temperature == before.temperature)
    }

    @Test("limits of any size are shared out", arguments: [Int64.min, -1, 0, 1, .max])
    func anyLimit(_ watts: Int64) {
        var configuration = PostConfiguration.twoConnectors
        configuration.siteLimitWatts = watts
        configuration.failSafeLimitWatts = watts
        for index in configuration.stages.indices { configuration.stages[index].ratedWatts = watts }
        let post = PlausiblePost(configuration)
        post.handle(.limit(.siteManager, watts: watts))
        post.charge(0)
        post.charge(1, token: 2)
        #expect(post.status().grantedWatts >= 0)
        #expect(post.defects.isEmpty)
    }

    @Test("the fall of one connector is told before the rise of another, which waits until the fall is measured")
    func fallBeforeRise() throws {
        var configuration = PostConfiguration.twoConnectors
        configuration.siteLimitWatts = 60_000
        let post = PlausiblePost(configuration)
        // The second connector takes all; then the first begins, and is before it in every loop.
        post.charge(1, token: 2)
        #expect(post.core.connectors[1].setpoint.milliamperes == 100_000)
        post.charge(0)
        let orders = post.log.compactMap { entry -> (at: Instant, stage: UInt8, milliamperes: Int32)? in
            guard case .commandStage(let stage, _, .on(_, let milliamperes)) = entry.action else { return nil }
            return (entry.at, stage.index, milliamperes)
        }
        let fall = try #require(orders.firstIndex { $0.stage == 1 && $0.milliamperes == 75_000 })
        let rise = try #require(orders.firstIndex { $0.stage == 0 && $0.milliamperes == 75_000 })
        #expect(fall < rise)
        #expect(orders[fall].at < orders[rise].at, "the rise did not wait for the meter")
        #expect(post.defects.isEmpty)
    }

    @Test("what was granted counts until a meter has measured the fall")
    func unproven() {
        let post = PlausiblePost()
        post.charge()
        let told = post.core.connectors[0].setpoint.milliamperes
        post.targets[0].milliamperes = 10_000
        for event in post.samples(of: 0) { if case .vehicle = event { post.handle(event) } }
        #expect(post.core.connectors[0].setpoint.milliamperes == 10_000)
        #expect(
            post.core.connectors[0].committedWatts(at: post.now) >= watts(millivolts: 400_000, milliamperes: told))
        post.run(.milliseconds(100))
        #expect(post.core.connectors[0].committedWatts(at: post.now) == 4_000)
    }

    @Test("a stage that falls silent between two degrees is noticed within its age")
    func silentBetweenDegrees() {
        let post = PlausiblePost()
        post.recordsAnswer = nil
        post.plug()
        post.tap()
        post.run(.seconds(3))
        #expect(post.status().waiting == .startRecord)
        #expect(post.status().powerAllowed == .test)
        post.stageSilent = true
        post.run(.milliseconds(4_700))
        #expect(post.status().faults.contains(.stageSilent))
        #expect(post.status().powerAllowed == nil)
    }

    @Test("an insulation monitor that falls silent while the current comes down is noticed")
    func silentInRampDown() {
        let post = PlausiblePost()
        post.charge()
        post.monitorSilent = true
        post.run(.milliseconds(4_900))
        #expect(post.status().phase == .charging)
        // The stage does not follow at once: the ramp goes on.
        post.core.connectors[0].beginStopForTest(at: post.now)
        post.now = post.now + .milliseconds(200)
        post.handle(.timePassed)
        #expect(post.status().faults.contains(.insulationSilent))
    }

    @Test("no power is asked for while the pilot reads neither C nor D", arguments: [PilotState.b, .a, .e, .f])
    func pilotLeft(_ pilot: PilotState) {
        let post = PlausiblePost()
        post.recordsAnswer = nil
        post.plug()
        post.tap()
        post.run(.seconds(3))
        guard case .preparing(let session, _) = post.core.connectors[0].state else {
            Issue.record("not preparing")
            return
        }
        post.lines[0].pilot = pilot
        let before = post.log.count
        post.handle(.lines(ConnectorID(0), post.lines[0]))
        post.handle(.startRecorded(session.id, .recorded))
        post.run(.seconds(1))
        let asked = post.log[before...].contains {
            if case .commandStage(_, _, .on) = $0.action { return true }
            if case .allowPower = $0.action { return true }
            return false
        }
        #expect(!asked)
        #expect(post.defects.isEmpty)
    }

    @Test("the stage's own maxima hold, in pre-charge too")
    func maxima() {
        var configuration = PostConfiguration.twoConnectors
        configuration.stages[0].maximumMillivolts = 350_000
        configuration.stages[0].maximumMilliamperes = 1_500
        let post = PlausiblePost(configuration)
        post.charge()
        for entry in post.log {
            guard case .commandStage(StageID(0), _, .on(let millivolts, let milliamperes)) = entry.action else {
                continue
            }
            #expect(millivolts <= 350_000)
            #expect(milliamperes <= 1_500)
        }
        #expect(post.count { if case .allowPower(_, .match) = $0 { true } else { false } } == 0)
        #expect(post.defects.isEmpty)
    }
}

extension Connector {
    fileprivate mutating func beginStopForTest(at now: Instant) {
        var turn = Turn(now: now, actions: Actions(), lastCommand: 0)
        beginStop(.asked, reason: .local, fault: nil, &turn)
    }
}
