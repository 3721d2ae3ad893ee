// Our own debounce: a level counts once it has stood, and a contact that never settles reads as the worst.

/// Debounces one input from readings at any instants. Times are nanoseconds on the monotonic clock.
///
/// The kernel's debounce starts anew with each bounce, for ever: an emergency stop that flutters would go on reading as
/// good. Here an input that has a worst level reads as that once it has fluttered for longer than `patience`.
struct Debouncer {
    /// How long a level has to stand.
    let period: Int64
    /// The level of an input that does not settle; nil: the last that stood.
    let worst: Bool?
    /// How long an input may flutter before it reads as the worst: the 50 ms that an interlock may take at most.
    static let patience: Int64 = 50_000_000

    private var settled: Bool?
    private var last = false
    private var movedAt: Int64 = 0
    private var unsettledSince: Int64?

    init(period: Int64, worst: Bool?) {
        self.period = period
        self.worst = worst
    }

    /// When the input has to be read again for its level to count; nil: no sooner than it moves.
    var readAt: Int64? { unsettledSince == nil ? nil : movedAt + period }

    /// Takes in a reading and returns the level that counts. `hasMoved`: edges were seen since the reading before.
    mutating func take(_ level: Bool, hasMoved: Bool, at now: Int64) -> Bool {
        guard period > 0, let standing = settled else {
            settled = level
            last = level
            return level
        }
        if level != last || hasMoved {
            last = level
            movedAt = now
            unsettledSince = unsettledSince ?? now
        }
        guard let since = unsettledSince else { return standing }
        if now - movedAt >= period {
            settled = last
            unsettledSince = nil
        } else if let worst, now - since >= Self.patience {
            settled = worst
        }
        return settled ?? standing
    }
}
