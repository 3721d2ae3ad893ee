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
        /// Whether its end is on the disk.
        public var isOver: Bool
        /// What of it is at risk: what it may yet take while it runs, what it has taken once it is over.
        var atRisk: UInt64 { isSettled ? 0 : UInt64(max(grantedWattHours, wattHours)) }

        /// A session as the records hold it.
        public init(
            session: Session, token: Name, startedAt: Int64, grantedWattHours: UInt32, wattHours: UInt32 = 0,
            isSettled: Bool = false, isGuest: Bool = false, isOver: Bool = false
        ) {
            self.session = session
            self.token = token
            self.startedAt = startedAt
            self.grantedWattHours = grantedWattHours
            self.wattHours = wattHours
            self.isSettled = isSettled
            self.isGuest = isGuest
            self.isOver = isOver
        }
    }

    /// Every session that still counts, oldest first: what a post writes down and reads again.
    public private(set) var entries: [Entry]
    /// How many are kept at most.
    public let capacity: Int
    /// Energy that the cloud does not know of, in watt-hours.
    public private(set) var exposure: UInt64
    /// Sessions that had to make room; what they took still counts as exposure.
    public private(set) var forgotten: UInt64 = 0

    /// Counters, from what the records hold.
    public init(_ entries: [Entry] = [], capacity: Int = 4_096) {
        self.entries = entries
        self.capacity = max(1, capacity)
        exposure = entries.reduce(0) { $0 + $1.atRisk }
    }

    /// A session is asked for. One that is counted already changes nothing. Where there is no room the oldest one that
    /// is over makes it: a post that nobody hears of for months charges on, and its exposure stays exact.
    public mutating func begin(
        _ session: Session, _ token: Name, granted: UInt32, isGuest: Bool = false, isSettled: Bool = false,
        at now: Int64
    ) {
        forget(at: now)
        guard !entries.contains(where: { $0.session == session }) else { return }
        if entries.count >= capacity {
            entries.remove(at: entries.firstIndex { $0.grantedWattHours == 0 } ?? 0)
            forgotten += 1
        }
        let entry = Entry(
            session: session, token: token, startedAt: now, grantedWattHours: granted, isSettled: isSettled,
            isGuest: isGuest)
        entries.append(entry)
        exposure += entry.atRisk
    }

    /// A session never began: the records refused it.
    public mutating func withdraw(_ session: Session) {
        guard let index = entries.lastIndex(where: { $0.session == session && $0.wattHours == 0 }) else { return }
        exposure -= entries.remove(at: index).atRisk
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

    /// The end of a session is on the disk: what the cloud hears from now on is all of it.
    public mutating func close(_ session: Session) { change(session) { $0.isOver = true } }

    /// The cloud has the record of a session that is over.
    public mutating func settle(_ session: Session) { change(session) { $0.isSettled = true } }

    /// The cloud has every record that is on the disk.
    public mutating func settleWhatIsOver() {
        for index in entries.indices where entries[index].isOver { entries[index].isSettled = true }
        exposure = entries.reduce(0) { $0 + $1.atRisk }
    }

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

    private mutating func change(_ session: Session, _ act: (inout Entry) -> Void) {
        guard let index = entries.lastIndex(where: { $0.session == session }) else { return }
        exposure -= entries[index].atRisk
        act(&entries[index])
        exposure += entries[index].atRisk
    }

    /// Forgets what counts for nothing any more: settled, and out of its window.
    private mutating func forget(at now: Int64) {
        entries.removeAll { $0.isSettled && now - $0.startedAt >= Self.windowSeconds }
    }
}
