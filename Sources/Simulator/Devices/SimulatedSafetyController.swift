// The safety controller as its post hears it: frames that stop coming are missed after a while, and trusted again after another.

import Post

/// What its frames, or their absence, have come to. What a frame says is read from the pilots themselves.
struct SimulatedSafetyController {
    /// A frame each 100 ms; gone after 500 ms without one; counted again after 2 s of them. Source: hardware/SafetyLink.md.
    static let frameEvery: Interval = .milliseconds(100)
    static let silentAfter: Interval = .milliseconds(500)
    static let backAfter: Interval = .seconds(2)

    /// Whether its frames are left out.
    fileprivate(set) var areFramesMissing = false
    /// Tells what is planned from what a later change has overtaken.
    fileprivate var generation: UInt32 = 0
}

extension SimulatedPost {
    /// Its frames are left out, or come again. Returns whether that changed anything.
    func leaveFramesOut(_ areMissing: Bool) -> Bool {
        guard change(&controller.areFramesMissing, to: areMissing) else { return false }
        controller.generation &+= 1
        if areMissing {
            // Until they are missed what the last of them said stands.
            for connector in connectors { connector.pilot.keepLastFrame() }
            let sinceLastFrame = world.now.microseconds % SimulatedSafetyController.frameEvery.microseconds
            let left = SimulatedSafetyController.silentAfter.microseconds - sinceLastFrame
            plan(.framesMissed, index: 0, generation: controller.generation, after: Interval(microseconds: left))
        } else if enclosure.levels.isControllerSilent {
            plan(
                .framesMissed, index: 0, generation: controller.generation,
                after: SimulatedSafetyController.backAfter)
        } else {
            hearController(isSilent: false)
        }
        return true
    }

    /// The post has waited for long enough: for a frame, or for frames without a gap.
    func framesMissed(generation: UInt32) {
        guard generation == controller.generation else { return }
        hearController(isSilent: controller.areFramesMissing)
    }

    /// A process that starts has heard no frame of before, and the first that it hears counts.
    func hearControllerAnew() {
        guard controller.areFramesMissing || enclosure.levels.isControllerSilent else { return }
        controller.generation &+= 1
        hearController(isSilent: controller.areFramesMissing)
    }

    private func hearController(isSilent: Bool) {
        enclosure.levels.isControllerSilent = isSilent
        for connector in connectors { connector.pilot.hear(isSilent: isSilent) }
        touchLines()
    }
}
