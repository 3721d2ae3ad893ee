// Delivers what is owed to the cloud: in order, one at a time, again until acknowledged. Sans-IO, like the core.

public import Post

/// The pump of a post's outbox.
///
/// The records themselves lie in the ledger, numbered in the order in which they became durable. The pump only
/// knows the number that is next and when to try: its methods return what is to be sent.
public struct Outbox: Sendable {
    /// First pause after a failure. 1 s: OCPP client defaults of EVerest.
    public static let firstPause: Interval = .seconds(1)
    /// Longest pause. Engineering default: 5 min.
    public static let longestPause: Interval = .minutes(5)
    /// How long an acknowledgement may take. 30 s: EVerest's default message timeout.
    public static let acknowledgedWithin: Interval = .seconds(30)

    private enum State: Hashable, Sendable {
        case resting
        case inFlight(number: Int64, deadline: Instant)
        case pausing(until: Instant)
    }
    private var state: State = .resting
    private var failures = 0
    private var isUp = false
    /// The number of the newest record that was acknowledged.
    public private(set) var acknowledged: Int64
    /// The number of the newest durable record.
    public private(set) var newest: Int64
    #if HOLDFAST_SEAMS
        /// A defect put in on purpose: the second of two records goes first. Not in release builds.
        public var isReordered = false
        /// A defect put in on purpose: what got no answer is not sent again. Not in release builds.
        public var hasNoTimer = false
        private var isSecondSent = false
    #endif

    /// A pump that has delivered up to `acknowledged` of `newest` records.
    public init(acknowledged: Int64, newest: Int64) {
        self.acknowledged = acknowledged
        self.newest = newest
    }

    /// How many records are owed.
    public var owed: Int64 { newest - acknowledged }

    /// When the pump wants to be looked at again.
    public var nextDeadline: Instant? {
        #if HOLDFAST_SEAMS
            if hasNoTimer { return nil }
        #endif
        return switch state {
        case .resting: nil
        case .inFlight(_, let deadline): deadline
        case .pausing(let until): owed > 0 && isUp ? until : nil
        }
    }

    /// A record became durable. Returns the number to send now, if any.
    public mutating func recorded(_ number: Int64, at now: Instant) -> Int64? {
        newest = max(newest, number)
        return next(at: now)
    }

    /// The link came or went.
    public mutating func link(isUp: Bool, at now: Instant) -> Int64? {
        self.isUp = isUp
        return next(at: now)
    }

    /// The cloud has acknowledged a record. One that comes in the pause after its time counts all the same: on a way that takes longer
    /// than is waited, nothing would ever be delivered else. Any other that is not in flight is an echo of the past.
    public mutating func acknowledge(_ number: Int64, at now: Instant) -> Int64? {
        switch state {
        case .inFlight(number, _): break
        case .pausing where number == acknowledged + 1: break
        case .resting, .inFlight, .pausing: return nil
        }
        #if HOLDFAST_SEAMS
            if isReordered {
                (state, failures) = (.resting, 0)
                if number > acknowledged + 1 {
                    isSecondSent = true
                } else {
                    acknowledged += isSecondSent ? 2 : 1
                    isSecondSent = false
                }
                return next(at: now)
            }
        #endif
        acknowledged = max(acknowledged, number)
        failures = 0
        state = .resting
        return next(at: now)
    }

    /// Time has passed. `chance` are fresh random bits, so that a thousand posts do not come back in one second.
    public mutating func timePassed(at now: Instant, chance: UInt64) -> Int64? {
        switch state {
        case .resting: break
        case .inFlight(_, let deadline):
            if now >= deadline { pause(at: now, chance) }
        case .pausing(let until):
            if now >= until { state = .resting }
        }
        return next(at: now)
    }

    private mutating func pause(at now: Instant, _ chance: UInt64) {
        failures = min(failures + 1, 20)
        let doubled = Self.firstPause.microseconds << Int64(min(failures - 1, 10))
        let longest = min(doubled, Self.longestPause.microseconds)
        // Between half and all of it: jitter.
        let jittered = longest / 2 + Int64(chance % UInt64(longest / 2 + 1))
        state = .pausing(until: now + Interval(microseconds: jittered))
    }

    private mutating func next(at now: Instant) -> Int64? {
        guard isUp, owed > 0, state == .resting else { return nil }
        #if HOLDFAST_SEAMS
            let number = isReordered && owed > 1 && !isSecondSent ? acknowledged + 2 : acknowledged + 1
        #else
            let number = acknowledged + 1
        #endif
        state = .inFlight(number: number, deadline: now + Self.acknowledgedWithin)
        return number
    }
}
