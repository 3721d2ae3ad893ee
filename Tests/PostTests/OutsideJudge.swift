// The judge of the random streams: its own code and its own books, fed by the same events and actions, knowing nothing of
// the supervisor. It says after every event which of the eleven rules had something to forbid, and which was broken.

@testable import Post

/// What the judge knows of one connector.
private struct Seat {
    var lines: (levels: ConnectorLines, at: Instant)?
    var meter: MeterSample?
    var stage: StageSample?
    var monitor: InsulationSample?
    var vehicle: VehicleSample?
    var power: PowerDegree?
    var openedAt: Instant?
    var isRoadOpen = false
    var goodTestAt: Instant?
    var testBeganAt: Instant?
    var command: StageCommand = .off
    var session: SessionStart?
    var isDurable = false
    var closedAfterOpeningSince: Instant?
    var latches: Set<Fault> = []
    var isReleased = false
    var lostNeedSince: Instant?
}

final class OutsideJudge {
    /// How often each rule had something to forbid.
    private(set) var premises: [Rule: Int] = [:]
    /// What was broken in spite of the supervisor, and where the supervisor had to step in.
    private(set) var broken: [String] = []
    private(set) var interventions: [String] = []
    var seed: UInt64 = 0

    private var seats: [Seat] = []
    private var interlocks: (levels: InterlockLevels, at: Instant)?
    private var limits: [LimitSource: (watts: Int64, at: Instant)] = [:]
    private var trippedStages: Set<StageID> = []
    private var energy: [SessionID: Int64] = [:]
    private var stops: [SessionID: SessionStop] = [:]
    private var durableStops: Set<SessionID> = []
    private var begun: Set<SessionID> = []
    private var firstRegister: [SessionID: Int64] = [:]
    private var presented: [ReaderID: (token: TokenName, at: Instant, isDecided: Bool)] = [:]
    /// Cards that were accepted before a plug, and wait for one.
    private var waiting: [ReaderID: TokenName] = [:]
    private var configurationBefore: PostConfiguration?
    private var now = Instant.zero

    /// Another judge that knows what this one knows.
    func copied() -> OutsideJudge {
        let copy = OutsideJudge()
        (copy.premises, copy.broken, copy.interventions, copy.seed) = (premises, broken, interventions, seed)
        (copy.seats, copy.interlocks, copy.limits, copy.trippedStages) = (seats, interlocks, limits, trippedStages)
        (copy.energy, copy.stops, copy.durableStops, copy.begun) = (energy, stops, durableStops, begun)
        (copy.firstRegister, copy.presented, copy.waiting) = (firstRegister, presented, waiting)
        (copy.configurationBefore, copy.now) = (configurationBefore, now)
        return copy
    }

    private func check(_ rule: Rule, _ isSo: Bool, _ what: @autoclosure () -> String) {
        premises[rule, default: 0] += 1
        if !isSo { broken.append("rule \(rule.rawValue), seed \(seed), at \(now.microseconds) µs: \(what())") }
    }

    func judge(_ event: Event, _ actions: [Action], of post: PlausiblePost) {
        now = post.now
        if seats.isEmpty { seats = post.core.configuration.connectors.map { _ in Seat() } }
        let wasPowered = seats.map { $0.power != nil }
        let wasUnsafe = seats.indices.map { isClassE($0, post) }
        hear(event, post)
        check(.bounded, actions.count <= Actions.atMost + Actions.keptForOverruling, "\(actions.count) actions")
        for action in actions { see(action, event, actions, post) }
        for index in seats.indices { judgeAfter(index, event, wasPowered[index], wasUnsafe[index], actions, post) }
        judgeShares(post)
        judgeStart(event, actions, post)
        judgeTap(event, actions, post)
    }

    // What is heard

    private func hear(_ event: Event, _ post: PlausiblePost) {
        func newer(_ measuredAt: Instant, _ before: Instant?) -> Bool {
            measuredAt <= now && before.map { measuredAt >= $0 } ?? true
        }
        switch event {
        case .booted:
            let latches = seats.map(\.latches)
            seats = seats.map { _ in Seat() }
            // What the records hold is told again, and must be obeyed; a session that was open is told again as well.
            for index in seats.indices { seats[index].latches = latches[index] }
            (interlocks, presented, waiting) = (nil, [:], [:])
            limits = [:]
            trippedStages = []
            // What never became durable died with the post: the next life says anew how the session ended.
            stops = stops.filter { durableStops.contains($0.key) }
        case .sessionRestored(let restored):
            let index = Int(restored.start.connector.index)
            (seats[index].session, seats[index].isDurable) = (restored.start, true)
            // What was told and never became durable was not told.
            energy[restored.start.session] = restored.lastEnergyWattHours
        case .interlocks(let levels): interlocks = (levels, now)
        case .linesLost(nil): interlocks = nil
        case .linesLost(let id?): seats[Int(id.index)].lines = nil
        case .lines(let id, let levels):
            let index = Int(id.index)
            seats[index].lines = (levels, now)
            let isClosed = levels.contactorPlus == .closed || levels.contactorMinus == .closed
            if levels.contactorPlus == .open, levels.contactorMinus == .open, seats[index].power == nil {
                seats[index].isRoadOpen = true
            }
            if isClosed, seats[index].power == nil {
                seats[index].isRoadOpen = false
                seats[index].closedAfterOpeningSince = seats[index].closedAfterOpeningSince ?? now
            } else {
                seats[index].closedAfterOpeningSince = nil
            }
        case .meter(let id, let sample):
            if newer(sample.measuredAt, seats[Int(id.index)].meter?.measuredAt) {
                seats[Int(id.index)].meter = sample
            }
        case .stage(let id, let sample):
            for index in seats.indices
            where post.core.configuration.connectors[index].stage == id
                && newer(sample.measuredAt, seats[index].stage?.measuredAt)
            {
                seats[index].stage = sample
            }
        case .insulation(let id, let sample):
            let index = Int(id.index)
            guard newer(sample.measuredAt, seats[index].monitor?.measuredAt) else { return }
            seats[index].monitor = sample
            if let began = seats[index].testBeganAt, sample.measuredAt >= began, sample.selfTest == .passed,
                sample.millivolts > 60_000, resists(sample)
            {
                seats[index].goodTestAt = now
            }
        case .vehicle(let id, let sample):
            if newer(sample.measuredAt, seats[Int(id.index)].vehicle?.measuredAt) {
                seats[Int(id.index)].vehicle = sample
            }
        case .startRecorded(let session, .recorded):
            for index in seats.indices where seats[index].session?.session == session {
                seats[index].isDurable = true
            }
        case .limit(let source, let watts): limits[source] = watts.map { (max(0, $0), now) }
        case .configured: configurationBefore = post.core.configuration
        default: break
        }
    }

    private func resists(_ sample: InsulationSample) -> Bool {
        sample.ohms >= 100_000 && Int64(sample.ohms) * 1_000 >= Int64(sample.millivolts.magnitude) * 100
    }

    /// The inputs that make a connector unsafe at once.
    private func isClassE(_ index: Int, _ post: PlausiblePost) -> Bool {
        guard let interlocks, now - interlocks.at <= .seconds(2), let lines = seats[index].lines,
            now - lines.at <= .seconds(2)
        else { return true }
        let levels = interlocks.levels
        if levels.isControllerSilent || levels.emergencyStopPressed || levels.doorOpen || levels.tiltOrWater
            || !levels.protectiveEarthGood || levels.residualCurrentTripped
        {
            return true
        }
        let isLoose = post.core.configuration.connectors[index].lockHolder == .post && lines.levels.lock != .closed
        return isLoose || lines.levels.proximity != .seated || lines.levels.pilot == .a || lines.levels.pilot == .e
    }

    private func young<Sample>(_ sample: Sample?, _ measuredAt: Instant?, _ age: Interval) -> Sample? {
        guard let measuredAt, now - measuredAt <= age else { return nil }
        return sample
    }

    // What is done

    private func see(_ action: Action, _ event: Event, _ all: [Action], _ post: PlausiblePost) {
        switch action {
        case .allowPower(let id, let degree): seeAllowed(Int(id.index), degree, post)
        case .withdrawPower(let id): seeWithdrawn(Int(id.index), all, post)
        case .setLock(let id, isHeld: true): seats[Int(id.index)].isReleased = false
        case .setLock(let id, isHeld: false), .tellVehicle(let id, _, .ended): seeReleased(Int(id.index), post)
        case .commandStage(let stage, _, let command): seeCommanded(stage, command, post)
        case .tripUpstream(let stage): trippedStages.insert(stage)
        case .recordStart(let start):
            let isDouble = seats.indices.contains {
                seats[$0].session != nil
                    && (seats[$0].session?.token == start.token || $0 == Int(start.connector.index))
            }
            check(.oneSessionEach, !isDouble, "a second session for \(start.token) at \(start.connector)")
            check(.recordedBeforeEnergy, begun.insert(start.session).inserted, "\(start.session) begun twice")
            let index = Int(start.connector.index)
            (seats[index].session, seats[index].isDurable, seats[index].goodTestAt) = (start, false, nil)
            firstRegister[start.session] = start.registerWattHours
            waiting = waiting.filter { $0.value != start.token }
        case .recordSample(let sample): seeEnergy(sample.session, sample.energyWattHours, sample.registerWattHours)
        case .recordStop(let stop):
            seeEnergy(stop.session, stop.energyWattHours, stop.registerWattHours)
            check(
                .recordedBeforeEnergy, stops[stop.session].map { $0 == stop } ?? true,
                "two stops of \(stop.session)")
            stops[stop.session] = stop
            if post.recordsAnswer == .recorded { durableStops.insert(stop.session) }
        case .recordLatch(let latch, let isSet):
            var wasLatched = false
            for index in seats.indices where latch.connector.map({ Int($0.index) == index }) ?? true {
                wasLatched = wasLatched || seats[index].latches.contains(latch.fault)
                if isSet {
                    seats[index].latches.insert(latch.fault)
                } else {
                    seats[index].latches.remove(latch.fault)
                }
            }
            // What was cleared by hand is asked for again until the records have forgotten it.
            guard !isSet, wasLatched else { return }
            let isByHand = if case .command(_, .clearFault(latch.fault, _)) = event { true } else { false }
            check(.measuredAgrees, isByHand, "\(latch.fault) forgotten")
        case .askCloud(_, let token, _):
            let isListed =
                if case .tokenLookedUp(_, let lookUp) = event { lookUp.verdict == .listed } else { false }
            check(.decidedLocally, !isListed, "the cloud is asked about \(token)")
        case .report(.sessionEnded(let session, let id, _, _)):
            if seats[Int(id.index)].session?.session == session { seats[Int(id.index)].session = nil }
        case .report(.defect(let rule, let id)):
            interventions.append(
                "rule \(rule.rawValue) at \(id?.index ?? 255), seed \(seed), \(now.microseconds) µs, \(event)")
        default: break
        }
    }

    private func seeAllowed(_ index: Int, _ degree: PowerDegree, _ post: PlausiblePost) {
        let seat = seats[index]
        let lines = seat.lines?.levels
        var missing: [String] = []
        func need(_ isSo: Bool, _ what: String) { if !isSo { missing.append(what) } }
        need(seat.session != nil, "session")
        need(!isClassE(index, post), "safe inputs")
        let isVentilated = post.core.configuration.connectors[index].isVentilated
        need(lines?.pilot == .c || (lines?.pilot == .d && isVentilated), "pilot C, or D and ventilation")
        let vehicle = young(seat.vehicle, seat.vehicle?.measuredAt, .seconds(5))
        switch degree {
        case .test: need(vehicle?.phase == .cableCheck, "cable check asked for")
        case .match: need(vehicle?.phase == .preCharge || vehicle?.phase == .charge, "pre-charge asked for")
        case .charge: need(vehicle?.phase == .charge, "charge asked for")
        }
        // A meter that is no longer trusted lets the session go on, on what was read last.
        need(seat.latches.allSatisfy { $0 == .meterWentBack || $0 == .meterJumped }, "no latch")
        if degree == .test {
            let meter = young(seat.meter, seat.meter?.measuredAt, .seconds(3))?.millivolts
            let stage = young(seat.stage, seat.stage?.measuredAt, .seconds(2))?.millivolts
            need(
                meter.flatMap { m in stage.map { abs(Int64(m) - Int64($0)) <= 20_000 } } ?? false, "nothing across")
        } else {
            need(seat.goodTestAt != nil, "insulation test")
            check(.recordedBeforeEnergy, seat.isDurable, "\(degree) before the start is durable")
        }
        if degree == .charge {
            let monitor = young(seat.monitor, seat.monitor?.measuredAt, .seconds(5))
            need(monitor.map(resists) ?? false, "good insulation")
        }
        check(.powerNeedsEverything, missing.isEmpty, "\(degree) without \(missing)")
        let stage = post.core.configuration.connectors[index].stage
        let isShared = seats.indices.contains {
            $0 != index && post.core.configuration.connectors[$0].stage == stage
                && (seats[$0].power != nil || !seats[$0].isRoadOpen)
        }
        check(.grantsWithinLimits, !isShared, "two connectors on one stage")
        if degree == .test { seats[index].testBeganAt = now }
        (seats[index].power, seats[index].isRoadOpen, seats[index].isReleased) = (degree, false, false)
    }

    private func seeWithdrawn(_ index: Int, _ all: [Action], _ post: PlausiblePost) {
        if seats[index].power != nil {
            let id = ConnectorID(UInt8(index))
            var current: UInt32 = 0
            if let meter = young(seats[index].meter, seats[index].meter?.measuredAt, .seconds(3)) {
                current = meter.milliamperes.magnitude
            }
            if let stage = young(seats[index].stage, seats[index].stage?.measuredAt, .seconds(2)),
                stage.measuredAt >= seats[index].meter?.measuredAt ?? .zero
            {
                current = min(stage.milliamperes.magnitude, current)
            }
            let isTold = all.contains {
                switch $0 {
                case .report(.openedUnderLoad(id, _)), .report(.defect(_, id)): true
                default: false
                }
            }
            check(.emergencyAtOnce, current <= 5_000 || isTold || isClassE(index, post), "opened at \(current) mA")
        }
        if seats[index].power != nil || seats[index].openedAt == nil { seats[index].openedAt = now }
        seats[index].power = nil
    }

    private func seeReleased(_ index: Int, _ post: PlausiblePost) {
        let seat = seats[index]
        let opened = seat.openedAt ?? now
        let meter = young(seat.meter, seat.meter?.measuredAt, .seconds(3))
        let monitor = young(seat.monitor, seat.monitor?.measuredAt, .seconds(5))
        func isDead(_ millivolts: Int32, _ at: Instant) -> Bool { at >= opened && millivolts.magnitude < 60_000 }
        let first = meter.map { isDead($0.millivolts, $0.measuredAt) } ?? false
        let second = monitor.map { isDead($0.millivolts, $0.measuredAt) } ?? false
        let isLive = (meter?.millivolts.magnitude ?? 0) >= 60_000 || (monitor?.millivolts.magnitude ?? 0) >= 60_000
        let hasWeld = seat.latches.contains { $0 == .weldedPlus || $0 == .weldedMinus || $0 == .weldedBoth }
        let isCut = trippedStages.contains(post.core.configuration.connectors[index].stage)
        let isFirst = hasWeld ? first && second && isCut : first || second || seat.isReleased
        check(
            .releasedOnlyWhenDead, seat.power == nil && !isLive && isFirst,
            "released: \(String(describing: meter?.millivolts)), weld \(hasWeld)")
        seats[index].isReleased = true
    }

    private func seeCommanded(_ stage: StageID, _ command: StageCommand, _ post: PlausiblePost) {
        for index in seats.indices where post.core.configuration.connectors[index].stage == stage {
            guard case .on(let millivolts, let milliamperes) = command else {
                seats[index].command = .off
                continue
            }
            guard let degree = seats[index].power else { continue }
            seats[index].command = command
            let most = degree == .charge ? Int32.max : 2_000
            let bounds = bounds(index, post)
            let isWithin =
                milliamperes <= min(most, bounds.milliamperes) && milliamperes >= 0
                && (milliamperes == 0 || millivolts <= bounds.millivolts)
            check(.grantsWithinLimits, isWithin, "\(milliamperes) mA at \(millivolts) mV in \(degree)")
        }
    }

    /// The least of what cable, stage and vehicle bear. A vehicle that names nothing a vehicle could mean sets no bound.
    private func bounds(_ index: Int, _ post: PlausiblePost) -> (millivolts: Int32, milliamperes: Int32) {
        let cable = post.core.configuration.connectors[index]
        let stage = post.core.configuration.stages[Int(cable.stage.index)]
        let vehicle = seats[index].vehicle
        let volts = vehicle.map(\.maximumMillivolts).flatMap { $0 > 60_000 ? $0 : nil } ?? .max
        let amperes = vehicle.map(\.maximumMilliamperes).flatMap { $0 > 0 ? $0 : nil } ?? .max
        return (
            min(cable.maximumMillivolts, stage.maximumMillivolts, volts),
            min(cable.maximumMilliamperes, stage.maximumMilliamperes, amperes)
        )
    }

    private func seeEnergy(_ session: SessionID, _ wattHours: Int64, _ register: Int64) {
        let before = energy[session] ?? 0
        var isTrue = wattHours >= before
        if wattHours > before, let first = firstRegister[session] { isTrue = wattHours == register - first }
        check(.energyNeverDecreases, isTrue, "\(wattHours) Wh after \(before) Wh at \(register)")
        energy[session] = max(before, wattHours)
    }

    // What stands afterwards

    private func judgeAfter(
        _ index: Int, _ event: Event, _ wasPowered: Bool, _ wasUnsafe: Bool, _ actions: [Action],
        _ post: PlausiblePost
    ) {
        let seat = seats[index]
        if (wasPowered || seat.power != nil) && isClassE(index, post) {
            let id = ConnectorID(UInt8(index))
            let isDone =
                seat.power == nil && seat.command == .off && actions.contains(.withdrawPower(id))
                && actions.contains(.setPilot(id, .steady))
            check(.emergencyAtOnce, isDone, "\(event) left power on")
        }
        if let since = seat.closedAfterOpeningSince, now - since >= .milliseconds(1_100) {
            let isLatched = seat.latches.contains { $0 == .weldedPlus || $0 == .weldedMinus || $0 == .weldedBoth }
            check(.measuredAgrees, isLatched, "contactors stay closed and nobody says so")
        }
        judgeNeeds(index)
    }

    /// A reading that power needs may be missing for the budget of an error, no longer.
    private func judgeNeeds(_ index: Int) {
        let seat = seats[index]
        let isMissing =
            young(seat.meter, seat.meter?.measuredAt, .seconds(3)) == nil
            || young(seat.stage, seat.stage?.measuredAt, .seconds(2)) == nil
        guard seat.power != nil, isMissing else {
            seats[index].lostNeedSince = nil
            return
        }
        let since = seat.lostNeedSince ?? now
        seats[index].lostNeedSince = since
        check(.powerNeedsEverything, now - since <= .milliseconds(2_700), "power without readings")
    }

    private func judgeShares(_ post: PlausiblePost) {
        var total: Int64 = 0
        for seat in seats where seat.power == .charge {
            guard case .on(let millivolts, let milliamperes) = seat.command else { continue }
            let volts = young(seat.meter, seat.meter?.measuredAt, .seconds(3))?.millivolts ?? millivolts
            total += Int64(max(volts, 60_000)) * Int64(milliamperes) / 1_000_000
        }
        guard total > 0 else { return }
        var limit = post.core.configuration.siteLimitWatts
        for (source, entry) in limits {
            let isSilent = source != .operatorCommand && now - entry.at >= .seconds(120)
            limit = min(limit, isSilent ? post.core.configuration.failSafeLimitWatts : entry.watts)
        }
        check(.grantsWithinLimits, total <= limit + limit / 100 + 100, "\(total) W under a limit of \(limit) W")
    }

    private func judgeStart(_ event: Event, _ actions: [Action], _ post: PlausiblePost) {
        if case .booted = event {
            var isSafe = actions.contains(.setCooling(isOn: true))
            for (index, connector) in post.core.configuration.connectors.enumerated() {
                let id = ConnectorID(UInt8(index))
                let isOff = actions.contains {
                    if case .commandStage(connector.stage, _, .off) = $0 { true } else { false }
                }
                isSafe =
                    isSafe && isOff && actions.contains(.withdrawPower(id))
                    && actions.contains(.setPilot(id, .steady))
                if connector.lockHolder == .post { isSafe = isSafe && actions.contains(.setLock(id, isHeld: true)) }
            }
            check(.safeAfterStart, isSafe, "outputs after the start: \(actions)")
        }
        if let before = configurationBefore {
            let isBusy = seats.contains { $0.session != nil || $0.power != nil }
            if isBusy { check(.safeAfterStart, post.core.configuration == before, "limits changed in a session") }
            if post.core.configuration != before { configurationBefore = nil }
        }
    }

    /// A listed card that was shown just now is decided in the call that brings the answer.
    private func judgeTap(_ event: Event, _ actions: [Action], _ post: PlausiblePost) {
        let isDecided = actions.contains {
            switch $0 {
            case .recordStart, .report(.refused), .tellVehicle(_, _, .stopRequested): true
            default: false
            }
        }
        switch event {
        case .tokenPresented(let reader, let token):
            let isRepeat = presented[reader].map { $0.token == token && now - $0.at < .seconds(2) } ?? false
            // A card that lies on the reader is one tap for as long as it is read.
            presented[reader] = (token, now, isRepeat || isDecided)
        case .tokenLookedUp(let reader, let lookUp):
            guard lookUp.verdict == .listed, let tap = presented[reader], tap.token == lookUp.token, tap.at == now,
                waiting[reader] != lookUp.token
            else { return }
            let begins = actions.contains { if case .recordStart = $0 { true } else { false } }
            waiting[reader] = isDecided || begins ? nil : lookUp.token
            let isHeld = seats.indices.contains {
                post.status($0).phase == .authorized
                    || seats[$0].session?.token == lookUp.token
            }
            let isStopping = seats.indices.contains {
                post.status($0).session?.token == lookUp.token
            }
            check(.decidedLocally, isDecided || tap.isDecided || isHeld || isStopping, "a listed card waits")
        default: break
        }
    }
}
