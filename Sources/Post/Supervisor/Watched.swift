// What the supervisor knows of one connector: its own copy, fed by events and by the actions that it let pass.

/// One connector in the supervisor's eyes. Nothing here is asked of the session machine.
struct Watched: Sendable {
    let id: ConnectorID
    var configuration: ConnectorConfiguration
    /// Those of the post, at hand where each reading is judged.
    var limits: SafetyLimits
    /// The limits of the stage behind it; a stage that is not configured gives nothing.
    var stageLimits: StageConfiguration

    // What was read

    var lines = Seen<ConnectorLines>()
    var stage = Seen<StageSample>()
    var meter = Seen<MeterSample>()
    var insulation = Seen<InsulationSample>()
    var vehicle = Seen<VehicleSample>()

    // What was commanded

    /// The degree of the permissive given, or nil.
    var allowed: PowerDegree?
    /// When the contactors were last commanded open in this life of the post.
    var openedAt: Instant?
    /// What the stage was told for this connector, since when it is off, and when it was last switched on.
    var setpoint: StageCommand = .off
    var offSince: Instant = .zero
    var wokenAt: Instant = .zero
    /// Whether the path to the stage counts as joined: from the command to close until it is read open.
    var isJoined = true
    var isDischarging = false
    var pilot: PilotOutput = .steady
    /// Whether the plug was released since it was last held or live.
    var isReleased = false
    /// Whether the vehicle was told that this delivery ends.
    var isStopping = false

    // What was found out

    /// When the test voltage was read at the contacts in this session.
    var testVoltageAt: Instant?
    var isInsulationTested = false
    /// Faults that the machine has told, and those that only service may clear.
    var raised = FaultSet()
    var latched = FaultSet()
    var isWeldSuspected = false
    /// Whether the stage was cut off from its supply.
    var isCutOff = false
    /// The books of the newest session here.
    var book: Book?
    /// What holds that must not last, and since when, one entry a `Watch`.
    var standing = WatchSet()
    var since = InlineArray<21, Instant>(repeating: .zero)

    /// Whether a session is open: authorized, and its end not yet told.
    var isInSession: Bool { book.map { !$0.isEnded } ?? false }

    /// Whether a latched fault forbids power. One that lets a running session go on does not.
    var isLatched: Bool {
        var forbids = isWeldSuspected
        latched.forEach { if $0.row.whileEnergised <= .graceful { forbids = true } }
        return forbids
    }

    /// Whether a latched fault forbids that a session begins.
    var isBlocked: Bool {
        var forbids = isWeldSuspected
        latched.forEach { if $0.row.whileIdle <= .block { forbids = true } }
        return forbids
    }

    @inline(__always)
    var hasWeldLatched: Bool {
        latched.contains(.weldedPlus) || latched.contains(.weldedMinus) || latched.contains(.weldedBoth)
    }
}

extension Watched {
    /// Since when a row has held. Mutating though it changes nothing: an instant is read in its place so, and from a copy of all
    /// that is watched else.
    @inline(__always)
    mutating func begun(_ watch: Watch) -> Instant { since[Int(watch.rawValue)] }

    @inline(__always)
    func youngLines(_ now: Instant) -> ConnectorLines? {
        lines.young(at: now, within: limits.linesMaximumAge)
    }
    @inline(__always)
    func youngStage(_ now: Instant) -> StageSample? {
        stage.young(at: now, within: limits.stageMaximumAge)
    }
    @inline(__always)
    func youngMeter(_ now: Instant) -> MeterSample? {
        meter.young(at: now, within: limits.meterMaximumAge)
    }
    @inline(__always)
    func youngInsulation(_ now: Instant) -> InsulationSample? {
        insulation.young(at: now, within: limits.insulationMaximumAge)
    }

    /// The current by the newest young reading of meter or stage; of two of one instant the larger. Nil: nobody knows.
    @inline(__always)
    func newestCurrent(_ now: Instant) -> UInt32? {
        let first = youngMeter(now)?.milliamperes.magnitude
        let second = youngStage(now)?.milliamperes.magnitude
        guard let first else { return second }
        guard let second else { return first }
        if meter.measuredAt == stage.measuredAt { return max(first, second) }
        return meter.measuredAt > stage.measuredAt ? first : second
    }

    /// Whether a young sample of the stage, made long enough after "off", shows that it gives all the same.
    @inline(__always)
    func stageStillGives(_ now: Instant) -> Bool {
        guard let sample = youngStage(now), stage.measuredAt - offSince >= limits.stageOffWithin else {
            return false
        }
        return sample.milliamperes > limits.safeOpeningMilliamperes
            || (sample.isOn && sample.millivolts > limits.touchSafeMillivolts)
    }

    /// Whether the monitor's newest young reading is good enough for energy.
    @inline(__always)
    func isInsulationGood(_ now: Instant) -> Bool {
        youngInsulation(now).map { $0.isGood(limits) } ?? false
    }
}

extension InsulationSample {
    /// Whether the insulation bears the voltage it was measured at: so many ohms a volt, and never less than the floor,
    /// by a monitor that trusts itself.
    @inline(__always)
    func isGood(_ limits: SafetyLimits) -> Bool {
        let byVoltage = Int64(millivolts.magnitude) * Int64(limits.insulationOhmsPerVolt) / 1_000
        return selfTest != .failed && Int64(ohms) >= max(byVoltage, Int64(limits.insulationFloorOhms))
    }
}

extension ConnectorLines {
    @inline(__always)
    var areBothOpen: Bool { contactorPlus == .open && contactorMinus == .open }
    @inline(__always)
    var areBothClosed: Bool { contactorPlus == .closed && contactorMinus == .closed }
    var isOneOpen: Bool { contactorPlus == .open || contactorMinus == .open }
    @inline(__always)
    var isOneClosed: Bool { contactorPlus == .closed || contactorMinus == .closed }
}

extension Fault {
    /// Whether the fault says that a contactor no longer opens.
    var isWeld: Bool { self == .weldedPlus || self == .weldedMinus || self == .weldedBoth }
}

/// A reading as the supervisor keeps it: never one from the future, and never an older one after a younger. What is
/// missing or too old is unknown.
struct Seen<Value: Sendable>: Sendable {
    /// The newest reading, however old, or nil.
    private(set) var newest: Value?
    private(set) var measuredAt = Instant(microseconds: .min)

    /// Takes a reading in; returns whether it counts.
    @discardableResult
    mutating func take(_ reading: Value, measuredAt instant: Instant, at now: Instant) -> Bool {
        guard instant <= now, instant >= measuredAt else { return false }
        newest = reading
        measuredAt = instant
        return true
    }

    mutating func forget() { newest = nil }

    @inline(__always)
    func young(at now: Instant, within age: Interval) -> Value? {
        now - measuredAt <= age ? newest : nil
    }

    /// The first instant at which the reading is too old, or nil if there is none.
    @inline(__always)
    func turnsOld(after age: Interval) -> Instant? {
        newest.isThere ? measuredAt + age + Interval(microseconds: 1) : nil
    }
}

extension Seen: Visitable where Value: Canonical {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&newest)
        try visitor.field(&measuredAt)
    }
}
