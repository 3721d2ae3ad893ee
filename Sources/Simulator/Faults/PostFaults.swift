// What each fault of a stage, of a post and of the site does.

import Post

extension SimulatedStage {
    /// Breaks or heals. Returns whether that changed anything.
    func suffer(_ mode: FaultMode, isBroken: Bool) -> Bool {
        settle()
        switch mode {
        case .moduleLost:
            let before = output.modulesOut
            output.modulesOut = min(max(before + (isBroken ? 1 : -1), 0), output.modules)
            return output.modulesOut != before
        case .internalFault: return change(&output.hasInternalFault, to: isBroken)
        case .silent: return change(&isSilent, to: isBroken)
        case .slow: return change(&extraDelay, to: isBroken ? .seconds(2) : .zero)
        case .frozen:
            if isBroken { freeze() } else { frozen = nil }
            return true
        case .refuses: return change(&refuses, to: isBroken)
        case .ignoresOff: return change(&output.ignoresOff, to: isBroken)
        case .overVoltage: return change(&output.offsetVolts, to: isBroken ? 60 : 0)
        case .underVoltage: return change(&output.ceilingVolts, to: isBroken ? 150 : .infinity)
        case .overCurrent: return change(&output.currentFactor, to: isBroken ? 1.5 : 1)
        case .backfeeds: return change(&output.backfeedAmperes, to: isBroken ? 20 : 0)
        case .voltageWrong: return change(&sensorOffsetVolts, to: isBroken ? 80 : 0)
        case .sluggish:
            return change(&output.voltsPerSecond, to: isBroken ? 41 : StageOutput.usualVoltsPerSecond)
        case .holdsCharge: return change(&output.isDischargeBroken, to: isBroken)
        default: return false
        }
    }
}

extension SimulatedPost {
    /// Breaks or heals. Returns whether that changed anything.
    func suffer(_ kind: FaultKind, isBroken: Bool) -> Bool {
        defer { touchLines() }
        switch kind.unit {
        case .emergencyStop: return sufferEmergencyStop(kind.mode, isBroken)
        case .safetyController: return leaveFramesOut(isBroken)
        case .door: return change(&enclosure.levels.doorOpen, to: isBroken)
        case .enclosure: return change(&enclosure.levels.tiltOrWater, to: isBroken)
        case .earth: return change(&enclosure.levels.protectiveEarthGood, to: !isBroken)
        case .grid, .residualCurrentDevice: return sufferSupply(kind.mode, isBroken)
        case .lines:
            let changed = change(&enclosure.isGone, to: isBroken)
            for connector in connectors { _ = connector.loseLines(isBroken) }
            return changed
        case .cabinet:
            enclosure.settleHeat()
            return change(
                &enclosure.ambientCelsius,
                to: world.ambientCelsius + (!isBroken ? 0 : kind.mode == .cold ? -60 : 35))
        case .cooling:
            enclosure.settleHeat()
            for connector in connectors { connector.thermometers.settleHeat() }
            guard kind.mode == .leaks else { return change(&enclosure.isCoolingBroken, to: isBroken) }
            return change(&enclosure.levels.coolantLow, to: isBroken)
        case .process: return leak(isBroken)
        case .disk: return sufferDisk(kind.mode, isBroken)
        case .clock: return sufferClock(kind.mode, isBroken)
        case .siteManager: return change(&siteManager.isSilent, to: isBroken)
        case .contactorPlus, .contactorMinus, .pilot, .proximity, .lock, .cable, .plugContacts, .insulation,
            .insulationMonitor, .discharge, .stage, .meter, .vehicle, .pinSensor, .handle, .thermometers, .network,
            .cloud, .reader:
            return false
        }
    }

    private func sufferEmergencyStop(_ mode: FaultMode, _ isBroken: Bool) -> Bool {
        if mode == .circuitsDisagree { enclosure.levels.stopCircuitsDiffer = isBroken }
        let changed = change(&enclosure.levels.emergencyStopPressed, to: isBroken)
        if mode == .bounces, isBroken, changed {
            plan(.emergencyStopBounce, index: 0, generation: 9, after: .milliseconds(7))
        }
        return changed
    }

    /// What the monitors say and what reaches the stages follow from all that is wrong with the supply together.
    private func sufferSupply(_ mode: FaultMode, _ isBroken: Bool) -> Bool {
        let changed =
            switch mode {
            case .lost: change(&enclosure.supply.isLost, to: isBroken)
            case .sags: change(&enclosure.supply.sags, to: isBroken)
            case .phaseLost: change(&enclosure.supply.lacksPhase, to: isBroken)
            case .tripped: change(&enclosure.levels.residualCurrentTripped, to: isBroken)
            case .selfTestFails: change(&enclosure.levels.residualCurrentUntested, to: isBroken)
            default: false
            }
        let supply = enclosure.supply
        enclosure.levels.gridPresent = !supply.isLost && !supply.sags
        enclosure.levels.phaseMissing = supply.lacksPhase
        for stage in stages {
            stage.settle()
            stage.output.hasGrid = !supply.isLost && !enclosure.levels.residualCurrentTripped
            stage.output.supplyShare = supply.share
        }
        return changed
    }

    private func sufferDisk(_ mode: FaultMode, _ isBroken: Bool) -> Bool {
        let next: SimulatedDisk.State? =
            switch mode {
            case .slow: .slow(.seconds(3))
            case .commitsSlow: .commitsSlow(.seconds(8))
            case .full: .full
            case .failing: .failing
            case .hanging: .hanging
            default: nil
            }
        guard let next else { return false }
        return change(&disk.state, to: isBroken ? next : .well)
    }

    private func sufferClock(_ mode: FaultMode, _ isBroken: Bool) -> Bool {
        let before = clock
        defer { tellOfStep(since: before) }
        guard isBroken else {
            clock.synchronize()
            return clock != before
        }
        switch mode {
        case .at1970: clock.startIn1970(at: world.now)
        case .stepsForward: clock.step(byMilliseconds: 3 * 86_400_000)
        case .stepsBack: clock.step(byMilliseconds: -3 * 86_400_000)
        case .drifts: clock.driftPartsPerMillion = 200
        default: return false
        }
        return clock != before
    }

    /// Whoever reads the clock beside one that nobody can set notices a step at its next look.
    private func tellOfStep(since before: SimulatedWallClock) {
        let step = clock.milliseconds(at: world.now) - before.milliseconds(at: world.now)
        guard step.magnitude >= 1_000 else { return }
        deliver(.clockStepped(byMilliseconds: step), after: SimulatedWallClock.readEvery)
    }

    /// Whoever drives the reader notices within a second that it is gone, or there again.
    func tellOfReader(_ index: Int) {
        let isThere = !readers[index].isGone
        deliver(.reader(ReaderID(UInt8(index)), isThere: isThere), after: .seconds(1))
    }

    func suffer(reader index: Int, _ mode: FaultMode, isBroken: Bool) -> Bool {
        switch mode {
        case .gone:
            guard change(&readers[index].isGone, to: isBroken) else { return false }
            tellOfReader(index)
            return true
        case .garbage:
            guard isBroken, isAlive else { return false }
            receive(.readerGarbage(ReaderID(UInt8(index))))
            return true
        default: return false
        }
    }
}

extension SimulatedNetwork {
    /// Breaks or heals. Returns whether that changed anything.
    func suffer(_ mode: FaultMode, isBroken: Bool) -> Bool {
        guard let row = NetworkTable.row(mode) else { return false }
        return isBroken ? add(row.injected) : remove(row.injected)
    }
}
