// What the core is told about a token, and what it may grant on it.

/// How much the installed list may be trusted to be current.
public enum Freshness: UInt8, CaseIterable, Sendable {
    /// The cloud confirmed the list within its soft expiry.
    case fresh
    /// Past the soft expiry: limits shrink.
    case stale
    /// Past the hard expiry: limits shrink further; never "deny all".
    case expired
    /// The post does not know the time well enough to tell.
    case timeUntrusted
}

/// What one token may still take now, its counters already subtracted.
public struct Allowance: Hashable, Sendable {
    /// Energy for this session in watt-hours.
    public var sessionWattHours: Int64
    /// Power for this session in watts.
    public var powerWatts: Int64
    /// Sessions the token may still begin within its window, this one included.
    public var sessionsLeft: Int32

    /// An allowance of these amounts.
    public init(sessionWattHours: Int64, powerWatts: Int64, sessionsLeft: Int32) {
        self.sessionWattHours = sessionWattHours
        self.powerWatts = powerWatts
        self.sessionsLeft = sessionsLeft
    }

    /// More than any session takes: 1 MWh, 1 MW.
    public static let unlimited = Allowance(sessionWattHours: 1_000_000, powerWatts: 1_000_000, sessionsLeft: 1_000)
    /// Nothing.
    public static let none = Allowance(sessionWattHours: 0, powerWatts: 0, sessionsLeft: 0)
}

/// The answer of the look-up to one tap.
public struct TokenLookUp: Hashable, Sendable {
    /// What the list says.
    public enum Verdict: Hashable, Sendable {
        /// Listed and valid now.
        case listed
        /// Listed and valid, but it gets nothing now, for this reason. It may stop what its group has begun.
        case limited(Refusal)
        /// Not on the list.
        case notListed
        /// The post has no list at all.
        case noList
        /// Known, and refused for this reason.
        case refused(Refusal)
    }

    /// The token the answer is about.
    public var token: TokenName
    /// The verdict.
    public var verdict: Verdict
    /// The group whose members may stop each other's sessions; 0 for none.
    public var group: UInt64
    /// The list's freshness when it answered.
    public var freshness: Freshness
    /// What the token may take, counters included; for a token that no list knows: what strangers may.
    public var allowance: Allowance

    /// Whether a list knows the token and it is valid now.
    var isListed: Bool {
        switch verdict {
        case .listed, .limited: true
        case .notListed, .noList, .refused: false
        }
    }

    /// An answer with these values.
    public init(
        token: TokenName, verdict: Verdict, group: UInt64, freshness: Freshness, allowance: Allowance
    ) {
        self.token = token
        self.verdict = verdict
        self.group = group
        self.freshness = freshness
        self.allowance = allowance
    }
}

/// What the cloud answers to `Action.askCloud`.
public enum CloudVerdict: Hashable, Sendable {
    /// The cloud vouches for the token up to this much energy.
    case accepted(sessionWattHours: Int64)
    /// The cloud refuses it.
    case refused
    /// The cloud answered with an error, or with nonsense.
    case failed
}

/// Who let the session begin.
public enum AuthorizationSource: UInt8, CaseIterable, Sendable {
    /// The signed list on the post.
    case list
    /// The cloud's answer.
    case cloud
    /// The site's guest floor for unknown tokens.
    case guestFloor
    /// The operator, by hand.
    case operatorCommand
}
