// The closed table of faults: code, class, how long it stays, and where it applies.

/// How the post reacts to a fault, the gravest first.
public enum FaultClass: UInt8, CaseIterable, Sendable, Comparable {
    /// Power is withdrawn in the same call, the stage ordered off, the vehicle told by the pilot.
    case emergency
    /// Current to zero, contactors open at safe current, within 2.5 s; else it becomes an emergency.
    case error
    /// The session ends as if the driver had stopped it, within the stop budget.
    case graceful
    /// The session goes on with less power.
    case derate
    /// The running session goes on; no new one begins.
    case block
    /// Written down and shown; nothing else changes.
    case warning

    /// Whether `left` is the graver.
    public static func < (left: FaultClass, right: FaultClass) -> Bool { left.rawValue < right.rawValue }
}

/// When a raised fault goes away.
public enum FaultRelease: UInt8, CaseIterable, Sendable {
    /// As soon as its cause is gone.
    case withCause
    /// When its cause is gone and the vehicle has been unplugged.
    case whenUnplugged
    /// Only when somebody on site clears it, with a reason. Survives restarts.
    case byService
}

/// Every fault the core can raise. The raw value is the stable number of recordings; the name is the stable code.
public enum Fault: UInt8, CaseIterable, Sendable {
    case emergencyStop = 0, doorOpen = 1, tiltOrWater = 2, protectiveEarthLost = 3, gridLost = 4, linesLost = 5
    case weldedPlus = 6, weldedMinus = 7, weldedBoth = 8, contactorFailsToClose = 9, contactorDropped = 10
    case contactorReadsOpen = 11, currentWhileOpen = 12, outputLiveBeforeTest = 13, outputLiveAfterStop = 14
    case testVoltageNotReached = 15, shortCircuitAtTest = 16, cableCheckTooSlow = 17, preChargeTimeout = 18
    case preChargeMismatch = 19, insulationLow = 20, insulationSelfTestFailed = 21, insulationSilent = 22
    case overVoltage = 23, underVoltage = 24, overCurrent = 25, reverseCurrent = 26, voltageSensorsDisagree = 27
    case vehicleLeftCharging = 28, pilotLost = 29, pilotShorted = 30, pilotUnavailable = 31, pilotInvalid = 32
    case proximityLost = 33, proximityInvalid = 34, lockFailsToClose = 35, lockOpened = 36, lockFailsToOpen = 37
    case vehicleSilent = 38, vehicleNotReady = 39, vehicleIgnoresStop = 40, connectorWarm = 41
    case connectorHot = 42, pinSensorFailed = 43, temperatureSilent = 44, cabinetHot = 45, coolingLost = 46
    case stageDerated = 47, stageFault = 48, stageSilent = 49, stageIgnoresOff = 50, meterSilent = 51
    case meterWentBack = 52, meterFrozen = 53, meterSwapped = 54, startNotRecorded = 55, samplesNotDurable = 56
    case stopNotRecorded = 57, limitSourceSilent = 58, crashLoop = 59, internalDefect = 60, stageTripped = 61
    case meterJumped = 62, stopTooSlow = 63, cardReaderLost = 64, insulationFrozen = 65, pilotPulsed = 66
    case tooCold = 67, heatWithoutCooling = 68, meterDrifts = 69, meterDisagrees = 70
    case latchNotRecorded = 71, safetyControllerSilent = 72, stopCircuitsDisagree = 73
    case ventilationMissing = 74, residualCurrentTripped = 75, residualCurrentUntested = 76, phaseLost = 77
    case handleWarm = 78, handleHot = 79, memoryHigh = 80, memoryExhausted = 81, voltageToEarthHigh = 82
    case coolantLow = 83, clockStepped = 84, mirrorUnreadable = 85
}

/// A row of the fault table.
public struct FaultRow: Sendable {
    /// How the post reacts while power flows or may flow.
    public var whileEnergised: FaultClass
    /// How the post reacts while the connector is idle.
    public var whileIdle: FaultClass
    /// When it goes away.
    public var release: FaultRelease
    /// The number of the public ChargeX "minimum required error code" it maps to, or 0 where none fits. Source: the
    /// numbered names in EVerest's `errors/*.yaml` (MREC2... to MREC26...), which cite ChargeX MREC revision 5.
    public var minimumRequiredErrorCode: UInt8

    init(_ whileEnergised: FaultClass, idle: FaultClass, _ release: FaultRelease, code: UInt8 = 0) {
        self.whileEnergised = whileEnergised
        self.whileIdle = idle
        self.release = release
        self.minimumRequiredErrorCode = code
    }
}

extension Fault {
    /// The fault's row: one place says how each is met.
    public var row: FaultRow {
        switch self {
        case .emergencyStop: FaultRow(.emergency, idle: .block, .whenUnplugged, code: 8)
        case .doorOpen: FaultRow(.emergency, idle: .block, .withCause)
        case .tiltOrWater: FaultRow(.emergency, idle: .block, .byService)
        case .protectiveEarthLost: FaultRow(.emergency, idle: .block, .whenUnplugged, code: 2)
        case .gridLost: FaultRow(.error, idle: .block, .withCause, code: 15)
        case .phaseLost: FaultRow(.error, idle: .block, .withCause)
        // Row 37 of the catalogue: no new try by itself. MREC2 is a residual-current device that has acted.
        case .residualCurrentTripped: FaultRow(.emergency, idle: .block, .byService, code: 2)
        // Row 38: nobody new until it passes.
        case .residualCurrentUntested: FaultRow(.block, idle: .block, .withCause)
        case .linesLost, .safetyControllerSilent: FaultRow(.emergency, idle: .block, .withCause)
        case .stopCircuitsDisagree: FaultRow(.emergency, idle: .block, .byService)
        case .weldedPlus, .weldedMinus, .weldedBoth: FaultRow(.emergency, idle: .block, .byService, code: 17)
        case .contactorFailsToClose: FaultRow(.error, idle: .block, .whenUnplugged, code: 17)
        case .contactorDropped, .contactorReadsOpen: FaultRow(.error, idle: .block, .whenUnplugged, code: 17)
        // Row 15 at rest: what cannot be read is as good as none, and nothing begins behind it.
        case .mirrorUnreadable: FaultRow(.error, idle: .block, .withCause, code: 17)
        case .currentWhileOpen: FaultRow(.emergency, idle: .block, .byService)
        case .outputLiveBeforeTest: FaultRow(.error, idle: .block, .whenUnplugged, code: 24)
        case .outputLiveAfterStop: FaultRow(.emergency, idle: .block, .withCause, code: 24)
        case .testVoltageNotReached, .shortCircuitAtTest: FaultRow(.error, idle: .block, .whenUnplugged, code: 11)
        case .cableCheckTooSlow: FaultRow(.graceful, idle: .warning, .whenUnplugged, code: 11)
        case .preChargeTimeout, .preChargeMismatch: FaultRow(.error, idle: .block, .whenUnplugged)
        case .insulationLow: FaultRow(.error, idle: .block, .whenUnplugged, code: 22)
        // Row 29 of the catalogue. MREC22 is a failing of the insulation.
        case .voltageToEarthHigh: FaultRow(.error, idle: .block, .whenUnplugged, code: 22)
        case .insulationSelfTestFailed: FaultRow(.error, idle: .block, .whenUnplugged, code: 11)
        case .insulationSilent: FaultRow(.error, idle: .block, .withCause, code: 11)
        case .overVoltage: FaultRow(.error, idle: .block, .whenUnplugged, code: 5)
        case .underVoltage: FaultRow(.error, idle: .block, .whenUnplugged, code: 6)
        case .overCurrent: FaultRow(.error, idle: .block, .whenUnplugged, code: 4)
        case .reverseCurrent: FaultRow(.emergency, idle: .block, .whenUnplugged)
        case .voltageSensorsDisagree: FaultRow(.error, idle: .block, .whenUnplugged)
        case .vehicleLeftCharging: FaultRow(.graceful, idle: .warning, .whenUnplugged)
        case .pilotLost: FaultRow(.emergency, idle: .warning, .whenUnplugged)
        case .pilotShorted: FaultRow(.emergency, idle: .block, .withCause)
        case .pilotUnavailable: FaultRow(.error, idle: .block, .withCause)
        case .pilotInvalid: FaultRow(.error, idle: .block, .withCause, code: 14)
        case .proximityLost: FaultRow(.emergency, idle: .warning, .whenUnplugged)
        case .proximityInvalid: FaultRow(.emergency, idle: .block, .withCause, code: 23)
        case .lockFailsToClose: FaultRow(.error, idle: .block, .whenUnplugged, code: 1)
        case .lockOpened: FaultRow(.emergency, idle: .block, .whenUnplugged, code: 1)
        case .lockFailsToOpen: FaultRow(.warning, idle: .warning, .withCause, code: 1)
        case .vehicleSilent: FaultRow(.error, idle: .warning, .whenUnplugged)
        case .vehicleNotReady: FaultRow(.graceful, idle: .warning, .whenUnplugged)
        case .vehicleIgnoresStop: FaultRow(.emergency, idle: .warning, .whenUnplugged)
        case .connectorWarm, .handleWarm: FaultRow(.derate, idle: .warning, .withCause, code: 18)
        case .connectorHot, .handleHot: FaultRow(.error, idle: .block, .withCause, code: 19)
        case .pinSensorFailed: FaultRow(.derate, idle: .block, .withCause)
        case .temperatureSilent: FaultRow(.error, idle: .block, .withCause)
        case .cabinetHot: FaultRow(.derate, idle: .block, .withCause, code: 3)
        case .coolingLost: FaultRow(.derate, idle: .warning, .withCause)
        case .stageDerated: FaultRow(.derate, idle: .warning, .withCause)
        case .stageFault: FaultRow(.error, idle: .block, .withCause)
        case .stageSilent: FaultRow(.error, idle: .block, .withCause)
        case .stageIgnoresOff: FaultRow(.emergency, idle: .block, .byService)
        case .meterSilent: FaultRow(.error, idle: .block, .withCause)
        case .meterWentBack: FaultRow(.block, idle: .block, .byService)
        case .meterFrozen: FaultRow(.error, idle: .block, .byService)
        case .meterSwapped: FaultRow(.error, idle: .block, .byService)
        case .startNotRecorded: FaultRow(.graceful, idle: .warning, .whenUnplugged)
        case .samplesNotDurable: FaultRow(.graceful, idle: .block, .withCause)
        case .stopNotRecorded: FaultRow(.block, idle: .block, .withCause)
        case .latchNotRecorded: FaultRow(.block, idle: .block, .withCause)
        case .limitSourceSilent: FaultRow(.derate, idle: .warning, .withCause)
        case .crashLoop: FaultRow(.error, idle: .block, .byService)
        case .stageTripped: FaultRow(.emergency, idle: .block, .withCause)
        case .meterJumped: FaultRow(.block, idle: .block, .byService)
        case .stopTooSlow: FaultRow(.emergency, idle: .warning, .whenUnplugged)
        case .internalDefect: FaultRow(.error, idle: .block, .whenUnplugged)
        // Row 101: told in time; then nobody new, so that a restart finds every connector idle.
        case .memoryHigh: FaultRow(.warning, idle: .warning, .withCause)
        case .memoryExhausted: FaultRow(.block, idle: .block, .withCause)
        case .cardReaderLost: FaultRow(.warning, idle: .warning, .withCause)
        // Row 65 of the catalogue: the contacts would be hot before anybody measures it.
        case .coolantLow: FaultRow(.error, idle: .block, .withCause)
        // Row 103: told for an hour, and nothing else: no timer asks the wall clock.
        case .clockStepped: FaultRow(.warning, idle: .warning, .withCause)
        case .insulationFrozen: FaultRow(.error, idle: .block, .whenUnplugged, code: 11)
        case .pilotPulsed: FaultRow(.warning, idle: .warning, .whenUnplugged)
        case .tooCold: FaultRow(.warning, idle: .block, .withCause)
        case .heatWithoutCooling: FaultRow(.error, idle: .block, .withCause, code: 19)
        case .ventilationMissing: FaultRow(.error, idle: .warning, .whenUnplugged)
        case .meterDrifts: FaultRow(.warning, idle: .warning, .whenUnplugged)
        case .meterDisagrees: FaultRow(.block, idle: .block, .byService)
        }
    }

    /// The stable code: what the API, the journal and the manual call it, in snake case.
    public var code: String { snakeCase("\(self)") }
}

/// A set of faults in two machine words: no allocation, one order.
public struct FaultSet: Hashable, Sendable {
    /// One bit a fault, at the position of its raw value.
    public var bits: UInt128

    /// The set with these bits.
    public init(bits: UInt128 = 0) { self.bits = bits }

    /// Whether nothing is in it.
    public var isEmpty: Bool { bits == 0 }
    /// Whether `fault` is in it.
    @inline(__always)
    public func contains(_ fault: Fault) -> Bool { bits & (1 &<< UInt128(fault.rawValue)) != 0 }
    /// Puts `fault` in; returns whether it was not there before.
    @discardableResult
    public mutating func insert(_ fault: Fault) -> Bool {
        let isNew = !contains(fault)
        bits |= 1 &<< UInt128(fault.rawValue)
        return isNew
    }
    /// Takes `fault` out; returns whether it was there.
    @discardableResult
    public mutating func remove(_ fault: Fault) -> Bool {
        let wasThere = contains(fault)
        bits &= ~(1 &<< UInt128(fault.rawValue))
        return wasThere
    }
    /// Calls `body` for each fault in the order of the table.
    public func forEach(_ body: (Fault) -> Void) {
        var rest = bits
        while rest != 0 {
            let position = UInt8(truncatingIfNeeded: rest.trailingZeroBitCount)
            rest &= rest &- 1
            if let fault = Fault(rawValue: position) { body(fault) }
        }
    }
    /// The first fault in the order of the table.
    public var first: Fault? {
        isEmpty ? nil : Fault(rawValue: UInt8(truncatingIfNeeded: bits.trailingZeroBitCount))
    }
}

/// `"meterWentBack"` to `"meter_went_back"`, `"stoppedByEV"` to `"stopped_by_ev"`.
public func snakeCase(_ name: String) -> String {
    var result = ""
    var wasUppercase = true
    for character in name {
        if character.isUppercase, !wasUppercase { result += "_" }
        wasUppercase = character.isUppercase
        result += character.lowercased()
    }
    return result
}
