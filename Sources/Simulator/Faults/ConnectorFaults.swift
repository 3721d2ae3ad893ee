// What each fault of a connector does to its parts.

import Post

extension SimulatedConnector {
    /// Breaks or heals. Returns whether that changed anything.
    func suffer(_ kind: FaultKind, isBroken: Bool) -> Bool {
        settle()
        island.disturb()
        defer { post.touchLines() }
        switch kind.unit {
        case .contactorPlus: return suffer(pole: 0, kind.mode, isBroken)
        case .contactorMinus: return suffer(pole: 1, kind.mode, isBroken)
        case .pilot, .proximity, .lock, .lines: return sufferOnLines(kind, isBroken)
        case .cable, .plugContacts, .insulation, .discharge: return sufferOnCable(kind, isBroken)
        case .insulationMonitor: return sufferOnMonitor(kind.mode, isBroken)
        case .meter: return sufferOnMeter(kind.mode, isBroken)
        case .vehicle: return sufferOnVehicle(kind.mode, isBroken)
        case .pinSensor: return thermometers.suffer(kind.mode, isBroken)
        case .handle: return thermometers.sufferAtHandle(kind.mode, isBroken)
        case .thermometers: return change(&thermometers.isSilent, to: isBroken)
        case .emergencyStop, .door, .enclosure, .earth, .grid, .residualCurrentDevice, .stage, .cabinet, .cooling,
            .process, .disk, .network, .cloud,
            .siteManager, .clock, .reader, .safetyController:
            return false
        }
    }

    private func suffer(pole: Int, _ mode: FaultMode, _ isBroken: Bool) -> Bool {
        defer { contactors.drivePoles() }
        switch mode {
        case .welded:
            // A pole that only its weld still holds opens as the weld breaks: nobody has told it to.
            if !isBroken, contactors.poles[pole].isClosed, contactors.poles[pole].isCoilCut {
                world.judge.excuse(place, until: world.now + Judge.emergencyLasts)
            }
            return change(&contactors.poles[pole].isWelded, to: isBroken)
        case .stuckOpen: return change(&contactors.poles[pole].isStuckOpen, to: isBroken)
        case .drops: return change(&contactors.poles[pole].isCoilCut, to: isBroken)
        case .mirrorStuckOpen: return change(&contactors.poles[pole].mirrorStuck, to: isBroken ? .open : nil)
        case .mirrorStuckClosed: return change(&contactors.poles[pole].mirrorStuck, to: isBroken ? .closed : nil)
        case .mirrorUnreadable: return change(&contactors.poles[pole].mirrorStuck, to: isBroken ? .unknown : nil)
        case .mirrorBounces: return change(&contactors.poles[pole].bounces, to: isBroken ? 15 : 3)
        default: return false
        }
    }

    private func sufferOnLines(_ kind: FaultKind, _ isBroken: Bool) -> Bool {
        switch (kind.unit, kind.mode) {
        case (.pilot, .lost): return change(&pilot.forcedState, to: isBroken ? .a : nil)
        case (.pilot, .shorted): return change(&pilot.forcedState, to: isBroken ? .e : nil)
        case (.pilot, .stuckAtMinus12): return change(&pilot.forcedState, to: isBroken ? .f : nil)
        case (.pilot, .invalid): return change(&pilot.forcedState, to: isBroken ? .invalid : nil)
        case (.proximity, .lost): return change(&pilot.forcedProximity, to: isBroken ? .open : nil)
        case (.proximity, .invalid): return change(&pilot.forcedProximity, to: isBroken ? .invalid : nil)
        case (.lock, .stuck):
            guard let lock else { return false }
            return change(&lock.isStuck, to: isBroken)
        case (.lock, .opens):
            guard let lock, isBroken, lock.isLocked else { return false }
            lock.opensByItself()
            return true
        case (.lines, .lost): return loseLines(isBroken)
        default: return false
        }
    }

    /// A line that nobody drives falls to its safe pull: the contactors open, the pilot offers nothing, and the discharge is
    /// open as well, since nobody knows what hangs on it.
    func loseLines(_ isLost: Bool) -> Bool {
        let changed = change(&contactors.isGone, to: isLost)
        pilot.isGone = isLost
        lock?.isGone = isLost
        discharge.isGone = isLost
        if isLost {
            discharge.set(false)
            contactors.setPermit(false)
            pilot.set(.steady)
        }
        return changed
    }

    private func sufferOnCable(_ kind: FaultKind, _ isBroken: Bool) -> Bool {
        switch (kind.unit, kind.mode) {
        case (.cable, .shorted): return change(&branch.shortOhms, to: isBroken ? 60 : .infinity)
        case (.plugContacts, .worn): return change(&branch.pinWear, to: isBroken ? 12 : 1)
        case (.plugContacts, .hot): return change(&thermometers.extraCelsius, to: isBroken ? 75 : 0)
        case (.insulation, .plusToEarth):
            return change(&branch.plusToEarthOhms, to: isBroken ? 20_000 : Branch.goodOhms)
        case (.insulation, .minusToEarth):
            return change(&branch.minusToEarthOhms, to: isBroken ? 20_000 : Branch.goodOhms)
        case (.insulation, .uneven):
            return change(&branch.minusToEarthOhms, to: isBroken ? 150_000 : Branch.goodOhms)
        case (.insulation, .lifted): return change(&branch.foreignOhms, to: isBroken ? 1_000_000 : .infinity)
        case (.discharge, .broken): return change(&branch.isDischargeBroken, to: isBroken)
        default: return false
        }
    }

    private func sufferOnMonitor(_ mode: FaultMode, _ isBroken: Bool) -> Bool {
        switch mode {
        case .silent: return change(&insulation.isSilent, to: isBroken)
        case .slow: return change(&insulation.extraTest, to: isBroken ? .seconds(57) : .zero)
        case .selfTestFails: return change(&insulation.failsSelfTest, to: isBroken)
        case .voltageWrong: return change(&insulation.offsetVolts, to: isBroken ? 80 : 0)
        case .frozen:
            if isBroken { insulation.freeze() } else { insulation.frozen = nil }
            return true
        default: return false
        }
    }

    private func sufferOnMeter(_ mode: FaultMode, _ isBroken: Bool) -> Bool {
        switch mode {
        case .silent: return change(&meter.isSilent, to: isBroken)
        case .slow: return change(&meter.extraDelay, to: isBroken ? .seconds(2) : .zero)
        case .voltageWrong: return change(&meter.offsetVolts, to: isBroken ? 80 : 0)
        case .frozen:
            meter.isBent = true
            return change(&meter.frozenAtWattHours, to: isBroken ? meter.registerWattHours : nil)
        case .goesBack:
            meter.isBent = true
            meter.registerOffsetWattHours += isBroken ? -500 : 500
            return true
        case .jumps:
            // The register keeps what it jumped by: a meter does not take back.
            guard isBroken else { return false }
            meter.isBent = true
            meter.registerOffsetWattHours += 50_000
            return true
        case .countsLess:
            meter.isBent = true
            return meter.count(perMille: isBroken ? 900 : 1_000)
        case .swapped:
            meter.isBent = true
            meter.serial = isBroken ? meter.serial &+ 1_000_000 : meter.serial &- 1_000_000
            meter.registerOffsetWattHours += isBroken ? 12_345 : -12_345
            return true
        default: return false
        }
    }

    private func sufferOnVehicle(_ mode: FaultMode, _ isBroken: Bool) -> Bool {
        if mode == .drops {
            // Healing does not bring it back.
            return isBroken && unplug(byForce: true)
        }
        if mode == .welded { return changeWeld(isBroken) }
        guard let vehicle else { return false }
        switch mode {
        case .dropsLoad:
            // Healing does not close them: a vehicle that has dropped its load begins anew.
            guard isBroken, branch.isVehicleClosed, !isVehicleWelded else { return false }
            vehicle.hasDroppedLoad = true
            setVehicleContactors(isClosed: false)
            return true
        case .silent: return change(&vehicle.manners.isMute, to: isBroken)
        case .leavesStateC: return change(&vehicle.hasLeftStateC, to: isBroken)
        case .pulsesC: return change(&vehicle.isPulsing, to: isBroken)
        case .neverReady: return change(&vehicle.manners.isNeverReady, to: isBroken)
        case .ignoresStop: return change(&vehicle.manners.ignoresStop, to: isBroken)
        case .ignoresLimits: return change(&vehicle.manners.ignoresLimits, to: isBroken)
        case .wrongPreCharge: return change(&vehicle.manners.preChargeOffsetVolts, to: isBroken ? 60 : 0)
        case .neverCloses: return change(&vehicle.manners.neverCloses, to: isBroken)
        case .shorted: return change(&branch.isVehicleShorted, to: isBroken)
        case .diodeMissing: return change(&vehicle.manners.isDiodeMissing, to: isBroken)
        case .asksForVentilation: return change(&vehicle.manners.asksForVentilation, to: isBroken)
        default: return false
        }
    }

    private func changeWeld(_ isWelded: Bool) -> Bool {
        guard isVehicleWelded != isWelded else { return false }
        isVehicleWelded = isWelded
        if !isWelded { setVehicleContactors(isClosed: false) }
        return true
    }
}
