// The supervisor's last word on the actions of one event.

extension Supervisor {
    /// Looks at every action from position `first` on, drops or replaces what would break a rule, then looks at what
    /// stands. Returns one bit a connector at which it had to step in.
    mutating func review(_ turn: inout Turn, from first: Int) -> UInt64 {
        intervened = 0
        var broken: (rule: Rule, connector: ConnectorID?)?
        let before = turn.actions.list.count
        turn.actions.filter(from: first) { action in
            guard let rule = objection(to: action) else {
                pass(action)
                return true
            }
            broken = (rule, action.connector)
            return false
        }
        if turn.actions.list.count != before, let broken { stepIn(broken.rule, broken.connector, &turn) }
        for index in watched.indices { reviewStanding(index, &turn) }
        if turn.actions.dropped > 0 { stepIn(.bounded, nil, &turn) }
        return intervened
    }

    /// The rule that an action would break, or nil.
    private func objection(to action: Action) -> Rule? {
        switch action {
        case .allowPower(let id, let degree):
            guard let index = position(id) else { return .powerNeedsEverything }
            return objection(toAllowing: degree, at: index)
        case .setLock(let id, isHeld: false), .tellVehicle(let id, _, .ended):
            guard let index = position(id) else { return nil }
            return mayBeReleased(index) ? nil : .releasedOnlyWhenDead
        case .setDischarge(let id, isOn: true):
            guard let index = position(id) else { return nil }
            return watched[index].allowed == nil && watched[index].readsOpen ? nil : .powerNeedsEverything
        case .commandStage(let stage, _, .on(_, let milliamperes)):
            return objection(toCurrent: milliamperes, from: stage)
        case .recordStart(let start):
            let isDouble = watched.contains {
                $0.session != nil && ($0.token == start.token || $0.id == start.connector)
            }
            return isDouble ? .oneSessionEach : nil
        case .recordSample(let sample):
            let isFalling = watched.contains {
                $0.session == sample.session && sample.energyWattHours < $0.energyWattHours
            }
            return isFalling ? .energyNeverDecreases : nil
        default: return nil
        }
    }

    /// What an action that passed has changed.
    private mutating func pass(_ action: Action) {
        switch action {
        case .allowPower(let id, let degree):
            let instant = now
            with(id) {
                if degree == .test, $0.allowed == nil {
                    $0.testGivenAt = instant
                    $0.isInsulationTested = false
                }
                $0.allowed = degree
            }
        case .withdrawPower(let id):
            with(id) {
                $0.allowed = nil
                $0.missingSince = nil
            }
        case .commandStage(let stage, _, let command):
            for index in watched.indices where watched[index].configuration.stage == stage {
                watched[index].setpoint =
                    watched[index].allowed == nil && command != .off ? watched[index].setpoint : command
            }
        case .recordStart(let start):
            with(start.connector) {
                $0.session = start.session
                $0.token = start.token
                $0.isDurable = false
                $0.isInsulationTested = false
                $0.testGivenAt = nil
                $0.energyWattHours = 0
            }
        case .recordSample(let sample):
            for index in watched.indices where watched[index].session == sample.session {
                watched[index].energyWattHours = sample.energyWattHours
            }
        case .report(.sessionEnded(let session, let id, _, _)):
            with(id) { if $0.session == session { ($0.session, $0.token, $0.isDurable) = (nil, nil, false) } }
        case .report(.faultCleared(let fault, let id?)) where fault.isWeld:
            with(id) { $0.isWeldSuspected = false }
        default: break
        }
    }

    private func position(_ id: ConnectorID) -> Int? {
        Int(id.index) < watched.count ? Int(id.index) : nil
    }

    /// Rule 1, 5 and 9 for a permissive that is about to be given.
    private func objection(toAllowing degree: PowerDegree, at index: Int) -> Rule? {
        let own = watched[index]
        let limits = configuration.limits
        guard own.session != nil, isSafeToHold(index),
            own.readings.lines?.pilot == .c || own.readings.lines?.pilot == .d
        else { return .powerNeedsEverything }
        if own.isWeldSuspected { return .powerNeedsEverything }
        if degree >= .match {
            guard own.isInsulationTested, own.allowed != nil else { return .powerNeedsEverything }
            guard own.isDurable else { return .recordedBeforeEnergy }
        }
        if degree == .charge {
            guard let sample = own.readings.youngInsulation(at: now, limits),
                Int64(sample.ohms) >= Supervisor.leastOhms(sample.millivolts, limits)
            else { return .powerNeedsEverything }
        }
        if own.allowed == nil {
            guard let meter = own.readings.youngMeter(at: now, limits),
                let stage = own.readings.youngStage(at: now, limits),
                isNear(meter.millivolts, stage.millivolts, limits.preChargeMillivolts)
            else { return .powerNeedsEverything }
        }
        let isShared = watched.indices.contains { other in
            other != index && watched[other].configuration.stage == own.configuration.stage
                && (watched[other].allowed != nil || !watched[other].readsOpen || watched[other].isWeldSuspected)
        }
        return isShared ? .grantsWithinLimits : nil
    }

    /// Whether the inputs of class E let power stand at this connector: interlocks, earth, plug, pilot, lock.
    private func isSafeToHold(_ index: Int) -> Bool {
        let limits = configuration.limits
        let own = watched[index]
        guard let levels = interlocks, now - interlocksAt <= limits.linesMaximumAge,
            let lines = own.readings.youngLines(at: now, limits)
        else { return false }
        guard !levels.emergencyStopPressed, !levels.doorOpen, !levels.tiltOrWater, levels.protectiveEarthGood else {
            return false
        }
        guard lines.proximity == .seated,
            lines.pilot == .b || lines.pilot == .c || lines.pilot == .d
                || lines.pilot == .invalid || lines.pilot == .f
        else { return false }
        return own.configuration.lockHolder == .vehicle || lines.lock == .closed
    }

    private func mayBeReleased(_ index: Int) -> Bool {
        let own = watched[index]
        guard own.allowed == nil else { return false }
        return own.readings.areContactsDead(at: now, configuration.limits, bothSensors: own.isWeldSuspected)
    }

    /// A stage gives test current only, unless the connector behind it has power of degree *charge*; and what all are
    /// granted stays within the site's limit.
    private func objection(toCurrent milliamperes: Int32, from stage: StageID) -> Rule? {
        guard let index = watched.firstIndex(where: { $0.configuration.stage == stage && $0.allowed != nil }) else {
            return .powerNeedsEverything
        }
        let degree = watched[index].allowed ?? .test
        if degree < .charge, milliamperes > configuration.limits.testMilliamperes { return .grantsWithinLimits }
        guard milliamperes <= watched[index].configuration.maximumMilliamperes else { return .grantsWithinLimits }
        guard milliamperes > 0, degree == .charge else { return nil }
        var total: Int64 = 0
        for other in watched.indices where other != index { total += granted(other) }
        let volts = watched[index].readings.meter?.millivolts ?? watched[index].configuration.maximumMillivolts
        total += watts(millivolts: max(volts, configuration.limits.touchSafeMillivolts), milliamperes: milliamperes)
        // One per cent and 100 W for readings that have moved since the share was computed.
        let limit = configuration.siteLimitWatts
        return total <= limit + limit / 100 + 100 ? nil : .grantsWithinLimits
    }

    private func granted(_ index: Int) -> Int64 {
        guard let meter = watched[index].readings.youngMeter(at: now, configuration.limits) else { return 0 }
        let measured = max(0, watts(millivolts: meter.millivolts, milliamperes: meter.milliamperes))
        guard watched[index].allowed == .charge, case .on(_, let milliamperes) = watched[index].setpoint else {
            return measured
        }
        return max(measured, watts(millivolts: meter.millivolts, milliamperes: milliamperes))
    }

    /// What stands after the event: power where a class-E input says no is withdrawn now; where another need is
    /// missing, the machine has its budget.
    private mutating func reviewStanding(_ index: Int, _ turn: inout Turn) {
        guard watched[index].allowed != nil else { return }
        guard isSafeToHold(index) else { return stepIn(.emergencyAtOnce, watched[index].id, &turn) }
        let limits = configuration.limits
        let own = watched[index]
        let isMissing =
            own.readings.youngStage(at: now, limits) == nil || own.readings.youngMeter(at: now, limits) == nil
            || (own.allowed == .charge
                && own.readings.youngInsulation(at: now, limits).map {
                    Int64($0.ohms) < Supervisor.leastOhms($0.millivolts, limits)
                } ?? true)
        guard isMissing else {
            watched[index].missingSince = nil
            return
        }
        let since = watched[index].missingSince ?? now
        watched[index].missingSince = since
        if now - since >= graceForErrors { stepIn(.powerNeedsEverything, own.id, &turn) }
    }

    /// Makes a connector safe over the machine's head, and says so.
    private mutating func stepIn(_ rule: Rule, _ id: ConnectorID?, _ turn: inout Turn) {
        turn.report(.defect(rule, id))
        for index in watched.indices where id == nil || watched[index].id == id {
            intervened |= 1 << UInt64(index)
            guard watched[index].allowed != nil || id != nil else { continue }
            watched[index].allowed = nil
            watched[index].missingSince = nil
            watched[index].setpoint = .off
            turn.act(.withdrawPower(watched[index].id))
            turn.command(watched[index].configuration.stage, .off)
        }
    }
}

extension Action {
    /// The connector an action is about, if it is about one.
    var connector: ConnectorID? {
        switch self {
        case .allowPower(let id, _), .withdrawPower(let id), .setLock(let id, _), .setPilot(let id, _),
            .setDischarge(let id, _), .indicate(let id, _), .commandInsulation(let id, _, _),
            .tellVehicle(let id, _, _):
            id
        case .recordStart(let start): start.connector
        default: nil
        }
    }
}
