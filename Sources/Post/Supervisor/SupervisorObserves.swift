// What the supervisor believes: taken from events before the machine sees them, and from actions that pass.

extension Supervisor {
    /// Takes in an event before the machine does.
    mutating func observe(_ event: Event, at instant: Instant) {
        now = instant
        call.begin()
        for index in watched.indices where watched[index].allowed != nil {
            call.energised |= SupervisedCall.bit(index)
        }
        switch event {
        case .booted:
            isBooted = true
            call.isBoot = true
            call.isCoolingOn = false
            for index in call.safeOutputs.indices { call.safeOutputs[index] = [] }
        case .restored: isRestored = isBooted
        case .latchRestored(let latch): each(latch.connector) { $0.restore(latch.fault) }
        case .sessionRestored(let restored):
            // A connector that is gone, or holds a session already, leaves its book to be closed.
            if let index = position(of: restored.start.connector), watched[index].book == nil {
                watched[index].book = Book(restored)
            } else if strays.count < PostConfiguration.connectorsAtMost {
                strays.append(Book(restored))
            }
        case .interlocks(let levels): interlocks.take(levels, measuredAt: instant, at: instant)
        case .linesLost(nil): interlocks.forget()
        case .linesLost(let id?): with(id) { $0.lines.forget() }
        case .lines(let id, let lines): with(id) { $0.take(lines, at: instant) }
        case .stage(let id, let sample):
            for index in watched.indices where watched[index].configuration.stage == id {
                watched[index].stage.take(sample, measuredAt: sample.measuredAt, at: instant)
            }
        case .meter(let id, let sample): observe(sample, at: id)
        case .insulation(let id, let sample): observe(sample, at: id)
        case .vehicle(let id, let sample):
            with(id) { $0.vehicle.take(sample, measuredAt: sample.measuredAt, at: instant) }
        case .startRecorded(let session, .recorded): withBook(of: session) { $0.isDurable = true }
        case .stopRecorded(let session, let outcome) where outcome != .failed:
            // What nobody has told yet cannot be durable.
            withBook(of: session) { if $0.stop != nil { $0.isStopDurable = true } }
        case .tokenLookedUp(_, let lookUp): answers.take(lookUp, at: instant)
        case .cloudAnswered(let number, .accepted(let wattHours)):
            answers.accept(number, wattHours: wattHours, at: instant)
        case .tokenRevoked(let token):
            if configuration.authorization.stopsWhenRevoked { answers.remove(token) }
        case .tokenDenied(let token): answers.remove(token)
        case .command(_, .start(let id, let token)): call.startedByHand = (id, token)
        case .command(_, .clearFault(let fault, let id)): call.clearedByHand = (fault, id)
        case .limit(let source, let watts): outside.set(source, watts, at: instant)
        case .configured(let next): lowerLimits(to: next)
        default: break
        }
        for index in watched.indices { watch(index) }
    }

    /// The test voltage counts as on from the first meter reading near what the stage was told in degree *test*.
    private mutating func observe(_ sample: MeterSample, at id: ConnectorID) {
        let tolerance = limits.testToleranceMillivolts
        let instant = now
        with(id) {
            guard $0.meter.take(sample, measuredAt: sample.measuredAt, at: instant) else { return }
            $0.book?.take(sample)
            if $0.allowed == .test, $0.testVoltageAt == nil, case .on(let millivolts, _) = $0.setpoint,
                abs(Int64(sample.millivolts) - Int64(millivolts)) <= Int64(tolerance)
            {
                $0.testVoltageAt = sample.measuredAt
            }
        }
    }

    /// The insulation test counts as passed by a reading made with the test voltage on, above the limit.
    private mutating func observe(_ sample: InsulationSample, at id: ConnectorID) {
        guard let index = position(of: id),
            watched[index].insulation.take(sample, measuredAt: sample.measuredAt, at: now)
        else { return }
        if let live = watched[index].testVoltageAt, sample.measuredAt >= live, sample.selfTest == .passed,
            sample.millivolts >= limits.touchSafeMillivolts, sample.isGood(limits)
        {
            watched[index].isInsulationTested = true
        }
    }

    /// What an action that passed has changed.
    mutating func pass(_ action: Action) {
        let instant = now
        switch action {
        case .allowPower(let id, let degree): with(id) { $0.allow(degree) }
        case .withdrawPower(let id):
            with(id) {
                if $0.allowed != nil || $0.openedAt == nil { $0.openedAt = instant }
                $0.allowed = nil
            }
            note(.withdrawn, id)
        case .commandStage(let stage, _, let command): pass(command, to: stage)
        case .setLock(let id, let isHeld):
            with(id) { $0.isReleased = !isHeld }
            if isHeld { note(.lockHeld, id) }
        case .setPilot(let id, let pilot):
            with(id) { $0.pilot = pilot }
            if pilot != .digital { note(.pilotSteady, id) }
        case .setDischarge(let id, let isOn): with(id) { $0.isDischarging = isOn }
        case .setCooling(let isOn): call.isCoolingOn = isOn
        case .tripUpstream(let stage):
            for index in watched.indices where watched[index].configuration.stage == stage {
                watched[index].isCutOff = true
            }
        case .tellVehicle(let id, _, let notice):
            with(id) { $0.tell(notice) }
            if notice == .emergency, let index = position(of: id) { call.told |= SupervisedCall.bit(index) }
        case .askCloud(let number, let token, _): answers.ask(number, about: token)
        case .recordStart(let start):
            answers.remove(start.token)
            with(start.connector) { $0.begin(start) }
        case .recordSample(let sample):
            withBook(of: sample.session) { $0.told(sample.energyWattHours) }
        case .recordStop(let stop): withBook(of: stop.session) { $0.told(stop) }
        case .recordLatch(let latch, let isSet):
            each(latch.connector) { if isSet { $0.latched.insert(latch.fault) } else { $0.clear(latch.fault) } }
            if !isSet { supplyComesBack() }
        case .report(let report): pass(report)
        case .indicate, .commandInsulation, .recordMeter, .recordAvailability, .restart, .answer: break
        }
    }

    private mutating func pass(_ command: StageCommand, to stage: StageID) {
        // A stage that two share is off for both from now on, whichever of them it served.
        let goesOff = command == .off && (call.isBoot || !isStageOff(stage))
        for index in watched.indices where watched[index].configuration.stage == stage {
            if command == .off {
                if goesOff { watched[index].offSince = now }
                watched[index].setpoint = .off
                note(.stageOff, watched[index].id)
            } else if watched[index].allowed != nil {
                if watched[index].setpoint == .off { watched[index].wokenAt = now }
                watched[index].setpoint = command
            }
        }
    }

    /// A stage whose last latch was cleared has its supply again.
    private mutating func supplyComesBack() {
        for index in watched.indices where watched[index].isCutOff {
            let stage = watched[index].configuration.stage
            watched[index].isCutOff = watched.contains {
                $0.configuration.stage == stage && ($0.isWeldSuspected || $0.latched.contains(.stageIgnoresOff))
            }
        }
    }

    private mutating func pass(_ report: Report) {
        switch report {
        case .faultRaised(let fault, let id):
            each(id) { $0.raised.insert(fault) }
            guard fault.row.whileEnergised == .emergency else { return }
            for index in watched.indices where id == nil || watched[index].id == id {
                call.emergencies |= SupervisedCall.bit(index)
            }
        case .faultCleared(let fault, let id): each(id) { $0.raised.remove(fault) }
        case .openedUnderLoad(let id, _):
            if let index = position(of: id) { call.openedUnderLoad |= SupervisedCall.bit(index) }
        case .sessionEnded(let session, _, _, _): withBook(of: session) { $0.isEnded = true }
        default: break
        }
    }

    private mutating func note(_ output: SafeOutputs, _ id: ConnectorID) {
        guard let index = position(of: id), index < call.safeOutputs.count else { return }
        call.safeOutputs[index].insert(output)
    }

    private mutating func with(_ id: ConnectorID, _ body: (inout Watched) -> Void) {
        guard let index = position(of: id) else { return }
        body(&watched[index])
    }
    private mutating func each(_ id: ConnectorID?, _ body: (inout Watched) -> Void) {
        for index in watched.indices where id == nil || watched[index].id == id { body(&watched[index]) }
    }
    private mutating func withBook(of session: SessionID, _ body: (inout Book) -> Void) {
        for index in strays.indices where strays[index].session == session { body(&strays[index]) }
        for index in watched.indices where watched[index].book?.session == session {
            if var book = watched[index].book {
                body(&book)
                watched[index].book = book
            }
        }
    }
}

extension Watched {
    /// A path that was commanded open counts as separate from when it is read open.
    fileprivate mutating func take(_ sample: ConnectorLines, at now: Instant) {
        lines.take(sample, measuredAt: now, at: now)
        if allowed == nil { isJoined = !sample.areBothOpen }
    }

    fileprivate mutating func allow(_ degree: PowerDegree) {
        if degree == .test { (testVoltageAt, isInsulationTested, isStopping) = (nil, false, false) }
        (allowed, isJoined, isReleased) = (degree, true, false)
    }

    fileprivate mutating func tell(_ notice: VehicleNotice) {
        switch notice {
        case .ended: isReleased = true
        case .stopRequested, .emergency: isStopping = true
        case .authorized, .cableCheckPassed, .limits: break
        }
    }

    fileprivate mutating func begin(_ start: SessionStart) {
        book = Book(start)
        (testVoltageAt, isInsulationTested, isStopping) = (nil, false, false)
    }

    fileprivate mutating func restore(_ fault: Fault) {
        raised.insert(fault)
        latched.insert(fault)
        if fault.isWeld { (isWeldSuspected, isReleased) = (true, false) }
    }

    /// Service has cleared a latch: the cause is gone, and with it the suspicion.
    fileprivate mutating func clear(_ fault: Fault) {
        latched.remove(fault)
        if fault.isWeld { isWeldSuspected = hasWeldLatched }
    }
}
