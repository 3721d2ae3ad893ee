// One connector: its readings, its state machine, its faults, and what it has told its devices.

/// One connector of the post. A value: every method takes the turn and leaves its wishes there.
struct Connector: Sendable {
    let id: ConnectorID
    var configuration: ConnectorConfiguration
    /// The stage it names, for what that bears.
    var stage: StageConfiguration
    var limits: SafetyLimits
    /// What energy costs to whoever begins now.
    var tariff: Tariff?

    var state: ConnectorState = .starting {
        didSet {
            (kind, session) = (state.kind, state.session)
            (preparationStep, stopStep) = (state.preparationStep, state.stopStep)
            ownsStage = state.ownsStage
            stateChanges &+= 1
        }
    }
    // What is looked at many times an event, kept beside `state`: a payload is copied whole to look at a part of it.
    /// Which state it is in.
    private(set) var kind: ConnectorState.Kind = .starting
    /// The session, if there is one.
    private(set) var session: Session?
    /// The step of a preparation, or nil in every other state.
    private(set) var preparationStep: PreparationStep?
    /// The step of a stop, or nil in every other state.
    private(set) var stopStep: StopStep?
    /// Whether the stage was given to this connector, which alone may tell it anything until it is discharged.
    private(set) var ownsStage = false
    /// How often the state was written, around again after the largest number.
    private var stateChanges: UInt32 = 0
    /// Whether there is a session.
    @inline(__always)
    var hasSession: Bool {
        switch kind {
        case .starting, .vacant, .plugged, .finished: false
        case .preparing, .charging, .suspended, .stopping: true
        }
    }
    var since: Instant = .zero
    /// When this boot began.
    var bootedAt: Instant = .zero
    var readings = ConnectorReadings()
    var detection = Detection()
    var watch = SensorWatch()

    /// Faults that are present or wait for their release.
    var faults = FaultSet()
    #if HOLDFAST_SEAMS
        /// Rows that a test has switched off.
        var disarmed = FaultSet()
        /// A defect that a test has put in.
        var seeded: SeededDefect?
        /// Whether nothing is skipped for want of anything new, so that a test can see that skipping changes nothing.
        var skipsNothing = false
    #else
        @inline(__always)
        var skipsNothing: Bool { false }
    #endif
    /// Faults whose cause is there right now.
    var causes = FaultSet()

    /// The degree of the permissive given, or nil.
    var allowed: PowerDegree?
    /// When it was last withdrawn.
    var withdrawnAt: Instant = .zero
    /// What the stage was told last, while this connector has it.
    var setpoint: StageCommand = .off
    var setpointAt: Instant = .zero
    var grantsBefore = GrantsBefore()
    var setpointNumber = CommandNumber(0)
    var setpointSentAt: Instant = .zero
    /// When a command that the stage did not take is sent again.
    var resendAt: Instant?
    /// The highest current granted whose fall no meter has measured yet: it still counts as granted.
    var unprovenMilliamperes: Int32 = 0
    /// What the stage gives of what it is told, in per mille; 1,000 where it gives no more.
    var givenPerMille: Int32 = 1_000
    /// Whether the stage is cut off from its supply because of another connector.
    var isStageTripped = false
    /// What the vehicle was told last of the limits.
    var toldMilliamperes: Int32 = -1
    /// What the power sharing grants now.
    var grantedMilliamperes: Int32 = 0
    var limitedBy: LimitingParty = .none

    var isLockHeld = false
    /// Outside of a session: when a bolt that does not read what it was told is driven again, and how often it was.
    var boltAgain: (againAt: Instant, tries: UInt8)?
    var isDischarging = false
    var isInService = true
    /// Whether every reader that serves it is gone.
    var hasLostReader = false
    var hasRestored = false
    /// Whether the post's interlocks have been read since the start: unknown means no.
    var hasHeardInterlocks = false
    var restored: Session? {
        didSet { hasRestoredSession = restored != nil }
    }
    /// Whether there is one; asked at every event, where the session itself would be copied to be looked at.
    private(set) var hasRestoredSession = false
    /// Why that one ended.
    var restoredReason: StopReason = .powerLoss
    var reservation: (token: TokenName, until: Instant)?
    var refusal: (Refusal, until: Instant)?
    /// A stop that is not durable yet, and when it is asked for again.
    var owedStop: (SessionStop, askAgainAt: Instant, owedSince: Instant)?
    var owedLatches = OwedLatches()
    var owedAvailability = OwedAvailability()
    /// Whether another connector names the same stage: only then can what another does to it matter here.
    var sharesStage = false
    var meterMark = MeterMark()
    /// Whether another connector has the stage that both share.
    var isStageTaken = false
    /// Whether another connector is, or may be, joined to that stage, whoever has it. Found anew in each call.
    var isStageJoinedElsewhere = false
    var lastPhase: ConnectorPhase = .unavailable
    var lastIndication: Indication?

    init(
        id: ConnectorID, configuration: ConnectorConfiguration, stage: StageConfiguration, limits: SafetyLimits
    ) {
        self.id = id
        self.configuration = configuration
        self.stage = stage
        self.limits = limits
    }

    /// Whether the connector keeps the stage from others: while it owns it, and until its path is read open and no weld
    /// on it is suspected.
    @inline(__always)
    var holdsStage: Bool { ownsStage || !readsOpen || isWeldSuspected }

    /// Whether what another connector does to a stage can matter here: it shares one, or did until now.
    @inline(__always)
    var mayHaveLostStage: Bool { sharesStage || isStageTaken || isStageJoinedElsewhere || isStageTripped }

    /// Whether a session waits for the stage that another connector has.
    @inline(__always)
    var isAwaitingStage: Bool { preparationStep == .stage }

    /// Since when it does: whoever lost the stage once more while it prepared keeps its place.
    var waitsSince: Instant { session?.startedAt ?? since }

    /// Whether both mirror contacts read open.
    @inline(__always)
    var readsOpen: Bool { readings.lines?.areBothOpen == true }

    /// Whether both mirror contacts read open by lines young enough.
    func readsOpenNow(_ now: Instant) -> Bool { readings.youngLines(at: now, limits)?.areBothOpen == true }

    @inline(__always)
    var isWeldSuspected: Bool {
        faults.contains(.weldedPlus) || faults.contains(.weldedMinus) || faults.contains(.weldedBoth)
    }

    /// Whether nothing that the mirror contacts say proves the path open: then the contacts count as dead where both sensors say so.
    @inline(__always)
    var needsBothSensors: Bool { isWeldSuspected || faults.contains(.mirrorUnreadable) }

    /// Whether a fault here cuts the stage off from its supply.
    @inline(__always)
    var tripsStage: Bool { isWeldSuspected || faults.contains(.stageIgnoresOff) }

    /// Whether a fault is present that lets no session begin.
    @inline(__always)
    var isBlocked: Bool {
        guard !faults.isEmpty else { return false }
        var isBlocked = false
        faults.forEach { if $0.row.whileIdle <= .block { isBlocked = true } }
        return isBlocked
    }

    /// Whether a session could begin here: in service, interlocks known, nothing that blocks, and the last one written down.
    var isHealthy: Bool { isInService && hasRestored && hasHeardInterlocks && owedStop == nil && !isBlocked }

    /// Moves to another state.
    mutating func become(_ next: ConnectorState, _ turn: inout Turn) {
        // What must last within a charge begins anew with the next one.
        if kind == .charging { (detection.asksNothing.since, detection.tooLittle.since) = (nil, nil) }
        state = next
        since = turn.now
    }

    /// Lets the machine go as far as it can on what is known now. Bounded: each state is entered at most a few times.
    mutating func advance(postCauses: FaultSet, _ turn: inout Turn) {
        detect(postCauses: postCauses, turn.now, &turn)
        settleFaults(&turn)
        var rounds = 0
        while rounds < 12 {
            let before = stateChanges
            switch kind {
            case .starting: advanceStarting(&turn)
            case .vacant:
                dischargeWhileLive(&turn)
                if readings.isPlugged { becomePlugged(&turn) } else { letGoOnceDead(&turn) }
            case .plugged, .finished:
                dischargeWhileLive(&turn)
                if readings.isPlugged { holdWhileLive(&turn) } else { becomeVacant(&turn) }
            case .charging: charge(&turn)
            case .preparing, .suspended, .stopping: advanceSession(&turn)
            }
            if stateChanges == before { break }
            rounds += 1
        }
        askAgainForOwedStop(&turn)
        askAgainForOwedLatch(&turn)
        askAgainForOwedAvailability(&turn)
        keepMeter(&turn)
        if let resendAt, turn.now >= resendAt { sendSetpoint(&turn) }
    }

    @inline(never)
    private mutating func advanceSession(_ turn: inout Turn) {
        switch state {
        case .preparing(let session, let preparation): prepare(session, preparation, &turn)
        case .suspended(let session, let pause, let since): stayPaused(session, pause, since, &turn)
        case .stopping(let session, let stop): finish(session, stop, &turn)
        case .starting, .vacant, .plugged, .charging, .finished: break
        }
    }

    /// Whether this token's session is open here, be it one from before the restart that waits for its lines to be read. One whose
    /// books are closed is over, though its plug may be held for as long as nobody can read the lines.
    func hasOpenSession(of token: TokenName) -> Bool {
        (session?.grant.token == token && !isBooked) || restored?.grant.token == token
    }

    var isBooked: Bool {
        guard case .stopping(_, let stop) = state else { return false }
        return stop.isBooked
    }

    private mutating func becomePlugged(_ turn: inout Turn) {
        become(.plugged(turn.now), &turn)
        refusal = nil
    }

    private mutating func becomeVacant(_ turn: inout Turn) {
        become(.vacant, &turn)
        settleFaults(&turn)
    }

    /// After a start nothing is released until the contacts are known to be dead and the contactors open.
    private mutating func advanceStarting(_ turn: inout Turn) {
        guard hasRestored else { return }
        let areLinesHeard = hasHeardInterlocks && readings.youngLines(at: turn.now, limits) != nil
        if var session = restored {
            // The meter's own register counts if the same meter answers in time, and plausibly. Lines that stay away keep no
            // books open: the stop goes on from what is known, and holds the plug until they are read.
            let isHeard = readings.meter.map { $0.measuredAt >= withdrawnAt } ?? false
            guard isHeard && areLinesHeard || turn.now - since >= limits.meterAfterRestartWithin else {
                // The books may wait; whoever draws the plug does not.
                driveBoltAgain(toldAt: since, &turn)
                return dischargeOnceOrderedOpen(at: since, &turn)
            }
            restored = nil
            if isHeard, let meter = readings.meter { _ = session.take(meter, from: stage, limits) }
            // The session may be over in this call: what is wrong with the meter is said before.
            if let fault = session.meterFault { raise(fault, &turn) }
            let closing = Stop(
                step: .opening, since: turn.now, deadline: turn.now + limits.contactorOpenWithin, urgency: .error,
                reason: restoredReason, fault: nil, openedAt: turn.now, hadStage: false)
            become(.stopping(session, closing), &turn)
            return
        }
        guard areLinesHeard else { return }
        guard
            readings.areContactsDead(at: turn.now, limits, bothSensors: needsBothSensors, since: withdrawnAt),
            !readings.wereContactsLive(at: turn.now, limits, since: withdrawnAt), readsOpen || needsBothSensors
        else {
            // A bolt whose lines were lost as the process started is not in yet, and what keeps the contacts live may last.
            driveBoltAgain(toldAt: since, &turn)
            return dischargeWhileLive(&turn)
        }
        setDischarge(false, &turn)
        if configuration.lockHolder == .post { setLock(false, &turn) }
        become(readings.isPlugged ? .plugged(turn.now) : .vacant, &turn)
    }

    /// Where the post locks, a plug whose contacts are live is held, session or none: the vehicle's own contactors may be
    /// welded.
    mutating func holdWhileLive(_ turn: inout Turn) {
        guard configuration.lockHolder == .post else { return }
        if readings.areContactsLive(at: turn.now, limits) {
            if isLockHeld { driveBoltAgain(toldAt: turn.now, &turn) } else { setLock(true, &turn) }
        } else {
            letGoOnceDead(&turn)
        }
    }

    /// The bolt goes back once the contacts are known to be dead, and where a plug was torn out past it as well: for as long as it
    /// is held the post counts as busy.
    private mutating func letGoOnceDead(_ turn: inout Turn) {
        if configuration.lockHolder == .post, isLockHeld,
            readings.areContactsDead(at: turn.now, limits, bothSensors: needsBothSensors, since: withdrawnAt),
            !readings.wereContactsLive(at: turn.now, limits, since: since)
        {
            setLock(false, &turn)
        } else {
            driveBoltAgain(toldAt: turn.now, &turn)
        }
    }

    /// Contacts that read live with nobody in a session are discharged, whatever has charged them: the plug may be drawn at any
    /// moment, and a cable keeps its charge for longer than that takes.
    mutating func dischargeWhileLive(_ turn: inout Turn) {
        guard allowed == nil, setpoint == .off, readings.contactMillivolts(at: turn.now, limits) != nil else {
            return
        }
        if !readings.areContactsLive(at: turn.now, limits) {
            setDischarge(false, &turn)
        } else if turn.now - withdrawnAt >= SafetyLimits.dischargedUnreadAfter {
            setDischarge(true, &turn)
        }
    }

    /// A bolt that does not read what it was told is driven again, session or none: nobody is stranded by one that stuck, and no
    /// live plug is left loose. Preparation and release have tries of their own. `told`: when it was told last, where that is known.
    mutating func driveBoltAgain(toldAt told: Instant, _ turn: inout Turn) {
        guard configuration.lockHolder == .post, let sense = readings.youngLines(at: turn.now, limits)?.lock,
            sense == (isLockHeld ? .open : .closed)
        else {
            boltAgain = nil
            return
        }
        let (again, tries) = boltAgain ?? (told + limits.lockWithin, 0)
        boltAgain = (again, tries)
        let isDead = readings.areContactsDead(
            at: turn.now, limits, bothSensors: needsBothSensors, since: withdrawnAt)
        guard turn.now >= again, isLockHeld || isDead else { return }
        let next = tries < limits.lockTries ? tries + 1 : tries
        let isGivenUp = !isLockHeld && next >= limits.lockTries
        setLock(isLockHeld, &turn)
        boltAgain = (turn.now + (isGivenUp ? SafetyLimits.lockRetriedAfter : limits.lockWithin), next)
        if isGivenUp { raiseUnfinished(.lockFailsToOpen, &turn) }
    }

    // What is told to devices, only when it changes

    mutating func allow(_ degree: PowerDegree, _ turn: inout Turn) {
        guard allowed != degree else { return }
        allowed = degree
        turn.act(.allowPower(id, degree))
    }

    mutating func withdraw(_ turn: inout Turn) {
        guard allowed != nil else { return }
        allowed = nil
        withdrawnAt = turn.now
        turn.act(.withdrawPower(id))
    }

    mutating func command(_ command: StageCommand, _ turn: inout Turn) {
        guard setpoint != command else { return }
        unprovenMilliamperes = max(unprovenMilliamperes, setpoint.milliamperes)
        if case .on(_, let before) = setpoint {
            grantsBefore.add(before, at: turn.now, window: limits.overCurrentFor)
        }
        setpointAt = turn.now
        setpoint = command
        sendSetpoint(&turn)
    }

    /// Sends what the stage is to do. While another connector has the stage this one has nothing to tell it.
    mutating func sendSetpoint(_ turn: inout Turn) {
        resendAt = nil
        guard !isStageTaken else { return }
        setpointSentAt = turn.now
        turn.command(configuration.stage, setpoint)
        setpointNumber = CommandNumber(turn.lastCommand)
    }

    mutating func setLock(_ isHeld: Bool, _ turn: inout Turn) {
        isLockHeld = isHeld
        boltAgain = nil
        turn.act(.setLock(id, isHeld: isHeld))
    }

    mutating func setDischarge(_ isOn: Bool, _ turn: inout Turn) {
        guard isDischarging != isOn else { return }
        isDischarging = isOn
        turn.act(.setDischarge(id, isOn: isOn))
    }
}
