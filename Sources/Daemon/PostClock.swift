// The wall clock and how far it may be trusted: asked of the kernel, never assumed.

import Console
import Ledger
import Runtime

/// The machine's wall clock.
enum PostClock {
    /// Before this nobody can have built this daemon: 1 January 2025, in milliseconds since 1970.
    static let plausibleFromMilliseconds: Int64 = 1_735_689_600_000

    /// A reading with its quality.
    static var reading: WallClock {
        let now = WallTime.machineUTCMilliseconds
        return WallClock(utcMilliseconds: now, quality: judge(now, WallTime.errorBoundMicroseconds))
    }

    /// For the status.
    static var view: ClockView {
        let error = WallTime.errorBoundMicroseconds
        let quality = judge(WallTime.machineUTCMilliseconds, error)
        return ClockView(
            source: quality == 2 ? "network" : quality == 1 ? "battery_or_hand" : "none", quality: quality,
            errorMicroseconds: quality == 2 ? error : nil)
    }

    /// 2: the kernel counts it as synchronised; 1: it can be right; 0: it cannot.
    static func judge(_ utcMilliseconds: Int64, _ errorMicroseconds: Int64?) -> Int {
        utcMilliseconds < plausibleFromMilliseconds ? 0 : errorMicroseconds == nil ? 1 : 2
    }
}
