// What one day at a site came to, and what may be expected of it.

import Ledger
import Post
import StrictYAML

/// What one day came to. Every figure is counted where it happens: at readers, in records, in the cloud's books.
public struct SiteDay: Sendable, Encodable {
    /// The variant's name.
    public var name = ""
    /// Drivers who came, and those among them whom the operator knows.
    public var drivers = 0
    /// Drivers whom the operator knows.
    public var knownDrivers = 0
    /// Drivers who found every place taken.
    public var droveOn = 0
    /// Sessions in which energy flowed.
    public var sessionsStarted = 0
    /// Refusals by the reason that was told.
    public var refused: [String: Int] = [:]
    /// Refusals of drivers whom the operator knows.
    public var knownRefused = 0
    /// Minutes from card to answer, all drivers together.
    public var minutesWaited = 0.0
    /// The longest wait from card to answer, in seconds.
    public var longestWaitSeconds = 0.0
    /// The same among drivers whom the operator knows.
    public var longestKnownWaitSeconds = 0.0
    /// Energy delivered, in kilowatt-hours, by the posts' records.
    public var deliveredKilowattHours = 0.0
    /// Records that the cloud did not have, by the milestone at which they were counted.
    public var owed: [Milestone] = []
    /// When the last record reached the cloud: time of day, UTC; empty if none did.
    public var lastRecordDelivered = ""
    /// Records still owed when the run was over.
    public var owedAtTheEnd: Int64 = 0
    /// What the judge found and where the supervisor stepped in, together.
    public var findings = 0
    /// Virtual hours from start to stop of sessions, all together.
    public var sessionHours = 0.0

    /// Records owed at a moment that has a name.
    public struct Milestone: Sendable, Encodable {
        /// Its name.
        public var name: String
        /// When it was: time of day, UTC.
        public var at: String
        /// Records owed then.
        public var records: Int64
    }

    mutating func waited(_ seconds: Double, isKnown: Bool) {
        minutesWaited += seconds / 60
        longestWaitSeconds = max(longestWaitSeconds, seconds)
        if isKnown { longestKnownWaitSeconds = max(longestKnownWaitSeconds, seconds) }
    }

    mutating func take(_ sessions: [SessionRecord]) {
        for session in sessions {
            deliveredKilowattHours += Double(session.energyWattHours) / 1_000
            let ended = session.stoppedUTCMilliseconds ?? session.startedUTCMilliseconds
            sessionHours += Double(ended - session.startedUTCMilliseconds) / 3_600_000
        }
    }
}

/// One way to play the same day, and what must come of it.
struct Variant: Sendable {
    var name: String
    var hasList: Bool
    var expectation: DayExpectation
    var position: SourcePosition
}

/// What is expected of a day. Parts that are nil are not asked.
struct DayExpectation: Sendable {
    var knownRefused: Int?
    /// In microseconds.
    var knownWaitAtMost: Int64?
    var isEverythingDelivered: Bool?
    /// The variant that must have started fewer sessions and delivered less energy.
    var beats: String?
}

extension Variant {
    @Sendable static func read(_ keys: RecordReader) -> Variant {
        Variant(
            name: keys.required("name", .text(1...30), "What the report calls it."),
            hasList: keys.required("list_installed", .boolean, "Whether the posts have the operator's list."),
            expectation: DayExpectation(
                knownRefused: keys.optional(
                    "known_refused", .integer(0...100_000), "How many known drivers are refused."),
                knownWaitAtMost: keys.optional(
                    "known_wait_at_most", .duration(0...86_400_000_000), "The longest wait of a known driver."),
                isEverythingDelivered: keys.optional(
                    "everything_delivered", .boolean, "Whether the cloud has every record at the end."),
                beats: keys.optional(
                    "beats", .text(1...30), "The variant that must start fewer sessions and deliver less energy.")),
            position: .wholeFile)
    }

    /// The scenario of this variant alone.
    func of(_ scenario: Scenario) -> Scenario {
        var own = scenario
        own.drivers.hasList = hasList
        own.compare = []
        return own
    }

    /// Each expectation and how it came out when the day was over, in microseconds.
    func checks(_ day: SiteDay, among days: [SiteDay], at end: Int64) -> [CheckResult] {
        var checks: [CheckResult] = []
        func add(_ expected: String, _ isMet: Bool, _ found: String) {
            checks.append(
                CheckResult(
                    expected: "\(name): \(expected)", line: position.line, isMet: isMet, found: found, at: end))
        }
        if let count = expectation.knownRefused {
            add("\(count) known drivers refused", day.knownRefused == count, "\(day.knownRefused)")
        }
        if let longest = expectation.knownWaitAtMost {
            add(
                "no known driver waits longer than \(span(longest))",
                day.longestKnownWaitSeconds * 1e6 <= Double(longest), "\(day.longestKnownWaitSeconds) s")
        }
        if expectation.isEverythingDelivered == true {
            add("the cloud has every record", day.owedAtTheEnd == 0, "\(day.owedAtTheEnd) are owed")
        }
        if let beats = expectation.beats {
            let other = days.first { $0.name == beats }
            add(
                "more sessions and more energy than \(beats)",
                other.map {
                    day.sessionsStarted > $0.sessionsStarted
                        && day.deliveredKilowattHours > $0.deliveredKilowattHours
                } ?? false,
                other == nil ? "no variant is named \(beats)" : "\(day.sessionsStarted) sessions")
        }
        return checks
    }
}
