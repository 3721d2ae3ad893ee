// The policy inside a list, signed with it: the risk that the operator takes while nobody can be asked.

/// Energy that may flow without the cloud's knowledge, in watt-hours, by freshness; `UInt32.max` is no cap.
public struct ExposureCap: Hashable, Sendable, Codable {
    /// While the list is fresh.
    public var fresh: UInt32
    /// While it is stale, and while the time cannot be trusted.
    public var stale: UInt32
    /// While it is expired.
    public var expired: UInt32

    /// A cap; none by default.
    public init(fresh: UInt32 = .max, stale: UInt32 = .max, expired: UInt32 = .max) {
        self.fresh = fresh
        self.stale = stale
        self.expired = expired
    }
    /// The smaller of each.
    public func tightened(by other: ExposureCap) -> ExposureCap {
        ExposureCap(
            fresh: min(fresh, other.fresh), stale: min(stale, other.stale), expired: min(expired, other.expired))
    }
    /// The equal share of one of so many, rounded down; no cap stays none.
    public func share(of count: UInt32) -> ExposureCap {
        func share(_ cap: UInt32) -> UInt32 { cap == .max ? .max : cap / max(1, count) }
        return ExposureCap(fresh: share(fresh), stale: share(stale), expired: share(expired))
    }
}

/// What strangers get when nobody can be asked about them.
public struct GuestFloor: Hashable, Sendable, Codable {
    /// Energy a session, in watt-hours; 0: strangers are refused.
    public var sessionWattHours: UInt32
    /// Sessions of strangers on one post within 24 hours.
    public var sessionsPerDay: UInt16

    /// A floor; off by default.
    public init(sessionWattHours: UInt32 = 0, sessionsPerDay: UInt16 = 0) {
        self.sessionWattHours = sessionWattHours
        self.sessionsPerDay = sessionsPerDay
    }
    /// The smaller of each.
    public func tightened(by other: GuestFloor) -> GuestFloor {
        GuestFloor(
            sessionWattHours: min(sessionWattHours, other.sessionWattHours),
            sessionsPerDay: min(sessionsPerDay, other.sessionsPerDay))
    }
}

/// How a reader defends itself against guessing: with a million listed 4-byte cards one random number in 4,295 hits.
public struct GuessingLimits: Hashable, Sendable, Codable {
    /// Unknown tokens within the window before the reader pauses; 0: it never does.
    public var misses: UInt16
    /// The window, in seconds.
    public var windowSeconds: UInt16
    /// The first pause, in seconds; each further one is twice as long.
    public var firstPauseSeconds: UInt16
    /// The longest pause, in seconds.
    public var longestPauseSeconds: UInt16

    /// Limits; 10 misses in 10 minutes, pauses of 30 s to 15 min. Engineering default.
    public init(
        misses: UInt16 = 10, windowSeconds: UInt16 = 600, firstPauseSeconds: UInt16 = 30,
        longestPauseSeconds: UInt16 = 900
    ) {
        self.misses = misses
        self.windowSeconds = windowSeconds
        self.firstPauseSeconds = firstPauseSeconds
        self.longestPauseSeconds = longestPauseSeconds
    }
    /// The stricter of each.
    public func tightened(by other: GuessingLimits) -> GuessingLimits {
        GuessingLimits(
            misses: misses == 0 ? other.misses : other.misses == 0 ? misses : min(misses, other.misses),
            windowSeconds: max(windowSeconds, other.windowSeconds),
            firstPauseSeconds: max(firstPauseSeconds, other.firstPauseSeconds),
            longestPauseSeconds: max(longestPauseSeconds, other.longestPauseSeconds))
    }
}

/// What a list may change at once before a second key, or a person, must say that it is meant.
public struct GuardLimits: Hashable, Sendable, Codable {
    /// Drivers removed, in thousandths of the installed list; 1,000 and more: never suspicious.
    public var removedPermille: UInt16
    /// Drivers added, in thousandths of the installed list; 65,535: never suspicious.
    public var addedPermille: UInt16

    /// Limits; a fifth less or twice as many again. Engineering default.
    public init(removedPermille: UInt16 = 200, addedPermille: UInt16 = 1_000) {
        self.removedPermille = removedPermille
        self.addedPermille = addedPermille
    }
}

/// The policy of a list.
public struct ListPolicy: Hashable, Sendable {
    package static let headLength = 64
    /// Profiles at most.
    package static let profilesAtMost = 256
    /// Energy at risk on one post.
    public var postExposure: ExposureCap
    /// Energy at risk on the site.
    public var siteExposure: ExposureCap
    /// What strangers get.
    public var guests: GuestFloor
    /// How readers defend themselves.
    public var guessing: GuessingLimits
    /// What the *next* list may change at once.
    public var installGuard: GuardLimits
    /// The profiles, in ascending order of their numbers.
    public var profiles: [ListProfile]

    /// A policy with these parts.
    public init(
        profiles: [ListProfile] = [.standard], postExposure: ExposureCap = ExposureCap(),
        siteExposure: ExposureCap = ExposureCap(), guests: GuestFloor = GuestFloor(),
        guessing: GuessingLimits = GuessingLimits(), installGuard: GuardLimits = GuardLimits()
    ) {
        self.profiles = profiles
        self.postExposure = postExposure
        self.siteExposure = siteExposure
        self.guests = guests
        self.guessing = guessing
        self.installGuard = installGuard
    }

    /// As bytes, without padding.
    package var encoded: [UInt8] {
        var out = ByteWriter(capacity: Self.headLength + profiles.count * ListProfile.length)
        out.put(UInt16(1))
        out.put(UInt16(clamping: profiles.count))
        for cap in [postExposure, siteExposure] {
            out.put(cap.fresh)
            out.put(cap.stale)
            out.put(cap.expired)
        }
        out.put(guests.sessionWattHours)
        out.put(guests.sessionsPerDay)
        out.put(guessing.misses)
        out.put(guessing.windowSeconds)
        out.put(guessing.firstPauseSeconds)
        out.put(guessing.longestPauseSeconds)
        out.put(installGuard.removedPermille)
        out.put(installGuard.addedPermille)
        out.pad(to: Self.headLength)
        for profile in profiles { profile.write(to: &out) }
        return out.bytes
    }

    /// Reads a policy whose hash is good already.
    package init(parsing bytes: [UInt8]) throws(ListRefusal) {
        var reader = ByteReader(bytes)
        guard reader.u16() == 1 else { throw .unknownFormat }
        let count = Int(reader.u16())
        guard (1...Self.profilesAtMost).contains(count),
            bytes.count == Self.headLength + count * ListProfile.length
        else { throw .badPolicy }
        var caps: [ExposureCap] = []
        for _ in 0..<2 {
            let cap = ExposureCap(fresh: reader.u32(), stale: reader.u32(), expired: reader.u32())
            guard cap.fresh >= cap.stale, cap.stale >= cap.expired else { throw .badPolicy }
            caps.append(cap)
        }
        (postExposure, siteExposure) = (caps[0], caps[1])
        guests = GuestFloor(sessionWattHours: reader.u32(), sessionsPerDay: reader.u16())
        guessing = GuessingLimits(
            misses: reader.u16(), windowSeconds: reader.u16(), firstPauseSeconds: reader.u16(),
            longestPauseSeconds: reader.u16())
        installGuard = GuardLimits(removedPermille: reader.u16(), addedPermille: reader.u16())
        guard reader.zeros(Self.headLength - reader.position) else { throw .badPolicy }
        profiles = []
        for _ in 0..<count {
            let profile = try ListProfile(&reader)
            guard profiles.last.map({ $0.number < profile.number }) ?? true else { throw .badPolicy }
            profiles.append(profile)
        }
    }
}
