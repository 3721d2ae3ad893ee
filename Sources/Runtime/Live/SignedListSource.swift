// Asks the signed list for the post: its words become the core's, its ladder the allowance.

public import AllowList
public import Post

/// What is known of the time when a list is asked, in seconds since 1970.
public struct ListTime: Hashable, Sendable {
    /// The earliest that it can be, or nil if nothing is known.
    public var lowerBound: Int64?
    /// The time by a clock that somebody vouches for, or nil.
    public var trusted: Int64?

    /// The time with these bounds.
    public init(lowerBound: Int64?, trusted: Int64?) {
        self.lowerBound = lowerBound
        self.trusted = trusted
    }
}

/// A signed list behind the look-up thread.
public final class SignedListSource<Bytes: ListBytes>: LookUpSource {
    private var list: ListReader<Bytes>
    private let time: @Sendable () -> ListTime

    /// A source that reads this list and asks `time` at each tap.
    public init(_ list: ListReader<Bytes>, time: @escaping @Sendable () -> ListTime) {
        self.list = list
        self.time = time
    }

    /// What the list says of the token now.
    public func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        let time = time()
        let freshness = Freshness(list.header.freshness(at: time.lowerBound))
        guard let canonical = try? CanonicalToken(parsing: token) else {
            return .none(name, .refused(.readerGarbage), freshness)
        }
        // It cannot be earlier than the moment at which the list was signed, whatever the clock says.
        let lowerBound = max(time.lowerBound ?? list.header.issuedAt, list.header.issuedAt)
        switch list.lookUp(canonical, lowerBound: lowerBound, trusted: time.trusted) {
        case .listed(let profile, let group): return .listed(name, group: group, profile, freshness)
        case .expired: return .none(name, .refused(.expiredToken), freshness)
        case .notYetValid: return .none(name, .refused(.notYetValidToken), freshness)
        case .notListed: return .none(name, .notListed, freshness)
        case .refused: return .none(name, .refused(.lookUpDamaged), freshness)
        }
    }
}

extension LookUpAnswer {
    /// A valid token: what its profile gives at this freshness.
    static func listed(_ name: TokenName, group: UInt32, _ profile: ListProfile, _ freshness: Freshness)
        -> LookUpAnswer
    {
        let limits = profile.limits(ListFreshness(freshness))
        let wattHours = Int64(limits.sessionWattHours)
        let allowance = Allowance(
            sessionWattHours: wattHours, powerWatts: Int64(profile.maximumWatts),
            sessionsLeft: Int32(limits.sessionsPerDay))
        return LookUpAnswer(
            lookUp: TokenLookUp(
                token: name, verdict: .listed, group: UInt64(group), freshness: freshness, allowance: allowance),
            // What the profile gives in a day is what may be at risk before the cloud is heard again.
            wattHoursUntilContact: wattHours * Int64(limits.sessionsPerDay))
    }

    /// An answer that gives nothing.
    static func none(_ name: TokenName, _ verdict: TokenLookUp.Verdict, _ freshness: Freshness) -> LookUpAnswer {
        LookUpAnswer(
            lookUp: TokenLookUp(
                token: name, verdict: verdict, group: 0, freshness: freshness,
                allowance: Allowance(sessionWattHours: 0, powerWatts: 0, sessionsLeft: 0)),
            wattHoursUntilContact: 0)
    }
}

extension Freshness {
    init(_ freshness: ListFreshness) {
        switch freshness {
        case .fresh: self = .fresh
        case .stale: self = .stale
        case .expired: self = .expired
        case .timeUntrusted: self = .timeUntrusted
        }
    }
}

extension ListFreshness {
    init(_ freshness: Freshness) {
        switch freshness {
        case .fresh: self = .fresh
        case .stale: self = .stale
        case .expired: self = .expired
        case .timeUntrusted: self = .timeUntrusted
        }
    }
}

extension TokenName {
    /// The post's name for a token as a reader or a form gives it, under the post's own key; nil if it is no token.
    public init?(of token: String, by naming: TokenNaming) {
        guard let canonical = try? CanonicalToken(parsing: token) else { return nil }
        let name = naming.name(canonical)
        self.init(high: name.high, low: name.low)
    }
}
