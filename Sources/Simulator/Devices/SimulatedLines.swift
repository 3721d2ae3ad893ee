// The other lines of a connector: pilot and proximity, lock, discharge, stop button, lamp.

public import Devices
public import Post

/// Pilot and proximity of one connector: what they read depends on plug, vehicle and wire.
public final class SimulatedPilot: PilotLine {
    /// What the post makes the pilot say.
    public private(set) var output: PilotOutput = .steady
    /// The wire reads this, whatever else is so.
    var forcedState: PilotState?
    var forcedProximity: Proximity?
    var isGone = false
    /// The controller that measures it is not heard; what it was ordered stands.
    private var isUnheard = false
    /// What its last frame said, as long as nobody has missed the next.
    private var lastFrame: (pilot: PilotState, proximity: Proximity)?
    private unowned let connector: SimulatedConnector

    init(_ connector: SimulatedConnector) { self.connector = connector }

    /// Drives the pilot; the vehicle notices.
    public func drive(_ output: PilotOutput) throws(DeviceError) {
        if isGone { throw .gone }
        set(output)
    }

    func set(_ output: PilotOutput) {
        guard self.output != output else { return }
        self.output = output
        connector.vehicle?.pilotChanged()
    }

    /// No frame comes any more: what the last one said stands.
    func keepLastFrame() { lastFrame = (measuredState, measuredProximity) }

    /// The controller is missed, or heard again.
    func hear(isSilent: Bool) { (isUnheard, lastFrame) = (isSilent, nil) }

    /// What the controller says of the vehicle's end of the wire.
    public func state() throws(DeviceError) -> PilotState {
        if isGone || isUnheard { throw .gone }
        return lastFrame?.pilot ?? measuredState
    }

    private var measuredState: PilotState {
        if let forcedState { return forcedState }
        if output == .unavailable { return .f }
        guard connector.isPlugSeated, let vehicle = connector.vehicle else { return .a }
        if vehicle.manners.isDiodeMissing, output == .digital { return .invalid }
        guard vehicle.showsStateC else { return .b }
        return vehicle.manners.asksForVentilation ? .d : .c
    }

    /// What it says of the proximity contact.
    public func proximity() throws(DeviceError) -> Proximity {
        if isGone || isUnheard { throw .gone }
        return lastFrame?.proximity ?? measuredProximity
    }

    private var measuredProximity: Proximity { forcedProximity ?? (connector.isPlugSeated ? .seated : .open) }
}

/// The lock of a connector that the post holds: a motor that takes its time, and a sense contact.
public final class SimulatedLock: ConnectorLock {
    /// How long the motor travels. Engineering default.
    static let travels: Interval = .milliseconds(300)
    /// Whether the bolt is in.
    public private(set) var isLocked = false
    private var isDriven = false
    /// Whether it fell back by itself and has not been driven to an end since.
    private(set) var hasFallenBack = false
    /// Whether the contacts were live as the motor was started.
    private var wasLiveWhenTold = false
    private var generation: UInt32 = 0
    var isStuck = false
    var isGone = false
    private unowned let connector: SimulatedConnector

    init(_ connector: SimulatedConnector) { self.connector = connector }

    /// Starts the motor.
    public func drive(isHeld: Bool) throws(DeviceError) {
        if isGone { throw .gone }
        isDriven = isHeld
        generation &+= 1
        connector.settle()
        wasLiveWhenTold = connector.isLive
        connector.post.plan(
            .lockArrives, index: UInt8(connector.index), generation: generation, after: Self.travels)
    }

    /// The sense contact.
    public func sense() throws(DeviceError) -> ContactSense {
        if isGone { throw .gone }
        return isLocked ? .closed : .open
    }

    func arrives(generation: UInt32) {
        guard generation == self.generation, !isStuck, isLocked != isDriven else { return }
        isLocked = isDriven
        hasFallenBack = false
        connector.settle()
        // A bolt that is in again has not fallen back any more.
        if isLocked { connector.world.judge.mends(.lock, connector.place, wasBroken: false) }
        // What a vehicle has made live since then nobody could know.
        if !isLocked, wasLiveWhenTold {
            connector.world.judge.released(connector.branch, connector.place, at: connector.world.now)
        }
        connector.post.touchLines()
    }

    /// The bolt falls back without anybody having driven it.
    func opensByItself() {
        hasFallenBack = isLocked || hasFallenBack
        isLocked = false
        connector.post.touchLines()
    }
}

/// The discharge resistor of one connector.
public final class SimulatedDischarge: DischargePath {
    /// Its line is gone with the others: nobody can connect the resistor.
    var isGone = false
    private unowned let connector: SimulatedConnector
    init(_ connector: SimulatedConnector) { self.connector = connector }
    /// Connects or disconnects it.
    public func drive(isOn: Bool) throws(DeviceError) {
        if isGone { throw .gone }
        set(isOn)
    }

    func set(_ isOn: Bool) {
        connector.settle()
        connector.branch.isDischarging = isOn
        connector.island.disturb()
    }
}

/// The driver's stop button.
public final class SimulatedStopButton: StopButton {
    var isDown = false
    /// Whether it is pressed.
    public func isPressed() throws(DeviceError) -> Bool { isDown }
}

/// A lamp that remembers what it shows.
public final class SimulatedIndicator: Indicator {
    /// What the driver sees.
    public private(set) var shown: Indication = .unavailable
    /// Shows this.
    public func show(_ indication: Indication) throws(DeviceError) { shown = indication }
}
