// What one token may take now: profile and step of the ladder, less what it has taken, under the caps of post and site.

/// What a site may add to the signed policy. It can only tighten: looser values have no effect.
public struct SiteTightening: Hashable, Sendable, Codable {
    /// Limits for every profile.
    public var profile: ProfileLimits?
    /// Energy at risk on this post.
    public var postExposure: ExposureCap?
    /// Energy at risk on this site.
    public var siteExposure: ExposureCap?
    /// What strangers get.
    public var guests: GuestFloor?
    /// How readers defend themselves.
    public var guessing: GuessingLimits?
    /// Posts of this site, this one included: each holds an equal share of the site's cap, since none knows what the others
    /// have given. 1: this post holds all of it.
    public var postsOnSite: UInt32

    /// A tightening; nothing by default.
    public init(
        profile: ProfileLimits? = nil, postExposure: ExposureCap? = nil, siteExposure: ExposureCap? = nil,
        guests: GuestFloor? = nil, guessing: GuessingLimits? = nil, postsOnSite: UInt32 = 1
    ) {
        self.profile = profile
        self.postExposure = postExposure
        self.siteExposure = siteExposure
        self.guests = guests
        self.guessing = guessing
        self.postsOnSite = postsOnSite
    }
}

extension ListPolicy {
    /// The policy as a site applies it: the stricter of each value.
    public func tightened(by site: SiteTightening) -> ListPolicy {
        var policy = self
        if let limits = site.profile {
            for index in policy.profiles.indices {
                for rung in [\ListProfile.confirmed, \.fresh, \.stale, \.expired] {
                    policy.profiles[index][keyPath: rung] =
                        policy.profiles[index][keyPath: rung].tightened(by: limits)
                }
            }
        }
        if let cap = site.postExposure { policy.postExposure = postExposure.tightened(by: cap) }
        if let cap = site.siteExposure { policy.siteExposure = siteExposure.tightened(by: cap) }
        policy.siteExposure = policy.siteExposure.share(of: site.postsOnSite)
        if let floor = site.guests { policy.guests = guests.tightened(by: floor) }
        if let limits = site.guessing { policy.guessing = guessing.tightened(by: limits) }
        return policy
    }
}

/// What a token has taken.
public struct TokenUsage: Hashable, Sendable {
    /// Sessions begun within 24 hours.
    public var sessions: UInt32
    /// Energy since the cloud last heard of it, in watt-hours.
    public var wattHoursSinceContact: UInt64
    /// Seconds since its last session began; nil: none is known.
    public var secondsSinceLast: Int64?

    /// A usage; nothing by default.
    public init(sessions: UInt32 = 0, wattHoursSinceContact: UInt64 = 0, secondsSinceLast: Int64? = nil) {
        self.sessions = sessions
        self.wattHoursSinceContact = wattHoursSinceContact
        self.secondsSinceLast = secondsSinceLast
    }
}

/// Energy that has flowed, or been granted to running sessions, and that the cloud does not know of, in watt-hours.
public struct Exposure: Hashable, Sendable {
    /// On this post.
    public var post: UInt64
    /// On the whole site, this post included.
    public var site: UInt64

    /// An exposure; nothing by default.
    public init(post: UInt64 = 0, site: UInt64 = 0) {
        self.post = post
        self.site = site
    }
}

/// What a token may take now.
public struct Grant: Hashable, Sendable {
    /// What keeps the energy down.
    public enum Bound: String, Sendable {
        case session, contact = "until_contact", postExposure = "post_exposure", siteExposure = "site_exposure"
        case guest
    }
    /// Energy for this session, in watt-hours.
    public var sessionWattHours: UInt32
    /// The most power, in watts.
    public var watts: UInt32
    /// Sessions that may still begin, this one included.
    public var sessionsLeft: UInt32
    /// What the energy is bounded by.
    public var bound: Bound
}

/// Why a listed token gets nothing now.
public enum GrantRefusal: String, Error, CaseIterable, Sendable {
    case issuerForbids = "issuer_forbids", tooSoon = "token_too_soon", sessionsUsedUp = "sessions_used_up"
    case energyUsedUp = "energy_used_up", postExposure = "post_exposure", siteExposure = "site_exposure"
    case guestsRefused = "guests_refused"

    /// One sentence for the operator.
    public var sentence: String {
        switch self {
        case .issuerForbids: "The issuer permits no answer from a list for this profile: it must be asked."
        case .tooSoon: "The profile asks for a pause between two sessions of one token."
        case .sessionsUsedUp: "The token has begun as many sessions within 24 hours as this step allows."
        case .energyUsedUp: "The token has taken what it may take until the cloud hears of it."
        case .postExposure: "This post has given as much as it may without the cloud's knowledge."
        case .siteExposure: "This site has given as much as it may without the cloud's knowledge."
        case .guestsRefused: "Strangers get nothing here while nobody can be asked about them."
        }
    }
    /// One sentence for the driver.
    public var driverSentence: String {
        switch self {
        case .issuerForbids, .guestsRefused: "Please use another card, or another post."
        case .tooSoon: "Your card was used a moment ago; please come back a little later."
        case .sessionsUsedUp, .energyUsedUp: "Your card has used what it may for now; please use another card."
        case .postExposure:
            "This post cannot start more sessions until it is online again; please use another post."
        case .siteExposure: "This site cannot start more sessions until it is online again."
        }
    }
}

/// The risk ladder of one policy, as a site applies it. A pure value: no clock, no file, no counter inside.
public struct RiskLadder: Hashable, Sendable {
    /// The policy in force.
    public let policy: ListPolicy
    /// Less than this is not worth plugging in for, and counts as used up. 500 Wh. Engineering default.
    public static let leastSessionWattHours: UInt64 = 500

    /// The ladder of a signed policy and a site's own tightening.
    public init(_ policy: ListPolicy, site: SiteTightening = SiteTightening()) {
        self.policy = policy.tightened(by: site)
    }

    /// What a listed token may take now.
    public func grant(
        _ listed: ListProfile, on rung: LadderRung, used: TokenUsage, exposure: Exposure
    ) throws(GrantRefusal) -> Grant {
        let profile = policy.profiles.first { $0.number == listed.number } ?? listed
        guard profile.whitelist != .never else { throw .issuerForbids }
        if let since = used.secondsSinceLast, since < Int64(profile.pauseSeconds) { throw .tooSoon }
        let limits = profile.limits(on: rung)
        guard used.sessions < UInt32(limits.sessionsPerDay) else { throw .sessionsUsedUp }
        // While the cloud hears of every session there is nothing it has not heard of.
        let contact = rung == .confirmed ? UInt64.max : UInt64(limits.contactWattHours)
        let room: [(UInt64, Grant.Bound, GrantRefusal)] = [
            (UInt64(limits.sessionWattHours), .session, .energyUsedUp),
            (contact - min(contact, used.wattHoursSinceContact), .contact, .energyUsedUp),
            (left(policy.postExposure, rung, exposure.post), .postExposure, .postExposure),
            (left(policy.siteExposure, rung, exposure.site), .siteExposure, .siteExposure),
        ]
        let least = try smallest(room)
        return Grant(
            sessionWattHours: UInt32(clamping: least.energy), watts: profile.maximumWatts,
            sessionsLeft: UInt32(limits.sessionsPerDay) - used.sessions, bound: least.bound)
    }

    /// What a stranger may take while nobody can be asked: the guest floor, under the caps of post and site.
    public func guestGrant(
        on rung: LadderRung, guestsToday: UInt32, exposure: Exposure, watts: UInt32
    ) throws(GrantRefusal) -> Grant {
        guard policy.guests.sessionWattHours > 0, guestsToday < UInt32(policy.guests.sessionsPerDay) else {
            throw .guestsRefused
        }
        let least = try smallest([
            (UInt64(policy.guests.sessionWattHours), .guest, .guestsRefused),
            (left(policy.postExposure, rung, exposure.post), .postExposure, .postExposure),
            (left(policy.siteExposure, rung, exposure.site), .siteExposure, .siteExposure),
        ])
        return Grant(
            sessionWattHours: UInt32(clamping: least.energy), watts: watts,
            sessionsLeft: UInt32(policy.guests.sessionsPerDay) - guestsToday, bound: least.bound)
    }

    private func left(_ cap: ExposureCap, _ rung: LadderRung, _ used: UInt64) -> UInt64 {
        let whole = cap.wattHours(on: rung)
        guard whole != .max else { return .max }
        return UInt64(whole) - min(UInt64(whole), used)
    }

    private func smallest(
        _ room: [(energy: UInt64, bound: Grant.Bound, refusal: GrantRefusal)]
    ) throws(GrantRefusal) -> (energy: UInt64, bound: Grant.Bound) {
        var least = (energy: UInt64.max, bound: Grant.Bound.session)
        for part in room {
            guard part.energy >= Self.leastSessionWattHours else { throw part.refusal }
            if part.energy < least.energy { least = (part.energy, part.bound) }
        }
        return least
    }
}
