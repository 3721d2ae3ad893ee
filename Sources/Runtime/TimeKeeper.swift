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
    /// The time to stamp records with.
    public var stamp: WallClock {
        let shown = clock()
        return read(shown).stamp(shown)
    }

    /// Something that was verified carries this date.
    public func raise(to signed: Int64) {
        state.withLock { $0.floor.raise(to: signed, monotonic: monotonicSeconds()) }
    }

    /// The configuration says anew whether the machine's clock is vouched for.
    public func vouch(_ isVouched: Bool) { state.withLock { $0.isVouched = isVouched } }

    private func read(_ shown: WallClock) -> TimeReading {
        state.withLock { $0.floor.read(shown, isVouched: $0.isVouched, monotonic: monotonicSeconds()) }
    }
}
