// Builds what the core says of itself: state, reason, wait and limit, from the machine's own values.

extension PostCore {
    /// The status of a connector; an empty one for a connector that is not there.
    public func status(of id: ConnectorID) -> ConnectorStatus {
        var status = ConnectorStatus()
        guard Int(id.index) < connectors.count else { return status }
        let index = Int(id.index)
        let now = supervisor.now
        let limits = configuration.limits
        status.phase = phase(of: index)
        status.since = connectors[index].since
        status.faults = connectors[index].faults
        status.faultsOver.bits = connectors[index].faults.bits & ~connectors[index].causes.bits
        status.isStoppedByCard = configuration.authorization.sameCardStops
        status.refusal = connectors[index].refusal?.0 ?? refusalAtReaders(of: index)
        status.limitedBy = connectors[index].limitedBy
        status.powerAllowed = connectors[index].allowed
        status.indication = connectors[index].lastIndication ?? .unavailable
        (status.waiting, status.waitsUntil) = waiting(of: index, status.phase)
        if status.waiting == .stage, let holder = stageHolder(besides: index) {
            (status.waitsFor, status.waitsUntil) = (connectors[holder].id, knownEnd(of: connectors[holder].state))
        }
        status.millivolts = connectors[index].readings.contactMillivolts(at: now, limits)
        status.milliamperes = connectors[index].readings.youngMeter(at: now, limits)?.milliamperes
        if let vehicle = connectors[index].readings.youngVehicle(at: now, limits) {
            status.demandedWatts = max(
                0, watts(millivolts: status.millivolts ?? 0, milliamperes: vehicle.targetMilliamperes))
            if vehicle.stateOfChargePerMille >= 0 { status.stateOfChargePerMille = vehicle.stateOfChargePerMille }
        }
        // At the voltage at which the power was shared out: by another sensor it could seem to be more than the limit.
        let shared = Int32(clamping: demands[index].millivolts)
        status.grantedWatts = watts(millivolts: shared, milliamperes: connectors[index].grantedMilliamperes)
        if let session = connectors[index].session {
            status.session = SessionStatus(
                id: session.id, token: session.grant.token, source: session.grant.source,
                startedAt: session.startedAt, energyWattHours: session.energyWattHours,
                allowanceWattHours: session.grant.allowance.sessionWattHours,
                isRecorded: session.startRecord == .durable, tariff: connectors[index].tariff)
        }
        switch connectors[index].state {
        case .stopping(let session, let stop): status.ended = stop.ended(session)
        case .finished(let ended): status.ended = ended
        case .starting, .vacant, .plugged, .preparing, .charging, .suspended: break
        }
        return status
    }

    /// The state of a connector in OCPP's words, without all that a status says besides; nil if it is not there.
    public func phase(of id: ConnectorID) -> ConnectorPhase? {
        Int(id.index) < connectors.count ? phase(of: Int(id.index)) : nil
    }

    /// What a session that begins now pays.
    public var tariff: Tariff? { configuration.tariff }

    /// Whether the cloud can be reached, as far as the core was told.
    public var isCloudReachable: Bool { isCloudUp }

    /// How much memory of the process is resident, in bytes; nil as long as nobody has said.
    public var residentBytes: Int64? { memory.residentBytes }

    /// Whether somebody is at a connector, so that its readings are wanted often.
    public func isActive(_ id: ConnectorID) -> Bool {
        guard Int(id.index) < connectors.count else { return false }
        let connector = connectors[Int(id.index)]
        return connector.kind != .vacant || connector.isDischarging || connector.isLockHeld
    }

    /// How many connectors the post has.
    public var connectorCount: Int { connectors.count }

    /// The state in OCPP's words: the machine's own, and what reservations, taps and faults make of an idle one.
    @inline(__always)
    func phase(of index: Int) -> ConnectorPhase {
        switch connectors[index].kind {
        case .starting: return .unavailable
        case .vacant:
            if !connectors[index].isInService { return .unavailable }
            if connectors[index].isBlocked { return .faulted }
            if grantedTap(for: index) != nil { return .authorized }
            return connectors[index].reservation == nil ? .available : .reserved
        case .plugged:
            if !connectors[index].isInService { return .unavailable }
            return connectors[index].isBlocked ? .faulted : .occupied
        case .preparing: return .preparing
        case .charging: return .charging
        case .suspended:
            if case .suspended(_, .post, _) = connectors[index].state { return .suspendedByPost }
            return .suspendedByVehicle
        case .stopping: return .stopping
        case .finished: return connectors[index].isBlocked ? .faulted : .finishing
        }
    }

    @inline(__always)
    private func grantedTap(for index: Int) -> Instant? {
        for reader in readers.indices where readers[reader].serves(connectors[index].id) {
            guard readers[reader].isTapGranted, let token = readers[reader].tap.token else { continue }
            if !isKept(index, from: token) { return readers[reader].tapDeadline }
        }
        return nil
    }

    /// What a reader has answered and no connector in particular was meant: shown where nobody is in a session and, where
    /// somebody is at each connector of the reader, at all of them.
    @inline(__always)
    private func refusalAtReaders(of index: Int) -> Refusal? {
        for reader in readers.indices where readers[reader].serves(connectors[index].id) {
            guard let shown = readers[reader].refusal else { continue }
            if !connectors[index].hasSession || !hasConnectorWithoutSession(reader) { return shown.0 }
        }
        return nil
    }

    private func hasConnectorWithoutSession(_ reader: Int) -> Bool {
        for index in connectors.indices where readers[reader].serves(connectors[index].id) {
            if !connectors[index].hasSession { return true }
        }
        return false
    }

    private func waiting(of index: Int, _ phase: ConnectorPhase) -> (Waiting, Instant?) {
        let connector = connectors[index]
        switch connector.state {
        case .starting where connector.hasRestored && connector.restored != nil:
            return (.meterAfterRestart, connector.since + connector.limits.meterAfterRestartWithin)
        case .starting: return connector.hasRestored ? (.outputDead, nil) : (.records, nil)
        // Nobody is asked for a card or a plug where none is taken.
        case .vacant where phase == .unavailable, .plugged where phase == .unavailable: return (.nothing, nil)
        case .vacant:
            if phase == .faulted { return waitingForFault(connector) }
            if let until = grantedTap(for: index) { return (.plug, until) }
            if let reservation = connector.reservation { return (.card, reservation.until) }
            return (.nothing, nil)
        case .plugged:
            if phase == .faulted { return waitingForFault(connector) }
            return connector.isHalfPlugged ? (.plug, grantedTap(for: index)) : waitingForCard(index)
        case .preparing(let session, let preparation): return waiting(session, preparation)
        case .charging: return (.nothing, nil)
        case .suspended(_, .vehicle, let began): return (.vehicleDemand, began + connector.limits.pauseAtMost)
        case .suspended(_, .post, let began): return (.powerShare, began + connector.limits.pauseAtMost)
        case .stopping(_, let stop):
            switch stop.step {
            case .rampDown: return (.rampDown, stop.deadline)
            case .opening: return (.contactorsOpen, stop.deadline)
            case .discharge: return (.discharge, stop.deadline)
            case .release: return (.release, stop.deadline)
            }
        case .finished: return phase == .faulted ? waitingForFault(connector) : (.unplug, nil)
        }
    }

    /// Until when a connector keeps its stage, as far as anybody can know: nobody can while a vehicle charges.
    private func knownEnd(of state: ConnectorState) -> Instant? {
        switch state {
        case .stopping(_, let stop): stop.deadline
        case .suspended(_, _, let began): began + configuration.limits.pauseAtMost
        case .starting, .vacant, .plugged, .preparing, .charging, .finished: nil
        }
    }

    private func waitingForFault(_ connector: Connector) -> (Waiting, Instant?) {
        if connector.owedStop != nil, connector.faults.isEmpty { return (.records, nil) }
        var needsService = false
        var needsUnplug = false
        connector.faults.forEach { fault in
            guard fault.row.whileIdle <= .block else { return }
            if fault.row.release == .byService || fault == .stageTripped { needsService = true }
            if fault.row.release == .whenUnplugged, !connector.causes.contains(fault) { needsUnplug = true }
        }
        if needsService { return (.faultToClear, nil) }
        return needsUnplug && connector.readings.isPlugged ? (.unplug, nil) : (.faultCause, nil)
    }

    @inline(__always)
    private func waitingForCard(_ index: Int) -> (Waiting, Instant?) {
        for reader in readers.indices where readers[reader].serves(connectors[index].id) {
            switch readers[reader].tap {
            case .lookingUp(_, let deadline): return (.lookUp, deadline)
            case .askingCloud(_, _, let deadline, _, _): return (.cloud, deadline)
            case .idle, .granted: break
            }
        }
        return (.card, nil)
    }

    private func waiting(_ session: Session, _ preparation: Preparation) -> (Waiting, Instant?) {
        switch preparation.step {
        case .stage: (.stage, nil)
        case .lock: (.lock, preparation.deadline)
        case .vehicle: (.vehicle, preparation.deadline)
        case .outputDead, .testDown: (.outputDead, preparation.deadline)
        case .contactors: (.contactorsClose, preparation.deadline)
        case .testVoltage: (.testVoltage, preparation.deadline)
        case .insulation: (.insulation, preparation.deadline)
        case .preChargeRequest: (session.startRecord == .durable ? .vehicle : .startRecord, preparation.deadline)
        case .preCharge: (.preCharge, preparation.deadline)
        }
    }

    /// What the lamp shows: a refusal is shown over what waits for the driver, never over power. Mutating so that it is asked
    /// of the core in its place, once an event and connector, and not of a copy.
    mutating func indication(of index: Int, _ phase: ConnectorPhase) -> Indication {
        let isRefused = connectors[index].refusal != nil || refusalAtReaders(of: index) != nil
        switch phase {
        case .unavailable, .faulted: return .unavailable
        case .available: return isRefused ? .refused : .ready
        case .reserved: return .unavailable
        case .occupied:
            let isAsking = waitingForCard(index).0 != .card
            return isAsking ? .preparing : (isRefused ? .refused : .awaitingDriver)
        case .authorized: return .awaitingDriver
        case .preparing, .stopping: return .preparing
        case .charging, .suspendedByVehicle, .suspendedByPost: return .charging
        case .finishing: return .finished
        }
    }
}
