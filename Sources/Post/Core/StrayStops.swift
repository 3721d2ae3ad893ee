// Sessions that the records hold open for a connector that this post no longer has: closed all the same.

/// Stops that are owed and belong to no connector, at most one a connector a post may have.
///
/// What does not fit stays open in the records, and is restored again at the next start.
struct StrayStops: Sendable {
    private var owed: [(stop: SessionStop, askAgainAt: Instant)] = []

    /// Whether nothing is owed.
    var isEmpty: Bool { owed.isEmpty }

    /// When the next stop is asked for again.
    var askAgainAt: Instant? { owed.first?.askAgainAt }

    /// Whether that session is being closed here.
    func holds(_ session: SessionID) -> Bool { owed.contains { $0.stop.session == session } }

    /// Closes a session from its last durable sample: no meter here can say more.
    mutating func close(_ restored: RestoredSession, _ turn: inout Turn) {
        guard owed.count < PostConfiguration.connectorsAtMost else { return }
        let stop = SessionStop(
            session: restored.start.session, endedAt: turn.now, reason: restored.stopReason, fault: nil,
            registerWattHours: max(restored.start.registerWattHours, restored.lastRegisterWattHours),
            energyWattHours: max(0, restored.lastEnergyWattHours), energyIsLastKnown: true)
        owed.append((stop, turn.now + SafetyLimits.askAgainAfter))
        turn.act(.recordStop(stop))
    }

    /// A stop is asked for until it is durable.
    mutating func askAgain(_ turn: inout Turn) {
        for index in owed.indices where turn.now >= owed[index].askAgainAt {
            owed[index].askAgainAt = turn.now + SafetyLimits.askAgainAfter
            turn.act(.recordStop(owed[index].stop))
        }
    }

    mutating func recorded(_ session: SessionID, _ outcome: RecordOutcome) {
        guard outcome != .failed else { return }
        owed.removeAll { $0.stop.session == session }
    }
}

extension StrayStops: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        var stops = owed.map { $0.stop }
        var instants = owed.map { $0.askAgainAt }
        try visitor.field(&stops)
        try visitor.field(&instants)
        owed = zip(stops, instants).map { ($0, $1) }
    }
}
