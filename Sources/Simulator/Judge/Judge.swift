// The world's own verdict: what is physically so, in code that knows nothing of the core.

public import Post

/// Looks at every step of every circuit and writes down what must never be so.
///
/// It knows terminals, plugs and causes; it knows no state machine, no command and no reading.
public final class Judge {
    /// Below this a contact may be touched. 60 V DC: IEC 61851-23.
    static let touchSafeVolts = 60.0
    /// A torn-out plug must be dead within this. 1 s: IEC 61851-23 for an unintended disconnection.
    static let tornOutWithin: Interval = .seconds(1)
    /// Contactors may break this. 5 A is the core's own limit; 10 % for the sensors between it and the truth.
    static let breakingAmperes = 5.5
    /// Contactors may close onto this. ±20 V: IEC 61851-23; 10 % for the sensors.
    static let closingVolts = 22.0
    /// A post's share of the site may be exceeded by 5 %, which the breaker of its supply bears for an hour (IEC 60947-2,
    /// conventional non-tripping current), and by 1 kW for the meters between the post and the truth (engineering default).
    static let siteShareFactor = 1.05
    static let siteShareWatts = 1_000.0
    /// More than that may last as long as a post needs to see it and to come down. To see it: 3 s, the age of a meter's reading
    /// that still counts, and 1 s to the next one. To come down: one step down, which is measured after as long again, and where
    /// the stage does not follow the 2.5 s of an error (IEC 61851-23 CC.3.4.2 as quoted by EVerest). 10.5 s in all;
    /// a breaker that carries 30 % too much has an hour to trip (IEC 60947-2, conventional tripping current).
    static let siteShareExceededFor = Interval(
        microseconds: 2 * (Interval.seconds(3).microseconds + Interval.seconds(1).microseconds)
            + ReactionLimit.errorLasts.microseconds)
    /// For how long an emergency excuses breaking a current.
    static let emergencyLasts: Interval = .seconds(5)

    /// What was found, in order; the first of each kind and place.
    public private(set) var findings: [Finding] = []
    /// What was broken while the path was closed, and how long it took until it was open.
    public private(set) var reactions: [Reaction] = []
    /// How often contactors broke a current above their limit, emergencies included.
    public private(set) var openingsUnderLoad = 0

    private struct Look {
        var place: Place
        var isPlugSeated = false
        var wasTornOut = false
        var unseatedAt = Instant.zero
        var emergencyUntil = Instant(microseconds: -1)
        /// The power through the contacts when it was last looked at.
        var watts = 0.0
        /// What is broken here now, once for each injection.
        var broken: [FaultUnit] = []
        var watches: [ReactionWatch] = []
    }
    private var looks: [Look] = []

    /// A post's share of the site, and since when it takes more.
    private struct Share {
        var limitWatts: Double
        var exceededSince: Instant?
    }
    private var shares: [Share] = []

    init() {}

    func meet(post: Int, limitWatts: Int64) { shares.append(Share(limitWatts: Double(limitWatts))) }

    func meet(_ place: Place) {
        looks.append(Look(place: place))
        looks.sort { ($0.place.post, $0.place.connector) < ($1.place.post, $1.place.connector) }
        firstOfPost.removeAll()
        for (index, look) in looks.enumerated() where look.place.connector == 0 { firstOfPost.append(index) }
    }
    private var firstOfPost: [Int] = []

    private func position(_ place: Place) -> Int { firstOfPost[place.post] + place.connector }

    // What the world tells

    func plugChanged(_ place: Place, isSeated: Bool, isTornOut: Bool, at now: Instant) {
        let index = position(place)
        looks[index].isPlugSeated = isSeated
        looks[index].wasTornOut = isTornOut
        looks[index].unseatedAt = now
        // What was wrong with the vehicle that was there is not wrong with the next.
        looks[index].watches.removeAll { $0.cause.unit == .vehicle }
        if isSeated { looks[index].broken.removeAll { $0 == .vehicle } }
    }

    /// A cause that excuses opening contactors under load, until then.
    func excuse(_ place: Place, until instant: Instant) { looks[position(place)].emergencyUntil = instant }

    /// Something breaks, now. Two things that are broken at one device hide each other: neither is timed then.
    func breaks(_ cause: FaultKind, _ place: Place, _ branch: Branch, at now: Instant) {
        let index = position(place)
        let isAlone = !looks[index].broken.contains(cause.unit)
        looks[index].watches.removeAll { $0.cause.unit == cause.unit || $0.limit.hiddenBy.contains(cause.unit) }
        if isAlone, let limit = cause.row.reaction, !looks[index].broken.contains(where: limit.hiddenBy.contains) {
            looks[index].watches.append(
                ReactionWatch(cause: cause, limit: limit, since: limit.holds(branch) ? now : nil))
        }
        looks[index].broken.append(cause.unit)
    }

    /// What was broken is whole again. Whatever else is broken at the same device counts no longer: devices have one state.
    func mends(_ unit: FaultUnit, _ place: Place, wasBroken: Bool = true) {
        let index = position(place)
        looks[index].watches.removeAll { $0.cause.unit == unit }
        if wasBroken, let one = looks[index].broken.firstIndex(of: unit) { looks[index].broken.remove(at: one) }
    }

    // What it sees

    /// One step of one branch.
    func look(at branch: Branch, _ place: Place, _ now: Instant) {
        let index = position(place)
        let volts = abs(branch.contactVolts)
        if !branch.isPathClosed, abs(branch.contactorAmperes) > 0.01 {
            find(
                .currentWithoutPath, place, branch.contactorAmperes * 1_000, now,
                "current flows and no contactor pair is closed")
        }
        if volts > Self.touchSafeVolts, !looks[index].isPlugSeated {
            let grace = looks[index].wasTornOut ? Self.tornOutWithin : .zero
            if now - looks[index].unseatedAt > grace {
                find(.touchableVoltage, place, volts * 1_000, now, "the open plug's contacts are live")
            }
        }
        if !looks[index].watches.isEmpty { watch(branch, index, now) }
        let watts = branch.contactVolts * branch.amperes
        if watts > 0 || looks[index].watts > 0 { weigh(watts, index, now) }
    }

    /// What the connectors of a post take together. Each island moves when it is looked at: its neighbours' power is of then.
    private func weigh(_ watts: Double, _ index: Int, _ now: Instant) {
        looks[index].watts = max(0, watts)
        let place = looks[index].place
        var total = 0.0
        var other = firstOfPost[place.post]
        while other < looks.count, looks[other].place.post == place.post {
            total += looks[other].watts
            other += 1
        }
        guard total > shares[place.post].limitWatts * Self.siteShareFactor + Self.siteShareWatts else {
            shares[place.post].exceededSince = nil
            return
        }
        let since = shares[place.post].exceededSince ?? now
        shares[place.post].exceededSince = since
        guard now - since > Self.siteShareExceededFor else { return }
        let first = Place(post: place.post, connector: 0)
        find(.siteLimitExceeded, first, total, now, "the post takes more than its share of the site", unit: "W")
    }

    private func watch(_ branch: Branch, _ index: Int, _ now: Instant) {
        for position in looks[index].watches.indices {
            var watch = looks[index].watches[position]
            guard watch.limit.holds(branch) else {
                if let since = watch.since {
                    reactions.append(
                        Reaction(
                            cause: watch.cause, at: since, place: looks[index].place, took: now - since,
                            within: watch.limit.within))
                }
                watch.since = nil
                looks[index].watches[position] = watch
                continue
            }
            let since = watch.since ?? now
            if now - since > watch.limit.within, !watch.isReported {
                watch.isReported = true
                let late = Double((now - since).microseconds)
                find(.reactionTooSlow, looks[index].place, late, now, "\(watch.cause.name), and the path is closed")
            }
            watch.since = since
            looks[index].watches[position] = watch
        }
    }

    /// A path opens, with this current still through it.
    func pathOpens(_ branch: Branch, _ place: Place, at now: Instant) {
        let amperes = abs(branch.contactorAmperes)
        guard amperes > Self.breakingAmperes else { return }
        openingsUnderLoad += 1
        guard now > looks[position(place)].emergencyUntil else { return }
        find(.openedUnderLoad, place, amperes * 1_000, now, "contactors broke a current without an emergency")
    }

    /// A path closes between these two voltages.
    func pathCloses(_ branch: Branch, stageVolts: Double, _ place: Place, at now: Instant) {
        let difference = abs(stageVolts - branch.volts)
        guard difference > Self.closingVolts else { return }
        find(
            .closedOntoDifference, place, difference * 1_000, now, "contactors closed onto a difference of voltage")
    }

    /// A path closes through a pole that had not opened when it was told to.
    func closesOntoWeld(_ place: Place, at now: Instant) {
        find(.closedOntoWeld, place, 0, now, "a path was closed through a pole that does not open any more")
    }

    /// Two branches hang on one stage at once.
    func joined(_ place: Place, volts: Double, at now: Instant) {
        find(.sourcesJoined, place, volts * 1_000, now, "two connectors are joined to one power stage")
    }

    /// The vehicle was told that the plug may be drawn, or the post's lock has opened.
    func released(_ branch: Branch, _ place: Place, at now: Instant) {
        let volts = abs(branch.contactVolts)
        guard volts > Self.touchSafeVolts, looks[position(place)].isPlugSeated else { return }
        find(.releasedLive, place, volts * 1_000, now, "the plug was released while its contacts were live")
    }

    /// The office learns that a driver was served although it had denied him.
    public func servesDenied(_ place: Place, at now: Instant) {
        find(.deniedDriverServed, place, 0, now, "a driver was served whom the office had denied")
    }

    /// A fault has come and gone so often in a short time that nobody can read it.
    public func faultFlaps(_ code: String, _ place: Place, _ times: Int, at now: Instant) {
        find(.faultFlaps, place, Double(times), now, "\(code) comes and goes too often to be read")
    }

    /// The cloud has taken a record of a post that does not follow the one before.
    func recordsDoNotFollow(post: Int, _ record: UInt64, at now: Instant) {
        let place = Place(post: post, connector: 0)
        find(.recordsOutOfOrder, place, Double(record), now, "a record reached the cloud out of its order")
    }

    /// What an honest meter tells against what flowed. 0.5 % and 1 Wh: the accuracy class of a billing meter.
    func meterTells(wattHours: Int64, flowedJoules: Double, _ place: Place, at now: Instant) {
        let flowed = flowedJoules / 3_600
        let difference = abs(Double(wattHours) - flowed)
        guard difference > 0.005 * abs(flowed) + 1 else { return }
        find(.meterDisagrees, place, difference, now, "the meter tells another energy than flowed", unit: "Wh")
    }

    /// The books of one island. 0.5 % and 10 J.
    func balance(_ books: EnergyBooks, _ place: Place, at now: Instant) {
        let missing = abs(books.unexplainedJoules)
        guard missing > 0.005 * books.gridJoules + 10 else { return }
        find(.energyBalance, place, missing, now, "grid energy is not battery, losses and store", unit: "J")
    }

    private func find(
        _ kind: Finding.Kind, _ place: Place, _ amount: Double, _ now: Instant, _ what: String, unit: String = ""
    ) {
        guard !findings.contains(where: { $0.kind == kind && $0.place == place }) else { return }
        let whole = Int64(max(-9e15, min(9e15, amount)))
        let measure: String
        switch kind {
        case .currentWithoutPath, .openedUnderLoad: measure = "\(whole / 1_000) A"
        case .touchableVoltage, .releasedLive, .closedOntoDifference, .sourcesJoined: measure = "\(whole / 1_000) V"
        case .meterDisagrees, .energyBalance, .siteLimitExceeded: measure = "\(whole) \(unit)"
        case .closedOntoWeld: measure = "welded"
        case .deniedDriverServed: measure = "denied"
        case .recordsOutOfOrder: measure = "record \(whole)"
        case .faultFlaps: measure = "\(whole) times"
        case .reactionTooSlow: measure = "for \(whole / 1_000) ms"
        }
        let sentence = "Post \(place.post + 1), connector \(place.connector + 1): \(what) (\(measure))."
        findings.append(Finding(kind: kind, at: now, place: place, amount: whole, sentence: sentence))
    }
}
