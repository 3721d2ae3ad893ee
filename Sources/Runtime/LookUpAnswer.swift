// What a list says of one tap, before the post's own counters are joined to it.

public import AllowList
public import Post

/// The look-up's answer. Made on the look-up thread; joined with freshness and counters by `RiskDesk` on the loop's.
public struct LookUpAnswer: Hashable, Sendable {
    /// What the list says.
    public enum Verdict: Hashable, Sendable {
        /// Listed and valid now, in this class of drivers.
        case listed(ListProfile)
        /// Not on the list.
        case notListed
        /// There is no list.
        case noList
        /// Known, or not to be read, and refused for this reason.
        case refused(Refusal)
    }
    /// Whom it is about.
    public var token: TokenName
    /// What the list says.
    public var verdict: Verdict
    /// Whose members may stop each other's sessions; 0: nobody's.
    public var group: UInt64
    /// The step that the list stands on, the cloud left out of it.
    public var rung: LadderRung
    /// The limits of the list, as the site applies them; nil without a list.
    public var ladder: RiskLadder?

    /// An answer with these values.
    public init(
        token: TokenName, verdict: Verdict, group: UInt64 = 0, rung: LadderRung = .expired,
        ladder: RiskLadder? = nil
    ) {
        self.token = token
        self.verdict = verdict
        self.group = group
        self.rung = rung
        self.ladder = ladder
    }

    /// The answer of a list that limits nobody: for measurements and tests of everything else.
    public static func unlimited(_ token: TokenName, isListed: Bool = true) -> LookUpAnswer {
        LookUpAnswer(
            token: token, verdict: isListed ? .listed(unlimitedLadder.policy.profiles[0]) : .notListed,
            rung: .fresh, ladder: unlimitedLadder)
    }

    private static let unlimitedLadder: RiskLadder = {
        let limits = ProfileLimits(sessionWattHours: 1_000_000, sessionsPerDay: 1_000, contactWattHours: .max)
        let profile = ListProfile(
            number: 0, maximumWatts: 1_000_000, fresh: limits, stale: limits, expired: limits)
        return RiskLadder(
            ListPolicy(
                profiles: [profile], guests: GuestFloor(sessionWattHours: 1_000_000, sessionsPerDay: 1_000),
                guessing: GuessingLimits(misses: 0)))
    }()
}
