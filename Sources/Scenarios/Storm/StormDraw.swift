// Draws a storm from a seed: a site, visits, faults, a network, deaths. The same seed gives the same storm everywhere.

import Post
import Simulator
import StrictYAML

/// Draws storms. Every knob is drawn afresh for each seed and whole kinds of trouble are left out at random, since a storm
/// with everything in it hides what a storm with little in it shows (swarm testing: Groce et al., ISSTA 2012).
struct StormDraw {
    private var dice: Randomness
    private let seed: UInt64
    private var steps: [Step] = []
    private let lastsSeconds: Int64
    /// Whether plugs may be torn out in this storm.
    private let mayTearOut: Bool

    /// Who comes: `listed-1` and so on are on the list; the last three are kept for the proof of service, one a connector:
    /// on a list that has grown old, or without a clock, nobody may start as often as he likes.
    private static let listed = (1...8).map { "listed-\($0)" }

    private init(_ seed: UInt64) {
        self.seed = seed
        dice = Randomness(seed: seed, component: "storm")
        lastsSeconds = dice.number(in: 300...2_400)
        mayTearOut = dice.chance(1, in: 2)
    }

    /// The storm of a seed.
    static func scenario(seed: UInt64) -> Scenario {
        var draw = StormDraw(seed)
        return draw.scenario()
    }

    private mutating func scenario() -> Scenario {
        let site = drawSite()
        for connector in 0..<site.connectors { drawVisits(connector) }
        drawFaults(site)
        if dice.chance(1, in: 2) { drawNetwork() }
        if dice.chance(1, in: 3) { drawDisk() }
        if dice.chance(1, in: 6) { drawSlowCommits() }
        if dice.chance(1, in: 8) { drawKeptCharge(site) }
        if !mayTearOut, dice.chance(1, in: 8) { drawWeld(site) }
        if dice.chance(1, in: 8) { drawLostCooling(site) }
        if site.lock == .post, dice.chance(1, in: 4) { drawStuckLock(site) }
        if dice.chance(1, in: 8) { drawSlowCableCheck(site) }
        if dice.chance(1, in: 3) { drawDeaths() }
        if dice.chance(1, in: 24) { drawCrashLoop(site) }
        if dice.chance(1, in: 3) { drawLimits() }
        if dice.chance(1, in: 3) { drawAuthority(site) }
        drawApart(site)
        drawNetworkApart()
        drawLater(site)
        keepCalamitiesApart()
        let vehicles = VehicleProfile.all.map { profile in
            TableEntry(
                key: profile.name,
                value: VehicleSetting(
                    profile: profile, capacityWattHours: nil, maximumMilliamperes: nil,
                    stateOfChargePercent: Int(dice.number(in: 5...78)), stopsAtPercent: 80,
                    manners: VehicleManners()), position: .wholeFile)
        }
        return Scenario(
            title: "Storm \(seed)", seed: seed, site: site,
            drivers: DriverSetting(
                listed: Self.listed, expired: ["expired"], known: ["known"], hasList: dice.chance(9, in: 10)),
            vehicles: vehicles, arrivals: nil, timeline: steps.sorted { ($0.at ?? 0) < ($1.at ?? 0) }, never: [],
            atEnd: [], compare: [],
            lastsAnother: 10_000_000, skipsImpossible: true, calmWithin: 3_600_000_000)
    }

    private mutating func drawSite() -> SiteSetting {
        let connectors = Int(dice.number(in: 1...3))
        return SiteSetting(
            posts: 1, connectors: connectors, lock: dice.chance(1, in: 3) ? .post : .vehicle,
            sharesStage: connectors > 1 && dice.chance(1, in: 3),
            limitWatts: dice.number(in: 40...400) * 1_000, failSafeWatts: dice.number(in: 0...30) * 1_000,
            guestFloorWattHours: dice.chance(1, in: 4) ? 5_000 : 0)
    }

    private mutating func add(_ deed: Deed, atSeconds seconds: Int64, milliseconds: Int64 = 0) {
        steps.append(
            Step(after: 0, at: seconds * 1_000_000 + milliseconds * 1_000, deed: deed, position: .wholeFile))
    }

    /// An instant, to the millisecond: trouble must be able to fall between any two events.
    private mutating func add(_ deed: Deed) {
        add(deed, atSeconds: dice.number(in: 10...lastsSeconds), milliseconds: dice.number(in: 0...999))
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int(dice.number(in: 0...Int64(values.count - 1)))]
    }

    private mutating func drawVisits(_ connector: Int) {
        let place = Where(post: 0, connector: connector)
        var now = dice.number(in: 5...120)
        while now < lastsSeconds - 60 {
            let token = drawToken()
            let plugs = now, taps = max(1, now + dice.number(in: -20...40))
            add(.plug(vehicle: pick(VehicleProfile.all).name, place), atSeconds: plugs)
            if dice.chance(19, in: 20) { add(.tap(token: token, reader: 0, post: 0), atSeconds: taps) }
            let stays = dice.number(in: 30...900)
            switch dice.number(in: 1...10) {
            case 1...3: add(.tap(token: token, reader: 0, post: 0), atSeconds: plugs + stays)
            case 4...5: add(.stopButton(place), atSeconds: plugs + stays)
            case 6 where mayTearOut: add(.unplug(place, byForce: true), atSeconds: plugs + stays)
            case 7: add(.tap(token: drawToken(), reader: 0, post: 0), atSeconds: plugs + stays)
            default: break
            }
            add(.leave(place), atSeconds: plugs + stays + dice.number(in: 1...60))
            now = plugs + stays + dice.number(in: 60...400)
        }
    }

    private mutating func drawToken() -> String {
        switch dice.number(in: 1...12) {
        case 1: "stranger"
        case 2: "expired"
        case 3: "known"
        default: Self.listed[Int(dice.number(in: 0...4))]
        }
    }

    /// What leaves live contacts behind when the plug is torn out: no post can make that harmless. Lines that are lost leave
    /// nobody who could discharge them, as a dead process does. One weld is borne, two are not: the minus pole stays whole.
    private static let keepsContactsLive: [FaultKind?] = [
        FaultKind(.lines, .lost), FaultKind(.lines, .gone),
        FaultKind(.contactorMinus, .welded), FaultKind(.vehicle, .welded), FaultKind(.discharge, .broken),
    ]
    private static let tearsOut = FaultKind(.vehicle, .drops)

    /// The atlas: what the design promises to survive. Any number of faults that heal; at most one that stays; and a plug is
    /// torn out only where nothing else keeps its contacts live.
    private mutating func drawFaults(_ site: SiteSetting) {
        // A random half of the kinds is left out of this storm.
        let kinds = Self.inOrder.filter { kind in
            !Self.drawnApart.contains(kind) && !Self.drawnLater.contains(kind) && dice.chance(1, in: 2)
                && (mayTearOut ? !Self.keepsContactsLive.contains(kind) : kind != Self.tearsOut)
        }
        guard !kinds.isEmpty else { return }
        var mayStay = dice.chance(1, in: 4)
        for _ in 0..<dice.number(in: 0...8) {
            let place = pickPlace(site)
            var setting = FaultSetting(
                kind: pick(kinds), place: place, lasts: dice.number(in: 50...600_000) * 1_000)
            if mayStay {
                (setting.lasts, setting.isPermanent, mayStay) = (nil, true, false)
            }
            add(.inject(setting))
        }
    }

    /// The atlas, too: no plug is torn out where the process is dead or dies before its contacts are discharged, and no
    /// vehicle's contactors weld where the lines are lost that would hold its plug, or nobody lives to hold it. Two calamities at one moment are more than
    /// the design promises to survive.
    private mutating func keepCalamitiesApart() {
        steps.sort { ($0.at ?? 0) < ($1.at ?? 0) }
        let unattended = spansWithoutProcess()
        let leaves = steps.compactMap { step in if case .leave = step.deed { step.at } else { nil } }
        let unread = steps.compactMap { step in step.span(of: [FaultKind(.lines, .lost), FaultKind(.lines, .gone)])
        }
        steps.removeAll { step in
            let at = step.at ?? 0
            let isTorn = if case .unplug(_, byForce: true) = step.deed { true } else { false }
            if isTorn || step.span(of: [Self.tearsOut]) != nil {
                return unattended.contains { $0.overlaps(at...at + Self.settlesWithin) }
            }
            guard let welded = step.span(of: [FaultKind(.vehicle, .welded)]) else { return false }
            let live = welded.lowerBound...welded.upperBound + Self.settlesWithin
            // Outside of a session a resting meter tells of it within 10 s; who draws the plug before draws it live.
            let unnoticed = at...at + Self.settlesWithin
            return (unread + unattended).contains { $0.overlaps(live) }
                || leaves.contains(where: unnoticed.contains)
        }
    }

    /// When nobody is there who could discharge anything: from each death to the moment when the next start has settled.
    private func spansWithoutProcess() -> [ClosedRange<Int64>] {
        var spans: [ClosedRange<Int64>] = []
        var died: Int64?
        for step in steps {
            let at = step.at ?? 0
            switch step.deed {
            case .kill: died = died ?? at
            case .start:
                spans.append((died ?? at)...at + Self.settlesWithin)
                died = nil
            default: break
            }
        }
        if let died { spans.append(died...Int64.max / 2) }
        return spans
    }

    /// From a start, or from a plug that is torn out, until every contact is known to be dead, in microseconds: the time that a
    /// discharge may take (`SafetyLimits.dischargeWithin`) and a little.
    private static let settlesWithin: Int64 = 12_000_000

    /// Trouble with supply and handle, which can be survived any number of times. It comes with dice of its own, so that the
    /// storms that people know by their numbers stay what they were.
    private static let drawnApart = [
        FaultKind(.grid, .sags), FaultKind(.grid, .phaseLost), FaultKind(.residualCurrentDevice, .tripped),
        FaultKind(.residualCurrentDevice, .selfTestFails), FaultKind(.handle, .warm), FaultKind(.handle, .hot),
        FaultKind(.handle, .broken),
    ]

    /// The kinds in the order in which dice are cast for them: what is new in the network's table is drawn apart.
    private static let inOrder: [FaultKind] = {
        let network = [
            FaultKind(.network, .down), FaultKind(.network, .namesGone), FaultKind(.network, .delay),
            FaultKind(.network, .flapping), FaultKind(.cloud, .throttled), FaultKind(.cloud, .refusesEverybody),
            FaultKind(.network, .corrupt),
        ].compactMap(\.self)
        return FaultKind.all.flatMap { kind -> [FaultKind] in
            if kind.name == "\(FaultUnit.siteManager.rawValue).\(FaultMode.silent.rawValue)" {
                return network + [kind]
            }
            return kind.unit == .network || kind.unit == .cloud ? [] : [kind]
        }
    }()

    private mutating func drawApart(_ site: SiteSetting) {
        var dice = Randomness(seed: seed, component: "storm apart")
        guard dice.chance(1, in: 4) else { return }
        for _ in 0..<dice.number(in: 1...3) {
            let index = Int(dice.number(in: 0...Int64(Self.drawnApart.count - 1)))
            guard let kind = Self.drawnApart[index] else { continue }
            // A sag is short as often as it is long: both sides of what is ridden through.
            let lasts =
                kind.mode == .sags && dice.chance(1, in: 2)
                ? dice.number(in: 20...400) : dice.number(in: 50...600_000)
            let connector = Int(dice.number(in: 0...Int64(site.connectors - 1)))
            let setting = FaultSetting(
                kind: kind, place: Where(post: 0, connector: connector), lasts: lasts * 1_000)
            add(
                .inject(setting), atSeconds: dice.number(in: 10...lastsSeconds),
                milliseconds: dice.number(in: 0...999))
        }
    }

    /// What came later still, with dice of its own for the same reason: an output that lies askew to earth, a process that leaks
    /// memory until the post starts it anew, coolant that leaks, and a vehicle that drops its load.
    private static let drawnLater = [
        FaultKind(.insulation, .uneven), FaultKind(.insulation, .lifted), FaultKind(.process, .leaks),
        FaultKind(.cooling, .leaks), FaultKind(.vehicle, .dropsLoad),
    ]

    private mutating func drawLater(_ site: SiteSetting) {
        var dice = Randomness(seed: seed, component: "storm later")
        guard dice.chance(1, in: 5) else { return }
        for kind in Self.drawnLater where dice.chance(1, in: 2) {
            guard let kind else { continue }
            let lasts = dice.number(in: 1...900)
            let connector = kind.row.scope == .post ? 0 : Int(dice.number(in: 0...Int64(site.connectors - 1)))
            let setting = FaultSetting(
                kind: kind, place: Where(post: 0, connector: connector), lasts: lasts * 1_000_000)
            add(
                .inject(setting), atSeconds: dice.number(in: 10...lastsSeconds),
                milliseconds: dice.number(in: 0...999))
        }
    }

    private mutating func drawNetwork() {
        let states: [[NetworkImpairment]] = [
            [NetworkImpairment(.down, [])], [NetworkImpairment(.namesGone, [])],
            [NetworkImpairment(.delay, [dice.number(in: 1...20) * 1_000_000, 0])],
            [NetworkImpairment(.flapping, [dice.number(in: 2...60) * 1_000_000])],
            [NetworkImpairment(.throttled, [dice.number(in: 10...95)])], [NetworkImpairment(.refusesEverybody, [])],
            [NetworkImpairment(.corrupt, [100])], [],
        ]
        for _ in 0..<dice.number(in: 1...5) {
            let state = pick(states)
            addWay(
                state, atSeconds: dice.number(in: 10...lastsSeconds), milliseconds: dice.number(in: 0...999))
        }
    }

    /// All that is wrong on the way to the cloud from then on, whichever deed says it.
    private mutating func addWay(
        _ impairments: [NetworkImpairment], atSeconds seconds: Int64, milliseconds: Int64 = 0
    ) {
        for unit in [FaultUnit.network, .cloud] {
            let state = NetworkState(impairments.filter { $0.row?.unit == unit })
            add(
                unit == .network ? .network(state) : .cloud(state), atSeconds: seconds, milliseconds: milliseconds)
        }
    }

    /// Every word of the network's table, alone or two at once. It comes with dice of its own, so that the storms that people
    /// know by their numbers stay what they were.
    private mutating func drawNetworkApart() {
        var dice = Randomness(seed: seed, component: "storm network")
        guard dice.chance(1, in: 3) else { return }
        for _ in 0..<dice.number(in: 1...3) {
            let (begins, lasts) = (dice.number(in: 10...lastsSeconds), dice.number(in: 20...600))
            let rows = (0..<dice.number(in: 1...2)).map { _ in
                NetworkTable.rows[Int(dice.number(in: 0...Int64(NetworkTable.rows.count - 1)))]
            }
            if dice.chance(1, in: 2) {
                for row in rows { inject(row, at: begins, for: lasts) }
            } else {
                let drawn = rows.flatMap { row in
                    (row.needs.isEmpty ? [] : row.injected)
                        + [NetworkImpairment(row.mode, row.parameters.map { dice.number(in: $0.drawn) })]
                }
                addWay(drawn, atSeconds: begins)
                addWay([], atSeconds: begins + lasts)
            }
        }
    }

    private mutating func inject(_ row: NetworkTable.Row, at seconds: Int64, for lasts: Int64) {
        guard let kind = FaultKind(row.unit, row.mode) else { return }
        let place = Where(post: 0, connector: 0)
        add(.inject(FaultSetting(kind: kind, place: place, lasts: lasts * 1_000_000)), atSeconds: seconds)
    }

    private mutating func drawDisk() {
        let states: [SimulatedDisk.State] = [
            .slow(.milliseconds(dice.number(in: 50...8_000))),
            .commitsSlow(.milliseconds(dice.number(in: 500...20_000))), .full, .failing, .hanging, .well,
        ]
        for _ in 0..<dice.number(in: 1...3) {
            let begins = dice.number(in: 10...lastsSeconds)
            add(.disk(pick(states), post: 0), atSeconds: begins)
            add(.disk(.well, post: 0), atSeconds: begins + dice.number(in: 1...120))
        }
    }

    /// A disk that reads from memory and takes its time to commit, long enough for a driver to come meanwhile: the one
    /// trouble in which a start record is late and the look-up before it is not.
    private mutating func drawSlowCommits() {
        let begins = dice.number(in: 10...lastsSeconds)
        add(.disk(.commitsSlow(.milliseconds(dice.number(in: 3_000...20_000))), post: 0), atSeconds: begins)
        add(.disk(.well, post: 0), atSeconds: begins + dice.number(in: 60...600))
    }

    /// A stage that keeps its charge from one session to the next: the one trouble in which there is voltage across
    /// contactors that are about to close while the contacts are dead.
    private mutating func drawKeptCharge(_ site: SiteSetting) {
        inject(
            .stage, .holdsCharge, pickPlace(site), at: dice.number(in: 10...lastsSeconds),
            for: dice.number(in: 300...2_400))
    }

    /// A weld that is still there when the next driver comes; one surge may weld both poles.
    private mutating func drawWeld(_ site: SiteSetting) {
        let units: [FaultUnit] =
            switch dice.number(in: 1...3) {
            case 1: [.contactorPlus]
            case 2: [.contactorMinus]
            default: [.contactorPlus, .contactorMinus]
            }
        let place = pickPlace(site)
        let (begins, lasts) = (dice.number(in: 10...lastsSeconds), dice.number(in: 300...1_800))
        for unit in units { inject(unit, .welded, place, at: begins, for: lasts) }
    }

    /// Pump and fan stand still for long enough that contacts get warm on the half of the current that is left, the worn ones
    /// of an old plug above all.
    private mutating func drawLostCooling(_ site: SiteSetting) {
        let place = pickPlace(site)
        let (begins, lasts) = (dice.number(in: 10...lastsSeconds / 2), dice.number(in: 600...2_400))
        inject(.cooling, .stopped, Where(post: 0, connector: 0), at: begins, for: lasts)
        if dice.chance(1, in: 2) { inject(.plugContacts, .worn, place, at: begins, for: lasts) }
    }

    /// A bolt that rusts in while a session holds it: it must be there when the session ends.
    private mutating func drawStuckLock(_ site: SiteSetting) {
        for _ in 0..<2 {
            inject(
                .lock, .stuck, pickPlace(site), at: dice.number(in: 10...lastsSeconds),
                for: dice.number(in: 60...900))
        }
    }

    /// A tired post and a driver: a stage that answers late and climbs slowly, and often a monitor that takes its time as
    /// well. No step of the cable check outlasts its own limit, and all of them together do; in pre-charge the voltage of a
    /// full battery, or of a vehicle that asks for too much, is not reached in time.
    private mutating func drawSlowCableCheck(_ site: SiteSetting) {
        let place = pickPlace(site)
        let taps = dice.number(in: 20...lastsSeconds)
        add(.plug(vehicle: pick(VehicleProfile.all).name, place), atSeconds: taps - 10)
        inject(.stage, .sluggish, place, at: taps - 5, for: 120)
        if dice.chance(2, in: 3) {
            inject(.insulationMonitor, .slow, place, at: taps - 5, for: 120)
            inject(.stage, .silent, place, at: taps + 1, for: dice.number(in: 4...9))
        } else if dice.chance(1, in: 2) {
            inject(.vehicle, .wrongPreCharge, place, at: taps - 5, for: 120)
        }
        add(.tap(token: Self.listed[4], reader: 0, post: 0), atSeconds: taps)
        add(.leave(place), atSeconds: taps + 90)
    }

    private mutating func pickPlace(_ site: SiteSetting) -> Where {
        Where(post: 0, connector: Int(dice.number(in: 0...Int64(site.connectors - 1))))
    }

    private mutating func inject(
        _ unit: FaultUnit, _ mode: FaultMode, _ place: Where, at seconds: Int64, for lasts: Int64
    ) {
        guard let kind = FaultKind(unit, mode) else { return }
        let setting = FaultSetting(kind: kind, place: place, lasts: lasts * 1_000_000)
        add(.inject(setting), atSeconds: seconds, milliseconds: dice.number(in: 0...999))
    }

    /// A process that dies as soon as it lives, or whenever somebody charges: then a start finds a session of the life before.
    private mutating func drawCrashLoop(_ site: SiteSetting) {
        if dice.chance(1, in: 2) { return drawDeathsInCharges(site) }
        var now = dice.number(in: 10...lastsSeconds)
        for _ in 0..<dice.number(in: 5...8) {
            add(.kill(post: 0), atSeconds: now, milliseconds: dice.number(in: 0...999))
            add(.start(post: 0), atSeconds: now + 2)
            now += dice.number(in: 3...30)
        }
    }

    /// Five or six drivers in a row, and each time the process dies before they are done. All within the ten minutes in which
    /// unclean starts are counted.
    private mutating func drawDeathsInCharges(_ site: SiteSetting) {
        let place = pickPlace(site)
        var now = dice.number(in: 10...lastsSeconds)
        for _ in 0..<dice.number(in: 5...6) {
            add(.plug(vehicle: pick(VehicleProfile.all).name, place), atSeconds: now)
            add(.tap(token: drawToken(), reader: 0, post: 0), atSeconds: now + 3)
            let dies = now + dice.number(in: 15...50)
            add(.kill(post: 0), atSeconds: dies, milliseconds: dice.number(in: 0...999))
            add(.start(post: 0), atSeconds: dies + 2)
            add(.leave(place), atSeconds: dies + dice.number(in: 10...20))
            now = dies + dice.number(in: 25...40)
        }
    }

    private mutating func drawDeaths() {
        for _ in 0..<dice.number(in: 1...3) {
            let dies = dice.number(in: 10...lastsSeconds)
            add(.kill(post: 0), atSeconds: dies, milliseconds: dice.number(in: 0...999))
            add(.start(post: 0), atSeconds: dies + dice.number(in: 1...60))
        }
    }

    private mutating func drawLimits() {
        for _ in 0..<dice.number(in: 1...6) {
            add(.limit(watts: dice.chance(1, in: 5) ? nil : dice.number(in: 0...300) * 1_000, post: 0))
        }
    }

    private mutating func drawAuthority(_ site: SiteSetting) {
        let place = pickPlace(site)
        switch dice.number(in: 1...4) {
        case 1: add(.stopByHand(place))
        case 2: add(.deny([Self.listed[Int(dice.number(in: 0...4))]]))
        case 3: add(.revoke(token: Self.listed[Int(dice.number(in: 0...4))]))
        default:
            add(.inService(false, place))
            add(.inService(true, place))
        }
    }
}

extension Step {
    /// From when to when it injects one of these, in microseconds of the storm; nil if it does something else.
    fileprivate func span(of kinds: [FaultKind?]) -> ClosedRange<Int64>? {
        guard case .inject(let setting) = deed, kinds.contains(setting.kind) else { return nil }
        let begins = at ?? 0
        return begins...(setting.lasts.map { begins + $0 } ?? Int64.max / 2)
    }
}
