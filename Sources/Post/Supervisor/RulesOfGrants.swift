// Rule 9: what is granted stays within every limit, and no stage ever feeds two connectors.

extension Supervisor {
    /// A stage is told to give: only to one connector that has power, within the caps of its degree and of everybody.
    func objection(toGiving millivolts: Int32, _ milliamperes: Int32, from stage: StageID) -> Rule? {
        guard let index = behind(stage), let degree = watched[index].allowed, !watched[index].isDischarging else {
            return .powerNeedsEverything
        }
        guard millivolts >= 0, milliamperes >= 0 else { return .grantsWithinLimits }
        // No current is asked for: what is told of the voltage only holds it.
        guard milliamperes > 0 else { return nil }
        guard millivolts <= mostMillivolts(index), milliamperes <= mostMilliamperes(index) else {
            return .grantsWithinLimits
        }
        if degree < .charge {
            let isWithin =
                milliamperes <= limits.testMilliamperes && (degree == .match || millivolts <= limits.testMillivolts)
            return isWithin ? nil : .grantsWithinLimits
        }
        let power = watts(millivolts: voltage(index, else: millivolts), milliamperes: milliamperes)
        guard isWithin(power, watched[index].stageLimits.ratedWatts) else { return .grantsWithinLimits }
        // Whoever comes down, or stays, raises nothing.
        if case .on(_, let before) = watched[index].setpoint, milliamperes <= before { return nil }
        guard counts(index) else { return nil }
        var total = power
        for other in watched.indices where other != index && counts(other) {
            total = total.addingSaturated(granted(other))
        }
        return isWithin(total, siteLimit) ? nil : .grantsWithinLimits
    }

    /// What stands after the event: a machine that has not brought the setpoints under the limit is overruled.
    mutating func judgeGrants() {
        var total: Int64 = 0
        for index in watched.indices where counts(index) { total = total.addingSaturated(setpointWatts(index)) }
        guard total > 0, !isWithin(total, siteLimit) else { return }
        for index in watched.indices where setpointWatts(index) > 0 { call.find(.grantsWithinLimits, at: index) }
    }

    /// Whether a connector's power counts against the limit of the post: every connector's does.
    @inline(__always)
    private func counts(_ index: Int) -> Bool {
        #if HOLDFAST_SEAMS
            if seeded == .powerSharingOffByOne { return index + 1 < watched.count }
        #endif
        return true
    }

    /// The larger of setpoint and measured power: a fall counts only once it is measured.
    @inline(__always)
    private func granted(_ index: Int) -> Int64 {
        let measured = watched[index].youngMeter(now).map {
            max(0, watts(millivolts: $0.millivolts, milliamperes: $0.milliamperes))
        }
        return max(measured ?? 0, setpointWatts(index))
    }

    /// What the setpoint of a charging connector amounts to.
    @inline(__always)
    private func setpointWatts(_ index: Int) -> Int64 {
        guard watched[index].allowed == .charge,
            case .on(let millivolts, let milliamperes) = watched[index].setpoint
        else { return 0 }
        return watts(millivolts: voltage(index, else: millivolts), milliamperes: milliamperes)
    }

    /// The measured voltage, or what the stage was told where nobody measures.
    @inline(__always)
    private func voltage(_ index: Int, else commanded: Int32) -> Int32 {
        max(watched[index].youngMeter(now)?.millivolts ?? commanded, limits.touchSafeMillivolts)
    }

    /// Cable, stage and vehicle. A vehicle that has said nothing sensible of its own limit sets none.
    private func mostMillivolts(_ index: Int) -> Int32 {
        let most = min(watched[index].configuration.maximumMillivolts, watched[index].stageLimits.maximumMillivolts)
        guard let vehicles = watched[index].vehicle.newest?.maximumMillivolts, vehicles > limits.touchSafeMillivolts
        else { return most }
        return min(most, vehicles)
    }
    private func mostMilliamperes(_ index: Int) -> Int32 {
        let most = min(
            watched[index].configuration.maximumMilliamperes, watched[index].stageLimits.maximumMilliamperes)
        guard let vehicles = watched[index].vehicle.newest?.maximumMilliamperes, vehicles > 0 else { return most }
        return min(most, vehicles)
    }

    @inline(__always)
    private var siteLimit: Int64 {
        outside.lowest(
            site: configuration.siteLimitWatts, failSafe: configuration.failSafeLimitWatts,
            silentAfter: limits.limitSilentAfter, at: now)
    }

    /// A little is left for a voltage that has moved since the share was computed.
    @inline(__always)
    private func isWithin(_ watts: Int64, _ limit: Int64) -> Bool {
        watts
            <= limit.addingSaturated(limit / 100 * SafetyLimits.grantTolerancePercent)
            .addingSaturated(SafetyLimits.grantToleranceWatts)
    }

    /// Whether another connector is, or may still be, joined to the stage of this one.
    func isStageJoinedElsewhere(_ index: Int) -> Bool {
        let stage = watched[index].configuration.stage
        for other in watched.indices where other != index && watched[other].configuration.stage == stage {
            if watched[other].isJoined || watched[other].isWeldSuspected { return true }
        }
        return false
    }
}

/// The limits that others set, each with when it was last heard.
struct OutsideLimits: Sendable {
    private var heard = InlineArray<3, (watts: Int64, at: Instant)?>(repeating: nil)

    mutating func set(_ source: LimitSource, _ watts: Int64?, at now: Instant) {
        heard[Int(source.rawValue)] = watts.map { (max(0, $0), now) }
    }

    /// The lowest limit in force. A source that must repeat itself and has not counts as the fail-safe value; what the
    /// operator set by hand stands without repeating.
    func lowest(site: Int64, failSafe: Int64, silentAfter: Interval, at now: Instant) -> Int64 {
        var lowest = site
        for index in heard.indices {
            guard let limit = heard[index] else { continue }
            let isByHand = index == Int(LimitSource.operatorCommand.rawValue)
            let isSilent = !isByHand && now - limit.at >= silentAfter
            lowest = min(lowest, isSilent ? failSafe : limit.watts)
        }
        return lowest
    }

    /// When the next source turns silent.
    func nextSilence(after interval: Interval, at now: Instant) -> Instant? {
        var earliest = Earliest(after: now)
        for index in heard.indices where index != Int(LimitSource.operatorCommand.rawValue) {
            if let limit = heard[index] { earliest.include(limit.at + interval) }
        }
        return earliest.instant
    }
}

extension OutsideLimits: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        for index in heard.indices { try visitor.heard(&heard[index]) }
    }
}
