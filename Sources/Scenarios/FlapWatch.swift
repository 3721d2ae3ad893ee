// Notices a fault that comes and goes: journal, screen and cloud are told each time, and nobody can read it.

import Post

/// The faults that one post raised in the last moments.
struct FlapWatch {
    /// One fault at one place may come this often within `window`. Engineering defaults: a contact that is loose in a plug is
    /// seen a few times, a value that lies on its limit must not be.
    private static let timesAtMost = 5
    private static let window: Interval = .seconds(10)

    private var raised: [(fault: Fault, connector: ConnectorID?, at: Instant)] = []

    /// Takes in that a fault was raised. Returns how often it was within the window, if that is too often.
    mutating func tooOften(_ fault: Fault, _ connector: ConnectorID?, at now: Instant) -> Int? {
        raised.removeAll { now - $0.at > Self.window }
        raised.append((fault, connector, now))
        let times = raised.count { $0.fault == fault && $0.connector == connector }
        return times > Self.timesAtMost ? times : nil
    }
}
