// Shares the post's power: fair, within every limit, and never raising one before another has come down.

/// The limits that others set, and when they were last repeated.
struct ExternalLimits: Sendable {
    /// One entry a `LimitSource`: watts and when it was last heard, or nil.
    private var siteManager: (watts: Int64, at: Instant)?
    private var cloud: (watts: Int64, at: Instant)?
    private var operatorCommand: (watts: Int64, at: Instant)?

    mutating func set(_ source: LimitSource, _ watts: Int64?, at now: Instant) {
        let entry = watts.map { (watts: max(0, $0), at: now) }
        switch source {
        case .siteManager: siteManager = entry
        case .cloud: cloud = entry
        case .operatorCommand: operatorCommand = entry
        }
    }

    /// Whether the operator has set a limit by hand: nobody repeats it.
    var isLimitedByHand: Bool { operatorCommand.isThere }

    /// The lowest limit in force and whether it is the fail-safe value of a source that went silent.
    /// What the operator set by hand needs no heartbeat.
    /// No limit counts for more than a gigawatt, so that no sum of powers can overflow.
    func lowest(site: Int64, failSafe: Int64, silentAfter: Interval, at now: Instant) -> (
        watts: Int64, LimitingParty
    ) {
        var lowest = min(max(0, site), StageConfiguration.ratedWattsAtMost)
        let failSafe = max(0, failSafe)
        var party = LimitingParty.site
        if let operatorCommand, operatorCommand.watts < lowest {
            (lowest, party) = (operatorCommand.watts, .externalLimit)
        }
        func include(_ entry: (watts: Int64, at: Instant)?) {
            guard let entry else { return }
            let isSilent = now - entry.at >= silentAfter
            let watts = isSilent ? min(failSafe, entry.watts) : entry.watts
            if watts < lowest { (lowest, party) = (watts, isSilent ? .failSafe : .externalLimit) }
        }
        include(siteManager)
        include(cloud)
        return (lowest, party)
    }

    /// Whether a source that must repeat itself has gone silent.
    func isSilent(after interval: Interval, at now: Instant) -> Bool {
        isSilent(siteManager, interval, now) || isSilent(cloud, interval, now)
    }
    private func isSilent(_ entry: (watts: Int64, at: Instant)?, _ interval: Interval, _ now: Instant) -> Bool {
        entry.map { now - $0.at >= interval } ?? false
    }

    /// When a source that is heard now turns silent.
    func nextDeadline(after interval: Interval, at now: Instant) -> Instant? {
        var earliest = Earliest(after: now)
        if let siteManager, now - siteManager.at < interval { earliest.include(siteManager.at + interval) }
        if let cloud, now - cloud.at < interval { earliest.include(cloud.at + interval) }
        return earliest.instant
    }
}

/// Holds back what rises: whoever sets limits may swing, and vehicles, stages and contactors are not to swing with it. What falls
/// falls at once.
struct LimitRises: Sendable {
    /// What counts now, who says so, and when it was last raised.
    private var inForce: (watts: Int64, party: LimitingParty)?
    private var roseAt: Instant?
    /// When a rise that is held back comes into force; nil: none is.
    private(set) var waitsUntil: Instant?

    /// Takes what others allow now, and says what counts.
    mutating func take(_ watts: Int64, _ party: LimitingParty, at now: Instant) -> (watts: Int64, LimitingParty) {
        if let inForce, watts > inForce.watts, let roseAt, now - roseAt < SafetyLimits.limitRisesEvery {
            waitsUntil = roseAt + SafetyLimits.limitRisesEvery
            return (inForce.watts, inForce.party)
        }
        if let inForce, watts > inForce.watts { roseAt = now }
        (inForce, waitsUntil) = ((watts, party), nil)
        return (watts, party)
    }
}

/// What one connector could use, and who says so.
struct Demand: Sendable {
    var milliamperes: Int64 = 0
    /// What makes power of a told current: the voltage, and what the stage gives more than it is told on top.
    var millivolts: Int64 = 0
    var party: LimitingParty = .none
    /// What could be given if the vehicle asked for more.
    var offerMilliamperes: Int64 = 0
    /// What is its share, be it there already or still drawn by another that comes down.
    var shareMilliamperes: Int64 = 0
    /// What counts against the post's limit whatever is shared out.
    var committedWatts: Int64 = 0
    var watts: Int64 { milliamperes * millivolts / 1_000_000 }
    /// What is granted, or still drawn: the larger of the two counts.
    var countedWatts: Int64 { max(milliamperes > 0 ? watts : 0, committedWatts) }

    mutating func limit(to milliamperes: Int64, by party: LimitingParty) {
        if milliamperes < self.milliamperes {
            self.milliamperes = max(0, milliamperes)
            self.party = party
        }
    }
}

extension Connector {
    /// What this connector could use now, before the post's limits, and what counts against those already.
    mutating func fill(_ demand: inout Demand, at now: Instant) {
        demand = self.demand(at: now)
        demand.committedWatts = committedWatts(at: now)
    }

    @inline(__always)
    private mutating func demand(at now: Instant) -> Demand {
        guard let vehicle = readings.vehicle, let meter = readings.youngMeter(at: now, limits) else {
            return Demand()
        }
        switch kind {
        case .charging: if !mayAskByPilot(at: now) { return Demand() }
        case .suspended:
            // One that asks for nothing, and calls it no pause, may wait to be told of more.
            guard isPausedByPost || vehicle.phase == .charge, mayAskByPilot(at: now) else { return Demand() }
        case .starting, .vacant, .plugged, .preparing, .stopping, .finished: return Demand()
        }
        let volts = max(Int64(meter.millivolts), Int64(limits.touchSafeMillivolts))
        var demand = Demand(milliamperes: .max, millivolts: volts * Int64(givenPerMille) / 1_000)
        demand.limit(to: Int64(configuration.maximumMilliamperes), by: .cable)
        demand.limit(to: Int64(stage.maximumMilliamperes), by: .stage)
        demand.limit(
            to: min(max(0, stage.ratedWatts), StageConfiguration.ratedWattsAtMost) * 1_000_000 / volts, by: .stage)
        if let sample = readings.stage { demand.limit(to: Int64(sample.availableMilliamperes), by: .stage) }
        demand.limit(to: heatLimit(), by: .temperature)
        if let most = session?.grant.allowance.powerWatts {
            let watts = min(max(0, most), 10_000_000)
            demand.limit(to: watts * 1_000_000 / volts, by: .allowance)
        }
        if vehicle.maximumMilliamperes > 0 { demand.limit(to: Int64(vehicle.maximumMilliamperes), by: .vehicle) }
        demand.offerMilliamperes = demand.milliamperes
        let target = max(0, Int64(vehicle.targetMilliamperes))
        if target <= demand.milliamperes {
            // A vehicle that asks for what it was told it may have, to the ampere in which it is told, limits nothing itself.
            if target < demand.milliamperes - Connector.tellsChangesFromMilliamperes { demand.party = .vehicle }
            demand.milliamperes = target
        }
        return demand
    }

    /// A stage may give a little more than it is told before that is a fault. A limit is kept by what flows, so whatever it
    /// gives more is told less: noted once the stage has had its time to follow, forgotten by the first reading without it.
    mutating func compareWithSetpoint(_ sample: MeterSample) {
        guard kind == .charging, case .on(_, let told) = setpoint, told >= limits.leastMilliamperes, told > 0 else {
            givenPerMille = 1_000
            return
        }
        guard sample.measuredAt - setpointAt >= limits.overCurrentFor else { return }
        let perMille = Int64(max(0, sample.milliamperes)) * 1_000 / Int64(told)
        let isMore = perMille > 1_000 + SafetyLimits.grantTolerancePercent * 10
        givenPerMille = isMore ? Int32(clamping: min(perMille, SafetyLimits.givenPerMilleAtMost)) : 1_000
    }

    @inline(never)
    private var isPausedByPost: Bool {
        guard case .suspended(_, .post, _) = state else { return false }
        return true
    }

    /// Current is asked for only while the pilot reads C or D; a level outside every band has its own filter first.
    @inline(__always)
    private func mayAskByPilot(at now: Instant) -> Bool {
        readings.asksByPilot(at: now, limits) || readings.youngLines(at: now, limits)?.pilot == .invalid
    }

    /// The current that heat allows: falls with contacts and handle from warm to hot and with the cabinet, halves with one sensor.
    @inline(__always)
    private func heatLimit() -> Int64 {
        let full = Int64(configuration.maximumMilliamperes)
        guard let sample = readings.temperature else { return full }
        var perMille: Int64 = 1_000
        let hottest = sample.hottestPinMillidegrees
        if faults.contains(.connectorWarm), hottest != .min {
            perMille = min(
                perMille, falling(hottest, from: limits.pinWarmMillidegrees, to: limits.pinHotMillidegrees))
        }
        if faults.contains(.handleWarm), let handle = sample.handleMillidegrees {
            perMille = min(
                perMille, falling(handle, from: limits.handleWarmMillidegrees, to: limits.handleHotMillidegrees))
        }
        if let cabinet = sample.cabinetMillidegrees {
            perMille = min(
                perMille, falling(cabinet, from: limits.cabinetWarmMillidegrees, to: limits.cabinetHotMillidegrees))
        }
        if sample.pinAMillidegrees == nil || sample.pinBMillidegrees == nil || faults.contains(.pinSensorFailed) {
            perMille = min(perMille, Int64(limits.oneSensorPerMille))
        }
        if faults.contains(.coolingLost) { perMille = min(perMille, SafetyLimits.uncooledPerMille) }
        return full * perMille / 1_000
    }

    /// 1,000 below `low`, 0 above `high`, a straight line between.
    private func falling(_ value: Int32, from low: Int32, to high: Int32) -> Int64 {
        if value <= low { return 1_000 }
        if value >= high || high <= low { return 0 }
        return (Int64(high) - Int64(value)) * 1_000 / (Int64(high) - Int64(low))
    }

    /// What counts against the post's limit whatever is shared out: the largest of what is measured, what the stage is
    /// told, and what it was told before as long as nobody has measured the fall.
    @inline(__always)
    func committedWatts(at now: Instant) -> Int64 {
        let measured = readings.youngMeter(at: now, limits).map {
            max(0, watts(millivolts: $0.millivolts, milliamperes: $0.milliamperes))
        }
        // Through open contactors nothing flows but what is measured.
        guard allowed != nil || !readsOpen else { return measured ?? 0 }
        let told = max(setpoint.milliamperes, unprovenMilliamperes)
        let volts = readings.meter?.millivolts ?? configuration.maximumMillivolts
        return max(measured ?? 0, watts(millivolts: max(volts, setpoint.millivolts), milliamperes: told))
    }

    /// Applies a grant: tells stage and vehicle when it changed. Steps of 100 mA keep the talk low.
    mutating func apply(_ demand: Demand, _ turn: inout Turn) {
        let quantised = Int32(clamping: demand.milliamperes - demand.milliamperes % 100)
        let party = demand.party
        grantedMilliamperes = quantised
        limitedBy = party
        guard kind == .charging, let vehicle = readings.vehicle else {
            if kind == .suspended, case .on(let millivolts, _) = setpoint {
                command(.on(millivolts: millivolts, milliamperes: 0), &turn)
                // A vehicle that was told to take nothing asks for nothing: only what it may take again wakes it.
                if isPausedByPost || readings.vehicle?.phase == .charge {
                    tellLimits(demand, millivolts: millivolts, granted: quantised, &turn)
                }
            }
            return
        }
        let millivolts = max(0, min(vehicle.targetMillivolts, mostMillivolts))
        command(.on(millivolts: millivolts, milliamperes: quantised), &turn)
        tellLimits(demand, millivolts: millivolts, granted: quantised, &turn)
    }

    /// Changes of less are not told to the vehicle. Engineering default: 1 A.
    static let tellsChangesFromMilliamperes: Int64 = 1_000

    /// Tells the vehicle the most it may ask for: its share where others limit it, else what there is besides. A share counts before
    /// others have made room for it: a vehicle that is told to ask for nothing meanwhile would give it up.
    /// A change of less than 1 A is not worth a message.
    private mutating func tellLimits(_ demand: Demand, millivolts: Int32, granted: Int32, _ turn: inout Turn) {
        let isVehiclesChoice = demand.party == .vehicle || demand.party == .none
        let most = isVehiclesChoice ? demand.offerMilliamperes : demand.shareMilliamperes
        let offer = Int32(clamping: max(most - most % 100, Int64(granted)))
        guard abs(Int64(offer) - Int64(toldMilliamperes)) >= Self.tellsChangesFromMilliamperes else { return }
        toldMilliamperes = offer
        turn.tell(id, .limits(millivolts: millivolts, milliamperes: offer))
    }
}

extension PostCore {
    /// Shares the post's power among the connectors that charge.
    mutating func sharePower(_ turn: inout Turn) {
        let now = turn.now
        let (allowed, by) = external.lowest(
            site: configuration.siteLimitWatts, failSafe: configuration.failSafeLimitWatts,
            silentAfter: configuration.limits.limitSilentAfter, at: now)
        let (total, party) = limitRises.take(allowed, by, at: now)
        var committed: Int64 = 0
        var hungry: Int64 = 0
        for index in connectors.indices {
            connectors[index].fill(&demands[index], at: now)
            guard counts(index) else { continue }
            if demands[index].milliamperes > 0 { hungry += 1 } else { committed += demands[index].committedWatts }
        }
        shareOut(max(0, total - committed), among: hungry, party)
        var counted: Int64 = 0
        var offered: Int64 = 0
        for index in demands.indices where counts(index) {
            counted += demands[index].countedWatts
            if demands[index].offerMilliamperes > 0 { offered += 1 }
        }
        // Whoever asks for nothing is told of its share all the same: who is told that there is nothing never asks, and nobody makes
        // room for him.
        let fair = max(0, total - committed) / max(1, offered)
        for index in connectors.indices where demands[index].offerMilliamperes > 0 || skipsNothing {
            let others = counted - demands[index].countedWatts
            let room = max(0, total - others) * 1_000_000 / max(1, demands[index].millivolts)
            let share = max(room, fair * 1_000_000 / max(1, demands[index].millivolts))
            demands[index].offerMilliamperes = min(demands[index].offerMilliamperes, share)
            // Where nothing is to be had it is not the vehicle that asks for nothing.
            if demands[index].party == .vehicle,
                demands[index].offerMilliamperes < Int64(configuration.limits.leastMilliamperes)
            {
                demands[index].party = party
            }
            demands[index].shareMilliamperes = demands[index].milliamperes
            // A rise waits until what the others still draw has been read to have fallen; whoever falls need not wait.
            let most = max(room, Int64(connectors[index].setpoint.milliamperes))
            if demands[index].milliamperes > 0 { demands[index].limit(to: most, by: party) }
            counted = others + demands[index].countedWatts
        }
        // Every fall is told before any rise.
        for index in connectors.indices where !isRise(index) { connectors[index].apply(demands[index], &turn) }
        for index in connectors.indices where isRise(index) { connectors[index].apply(demands[index], &turn) }
    }

    /// Whether a connector's power counts against the limit of the post: every connector's does.
    @inline(__always)
    private func counts(_ index: Int) -> Bool {
        #if HOLDFAST_SEAMS
            if seeded == .powerSharingOffByOne { return index + 1 < connectors.count }
        #endif
        return true
    }

    @inline(__always)
    private func isRise(_ index: Int) -> Bool {
        demands[index].milliamperes > Int64(connectors[index].setpoint.milliamperes)
    }

    /// Fills the smallest demands first; what they leave is split evenly among the rest.
    private mutating func shareOut(_ total: Int64, among hungry: Int64, _ party: LimitingParty) {
        var left = total
        var count = hungry
        var served: UInt64 = 0
        while count > 0 {
            let share = left / count
            var smallest: Int?
            for index in connectors.indices
            where demands[index].milliamperes > 0 && served & (1 << UInt64(index)) == 0 {
                if let best = smallest, demands[best].watts <= demands[index].watts { continue }
                smallest = index
            }
            guard let index = smallest else { return }
            served |= 1 << UInt64(index)
            if demands[index].watts > share {
                demands[index].limit(to: share * 1_000_000 / max(1, demands[index].millivolts), by: party)
            }
            left -= demands[index].watts
            count -= 1
        }
    }
}

extension StageCommand {
    /// The current told; none when off.
    @inline(__always)
    var milliamperes: Int32 { if case .on(_, let milliamperes) = self { milliamperes } else { 0 } }
    /// The voltage told; none when off.
    var millivolts: Int32 { if case .on(let millivolts, _) = self { millivolts } else { 0 } }
}

extension ExternalLimits: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.heard(&siteManager)
        try visitor.heard(&cloud)
        try visitor.heard(&operatorCommand)
    }
}

extension LimitRises: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        var watts = inForce?.watts
        var party = inForce?.party ?? .none
        try visitor.field(&watts)
        try visitor.field(&party)
        inForce = watts.map { ($0, party) }
        try visitor.field(&roseAt)
        try visitor.field(&waitsUntil)
    }
}
