// The most that a fleet can lose in an outage: every card stolen, every connector busy, every hour.

/// A fleet of posts of one policy.
public struct Fleet: Hashable, Sendable {
    /// How many posts.
    public var posts: Int
    /// Posts on one site, as each post has been told (`allow_list.tighten.posts_on_site`): it holds its share of the site's
    /// cap. 1: as far as it knows it is alone, and gives all of it.
    public var postsPerSite: Int
    /// Connectors of one post.
    public var connectorsPerPost: Int
    /// What one connector can give, in watts.
    public var connectorWatts: UInt64
    /// What a kilowatt-hour is worth, in thousandths of the currency's unit.
    public var millisPerKilowattHour: UInt64

    /// A fleet.
    public init(
        posts: Int, postsPerSite: Int, connectorsPerPost: Int, connectorWatts: UInt64, millisPerKilowattHour: UInt64
    ) {
        self.posts = posts
        self.postsPerSite = postsPerSite
        self.connectorsPerPost = connectorsPerPost
        self.connectorWatts = connectorWatts
        self.millisPerKilowattHour = millisPerKilowattHour
    }
}

/// The worst case of one outage.
public struct OutageLoss: Hashable, Sendable {
    /// One stretch of the outage on one step of the ladder.
    public struct Stretch: Hashable, Sendable {
        /// The step.
        public var rung: LadderRung
        /// When it begins, in hours since the outage began.
        public var fromHour: Int
        /// When it ends.
        public var toHour: Int
    }
    /// The steps the list goes down.
    public var stretches: [Stretch]
    /// What the connectors of the fleet can give in that time, in watt-hours.
    public var physicalWattHours: UInt64
    /// What the caps that posts hold let pass, in watt-hours; nil: the policy has none.
    public var cappedWattHours: UInt64?
    /// The most that one card can take in that time, in watt-hours.
    public var oneTokenWattHours: UInt64
    /// The loss, in watt-hours.
    public var wattHours: UInt64
    /// The loss, in thousandths of the currency's unit.
    public var millis: UInt64

    /// The worst case. The list was issued `ageHours` before the outage began, and nothing arrives during it.
    public init(_ policy: ListPolicy, _ header: ListHeader, fleet: Fleet, hours: Int, ageHours: Int = 0) {
        let soft = Int((header.softExpiry - header.issuedAt) / 3_600) - ageHours
        let hard = Int((header.hardExpiry - header.issuedAt) / 3_600) - ageHours
        let cuts = [(LadderRung.fresh, 0, soft), (.stale, max(0, soft), hard), (.expired, max(0, hard), Int.max)]
        stretches = cuts.compactMap { rung, from, to in
            from < min(to, hours) ? Stretch(rung: rung, fromHour: from, toHour: min(to, hours)) : nil
        }
        let connectors = UInt64(max(0, fleet.posts)) * UInt64(max(0, fleet.connectorsPerPost))
        physicalWattHours = connectors * fleet.connectorWatts * UInt64(max(0, hours))
        cappedWattHours = Self.capped(policy, fleet, stretches.map(\.rung))
        oneTokenWattHours = Self.oneToken(policy, stretches)
        wattHours = min(physicalWattHours, cappedWattHours ?? .max)
        millis = wattHours / 1_000 * fleet.millisPerKilowattHour
    }

    /// The caps bound the sum since the last contact, so the largest that is met counts once, not once a step. No post knows
    /// what its neighbours have given: what counts is what each of them holds, the smaller of its own cap and its share of
    /// the site's, as many times as there are posts.
    private static func capped(_ policy: ListPolicy, _ fleet: Fleet, _ rungs: [LadderRung]) -> UInt64? {
        let ladder = RiskLadder(
            policy, site: SiteTightening(postsOnSite: UInt32(clamping: max(1, fleet.postsPerSite))))
        let values = rungs.map { rung in
            min(ladder.policy.postExposure.wattHours(on: rung), ladder.policy.siteExposure.wattHours(on: rung))
        }
        guard !values.contains(.max), let most = values.max() else { return nil }
        return UInt64(most) * UInt64(max(0, fleet.posts))
    }

    /// The best profile's card on one post: as many sessions a day as each step allows, within what it may take until
    /// contact.
    private static func oneToken(_ policy: ListPolicy, _ stretches: [Stretch]) -> UInt64 {
        policy.profiles.map { profile in
            var taken: UInt64 = 0
            for stretch in stretches {
                let limits = profile.limits(on: stretch.rung)
                let days = UInt64((stretch.toHour - stretch.fromHour + 23) / 24)
                let wanted = days * UInt64(limits.sessionsPerDay) * UInt64(limits.sessionWattHours)
                taken = max(taken, min(UInt64(limits.contactWattHours), taken + wanted))
            }
            return taken
        }.max() ?? 0
    }
}
