// One way out: setpoint to zero, open at safe current, weld check, discharge, release, and the stop written down.

extension Connector {
    /// Begins a stop, or makes one that is under way more urgent.
    mutating func beginStop(_ urgency: Urgency, reason: StopReason, fault: Fault?, _ turn: inout Turn) {
        guard let session else { return }
        if case .stopping(_, var stop) = state {
            guard urgency < stop.urgency else { return }
            stop.urgency = urgency
            stop.fault = stop.fault ?? fault
            if stop.step == .rampDown {
                stop.deadline = min(stop.deadline ?? .distantFuture, turn.now + budget(urgency))
                if urgency == .vehicleLeft { command(.off, &turn) }
            }
            state = .stopping(session, stop)
            return
        }
        let hadStage = ownsStage
        if case .on(let millivolts, _) = setpoint {
            // A vehicle that has left waits for no ramp: "off" is the fastest way that a stage has.
            let isRamped = allowed == .charge && urgency != .vehicleLeft
            command(isRamped ? .on(millivolts: millivolts, milliamperes: 0) : .off, &turn)
        } else if allowed != nil {
            // It is told so already; it answers every command with a sample, and this stop waits for a young one.
            turn.command(configuration.stage, .off)
        }
        turn.tell(id, .stopRequested)
        become(
            .stopping(
                session,
                Stop(
                    step: .rampDown, since: turn.now, deadline: turn.now + budget(urgency), urgency: urgency,
                    reason: reason, fault: fault, hadStage: hadStage)), &turn)
    }

    private func budget(_ urgency: Urgency) -> Interval {
        switch urgency {
        case .emergency: .zero
        case .vehicleLeft: limits.rampDownWhenVehicleLeft
        case .error: limits.rampDownWhenError
        case .asked: limits.rampDownWhenAsked
        }
    }

    /// Takes one look at the stop.
    mutating func finish(_ session: Session, _ stop: Stop, _ turn: inout Turn) {
        // A bolt that has opened by itself goes in again: the vehicle may keep the contacts live for longer than any stop lasts.
        if configuration.lockHolder == .post, stop.step != .release {
            if isLockHeld {
                driveBoltAgain(toldAt: stop.since, &turn)
            } else if readings.areContactsLive(at: turn.now, limits) {
                setLock(true, &turn)
            }
        }
        switch stop.step {
        case .rampDown: awaitSafeCurrent(session, stop, &turn)
        case .opening: awaitOpen(session, stop, &turn)
        case .discharge:
            awaitDischarged(session, stop, &turn)
            if case .stopping(let session, let stop) = state { giveStageBack(session, stop) }
        case .release: awaitReleased(session, stop, &turn)
        }
    }

    private mutating func go(
        to step: StopStep, within interval: Interval?, _ session: Session, _ stop: Stop, _ turn: inout Turn
    ) {
        var next = stop
        next.step = step
        next.since = turn.now
        next.deadline = interval.map { turn.now + $0 }
        next.tries = 0
        if step == .opening { next.openedAt = turn.now }
        state = .stopping(session, next)
    }

    private mutating func awaitSafeCurrent(_ session: Session, _ stop: Stop, _ turn: inout Turn) {
        let isSafe: Bool
        if allowed == nil {
            isSafe = true
        } else if let current = currentInStop(stop, turn.now) {
            isSafe = current <= limits.safeOpeningMilliamperes.magnitude
        } else {
            isSafe = false
        }
        if isSafe {
            withdraw(&turn)
            command(.off, &turn)
            go(to: .opening, within: limits.contactorOpenWithin, session, stop, &turn)
        } else if stop.urgency > .vehicleLeft, readings.youngLines(at: turn.now, limits)?.pilot == .b {
            // The vehicle goes before the current is safe: its own budget counts, however patient this stop was.
            beginStop(.vehicleLeft, reason: stop.reason, fault: nil, &turn)
        } else if let deadline = stop.deadline, turn.now >= deadline {
            // The step has outlasted its budget: whatever began it is an emergency now.
            if !faults.contains(.stopTooSlow) {
                raise(.stopTooSlow, &turn)
            } else {
                emergency(.stopTooSlow, &turn)
            }
        }
    }

    /// The current by readings made after the setpoint went to zero: by the stage's, and by the meter's where there is one.
    /// Once the vehicle has left there is no time to wait for a meter that last spoke before the stage did.
    private func currentInStop(_ stop: Stop, _ now: Instant) -> UInt32? {
        guard let stage = readings.youngStage(at: now, limits), stage.measuredAt >= stop.since else { return nil }
        let oldest = stop.urgency == .vehicleLeft ? stage.measuredAt : stop.since
        let meter = readings.youngMeter(at: now, limits).flatMap { $0.measuredAt >= oldest ? $0 : nil }
        return max(stage.milliamperes.magnitude, meter?.milliamperes.magnitude ?? 0)
    }

    private mutating func awaitOpen(_ session: Session, _ stop: Stop, _ turn: inout Turn) {
        dischargeOnceOrderedOpen(at: stop.openedAt ?? stop.since, &turn)
        // What was read too long ago says nothing of contactors now.
        guard readsOpenNow(turn.now) || needsBothSensors else { return awaitReadBack(session, stop, &turn) }
        go(to: .discharge, within: limits.dischargeWithin, session, stop, &turn)
    }

    /// Connects the discharge resistor once both contactors were told to open: as soon as one of them reads open, which breaks
    /// the path, and by the clock where neither does. A plug that is torn out must be dead within a second, whatever a
    /// mirror contact says; the resistor hangs on the cable's side and bears what is there (decision record 8).
    mutating func dischargeOnceOrderedOpen(at opened: Instant, _ turn: inout Turn) {
        let isOneOpen = readings.youngLines(at: turn.now, limits)?.isOneOpen == true
        guard isOneOpen || turn.now - opened >= SafetyLimits.dischargedUnreadAfter else { return }
        setDischarge(true, &turn)
    }

    /// Nobody knows whether the contactors have opened. The plug stays held; the books close once nothing more can be
    /// known, on what was known last.
    private mutating func awaitReadBack(_ session: Session, _ stop: Stop, _ turn: inout Turn) {
        guard let deadline = stop.deadline, turn.now >= deadline else { return }
        let opened = stop.openedAt ?? stop.since
        var waiting = stop
        if turn.now < opened + limits.dischargeWithin {
            waiting.deadline = opened + limits.dischargeWithin
        } else {
            if !stop.isBooked { finishBooks(session, stop, .distantFuture, &turn) }
            waiting.deadline = nil
            waiting.book(session)
        }
        state = .stopping(session, waiting)
    }

    /// Dead by a reading made after the contactors opened; with a weld suspected by two.
    private mutating func awaitDischarged(_ session: Session, _ stop: Stop, _ turn: inout Turn) {
        let opened = stop.openedAt ?? stop.since
        let isDead = readings.areContactsDead(at: turn.now, limits, bothSensors: needsBothSensors, since: opened)
        if isDead, readsOpen || needsBothSensors {
            if !stop.isBooked { finishBooks(session, stop, opened, &turn) }
            turn.command(id, .rest)
            setDischarge(false, &turn)
            turn.act(.setPilot(id, .steady))
            turn.tell(id, .ended)
            if configuration.lockHolder == .post { setLock(false, &turn) }
            var booked = stop
            booked.book(session)
            return go(to: .release, within: limits.lockWithin, session, booked, &turn)
        }
        dischargeOnceOrderedOpen(at: opened, &turn)
        if let deadline = stop.deadline, turn.now >= deadline {
            // The contacts stay live, and the plug held; the energy is final all the same, and is written down.
            if !stop.isBooked { finishBooks(session, stop, opened, &turn) }
            var waiting = stop
            waiting.deadline = nil
            waiting.book(session)
            state = .stopping(session, waiting)
            raiseUnfinished(.outputLiveAfterStop, &turn)
        }
    }

    /// Once the books are closed what keeps the contacts live lies behind an open path: the stage is free for whoever waits for it.
    private mutating func giveStageBack(_ session: Session, _ stop: Stop) {
        guard stop.step == .discharge, stop.deadline == nil, stop.hadStage, readsOpen, !isWeldSuspected else {
            return
        }
        var waiting = stop
        waiting.hadStage = false
        state = .stopping(session, waiting)
    }

    /// Says how the session ended: its one stop. A session whose start never became durable has none.
    /// Its energy is final if the meter has measured since `opened`.
    private mutating func finishBooks(_ session: Session, _ stop: Stop, _ opened: Instant, _ turn: inout Turn) {
        turn.report(.sessionEnded(session.id, id, stop.reason, energyWattHours: session.energyWattHours))
        guard session.startRecord != .refused else { return }
        let isFinal = session.isMeterTrusted && (readings.meter.map { $0.measuredAt >= opened } ?? false)
        let record = SessionStop(
            session: session.id, endedAt: turn.now, reason: stop.reason, fault: stop.fault,
            registerWattHours: session.lastRegisterWattHours, energyWattHours: session.energyWattHours,
            energyIsLastKnown: !isFinal)
        owedStop = (record, turn.now + SafetyLimits.askAgainAfter, turn.now)
        turn.act(.recordStop(record))
    }

    private mutating func awaitReleased(_ session: Session, _ stop: Stop, _ turn: inout Turn) {
        // The contacts have come alive again behind a lock that has not opened yet: it is held, and the wait begins anew.
        if configuration.lockHolder == .post, readings.lines?.lock != .open,
            readings.areContactsLive(at: turn.now, limits)
        {
            setLock(true, &turn)
            // The stage was given back as the release began, and may be another's by now.
            var back = stop
            back.hadStage = false
            return go(to: .discharge, within: limits.dischargeWithin, session, back, &turn)
        }
        let isReleased = configuration.lockHolder == .vehicle || readings.lines?.lock == .open
        if isReleased || !readings.isPlugged {
            become(.finished(stop.ended(session)), &turn)
        } else if let deadline = stop.deadline, turn.now >= deadline {
            var next = stop
            next.tries = stop.tries < limits.lockTries ? stop.tries + 1 : stop.tries
            // After the tries: slower, for ever, and said out loud. Nobody is stranded silently.
            let isGivenUp = next.tries >= limits.lockTries
            next.deadline = turn.now + (isGivenUp ? SafetyLimits.lockRetriedAfter : limits.lockWithin)
            state = .stopping(session, next)
            // With a weld suspected, what was dead may be unknown by now: the bolt waits until it is known again.
            if !needsBothSensors || readings.areContactsDead(at: turn.now, limits, bothSensors: true) {
                setLock(false, &turn)
            }
            if isGivenUp { raiseUnfinished(.lockFailsToOpen, &turn) }
        }
    }

    /// Its cause is there from this event on: nobody clears it before the next one has looked.
    mutating func raiseUnfinished(_ fault: Fault, _ turn: inout Turn) {
        causes.insert(fault)
        raise(fault, &turn)
    }

    /// A stop is asked for until it is durable.
    mutating func askAgainForOwedStop(_ turn: inout Turn) {
        guard let (record, again, since) = owedStop, turn.now >= again else { return }
        owedStop = (record, turn.now + SafetyLimits.askAgainAfter, since)
        turn.act(.recordStop(record))
        if turn.now - since >= limits.startRecordWithin { raise(.stopNotRecorded, &turn) }
    }

    /// A stop's outcome.
    mutating func stopRecorded(_ id: SessionID, _ outcome: RecordOutcome) {
        guard let (record, _, _) = owedStop, record.session == id, outcome != .failed else { return }
        owedStop = nil
    }
}
