// From authorized to energy: lock, insulation test, pre-charge. Each step waits for one thing, and not for ever.

extension Connector {
    /// Begins a session for an accepted token. The plug is in and nothing blocks.
    mutating func begin(_ grant: Grant, id session: SessionID, _ turn: inout Turn) {
        guard let meter = readings.meter else { return }
        let now = turn.now
        let begun = Session(
            id: session, grant: grant, startedAt: now, startRegisterWattHours: meter.energyWattHours,
            meterSerial: meter.serial, startRecord: .asked, startAskedAt: now,
            lastRegisterWattHours: meter.energyWattHours, lastRegisterAt: meter.measuredAt, energyWattHours: 0,
            sampleAskedAt: now,
            sampleDurableAt: now)
        turn.report(.sessionAuthorized(session, id, grant.source))
        turn.act(
            .recordStart(
                SessionStart(
                    session: session, connector: id, token: grant.token, group: grant.group, source: grant.source,
                    freshness: grant.freshness, startedAt: now, registerWattHours: meter.energyWattHours,
                    meterSerial: meter.serial, allowance: grant.allowance, tariff: tariff)))
        reservation = nil
        refusal = nil
        toldMilliamperes = -1_000_000
        (watch.stageWattMicroseconds, watch.meterDeviation) = (0, nil)
        become(.preparing(begun, Preparation(step: .stage, since: now)), &turn)
    }

    /// Takes one look at the step; goes to the next, fails it, or stays.
    mutating func prepare(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        // It ends, or begins anew on its side.
        if let vehicle = readings.vehicle, preparation.step > .vehicle,
            vehicle.phase == .stop || vehicle.phase == .ended || vehicle.phase == .parameters
        {
            beginStop(.asked, reason: .stoppedByEV, fault: nil, &turn)
            return
        }
        if let begun = preparation.cableCheckSince, preparation.step <= .testDown,
            turn.now - begun >= limits.cableCheckWithin
        {
            raise(.cableCheckTooSlow, &turn)
            return
        }
        if preparation.step < .contactors { dischargeWhileLive(&turn) }
        switch preparation.step {
        case .stage: awaitStage(session, preparation, &turn)
        case .lock: awaitLock(session, preparation, &turn)
        case .vehicle: awaitVehicle(session, preparation, &turn)
        case .outputDead: awaitOutputDead(session, preparation, &turn)
        case .contactors: awaitContactors(session, preparation, &turn)
        case .testVoltage: awaitTestVoltage(session, preparation, &turn)
        case .insulation: awaitInsulation(session, preparation, &turn)
        case .testDown: awaitTestDown(session, preparation, &turn)
        case .preChargeRequest: awaitPreChargeRequest(session, preparation, &turn)
        case .preCharge: awaitPreCharge(session, preparation, &turn)
        }
    }

    private mutating func go(
        to step: PreparationStep, within interval: Interval?, _ session: Session, _ preparation: Preparation,
        _ turn: inout Turn
    ) {
        var next = preparation
        next.step = step
        next.since = turn.now
        next.deadline = interval.map { turn.now + $0 }
        next.tries = 0
        state = .preparing(session, next)
    }

    private func isLate(_ preparation: Preparation, _ turn: borrowing Turn) -> Bool {
        guard let deadline = preparation.deadline else { return false }
        return turn.now >= deadline
    }

    private mutating func awaitStage(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        guard !isStageTaken, !isStageJoinedElsewhere else {
            // The wait may be long. A plug that nobody has locked yet is kept as one without a session is; one that was locked before
            // a neighbour came between stays so.
            let isLocked = preparation.cableCheckSince != nil
            return isLocked ? driveBoltAgain(toldAt: preparation.since, &turn) : holdWhileLive(&turn)
        }
        if configuration.lockHolder == .post {
            setLock(true, &turn)
            go(to: .lock, within: limits.lockWithin, session, preparation, &turn)
        } else {
            goToVehicle(session, preparation, &turn)
        }
    }

    private mutating func awaitLock(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        // A level read before the command may be that of a bolt which is still on its way out.
        if readings.lines?.lock == .closed, readings.linesAt > preparation.since {
            goToVehicle(session, preparation, &turn)
        } else if isLate(preparation, turn) {
            guard preparation.tries + 1 < limits.lockTries else {
                raise(.lockFailsToClose, &turn)
                return
            }
            setLock(true, &turn)
            var next = preparation
            next.tries += 1
            next.deadline = turn.now + limits.lockWithin
            state = .preparing(session, next)
        }
    }

    private mutating func goToVehicle(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        turn.act(.setPilot(id, .digital))
        turn.tell(id, .authorized)
        go(to: .vehicle, within: limits.vehicleReadyWithin, session, preparation, &turn)
    }

    private mutating func awaitVehicle(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        let asks = readings.youngVehicle(at: turn.now, limits)?.phase == .cableCheck
        let isReady = readings.lines?.pilot == .c || readings.lines?.pilot == .d
        if asks, isReady {
            var next = preparation
            next.cableCheckSince = turn.now
            // A stage answers every command with a sample: this one asks for a young reading.
            turn.command(configuration.stage, .off)
            go(to: .outputDead, within: limits.outputDeadWithin, session, next, &turn)
        } else if isLate(preparation, turn) {
            raise(.vehicleNotReady, &turn)
        }
    }

    /// The vehicle still asks, the contacts are dead, the mirror contacts read open, and there is nothing across the contactors. The stage has
    /// answered since it was asked: what a resting stage said last turns old a moment after power is allowed on it.
    private mutating func awaitOutputDead(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        let now = turn.now
        let asks =
            readings.youngVehicle(at: now, limits)?.phase == .cableCheck && readings.asksByPilot(at: now, limits)
        // A neighbour whose contactors are no longer read open has come between: the stage is waited for again.
        guard !isStageJoinedElsewhere else {
            go(to: .stage, within: nil, session, preparation, &turn)
            return
        }
        if asks, readings.areContactsDead(at: now, limits, bothSensors: false), readsOpen,
            let meter = readings.youngMeter(at: now, limits),
            let stage = readings.youngStage(at: now, limits), stage.measuredAt >= preparation.since,
            isNear(meter.millivolts, stage.millivolts, limits.preChargeMillivolts)
        {
            setDischarge(false, &turn)
            allow(.test, &turn)
            go(to: .contactors, within: limits.contactorCloseWithin, session, preparation, &turn)
        } else if isLate(preparation, turn) {
            let isHeard = (readings.stage?.measuredAt ?? .zero) >= preparation.since
            raise(!asks ? .vehicleNotReady : isHeard ? .outputLiveBeforeTest : .stageSilent, &turn)
        }
    }

    private mutating func awaitContactors(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        let areClosed = readings.lines?.contactorPlus == .closed && readings.lines?.contactorMinus == .closed
        if detection.bothClosed.holds(areClosed, at: turn.now, for: limits.contactorBounceFor),
            readings.asksByPilot(at: turn.now, limits)
        {
            command(.on(millivolts: testMillivolts, milliamperes: testMilliamperes), &turn)
            turn.command(id, .test)
            detection.shortCircuit.since = nil
            go(to: .testVoltage, within: limits.testVoltageWithin, session, preparation, &turn)
        } else if isLate(preparation, turn) {
            raise(.contactorFailsToClose, &turn)
        }
    }

    /// As much as vehicle, cable and the usual test voltage allow.
    var testMillivolts: Int32 {
        max(0, min(limits.testMillivolts, mostMillivolts))
    }

    /// The most voltage that vehicle, cable and stage all bear. A vehicle that names less than 60 V has named nothing.
    var mostMillivolts: Int32 {
        let most = min(configuration.maximumMillivolts, stage.maximumMillivolts)
        guard let vehicles = readings.vehicle?.maximumMillivolts, vehicles > limits.touchSafeMillivolts else {
            return most
        }
        return min(most, vehicles)
    }

    /// The most current that vehicle, cable and stage all bear.
    var mostMilliamperes: Int32 {
        let most = min(configuration.maximumMilliamperes, stage.maximumMilliamperes)
        guard let vehicles = readings.vehicle?.maximumMilliamperes, vehicles > 0 else { return most }
        return min(most, vehicles)
    }

    /// The current of cable check and pre-charge.
    var testMilliamperes: Int32 { max(0, min(limits.testMilliamperes, mostMilliamperes)) }

    private mutating func awaitTestVoltage(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        let now = turn.now
        guard let meter = readings.youngMeter(at: now, limits) else {
            return failIfLate(.testVoltageNotReached, preparation, &turn)
        }
        let isShort =
            meter.millivolts < testMillivolts / 2
            && meter.milliamperes >= testMilliamperes - testMilliamperes / 10
        if detection.shortCircuit.holds(isShort, at: now, for: SafetyLimits.shortCircuitFor) {
            raise(.shortCircuitAtTest, &turn)
        } else if isNear(meter.millivolts, testMillivolts, limits.testToleranceMillivolts) {
            go(to: .insulation, within: limits.insulationTestWithin, session, preparation, &turn)
        } else {
            failIfLate(.testVoltageNotReached, preparation, &turn)
        }
    }

    private mutating func awaitInsulation(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        guard let sample = readings.youngInsulation(at: turn.now, limits), sample.measuredAt >= preparation.since
        else {
            return failIfLate(.insulationSilent, preparation, &turn)
        }
        switch sample.selfTest {
        case .failed: raise(.insulationSelfTestFailed, &turn)
        case .pending: failIfLate(.insulationSelfTestFailed, preparation, &turn)
        case .passed:
            // Insulation is tested by the test voltage: a monitor that does not see it has tested nothing.
            guard isNear(sample.millivolts, testMillivolts, limits.sensorSpreadMillivolts) else {
                return failIfLate(.voltageSensorsDisagree, preparation, &turn)
            }
            guard sample.ohms >= leastOhms(atMillivolts: testMillivolts) else {
                raise(.insulationLow, &turn)
                return
            }
            command(.off, &turn)
            go(to: .testDown, within: limits.outputDeadWithin, session, preparation, &turn)
        }
    }

    private mutating func awaitTestDown(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        guard readings.areContactsDead(at: turn.now, limits, bothSensors: false) else {
            return failIfLate(.outputLiveBeforeTest, preparation, &turn)
        }
        turn.command(id, .monitor)
        turn.tell(id, .cableCheckPassed)
        go(to: .preChargeRequest, within: limits.vehicleReadyWithin, session, preparation, &turn)
    }

    /// Waits for the vehicle and for the start record; no energy may reach a vehicle before both are there.
    private mutating func awaitPreChargeRequest(
        _ session: Session, _ preparation: Preparation, _ turn: inout Turn
    ) {
        let now = turn.now
        if now >= stageAskedAgainAt { sendSetpoint(&turn) }
        let vehicle = readings.youngVehicle(at: now, limits)
        let asks = vehicle?.phase == .preCharge || vehicle?.phase == .charge
        // Where a neighbour's path to the stage is not read open any more, no degree follows until it is.
        if asks, isWritten(session), !isStageJoinedElsewhere,
            let target = vehicle?.targetMillivolts, canGive(target),
            readings.asksByPilot(at: now, limits), readings.areContactorsClosed(at: now, limits)
        {
            allow(.match, &turn)
            command(.on(millivolts: target, milliamperes: testMilliamperes), &turn)
            go(to: .preCharge, within: limits.preChargeWithin, session, preparation, &turn)
        } else if session.startRecord != .durable, asks, now - preparation.since >= limits.startRecordWithin {
            raise(.startNotRecorded, &turn)
        } else {
            failIfLate(asks && isStageJoinedElsewhere ? .preChargeTimeout : .vehicleNotReady, preparation, &turn)
        }
    }

    /// When a stage that is off, and may rest while the vehicle takes its time, is asked again: it answers every command with a
    /// sample, and what it said last would turn old on contactors that are closed.
    var stageAskedAgainAt: Instant {
        let heard = max(readings.stage?.measuredAt ?? .zero, setpointSentAt)
        return heard + limits.stageMaximumAge.half
    }

    /// Whether the start of a session is durable: what energy waits for.
    private func isWritten(_ session: Session) -> Bool {
        #if HOLDFAST_SEAMS
            if seeded == .startRecordLate { return true }
        #endif
        return session.startRecord == .durable
    }

    /// Whether a voltage the vehicle asks for is one that cable and stage bear.
    func canGive(_ millivolts: Int32) -> Bool {
        millivolts > 0 && millivolts <= mostMillivolts
    }

    private mutating func awaitPreCharge(_ session: Session, _ preparation: Preparation, _ turn: inout Turn) {
        let now = turn.now
        guard let vehicle = readings.youngVehicle(at: now, limits), let meter = readings.youngMeter(at: now, limits)
        else {
            return failIfLate(.preChargeTimeout, preparation, &turn)
        }
        let isMatched: Bool
        if case .on(let target, _) = setpoint {
            isMatched = isNear(meter.millivolts, target, limits.preChargeMillivolts)
        } else {
            isMatched = false
        }
        if isMatched, !isStageJoinedElsewhere, vehicle.phase == .charge, readings.asksByPilot(at: now, limits),
            readings.areContactorsClosed(at: now, limits)
        {
            var charging = session
            // Samples are owed from the first energy on, however long the vehicle waited before.
            charging.sampleDurableAt = now
            charging.voltageAtStartMillivolts = meter.millivolts
            allow(.charge, &turn)
            turn.report(.energyFlows(session.id, id))
            become(.charging(charging), &turn)
        } else if isLate(preparation, turn) {
            raise(isMatched ? .preChargeTimeout : .preChargeMismatch, &turn)
        } else if vehicle.phase == .preCharge, canGive(vehicle.targetMillivolts),
            readings.asksByPilot(at: now, limits)
        {
            command(.on(millivolts: vehicle.targetMillivolts, milliamperes: testMilliamperes), &turn)
        }
    }

    private mutating func failIfLate(_ fault: Fault, _ preparation: Preparation, _ turn: inout Turn) {
        if isLate(preparation, turn) { raise(fault, &turn) }
    }
}

/// Whether two voltages differ by no more than a tolerance; cannot overflow.
func isNear(_ left: Int32, _ right: Int32, _ tolerance: Int32) -> Bool {
    abs(Int64(left) - Int64(right)) <= Int64(tolerance)
}
