// A reading as the supervisor keeps it: never one from the future, and never an older one after a younger.

/// The newest reading of one thing and when it was measured. What is missing, too old or from the future is unknown.
struct Seen<Value: Sendable>: Sendable {
    /// The newest reading, however old, or nil.
    private(set) var newest: Value?
    private(set) var measuredAt = Instant(microseconds: .min)

    /// Takes a reading in; returns whether it counts.
    @discardableResult
    mutating func take(_ reading: Value, measuredAt instant: Instant, at now: Instant) -> Bool {
        guard instant <= now, instant >= measuredAt else { return false }
        newest = reading
        measuredAt = instant
        return true
    }

    mutating func forget() { newest = nil }

    func young(at now: Instant, within age: Interval) -> Value? {
        now - measuredAt <= age ? newest : nil
    }

    /// The first instant at which the reading is too old, or nil if there is none.
    func turnsOld(after age: Interval) -> Instant? {
        newest == nil ? nil : measuredAt + age + Interval(microseconds: 1)
    }
}
