// What a story has done so far, as far as its file says, and which steps cannot follow on that.

import Post
import Simulator

/// The causes, plugs, cards and deaths of a story up to a step.
struct StorySoFar {
    private struct Spot: Hashable {
        var kind: FaultKind
        var post, instance: Int
    }

    private let site: SiteSetting
    private let configuration: PostConfiguration
    private let hasCrowd: Bool
    private var lives: ProcessLives
    /// How often each cause has begun and not ended; `lasting` counts those that nothing ends but a step.
    private var begun: [Spot: Int] = [:]
    private var lasting: [Spot: Int] = [:]
    /// Where somebody has plugged in, and posts at which somebody has shown a card.
    private var plugged: Set<Where> = []
    private var tapped: Set<Int> = []

    init(_ site: SiteSetting, hasCrowd: Bool) {
        self.site = site
        self.hasCrowd = hasCrowd
        configuration = site.configuration
        lives = ProcessLives(site.posts)
    }

    mutating func take(_ deed: Deed) {
        lives.take(deed)
        switch deed {
        case .plug(_, let place): plugged.insert(place)
        case .tap(_, _, let post): tapped.insert(post)
        case .inject(let setting): begin(setting)
        case .heal(let setting): end(setting)
        case .interlock(let interlock, let isAlarm, let post):
            guard let setting = interlock.setting(post) else { return }
            if isAlarm { begin(setting) } else { end(setting) }
        default: break
        }
    }

    func objection(to deed: Deed) -> Objection? {
        switch deed {
        case .tap(_, let reader, _): readerMissing(reader)
        case .inject(let setting): instanceMissing(setting) ?? clash(setting)
        case .heal(let setting): instanceMissing(setting) ?? neverBegun(setting)
        case .interlock(let interlock, let isAlarm, let post):
            interlock.setting(post).flatMap { isAlarm ? clash($0) : neverBegun($0) }
        case .unplug(let place, _), .leave(let place): nobodyThere(place)
        case .stopByHand(let place): noSession(place)
        case .kill(let post), .cutPower(let post): deadAlready(post)
        default: nil
        }
    }

    private func readerMissing(_ reader: Int) -> Objection? {
        let readers = configuration.readers.count
        guard reader >= readers else { return nil }
        return Objection(
            what: "reader \(reader + 1)",
            expected: readers == 1 ? "reader 1, the only one" : "reader 1 to \(readers)",
            remedy: "Leave \"reader:\" out.")
    }

    /// What is wrong with the number beside a fault.
    private func instanceMissing(_ setting: FaultSetting) -> Objection? {
        let (name, connector) = (setting.kind.name, setting.place.connector)
        switch setting.kind.row.scope {
        case .connector:
            guard setting.kind.unit == .lock, site.lock == .vehicle else { return nil }
            return Objection(
                what: "\(name) where the vehicle holds the plug", expected: "a post that has a lock",
                remedy: "Write \"site: {lock: post}\", or break something else.")
        case .stage: return nil
        case .reader:
            guard let objection = readerMissing(connector) else { return nil }
            return Objection(
                what: "\(name) at \(objection.what)", expected: objection.expected,
                remedy: "The number of \"connector:\" counts readers here: leave it out.")
        case .post, .site:
            let whole = setting.kind.row.scope == .post ? "the whole post" : "the whole site"
            guard connector > 0 || setting.kind.row.scope == .site && setting.place.post > 0 else { return nil }
            return Objection(
                what: "\(name) at a place of its own", expected: "none: it is of \(whole)",
                remedy: setting.kind.row.scope == .post
                    ? "Leave \"connector:\" out." : "Leave \"post:\" and \"connector:\" out.")
        }
    }

    /// What is there already, or excludes what begins.
    private func clash(_ setting: FaultSetting) -> Objection? {
        let spot = spot(setting)
        if lasting[spot, default: 0] > 0, !setting.kind.canComeAgain {
            return Objection(
                what: "\(setting.kind.name) while it is there already",
                expected: "another cause, or the end of this",
                remedy: "Heal it first, or leave this step out.")
        }
        let present = lasting.filter {
            $0.value > 0 && $0.key.post == spot.post && $0.key.instance == spot.instance
        }
        let names = present.keys.filter { $0.kind.excludes(setting.kind) }.map(\.kind.name).sorted()
        guard let other = names.first else { return nil }
        return Objection(
            what: "\(setting.kind.name) while \(other) is there",
            expected: "one of the two: they exclude each other",
            remedy: "Heal \(other) first.")
    }

    private func neverBegun(_ setting: FaultSetting) -> Objection? {
        guard begun[spot(setting), default: 0] <= 0 else { return nil }
        return Objection(
            what: "the end of \(setting.kind.name), which has not begun there",
            expected: "something that a step before has brought about",
            remedy: "Name the place at which it began, or leave this step out.")
    }

    private func nobodyThere(_ place: Where) -> Objection? {
        guard !hasCrowd, !plugged.contains(place) else { return nil }
        return Objection(
            what: "a plug that is drawn where nobody has plugged in",
            expected: "\"plug:\" at that connector before",
            remedy: "Name the connector at which the vehicle is.")
    }

    private func noSession(_ place: Where) -> Objection? {
        guard !hasCrowd, !tapped.contains(place.post) else { return nil }
        return Objection(
            what: "the end of a session where nobody has shown a card", expected: "\"tap:\" at that post before",
            remedy: "Let somebody charge first, or leave this step out.")
    }

    private func deadAlready(_ post: Int) -> Objection? {
        guard !lives.isAlive(post) else { return nil }
        return Objection(
            what: "the death of a process that is dead", expected: "\"start:\" before it can die again",
            remedy: "Add \"start:\", or leave this step out.")
    }

    private mutating func begin(_ setting: FaultSetting) {
        begun[spot(setting), default: 0] += 1
        if setting.lasts == nil { lasting[spot(setting), default: 0] += 1 }
    }

    private mutating func end(_ setting: FaultSetting) {
        begun[spot(setting), default: 0] -= 1
        if lasting[spot(setting), default: 0] > 0 { lasting[spot(setting), default: 0] -= 1 }
    }

    private func spot(_ setting: FaultSetting) -> Spot {
        let isOfTheSite = setting.kind.row.scope == .site
        return Spot(
            kind: setting.kind, post: isOfTheSite ? 0 : setting.place.post,
            instance: site.instance(setting.kind, setting.place, in: configuration))
    }
}

extension Interlock {
    fileprivate func setting(_ post: Int) -> FaultSetting? {
        cause.map { FaultSetting(kind: $0, place: Where(post: post, connector: 0), lasts: nil) }
    }
}
