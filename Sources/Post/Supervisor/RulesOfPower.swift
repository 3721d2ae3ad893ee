// Rule 1: what must be so before the permissive, the stage's output or the discharge path is switched on.

extension Supervisor {
    /// The rule that an action would break, or nil.
    func objection(to action: Action) -> Rule? {
        if call.isBoot, !action.isSafeAtBoot { return .safeAfterStart }
        switch action {
        case .allowPower(let id, let degree):
            guard let index = position(of: id) else { return .powerNeedsEverything }
            return objection(toAllowing: degree, at: index)
        case .commandStage(let stage, _, .on(let millivolts, let milliamperes)):
            return objection(toGiving: millivolts, milliamperes, from: stage)
        case .setDischarge(let id, isOn: true):
            guard let index = position(of: id) else { return nil }
            return mayDischarge(index) ? nil : .powerNeedsEverything
        case .setLock(let id, isHeld: false), .tellVehicle(let id, _, .ended):
            guard let index = position(of: id) else { return nil }
            return mayBeReleased(index) ? nil : .releasedOnlyWhenDead
        case .recordLatch(let latch, isSet: false): return mayBeForgotten(latch) ? nil : .measuredAgrees
        case .askCloud(_, let token, _): return answers.isKnown(token) ? .decidedLocally : nil
        case .recordStart(let start): return objection(toStarting: start)
        case .recordSample(let sample): return objection(toTelling: sample)
        case .recordStop(let stop): return objection(toTelling: stop)
        case .restart: return mayRestart ? nil : .safeAfterStart
        case .report(.sessionEnded(let session, _, _, let energy)):
            return objection(toEnding: session, energy)
        default: return nil
        }
    }

    private func objection(toAllowing degree: PowerDegree, at index: Int) -> Rule? {
        guard isRestored else { return .safeAfterStart }
        guard watched[index].isInSession, isSafeToHold(index), isAsking(for: degree, index),
            !watched[index].isLatched, !watched[index].isDischarging, isNext(degree, index)
        else { return .powerNeedsEverything }
        if degree > .test {
            guard watched[index].isInsulationTested else { return .powerNeedsEverything }
            guard watched[index].book?.isDurable == true else { return .recordedBeforeEnergy }
        }
        if degree == .charge, !watched[index].isInsulationGood(now) {
            return .powerNeedsEverything
        }
        guard isNothingAcross(index) else { return .powerNeedsEverything }
        return isStageJoinedElsewhere(index) || watched[index].isCutOff ? .grantsWithinLimits : nil
    }

    /// The degrees follow one another, none left out.
    private func isNext(_ degree: PowerDegree, _ index: Int) -> Bool {
        let before = watched[index].allowed
        switch degree {
        case .test: return before == nil
        case .match: return before == .test
        case .charge: return before == .match
        }
    }

    /// The vehicle asks for energy by the pilot, and for this degree by its message.
    private func isAsking(for degree: PowerDegree, _ index: Int) -> Bool {
        guard let lines = watched[index].youngLines(now),
            lines.pilot == .c || (lines.pilot == .d && watched[index].configuration.isVentilated),
            let vehicle = watched[index].vehicle.young(at: now, within: limits.vehicleSlowMaximumAge)
        else { return false }
        switch degree {
        case .test: return vehicle.phase == .cableCheck
        case .match: return vehicle.phase == .preCharge || vehicle.phase == .charge
        case .charge: return vehicle.phase == .charge
        }
    }

    /// A contactor that is not read closed is told to close only on little voltage across it, measured on both sides.
    private func isNothingAcross(_ index: Int) -> Bool {
        if watched[index].allowed != nil, watched[index].youngLines(now)?.areBothClosed == true {
            return true
        }
        guard let meter = watched[index].youngMeter(now),
            let stage = watched[index].youngStage(now)
        else { return false }
        return abs(Int64(meter.millivolts) - Int64(stage.millivolts)) <= Int64(limits.preChargeMillivolts)
    }

    /// Whether the inputs of class E let power stand here: interlocks, earth, lines, plug, pilot, lock.
    ///
    /// Pilot states that have a budget (B, F, outside every band) are watched: `Watch.vehicleLeft` and its neighbours.
    @inline(__always)
    func isSafeToHold(_ index: Int) -> Bool {
        let age = limits.linesMaximumAge
        guard let levels = interlocks.young(at: now, within: age),
            let lines = watched[index].lines.young(at: now, within: age),
            !levels.isControllerSilent, !levels.emergencyStopPressed, !levels.doorOpen, !levels.tiltOrWater,
            levels.protectiveEarthGood, !levels.residualCurrentTripped,
            lines.proximity == .seated, lines.pilot != .a, lines.pilot != .e
        else { return false }
        return watched[index].configuration.lockHolder == .vehicle || lines.lock == .closed
    }

    /// The discharge path closes only with the stage off for this connector and the contactors told to open: with one of them
    /// read open, or long enough after.
    private func mayDischarge(_ index: Int) -> Bool {
        guard watched[index].allowed == nil, watched[index].setpoint == .off, let opened = watched[index].openedAt
        else { return false }
        return watched[index].youngLines(now)?.isOneOpen == true
            || now - opened >= SafetyLimits.dischargedUnreadAfter
    }

    @inline(__always)
    func isStageOff(_ stage: StageID) -> Bool {
        for index in watched.indices where watched[index].configuration.stage == stage {
            if watched[index].setpoint != .off { return false }
        }
        return true
    }
}
