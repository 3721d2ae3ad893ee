// The post's own part of the core: starting, interlocks, commands, and what is told when something changed.

extension PostCore {
    /// The events of a start, in their order: outputs safe, then what the records hold, then ready.
    mutating func restore(_ event: Event, _ turn: inout Turn) {
        switch event {
        case .booted(let facts):
            boot = facts
            memory = MemoryWatch(bootedAt: turn.now)
            turn.act(.setCooling(isOn: true))
            for index in connectors.indices {
                let connector = connectors[index]
                turn.act(.withdrawPower(connector.id))
                connectors[index].sendSetpoint(&turn)
                turn.act(.setPilot(connector.id, .steady))
                if connector.configuration.lockHolder == .post { connectors[index].setLock(true, &turn) }
                connectors[index].withdrawnAt = turn.now
                connectors[index].setpointAt = turn.now
                connectors[index].since = turn.now
                connectors[index].bootedAt = turn.now
            }
        case .latchRestored(let latch):
            for index in connectors.indices where latch.connector == nil || connectors[index].id == latch.connector
            {
                #if HOLDFAST_SEAMS
                    if disarmed.contains(latch.fault) { continue }
                #endif
                // The records tell their latches first; one that comes later is a fault like any other.
                if connectors[index].hasRestored {
                    connectors[index].raise(latch.fault, &turn)
                    continue
                }
                connectors[index].faults.insert(latch.fault)
                if connectors[index].tripsStage { turn.act(.tripUpstream(connectors[index].configuration.stage)) }
            }
        case .outOfServiceRestored(let id):
            for index in connectors.indices where connectors[index].id == id {
                connectors[index].restoreOutOfService()
            }
        case .meterRestored(let meter):
            for index in connectors.indices where connectors[index].id == meter.connector {
                connectors[index].restore(meter)
            }
        case .sessionRestored(let restored):
            let start = restored.start
            // The records tell their sessions once, before they say that they are done.
            let isKnown = connectors.contains { $0.hasRestored || $0.restored?.id == start.session }
            guard !isKnown, !strays.holds(start.session) else { return }
            guard Int(start.connector.index) < connectors.count else { return strays.close(restored, &turn) }
            let grant = Grant(
                token: start.token, group: start.group, source: start.source, freshness: start.freshness,
                allowance: start.allowance)
            var session = Session(
                id: start.session, grant: grant, startedAt: turn.now,
                startRegisterWattHours: start.registerWattHours,
                meterSerial: start.meterSerial, startRecord: .durable, startAskedAt: turn.now,
                lastRegisterWattHours: restored.lastRegisterWattHours,
                lastRegisterAt: turn.now - configuration.limits.samplesDurableWithin,
                energyWattHours: restored.lastEnergyWattHours, sampleAskedAt: turn.now, sampleDurableAt: turn.now)
            session.lastRegisterWattHours = max(session.lastRegisterWattHours, start.registerWattHours)
            if connectors[Int(start.connector.index)].restored != nil { return strays.close(restored, &turn) }
            connectors[Int(start.connector.index)].restored = session
            connectors[Int(start.connector.index)].restoredReason = restored.stopReason
        case .restored:
            for index in connectors.indices {
                connectors[index].hasRestored = true
                if boot.uncleanStarts >= 5 { connectors[index].raise(.crashLoop, &turn) }
            }
        default: break
        }
    }

    /// The causes that hold for the whole post now.
    mutating func postCauses(_ now: Instant) -> FaultSet {
        var causes = memoryCauses(now)
        if areLinesLost { causes.insert(.linesLost) }
        if let at = clockSteppedAt {
            let isTold = now - at < SafetyLimits.clockStepShownFor
            if isTold { causes.insert(.clockStepped) } else { clockSteppedAt = nil }
        }
        guard let levels = interlocks else { return causes }
        #if HOLDFAST_SEAMS
            if seeded == .interlockRemoved { return causes }
        #endif
        if now - interlocksAt > configuration.limits.linesMaximumAge { causes.insert(.linesLost) }
        if levels.emergencyStopPressed { isEmergencyHeld = true }
        let isReleased = emergencyReleased.holds(
            isEmergencyHeld && !levels.emergencyStopPressed, at: now,
            for: configuration.limits.emergencyStopReleasedFor)
        if isReleased {
            isEmergencyHeld = false
            emergencyReleased.since = nil
        }
        if isEmergencyHeld { causes.insert(.emergencyStop) }
        if stopCircuitsDiffer.holds(
            levels.stopCircuitsDiffer, at: now, for: SafetyLimits.stopCircuitsDifferFor)
        {
            causes.insert(.stopCircuitsDisagree)
        }
        if levels.isControllerSilent { causes.insert(.safetyControllerSilent) }
        if levels.doorOpen { causes.insert(.doorOpen) }
        if levels.tiltOrWater { causes.insert(.tiltOrWater) }
        if !levels.protectiveEarthGood { causes.insert(.protectiveEarthLost) }
        if coolantLow.holds(levels.coolantLow, at: now, for: SafetyLimits.coolantLowFor) {
            causes.insert(.coolantLow)
        }
        causes.bits |= supplyCauses(levels, now).bits
        if external.isSilent(after: configuration.limits.limitSilentAfter, at: now) {
            causes.insert(.limitSourceSilent)
        }
        return causes
    }

    /// What is wrong with the supply: gone or sagging for too long, a phase missing, its residual-current device.
    private mutating func supplyCauses(_ levels: InterlockLevels, _ now: Instant) -> FaultSet {
        var causes = FaultSet()
        // A sag that no stage bears is over with the first that gives up.
        let isBorne = levels.gridPresent || !hasStageGivenUp
        if gridSags.holds(!levels.gridPresent, at: now, for: isBorne ? SafetyLimits.sagRiddenThroughFor : .zero) {
            causes.insert(.gridLost)
        }
        if phaseMissing.holds(levels.phaseMissing, at: now, for: SafetyLimits.phaseLostFor) {
            causes.insert(.phaseLost)
        }
        if levels.residualCurrentTripped { causes.insert(.residualCurrentTripped) }
        if levels.residualCurrentUntested { causes.insert(.residualCurrentUntested) }
        return causes
    }

    /// Whether a stage whose power is allowed says that it cannot deliver.
    private var hasStageGivenUp: Bool {
        for index in connectors.indices
        where connectors[index].allowed != nil && connectors[index].readings.stage?.hasFault == true {
            return true
        }
        return false
    }

    mutating func loseLines(_ id: ConnectorID?) {
        guard let id else {
            areLinesLost = true
            return
        }
        guard Int(id.index) < connectors.count else { return }
        // Unknown counts as too old: the same road as lines that say nothing.
        connectors[Int(id.index)].readings.linesAt = Instant(microseconds: .min)
        connectors[Int(id.index)].readings.areLinesLost = true
        connectors[Int(id.index)].readings.lines?.contactorPlus = .unknown
        connectors[Int(id.index)].readings.lines?.contactorMinus = .unknown
        connectors[Int(id.index)].readings.lines?.lock = .unknown
    }

    /// The driver's stop button.
    mutating func stopButton(_ id: ConnectorID, _ lines: ConnectorLines, _ turn: inout Turn) {
        guard lines.stopPressed, Int(id.index) < connectors.count else { return }
        connectors[Int(id.index)].beginStop(.asked, reason: .local, fault: nil, &turn)
    }

    /// A command that a stage did not take is sent again until it does, unless a newer one has overtaken it. A stage that
    /// will not come down in a stop is switched off: "off" is what every stage takes.
    mutating func finish(_ number: CommandNumber, _ outcome: CommandOutcome, _ turn: inout Turn) {
        for index in connectors.indices where connectors[index].setpointNumber == number {
            let connector = connectors[index]
            if outcome == .refused, connector.kind == .stopping, connector.setpoint != .off {
                connectors[index].command(.off, &turn)
                continue
            }
            let again = max(turn.now, connector.setpointSentAt + connector.limits.resendEvery)
            connectors[index].resendAt = outcome == .done ? nil : again
        }
    }

    /// Somebody with authority asks for something. Always answered, in this call.
    mutating func obey(_ command: OperatorCommand, _ number: CommandNumber, _ turn: inout Turn) {
        let refusal = tryToObey(command, &turn)
        turn.act(.answer(number, refusal))
    }

    private mutating func tryToObey(_ command: OperatorCommand, _ turn: inout Turn) -> Refusal? {
        switch command {
        case .start(let id, let token): return startByHand(id, token, &turn)
        case .stop(let id, let reason):
            guard Int(id.index) < connectors.count else { return .noSuchConnector }
            guard connectors[Int(id.index)].session != nil else { return .nothingToStop }
            connectors[Int(id.index)].beginStop(.asked, reason: reason, fault: nil, &turn)
        case .setAvailable(let id, let isAvailable):
            guard Int(id.index) < connectors.count else { return .noSuchConnector }
            connectors[Int(id.index)].setInService(isAvailable, &turn)
        case .clearFault(let fault, let id): return clearByHand(fault, id, &turn)
        case .reserve(let id, let token, let until):
            guard Int(id.index) < connectors.count else { return .noSuchConnector }
            if let refusal = refusalToReserve(Int(id.index), for: token) { return refusal }
            connectors[Int(id.index)].reservation = (token, until)
        }
        return nil
    }

    /// Kept is only what is free, and what is kept for the same token already.
    private func refusalToReserve(_ index: Int, for token: TokenName) -> Refusal? {
        switch phase(of: index) {
        case .available: nil
        case .reserved: isKept(index, from: token) ? .connectorReserved : nil
        case .unavailable: connectors[index].kind == .starting ? .notReadyYet : .connectorUnavailable
        case .faulted: .connectorFaulted
        case .occupied, .authorized, .preparing, .charging, .suspendedByVehicle, .suspendedByPost, .stopping,
            .finishing:
            .connectorBusy
        }
    }

    private mutating func startByHand(_ id: ConnectorID, _ token: TokenName, _ turn: inout Turn) -> Refusal? {
        guard Int(id.index) < connectors.count else { return .noSuchConnector }
        let index = Int(id.index)
        switch connectors[index].kind {
        case .starting: return .notReadyYet
        case .vacant: return .noVehicle
        case .plugged: if connectors[index].isHalfPlugged { return .noVehicle }
        case .preparing, .charging, .suspended, .stopping, .finished: return .connectorBusy
        }
        guard connectors[index].canBegin else { return whyNotByHand(connectors[index]) }
        guard !connectors.contains(where: { $0.hasOpenSession(of: token) }) else { return .tokenInUse }
        // A card that is being asked about, or waits for its plug, has its session now: it begins no second one.
        for reader in readers.indices where readers[reader].tap.token == token { readers[reader].tap = .idle }
        start(
            Grant(token: token, group: 0, source: .operatorCommand, freshness: .fresh, allowance: .unlimited),
            at: index, &turn)
        return nil
    }

    /// Why a connector at which a plug sits begins nothing: the same reasons, in the same order, as for a card.
    private func whyNotByHand(_ connector: Connector) -> Refusal {
        if connector.isBlocked { return .connectorFaulted }
        if connector.owedStop != nil { return .recordsFailing }
        // What is left when nothing else is wrong is a meter that has not spoken since it counts.
        return connector.isInService ? .notReadyYet : .connectorUnavailable
    }

    private mutating func clearByHand(_ fault: Fault, _ id: ConnectorID?, _ turn: inout Turn) -> Refusal? {
        var found = false
        for index in connectors.indices where id == nil || connectors[index].id == id {
            guard connectors[index].faults.contains(fault) else { continue }
            if fault == .meterSwapped, !connectors[index].hasSession { connectors[index].acceptMeter(at: turn.now) }
            guard !connectors[index].causes.contains(fault) else { return .faultStillPresent }
            // Nobody clears a weld whose contactor cannot be read: unknown is no proof.
            guard !fault.isWeld || connectors[index].readsOpenNow(turn.now) else { return .faultStillPresent }
            found = true
            connectors[index].clear(fault, &turn)
        }
        return found ? nil : .noSuchFault
    }

    /// Tells screens and journal what changed since the last event.
    mutating func tellChanges(_ turn: inout Turn) {
        for index in connectors.indices {
            if let shown = connectors[index].refusal, turn.now >= shown.until { connectors[index].refusal = nil }
            if let kept = connectors[index].reservation, turn.now >= kept.until {
                connectors[index].reservation = nil
            }
            let id = connectors[index].id
            let phase = phase(of: index)
            if phase != connectors[index].lastPhase {
                turn.report(.stateChanged(id, from: connectors[index].lastPhase, to: phase))
                connectors[index].lastPhase = phase
            }
            let indication = indication(of: index, phase)
            if indication != connectors[index].lastIndication {
                connectors[index].lastIndication = indication
                turn.act(.indicate(id, indication))
            }
        }
    }
}

extension Connector {
    /// A meter's sample: booked on the session, compared with the meter known from before.
    mutating func take(_ sample: MeterSample, at now: Instant) {
        guard ConnectorReadings.replaces(readings.meter?.measuredAt, sample.measuredAt, at: now) else { return }
        readings.meter = sample
        know(sample)
        if sample.measuredAt > setpointAt { unprovenMilliamperes = 0 }
        compareWithSetpoint(sample)
        book(sample)
        compareWithStage()
    }
    mutating func take(_ sample: StageSample, at now: Instant) {
        guard ConnectorReadings.replaces(readings.stage?.measuredAt, sample.measuredAt, at: now) else { return }
        if allowed != nil, let before = readings.stage {
            watch.add(before, until: sample.measuredAt, atMost: limits.stageMaximumAge)
        }
        readings.stage = sample
    }
    mutating func take(_ sample: InsulationSample, at now: Instant) {
        guard ConnectorReadings.replaces(readings.insulation?.measuredAt, sample.measuredAt, at: now) else {
            return
        }
        watch.take(readings.insulation, sample, readings.youngMeter(at: now, limits))
        watch.compare(sample, mostToEarth: mostToEarth(at: sample.millivolts), limits)
        readings.insulation = sample
    }
    mutating func take(_ sample: VehicleSample, at now: Instant) {
        guard ConnectorReadings.replaces(readings.vehicle?.measuredAt, sample.measuredAt, at: now) else { return }
        readings.vehicle = sample
    }
    mutating func take(_ sample: TemperatureSample, at now: Instant) {
        guard ConnectorReadings.replaces(readings.temperature?.measuredAt, sample.measuredAt, at: now) else {
            return
        }
        watch.take(readings.temperature, sample)
        readings.temperature = sample
    }

    /// Every instant at which this connector wants to be looked at again.
    mutating func includeDeadlines(in earliest: inout Earliest) {
        if hasSession { includeSessionDeadlines(in: &earliest) }
        if hasRestoredSession {
            earliest.include(since + SafetyLimits.dischargedUnreadAfter)
            earliest.include(since + limits.meterAfterRestartWithin)
        }
        earliest.include(resendAt)
        earliest.include(owedStop?.askAgainAt)
        earliest.include(owedLatches.askAgainAt)
        earliest.include(owedAvailability.askAgainAt)
        earliest.include(meterMark.askAgainAt)
        earliest.include(boltAgain?.againAt)
        earliest.include(refusal?.until)
        earliest.include(reservation?.until)
        if allowed != nil || hasSession { includeAges(in: &earliest) }
        if !readings.meter.isThere || !readings.stage.isThere || !readings.temperature.isThere {
            earliest.include(bootedAt + limits.meterAfterRestartWithin)
        }
        includeConditions(in: &earliest)
    }

    private mutating func includeSessionDeadlines(in earliest: inout Earliest) {
        switch kind {
        case .charging, .suspended:
            guard let durableAt = session?.sampleDurableAt, let askedAt = session?.sampleAskedAt else { return }
            earliest.include(durableAt + limits.samplesDurableWithin)
            if session?.isSampleInFlight == false { earliest.include(askedAt + limits.sampleEvery) }
            // From then on what flows is compared with this grant, no more with the one before.
            if let meter = readings.meter, meter.milliamperes > setpoint.milliamperes {
                grantsBefore.includeDeadlines(in: &earliest, window: limits.overCurrentFor)
            }
            if kind == .suspended, case .suspended(_, _, let began) = state {
                earliest.include(began + limits.pauseAtMost)
            }
        case .preparing:
            guard case .preparing(let session, let preparation) = state else { return }
            earliest.include(preparation.deadline)
            if let begun = preparation.cableCheckSince, preparation.step <= .testDown {
                earliest.include(begun + limits.cableCheckWithin)
            }
            if preparation.step == .preChargeRequest {
                earliest.include(stageAskedAgainAt)
                if session.startRecord != .durable {
                    earliest.include(preparation.since + limits.startRecordWithin)
                }
            }
        case .stopping:
            guard case .stopping(_, let stop) = state else { return }
            earliest.include(stop.deadline)
            if let opened = stop.openedAt, !isDischarging {
                earliest.include(opened + SafetyLimits.dischargedUnreadAfter)
            }
        case .starting, .vacant, .plugged, .finished: break
        }
    }

    /// When the readings that a live connector needs turn too old.
    private mutating func includeAges(in earliest: inout Earliest) {
        let tick = Interval(microseconds: 1)
        earliest.include(readings.linesAt + limits.linesMaximumAge + tick)
        earliest.include(readings.meter.map { $0.measuredAt + limits.meterMaximumAge + tick })
        earliest.include(readings.stage.map { $0.measuredAt + limits.stageMaximumAge + tick })
        earliest.include(readings.insulation.map { $0.measuredAt + limits.insulationMaximumAge + tick })
        earliest.include(readings.temperature.map { $0.measuredAt + limits.temperatureMaximumAge + tick })
        earliest.include(readings.vehicle.map { $0.measuredAt + limits.vehicleMaximumAge + tick })
        earliest.include(readings.vehicle.map { $0.measuredAt + limits.vehicleSlowMaximumAge + tick })
    }

    private mutating func includeConditions(in earliest: inout Earliest) {
        earliest.include(detection.bothClosed, limits.contactorBounceFor)
        earliest.include(detection.plusClosed, limits.contactorOpenWithin)
        earliest.include(detection.minusClosed, limits.contactorOpenWithin)
        earliest.include(detection.readsOpenWhileAllowed, limits.contactorPlausibilityFor)
        earliest.include(detection.currentWhileOpen, limits.contactorPlausibilityFor)
        earliest.include(detection.mirrorUnreadable, SafetyLimits.mirrorUnreadableFor)
        earliest.include(detection.liveUnplugged, limits.dischargeWithin)
        earliest.include(detection.liveByNeighbour, limits.dischargeWithin)
        earliest.include(detection.reverse, limits.reverseCurrentFor)
        earliest.include(detection.overCurrent, overCurrentFor)
        earliest.include(detection.overVoltage, limits.overVoltageFor)
        earliest.include(detection.underVoltage, limits.underVoltageFor)
        earliest.include(detection.vehicleAsksOn, limits.vehicleStopsWithin)
        earliest.include(detection.asksNothing, SafetyLimits.asksNothingFor)
        earliest.include(detection.tooLittle, SafetyLimits.sharesSettleWithin)
        earliest.include(detection.meterSpeaks, SafetyLimits.speaksAgainFor)
        earliest.include(detection.stageSpeaks, SafetyLimits.speaksAgainFor)
        earliest.include(detection.monitorSpeaks, SafetyLimits.speaksAgainFor)
        earliest.include(detection.thermometersSpeak, SafetyLimits.speaksAgainFor)
        earliest.include(detection.pilotInvalid, limits.pilotInvalidFor)
        earliest.include(detection.coolingLost, limits.coolingLostFor)
        earliest.include(detection.monitorLags, SafetyLimits.insulationFrozenFor)
        earliest.include(detection.shortCircuit, SafetyLimits.shortCircuitFor)
    }
}
