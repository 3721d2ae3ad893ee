// Breaking things and healing them: each fault is injected as its cause, and reports whether it changed anything.

public import Post

/// A fault that was injected.
public struct Injection: Hashable, Sendable {
    /// Its number, from 0 in the order of injection.
    public var number: Int
    /// What was broken.
    public var kind: FaultKind
    /// In which post, from 0.
    public var post: Int
    /// Which one there, from 0; what it counts is the row's scope.
    public var instance: Int
    /// When.
    public var at: Instant
    /// When it heals by itself, or nil.
    public var until: Instant?
    /// Whether `healTransient` leaves it.
    public var isPermanent: Bool
    /// Whether there was something to break that was not broken already. It says nothing of an effect: see `World.pretended`.
    public var changedWorld: Bool
    /// When it was healed, or nil while it is there.
    public var healedAt: Instant?
}

extension World {
    /// Breaks something, now.
    ///
    /// - Parameters:
    ///   - kind: What, and how.
    ///   - post: In which post, from 0. Site-wide faults ignore it.
    ///   - instance: Which connector, stage or reader, from 0.
    ///   - duration: After how long it heals by itself, or nil for never.
    ///   - isPermanent: Whether the calm after a storm leaves it.
    /// - Returns: The injection, or nil if there is no such post or instance.
    @discardableResult
    public func inject(
        _ kind: FaultKind, post: Int = 0, instance: Int = 0, for duration: Interval? = nil,
        isPermanent: Bool = false
    ) -> Injection? {
        guard posts.indices.contains(post), exists(kind, post: posts[post], instance: instance) else { return nil }
        begin(kind, posts[post], instance)
        let isPretended = pretended == injections.count
        let changed = isPretended || apply(kind, posts[post], instance, isBroken: true)
        if changed, !isPretended {
            for connector in meant(kind, posts[post], instance) {
                judge.breaks(kind, connector.place, connector.branch, at: now)
            }
        }
        let injection = Injection(
            number: injections.count, kind: kind, post: post, instance: instance, at: now,
            until: duration.map { now + $0 }, isPermanent: isPermanent, changedWorld: changed, healedAt: nil)
        injections.append(injection)
        if let until = injection.until {
            schedule(at: until) { [unowned self] in heal(injection.number) }
        }
        return injection
    }

    /// Heals what was injected under that number. Returns whether it was there to be healed.
    @discardableResult
    public func heal(_ number: Int) -> Bool {
        guard injections.indices.contains(number), injections[number].healedAt == nil else { return false }
        injections[number].healedAt = now
        let it = injections[number]
        for connector in meant(it.kind, posts[it.post], it.instance) {
            connector.settle()
            judge.mends(it.kind.unit, connector.place, wasBroken: it.changedWorld)
            if it.kind.row.excuse == .noOtherWay {
                judge.excuse(connector.place, until: now + Judge.emergencyLasts)
            }
        }
        guard number != pretended else {
            look(at: it.kind, posts[it.post], it.instance)
            return true
        }
        return apply(it.kind, posts[it.post], it.instance, isBroken: false)
    }

    /// The injections that are there still, in order: neither healed nor gone with the vehicle that they were given to.
    public var injectionsPresent: [Injection] {
        injections.filter { injection in
            guard injection.healedAt == nil, injection.changedWorld else { return false }
            // Contactors that have welded once are welded in the next vehicle as well: the connector keeps them.
            guard injection.kind.unit == .vehicle, injection.kind.mode != .welded else { return true }
            let vehicle = posts[injection.post].connectors[injection.instance].vehicle
            return vehicle.map { $0.arrivedAt <= injection.at } ?? false
        }
    }

    /// Heals every fault that is not permanent: the calm after a storm.
    public func healTransient() {
        for injection in injections where injection.healedAt == nil && !injection.isPermanent {
            heal(injection.number)
        }
    }

    private func exists(_ kind: FaultKind, post: SimulatedPost, instance: Int) -> Bool {
        switch kind.row.scope {
        case .connector:
            guard post.connectors.indices.contains(instance) else { return false }
            return kind.unit != .lock || post.connectors[instance].lock != nil
        case .stage: return post.stages.indices.contains(instance)
        case .reader: return post.readers.indices.contains(instance)
        case .post, .site: return instance == 0
        }
    }

    /// Whom it hits: brings their circuits to now, and excuses what it leaves no other way for.
    private func begin(_ kind: FaultKind, _ post: SimulatedPost, _ instance: Int) {
        look(at: kind, post, instance)
        for connector in meant(kind, post, instance) {
            switch kind.row.excuse {
            case .no: break
            case .emergency: judge.excuse(connector.place, until: now + Judge.emergencyLasts)
            case .noOtherWay: judge.excuse(connector.place, until: .distantFuture)
            }
        }
    }

    /// What breaking and healing do to the world besides: circuits and heat move to now, and the lines are read again.
    private func look(at kind: FaultKind, _ post: SimulatedPost, _ instance: Int) {
        for connector in meant(kind, post, instance) {
            connector.settle()
            connector.island.disturb()
            if kind.unit == .pinSensor || kind.unit == .cooling { connector.thermometers.settleHeat() }
        }
        if kind.unit == .cabinet || kind.unit == .cooling { post.enclosure.settleHeat() }
        if kind.row.scope == .connector || kind.row.scope == .post { post.touchLines() }
    }

    private func meant(_ kind: FaultKind, _ post: SimulatedPost, _ instance: Int) -> [SimulatedConnector] {
        switch kind.row.scope {
        case .connector: [post.connectors[instance]]
        case .stage: post.connectors.filter { $0.island === post.stages[instance].island }
        case .post: post.connectors
        case .reader, .site: []
        }
    }

    /// Breaks or heals. Returns whether that changed anything.
    private func apply(_ kind: FaultKind, _ post: SimulatedPost, _ instance: Int, isBroken: Bool) -> Bool {
        switch kind.row.scope {
        case .connector: post.connectors[instance].suffer(kind, isBroken: isBroken)
        case .stage: post.stages[instance].suffer(kind.mode, isBroken: isBroken)
        case .reader: post.suffer(reader: instance, kind.mode, isBroken: isBroken)
        case .post: post.suffer(kind, isBroken: isBroken)
        case .site: network.suffer(kind.mode, isBroken: isBroken)
        }
    }
}

/// Sets a property; returns whether it was another one before.
func change<Value: Equatable>(_ property: inout Value, to value: Value) -> Bool {
    guard property != value else { return false }
    property = value
    return true
}
