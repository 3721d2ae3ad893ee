// What must not last at a connector: one row each, with the rule it belongs to and when it holds.

/// Something that must not last. How long it may, `Supervisor.budget(of:_:)` says.
enum Watch: UInt8, CaseIterable, Sendable {
    // Rule 1: a need of the degree is missing, or the degree outlasts its cap
    case stageUnknown, meterUnknown, vehicleUnknown, insulationBad
    case stageOnInTest, stageOnInMatch, testTooLong, matchTooLong
    // Rule 2: pilot states that have a budget, and a stop that outlasts its own
    case vehicleLeft, pilotInvalid, pilotUnavailable, stopTooLong
    // Rule 3: measured against commanded
    case contactorsNotClosed, reverseCurrent, overVoltage, overCurrent, sensorsDisagree
    case stuckClosed, currentWhileOpen, stageIgnoresOff
    // Rule 9: a weld elsewhere has joined a second connector to the stage
    case stageSharedWithWeld

    var rule: Rule {
        switch self {
        case .stageUnknown, .meterUnknown, .vehicleUnknown, .insulationBad, .stageOnInTest, .stageOnInMatch,
            .testTooLong, .matchTooLong:
            .powerNeedsEverything
        case .vehicleLeft, .pilotInvalid, .pilotUnavailable, .stopTooLong: .emergencyAtOnce
        case .contactorsNotClosed, .reverseCurrent, .overVoltage, .overCurrent, .sensorsDisagree, .stuckClosed,
            .currentWhileOpen, .stageIgnoresOff:
            .measuredAgrees
        case .stageSharedWithWeld: .grantsWithinLimits
        }
    }

    /// What service must clear, where the row is of that kind.
    var latch: Fault? {
        switch self {
        case .stuckClosed: .weldedBoth
        case .currentWhileOpen: .currentWhileOpen
        case .stageIgnoresOff: .stageIgnoresOff
        default: nil
        }
    }
}

/// A set of rows in one machine word.
struct WatchSet: Hashable, Sendable, Sequence, IteratorProtocol {
    private(set) var bits: UInt32 = 0

    mutating func insert(_ watch: Watch, if isSo: Bool = true) {
        if isSo { bits |= 1 << UInt32(watch.rawValue) }
    }
    func contains(_ watch: Watch) -> Bool { bits & (1 << UInt32(watch.rawValue)) != 0 }
    func subtracting(_ other: WatchSet) -> WatchSet { WatchSet(bits: bits & ~other.bits) }
    /// Takes the lowest row out of the set. A loop over it, unlike a closure, copies nothing of what it looks at.
    @inline(__always)
    mutating func next() -> Watch? {
        guard bits != 0 else { return nil }
        defer { bits &= bits &- 1 }
        return Watch(rawValue: UInt8(truncatingIfNeeded: bits.trailingZeroBitCount))
    }
}

extension Watched {
    /// The rows that hold now, but for those that look at more than one connector.
    mutating func held(at now: Instant) -> WatchSet {
        guard let degree = allowed else { return heldWithoutPower(at: now) }
        var held = WatchSet()
        let sample = youngStage(now)
        // A stage that rests speaks seldom: woken, it has the time of one sample to speak.
        held.insert(.stageUnknown, if: sample == nil && now - wokenAt > limits.stageMaximumAge)
        held.insert(.insulationBad, if: degree == .charge && !isInsulationGood(now))
        held.insert(.vehicleUnknown, if: !isStopping && vehicle.young(at: now, within: vehicleAge) == nil)
        held.insert(.stageOnInTest, if: degree == .test && setpoint != .off)
        held.insert(.stageOnInMatch, if: degree == .match && setpoint != .off)
        held.insert(.testTooLong, if: degree == .test)
        held.insert(.matchTooLong, if: degree == .match)
        held.insert(.stopTooLong, if: isStopping)
        if let lines = lines.newest {
            held.insert(.vehicleLeft, if: lines.pilot == .b)
            held.insert(.pilotInvalid, if: lines.pilot == .invalid)
            // State D without ventilation has the budget of state F: that of an error.
            let asksInVain = lines.pilot == .d && !configuration.isVentilated
            held.insert(.pilotUnavailable, if: lines.pilot == .f || asksInVain)
            held.insert(.contactorsNotClosed, if: !lines.areBothClosed)
        }
        guard let meter = youngMeter(now) else {
            held.insert(.meterUnknown)
            return held
        }
        let lowest = min(meter.milliamperes, sample?.milliamperes ?? 0)
        held.insert(.reverseCurrent, if: lowest < -limits.reverseMilliamperes)
        if case .on(let millivolts, let milliamperes) = setpoint {
            let mostVolts = Int64(millivolts) + Int64(limits.overVoltageMillivolts)
            let mostAmperes =
                Int64(milliamperes) * Int64(limits.overCurrentPerMille) / 1_000
                + SafetyLimits.overCurrentToleranceMilliamperes
            held.insert(.overVoltage, if: Int64(meter.millivolts) > mostVolts)
            held.insert(.overCurrent, if: Int64(meter.milliamperes) > mostAmperes)
        }
        // While a voltage moves, a sensor that speaks later disagrees with every other.
        let isSteady = degree == .charge && !isStopping
        if let sample, lines.newest?.areBothClosed == true, isSteady || areOfOneMoment(meter, sample) {
            let spread = abs(Int64(meter.millivolts) - Int64(sample.millivolts))
            held.insert(.sensorsDisagree, if: spread > Int64(limits.sensorSpreadMillivolts))
        }
        return held
    }

    @inline(__always)
    private func areOfOneMoment(_ meter: MeterSample, _ stage: StageSample) -> Bool {
        max(meter.measuredAt, stage.measuredAt) - min(meter.measuredAt, stage.measuredAt) <= SafetyLimits.oneMoment
    }

    /// What must not last with the contactors commanded open.
    private mutating func heldWithoutPower(at now: Instant) -> WatchSet {
        var held = WatchSet()
        guard let lines = youngLines(now) else { return held }
        held.insert(.stuckClosed, if: lines.isOneClosed && !hasWeldLatched)
        if lines.areBothOpen, !raised.contains(.currentWhileOpen), let meter = youngMeter(now),
            meter.milliamperes.magnitude > limits.leakageMilliamperes.magnitude,
            meter.measuredAt - (openedAt ?? .zero) >= limits.contactorOpenWithin
        {
            held.insert(.currentWhileOpen)
        }
        return held
    }

    @inline(__always)
    var vehicleAge: Interval {
        allowed == .charge ? limits.vehicleMaximumAge : limits.vehicleSlowMaximumAge
    }
}
