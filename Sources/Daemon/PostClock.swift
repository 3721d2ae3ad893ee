// The wall clock and how far it may be trusted: asked of the kernel, never assumed.

import Console
import Glibc
import Ledger
import Runtime

/// The machine's wall clock.
enum PostClock {
    /// Before this nobody can have built this daemon: 1 January 2025, in milliseconds since 1970.
    static let plausibleFromMilliseconds: Int64 = 1_735_689_600_000
    /// STA_UNSYNC of adjtimex(2).
    private static let unsynchronised: Int32 = 0x40

    /// A reading with its quality.
    static var reading: WallClock {
        let now = WallTime.machineUTCMilliseconds
        return WallClock(utcMilliseconds: now, quality: judge(now, errorMicroseconds))
    }

    /// For the status.
    static var view: ClockView {
        let error = errorMicroseconds
        let quality = judge(WallTime.machineUTCMilliseconds, error)
        return ClockView(
            source: quality == 2 ? "network" : quality == 1 ? "battery_or_hand" : "none", quality: quality,
            errorMicroseconds: quality == 2 ? error : nil)
    }

    /// 2: the kernel counts it as synchronised; 1: it can be right; 0: it cannot.
    static func judge(_ utcMilliseconds: Int64, _ errorMicroseconds: Int64?) -> Int {
        utcMilliseconds < plausibleFromMilliseconds ? 0 : errorMicroseconds == nil ? 1 : 2
    }

    /// The kernel's bound on the clock's error; nil while nothing synchronises it.
    ///
    /// `struct timex` of adjtimex(2) begins with `modes` and the longs offset, frequency, maximum error, estimated
    /// error; then comes the status. Swift's Glibc module leaves its header out, so the call is looked up by name.
    private static var errorMicroseconds: Int64? {
        guard let adjtimex else { return nil }
        let long = MemoryLayout<Int>.size
        return withUnsafeTemporaryAllocation(byteCount: 512, alignment: long) { kernel in
            kernel.initializeMemory(as: UInt8.self, repeating: 0)
            guard let start = kernel.baseAddress, adjtimex(start) >= 0 else { return nil }
            guard kernel.load(fromByteOffset: 5 * long, as: Int32.self) & unsynchronised == 0 else { return nil }
            return Int64(kernel.load(fromByteOffset: 3 * long, as: Int.self))
        }
    }

    private static let adjtimex: (@convention(c) (UnsafeMutableRawPointer) -> Int32)? = {
        guard let found = dlsym(nil, "adjtimex") else { return nil }
        return unsafeBitCast(found, to: (@convention(c) (UnsafeMutableRawPointer) -> Int32).self)
    }()
}
