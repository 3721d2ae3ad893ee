// What tokens have taken and what the cloud does not know of yet, as a value that can be saved and read again.

/// The counters of one post. `Name` is the post's own name of a token, `Session` the session's.
///
/// A session counts from the moment it is asked for, with the energy it was granted: no two taps can spend one
/// allowance, and a crash forgets nothing that was written down.
public struct RiskCounters<Name: Hashable & Sendable, Session: Hashable & Sendable>: Sendable {
    /// The window in which sessions are counted, in seconds. 24 h: risk ladder of the list.
    public static var windowSeconds: Int64 { 86_400 }

    /// One session.
    public struct Entry: Hashable, Sendable {
        /// Which.
        public var session: Session
        /// Whose.
        public var token: Name
        /// When it began, in seconds of whatever clock never goes back.
        public var startedAt: Int64
        /// What it was granted and may still take, in watt-hours; 0 once it is over.
        public var grantedWattHours: UInt32
        /// What it has taken, in watt-hours.
        public var wattHours: UInt32
        /// Whether the cloud has heard of all of it.
        public var isSettled: Bool
        /// Whether it was let in by the guest floor.
        public var isGuest: Bool
        /// What of it is at risk: what it may yet take while it runs, what it has taken once it is over.
        var atRisk: UInt64 { isSettled ? 0 : UInt64(max(grantedWattHours, wattHours)) }

        /// A session as the records hold it.
        public init(
            session: Session, token: Name, startedAt: Int64, grantedWattHours: UInt32, wattHours: UInt32 = 0,
            isSettled: Bool = false, isGuest: Bool = false
        ) {
            self.session = session
            self.token = token
            self.startedAt = startedAt
            self.grantedWattHours = grantedWattHours
            self.wattHours = wattHours
            self.isSettled = isSettled
            self.isGuest = isGuest
        }
    }

    /// Every session that still counts, oldest first: what a post writes down and reads again.
    public private(set) var entries: [Entry]
    /// How many are kept at most.
    public let capacity: Int

    /// Counters, from what the records hold.
    public init(_ entries: [Entry] = [], capacity: Int = 4_096) {
        self.entries = entries
        self.capacity = max(1, capacity)
    }

    /// Whether one more session can be counted. While not, none may begin: what is not counted is not bounded.
    public mutating func hasRoom(at now: Int64) -> Bool {
        forget(at: now)
        return entries.count < capacity
    }

    /// A session is asked for. False where there is no room for it, or it is counted already.
    public mutating func begin(
        _ session: Session, _ token: Name, granted: UInt32, isGuest: Bool = false, at now: Int64
    ) -> Bool {
        guard hasRoom(at: now), !entries.contains(where: { $0.session == session }) else { return false }
        entries.append(
            Entry(session: session, token: token, startedAt: now, grantedWattHours: granted, isGuest: isGuest))
        return true
    }

    /// A session never began: the records refused it.
    public mutating func withdraw(_ session: Session) {
        entries.removeAll { $0.session == session && $0.wattHours == 0 }
    }

    /// A session has taken this much; it never takes back.
    public mutating func take(_ session: Session, wattHours: UInt32) {
        change(session) { $0.wattHours = max($0.wattHours, wattHours) }
    }

    /// A session is over with this much: what it was granted beyond that is free again.
    public mutating func end(_ session: Session, wattHours: UInt32) {
        change(session) {
            $0.wattHours = max($0.wattHours, wattHours)
            $0.grantedWattHours = 0
        }
    }

    /// The cloud has the record of a session that is over.
    public mutating func settle(_ session: Session) { change(session) { $0.isSettled = true } }

    /// What a token has taken.
    public func usage(of token: Name, at now: Int64) -> TokenUsage {
        var usage = TokenUsage()
        for entry in entries where entry.token == token {
            let age = max(0, now - entry.startedAt)
            if age < Self.windowSeconds { usage.sessions += 1 }
            usage.wattHoursSinceContact += entry.atRisk
            usage.secondsSinceLast = min(usage.secondsSinceLast ?? .max, age)
        }
        return usage
    }

    /// Sessions of strangers within 24 hours.
    public func guests(at now: Int64) -> UInt32 {
        UInt32(clamping: entries.count { $0.isGuest && now - $0.startedAt < Self.windowSeconds })
    }

    /// Energy of this post that the cloud does not know of, in watt-hours.
    public var exposure: UInt64 { entries.reduce(0) { $0 + $1.atRisk } }

    private mutating func change(_ session: Session, _ act: (inout Entry) -> Void) {
        guard let index = entries.lastIndex(where: { $0.session == session }) else { return }
        act(&entries[index])
    }

    /// Forgets what counts for nothing any more: settled, and out of its window.
    private mutating func forget(at now: Int64) {
        entries.removeAll { $0.isSettled && now - $0.startedAt >= Self.windowSeconds }
    }
}
