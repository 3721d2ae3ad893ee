// Follows one post and keeps, for every connector, what was seen to be done about each fault and about the last deed.

import Post
import Simulator

/// What one post was seen to do, by connector. A dead process forgets what it was in the middle of.
final class ReactionLog {
    private let hardware: SimulatedPost
    private var connectors: [Following]

    /// What is known of one connector between two calls.
    private struct Following {
        var id: ConnectorID
        var stage: StageID
        var phase: ConnectorPhase = .unavailable
        var isAllowed = false
        var isStageOn = false
        var limit: Int32?
        var reactions: [SeenReaction] = []

        /// The beginning of a reaction to something that happens now.
        func fresh(_ fault: Fault?, _ now: Instant) -> SeenReaction {
            SeenReaction(
                fault: fault, since: now, hadSession: phase.hasSession, wasStopping: phase == .stopping,
                wasAllowed: isAllowed, wasStageOn: isStageOn, limitBefore: limit, calledAt: now)
        }
    }

    init(_ hardware: SimulatedPost) {
        self.hardware = hardware
        connectors = hardware.configuration.connectors.enumerated().map { index, connector in
            Following(id: ConnectorID(UInt8(index)), stage: connector.stage)
        }
        deedDone(at: .zero)
    }

    /// Something happens in the story: what follows is a reaction to it.
    func deedDone(at now: Instant) {
        for index in connectors.indices {
            connectors[index].reactions.removeAll { $0.fault == nil && $0.promise == nil }
            for position in connectors[index].reactions.indices
            where connectors[index].reactions[position].fault == nil {
                connectors[index].reactions[position].goneAt = connectors[index].reactions[position].goneAt ?? now
            }
            connectors[index].reactions.append(connectors[index].fresh(nil, now))
        }
    }

    /// The process is dead: its outputs have fallen, and the next one begins anew.
    func processDied() {
        for index in connectors.indices {
            connectors[index].phase = .unavailable
            (connectors[index].isAllowed, connectors[index].isStageOn) = (false, false)
            connectors[index].limit = nil
        }
    }

    /// What followed a fault at a connector, the last time it was raised there; without a fault, what followed the last deed.
    func reaction(to fault: Fault?, at connector: Int) -> SeenReaction? {
        connectors[connector].reactions.last { $0.fault == fault }
    }

    /// Has a reaction followed to the end of the story under this number.
    func keep(_ fault: Fault?, at connector: Int, as promise: Int) {
        guard let position = connectors[connector].reactions.lastIndex(where: { $0.fault == fault }) else { return }
        connectors[connector].reactions[position].promise = promise
    }

    /// The reaction that was kept under a number.
    func kept(_ promise: Int, at connector: Int) -> SeenReaction? {
        connectors[connector].reactions.first { $0.promise == promise }
    }

    /// Takes in one call of the core.
    func take(_ actions: [Action], status: (ConnectorID) -> ConnectorStatus?, at now: Instant) {
        for index in connectors.indices {
            let id = connectors[index].id
            let orders = Orders(actions, connector: id, stage: connectors[index].stage)
            let before = connectors[index]
            for action in actions {
                switch action {
                case .report(.faultRaised(let fault, let place)) where place == nil || place == id:
                    connectors[index].reactions.removeAll { $0.fault == fault && $0.promise == nil }
                    var reaction = before.fresh(fault, now)
                    reaction.call = orders
                    reaction.budget = budget(orders, status(id), now)
                    connectors[index].reactions.append(reaction)
                case .report(.faultCleared(let fault, let place)) where place == nil || place == id:
                    for position in connectors[index].reactions.indices
                    where connectors[index].reactions[position].fault == fault {
                        connectors[index].reactions[position].goneAt = now
                    }
                case .report(.stateChanged(id, _, let phase)): connectors[index].phase = phase
                case .allowPower(id, _): connectors[index].isAllowed = true
                case .withdrawPower(id): connectors[index].isAllowed = false
                case .commandStage(connectors[index].stage, _, let command):
                    connectors[index].isStageOn = command != .off
                default: break
                }
            }
            follow(index, before, orders, status, now)
            if let limit = orders.limitMilliamperes { connectors[index].limit = limit }
        }
    }

    /// How long a stop that begins in this call may take; nil where it waits for nothing.
    private func budget(_ orders: Orders, _ status: ConnectorStatus?, _ now: Instant) -> Interval? {
        guard orders.tellsStop, let status, status.waiting == .rampDown else { return nil }
        return status.waitsUntil.map { $0 - now }
    }

    private func follow(
        _ index: Int, _ before: Following, _ orders: Orders, _ status: (ConnectorID) -> ConnectorStatus?,
        _ now: Instant
    ) {
        let isOpen = !hardware.connectors[index].isPathClosed
        let phase = connectors[index].phase
        let isClosed = phase == .faulted || phase == .unavailable
        for position in connectors[index].reactions.indices {
            var it = connectors[index].reactions[position]
            if it.call == nil, orders.ends {
                (it.call, it.calledAt) = (orders, now)
                it.budget = budget(orders, status(before.id), now)
                (it.hadSession, it.wasStopping) = (before.phase.hasSession, before.phase == .stopping)
                (it.wasAllowed, it.wasStageOn) = (before.isAllowed, before.isStageOn)
            }
            if isOpen, it.call != nil, it.openAt == nil { it.openAt = now }
            if let limit = orders.limitMilliamperes, let before = it.limitBefore, limit < before {
                it.deratedAt = it.deratedAt ?? now
            }
            if it.goneAt == nil {
                if orders.isRefused || isClosed { it.blockedAt = it.blockedAt ?? now }
                if orders.beginsSession, it.since < now { it.beganAt = it.beganAt ?? now }
                if isClosed, let fault = it.fault, status(connectors[index].id)?.faults == FaultSet(only: fault) {
                    it.closedAloneAt = it.closedAloneAt ?? now
                }
            }
            connectors[index].reactions[position] = it
        }
    }
}

extension FaultSet {
    fileprivate init(only fault: Fault) {
        self.init()
        insert(fault)
    }
}
