// The day a cloud region failed, played on a site with a signed list and on the same site without one.

import Ledger
import Post
import Runtime
import Simulator

/// One arrival of the day.
struct Arrival: Sendable {
    var at: Instant
    var driver: String
    var post: Int
    var connector: Int
    var arrivesAtPerMille: Int
}

/// What one day came to.
public struct OutageDay: Sendable, Encodable {
    /// `with the list` or `without a list`.
    public var policy: String
    /// Drivers who came, and listed ones among them.
    public var drivers = 0
    /// Drivers on the operator's list (or whom the cloud knows, where there is no list).
    public var knownDrivers = 0
    /// Sessions in which energy flowed.
    public var sessionsStarted = 0
    /// Drivers who were refused, by the reason they were told.
    public var refused: [String: Int] = [:]
    /// Minutes from tap to answer, all drivers together.
    public var minutesWaitedForAnAnswer = 0.0
    /// The longest wait for an answer, in seconds.
    public var longestWaitSeconds = 0.0
    /// Energy delivered, in kilowatt-hours.
    public var deliveredKilowattHours = 0.0
    /// Records that the cloud did not have at 22:01.
    public var recordsOwedAtTheEnd: Int64 = 0
    /// When the last record was delivered, hours and minutes UTC.
    public var lastRecordDelivered = ""
    /// Records the cloud got twice; redelivered after a lost acknowledgement.
    public var duplicates = 0
    /// What the judge found, and where the supervisor stepped in: both must be nothing.
    public var findings = 0
    /// Virtual hours in which a connector was energised, all together.
    public var energisedHours = 0.0
}

/// The study: the timeline of 20 October 2025 in UTC, from public reports of the outage.
///
/// 06:48 name resolution of the region's database fails; 09:25 names are restored; until 09:40 clients reconnect;
/// errors and throttling until 22:01. A site of 8 posts with 2 connectors; four of five drivers are on the list.
public enum OutageStudy {
    static let namesFail = clockTime(6, 48)
    static let namesRestored = clockTime(9, 25)
    static let mostConnect = clockTime(9, 40)
    static let over = clockTime(22, 1)

    /// Plays both days on the same arrivals.
    public static func run(seed: UInt64) throws -> [OutageDay] {
        let arrivals = arrivals(seed: seed)
        return [
            try day("without a list", hasList: false, arrivals, seed),
            try day("with the list", hasList: true, arrivals, seed),
        ]
    }

    static func clockTime(_ hour: Int64, _ minute: Int64) -> Instant {
        Instant(microseconds: (hour * 3_600 + minute * 60) * 1_000_000)
    }

    /// Some 130 drivers between 05:00 and 21:30, more of them in the morning and in the late afternoon.
    static func arrivals(seed: UInt64) -> [Arrival] {
        var dice = Randomness(seed: seed, component: "arrivals")
        var arrivals: [Arrival] = []
        var now = clockTime(5, 0)
        var number = 0
        while now < clockTime(21, 30) {
            let hour = now.microseconds / 3_600_000_000
            let isRush = (7...9).contains(hour) || (16...19).contains(hour)
            now = now + .seconds(dice.number(in: isRush ? 120...480 : 300...900))
            number += 1
            let isKnown = dice.chance(4, in: 5)
            arrivals.append(
                Arrival(
                    at: now, driver: (isKnown ? "listed-" : "stranger-") + "\(number)",
                    post: Int(dice.number(in: 0...7)),
                    connector: Int(dice.number(in: 0...1)), arrivesAtPerMille: Int(dice.number(in: 150...600))))
        }
        return arrivals
    }

    private static func day(
        _ policy: String, hasList: Bool, _ arrivals: [Arrival], _ seed: UInt64
    ) throws -> OutageDay {
        let known = arrivals.map(\.driver).filter { $0.hasPrefix("listed") }
        let drivers = DriverSetting(listed: hasList ? known : [], expired: [], known: known, hasList: hasList)
        var memories: [ScenarioMemory] = []
        for post in 0..<8 { memories.append(try ScenarioMemory(drivers: drivers, post: post)) }
        let configuration = WorldConfiguration(seed: seed, posts: Array(repeating: .twoConnectors, count: 8))
        let site = VirtualSite(configuration) { memories[$0] }
        site.world.cloud.vouch(for: known.map { memories[0].name($0) })
        let watchers = (0..<8).map { DayWatcher(post: $0) }
        for (index, post) in site.posts.enumerated() {
            post.observer = watchers[index]
            let world = site.world
            memories[index].now = { world.now }
        }
        site.start()
        var day = OutageDay(policy: policy)
        day.drivers = arrivals.count
        day.knownDrivers = known.count
        Story(site, arrivals, watchers).play()
        day.recordsOwedAtTheEnd = memories.reduce(0) { $0 + $1.outbox.newest - $1.outbox.acknowledged }
        site.run(until: clockTime(23, 59)) {
            memories.allSatisfy { $0.outbox.newest == $0.outbox.acknowledged } && site.world.now > over
        }
        site.world.judgeBooks()
        day.take(site, memories, watchers)
        return day
    }
}

/// Plays the day's network and drivers on a site.
private final class Story {
    private let site: VirtualSite
    private let arrivals: [Arrival]
    private let watchers: [DayWatcher]

    init(_ site: VirtualSite, _ arrivals: [Arrival], _ watchers: [DayWatcher]) {
        self.site = site
        self.arrivals = arrivals
        self.watchers = watchers
    }

    func play() {
        let world = site.world
        world.schedule(at: OutageStudy.namesFail) { world.network.become(.namesGone) }
        world.schedule(at: OutageStudy.namesRestored) { world.network.become(.slow(.seconds(8))) }
        world.schedule(at: OutageStudy.mostConnect) { world.network.become(.throttled(failingPerMille: 350)) }
        world.schedule(at: OutageStudy.over) { world.network.become(.up) }
        for arrival in arrivals { world.schedule(at: arrival.at) { [self] in come(arrival, triesLeft: 16) } }
        site.run(until: OutageStudy.over)
    }

    /// A driver takes the connector he likes, or the next that is free; none free: he drives on.
    private func come(_ arrival: Arrival, triesLeft: Int) {
        guard triesLeft > 0 else { return }
        let place = Place(post: arrival.post, connector: arrival.connector)
        var vehicle = VehicleProfile.sedan400
        vehicle.arrivesAtPerMille = arrival.arrivesAtPerMille
        guard site.world.plug(vehicle, at: place) else {
            var next = arrival
            next.connector = (arrival.connector + 1) % 2
            if next.connector == 0 { next.post = (arrival.post + 1) % 8 }
            return come(next, triesLeft: triesLeft - 1)
        }
        let world = site.world
        world.schedule(at: world.now + .seconds(15)) { [self] in
            watchers[arrival.post].tapped(at: world.now)
            site.posts[arrival.post].tap(arrival.driver)
        }
        leave(place, after: .seconds(180))
    }

    /// Draws the plug once nothing holds it: refused drivers after three minutes, charged ones when they are done.
    private func leave(_ place: Place, after interval: Interval) {
        let world = site.world
        world.schedule(at: world.now + interval) { [self] in
            if !world.unplug(at: place) { leave(place, after: .seconds(60)) }
        }
    }
}

/// Counts what a post does on the day.
private final class DayWatcher: StepObserver {
    let post: Int
    var started = 0
    var refused: [Refusal] = []
    var waits: [Interval] = []
    var defects = 0
    private var lastTap: Instant?

    init(post: Int) { self.post = post }
    func tapped(at now: Instant) { lastTap = now }

    func didStep(_ event: Event, _ actions: Actions, at now: Instant) {
        for action in actions.list {
            guard case .report(let report) = action else { continue }
            switch report {
            case .sessionAuthorized: answered(now)
            case .refused(let reason, _):
                answered(now)
                refused.append(reason)
            case .energyFlows: started += 1
            case .defect: defects += 1
            default: break
            }
        }
    }

    private func answered(_ now: Instant) {
        if let lastTap { waits.append(now - lastTap) }
        lastTap = nil
    }
}

extension OutageDay {
    fileprivate mutating func take(_ site: VirtualSite, _ memories: [ScenarioMemory], _ watchers: [DayWatcher]) {
        for watcher in watchers {
            sessionsStarted += watcher.started
            for reason in watcher.refused { refused[reason.code, default: 0] += 1 }
            for wait in watcher.waits {
                minutesWaitedForAnAnswer += Double(wait.microseconds) / 60e6
                longestWaitSeconds = max(longestWaitSeconds, Double(wait.microseconds) / 1e6)
            }
            findings += watcher.defects
        }
        findings += site.world.judge.findings.count
        for memory in memories {
            for session in memory.sessions() {
                deliveredKilowattHours += Double(session.energyWattHours) / 1_000
                let ended = session.stoppedUTCMilliseconds ?? session.startedUTCMilliseconds
                energisedHours += Double(ended - session.startedUTCMilliseconds) / 3_600_000
            }
        }
        duplicates = site.world.cloud.duplicates
        if let last = site.world.cloud.lastRecordAt {
            lastRecordDelivered = String(clock(last).prefix(5))
        }
    }
}
