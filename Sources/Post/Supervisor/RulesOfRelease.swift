// Rules 4 and 10: nothing is released before it is known to be dead, and after a start everything is safe first.

extension Supervisor {
    /// Rule 4: contactors commanded open, and the contacts read below 60 V by a reading made since. With a weld
    /// suspected by two, and the stage cut off from its supply.
    func mayBeReleased(_ index: Int) -> Bool {
        guard watched[index].allowed == nil else { return false }
        let meter = readsDead(
            watched[index].youngMeter(now)?.millivolts, watched[index].meter.measuredAt, index)
        let monitor = readsDead(
            watched[index].youngInsulation(now)?.millivolts, watched[index].insulation.measuredAt, index)
        if meter == .live || monitor == .live { return false }
        if watched[index].isWeldSuspected { return meter == .dead && monitor == .dead && watched[index].isCutOff }
        // A lock that did not move is told again; the reading that released it the first time stands.
        return watched[index].isReleased || meter == .dead || monitor == .dead
    }

    private enum Contacts { case dead, live, unknown }

    private func readsDead(_ millivolts: Int32?, _ measuredAt: Instant, _ index: Int) -> Contacts {
        guard let millivolts else { return .unknown }
        guard millivolts.magnitude < limits.touchSafeMillivolts.magnitude else { return .live }
        guard let opened = watched[index].openedAt, measuredAt >= opened else { return .unknown }
        return .dead
    }

    /// Whether the records may forget a latch: cleared by hand in this call, or earlier and asked for again.
    func mayBeForgotten(_ latch: Latch) -> Bool {
        isClearedByHand(latch) || !watched.contains { $0.id == latch.connector && $0.latched.contains(latch.fault) }
    }

    /// Rule 3: a latch is cleared only by somebody with authority, in the call that says so.
    func isClearedByHand(_ latch: Latch) -> Bool {
        guard let cleared = call.clearedByHand, cleared.fault == latch.fault else { return false }
        return cleared.connector == nil || latch.connector == nil || cleared.connector == latch.connector
    }

    /// Rule 10: a restart that the post makes itself waits until every connector is idle.
    var mayRestart: Bool {
        isRestored && watched.allSatisfy { !$0.isInSession && $0.allowed == nil && $0.setpoint == .off }
    }

    /// Rule 10: in the call that brings `booted` every output is made safe.
    mutating func judgeStart(_ turn: inout Turn) {
        guard call.isBoot else { return }
        if !call.isCoolingOn {
            call.mustReport(.safeAfterStart, at: nil)
            overrule(.setCooling(isOn: true), &turn)
        }
        for index in watched.indices where index < call.safeOutputs.count {
            var needed: SafeOutputs = [.withdrawn, .stageOff, .pilotSteady]
            if watched[index].configuration.lockHolder == .post {
                needed.insert(.lockHeld)
            }
            guard !call.safeOutputs[index].isSuperset(of: needed) else { continue }
            call.find(.safeAfterStart, at: index)
            if needed.contains(.lockHeld) { overrule(.setLock(watched[index].id, isHeld: true), &turn) }
        }
    }
}

/// The outputs of one connector that a start makes safe.
struct SafeOutputs: OptionSet, Sendable {
    let rawValue: UInt8
    static let withdrawn = SafeOutputs(rawValue: 1)
    static let stageOff = SafeOutputs(rawValue: 2)
    static let pilotSteady = SafeOutputs(rawValue: 4)
    static let lockHeld = SafeOutputs(rawValue: 8)
}

extension Action {
    /// Whether the action makes an output safe, or only tells: all that the call of `booted` may do.
    var isSafeAtBoot: Bool {
        switch self {
        case .withdrawPower, .setLock(_, isHeld: true), .setPilot(_, .steady), .setPilot(_, .unavailable),
            .setDischarge(_, isOn: false), .tripUpstream, .setCooling(isOn: true), .indicate,
            .commandStage(_, _, .off), .commandInsulation(_, _, .rest), .recordLatch(_, isSet: true),
            .recordAvailability(_, isInService: false), .answer, .report:
            true
        default: false
        }
    }
}
