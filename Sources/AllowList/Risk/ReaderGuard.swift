// A reader's defence against guessing: too many unknown tokens, and it pauses, longer each time.

/// The guard of one reader. A known token does not forgive the unknown ones: a guesser may own a good card.
public struct ReaderGuard: Hashable, Sendable {
    /// The limits, which a new list may change.
    public var limits: GuessingLimits
    private var misses: [Int64] = []
    private var pausedUntil: Int64 = .min
    private var pauses = 0

    /// A guard with these limits.
    public init(_ limits: GuessingLimits) {
        self.limits = limits
        misses.reserveCapacity(Int(limits.misses))
    }

    /// Seconds until the reader takes tokens again; 0: it does.
    public func secondsToWait(at now: Int64) -> Int64 { max(0, pausedUntil == .min ? 0 : pausedUntil - now) }

    /// The last unknown token turned out to be somebody's.
    public mutating func forgiveLast() { _ = misses.popLast() }

    /// An unknown token was shown, at a monotonic second. True when the reader pauses because of it: an alarm is due.
    public mutating func missed(at now: Int64) -> Bool {
        guard limits.misses > 0, secondsToWait(at: now) == 0 else { return false }
        if pausedUntil != .min, now - pausedUntil >= Int64(limits.windowSeconds) { pauses = 0 }
        misses.removeAll { now - $0 >= Int64(limits.windowSeconds) }
        misses.append(now)
        guard misses.count >= Int(limits.misses) else { return false }
        misses.removeAll(keepingCapacity: true)
        let pause = min(
            UInt64(limits.longestPauseSeconds), UInt64(limits.firstPauseSeconds) << UInt64(min(pauses, 16)))
        pauses += 1
        pausedUntil = now + Int64(pause)
        return true
    }
}
