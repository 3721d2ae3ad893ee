// One random stream: a plausible post, what people do to it, and what breaks; then everything heals and is calm again.

@testable import Post

/// A stream, the same for a seed.
final class Stream {
    let post: PlausiblePost
    let judge = OutsideJudge()
    private var dice: Dice
    /// Whether readings came late, from the future, or beyond sense.
    private(set) var hasOddReadings = false

    init(seed: UInt64) {
        dice = Dice(seed: seed)
        judge.seed = seed
        var configuration = PostConfiguration.twoConnectors
        // Some posts share one stage, some hold the plug themselves, some have little power.
        if dice.oneIn(3) { configuration.connectors[1].stage = StageID(0) }
        if dice.oneIn(3) { configuration.connectors[0].lockHolder = .post }
        if dice.oneIn(3) { configuration.siteLimitWatts = 60_000 }
        configuration.readers = [.wholePost, .connector(ConnectorID(1))]
        post = PlausiblePost(configuration, judge: judge)
        (post.cadence, post.idleCadence) = (.milliseconds(100), .milliseconds(500))
    }

    var hasCharged: Bool {
        post.log.contains { if case .report(.energyFlows) = $0.action { true } else { false } }
    }

    func run() {
        for _ in 0..<(4 + dice.next(6)) {
            if dice.oneIn(2) { people() } else { trouble() }
            post.run(.milliseconds(Int64(50 + dice.next(2_500))))
        }
    }

    private func people() {
        let connector = dice.next(2)
        let token = UInt64(1 + dice.next(3))
        switch dice.next(12) {
        case 0...4:
            if post.lines[connector].proximity == .open { post.charge(connector, token: token) }
        case 5: post.plug(connector)
        case 6: post.tap(token, verdict: dice.oneIn(3) ? .notListed : .listed, at: UInt8(dice.next(2)))
        case 7: post.unplug(connector)
        case 8: post.handle(.command(CommandNumber(1), .stop(ConnectorID(UInt8(connector)), .remote)))
        case 9:
            let name = TokenName(high: 9, low: token)
            post.handle(.command(CommandNumber(2), .start(ConnectorID(UInt8(connector)), name)))
        case 10: post.phases[connector] = dice.oneIn(2) ? .pause : .stop
        default:
            var next = post.core.configuration
            next.limits.refusalShownFor = .seconds(Int64(5 + dice.next(20)))
            post.handle(.configured(next))
        }
    }

    private func trouble() {
        let connector = dice.next(2)
        switch dice.next(20) {
        case 0:
            post.interlocks.emergencyStopPressed.toggle()
        case 1: post.interlocks.doorOpen.toggle()
        case 2: post.interlocks.protectiveEarthGood.toggle()
        case 3: post.meterSilent.toggle()
        case 4: post.stageSilent.toggle()
        case 5: post.monitorSilent.toggle()
        case 6: post.vehicleSilent.toggle()
        case 7: post.ohms[connector] = dice.oneIn(2) ? 20_000 : 10_000_000
        case 8: post.temperatures[connector] = Int32(20_000 + dice.next(90_000))
        case 9: post.handle(.limit(.siteManager, watts: dice.oneIn(4) ? nil : Int64(dice.next(200_000))))
        case 10: post.handle(.limit(.cloud, watts: Int64(dice.next(200_000))))
        case 11: post.welded[connector] = (dice.oneIn(2), dice.oneIn(2))
        case 12:
            hasOddReadings = true
            post.lag = [.zero, .milliseconds(300), .seconds(2), .seconds(4), .milliseconds(-500)][dice.next(5)]
        case 13: post.registers[connector] -= Int64(dice.next(50))
        case 14: post.restart()
        case 15: post.recordsAnswer = [.recorded, .failed, nil][dice.next(3)]
        case 16: post.neverCloses.toggle()
        case 17: post.handle(.linesLost(dice.oneIn(2) ? nil : ConnectorID(UInt8(connector))))
        case 18: extreme(ConnectorID(UInt8(connector)))
        default: post.lines[connector].pilot = [.a, .b, .c, .e, .f, .invalid][dice.next(6)]
        }
    }

    /// A reading that no sound device gives.
    private func extreme(_ id: ConnectorID) {
        hasOddReadings = true
        let number: Int32 = [.min, -1, 0, .max][dice.next(4)]
        let measuredAt = [post.now, .zero, .distantFuture][dice.next(3)]
        switch dice.next(3) {
        case 0:
            post.handle(
                .meter(
                    id,
                    MeterSample(
                        measuredAt: measuredAt, millivolts: number, milliamperes: number,
                        energyWattHours: Int64(number), serial: 4711)))
        case 1:
            post.handle(
                .vehicle(
                    id,
                    VehicleSample(
                        measuredAt: measuredAt, phase: .charge, targetMillivolts: number,
                        targetMilliamperes: number,
                        maximumMillivolts: number, maximumMilliamperes: number, stateOfChargePerMille: -1)))
        default:
            post.handle(
                .stage(
                    StageID(id.index),
                    StageSample(
                        measuredAt: measuredAt, millivolts: number, milliamperes: number,
                        availableMilliamperes: number,
                        isOn: true, hasFault: false, modulesOut: 0)))
        }
    }

    /// Everything heals and everybody goes away: every connector serves again, but for what service must clear.
    /// Returns what is not calm, or nil.
    func calm() -> String? {
        post.interlocks = .allGood
        (post.meterSilent, post.stageSilent, post.monitorSilent, post.vehicleSilent) = (false, false, false, false)
        (post.lag, post.recordsAnswer, post.neverCloses) = (.zero, .recorded, false)
        post.handle(.limit(.siteManager, watts: nil))
        post.handle(.limit(.cloud, watts: nil))
        for index in 0..<post.count {
            post.ohms[index] = 10_000_000
            post.temperatures[index] = 25_000
            post.welded[index] = (false, false)
            post.mendContactors(index)
            post.unplug(index)
        }
        var unrest: String?
        for _ in 0..<60 {
            post.run(.seconds(1))
            unrest = (0..<post.count).lazy.compactMap { self.unrest(at: $0) }.first
            if unrest == nil { break }
        }
        return unrest
    }

    private func isCutOffByNeighbour(_ index: Int) -> Bool {
        let connectors = post.core.configuration.connectors
        let cutting: [Fault] = [.weldedPlus, .weldedMinus, .weldedBoth, .stageIgnoresOff]
        return connectors.indices.contains { other in
            other != index && connectors[other].stage == connectors[index].stage
                && cutting.contains { post.status(other).faults.contains($0) }
        }
    }

    /// Why a connector cannot serve, or nil. A card that waits for a plug is no reason, nor what service must clear, here or
    /// at the neighbour that had the shared stage cut off.
    private func unrest(at index: Int) -> String? {
        let status = post.status(index)
        var isLatched = false
        status.faults.forEach { if $0.row.release == .byService { isLatched = true } }
        if status.faults == FaultSet(bits: 1 << UInt64(Fault.stageTripped.rawValue)) {
            isLatched = isCutOffByNeighbour(index)
        }
        if status.phase == .available || status.phase == .authorized || isLatched { return nil }
        return "connector \(index) is \(status.phase), waits for \(status.waiting), faults \(status.faults.bits)"
    }
}
