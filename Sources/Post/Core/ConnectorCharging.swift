// While energy flows: follow the vehicle and the grant, keep the books, notice the end.

extension Connector {
    /// Takes one look at a charging session.
    mutating func charge(_ turn: inout Turn) {
        guard let phase = readings.vehicle?.phase, let energy = capWattHours,
            let most = session?.grant.allowance.sessionWattHours
        else { return }
        if !phase.isInDelivery {
            beginStop(.asked, reason: .stoppedByEV, fault: nil, &turn)
        } else if energy >= most {
            beginStop(.asked, reason: .energyLimitReached, fault: nil, &turn)
        } else if phase == .pause || asksNothing(turn.now) {
            pause(.vehicle, &turn)
        } else if isGrantedTooLittle(turn.now) {
            pause(.post, &turn)
        }
        keepBooks(&turn)
    }

    /// What counts against the grant, in watt-hours: what the meter counted and, where that is trusted no more, what the stage gave.
    @inline(__always)
    private var capWattHours: Int64? {
        guard let counted = session?.energyWattHours else { return nil }
        return session?.meterFault == nil ? counted : max(counted, watch.stageWattHours)
    }

    /// Whether the vehicle takes part and has asked for no current for so long that it pauses, whatever it calls that.
    private mutating func asksNothing(_ now: Instant) -> Bool {
        let asks = readings.vehicle.map { $0.targetMilliamperes > 0 } ?? false
        return detection.asksNothing.holds(!asks, at: now, for: SafetyLimits.asksNothingFor)
    }

    /// Whether others have left it less than it can use, for longer than shares take to settle.
    private mutating func isGrantedTooLittle(_ now: Instant) -> Bool {
        let isTooLittle =
            grantedMilliamperes < limits.leastMilliamperes && limitedBy != .vehicle && limitedBy != .none
        return detection.tooLittle.holds(isTooLittle, at: now, for: SafetyLimits.sharesSettleWithin)
    }

    private mutating func pause(_ pause: Pause, _ turn: inout Turn) {
        guard let session else { return }
        become(.suspended(session, pause, turn.now), &turn)
    }

    /// Takes one look at a paused session: contactors closed, no current granted.
    mutating func stayPaused(_ session: Session, _ pause: Pause, _ began: Instant, _ turn: inout Turn) {
        guard let vehicle = readings.vehicle else { return }
        if !vehicle.phase.isInDelivery {
            beginStop(.asked, reason: .stoppedByEV, fault: nil, &turn)
        } else if turn.now - began >= limits.pauseAtMost {
            beginStop(.asked, reason: .timeout, fault: nil, &turn)
        } else if pause == .vehicle, vehicle.phase == .charge, vehicle.targetMilliamperes > 0 {
            become(.charging(session), &turn)
        } else if pause == .post, grantedMilliamperes >= limits.leastMilliamperes {
            become(.charging(session), &turn)
        }
        keepBooks(&turn)
    }

    /// Asks for a sample once a second, one in flight; gives up the session when none becomes durable.
    private mutating func keepBooks(_ turn: inout Turn) {
        guard let durableAt = session?.sampleDurableAt else { return }
        if turn.now - durableAt >= limits.samplesDurableWithin {
            raise(.samplesNotDurable, &turn)
            return
        }
        guard isSampleDue(turn.now), var session else { return }
        session.isSampleInFlight = true
        session.sampleAskedAt = turn.now
        state = state.with(session)
        turn.act(
            .recordSample(
                SessionSample(
                    session: session.id, measuredAt: readings.meter?.measuredAt ?? turn.now,
                    registerWattHours: session.lastRegisterWattHours, energyWattHours: session.energyWattHours)))
    }

    /// Whether no sample is under way and the last one was asked for long enough ago.
    @inline(__always)
    private func isSampleDue(_ now: Instant) -> Bool {
        guard let askedAt = session?.sampleAskedAt, session?.isSampleInFlight == false else { return false }
        return now - askedAt >= limits.sampleEvery
    }

    /// Books a meter reading on the session.
    mutating func book(_ sample: MeterSample) {
        guard var session else { return }
        _ = session.take(sample, from: stage, limits)
        state = state.with(session)
    }

    /// While the meter is trusted, what it counted is compared with what the stage gave.
    mutating func compareWithStage() {
        guard kind == .charging || kind == .suspended, session?.isMeterTrusted == true,
            let energy = session?.energyWattHours
        else { return }
        watch.compare(energy, step: limits.meterJumpWattHours)
    }

    /// A sample's outcome.
    mutating func sampleRecorded(_ id: SessionID, _ outcome: RecordOutcome, at now: Instant) {
        guard var session, session.id == id else { return }
        session.isSampleInFlight = false
        if outcome == .recorded {
            session.sampleDurableAt = now
        }
        state = state.with(session)
    }

    /// A start's outcome.
    mutating func startRecorded(_ id: SessionID, _ outcome: RecordOutcome, _ turn: inout Turn) {
        guard var session, session.id == id, session.startRecord == .asked else { return }
        switch outcome {
        case .recorded:
            session.startRecord = .durable
            session.sampleDurableAt = turn.now
            state = state.with(session)
        case .alreadySpent, .failed:
            session.startRecord = .refused
            state = state.with(session)
            refuse(outcome == .failed ? .recordsFailing : .sessionsUsedUp, &turn)
            raise(.startNotRecorded, &turn)
        }
    }

    /// Shows a refusal at this connector.
    mutating func refuse(_ reason: Refusal, _ turn: inout Turn) {
        refusal = (reason, turn.now + limits.refusalShownFor)
        turn.report(.refused(reason, id))
    }
}

extension VehiclePhase {
    /// Whether the vehicle takes part in a delivery that has begun. One that goes back to an earlier phase has begun anew
    /// on its side, and follows no current any more.
    var isInDelivery: Bool {
        switch self {
        case .charge, .pause: true
        case .silent, .parameters, .cableCheck, .preCharge, .stop, .ended: false
        }
    }
}
