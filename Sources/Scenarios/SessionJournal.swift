// What was seen of a post's sessions while they ran, in order: the other side of its books.

import Post

/// The sessions of one post as its actions told them, through all lives of its process.
struct SessionJournal {
    /// One session.
    struct Seen {
        let id: SessionID
        let connector: ConnectorID
        /// Whether its start is known to be durable.
        var isDurable = false
        var isRefused = false
        var hasFlowed = false
        /// What was said of its end. A stop that a death cut short is said again by the next life, for another reason.
        var endings: [StopReason] = []
        /// When its stop was last asked for.
        var stopAskedAt: Instant?
    }

    private(set) var sessions: [Seen] = []
    /// What cannot be: a session that began on a connector before the one before it was over.
    private(set) var overlaps: [(earlier: SessionID, later: SessionID)] = []
    private var open = [SessionID?](repeating: nil, count: PostConfiguration.connectorsAtMost)

    /// Takes in one call of the core.
    mutating func take(_ event: Event, _ actions: [Action], at now: Instant) {
        if case .startRecorded(let id, let outcome) = event {
            change(id) { seen in
                seen.isDurable = outcome == .recorded
                seen.isRefused = outcome != .recorded
            }
            if outcome != .recorded { close(id) }
        }
        for action in actions {
            switch action {
            case .recordStart(let start): begin(start)
            case .recordStop(let stop):
                change(stop.session) { $0.stopAskedAt = now }
                close(stop.session)
            case .report(.energyFlows(let id, _)): change(id) { $0.hasFlowed = true }
            case .report(.sessionEnded(let id, _, let reason, _)):
                change(id) { $0.endings.append(reason) }
                close(id)
            default: break
            }
        }
    }

    /// The process is dead. Of a session whose start was not known to be durable the next life may know nothing.
    mutating func processDied() {
        for index in open.indices {
            if let id = open[index], seen(id)?.isDurable != true { open[index] = nil }
        }
    }

    /// What was seen of a session.
    func seen(_ id: SessionID) -> Seen? { sessions.last { $0.id == id } }

    private mutating func begin(_ start: SessionStart) {
        guard seen(start.session) == nil else { return }
        sessions.append(Seen(id: start.session, connector: start.connector))
        let index = Int(start.connector.index)
        if let earlier = open[index] { overlaps.append((earlier, start.session)) }
        open[index] = start.session
    }

    private mutating func close(_ id: SessionID) {
        for index in open.indices where open[index] == id { open[index] = nil }
    }

    private mutating func change(_ id: SessionID, _ change: (inout Seen) -> Void) {
        guard let index = sessions.lastIndex(where: { $0.id == id }) else { return }
        change(&sessions[index])
    }
}
