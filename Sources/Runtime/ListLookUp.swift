// Asks a verified list about a token by what may be believed of the time: the same code in the daemon and in virtual time.

public import AllowList
public import Post

/// The list in use with what stands behind it (the one before, the deny object), and what it answers at a tap.
public struct ListLookUp<Source: ListBytes> {
    /// The lists and the deny object.
    public private(set) var list: InstalledList<Source>
    private let ladder: RiskLadder
    /// What stands before the number of a group in its name: see `groupName`.
    private let groupSpace: UInt64
    #if HOLDFAST_SEAMS
        /// A defect put in on purpose: the deny object is not asked. Not in release builds.
        public var ignoresDenials = false
    #else
        @inline(__always)
        private var ignoresDenials: Bool { false }
    #endif

    /// What a start has found; a site may tighten the list's policy.
    public init(_ list: InstalledList<Source>, site: SiteTightening = SiteTightening()) {
        self.list = list
        ladder = RiskLadder(list.policy, site: site)
        groupSpace = UInt64(list.header.groupSpace) << 32
    }

    /// The deny object: a newer one takes the place of the one before.
    public var deny: DenyObject? {
        get { list.deny }
        set { list.deny = newValue }
    }

    /// The signed header.
    public var header: ListHeader { list.header }

    /// What was found damaged since the last call.
    public mutating func takeEvents() -> [ListEvent] { list.takeEvents() }

    /// The list's answer, before the token's counters are joined. `token` is nil where the reader read no token.
    ///
    /// The deny object is asked first: whom it names is refused, whatever the list says.
    public mutating func lookUp(_ token: CanonicalToken?, name: TokenName, _ time: TimeReading) -> LookUpAnswer {
        guard let token else {
            return answer(name, .refused(.readerGarbage), list.rung(time, cloudIsThere: false))
        }
        let found = list.lookUp(token, time: time)
        guard !found.isDenied || ignoresDenials else { return answer(name, .refused(.blockedToken), found.rung) }
        return switch found.answer {
        case .listed(let profile, let group): answer(name, .listed(profile), found.rung, group)
        case .expired: answer(name, .refused(.expiredToken), found.rung)
        case .notYetValid: answer(name, .refused(.notYetValidToken), found.rung)
        case .notListed: answer(name, .notListed, found.rung)
        case .refused: answer(name, .refused(.lookUpDamaged), found.rung)
        }
    }

    private func answer(
        _ name: TokenName, _ verdict: LookUpAnswer.Verdict, _ rung: LadderRung, _ group: UInt32 = 0
    ) -> LookUpAnswer {
        LookUpAnswer(token: name, verdict: verdict, group: groupName(group), rung: rung, ladder: ladder)
    }

    /// The post's own name for a group, which a session keeps: whichever list comes in between, it is the same for the same
    /// number of the same stream, and another for every other stream.
    private func groupName(_ number: UInt32) -> UInt64 { number == 0 ? 0 : groupSpace | UInt64(number) }
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
