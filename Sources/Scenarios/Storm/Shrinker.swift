// Cuts a storm that fails down to the few steps, places and people that it takes to fail.

import Post
import Simulator

/// Delta debugging (Zeller and Hildebrandt 2002) over the steps of a storm, then over its site, its people, its instants and lengths.
public struct Shrinker {
    /// Plays a storm, twice over if asked for, and says how it ended; an error ends the whole.
    public typealias Play = (Scenario, _ isTwice: Bool) throws -> StormEnd

    /// What was left of a storm.
    public struct Shrunk: Sendable {
        /// The smallest storm found that fails in the same way.
        public var scenario: Scenario
        /// How that one ends.
        public var end: StormEnd
        /// How many storms were played for it.
        public var plays: Int
    }

    /// How many storms may be played at most. Engineering default: 600, some minutes.
    public static let playsAtMost = 600

    private var scenario: Scenario
    private var end: StormEnd
    private let wanted: StormEnd
    private var plays = 1
    private let play: Play
    /// Told after every cut: how many steps are left.
    private let progress: (Int) -> Void

    private init(
        _ scenario: Scenario, _ wanted: StormEnd, _ play: @escaping Play, _ progress: @escaping (Int) -> Void
    ) {
        (self.scenario, self.wanted, end) = (scenario, wanted, wanted)
        (self.play, self.progress) = (play, progress)
    }

    /// The smallest storm found that fails in the same way, or nil if this one does not fail. One that ends well is played twice: it
    /// may diverge.
    public static func shrink(
        _ scenario: Scenario, by play: @escaping Play = { scenario, _ in Storm.play(scenario).end },
        progress: @escaping (Int) -> Void = { _ in }
    ) throws -> Shrunk? {
        var wanted = try play(scenario, false)
        if wanted.ending == .safe { wanted = try play(scenario, true) }
        guard wanted.ending != .safe else { return nil }
        var shrinker = Shrinker(scenario, wanted, play, progress)
        try shrinker.cutSteps()
        try shrinker.cutConnectors()
        try shrinker.cutDrivers()
        try shrinker.shortenFaults()
        try shrinker.roundInstants()
        try shrinker.cutSteps()
        try shrinker.cutConnectors()
        shrinker.scenario.title = shrinker.title
        return Shrunk(scenario: shrinker.scenario, end: shrinker.end, plays: shrinker.plays)
    }

    /// Which storm it was and how it ends. A title has room for 120 characters.
    private var title: String {
        let whole = "Storm \(scenario.seed), cut down: \(end.ending.rawValue), \(end.headline)"
        let line = whole.replacing("\n", with: " ")
        guard line.count > 120 else { return line }
        return line.prefix(119).split(separator: " ").dropLast().joined(separator: " ") + "…"
    }

    private mutating func accept(_ candidate: Scenario) throws -> Bool {
        guard plays < Self.playsAtMost else { return false }
        plays += 1
        let found = try play(candidate, wanted.ending == .diverged)
        guard wanted.isLike(found) else { return false }
        (scenario, end) = (candidate, found)
        progress(scenario.timeline.count)
        return true
    }

    /// Leaves out ever smaller runs of steps as long as the storm goes on failing.
    private mutating func cutSteps() throws {
        var size = max(1, scenario.timeline.count / 2)
        while true {
            var start = 0
            var hasCut = false
            while start < scenario.timeline.count {
                var candidate = scenario
                candidate.timeline.removeSubrange(start..<min(start + size, candidate.timeline.count))
                if !candidate.timeline.isEmpty, try accept(candidate) { hasCut = true } else { start += size }
            }
            if size == 1, !hasCut { return }
            if !hasCut || size > scenario.timeline.count { size = max(1, size / 2) }
            if plays >= Self.playsAtMost { return }
        }
    }

    /// Takes away connectors at which nothing happens; those behind them move up.
    private mutating func cutConnectors() throws {
        for index in (0..<scenario.site.connectors).reversed() where scenario.site.connectors > 1 {
            guard !scenario.timeline.contains(where: { $0.deed.place?.connector == index }) else { continue }
            var candidate = scenario
            candidate.site.connectors -= 1
            if candidate.site.connectors == 1 { candidate.site.sharesStage = false }
            for step in candidate.timeline.indices {
                candidate.timeline[step].deed = candidate.timeline[step].deed.movedUp(behind: index)
            }
            _ = try accept(candidate)
        }
    }

    /// Takes away drivers who show no card: all of them, or else one after the other.
    private mutating func cutDrivers() throws {
        let coming = Set(scenario.timeline.flatMap(\.deed.tokens))
        func without(_ names: [String], _ drivers: DriverSetting) -> DriverSetting {
            var drivers = drivers
            drivers.listed.removeAll(where: names.contains)
            drivers.expired.removeAll(where: names.contains)
            drivers.known.removeAll(where: names.contains)
            return drivers
        }
        let drivers = scenario.drivers
        let idle = (drivers.listed + drivers.expired + drivers.known).filter { !coming.contains($0) }
        guard !idle.isEmpty else { return }
        var candidate = scenario
        candidate.drivers = without(idle, drivers)
        guard try !accept(candidate) else { return }
        for name in idle {
            var candidate = scenario
            candidate.drivers = without([name], scenario.drivers)
            _ = try accept(candidate)
        }
    }

    private mutating func shortenFaults() throws {
        for index in scenario.timeline.indices {
            while case .inject(var setting) = scenario.timeline[index].deed, let lasts = setting.lasts,
                lasts > 100_000
            {
                setting.lasts = lasts / 2
                var candidate = scenario
                candidate.timeline[index].deed = .inject(setting)
                if try !accept(candidate) { break }
            }
        }
    }

    /// Whole seconds read better.
    private mutating func roundInstants() throws {
        for index in scenario.timeline.indices {
            guard let at = scenario.timeline[index].at, at % 1_000_000 != 0 else { continue }
            var candidate = scenario
            candidate.timeline[index].at = at / 1_000_000 * 1_000_000
            _ = try accept(candidate)
        }
    }
}

extension Deed {
    /// Whose cards it names.
    fileprivate var tokens: [String] {
        switch self {
        case .tap(let token, _, _), .reserve(let token, _, _), .revoke(let token), .damageList(let token, _):
            [token]
        case .deny(let tokens): tokens
        case .newList(let new): new.listed
        default: []
        }
    }

    /// The same step where a connector before its own is gone.
    fileprivate func movedUp(behind index: Int) -> Deed {
        func moved(_ place: Where) -> Where {
            Where(post: place.post, connector: place.connector > index ? place.connector - 1 : place.connector)
        }
        func moved(_ setting: FaultSetting) -> FaultSetting {
            var setting = setting
            switch setting.kind.row.scope {
            case .connector, .stage: setting.place = moved(setting.place)
            case .reader: break
            // A storm draws a connector for these as well, which says nothing.
            case .post, .site: setting.place.connector = 0
            }
            return setting
        }
        return switch self {
        case .plug(let vehicle, let place): .plug(vehicle: vehicle, moved(place))
        case .unplug(let place, let byForce): .unplug(moved(place), byForce: byForce)
        case .leave(let place): .leave(moved(place))
        case .stopButton(let place): .stopButton(moved(place))
        case .stopByHand(let place): .stopByHand(moved(place))
        case .inService(let isIn, let place): .inService(isIn, moved(place))
        case .clear(let fault, let place): .clear(fault, moved(place))
        case .reserve(let token, let lasts, let place): .reserve(token: token, lasts: lasts, moved(place))
        case .order(let wish, let place): .order(wish, moved(place))
        case .inject(let setting): .inject(moved(setting))
        case .heal(let setting): .heal(moved(setting))
        default: self
        }
    }
}
