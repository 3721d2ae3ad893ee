// Asks a verified list about a token by a wall clock that may be wrong: the same code in the daemon and in virtual time.

public import AllowList
public import Ledger
public import Post

/// A list in use, and what it answers at a tap.
public struct ListLookUp<Source: ListBytes> {
    private var reader: AllowList.ListReader<Source>
    /// Whether a newer list was installed once: this one is stale at best.
    private let isDemoted: Bool

    /// A list that was opened and verified by `reader`.
    public init(_ reader: AllowList.ListReader<Source>, isDemoted: Bool = false) {
        self.reader = reader
        self.isDemoted = isDemoted
    }

    /// The signed header.
    public var header: ListHeader { reader.header }

    /// The list's answer, before the token's counters are joined. `token` is nil where the reader read no token.
    public mutating func lookUp(_ token: CanonicalToken?, name: TokenName, _ clock: WallClock) -> LookUpAnswer {
        guard let token else { return answer(name, .refused(.readerGarbage), nil, 0, clock) }
        let seconds = header.believed(clock)
        // An entry has run out only by the earliest time that it can be now, whatever the clock says.
        switch reader.lookUp(token, lowerBound: seconds ?? header.issuedAt, trusted: seconds) {
        case .listed(let profile, let group): return answer(name, .listed, profile, group, clock)
        case .expired: return answer(name, .refused(.expiredToken), nil, 0, clock)
        case .notYetValid: return answer(name, .refused(.notYetValidToken), nil, 0, clock)
        case .notListed: return answer(name, .notListed, nil, 0, clock)
        case .refused: return answer(name, .refused(.lookUpDamaged), nil, 0, clock)
        }
    }

    private func answer(
        _ name: TokenName, _ verdict: TokenLookUp.Verdict, _ profile: ListProfile?, _ group: UInt32,
        _ clock: WallClock
    ) -> LookUpAnswer {
        let freshness = header.freshness(by: clock, isDemoted: isDemoted)
        let limits = profile?.limits(freshness)
        let sessionWattHours = Int64(limits?.sessionWattHours ?? 0)
        return LookUpAnswer(
            lookUp: TokenLookUp(
                token: name, verdict: verdict, group: UInt64(group), freshness: Freshness(freshness),
                allowance: Allowance(
                    sessionWattHours: sessionWattHours, powerWatts: Int64(profile?.maximumWatts ?? 0),
                    sessionsLeft: Int32(limits?.sessionsPerDay ?? 0))),
            wattHoursUntilContact: sessionWattHours * Int64(limits?.sessionsPerDay ?? 0))
    }
}

extension ListHeader {
    /// The clock's seconds since 1970, where they can be right: not before the list was made, and of some quality.
    fileprivate func believed(_ clock: WallClock) -> Int64? {
        let seconds = clock.utcMilliseconds / 1_000
        return clock.quality > 0 && seconds >= issuedAt ? seconds : nil
    }

    /// How current the list is by a clock that may be wrong. One that is not the newest ever installed is stale at best.
    public func freshness(by clock: WallClock, isDemoted: Bool) -> ListFreshness {
        let found = freshness(at: believed(clock))
        return isDemoted && found == .fresh ? .stale : found
    }
}

extension Freshness {
    /// The core's word for a list's freshness.
    public init(_ freshness: ListFreshness) {
        switch freshness {
        case .fresh: self = .fresh
        case .stale: self = .stale
        case .expired: self = .expired
        case .timeUntrusted: self = .timeUntrusted
        }
    }
}
