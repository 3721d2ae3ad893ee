// The one table of what can be broken: it drives the parser, the help, the documentation and the injection.

import Post

/// What a fault is in. The raw value is the word that scenarios and commands use.
public enum FaultUnit: String, CaseIterable, Sendable {
    case emergencyStop = "emergency_stop"
    case door
    case enclosure
    case earth
    case safetyController = "safety_controller"
    case grid
    case residualCurrentDevice = "residual_current_device"
    case lines
    case contactorPlus = "contactor.plus"
    case contactorMinus = "contactor.minus"
    case pilot
    case proximity
    case lock
    case cable
    case plugContacts = "plug_contacts"
    case insulation
    case insulationMonitor = "insulation_monitor"
    case discharge
    case stage
    case meter
    case vehicle
    case pinSensor = "pin_sensor"
    case handle
    case thermometers
    case cabinet
    case cooling
    case process
    case disk
    case network
    case cloud
    case siteManager = "site_manager"
    case clock
    case reader
}

/// How it is broken. The raw value is the word that scenarios and commands use.
public enum FaultMode: String, CaseIterable, Sendable {
    case pressed, bounces, wireBroken = "wire_broken"
    case open, tilted, lost, gone, sags, phaseLost = "phase_lost", tripped
    case welded, stuckOpen = "stuck_open", drops
    case mirrorStuckOpen = "mirror_stuck_open", mirrorStuckClosed = "mirror_stuck_closed"
    case mirrorUnreadable = "mirror_unreadable", mirrorBounces = "mirror_bounces"
    case shorted, stuckAtMinus12 = "stuck_at_minus_12", invalid
    case stuck, opens
    case worn, hot, warm, cold
    case plusToEarth = "plus_to_earth", minusToEarth = "minus_to_earth"
    case silent, slow, frozen, wrong, selfTestFails = "self_test_fails"
    case broken
    case moduleLost = "module_lost", internalFault = "internal_fault", refuses, ignoresOff = "ignores_off"
    case overVoltage = "over_voltage", underVoltage = "under_voltage", overCurrent = "over_current"
    case backfeeds, voltageWrong = "voltage_wrong"
    case goesBack = "goes_back", jumps, swapped
    case leavesStateC = "leaves_state_c", neverReady = "never_ready", ignoresStop = "ignores_stop"
    case ignoresLimits = "ignores_limits", wrongPreCharge = "wrong_pre_charge", neverCloses = "never_closes"
    case diodeMissing = "diode_missing"
    case stopped
    case full, failing, hanging
    case delay, loss, duplicate, corrupt, reorder, rate, limit
    case down, latency, bandwidth, timeout, resetPeer = "reset_peer", slicer, limitData = "limit_data"
    case namesGone = "names_gone", flapping, throttled, refusesEverybody = "refuses_everybody"
    case at1970 = "at_1970", stepsForward = "steps_forward", stepsBack = "steps_back", drifts
    case garbage
    case pulsesC = "pulses_c", countsLess = "counts_less"
    case asksForVentilation = "asks_for_ventilation"
    case circuitsDisagree = "circuits_disagree"
    case commitsSlow = "commits_slow", holdsCharge = "holds_charge", sluggish
    case leaks, lifted, uneven, dropsLoad = "drops_load"
}

/// What the instance number of a fault counts.
public enum FaultScope: String, CaseIterable, Sendable {
    /// Connectors of the post.
    case connector
    /// Power stages of the post.
    case stage
    /// Readers of the post.
    case reader
    /// The post itself: instance 0 only.
    case post
    /// The whole site: instance 0 only.
    case site
}

/// A supported pair of unit and mode. Only pairs of the table can be made.
public struct FaultKind: Hashable, Sendable {
    /// In what.
    public let unit: FaultUnit
    /// How.
    public let mode: FaultMode

    /// The fault with those words, or nil if the world has no such fault.
    public init?(unit: String, mode: String) {
        guard let unit = FaultUnit(rawValue: unit), let mode = FaultMode(rawValue: mode) else { return nil }
        self.init(unit, mode)
    }

    /// The fault of that unit and mode, or nil if the world has no such fault.
    public init?(_ unit: FaultUnit, _ mode: FaultMode) {
        guard FaultTable.rows.contains(where: { $0.unit == unit && $0.mode == mode }) else { return nil }
        self.unit = unit
        self.mode = mode
    }

    init(row: FaultTable.Row) {
        unit = row.unit
        mode = row.mode
    }

    /// Unit and mode, as scenarios write them: `meter.silent`.
    public var name: String { "\(unit.rawValue).\(mode.rawValue)" }

    /// Its row. Every kind has one, since only pairs of the table can be made.
    public var row: FaultTable.Row {
        FaultTable.rows.first { $0.unit == unit && $0.mode == mode } ?? FaultTable.rows[0]
    }

    /// Every fault of the world, in the order of the table.
    public static var all: [FaultKind] { FaultTable.rows.map(FaultKind.init(row:)) }

    /// The modes that a unit has, in the order of the table: what a message about a wrong mode offers.
    public static func modes(of unit: FaultUnit) -> [FaultMode] {
        FaultTable.rows.filter { $0.unit == unit }.map(\.mode)
    }
}
