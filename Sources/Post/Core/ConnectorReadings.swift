// The newest reading of everything around one connector, and how old each may be.

/// What one connector knows of the outside. Nil means never heard; too old means unknown.
struct ConnectorReadings: Hashable, Sendable {
    var lines: ConnectorLines?
    var linesAt: Instant = .zero
    /// Whether the lines were lost, and have not been read since.
    var areLinesLost = false
    var stage: StageSample?
    var meter: MeterSample?
    var insulation: InsulationSample?
    var vehicle: VehicleSample?
    var temperature: TemperatureSample?
    /// The serial number of the meter that is known, from the first that measured from `meterKnownFrom` on: the one that the
    /// records know or, where they know none, that meter's own.
    var knownSerial: UInt64?
    /// The serial number that the records know, until a meter has measured.
    var restoredSerial: UInt64?
    /// The start, or when service said that the meter was changed on purpose: what was measured before is of another.
    var meterKnownFrom: Instant = .zero

    /// Whether a sample replaces the one before: never one from the future, never an older one a younger.
    @inline(__always)
    static func replaces(_ before: Instant?, _ measuredAt: Instant, at now: Instant) -> Bool {
        guard measuredAt <= now else { return false }
        return before.map { measuredAt >= $0 } ?? true
    }

    /// Whether a reading of that instant is young enough. What is stamped in the future is not young.
    @inline(__always)
    static func isYoung(_ measuredAt: Instant, at now: Instant, _ maximumAge: Interval) -> Bool {
        measuredAt <= now && now - measuredAt <= maximumAge
    }

    @inline(__always)
    func youngMeter(at now: Instant, _ limits: SafetyLimits) -> MeterSample? {
        guard let meter, Self.isYoung(meter.measuredAt, at: now, limits.meterMaximumAge) else { return nil }
        return meter
    }
    @inline(__always)
    func youngStage(at now: Instant, _ limits: SafetyLimits) -> StageSample? {
        guard let stage, Self.isYoung(stage.measuredAt, at: now, limits.stageMaximumAge) else { return nil }
        return stage
    }
    @inline(__always)
    func youngInsulation(at now: Instant, _ limits: SafetyLimits) -> InsulationSample? {
        guard let insulation, Self.isYoung(insulation.measuredAt, at: now, limits.insulationMaximumAge) else {
            return nil
        }
        return insulation
    }
    @inline(__always)
    func youngVehicle(at now: Instant, _ limits: SafetyLimits) -> VehicleSample? {
        guard let vehicle, Self.isYoung(vehicle.measuredAt, at: now, limits.vehicleSlowMaximumAge) else {
            return nil
        }
        return vehicle
    }
    @inline(__always)
    func youngLines(at now: Instant, _ limits: SafetyLimits) -> ConnectorLines? {
        guard let lines, Self.isYoung(linesAt, at: now, limits.linesMaximumAge) else { return nil }
        return lines
    }

    /// The voltage at the contacts by every young sensor there: the highest counts. Nil means nobody knows.
    @inline(__always)
    func contactMillivolts(at now: Instant, _ limits: SafetyLimits) -> Int32? {
        let first = youngMeter(at: now, limits)?.millivolts
        let second = youngInsulation(at: now, limits)?.millivolts
        guard let first else { return second }
        guard let second else { return first }
        return first.magnitude >= second.magnitude ? first : second
    }

    /// Whether a young sensor at the contacts reads what may not be touched.
    @inline(__always)
    func areContactsLive(at now: Instant, _ limits: SafetyLimits) -> Bool {
        guard let millivolts = contactMillivolts(at: now, limits) else { return false }
        return millivolts.magnitude >= limits.touchSafeMillivolts.magnitude
    }

    /// Whether the last word of a sensor at the contacts, said since `instant`, is that they may not be touched. At rest each speaks
    /// once in 10 s: until it speaks again, one that reads dead does not overrule it.
    func wereContactsLive(at now: Instant, _ limits: SafetyLimits, since instant: Instant) -> Bool {
        func isLive(_ millivolts: Int32, _ measuredAt: Instant) -> Bool {
            millivolts.magnitude >= limits.touchSafeMillivolts.magnitude && measuredAt >= instant
                && Self.isYoung(measuredAt, at: now, limits.idleMaximumAge)
        }
        if let meter, isLive(meter.millivolts, meter.measuredAt) { return true }
        if let insulation, isLive(insulation.millivolts, insulation.measuredAt) { return true }
        return false
    }

    /// Whether both sensors at the contacts have said since `instant` that they may not be touched.
    func bothSaidLive(since instant: Instant, _ limits: SafetyLimits) -> Bool {
        guard let meter, let insulation else { return false }
        let safe = limits.touchSafeMillivolts.magnitude
        return meter.measuredAt >= instant && meter.millivolts.magnitude >= safe && insulation.measuredAt >= instant
            && insulation.millivolts.magnitude >= safe
    }

    /// Whether the vehicle asks for energy by the pilot now.
    @inline(__always)
    func asksByPilot(at now: Instant, _ limits: SafetyLimits) -> Bool {
        guard let lines = youngLines(at: now, limits) else { return false }
        return lines.pilot == .c || lines.pilot == .d
    }

    /// Whether both mirror contacts read closed by lines young enough.
    func areContactorsClosed(at now: Instant, _ limits: SafetyLimits) -> Bool {
        guard let lines = youngLines(at: now, limits) else { return false }
        return lines.contactorPlus == .closed && lines.contactorMinus == .closed
    }

    /// Whether the contacts are known to be below 60 V: no young reading says otherwise, and one made since `instant`
    /// says so. With a weld suspected both sensors must.
    func areContactsDead(
        at now: Instant, _ limits: SafetyLimits, bothSensors: Bool,
        since instant: Instant = Instant(microseconds: .min)
    ) -> Bool {
        let safe = limits.touchSafeMillivolts.magnitude
        let first = youngMeter(at: now, limits)
        let second = youngInsulation(at: now, limits)
        if let first, first.millivolts.magnitude >= safe { return false }
        if let second, second.millivolts.magnitude >= safe { return false }
        let isFirst = first.map { $0.measuredAt >= instant } ?? false
        let isSecond = second.map { $0.measuredAt >= instant } ?? false
        return bothSensors ? isFirst && isSecond : isFirst || isSecond
    }

    /// The current by the newer reading of meter and stage, if either is young; of two of one instant by the larger. The
    /// older one tells of a current that may have fallen since. Nil means nobody knows.
    @inline(__always)
    func currentMagnitude(at now: Instant, _ limits: SafetyLimits) -> UInt32? {
        let (meter, stage) = (youngMeter(at: now, limits), youngStage(at: now, limits))
        guard let meter else { return stage?.milliamperes.magnitude }
        guard let stage else { return meter.milliamperes.magnitude }
        if meter.measuredAt == stage.measuredAt {
            return max(meter.milliamperes.magnitude, stage.milliamperes.magnitude)
        }
        return meter.measuredAt > stage.measuredAt ? meter.milliamperes.magnitude : stage.milliamperes.magnitude
    }

    /// Whether the plug sits: both contacts say so. While it is pushed in or drawn one of them is ahead of the other.
    @inline(__always)
    var isSeated: Bool {
        guard let lines else { return false }
        return lines.proximity == .seated && (lines.pilot == .b || lines.pilot == .c || lines.pilot == .d)
    }

    /// Whether a plug is in: the proximity contact is not open, or the pilot sees a vehicle.
    @inline(__always)
    var isPlugged: Bool {
        guard let lines else { return false }
        return lines.proximity != .open || lines.pilot == .b || lines.pilot == .c || lines.pilot == .d
    }
}
