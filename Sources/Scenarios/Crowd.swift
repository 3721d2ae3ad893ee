// Plays the drivers of a day: each takes a free place, plugs in, shows a card, and goes when refused or done.

import Post
import Simulator

/// The crowd of one run, and what became of everybody.
final class Crowd {
    private let site: VirtualSite
    private let setting: ArrivalSetting
    private let arrivals: [Arrival]
    private let vehicle: VehicleProfile
    private var known: [TokenName] = []
    /// What the reader of each post is in the middle of: whose card, since when.
    private var open: [(token: TokenName, at: Instant)?]
    private(set) var day = SiteDay()

    init(_ site: VirtualSite, _ setting: ArrivalSetting, _ arrivals: [Arrival], _ vehicle: VehicleProfile) {
        self.site = site
        self.setting = setting
        self.arrivals = arrivals
        self.vehicle = vehicle
        open = site.posts.map { _ in nil }
        day.drivers = arrivals.count
        day.knownDrivers = arrivals.filter(\.isKnown).count
    }

    /// Everybody sets out.
    func setOut() {
        known = arrivals.filter(\.isKnown).map { site.posts[0].memory.name($0.driver) }
        for arrival in arrivals {
            site.world.schedule(at: arrival.at) { [unowned self] in come(arrival, triesLeft: places) }
        }
    }

    private var places: Int { site.world.posts.reduce(0) { $0 + $1.connectors.count } }

    /// A driver takes the place he likes, or the next that is free; if none is, he drives on.
    private func come(_ arrival: Arrival, triesLeft: Int) {
        let world = site.world
        guard triesLeft > 0 else {
            day.droveOn += 1
            return
        }
        var mine = vehicle
        mine.arrivesAtPerMille = arrival.arrivesAtPerMille
        guard world.plug(mine, at: arrival.place) else {
            var next = arrival
            next.place.connector = (arrival.place.connector + 1) % world.posts[arrival.place.post].connectors.count
            if next.place.connector == 0 { next.place.post = (arrival.place.post + 1) % world.posts.count }
            return come(next, triesLeft: triesLeft - 1)
        }
        world.schedule(at: world.now + Interval(microseconds: setting.tapsAfter)) { [unowned self] in
            site.posts[arrival.place.post].tap(arrival.driver)
        }
        leave(arrival.place, after: Interval(microseconds: setting.tapsAfter + setting.leavesAfter))
    }

    private func leave(_ place: Place, after interval: Interval) {
        let world = site.world
        world.schedule(at: world.now + interval) { [unowned self] in
            if !world.unplug(at: place) { leave(place, after: .seconds(60)) }
        }
    }

    /// A post has taken a step: who waited how long, and what were they told?
    func look(at post: Int, _ event: Event, _ actions: Actions, _ now: Instant) {
        var shown: TokenName?
        if case .tokenPresented(_, let token) = event {
            shown = token
            if open[post] == nil { open[post] = (token, now) }
        }
        for action in actions.list {
            switch action {
            case .report(.energyFlows): day.sessionsStarted += 1
            case .report(.sessionAuthorized): answered(post, now)
            case .report(.refused(let reason, _)):
                day.refused[reason.code, default: 0] += 1
                // A second card at a busy reader is refused for itself; the first one goes on waiting.
                let isSecond = shown != nil && open[post]?.token != shown
                let token = isSecond ? shown : open[post]?.token
                if let token, known.contains(token) { day.knownRefused += 1 }
                if !isSecond { answered(post, now) }
            default: break
            }
        }
    }

    private func answered(_ post: Int, _ now: Instant) {
        guard let (token, since) = open[post] else { return }
        open[post] = nil
        day.waited(Double((now - since).microseconds) / 1e6, isKnown: known.contains(token))
    }
}
