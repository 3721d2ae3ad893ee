// Entries and profiles: 32 bytes each, in the list's pages and in its policy.

/// One entry: a keyed tag instead of the token, its validity, its profile and its group.
struct ListRecord: Hashable, Sendable {
    static let length = 32
    /// Minutes since 2020-01-01 00:00 UTC are counted from here, in seconds since 1970.
    static let epoch: Int64 = 1_577_836_800

    var tag: [UInt8]
    /// In minutes since `epoch`; 0: from the beginning.
    var notBefore: UInt32
    /// In minutes since `epoch`; 0: for ever.
    var notAfter: UInt32
    var profile: UInt16
    var group: UInt32

    func write(to out: inout ByteWriter) {
        out.put(tag)
        out.put(notBefore)
        out.put(notAfter)
        out.put(profile)
        out.put(UInt16(0))
        out.put(group)
    }

    init(tag: [UInt8], notBefore: UInt32, notAfter: UInt32, profile: UInt16, group: UInt32) {
        self.tag = tag
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.profile = profile
        self.group = group
    }

    /// The record at a position of a page.
    init(_ page: [UInt8], at position: Int) {
        var reader = ByteReader(page, at: position * Self.length)
        tag = reader.take(16)
        notBefore = reader.u32()
        notAfter = reader.u32()
        profile = reader.u16()
        _ = reader.u16()
        group = reader.u32()
    }
}

/// What a profile allows while the list is of one freshness.
public struct ProfileLimits: Hashable, Sendable, Codable {
    /// Energy for one session, in watt-hours.
    public var sessionWattHours: UInt32
    /// Sessions within 24 hours.
    public var sessionsPerDay: UInt16

    /// These limits.
    public init(sessionWattHours: UInt32, sessionsPerDay: UInt16) {
        self.sessionWattHours = sessionWattHours
        self.sessionsPerDay = sessionsPerDay
    }
}

/// A class of drivers: what its members may take, by freshness.
public struct ListProfile: Hashable, Sendable, Codable {
    /// The profile's number, by which entries name it.
    public var number: UInt16
    /// The most power, in watts.
    public var maximumWatts: UInt32
    /// Limits while fresh, stale and expired; an untrusted time counts as stale.
    public var fresh: ProfileLimits
    /// While stale.
    public var stale: ProfileLimits
    /// While expired: enough to get to the next site.
    public var expired: ProfileLimits

    /// A profile of these limits.
    public init(
        number: UInt16, maximumWatts: UInt32, fresh: ProfileLimits, stale: ProfileLimits, expired: ProfileLimits
    ) {
        self.number = number
        self.maximumWatts = maximumWatts
        self.fresh = fresh
        self.stale = stale
        self.expired = expired
    }

    /// The ladder for cards that are only a number: 60, 40 and 20 kWh; 3, 2 and 1 sessions a day. Engineering default.
    public static let standard = ListProfile(
        number: 0, maximumWatts: 400_000, fresh: ProfileLimits(sessionWattHours: 60_000, sessionsPerDay: 3),
        stale: ProfileLimits(sessionWattHours: 40_000, sessionsPerDay: 2),
        expired: ProfileLimits(sessionWattHours: 20_000, sessionsPerDay: 1))

    /// The limits at a freshness.
    public func limits(_ freshness: ListFreshness) -> ProfileLimits {
        switch freshness {
        case .fresh: fresh
        case .stale, .timeUntrusted: stale
        case .expired: expired
        }
    }

    static let length = 32

    func write(to out: inout ByteWriter) {
        out.put(number)
        out.put(UInt16(0))
        out.put(maximumWatts)
        for limits in [fresh, stale, expired] {
            out.put(limits.sessionWattHours)
            out.put(limits.sessionsPerDay)
        }
        out.put([UInt8](repeating: 0, count: 6))
    }

    init(_ policy: [UInt8], at position: Int) {
        var reader = ByteReader(policy, at: position * Self.length)
        number = reader.u16()
        _ = reader.u16()
        maximumWatts = reader.u32()
        func limits() -> ProfileLimits {
            ProfileLimits(sessionWattHours: reader.u32(), sessionsPerDay: reader.u16())
        }
        fresh = limits()
        stale = limits()
        expired = limits()
    }
}
