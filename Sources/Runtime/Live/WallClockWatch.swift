// Whether the machine's wall clock was stepped: read by a slow thread of its own beside the clock that nobody can set.

import Post

/// Two clocks that are read together: how much further one has come than the other since the last look.
struct ClockPair {
    private var apart: Int64?

    /// Takes in a look at both, in milliseconds. Returns by how much the wall clock has been stepped since the one before.
    mutating func step(wall: Int64, monotonic: Int64) -> Int64 {
        let apart = wall &- monotonic
        defer { self.apart = apart }
        return apart &- (self.apart ?? apart)
    }
}

/// Tells the loop of steps of the wall clock.
public final class WallClockWatch: Sendable {
    /// How often both clocks are read. 10 s: engineering default; a clock that is slewed moves by 5 ms meanwhile.
    static let readEveryMilliseconds: Int64 = 10_000
    /// A step of less is no event. 1 s: engineering default; the core says from which on it is told.
    static let toldFromMilliseconds: Int64 = 1_000

    private final class Seen {
        var clocks = ClockPair()
    }
    private let worker: WorkThread<Seen>

    /// Starts the thread. Nil if the process has no descriptor or thread left: then no step is told.
    ///
    /// - Parameter wall: What the wall clock shows, in milliseconds since 1970.
    public init?(inbox: LiveInbox, wall: @escaping @Sendable () -> Int64) {
        guard let worker = WorkThread<Seen>() else { return nil }
        self.worker = worker
        do {
            try worker.start("clock", owned: Seen(), period: Self.readEveryMilliseconds) { seen in
                let step = seen.clocks.step(wall: wall(), monotonic: LoopClock.monotonicNanoseconds / 1_000_000)
                guard step.magnitude >= Self.toldFromMilliseconds.magnitude else { return }
                inbox.post(.clockStepped(byMilliseconds: step))
            }
        } catch { return nil }
    }

    /// Ends the thread.
    public func stop() { worker.stop() }
}
