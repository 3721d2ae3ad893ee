// Time as the core knows it: microseconds on a clock that only moves forward, handed in with each event.

/// A point on the post's monotonic clock, in microseconds since an origin that the driver chose (usually the boot).
public struct Instant: Hashable, Comparable, Sendable {
    /// Microseconds since the origin. Never negative in practice; wraps after 292,000 years.
    public var microseconds: Int64

    /// The instant that many microseconds after the origin.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The origin of the clock.
    public static let zero = Instant(microseconds: 0)

    /// Later than every other instant; stands for "never" where an optional would only add noise.
    public static let distantFuture = Instant(microseconds: .max)

    /// Whether `left` comes before `right`.
    public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// The instant `interval` later; saturates instead of trapping.
    public static func + (instant: Instant, interval: Interval) -> Instant {
        let (sum, overflow) = instant.microseconds.addingReportingOverflow(interval.microseconds)
        return Instant(microseconds: overflow ? (interval.microseconds > 0 ? .max : .min) : sum)
    }

    /// The instant `interval` earlier; saturates instead of trapping.
    public static func - (instant: Instant, interval: Interval) -> Instant {
        let (difference, overflow) = instant.microseconds.subtractingReportingOverflow(interval.microseconds)
        return Instant(microseconds: overflow ? (interval.microseconds > 0 ? .min : .max) : difference)
    }

    /// The time from `right` to `left`; saturates instead of trapping.
    public static func - (left: Instant, right: Instant) -> Interval {
        let (difference, overflow) = left.microseconds.subtractingReportingOverflow(right.microseconds)
        return Interval(microseconds: overflow ? (left > right ? .max : .min) : difference)
    }
}

/// A length of time in microseconds.
public struct Interval: Hashable, Comparable, Sendable {
    /// The length in microseconds; may be negative where it is a difference.
    public var microseconds: Int64

    /// The interval of that many microseconds.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// No time at all.
    public static let zero = Interval(microseconds: 0)

    /// That many milliseconds.
    public static func milliseconds(_ count: Int64) -> Interval { Interval(microseconds: count &* 1_000) }
    /// That many seconds.
    public static func seconds(_ count: Int64) -> Interval { Interval(microseconds: count &* 1_000_000) }
    /// That many minutes.
    public static func minutes(_ count: Int64) -> Interval { .seconds(count &* 60) }
    /// That many hours.
    public static func hours(_ count: Int64) -> Interval { .minutes(count &* 60) }

    /// Half of it.
    public var half: Interval { Interval(microseconds: microseconds / 2) }

    /// Whole milliseconds, rounded towards zero.
    public var milliseconds: Int64 { microseconds / 1_000 }

    /// Whether `left` is the shorter.
    public static func < (left: Interval, right: Interval) -> Bool { left.microseconds < right.microseconds }
}
