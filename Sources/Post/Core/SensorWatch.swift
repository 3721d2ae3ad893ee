// Sensors that lie: one that stands still, one that jumps, a meter that counts something else than the stage gives.

/// One of the two sensors at the contacts, watched by its neighbour.
struct PinWatch: Hashable, Sendable {
    /// What the neighbour read when this one moved last.
    private var neighbourThen: Int32?
    private(set) var hasJumped = false
    /// Whether it is not believed.
    private(set) var isDoubted = false

    /// Takes in two readings of this sensor and of its neighbour, the time between them, and whether the neighbour was not
    /// believed until now for a jump.
    mutating func take(
        _ before: Int32, _ now: Int32, neighbour neighbourBefore: Int32, _ neighbour: Int32,
        within interval: Interval, hadNeighbourJumped: Bool
    ) {
        let apart = abs(Int64(now) - Int64(neighbour))
        let moved = abs(Int64(now) - Int64(before))
        let neighbourMoved = abs(Int64(neighbour) - Int64(neighbourBefore))
        let seconds = max(1, min(interval.microseconds / 1_000_000, 3_600))
        if moved - neighbourMoved > SafetyLimits.pinJumpMillidegrees * seconds { hasJumped = true }
        if apart <= SafetyLimits.pinAgreementMillidegrees { hasJumped = false }
        // A neighbour that jumps itself says nothing about this one, nor does one that comes back from where it jumped to,
        // however long it took.
        let hasNeighbourJumped =
            hadNeighbourJumped || neighbourMoved * 2 > SafetyLimits.pinJumpMillidegrees * seconds
        // Two that come together were right, or are: who was wrong is not told by how far the other came.
        let wereApart = abs(Int64(before) - Int64(neighbourBefore)) > SafetyLimits.pinAgreementMillidegrees
        let comeTogether = wereApart && apart <= SafetyLimits.pinAgreementMillidegrees
        if moved != 0 || neighbourThen == nil || hasNeighbourJumped || comeTogether { neighbourThen = neighbour }
        let neighbourSince = abs(Int64(neighbour) - Int64(neighbourThen ?? neighbour))
        isDoubted = hasJumped || neighbourSince > SafetyLimits.pinAgreementMillidegrees
    }
}

/// What is remembered to tell a sensor that lies.
struct SensorWatch: Hashable, Sendable {
    var pinA = PinWatch()
    var pinB = PinWatch()
    /// The hottest contact when the cooling stopped, or nil while it runs.
    var uncooledFrom: Int32?
    /// What the meter read when the insulation monitor last said something new.
    var millivoltsThen: Int32?
    /// Since which sample of the monitor each has said that a pole lies too far from earth; nil: the last one did not.
    var highToEarthSince: Instant?
    /// Since when the pilot reads C or D.
    var stateCSince: Instant?
    /// What the stage has given in this session, in watt-microseconds.
    var stageWattMicroseconds: Int64 = 0
    /// The same in watt-hours.
    var stageWattHours: Int64 { stageWattMicroseconds / 3_600_000_000 }
    /// What the comparison of meter and stage came to.
    var meterDeviation: Fault?

    mutating func take(_ before: TemperatureSample?, _ sample: TemperatureSample) {
        uncooledFrom = sample.coolingRuns ? nil : uncooledFrom ?? sample.hottestPinMillidegrees
        guard let before, let wasA = before.pinAMillidegrees, let wasB = before.pinBMillidegrees,
            let a = sample.pinAMillidegrees, let b = sample.pinBMillidegrees
        else {
            (pinA, pinB) = (PinWatch(), PinWatch())
            return
        }
        let interval = sample.measuredAt - before.measuredAt
        let (hadA, hadB) = (pinA.hasJumped, pinB.hasJumped)
        pinA.take(wasA, a, neighbour: wasB, b, within: interval, hadNeighbourJumped: hadB)
        pinB.take(wasB, b, neighbour: wasA, a, within: interval, hadNeighbourJumped: hadA)
    }

    mutating func take(_ before: InsulationSample?, _ sample: InsulationSample, _ meter: MeterSample?) {
        let isSame = before.map { $0.ohms == sample.ohms && $0.millivolts == sample.millivolts } ?? false
        guard !isSame else { return }
        millivoltsThen = meter?.millivolts
    }

    /// Looks at the voltages of the poles to earth. Two that contradict the voltage between them are of different moments, and
    /// say nothing; neither does a monitor that measures none.
    mutating func compare(_ sample: InsulationSample, mostToEarth: Int64, _ limits: SafetyLimits) {
        guard let plus = sample.plusToEarthMillivolts, let minus = sample.minusToEarthMillivolts,
            sample.millivolts.magnitude >= limits.touchSafeMillivolts.magnitude,
            abs(Int64(plus) - Int64(minus) - Int64(sample.millivolts)) <= Int64(limits.sensorSpreadMillivolts),
            max(Int64(plus.magnitude), Int64(minus.magnitude)) > mostToEarth
        else {
            highToEarthSince = nil
            return
        }
        if highToEarthSince == nil { highToEarthSince = sample.measuredAt }
    }

    /// Adds what the stage gave between two samples; of a gap no more than a stage may be silent.
    mutating func add(_ before: StageSample, until next: Instant, atMost age: Interval) {
        let power = max(0, watts(millivolts: before.millivolts, milliamperes: before.milliamperes))
        let time = max(0, min((next - before.measuredAt).microseconds, age.microseconds))
        let (energy, overflow) = min(power, StageConfiguration.ratedWattsAtMost).multipliedReportingOverflow(
            by: time)
        stageWattMicroseconds = stageWattMicroseconds.addingSaturated(overflow ? 0 : energy)
    }

    /// Compares what the meter counted with what the stage gave.
    mutating func compare(_ counted: Int64, step: Int32) {
        let given = stageWattHours
        guard given >= SafetyLimits.compareFromWattHours else { return }
        let difference = abs(given - min(max(0, counted), .max / 2)) - Int64(step)
        if difference > given / 1_000 * SafetyLimits.meterDisagreePerMille {
            meterDeviation = .meterDisagrees
        } else if difference > given / 1_000 * SafetyLimits.meterDriftPerMille {
            meterDeviation = .meterDrifts
        } else {
            meterDeviation = nil
        }
    }
}

extension Connector {
    /// Causes that only show by comparing one reading with another, or with the one before.
    mutating func detectLies(_ now: Instant) {
        if watch.pinA.isDoubted || watch.pinB.isDoubted { causes.insert(.pinSensorFailed) }
        if let from = watch.uncooledFrom, let sample = readings.temperature {
            if Int64(sample.hottestPinMillidegrees) - Int64(from) > SafetyLimits.uncooledRiseMillidegrees {
                causes.insert(.heatWithoutCooling)
            }
        }
        if let cabinet = readings.temperature?.cabinetMillidegrees {
            let rise = faults.contains(.tooCold) ? Int64(limits.pinHysteresisMillidegrees) : 0
            if Int64(cabinet) < Int64(SafetyLimits.coldMillidegrees) + rise { causes.insert(.tooCold) }
        }
        if hasSession, let deviation = watch.meterDeviation { causes.insert(deviation) }
        detectFrozenMonitor(now)
        detectPulse(now)
    }

    /// A monitor that was at rest has said the same for long as the voltage comes: it has as much time from then on.
    private mutating func detectFrozenMonitor(_ now: Instant) {
        var lags = false
        if kind == .charging || kind == .suspended, let then = watch.millivoltsThen,
            let meter = readings.youngMeter(at: now, limits)
        {
            lags = abs(Int64(meter.millivolts) - Int64(then)) > SafetyLimits.frozenMillivolts
        }
        if detection.monitorLags.holds(lags, at: now, for: SafetyLimits.insulationFrozenFor) {
            causes.insert(.insulationFrozen)
        }
    }

    /// A short state C is told and not filtered away: vehicles wake posts so, and bad contacts look the same.
    private mutating func detectPulse(_ now: Instant) {
        guard let lines = readings.youngLines(at: now, limits) else {
            watch.stateCSince = nil
            return
        }
        if lines.pilot == .c || lines.pilot == .d {
            if watch.stateCSince == nil { watch.stateCSince = now }
        } else if let since = watch.stateCSince {
            watch.stateCSince = nil
            let isShort = SafetyLimits.pilotPulse.contains((now - since).microseconds)
            if isShort, lines.pilot == .b, allowed == nil { causes.insert(.pilotPulsed) }
        }
    }
}

extension PinWatch: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&neighbourThen)
        try visitor.field(&hasJumped)
        try visitor.field(&isDoubted)
    }
}
