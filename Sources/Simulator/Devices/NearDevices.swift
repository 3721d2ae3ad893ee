// The simulated lines of a connector and of the post: they answer at once from what is so.

import Devices
import Post

/// Pilot and proximity of one connector. What they read depends on plug and vehicle.
final class SimulatedPilot: PilotLine {
    var output: PilotOutput = .steady
    var vehicle: SimulatedVehicle?
    var isSeated = false
    /// A fault on the wire reads as this, whatever else is so.
    var forced: PilotState?
    var forcedProximity: Proximity?
    var isLost = false

    func drive(_ output: PilotOutput) throws(DeviceError) {
        if isLost { throw .gone }
        self.output = output
        vehicle?.pilotChanged(to: output)
    }
    func state() throws(DeviceError) -> PilotState {
        if isLost { throw .gone }
        if let forced { return forced }
        if output == .unavailable { return .f }
        guard isSeated, let vehicle else { return .a }
        return vehicle.wantsEnergy ? .c : .b
    }
    func proximity() throws(DeviceError) -> Proximity {
        if isLost { throw .gone }
        return forcedProximity ?? (isSeated ? .seated : .open)
    }
}

/// A lock motor with a sense contact.
final class SimulatedLock: ConnectorLock {
    var isLocked = false
    var isDrivenLocked = false
    var isStuck = false
    private(set) var generation: UInt32 = 0
    static let travelMilliseconds: Int64 = 300
    let plan: (Int64, UInt32) -> Void

    init(plan: @escaping (Int64, UInt32) -> Void) { self.plan = plan }

    func drive(isHeld: Bool) throws(DeviceError) {
        isDrivenLocked = isHeld
        generation &+= 1
        plan(Self.travelMilliseconds, generation)
    }
    func sense() throws(DeviceError) -> ContactSense { isLocked ? .closed : .open }
    /// The motor has had its time.
    func settle() { if !isStuck { isLocked = isDrivenLocked } }
}

/// A button or a switch.
final class SimulatedButton: StopButton {
    var pressed = false
    func isPressed() throws(DeviceError) -> Bool { pressed }
}

/// The discharge resistor of one connector.
final class SimulatedDischarge: DischargePath {
    let switched: (Bool) -> Void
    init(switched: @escaping (Bool) -> Void) { self.switched = switched }
    func drive(isOn: Bool) throws(DeviceError) { switched(isOn) }
}

/// A lamp that remembers what it shows.
final class SimulatedIndicator: Indicator {
    /// What the driver sees.
    private(set) var shown: Indication = .unavailable
    /// Shows this.
    func show(_ indication: Indication) throws(DeviceError) { shown = indication }
}

/// The post's interlocks, cooling and watchdog.
final class SimulatedEnclosure: InterlockInputs, Cooling, HardwareWatchdog {
    var levels = InterlockLevels.allGood
    var isLost = false
    var isCoolingAsked = true
    var isCoolingBroken = false
    var feedings = 0

    func read() throws(DeviceError) -> InterlockLevels {
        if isLost { throw .gone }
        return levels
    }
    func drive(isOn: Bool) throws(DeviceError) { isCoolingAsked = isOn }
    func feed() throws(DeviceError) { feedings += 1 }
}

/// A card reader: taps are handed in by the people of the world.
final class SimulatedReader: CardReader {
    /// How often it said yes and no.
    private(set) var answers: [Bool] = []
    /// Lights the answer.
    func answer(isAccepted: Bool) throws(DeviceError) { answers.append(isAccepted) }
}
