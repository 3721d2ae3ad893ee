// Latches that are not on the disk yet: asked for until they are, so that a restart finds what service must clear.

/// What one connector still owes the records about its latches. Bounded by the table of faults.
struct OwedLatches: Sendable {
    var toKeep = FaultSet()
    var toForget = FaultSet()
    /// Since when something is owed without a break, or nil.
    var since: Instant?
    /// When the records are asked again, or nil.
    var askAgainAt: Instant?

    private var isEmpty: Bool { toKeep.isEmpty && toForget.isEmpty }

    /// A latch was set or cleared, and the records were asked to keep or forget it.
    mutating func owe(_ fault: Fault, isSet: Bool, at now: Instant) {
        if isSet {
            toKeep.insert(fault)
            toForget.remove(fault)
        } else {
            toForget.insert(fault)
            toKeep.remove(fault)
        }
        if since == nil { since = now }
        if askAgainAt == nil { askAgainAt = now + SafetyLimits.askAgainAfter }
    }

    /// The records have answered. What failed stays owed, also where the supervisor asked; an answer to what has been
    /// asked the other way since says nothing.
    mutating func recorded(_ fault: Fault, isSet: Bool, _ outcome: RecordOutcome, at now: Instant) {
        guard outcome != .failed else {
            let isOutdated = isSet ? toForget.contains(fault) : toKeep.contains(fault)
            if !isOutdated, fault.row.release == .byService { owe(fault, isSet: isSet, at: now) }
            return
        }
        if isSet { toKeep.remove(fault) } else { toForget.remove(fault) }
        if isEmpty { (since, askAgainAt) = (nil, nil) }
    }

    /// Calls `body` with all that the records are to be asked again now: at most as many as the table has latches.
    mutating func askAgain(at now: Instant, _ body: (Fault, _ isSet: Bool) -> Void) {
        guard let due = askAgainAt, now >= due else { return }
        askAgainAt = now + SafetyLimits.askAgainAfter
        toKeep.forEach { body($0, true) }
        toForget.forEach { body($0, false) }
    }
}
