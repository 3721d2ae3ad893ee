// Rules 1, 2 and 3 for what stands after an event: what `Watch` lists has a budget, and class E has none.

extension Supervisor {
    /// Notes since when each row has held, as the machine will see it in this call.
    mutating func watch(_ index: Int) {
        let held = held(index)
        let begun = held.subtracting(watched[index].standing)
        watched[index].standing = held
        for watch in begun { watched[index].since[Int(watch.rawValue)] = now }
        if held.contains(.stuckClosed), now - since(.stuckClosed, index) >= limits.contactorOpenWithin {
            (watched[index].isWeldSuspected, watched[index].isReleased) = (true, false)
        }
    }

    /// Looks at the connector after the machine has acted.
    mutating func judgeStanding(_ index: Int, _ turn: inout Turn) {
        let bit = SupervisedCall.bit(index)
        if call.energised & bit != 0 || watched[index].allowed != nil {
            // Rule 2: all three in the call that brings the cause.
            let isEmergency = call.emergencies & bit != 0 || !isSafeToHold(index)
            let isDone =
                watched[index].allowed == nil && watched[index].setpoint == .off
                && watched[index].pilot != .digital
            if isEmergency, !isDone { call.find(.emergencyAtOnce, at: index) }
        }
        // Nothing stands in almost every call.
        guard watched[index].standing.bits != 0 || skipsNothing else { return }
        var late = WatchSet()
        for watch in watched[index].standing {
            late.insert(watch, if: now - since(watch, index) >= budget(of: watch, index))
        }
        guard late.bits != 0 || skipsNothing else { return }
        let held = held(index)
        for watch in late where held.contains(watch) {
            call.find(watch.rule, at: index)
            if let fault = watch.latch { keep(fault, index, &turn) }
        }
    }

    /// Rule 3: whatever service must clear is written down, by the supervisor if the machine does not.
    private mutating func keep(_ fault: Fault, _ index: Int, _ turn: inout Turn) {
        watched[index].raised.insert(fault)
        overrule(.recordLatch(Latch(fault: fault, connector: watched[index].id), isSet: true), &turn)
    }

    /// Rule 2: outside an emergency contactors open at safe current.
    mutating func judgeOpening(_ action: Action) {
        guard case .withdrawPower(let id) = action, let index = position(of: id), watched[index].allowed != nil,
            let current = watched[index].newestCurrent(now),
            current > limits.safeOpeningMilliamperes.magnitude
        else { return }
        let isToldSo = (call.emergencies | call.openedUnderLoad) & SupervisedCall.bit(index) != 0
        if !isToldSo, isSafeToHold(index) { call.find(.emergencyAtOnce, at: index) }
    }

    private mutating func held(_ index: Int) -> WatchSet {
        var held = watched[index].held(at: now)
        let stage = watched[index].configuration.stage
        if watched[index].stageStillGives(now), isRestored, isStageOff(stage) {
            var isKnown = false
            for other in watched.indices where watched[other].configuration.stage == stage {
                isKnown = isKnown || watched[other].raised.contains(.stageIgnoresOff)
            }
            held.insert(.stageIgnoresOff, if: !isKnown)
        }
        if watched[index].allowed != nil {
            for other in watched.indices where other != index && watched[other].isWeldSuspected {
                held.insert(.stageSharedWithWeld, if: watched[other].configuration.stage == stage)
            }
        }
        return held
    }

    @inline(__always)
    private mutating func since(_ watch: Watch, _ index: Int) -> Instant { watched[index].begun(watch) }

    /// How long a row may hold: the filter of its fault, and the budget that the fault table gives its class. Mutating though it
    /// changes nothing: what only reads gets the whole supervisor by copy, for each row that holds.
    private mutating func budget(of watch: Watch, _ index: Int) -> Interval {
        let little = SafetyLimits.supervisorWaits
        switch watch {
        case .stageUnknown, .meterUnknown, .vehicleUnknown, .insulationBad, .pilotUnavailable,
            .stageSharedWithWeld:
            return errorBudget
        case .stageOnInTest: return limits.cableCheckWithin + errorBudget
        case .stageOnInMatch: return limits.preChargeWithin + errorBudget
        case .testTooLong:
            return limits.cableCheckWithin + limits.vehicleReadyWithin + limits.rampDownWhenAsked + little
        case .matchTooLong: return limits.preChargeWithin + limits.rampDownWhenAsked + little
        case .vehicleLeft:
            // In a stop that is under way the vehicle may leave once the current is safe.
            let isExpected = watched[index].isStopping && isCurrentSafe(index)
            return (isExpected ? limits.rampDownWhenAsked : limits.rampDownWhenVehicleLeft) + little
        case .pilotInvalid: return limits.pilotInvalidFor + errorBudget
        case .stopTooLong: return limits.rampDownWhenAsked + little
        case .contactorsNotClosed: return limits.contactorCloseWithin + errorBudget
        case .reverseCurrent: return limits.reverseCurrentFor + little
        case .overVoltage: return limits.overVoltageFor + errorBudget
        case .overCurrent:
            // A pause has the time of a stop that was asked for to bring the current down; a stop has its own row.
            // What was granted before may flow for as long as the filter, which begins after that.
            let filter = limits.overCurrentFor + limits.overCurrentFor
            if case .on(_, 0) = watched[index].setpoint { return limits.rampDownWhenAsked + filter + errorBudget }
            return filter + errorBudget
        case .sensorsDisagree: return limits.sensorSpreadFor + errorBudget
        case .stuckClosed: return limits.contactorOpenWithin + little
        case .currentWhileOpen: return limits.contactorPlausibilityFor + little
        case .stageIgnoresOff: return limits.contactorOpenWithin + limits.stageOffWithin
        }
    }

    /// The budget of an error from the fault to open contactors, and a little for the call that ends it.
    private var errorBudget: Interval { limits.rampDownWhenError + SafetyLimits.supervisorWaits }

    @inline(__always)
    private func isCurrentSafe(_ index: Int) -> Bool {
        watched[index].newestCurrent(now).map { $0 <= limits.safeOpeningMilliamperes.magnitude } ?? false
    }

    /// The instants at which a reading that power needs turns too old, or a row has held for its budget.
    mutating func includeDeadlines(in earliest: inout Earliest) {
        for index in watched.indices {
            for watch in watched[index].standing {
                earliest.include(since(watch, index) + budget(of: watch, index))
            }
            guard watched[index].allowed != nil else { continue }
            earliest.include(interlocks.turnsOld(after: limits.linesMaximumAge))
            earliest.include(watched[index].lines.turnsOld(after: limits.linesMaximumAge))
            earliest.include(watched[index].stage.turnsOld(after: limits.stageMaximumAge))
            earliest.include(watched[index].wokenAt + limits.stageMaximumAge + Interval(microseconds: 1))
            earliest.include(watched[index].meter.turnsOld(after: limits.meterMaximumAge))
            earliest.include(watched[index].insulation.turnsOld(after: limits.insulationMaximumAge))
            earliest.include(watched[index].vehicle.turnsOld(after: watched[index].vehicleAge))
        }
        earliest.include(outside.nextSilence(after: limits.limitSilentAfter, at: now))
    }
}

extension Interval {
    /// The sum; saturates instead of trapping.
    static func + (left: Interval, right: Interval) -> Interval {
        Interval(microseconds: left.microseconds.addingSaturated(right.microseconds))
    }
}
