// What devices tell the core: integers with their unit in the name, and the instant they were measured.

/// The control pilot's state as IEC 61851-1 names them, measured at the vehicle's end of the pilot.
public enum PilotState: UInt8, CaseIterable, Sendable {
    /// No vehicle: 12 V.
    case a
    /// A vehicle is connected and not ready for energy: 9 V.
    case b
    /// The vehicle asks for energy: 6 V.
    case c
    /// The vehicle asks for energy and ventilation: 3 V. Where the connector has none it is refused.
    case d
    /// Pilot shorted to earth: 0 V.
    case e
    /// Pilot stuck at -12 V, or the post signals not available.
    case f
    /// A resistance or level outside every band of the standard.
    case invalid
}

/// What the proximity contact says about the plug.
public enum Proximity: UInt8, CaseIterable, Sendable {
    /// Nothing plugged in.
    case open
    /// The plug sits fully in the inlet and its latch is closed.
    case seated
    /// A resistance outside every band: partly inserted, latch broken or cable cut.
    case invalid
}

/// A contact that has a position and may be unreadable.
public enum ContactSense: UInt8, CaseIterable, Sendable {
    /// Reads open.
    case open
    /// Reads closed.
    case closed
    /// Cannot be read; never as good as an answer.
    case unknown
}

/// The levels of one connector's near lines, read together on the loop's own thread.
public struct ConnectorLines: Hashable, Sendable {
    /// The control pilot.
    public var pilot: PilotState
    /// The proximity contact.
    public var proximity: Proximity
    /// The lock's own sense contact: closed means locked. `unknown` on connectors that the vehicle locks.
    public var lock: ContactSense
    /// The mirror contact of the positive contactor: a signal of its own, never the drive read back.
    public var contactorPlus: ContactSense
    /// The mirror contact of the negative contactor.
    public var contactorMinus: ContactSense
    /// Whether the driver's stop button is pressed.
    public var stopPressed: Bool

    /// Lines with these levels.
    public init(
        pilot: PilotState, proximity: Proximity, lock: ContactSense,
        contactorPlus: ContactSense, contactorMinus: ContactSense, stopPressed: Bool
    ) {
        self.pilot = pilot
        self.proximity = proximity
        self.lock = lock
        self.contactorPlus = contactorPlus
        self.contactorMinus = contactorMinus
        self.stopPressed = stopPressed
    }
}

/// The levels of the post's interlocks. Wires are closed-circuit: a broken wire reads as the alarm.
public struct InterlockLevels: Hashable, Sendable {
    /// The emergency stop is pressed, or its wire is broken.
    public var emergencyStopPressed: Bool
    /// A door of the enclosure is open.
    public var doorOpen: Bool
    /// The tilt or the water sensor has tripped.
    public var tiltOrWater: Bool
    /// The protective-earth monitor says the earth is good.
    public var protectiveEarthGood: Bool
    /// The grid supply is present, and its voltage is what it should be.
    public var gridPresent: Bool
    /// The two circuits of the emergency stop, one to the post and one to the safety controller, read differently now.
    public var stopCircuitsDiffer: Bool
    /// The safety controller is not heard: whatever it said before counts no longer.
    public var isControllerSilent: Bool
    /// The residual-current device in the supply has tripped: it has cut the supply by itself.
    public var residualCurrentTripped: Bool
    /// The residual-current device has failed the test that it runs on itself.
    public var residualCurrentUntested: Bool
    /// The phase monitor misses one of the supply's phases, or finds them unlike.
    public var phaseMissing: Bool
    /// The contact at the cooling of the cables says that pressure or level of the coolant is too low.
    public var coolantLow: Bool

    /// Interlocks with these levels.
    public init(
        emergencyStopPressed: Bool, doorOpen: Bool, tiltOrWater: Bool, protectiveEarthGood: Bool, gridPresent: Bool,
        stopCircuitsDiffer: Bool = false, isControllerSilent: Bool = false, residualCurrentTripped: Bool = false,
        residualCurrentUntested: Bool = false, phaseMissing: Bool = false, coolantLow: Bool = false
    ) {
        self.emergencyStopPressed = emergencyStopPressed
        self.doorOpen = doorOpen
        self.tiltOrWater = tiltOrWater
        self.protectiveEarthGood = protectiveEarthGood
        self.gridPresent = gridPresent
        self.stopCircuitsDiffer = stopCircuitsDiffer
        self.isControllerSilent = isControllerSilent
        self.residualCurrentTripped = residualCurrentTripped
        self.residualCurrentUntested = residualCurrentUntested
        self.phaseMissing = phaseMissing
        self.coolantLow = coolantLow
    }

    /// Nobody presses, nothing is open, earth and grid are there.
    public static let allGood = InterlockLevels(
        emergencyStopPressed: false, doorOpen: false, tiltOrWater: false, protectiveEarthGood: true,
        gridPresent: true)
}

/// What a power stage says of its own output, upstream of the contactors.
public struct StageSample: Hashable, Sendable {
    /// When the stage measured it.
    public var measuredAt: Instant
    /// Output voltage in millivolts.
    public var millivolts: Int32
    /// Output current in milliamperes, positive towards the vehicle.
    public var milliamperes: Int32
    /// The current the stage could give now, in milliamperes: falls as modules drop out or run hot.
    public var availableMilliamperes: Int32
    /// Whether the output is switched on.
    public var isOn: Bool
    /// Whether the stage reports a fault of its own that keeps it from delivering.
    public var hasFault: Bool
    /// How many of its modules are out of action.
    public var modulesOut: UInt8

    /// A sample with these values.
    public init(
        measuredAt: Instant, millivolts: Int32, milliamperes: Int32, availableMilliamperes: Int32,
        isOn: Bool, hasFault: Bool, modulesOut: UInt8
    ) {
        self.measuredAt = measuredAt
        self.millivolts = millivolts
        self.milliamperes = milliamperes
        self.availableMilliamperes = availableMilliamperes
        self.isOn = isOn
        self.hasFault = hasFault
        self.modulesOut = modulesOut
    }
}

/// What the connector's energy meter says, measured at the connector's own contacts, downstream of the contactors.
public struct MeterSample: Hashable, Sendable {
    /// When the meter measured it.
    public var measuredAt: Instant
    /// Voltage between the connector's contacts in millivolts.
    public var millivolts: Int32
    /// Current in milliamperes, positive towards the vehicle.
    public var milliamperes: Int32
    /// The meter's import register in watt-hours.
    public var energyWattHours: Int64
    /// A number made of the meter's serial number, to notice a swap; 0 is not used.
    public var serial: UInt64

    /// A sample with these values.
    public init(
        measuredAt: Instant, millivolts: Int32, milliamperes: Int32, energyWattHours: Int64, serial: UInt64
    ) {
        self.measuredAt = measuredAt
        self.millivolts = millivolts
        self.milliamperes = milliamperes
        self.energyWattHours = energyWattHours
        self.serial = serial
    }
}

/// What the insulation monitor of a connector says. It also measures the voltage between the contacts: the second,
/// independent reading that a suspected weld asks for.
public struct InsulationSample: Hashable, Sendable {
    /// How the monitor's own test went.
    public enum SelfTest: UInt8, CaseIterable, Sendable {
        /// Not asked for, or not finished.
        case pending
        /// Finished, and the monitor trusts itself.
        case passed
        /// Finished, and the monitor does not trust itself.
        case failed
    }

    /// When the monitor measured it.
    public var measuredAt: Instant
    /// The smaller resistance of the two poles to earth, in ohms.
    public var ohms: Int32
    /// Voltage between the connector's contacts in millivolts, by the monitor's own sensor.
    public var millivolts: Int32
    /// The self-test asked for by `InsulationCommand.test`.
    public var selfTest: SelfTest
    /// Voltage of plus against earth in millivolts; nil where the monitor does not measure it.
    public var plusToEarthMillivolts: Int32?
    /// Voltage of minus against earth in millivolts, as a rule below zero; nil where the monitor does not measure it.
    public var minusToEarthMillivolts: Int32?

    /// A sample with these values.
    public init(
        measuredAt: Instant, ohms: Int32, millivolts: Int32, selfTest: SelfTest,
        plusToEarthMillivolts: Int32? = nil,
        minusToEarthMillivolts: Int32? = nil
    ) {
        self.measuredAt = measuredAt
        self.ohms = ohms
        self.millivolts = millivolts
        self.selfTest = selfTest
        self.plusToEarthMillivolts = plusToEarthMillivolts
        self.minusToEarthMillivolts = minusToEarthMillivolts
    }
}

/// What the vehicle wants now, in the order of an ISO 15118 / DIN 70121 DC session.
public enum VehiclePhase: UInt8, CaseIterable, Sendable {
    /// No communication.
    case silent
    /// Communication is up; the vehicle waits to be authorized and exchanges parameters.
    case parameters
    /// The vehicle asks for the cable check.
    case cableCheck
    /// The vehicle asks for pre-charge to its target voltage.
    case preCharge
    /// The vehicle has closed its own contactors and asks for its target current.
    case charge
    /// The vehicle pauses the delivery and keeps the session.
    case pause
    /// The vehicle asks for the end of the delivery, or looks for welds on its side.
    case stop
    /// The vehicle has ended the session.
    case ended
}

/// The vehicle's newest message, as values.
public struct VehicleSample: Hashable, Sendable {
    /// When the message came in.
    public var measuredAt: Instant
    /// What it asks for.
    public var phase: VehiclePhase
    /// The voltage it asks for, in millivolts.
    public var targetMillivolts: Int32
    /// The current it asks for, in milliamperes.
    public var targetMilliamperes: Int32
    /// The most it ever takes, in millivolts.
    public var maximumMillivolts: Int32
    /// The most it ever takes, in milliamperes.
    public var maximumMilliamperes: Int32
    /// State of charge in tenths of a percent, 0...1000, or -1 if the vehicle does not say.
    public var stateOfChargePerMille: Int16

    /// A sample with these values.
    public init(
        measuredAt: Instant, phase: VehiclePhase, targetMillivolts: Int32, targetMilliamperes: Int32,
        maximumMillivolts: Int32, maximumMilliamperes: Int32, stateOfChargePerMille: Int16
    ) {
        self.measuredAt = measuredAt
        self.phase = phase
        self.targetMillivolts = targetMillivolts
        self.targetMilliamperes = targetMilliamperes
        self.maximumMillivolts = maximumMillivolts
        self.maximumMilliamperes = maximumMilliamperes
        self.stateOfChargePerMille = stateOfChargePerMille
    }
}

/// The temperatures that limit a connector.
public struct TemperatureSample: Hashable, Sendable {
    /// When they were measured.
    public var measuredAt: Instant
    /// First sensor at the contacts, in thousandths of a degree Celsius; nil means open, short or out of range.
    public var pinAMillidegrees: Int32?
    /// Second sensor at the contacts.
    public var pinBMillidegrees: Int32?
    /// The cabinet's air.
    public var cabinetMillidegrees: Int32?
    /// Whether the cooling runs as asked (fan or pump turns, flow is there).
    public var coolingRuns: Bool
    /// The outside of the handle, where a hand holds it; nil where it has no sensor, or one that fails.
    public var handleMillidegrees: Int32?
    /// Whether there is a sensor in the handle and it cannot be read.
    public var handleSensorFails: Bool

    /// The hotter of the two sensors at the contacts; the least number of all where neither measures.
    var hottestPinMillidegrees: Int32 { max(pinAMillidegrees ?? .min, pinBMillidegrees ?? .min) }

    /// A sample with these values.
    public init(
        measuredAt: Instant, pinAMillidegrees: Int32?, pinBMillidegrees: Int32?, cabinetMillidegrees: Int32?,
        coolingRuns: Bool, handleMillidegrees: Int32? = nil, handleSensorFails: Bool = false
    ) {
        self.measuredAt = measuredAt
        self.pinAMillidegrees = pinAMillidegrees
        self.pinBMillidegrees = pinBMillidegrees
        self.cabinetMillidegrees = cabinetMillidegrees
        self.coolingRuns = coolingRuns
        self.handleMillidegrees = handleMillidegrees
        self.handleSensorFails = handleSensorFails
    }
}
