// What each token has taken lately, in memory: joined to each look-up, so that no two taps spend one allowance.

public import Post

/// Counters of tokens. They include every start that the core has asked for, durable or not.
public struct TokenCounters: Sendable {
    /// Tokens that are remembered at most. Engineering default: over ten times what one post serves in a day.
    public static let tokensAtMost = 4_096
    /// The window in which sessions are counted. 24 h: risk ladder of the signed list.
    public static let window: Interval = .hours(24)

    private struct Entry {
        var session: SessionID
        var token: TokenName
        var startedAt: Instant
        var wattHours: Int64
        /// What of it the cloud has heard of.
        var settledWattHours: Int64 = 0
    }
    /// Newest last.
    private var entries: [Entry] = []
    /// Sessions that were forgotten because too many were remembered.
    public private(set) var forgotten: UInt64 = 0

    /// Nothing counted yet.
    public init() {}

    /// A session that the records hold from before. `ago` is how long ago it began; a clock that went back since
    /// makes it begin now, so that no clock step gives an allowance back. `isSettled`: the cloud has its stop.
    public mutating func restore(
        _ session: SessionID, _ token: TokenName, ago: Interval, wattHours: Int64, isSettled: Bool = false,
        at now: Instant
    ) {
        let startedAt = Instant(microseconds: now.microseconds &- max(0, ago.microseconds))
        add(
            Entry(
                session: session, token: token, startedAt: startedAt, wattHours: wattHours,
                settledWattHours: isSettled ? wattHours : 0))
    }

    /// Takes in what the core wants: starts count from the moment they are asked for.
    public mutating func observe(_ action: Action, at now: Instant) {
        switch action {
        case .recordStart(let start):
            guard !entries.contains(where: { $0.session == start.session }) else { return }
            add(Entry(session: start.session, token: start.token, startedAt: now, wattHours: 0))
        case .recordSample(let sample): take(sample.session, sample.energyWattHours)
        case .recordStop(let stop): take(stop.session, stop.energyWattHours)
        default: break
        }
    }

    /// Takes in how a start went: one that the disk refused has used nothing up.
    public mutating func observe(_ event: Event) {
        guard case .startRecorded(let session, let outcome) = event, outcome != .recorded else { return }
        entries.removeAll { $0.session == session && $0.wattHours == 0 }
    }

    /// The cloud has the records up to now: what was taken before no longer counts against the token's energy.
    public mutating func cloudHeard() {
        for index in entries.indices { entries[index].settledWattHours = entries[index].wattHours }
    }

    /// The answer with the counters subtracted: refused where the list asks for a pause that is not over yet.
    public func join(_ answer: LookUpAnswer, at now: Instant) -> TokenLookUp {
        var lookUp = answer.lookUp
        guard lookUp.verdict == .listed else { return lookUp }
        var sessions: Int32 = 0
        var wattHours: Int64 = 0
        for entry in entries where entry.token == lookUp.token {
            if now - entry.startedAt < answer.pause { lookUp.verdict = .refused(.tokenTooSoon) }
            wattHours += entry.wattHours - entry.settledWattHours
            if now - entry.startedAt < Self.window { sessions += 1 }
        }
        lookUp.allowance.sessionsLeft = max(0, lookUp.allowance.sessionsLeft - sessions)
        lookUp.allowance.sessionWattHours = max(
            0, min(lookUp.allowance.sessionWattHours, answer.wattHoursUntilContact - wattHours))
        return lookUp
    }

    private mutating func take(_ session: SessionID, _ wattHours: Int64) {
        guard let index = entries.lastIndex(where: { $0.session == session }) else { return }
        entries[index].wattHours = max(entries[index].wattHours, wattHours)
    }

    private mutating func add(_ entry: Entry) {
        if entries.count >= Self.tokensAtMost {
            // The oldest goes first: it is the one whose window ends next.
            entries.removeFirst()
            forgotten += 1
        }
        entries.append(entry)
    }
}
