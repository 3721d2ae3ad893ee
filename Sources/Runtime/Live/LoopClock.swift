// The live driver's clock: the machine's monotonic clock, with a speed factor for benches.

import Glibc
public import Post

/// Turns the machine's monotonic clock into the post's instants.
///
/// With real hardware the speed is 1. A bench may let its simulated world, and with it the whole post, live faster;
/// the disk does not get faster with it: at 60 a commit of 5 ms costs the post 300 ms of its own time.
public struct LoopClock: Hashable, Sendable {
    /// The most speed a bench may ask for. Engineering default: an hour in a second.
    public static let speedAtMost: Int64 = 3_600
    /// Post seconds for each second of the wall, 1...`speedAtMost`.
    public let speed: Int64
    private let originNanoseconds: Int64

    /// A clock whose zero is now. A speed out of range is brought into it.
    public init(speed: Int64 = 1) {
        self.speed = min(max(1, speed), Self.speedAtMost)
        originNanoseconds = Self.monotonicNanoseconds
    }

    /// The post's instant at a reading of the machine's monotonic clock, in nanoseconds.
    public func instant(atMonotonicNanoseconds nanoseconds: Int64) -> Instant {
        Instant(microseconds: (nanoseconds - originNanoseconds) / 1_000 &* speed)
    }

    /// The post's instant now.
    public var now: Instant { instant(atMonotonicNanoseconds: Self.monotonicNanoseconds) }

    /// The limits of a post that lives this fast. What waits for the disk waits as long by the wall as ever: only
    /// the world is faster.
    func limits(_ limits: SafetyLimits) -> SafetyLimits {
        var limits = limits
        for wait in [\SafetyLimits.lookUpWithin, \.startRecordWithin, \.samplesDurableWithin] {
            limits[keyPath: wait] = Interval(microseconds: limits[keyPath: wait].microseconds &* speed)
        }
        return limits
    }

    /// How long the wall takes for an interval of the post, in milliseconds, rounded up so that nobody wakes too
    /// early.
    func wallMilliseconds(of interval: Interval) -> Int64 {
        let perMillisecond = 1_000 * speed
        let positive = max(0, min(interval.microseconds, Int64.max - perMillisecond))
        return (positive + perMillisecond - 1) / perMillisecond
    }

    /// Nanoseconds on the machine's monotonic clock.
    static var monotonicNanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Readings of the wall clock.
public enum WallTime {
    /// Milliseconds since 1970 on the machine's wall clock, whoever set it.
    public static var machineUTCMilliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// The kernel's bound on the clock's error; nil while nothing synchronises it.
    ///
    /// `struct timex` of adjtimex(2) begins with `modes` and the longs offset, frequency, maximum error, estimated
    /// error; then comes the status. Swift's Glibc module leaves its header out, so the call is looked up by name.
    public static var errorBoundMicroseconds: Int64? {
        guard let adjtimex else { return nil }
        let long = MemoryLayout<Int>.size
        return withUnsafeTemporaryAllocation(byteCount: 512, alignment: long) { kernel in
            kernel.initializeMemory(as: UInt8.self, repeating: 0)
            guard let start = kernel.baseAddress, adjtimex(start) >= 0 else { return nil }
            guard kernel.load(fromByteOffset: 5 * long, as: Int32.self) & unsynchronised == 0 else { return nil }
            return Int64(kernel.load(fromByteOffset: 3 * long, as: Int.self))
        }
    }

    /// STA_UNSYNC of adjtimex(2).
    private static let unsynchronised: Int32 = 0x40

    private static let adjtimex: (@convention(c) (UnsafeMutableRawPointer) -> Int32)? = {
        guard let found = dlsym(nil, "adjtimex") else { return nil }
        return unsafeBitCast(found, to: (@convention(c) (UnsafeMutableRawPointer) -> Int32).self)
    }()
}
