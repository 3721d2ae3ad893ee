// Profiles: what a class of drivers may take, on every step of the risk ladder.

/// How current a list is, by its own dates and the time that the post can know.
public enum ListFreshness: String, CaseIterable, Sendable, Codable {
    case fresh, stale, expired, timeUntrusted = "time_untrusted"
}

/// What a profile allows on one step of the ladder.
public struct ProfileLimits: Hashable, Sendable, Codable {
    /// Energy for one session, in watt-hours.
    public var sessionWattHours: UInt32
    /// Sessions within 24 hours.
    public var sessionsPerDay: UInt16
    /// Energy for all sessions together since the cloud last heard of this token, in watt-hours.
    public var contactWattHours: UInt32

    /// A month without the cloud, with a whole session each day: who is on the list is not left standing in an outage of weeks.
    /// Engineering default.
    static let daysWithoutContact: UInt64 = 30

    /// These limits; without a limit until contact it is a session a day for `daysWithoutContact`.
    public init(sessionWattHours: UInt32, sessionsPerDay: UInt16, contactWattHours: UInt32? = nil) {
        self.sessionWattHours = sessionWattHours
        self.sessionsPerDay = sessionsPerDay
        let days = sessionsPerDay == 0 ? 0 : Self.daysWithoutContact
        self.contactWattHours = contactWattHours ?? UInt32(clamping: UInt64(sessionWattHours) * days)
    }
    /// Nothing.
    public static let none = ProfileLimits(sessionWattHours: 0, sessionsPerDay: 0)

    /// The smaller of each.
    public func tightened(by other: ProfileLimits) -> ProfileLimits {
        ProfileLimits(
            sessionWattHours: min(sessionWattHours, other.sessionWattHours),
            sessionsPerDay: min(sessionsPerDay, other.sessionsPerDay),
            contactWattHours: min(contactWattHours, other.contactWattHours))
    }

    func allowsNoMore(than other: ProfileLimits) -> Bool { tightened(by: other) == self }
}

/// What the token's issuer permits without being asked (OCPI 2.2.1, Token.whitelist).
public enum WhitelistMode: UInt8, CaseIterable, Sendable, Codable {
    /// The list suffices, always.
    case always
    /// The list suffices; the issuer may be asked as well. No post of this build asks.
    case allowed
    /// The list is meant for the time without a connection. A post answers by it all the same while there is one: no driver on the
    /// list waits for the cloud.
    case allowedOffline
    /// The issuer permits no answer from a list: the entry grants nothing.
    case never
}

/// How hard a token is to copy. It is told by `inspect` and binds a post to nothing: limits stand in the profile.
public enum TokenStrength: UInt8, CaseIterable, Sendable, Codable {
    /// A number that anybody can read and copy: a card's UID, a vehicle's address.
    case numberOnly
    /// It proves itself: contract certificate, challenge and response.
    case provesItself
}

/// A class of drivers: what its members may take.
public struct ListProfile: Hashable, Sendable, Codable {
    package static let length = 64
    /// The number by which entries name it.
    public var number: UInt16
    /// What the tokens' issuer permits.
    public var whitelist: WhitelistMode
    /// How hard its tokens are to copy.
    public var strength: TokenStrength
    /// The most power, in watts.
    public var maximumWatts: UInt32
    /// The tariff's number at the operator; 0: none.
    public var tariff: UInt32
    /// Seconds that must pass between two sessions of one token; 0: none.
    public var pauseSeconds: UInt32
    /// Limits while the cloud has just confirmed the list.
    public var confirmed: ProfileLimits
    /// While fresh.
    public var fresh: ProfileLimits
    /// While stale, and while the time cannot be trusted.
    public var stale: ProfileLimits
    /// While expired: enough to get to the next site.
    public var expired: ProfileLimits

    /// A profile of these limits; a confirmed list grants what a fresh one does, unless said otherwise.
    public init(
        number: UInt16, maximumWatts: UInt32, fresh: ProfileLimits, stale: ProfileLimits, expired: ProfileLimits,
        confirmed: ProfileLimits? = nil, whitelist: WhitelistMode = .allowed, strength: TokenStrength = .numberOnly,
        tariff: UInt32 = 0, pauseSeconds: UInt32 = 0
    ) {
        self.number = number
        self.whitelist = whitelist
        self.strength = strength
        self.maximumWatts = maximumWatts
        self.tariff = tariff
        self.pauseSeconds = pauseSeconds
        self.confirmed = confirmed ?? fresh
        self.fresh = fresh
        self.stale = stale
        self.expired = expired
    }

    /// The ladder for cards that are only a number: 60, 40 and 20 kWh; 3, 2 and 1 sessions a day; 1,800 kWh
    /// until the cloud hears of it, thirty of the largest sessions, on every step; 100 kWh and 6 while the cloud is there to stop it. Engineering default.
    public static let standard = ListProfile(
        number: 0, maximumWatts: 400_000, fresh: ProfileLimits(sessionWattHours: 60_000, sessionsPerDay: 3),
        // What was taken on a higher step counts on a lower one too.
        stale: ProfileLimits(sessionWattHours: 40_000, sessionsPerDay: 2, contactWattHours: 1_800_000),
        expired: ProfileLimits(sessionWattHours: 20_000, sessionsPerDay: 1, contactWattHours: 1_800_000),
        confirmed: ProfileLimits(sessionWattHours: 100_000, sessionsPerDay: 6))

    /// The limits at a freshness; none where the issuer permits no answer from a list.
    public func limits(_ freshness: ListFreshness) -> ProfileLimits {
        guard whitelist != .never else { return .none }
        return switch freshness {
        case .fresh: fresh
        case .stale, .timeUntrusted: stale
        case .expired: expired
        }
    }

    /// From the most to the least.
    package var ladder: [ProfileLimits] { [confirmed, fresh, stale, expired] }

    package func write(to out: inout ByteWriter) {
        out.put(number)
        out.put(whitelist.rawValue)
        out.put(strength.rawValue)
        out.put(maximumWatts)
        out.put(tariff)
        out.put(pauseSeconds)
        for limits in ladder {
            out.put(limits.sessionWattHours)
            out.put(limits.sessionsPerDay)
            out.put(UInt16(0))
            out.put(limits.contactWattHours)
        }
    }

    init(_ reader: inout ByteReader) throws(ListRefusal) {
        number = reader.u16()
        guard let whitelist = WhitelistMode(rawValue: reader.u8()),
            let strength = TokenStrength(rawValue: reader.u8())
        else { throw .badPolicy }
        self.whitelist = whitelist
        self.strength = strength
        maximumWatts = reader.u32()
        tariff = reader.u32()
        pauseSeconds = reader.u32()
        var ladder: [ProfileLimits] = []
        for _ in 0..<4 {
            let (energy, sessions) = (reader.u32(), reader.u16())
            guard reader.u16() == 0 else { throw .badPolicy }
            ladder.append(
                ProfileLimits(sessionWattHours: energy, sessionsPerDay: sessions, contactWattHours: reader.u32()))
        }
        for (more, less) in zip(ladder, ladder.dropFirst()) where !less.allowsNoMore(than: more) {
            throw .badPolicy
        }
        (confirmed, fresh, stale, expired) = (ladder[0], ladder[1], ladder[2], ladder[3])
    }
}
