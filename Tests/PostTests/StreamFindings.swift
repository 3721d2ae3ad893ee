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
}
