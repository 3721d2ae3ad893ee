// Asks a verified list about a token by a wall clock that may be wrong: the same code in the daemon and in virtual time.

public import AllowList
public import Ledger
public import Post

/// The list in use with what stands behind it (the one before, the deny object), and what it answers at a tap.
public struct ListLookUp<Source: ListBytes> {
    /// The lists and the deny object.
    public private(set) var list: InstalledList<Source>

    /// What a start has found.
    public init(_ list: InstalledList<Source>) { self.list = list }

    /// The signed header.
    public var header: ListHeader { list.header }

    /// The list's answer, before the token's counters are joined. `token` is nil where the reader read no token.
    ///
    /// The deny object is asked first: whom it names is refused, whatever the list says.
    public mutating func lookUp(_ token: CanonicalToken?, name: TokenName, _ clock: WallClock) -> LookUpAnswer {
        let time = header.believed(clock)
        guard let token else {
            return answer(name, .refused(.readerGarbage), nil, 0, list.rung(time, cloudIsThere: false))
        }
        let found = list.lookUp(token, time: time)
        guard !found.isDenied else { return answer(name, .refused(.blockedToken), nil, 0, found.rung) }
        return switch found.answer {
        case .listed(let profile, let group): answer(name, .listed, profile, group, found.rung)
        case .expired: answer(name, .refused(.expiredToken), nil, 0, found.rung)
        case .notYetValid: answer(name, .refused(.notYetValidToken), nil, 0, found.rung)
        case .notListed: answer(name, .notListed, nil, 0, found.rung)
        case .refused: answer(name, .refused(.lookUpDamaged), nil, 0, found.rung)
        }
    }

    private func answer(
        _ name: TokenName, _ verdict: TokenLookUp.Verdict, _ profile: ListProfile?, _ group: UInt32,
        _ rung: LadderRung
    ) -> LookUpAnswer {
        let limits = profile?.limits(on: rung)
        let sessionWattHours = Int64(limits?.sessionWattHours ?? 0)
        return LookUpAnswer(
            lookUp: TokenLookUp(
                token: name, verdict: verdict, group: UInt64(group), freshness: Freshness(rung.freshness),
                allowance: Allowance(
                    sessionWattHours: sessionWattHours, powerWatts: Int64(profile?.maximumWatts ?? 0),
                    sessionsLeft: Int32(limits?.sessionsPerDay ?? 0))),
            wattHoursUntilContact: sessionWattHours * Int64(limits?.sessionsPerDay ?? 0))
    }
}

extension ListHeader {
    /// What may be believed of a clock: its seconds, where they can be right, since nobody lives before the list was
    /// made.
    public func believed(_ clock: WallClock) -> TimeReading {
        let seconds = clock.utcMilliseconds / 1_000
        let isBelieved = clock.quality > 0 && seconds >= issuedAt
        return TimeReading(lowerBound: isBelieved ? seconds : issuedAt, trusted: isBelieved ? seconds : nil)
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
