// What the post believes of the time: a floor that signed dates and elapsed time raise, beside a clock that may be wrong.

public import AllowList
public import Ledger
import Synchronization

extension TimeFloor {
    /// What to believe when the wall clock shows this. `isVouched` says that whoever sets it is authenticated: a
    /// clock that is merely synchronised can be synchronised with anybody.
    public mutating func read(_ shown: WallClock, isVouched: Bool, monotonic: Int64) -> TimeReading {
        let quality: ClockQuality =
            shown.quality <= 0 ? .none : isVouched && shown.quality >= 2 ? .authenticated : .unauthenticated
        return read(clock: shown.utcMilliseconds.dividedDown(by: 1_000), quality, monotonic: monotonic)
    }
}

extension TimeReading {
    /// The time to stamp records with: what the clock shows, but never earlier than it can be.
    public func stamp(_ shown: WallClock) -> WallClock {
        let floor = lowerBound.multipliedReportingOverflow(by: 1_000)
        guard !floor.overflow, shown.utcMilliseconds < floor.partialValue else { return shown }
        return WallClock(utcMilliseconds: floor.partialValue, quality: 0)
    }
}

extension Int64 {
    /// The quotient rounded down, also below zero: a clock before 1970 is not after it.
    func dividedDown(by divisor: Int64) -> Int64 { self / divisor - (self % divisor < 0 ? 1 : 0) }
}

/// The earliest that it can be, as the records want to know it.
public struct TimeFloorNow: Sendable {
    /// In seconds since 1970.
    public var seconds: Int64
    /// The same without the word of deny keys, which give no allowance back.
    public var counted: Int64
    /// By whose word.
    public var parts: [FloorPart]
}

/// The time of a running post. Any thread may ask.
public final class TimeKeeper: Sendable {
    private struct State {
        var floor: TimeFloor
        var isVouched: Bool
    }
    private let state: Mutex<State>
    private let clock: @Sendable () -> WallClock
    private let monotonicSeconds: @Sendable () -> Int64
    /// Seconds on the machine's clock that nobody can set.
    public static let machineSeconds: @Sendable () -> Int64 = { LoopClock.monotonicNanoseconds / 1_000_000_000 }

    /// The time of a post that starts now.
    ///
    /// - Parameters:
    ///   - known: Times before which it cannot be: the build, what the records hold. Seconds since 1970.
    ///   - isVouched: Whether whoever sets the machine's clock is authenticated.
    ///   - clock: What the wall clock shows, and its quality.
    ///   - monotonicSeconds: A clock that nobody can set.
    public init(
        known: [Int64], isVouched: Bool, clock: @escaping @Sendable () -> WallClock,
        monotonicSeconds: @escaping @Sendable () -> Int64 = TimeKeeper.machineSeconds
    ) {
        state = Mutex(State(floor: TimeFloor(known, monotonic: monotonicSeconds()), isVouched: isVouched))
        self.clock = clock
        self.monotonicSeconds = monotonicSeconds
    }

    /// What may be believed now.
    public var reading: TimeReading { read(clock()) }
    /// The earliest that it can be, in seconds since 1970.
    public var lowerBound: Int64 { state.withLock { $0.floor.lowerBound(monotonic: monotonicSeconds()) } }
    /// Whose word that is.
    public var source: FloorSource { state.withLock { $0.floor.source(monotonic: monotonicSeconds()) } }
    /// The floor as it is written down.
    public var floor: TimeFloorNow {
        state.withLock { state in
            let now = monotonicSeconds()
            return TimeFloorNow(
                seconds: state.floor.lowerBound(monotonic: now),
                counted: state.floor.lowerBoundWithoutDenials(monotonic: now),
                parts: state.floor.written(monotonic: now))
        }
    }
    /// The time by a clock that somebody vouches for, in seconds since 1970: nothing that is dated over a day ahead of it is
    /// taken. Nil where nobody vouches for one.
    public var vouched: Int64? {
        _ = reading
        return state.withLock { $0.isVouched ? $0.floor.judge(monotonic: monotonicSeconds()) : nil }
    }
    /// The time to stamp records with.
    public var stamp: WallClock {
        let shown = clock()
        return read(shown).stamp(shown)
    }

    /// Something that was verified carries this date, by the word of whoever signed it.
    public func raise(to signed: Int64, by source: FloorSource = .known) {
        state.withLock { $0.floor.raise(to: signed, by: source, monotonic: monotonicSeconds()) }
    }

    /// What an earlier start has written down.
    public func restore(_ written: [FloorPart]) {
        state.withLock { $0.floor.restore(written, monotonic: monotonicSeconds()) }
    }

    /// Whom the post trusts from now on: what other keys have said of the time is taken back. `isNewBundle` says that a trust
    /// bundle has just taken the place of the one before.
    public func trust(_ audience: ListAudience, isNewBundle: Bool) {
        state.withLock {
            $0.floor.keep(monotonic: monotonicSeconds()) {
                audience.vouches(for: $0, signedAt: $1, isNewBundle: isNewBundle)
            }
        }
    }

    /// The configuration says anew whether the machine's clock is vouched for.
    public func vouch(_ isVouched: Bool) { state.withLock { $0.isVouched = isVouched } }

    private func read(_ shown: WallClock) -> TimeReading {
        state.withLock { $0.floor.read(shown, isVouched: $0.isVouched, monotonic: monotonicSeconds()) }
    }
}
