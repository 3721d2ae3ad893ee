// Time without a clock that can be trusted: a floor that only signed dates and elapsed time may raise.

/// Who vouches for a clock.
public enum ClockQuality: Int, CaseIterable, Sendable, Codable {
    /// Nobody, or the clock cannot be read.
    case none
    /// A battery, or a time server that anybody can play: good while nothing speaks against it.
    case unauthenticated
    /// Authenticated time (NTS), or a person on site.
    case authenticated
}

/// What a post may believe of the time at one moment.
public struct TimeReading: Hashable, Sendable {
    /// Nobody can be before this moment, in seconds since 1970.
    public var lowerBound: Int64
    /// The time by a clock that may be believed; nil: `time_untrusted`.
    public var trusted: Int64?
    /// The best guess: the trusted time, else the lower bound.
    public var best: Int64 { max(trusted ?? lowerBound, lowerBound) }
    /// Whether no clock may be believed.
    public var isUntrusted: Bool { trusted == nil }

    /// A reading.
    public init(lowerBound: Int64, trusted: Int64?) {
        self.lowerBound = lowerBound
        self.trusted = trusted
    }
}

/// The earliest that it can be now. Signed dates raise it, elapsed time raises it, a mere clock never does: a clock
/// that once showed the year 2100 would otherwise expire every card for good.
public struct TimeFloor: Hashable, Sendable {
    /// A clock without authentication that is further ahead of the floor than this is not believed. 24 h.
    public static let longestJumpSeconds: Int64 = 86_400
    /// A clock that is behind the floor by no more than this is believed. 1 s: both are told in whole seconds that turn at
    /// different moments.
    public static let roundingSeconds: Int64 = 1

    private var floor: Int64
    private var raisedAt: Int64
    /// Where an authenticated clock has been seen to be ahead of the floor, and when: an unauthenticated one that
    /// goes on from there is believed.
    private var vouched: (time: Int64, at: Int64)?

    /// A floor at start-up: the latest of the build's date, what was saved, and every signed date known.
    /// - Parameters:
    ///   - times: seconds since 1970.
    ///   - monotonic: the monotonic clock now, in seconds.
    public init(_ times: [Int64], monotonic: Int64) {
        floor = max(0, times.max() ?? 0)
        raisedAt = monotonic
    }

    /// The earliest that it can be now.
    public func lowerBound(monotonic: Int64) -> Int64 {
        let elapsed = max(0, monotonic.subtractingReportingOverflow(raisedAt).partialValue)
        let (sum, overflow) = floor.addingReportingOverflow(elapsed)
        return overflow ? .max : sum
    }

    /// Something signed carries this date: it cannot be earlier.
    public mutating func raise(to signed: Int64, monotonic: Int64) {
        let bound = lowerBound(monotonic: monotonic)
        guard signed > bound else { return }
        floor = signed
        raisedAt = monotonic
    }

    /// What to believe, given a clock. An authenticated one raises the floor as well.
    public mutating func read(clock: Int64?, _ quality: ClockQuality, monotonic: Int64) -> TimeReading {
        guard let clock, quality != .none else {
            return TimeReading(lowerBound: lowerBound(monotonic: monotonic), trusted: nil)
        }
        if quality == .authenticated {
            raise(to: clock, monotonic: monotonic)
            vouched = (clock, monotonic)
        }
        let bound = lowerBound(monotonic: monotonic)
        let expected = max(bound, vouched.map { $0.time + max(0, monotonic - $0.at) } ?? bound)
        let isBehind = clock < bound - Self.roundingSeconds
        let isAhead =
            quality != .authenticated
            && clock.subtractingReportingOverflow(expected).partialValue
                > Self.longestJumpSeconds
        return TimeReading(lowerBound: bound, trusted: isBehind || isAhead ? nil : clock)
    }

    /// Whether two floors are the same.
    public static func == (left: TimeFloor, right: TimeFloor) -> Bool {
        left.floor == right.floor && left.raisedAt == right.raisedAt && left.vouched?.time == right.vouched?.time
            && left.vouched?.at == right.vouched?.at
    }
    /// Hashes the floor itself.
    public func hash(into hasher: inout Hasher) { hasher.combine(floor) }
}
