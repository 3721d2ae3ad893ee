// The wall clock of a post, apart from the world's own time: it may be wrong without any timer noticing.

public import Post

/// What a post's calendar clock shows, as a value.
public struct SimulatedWallClock: Hashable, Sendable {
    /// A step is noticed as late as the daemon's own thread may notice it. 10 s: `WallClockWatch`.
    static let readEvery: Interval = .seconds(10)
    /// True time of day at the world's instant zero, in milliseconds since 1970. 20 October 2025, 00:00 UTC by default.
    public var originMilliseconds: Int64 = 1_760_918_400_000
    /// Added to the true time, in milliseconds.
    public var offsetMilliseconds: Int64 = 0
    /// How fast it runs wrong, in parts per million.
    public var driftPartsPerMillion: Int64 = 0
    /// Whether it has been set since it was started. A post without a battery-backed clock begins in 1970.
    public var isSynchronized = true
    private var startedAt: Instant?

    /// A clock that is right.
    public init() {}

    /// True time of day, in milliseconds since 1970.
    public func trueMilliseconds(at now: Instant) -> Int64 { originMilliseconds &+ now.microseconds / 1_000 }

    /// What it shows, in milliseconds since 1970.
    public func milliseconds(at now: Instant) -> Int64 {
        if let startedAt { return (now - startedAt).milliseconds }
        let drift = now.microseconds / 1_000 &* driftPartsPerMillion / 1_000_000
        return trueMilliseconds(at: now) &+ offsetMilliseconds &+ drift
    }

    /// The post has lost the time: from now on it counts from 1970.
    public mutating func startIn1970(at now: Instant) {
        startedAt = now
        isSynchronized = false
    }

    /// It jumps by this many milliseconds.
    public mutating func step(byMilliseconds milliseconds: Int64) { offsetMilliseconds &+= milliseconds }

    /// Somebody sets it right.
    public mutating func synchronize() {
        startedAt = nil
        offsetMilliseconds = 0
        driftPartsPerMillion = 0
        isSynchronized = true
    }
}
