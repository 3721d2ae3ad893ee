// What the random streams found in the session machine, and the supervisor caught: each its shortest course, mended since.

import Testing

@testable import Post

@Suite("What the random streams found in the machine")
struct StreamFindings {
    @Test("seed 100: a vehicle's message from the future does not count as a wish for power")
    func messageFromTheFuture() {
        let post = PlausiblePost()
        post.plug()
        post.tap()
        post.lag = .milliseconds(-500)
        post.run(.seconds(3))
        #expect(post.defects.isEmpty)
        #expect(post.count { if case .allowPower = $0 { true } else { false } } == 0)
    }

    @Test("seed 61: the plug is not released on one sensor's old zero and another's newer silence")
    func deadByTwoHalves() {
        let post = PlausiblePost()
        post.charge()
        post.run(.seconds(1))
        // The monitor's clock is 4 s late: its reading of dead contacts is older than the opening.
        let id = ConnectorID(0)
        post.monitorSilent = true
        post.handle(.command(CommandNumber(1), .stop(id, .remote)))
        while post.status().powerAllowed != nil { post.run(.milliseconds(10)) }
        let opened = post.now
        post.volts[0] = 400_000
        post.run(.milliseconds(200))
        post.meterSilent = true
        let before = Instant(microseconds: opened.microseconds - 1_000_000)
        post.handle(
            .insulation(
                id, InsulationSample(measuredAt: before, ohms: 10_000_000, millivolts: 0, selfTest: .passed)))
        post.run(.seconds(4))
        #expect(post.defects.isEmpty)
        #expect(post.count { if case .tellVehicle(_, _, .ended) = $0 { true } else { false } } == 0)
    }

    @Test("seed 286: new limits wait for a session that the records still hold open")
    func limitsWaitForARestoredSession() {
        let post = PlausiblePost()
        post.charge()
        // The lines say nothing after the start, so the session cannot be closed yet.
        post.restart(hears: false)
        let before = post.core.configuration
        var next = before
        next.limits.refusalShownFor = .seconds(7)
        post.handle(.configured(next))
        #expect(post.core.configuration == before)
        post.unplug()
        post.run(.seconds(15))
        #expect(post.core.configuration == next)
        #expect(post.defects.isEmpty)
    }

    @Test("seed 2318: a vehicle that leaves state C under load opens within 100 ms, also where a stop is under way")
    func vehicleLeavesInAStop() {
        let post = PlausiblePost()
        post.charge()
        post.run(.seconds(1))
        // The stage does not follow the setpoint down, and the vehicle does not wait for it.
        post.followsSetpoint = false
        post.handle(.command(CommandNumber(1), .stop(ConnectorID(0), .remote)))
        post.run(.milliseconds(200))
        post.lines[0].pilot = .b
        post.run(.milliseconds(400))
        #expect(post.status().powerAllowed == nil)
        #expect(post.defects.isEmpty)
    }

    @Test("seed 5477: a card that waits for a plug begins no second session after it was started by hand elsewhere")
    func oneTapOneSession() {
        var configuration = PostConfiguration.twoConnectors
        configuration.readers = [.wholePost, .connector(ConnectorID(1))]
        let post = PlausiblePost(configuration)
        post.tap(1, at: 1)
        post.plug(0)
        post.handle(.command(CommandNumber(1), .start(ConnectorID(0), TokenName(high: 9, low: 1))))
        post.run(.seconds(4))
        post.handle(.command(CommandNumber(2), .stop(ConnectorID(0), .remote)))
        post.run(.seconds(3))
        post.unplug(0)
        post.plug(1)
        post.run(.seconds(1))
        #expect(post.count { if case .recordStart = $0 { true } else { false } } == 1)
        #expect(post.defects.isEmpty)
    }

    @Test("a card that waits on the list's older yes waits no more once the list says no at another reader")
    func newestAnswerCounts() {
        var configuration = PostConfiguration.twoConnectors
        configuration.readers = [.wholePost, .connector(ConnectorID(1))]
        let post = PlausiblePost(configuration)
        post.tap(1, at: 1)
        post.run(.seconds(3))
        post.tap(1, verdict: .refused(.blockedToken), at: 0)
        post.plug(1)
        post.run(.seconds(1))
        #expect(post.count { if case .recordStart = $0 { true } else { false } } == 0)
        #expect(post.status(1).phase == .occupied)
        #expect(post.defects.isEmpty)
    }

    @Test("what is granted is told at the voltage it was shared out at, and stays within the site's limit")
    func grantedWithinTheLimit() {
        var configuration = PostConfiguration.twoConnectors
        configuration.siteLimitWatts = 10_000
        let post = PlausiblePost(configuration)
        post.charge()
        // The monitor reads 40 V more than the meter: within the spread that two sensors may have.
        let id = ConnectorID(0)
        for _ in 0..<5 {
            post.run(.milliseconds(20))
            post.handle(
                .insulation(
                    id,
                    InsulationSample(measuredAt: post.now, ohms: 10_000_000, millivolts: 440_000, selfTest: .passed)
                ))
            #expect(post.status().grantedWatts > 9_000)
            #expect(post.status().grantedWatts <= 10_000)
        }
    }
}
