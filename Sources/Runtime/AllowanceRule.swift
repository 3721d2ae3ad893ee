// How much a listed token may take: its profile, shrunk step by step as the list ages. Never "deny all".

public import Post

/// What the list's policy says of a class of tokens.
public struct TokenProfile: Hashable, Sendable {
    /// Whether the token proves itself (challenge, contract certificate, voucher with a key) and is not a bare number.
    public var isStrong: Bool
    /// Energy for one session, in watt-hours.
    public var sessionWattHours: Int64
    /// Sessions within 24 hours.
    public var sessionsPerDay: Int32
    /// Energy until the cloud is heard again, in watt-hours.
    public var wattHoursUntilContact: Int64
    /// Power, in watts.
    public var powerWatts: Int64

    /// A profile with these values.
    public init(
        isStrong: Bool, sessionWattHours: Int64, sessionsPerDay: Int32, wattHoursUntilContact: Int64,
        powerWatts: Int64
    ) {
        self.isStrong = isStrong
        self.sessionWattHours = sessionWattHours
        self.sessionsPerDay = sessionsPerDay
        self.wattHoursUntilContact = wattHoursUntilContact
        self.powerWatts = powerWatts
    }
}

/// The risk ladder. What an old list gives is less, and enough to reach the next site.
///
/// | list | bare number | token that proves itself |
/// |---|---|---|
/// | fresh | 60 kWh, 3 a day | the profile |
/// | stale, or time untrusted | 40 kWh, 2 a day | 80 kWh |
/// | expired | 20 kWh, 1 a day | 60 kWh |
///
/// The profile may be stricter than a rung and then stands; the numbers are the risk policy of the signed list.
public enum AllowanceRule {
    /// What a token of this profile may take at this freshness, its counters not yet subtracted.
    public static func allowance(_ profile: TokenProfile, _ freshness: Freshness) -> Allowance {
        let rung = rung(isStrong: profile.isStrong, freshness)
        return Allowance(
            sessionWattHours: max(0, min(profile.sessionWattHours, rung.wattHours)),
            powerWatts: max(0, profile.powerWatts), sessionsLeft: max(0, min(profile.sessionsPerDay, rung.sessions))
        )
    }

    /// The answer to a look-up that found the token valid.
    public static func listed(
        _ token: TokenName, group: UInt64, _ profile: TokenProfile, _ freshness: Freshness
    ) -> LookUpAnswer {
        LookUpAnswer(
            lookUp: TokenLookUp(
                token: token, verdict: .listed, group: group, freshness: freshness,
                allowance: allowance(profile, freshness)),
            wattHoursUntilContact: profile.wattHoursUntilContact)
    }

    private static func rung(isStrong: Bool, _ freshness: Freshness) -> (wattHours: Int64, sessions: Int32) {
        switch (freshness, isStrong) {
        case (.fresh, false): (60_000, 3)
        case (.stale, false), (.timeUntrusted, false): (40_000, 2)
        case (.expired, false): (20_000, 1)
        case (.fresh, true): (.max, .max)
        case (.stale, true), (.timeUntrusted, true): (80_000, .max)
        case (.expired, true): (60_000, .max)
        }
    }
}
