// The surroundings of one connector at small scale: discrete values that follow what the post wants, without physics.

import Post

/// What stands around the post, coarse enough to be finite. It is half of what an exploration tells apart.
struct SmallWorld: Hashable {
    /// The last thing the vehicle was told that it waits for.
    enum Told: UInt8 { case nothing, authorized, cableCheckPassed, stop, ended }

    var isPlugged = false
    var pilot = PilotState.a
    var phase = VehiclePhase.silent
    var told = Told.nothing
    var isToldClosed = false
    var plus = ContactSense.open
    var minus = ContactSense.open
    var isToldLocked = false
    var lock = ContactSense.open
    var isStopPressed = false
    var stage = StageCommand.off
    var millivolts: Int32 = 0
    var milliamperes: Int32 = 0
    /// Whether the monitor has come to the end of the test it was told to run.
    var isTested = true
    var isCloudUp = false
    var isLimited = false
    var isStartAsked = false
    var isStopAsked = false
    var isSampleAsked = false
    var hasOpenRecord = false
    var latches = FaultSet()
    var trouble: Trouble?

    static let batteryMillivolts: Int32 = 400_000
    static let batteryMilliamperes: Int32 = 100_000

    /// The mirror contacts, the lock and the wires as the post reads them.
    var lines: ConnectorLines {
        let isUnknown = trouble == .mirrorContactUnknown
        return ConnectorLines(
            pilot: trouble == .pilotInvalid ? .invalid : pilot,
            proximity: trouble == .proximityInvalid ? .invalid : isPlugged ? .seated : .open, lock: lock,
            contactorPlus: isUnknown ? .unknown : plus, contactorMinus: minus, stopPressed: isStopPressed)
    }

    var interlocks: InterlockLevels {
        InterlockLevels(
            emergencyStopPressed: trouble == .emergencyStop, doorOpen: trouble == .doorOpen,
            tiltOrWater: trouble == .water, protectiveEarthGood: trouble != .earthLost,
            gridPresent: trouble != .gridLost, residualCurrentTripped: trouble == .residualCurrent)
    }

    /// Contacts and lock go where they were told, unless something holds them.
    mutating func settle() {
        plus = isToldClosed || (trouble == .plusWelded && plus == .closed) ? .closed : .open
        minus = isToldClosed && trouble != .minusStaysOpen ? .closed : .open
        if trouble != .lockStuck { lock = isToldLocked ? .closed : .open }
        flow()
    }

    /// Voltage and current at the contacts, from what the stage was told and what is closed.
    mutating func flow() {
        let isJoined = plus == .closed && minus == .closed
        if trouble == .stageIgnoresSetpoint { return }
        switch stage {
        case .off: milliamperes = 0
        case .on(let target, let most):
            let hasBattery = phase == .charge
            millivolts = isJoined ? (hasBattery ? Self.batteryMillivolts : target) : 0
            milliamperes = isJoined && hasBattery ? min(most, Self.batteryMilliamperes) : 0
        }
        if !isJoined { milliamperes = 0 }
        if !isJoined || (stage == .off && phase != .charge) { millivolts = 0 }
        if trouble == .contactsLive { millivolts = Self.batteryMillivolts }
        if trouble == .reverseCurrent, isJoined { milliamperes = -10_000 }
    }
}
