// Whether a connector is in service is durable: one that was taken out stays out over a restart, until it is put back in.

/// What one connector owes the records about its availability.
struct OwedAvailability: Sendable {
    /// Since when what was said last is not known to be durable, or nil.
    var since: Instant?
    /// When the records are asked again, or nil.
    var askAgainAt: Instant?

    /// The records were asked, or hold something else than what was said last.
    mutating func owe(at now: Instant) {
        if since == nil { since = now }
        if askAgainAt == nil { askAgainAt = now + SafetyLimits.askAgainAfter }
    }
}

extension Connector {
    /// The records tell that it was out of service before this start.
    mutating func restoreOutOfService() {
        if !hasRestored { isInService = false }
    }

    /// Somebody with authority takes it out of service, or puts it back in. That counts at once, whatever the records do.
    mutating func setInService(_ isIn: Bool, _ turn: inout Turn) {
        guard isInService != isIn else { return }
        isInService = isIn
        owedAvailability.owe(at: turn.now)
        turn.act(.recordAvailability(id, isInService: isIn))
    }

    /// The records have answered. What failed stays owed; an answer to what has been said the other way since makes that owed anew.
    mutating func availabilityRecorded(isInService isIn: Bool, _ outcome: RecordOutcome, at now: Instant) {
        if outcome != .failed, isIn == isInService {
            owedAvailability = OwedAvailability()
        } else {
            owedAvailability.owe(at: now)
        }
    }

    /// It is asked for until it is durable: a restart must neither let anybody use what was taken out, nor take out what is mended.
    mutating func askAgainForOwedAvailability(_ turn: inout Turn) {
        guard let due = owedAvailability.askAgainAt, turn.now >= due, hasRestored else { return }
        owedAvailability.askAgainAt = turn.now + SafetyLimits.askAgainAfter
        turn.act(.recordAvailability(id, isInService: isInService))
    }
}
