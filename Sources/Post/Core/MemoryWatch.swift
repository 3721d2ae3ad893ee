// The memory of the post's own process: the operator is told in time, and a restart gives it back while nobody is served.

/// What is known of the memory of this life.
struct MemoryWatch: Sendable {
    /// When this life began.
    var bootedAt: Instant = .zero
    /// What was resident when it was first told in this life, and what is now, in bytes; nil: nobody has said.
    var firstBytes: Int64?
    private(set) var residentBytes: Int64?
    /// Whether the warning stands.
    var isHigh = false
    /// Whether the restart was asked for: once a life.
    var isRestartAsked = false
    /// When the first minutes of a life that has taken too much are over; nil where it has not.
    var mayRestartFrom: Instant?

    /// Somebody has read how much there is.
    mutating func take(_ bytes: Int64) {
        if firstBytes == nil { firstBytes = bytes }
        residentBytes = bytes
    }
}

extension PostCore {
    /// What the memory of the process is a cause of now.
    mutating func memoryCauses(_ now: Instant) -> FaultSet {
        var causes = FaultSet()
        guard let resident = memory.residentBytes else { return causes }
        let warning = configuration.limits.memoryWarningBytes
        let kept = memory.isHigh ? warning / SafetyLimits.memoryHysteresisShare : 0
        memory.isHigh = resident > warning - kept
        if memory.isHigh { causes.insert(.memoryHigh) }
        if wouldRestart(resident, now) { causes.insert(.memoryExhausted) }
        return causes
    }

    /// Whether a restart would give back enough, and would take from nobody what is kept in memory alone.
    private mutating func wouldRestart(_ resident: Int64, _ now: Instant) -> Bool {
        memory.mayRestartFrom = nil
        let most = configuration.limits.memoryRestartBytes
        guard resident > most,
            resident.subtractingOrZero(memory.firstBytes ?? resident) >= most
                / SafetyLimits.restartedFromGrowthShare
        else { return false }
        memory.mayRestartFrom = memory.bootedAt + SafetyLimits.restartedNotBefore
        guard now - memory.bootedAt >= SafetyLimits.restartedNotBefore, !external.isLimitedByHand else {
            return false
        }
        // Contactors that never read open would hold the restart back, and everybody with it: then the warning alone remains.
        return connectors.allSatisfy {
            !$0.reservation.isThere && ($0.hasSession || $0.readsOpen || $0.tripsStage)
        }
    }

    /// Asks for the restart in the first moment in which every connector is idle, and nothing is owed to the records.
    mutating func restartWhileIdle(_ turn: inout Turn) {
        guard memory.mayRestartFrom != nil, !memory.isRestartAsked else { return }
        guard connectors.allSatisfy({ $0.faults.contains(.memoryExhausted) && $0.mayBeLeft }), strays.isEmpty,
            readers.allSatisfy({ $0.tap.token == nil })
        else { return }
        memory.isRestartAsked = true
        turn.report(.restarts)
        turn.act(.restart)
    }
}

extension Connector {
    /// Whether nothing is under way here: no session, no power, no bolt, no discharge, and no record that is owed. Where a weld or a stage
    /// that ignores off keeps the contactors from reading open, the stage is cut off upstream, and the latch outlives the restart.
    fileprivate var mayBeLeft: Bool {
        switch kind {
        case .starting, .preparing, .charging, .suspended, .stopping: return false
        case .vacant, .plugged, .finished: break
        }
        return allowed == nil && setpoint == .off && (readsOpen || tripsStage) && !isDischarging && !isLockHeld
            && !owedStop.isThere && !owedLatches.since.isThere && !owedAvailability.since.isThere
    }
}

extension MemoryWatch: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&bootedAt)
        try visitor.field(&firstBytes)
        try visitor.field(&residentBytes)
        try visitor.field(&isHigh)
        try visitor.field(&isRestartAsked)
        try visitor.field(&mayRestartFrom)
    }
}
