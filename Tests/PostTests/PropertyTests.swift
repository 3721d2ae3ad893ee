// Random people and random trouble on a plausible post: the rules hold, judged from the outside by the log of actions.

import Testing

@testable import Post

/// Dice for streams.
struct Dice {
    var state: UInt64
    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}

/// Judges a post by what it was told and what it wanted, without asking the core.
struct OutsideJudge {
    var premises: [Rule: Int] = [:]
    var broken: [String] = []

    private mutating func hold(_ rule: Rule, _ isSo: Bool, _ what: String) {
        premises[rule, default: 0] += 1
        if !isSo { broken.append("rule \(rule.rawValue): \(what)") }
    }

    mutating func judge(_ post: PlausiblePost, seed: UInt64) {
        var recorded: Set<SessionID> = []
        var open: [ConnectorID: SessionID] = [:]
        var tokens: [SessionID: TokenName] = [:]
        var stops: [SessionID: Int] = [:]
        var allowed: Set<ConnectorID> = []
        var energy: [SessionID: Int64] = [:]
        for entry in post.log {
            switch entry.action {
            case .recordStart(let start):
                hold(.oneSessionEach, open[start.connector] == nil, "two sessions at once, seed \(seed)")
                hold(
                    .oneSessionEach, !open.values.contains { tokens[$0] == start.token },
                    "a token twice, seed \(seed)")
                open[start.connector] = start.session
                tokens[start.session] = start.token
                recorded.insert(start.session)
                hold(.decidedLocally, true, "")
            case .recordStop(let stop): stops[stop.session, default: 0] = 1
            case .report(.sessionEnded(_, let id, _, _)): open[id] = nil
            case .recordSample(let sample):
                hold(
                    .energyNeverDecreases, sample.energyWattHours >= energy[sample.session] ?? 0,
                    "energy fell, seed \(seed)")
                energy[sample.session] = sample.energyWattHours
            case .allowPower(let id, let degree):
                hold(.powerNeedsEverything, open[id] != nil, "power without a session, seed \(seed)")
                if degree > .test {
                    hold(.recordedBeforeEnergy, post.recordsAnswer != nil, "energy unrecorded, seed \(seed)")
                }
                allowed.insert(id)
            case .withdrawPower(let id): allowed.remove(id)
            case .tellVehicle(let id, _, .ended), .setLock(let id, isHeld: false):
                hold(.releasedOnlyWhenDead, !allowed.contains(id), "released under power, seed \(seed)")
            case .report(.defect(let rule, _)):
                broken.append("the supervisor had to step in: rule \(rule.rawValue), seed \(seed)")
            default: break
            }
            if case .commandStage(_, _, .on(_, let milliamperes)) = entry.action {
                hold(.grantsWithinLimits, milliamperes <= 400_000, "more than the cable bears, seed \(seed)")
            }
        }
        for (_, count) in stops { hold(.recordedBeforeEnergy, count == 1, "two stops, seed \(seed)") }
        hold(.bounded, post.log.count < 20_000, "too much to do, seed \(seed)")
    }
}

@Suite("Random streams")
struct PropertyTests {
    @Test("a thousand streams of people and trouble: every rule is put to the test and none is broken")
    func streams() {
        var judge = OutsideJudge()
        var charged = 0
        for seed in 1...1_000 {
            var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
            let post = PlausiblePost()
            for _ in 0..<8 {
                bend(post, &dice)
                post.run(.milliseconds(Int64(200 + dice.next(3_000))))
            }
            if post.log.contains(where: { if case .report(.energyFlows) = $0.action { true } else { false } }) {
                charged += 1
            }
            judge.judge(post, seed: UInt64(seed))
        }
        #expect(judge.broken.isEmpty, "\(judge.broken.prefix(5))")
        #expect(charged > 333, "only \(charged) of 1,000 streams reached charging")
        for rule in [
            Rule.powerNeedsEverything, .releasedOnlyWhenDead, .recordedBeforeEnergy, .energyNeverDecreases,
            .decidedLocally,
            .oneSessionEach, .grantsWithinLimits, .bounded,
        ] {
            #expect(judge.premises[rule, default: 0] > 100, "rule \(rule.rawValue) was hardly put to the test")
        }
    }

    /// Something happens that may happen.
    private func bend(_ post: PlausiblePost, _ dice: inout Dice) {
        let connector = dice.next(2)
        switch dice.next(16) {
        case 0...4:
            if post.lines[connector].proximity == .open { post.charge(connector, token: UInt64(1 + dice.next(3))) }
        case 5: post.plug(connector)
        case 6: post.tap(UInt64(1 + dice.next(3)), verdict: dice.next(3) == 0 ? .notListed : .listed)
        case 7: post.unplug(connector)
        case 8:
            post.interlocks.emergencyStopPressed.toggle()
            post.run(.milliseconds(100))
        case 9: post.interlocks.doorOpen.toggle()
        case 10: post.meterSilent.toggle()
        case 11: post.ohms[connector] = dice.next(2) == 0 ? 20_000 : 10_000_000
        case 12: post.temperatures[connector] = Int32(20_000 + dice.next(90_000))
        case 13: post.handle(.command(CommandNumber(1), .stop(ConnectorID(UInt8(connector)), .remote)))
        case 14: post.handle(.limit(.siteManager, watts: Int64(dice.next(200_000))))
        default: post.lines[connector].pilot = dice.next(2) == 0 ? .b : .c
        }
    }

    @Test("no event traps, whatever it holds, in whatever state")
    func extremes() {
        let numbers: [Int32] = [.min, -1, 0, 1, .max]
        let instants: [Instant] = [.zero, Instant(microseconds: .min), .distantFuture]
        for start in 0..<4 {
            let post = PlausiblePost()
            if start > 0 { post.plug() }
            if start > 1 { post.tap() }
            if start > 2 { post.run(.seconds(4)) }
            for number in numbers {
                for instant in instants {
                    for id in [ConnectorID(0), ConnectorID(1), ConnectorID(255)] {
                        post.handle(
                            .meter(
                                id,
                                MeterSample(
                                    measuredAt: instant, millivolts: number, milliamperes: number,
                                    energyWattHours: number < 0 ? .min : .max, serial: 4711)))
                        post.handle(
                            .insulation(
                                id,
                                InsulationSample(
                                    measuredAt: instant, ohms: number, millivolts: number, selfTest: .passed)))
                        post.handle(
                            .vehicle(
                                id,
                                VehicleSample(
                                    measuredAt: instant, phase: .charge, targetMillivolts: number,
                                    targetMilliamperes: number,
                                    maximumMillivolts: number, maximumMilliamperes: number,
                                    stateOfChargePerMille: .min)))
                        post.handle(
                            .temperature(
                                id,
                                TemperatureSample(
                                    measuredAt: instant, pinAMillidegrees: number, pinBMillidegrees: number,
                                    cabinetMillidegrees: number, coolingRuns: false)))
                        post.handle(.linesLost(id))
                        post.handle(.tokenPresented(ReaderID(id.index), TokenName(high: 0, low: 0)))
                    }
                    post.handle(
                        .stage(
                            StageID(0),
                            StageSample(
                                measuredAt: instant, millivolts: number, milliamperes: number,
                                availableMilliamperes: number,
                                isOn: true, hasFault: false, modulesOut: .max)))
                    post.handle(.limit(.cloud, watts: Int64(number) &* Int64(Int32.max)))
                    post.handle(.timePassed)
                }
            }
            post.now = .distantFuture
            post.handle(.timePassed)
        }
    }
}
