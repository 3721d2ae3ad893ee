// What the safety controller measures and drives, as devices of the post: pilot, proximity, its own interlock circuits.

package import Devices
package import GPIODriver
package import Post
package import SafetyLink
import Synchronization

/// A pilot behind the safety controller; the proximity contact is a line of ours where one is wired.
package final class ControllerPilot: PilotLine {
    private let controller: SafetyController?
    private let connector: Int
    private let contact: ProximityLine?

    package init(_ controller: SafetyController?, connector: Int, _ contact: ProximityLine?) {
        self.controller = controller
        self.connector = connector
        self.contact = contact
    }

    /// Never fails by itself: the order stands, and a controller that is silent is said by `state`.
    package func drive(_ output: PilotOutput) throws(DeviceError) {
        controller?.order(output, connector: connector)
    }

    package func state() throws(DeviceError) -> PilotState { try reading().pilot }

    package func proximity() throws(DeviceError) -> Proximity {
        if let contact { return try contact.read() }
        return try reading().proximity
    }

    private func reading() throws(DeviceError) -> ControllerReading {
        guard let frame = controller?.frame, connector < frame.connectors.count else { throw .gone }
        return frame.connectors[connector]
    }
}

/// The interlocks of both layers: what either says is so. That the controller is silent is a level of its own.
package final class JoinedInterlocks: InterlockInputs {
    private let lines: any InterlockInputs
    private let controller: SafetyController?
    private let stops: StopCircuits
    private let clock: @Sendable () -> Instant

    package init(
        _ lines: any InterlockInputs, _ controller: SafetyController?, _ stops: StopCircuits,
        _ clock: @escaping @Sendable () -> Instant
    ) {
        self.lines = lines
        self.controller = controller
        self.stops = stops
        self.clock = clock
    }

    package func read() throws(DeviceError) -> InterlockLevels {
        var levels = try lines.read()
        guard let frame = controller?.frame else {
            stops.forget()
            levels.isControllerSilent = true
            return levels
        }
        levels.stopCircuitsDiffer = levels.emergencyStopPressed == frame.isEmergencyStopClosed
        stops.saw(line: levels.emergencyStopPressed, controller: !frame.isEmergencyStopClosed, at: clock())
        if !frame.isEmergencyStopClosed { levels.emergencyStopPressed = true }
        // Whatever is wired into the controller's chain, an open chain is met as an open door is: class E.
        if !frame.areInterlocksClosed { levels.doorOpen = true }
        return levels
    }
}

/// The two circuits of the emergency stop, one to our line and one to the controller: they must agree.
package final class StopCircuits: Sendable {
    /// Longer than that and one of them is broken. Source: row 3 of the fault study, engineering default.
    static let disagreeAtMost: Interval = .milliseconds(200)
    private struct State {
        var line = false
        var controller = false
        var differSince: Instant?
    }
    private let state = Mutex(State())

    package init() {}

    func saw(line: Bool, controller: Bool, at now: Instant) {
        state.withLock { state in
            state.line = line
            state.controller = controller
            if line == controller {
                state.differSince = nil
            } else if state.differSince == nil {
                state.differSince = now
            }
        }
    }

    /// What one of them said before counts no longer.
    func forget() { state.withLock { $0.differSince = nil } }

    /// Which circuit stands alone, and what to do; nil while both say the same.
    package func trouble(at now: Instant) -> String? {
        let state = state.withLock { $0 }
        guard let since = state.differSince, now - since > Self.disagreeAtMost else { return nil }
        let (pressed, closed) =
            state.line
            ? ("the post's own line", "the safety controller") : ("the safety controller", "the post's own line")
        return
            "The two circuits of the emergency stop disagree: pressed by \(pressed), not by \(closed). No power is "
            + "allowed; look for a cut wire in the first, a welded or bridged contact in the second."
    }
}
