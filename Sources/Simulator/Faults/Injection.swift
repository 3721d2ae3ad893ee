// Gives the world a fault and takes it away again.

import Post

extension World {
    /// Begins a fault at a connector (or at what serves it). Returns whether that changed anything in the world.
    @discardableResult
    public func inject(_ kind: FaultKind, post: Int, connector: Int) -> Bool {
        set(kind, isOn: true, post, connector)
    }

    /// Ends a fault. Returns whether that changed anything.
    @discardableResult
    public func heal(_ kind: FaultKind, post: Int, connector: Int) -> Bool {
        set(kind, isOn: false, post, connector)
    }

    private func set(_ kind: FaultKind, isOn: Bool, _ post: Int, _ index: Int) -> Bool {
        for connector in posts[post].connectors.indices { advance(post, connector) }
        let own = posts[post].connectors[index]
        // A fault of the path excuses an opening under load for as long as the reaction may take.
        excuse(own.place, until: now + .seconds(5))
        let isChanged =
            setContactors(kind, isOn, own) ?? setStage(kind, isOn, post, index) ?? setMeters(kind, isOn, own)
            ?? setLines(kind, isOn, own) ?? setSurroundings(kind, isOn, post, own) ?? false
        own.circuit.touch()
        posts[post].linesChanged?(now)
        return isChanged
    }

    private func setContactors(_ kind: FaultKind, _ isOn: Bool, _ own: SimulatedConnector) -> Bool? {
        switch kind {
        case .contactorPlusWelded: return change(&own.contactors.plus.isWelded, to: isOn)
        case .contactorMinusWelded: return change(&own.contactors.minus.isWelded, to: isOn)
        case .contactorPlusStuckOpen: return change(&own.contactors.plus.isStuckOpen, to: isOn)
        case .contactorMirrorStuckOpen: return change(&own.contactors.plus.mirrorStuck, to: isOn ? .open : nil)
        case .contactorMirrorStuckClosed: return change(&own.contactors.plus.mirrorStuck, to: isOn ? .closed : nil)
        case .contactorMirrorBounces: return change(&own.contactors.bounces, to: isOn ? 8 : 2)
        default: return nil
        }
    }

    private func setStage(_ kind: FaultKind, _ isOn: Bool, _ post: Int, _ index: Int) -> Bool? {
        let number = posts[post].stage(of: index)
        let stage = posts[post].stages[number]
        defer { feed(post, number) }
        switch kind {
        case .stageModuleOut:
            let out = max(0, min(stage.rating.modules, stage.modulesOut + (isOn ? 1 : -1)))
            return change(&stage.modulesOut, to: out)
        case .stageDead: return change(&stage.hasFault, to: isOn)
        case .stageSilent: return change(&stage.isSilent, to: isOn)
        case .stageIgnoresOff: return change(&stage.ignoresOff, to: isOn)
        case .stageWrongVoltage: return change(&stage.voltageOffset, to: isOn ? 60 : 0)
        case .stageReverse: return change(&posts[post].connectors[index].circuit.backfeedAmperes, to: isOn ? 12 : 0)
        default: return nil
        }
    }

    private func setMeters(_ kind: FaultKind, _ isOn: Bool, _ own: SimulatedConnector) -> Bool? {
        switch kind {
        case .meterSilent: return change(&own.meter.isSilent, to: isOn)
        case .meterFrozen: return change(&own.meter.isFrozen, to: isOn)
        case .meterGoesBack: return change(&own.meter.baseWattHours, to: own.meter.baseWattHours + (isOn ? -500 : 500))
        case .meterSwapped: return change(&own.meter.serial, to: own.meter.serial &+ (isOn ? 1_000 : UInt64.max - 999))
        case .meterWrongVoltage: return change(&own.meter.voltageOffset, to: isOn ? 80 : 0)
        case .monitorSilent: return change(&own.monitor.isSilent, to: isOn)
        case .monitorFailsSelfTest: return change(&own.monitor.failsSelfTest, to: isOn)
        case .insulationLow: return change(&own.monitor.earthOhms, to: isOn ? 30_000 : 5_000_000)
        case .thermometersSilent: return change(&own.thermometers.isSilent, to: isOn)
        case .pinSensorBroken: return change(&own.thermometers.isPinABroken, to: isOn)
        default: return nil
        }
    }

    private func setLines(_ kind: FaultKind, _ isOn: Bool, _ own: SimulatedConnector) -> Bool? {
        switch kind {
        case .lockStuck: return own.lock.map { change(&$0.isStuck, to: isOn) } ?? false
        case .lockOpens:
            guard let lock = own.lock else { return false }
            return change(&lock.isLocked, to: isOn ? false : lock.isDrivenLocked)
        case .pilotLost: return change(&own.pilot.forced, to: isOn ? .a : nil)
        case .pilotShorted: return change(&own.pilot.forced, to: isOn ? .e : nil)
        case .pilotInvalid: return change(&own.pilot.forced, to: isOn ? .invalid : nil)
        case .proximityOpen: return change(&own.pilot.forcedProximity, to: isOn ? .open : nil)
        case .proximityInvalid: return change(&own.pilot.forcedProximity, to: isOn ? .invalid : nil)
        case .linesGone:
            own.pilot.isLost = isOn
            if isOn { own.contactors.drive(false) }
            return change(&own.contactors.isLost, to: isOn)
        default: return nil
        }
    }

    private func setSurroundings(_ kind: FaultKind, _ isOn: Bool, _ post: Int, _ own: SimulatedConnector) -> Bool? {
        switch kind {
        case .cableShort: return change(&own.circuit.shortOhms, to: isOn ? 50 : nil)
        case .contactsCorroded: return change(&own.circuit.contactMicroOhms, to: isOn ? 2_500 : 200)
        case .coolingStopped: return change(&posts[post].enclosure.isCoolingBroken, to: isOn)
        case .ambientHot:
            own.circuit.pinCelsius += isOn ? 0.02 : 0  // Wakes a circuit that rests.
            return change(&own.circuit.ambientCelsius, to: isOn ? 48 : 20)
        case .vehicleMute: return own.vehicle.map { change(&$0.isMute, to: isOn) } ?? false
        case .lookUpHangs: return change(&posts[post].hangsLookUps, to: isOn)
        default: return nil
        }
    }

    private func change<Value: Equatable>(_ value: inout Value, to new: Value) -> Bool {
        defer { value = new }
        return value != new
    }
}
