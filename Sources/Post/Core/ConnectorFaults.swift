// Raises faults, reacts by their class, and lets them go by their release.

extension Connector {
    /// Raises a fault here; reacts at once if it is new.
    mutating func raise(_ fault: Fault, _ turn: inout Turn) {
        #if HOLDFAST_SEAMS
            if disarmed.contains(fault) { return }
        #endif
        guard faults.insert(fault) else { return }
        turn.report(.faultRaised(fault, id))
        if fault.row.release == .byService { record(fault, isLatched: true, &turn) }
        if fault.isWeld || fault == .stageIgnoresOff { turn.act(.tripUpstream(configuration.stage)) }
        react(to: fault, &turn)
    }

    private mutating func react(to fault: Fault, _ turn: inout Turn) {
        guard hasSession else {
            // Nothing was authorized: make sure, and no more.
            if allowed != nil || setpoint != .off { makeSafe(&turn) }
            return
        }
        switch fault.row.whileEnergised {
        case .emergency: emergency(fault, &turn)
        case .error: beginStop(.error, reason: reason(for: fault), fault: fault, &turn)
        case .graceful:
            let urgency: Urgency = fault == .vehicleLeftCharging ? .vehicleLeft : .asked
            beginStop(urgency, reason: reason(for: fault), fault: fault, &turn)
        case .derate, .block, .warning: break
        }
    }

    /// Class E: power withdrawn, stage off and the vehicle told by the pilot, in this call.
    mutating func emergency(_ fault: Fault, _ turn: inout Turn) {
        guard let session else { return }
        let current = readings.currentMagnitude(at: turn.now, limits) ?? 0
        if allowed != nil, current > limits.safeOpeningMilliamperes.magnitude {
            turn.report(.openedUnderLoad(id, milliamperes: Int32(clamping: current)))
        }
        let wasAllowed = allowed != nil
        let hadStage = ownsStage
        makeSafe(&turn)
        if case .stopping(_, var stop) = state {
            if wasAllowed || stop.step == .rampDown {
                stop.step = .opening
                stop.since = turn.now
                stop.deadline = turn.now + limits.contactorOpenWithin
                stop.openedAt = turn.now
            }
            stop.urgency = .emergency
            stop.fault = stop.fault ?? fault
            state = .stopping(session, stop)
        } else {
            let stop = Stop(
                step: .opening, since: turn.now, deadline: turn.now + limits.contactorOpenWithin,
                urgency: .emergency, reason: reason(for: fault), fault: fault, openedAt: turn.now,
                hadStage: hadStage)
            become(.stopping(session, stop), &turn)
        }
        turn.tell(id, .emergency)
    }

    /// Withdraws power, orders the stage off and sets the pilot steady.
    private mutating func makeSafe(_ turn: inout Turn) {
        withdraw(&turn)
        command(.off, &turn)
        turn.act(.setPilot(id, .steady))
    }

    /// Clears what may be cleared: cause gone, and the plug drawn where the fault asks for that.
    mutating func settleFaults(_ turn: inout Turn) {
        guard !faults.isEmpty || skipsNothing else { return }
        let isUnplugged: Bool
        if case .vacant = state { isUnplugged = true } else { isUnplugged = false }
        let all = faults
        all.forEach { fault in
            guard !causes.contains(fault) else { return }
            switch fault.row.release {
            case .withCause: clear(fault, &turn)
            case .whenUnplugged: if isUnplugged { clear(fault, &turn) }
            case .byService: break
            }
        }
    }

    mutating func clear(_ fault: Fault, _ turn: inout Turn) {
        guard faults.remove(fault) else { return }
        turn.report(.faultCleared(fault, id))
        if fault.row.release == .byService { record(fault, isLatched: false, &turn) }
    }

    private mutating func record(_ fault: Fault, isLatched: Bool, _ turn: inout Turn) {
        owedLatches.owe(fault, isSet: isLatched, at: turn.now)
        turn.act(.recordLatch(Latch(fault: fault, connector: id), isSet: isLatched))
    }

    /// A latch's outcome. Those that the records hold are of one connector each.
    mutating func latchRecorded(_ latch: Latch, isSet: Bool, _ outcome: RecordOutcome, at now: Instant) {
        guard latch.connector == id else { return }
        owedLatches.recorded(latch.fault, isSet: isSet, outcome, at: now)
    }

    /// A latch is asked for until it is durable: a restart must find what service has to clear.
    mutating func askAgainForOwedLatch(_ turn: inout Turn) {
        owedLatches.askAgain(at: turn.now) { fault, isSet in
            turn.act(.recordLatch(Latch(fault: fault, connector: id), isSet: isSet))
        }
    }

    private func reason(for fault: Fault) -> StopReason {
        switch fault {
        case .emergencyStop: .emergencyStop
        case .pilotLost, .proximityLost: .evDisconnected
        case .vehicleLeftCharging: .stoppedByEV
        case .gridLost, .phaseLost: .powerLoss
        case .insulationLow, .voltageToEarthHigh, .protectiveEarthLost, .residualCurrentTripped: .groundFault
        case .overCurrent, .reverseCurrent: .overcurrentFault
        case .overVoltage, .underVoltage: .powerQuality
        case .vehicleNotReady, .vehicleSilent, .cableCheckTooSlow, .preChargeTimeout: .timeout
        default: .other
        }
    }
}
