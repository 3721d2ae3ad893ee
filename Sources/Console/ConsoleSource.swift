// What the local interface is told and may ask: the daemon implements it, the console knows nothing else.

public import Post

/// Everything that status shows, taken at one moment.
public struct StatusView: Sendable {
    /// The post's name.
    public var name: String
    /// The build's version.
    public var version: String
    /// `simulated` or `hardware`.
    public var backend: String
    /// What is wrong with the configuration; empty if nothing is.
    public var problems: [String]
    /// Devices that do not answer or cannot be used, one sentence each, with what to do.
    public var deviceTroubles: [String] = []
    /// Since when a fault that a connector shows has been there, in milliseconds since 1970; nil if nobody knows.
    public var faultSince: @Sendable (Fault, ConnectorID) -> Int64? = { _, _ in nil }
    /// The post's own clock.
    public var now: Instant
    /// Milliseconds since 1970.
    public var utcMilliseconds: Int64
    /// Names of the connectors, in their order.
    public var connectorNames: [String]
    /// Their status.
    public var connectors: [ConnectorStatus]
    /// Whether the cloud can be reached; nil where nobody tries.
    public var isCloudReachable: Bool?
    /// Why no card is accepted; nil while cards are.
    public var nobodyLetIn: NobodyLetIn?
    /// Records that the cloud does not have yet; nil where nobody has looked.
    public var recordsOwed: Int64?
    /// Why the records cannot be used, and what to do; nil while they can.
    public var recordsProblem: String?
    /// The file in which this daemon's flight recording is; nil while nothing is recorded.
    public var recording: String?
    /// The allow-list in one sentence.
    public var allowList: String
    /// The longest step of the control loop so far, in microseconds.
    public var longestStepMicroseconds: Int64
    /// What had to be given up so far, by what it was; the post never waits for a reader.
    public var losses: [(what: String, count: UInt64)] = []
    /// Number of the newest report.
    public var newestReport: UInt64
    /// What works less well than it could: permissions, recording, clock. One sentence each, with what to do.
    public var warnings: [String] = []
    /// The signed list.
    public var list = ListView()
    /// Energy that has flowed, or is granted to running sessions, and that the cloud does not know of, in watt-hours.
    public var wattHoursAtRisk: UInt64 = 0
    /// How often somebody was refused, by the number of the reason.
    public var refused: [UInt64] = []
    /// The wall clock.
    public var clock = ClockView(source: "none", quality: 0)
    /// What a kilowatt-hour costs in a session that begins now, or nil.
    public var price: PriceView?
    /// The memory of the daemon; nil where nobody watches it.
    public var memory: MemoryView?
    /// How the configuration stands; nil where there is none.
    public var configuration: ConfigurationView?

    /// A view with these values.
    public init(
        name: String, version: String, backend: String, problems: [String], now: Instant, utcMilliseconds: Int64,
        connectorNames: [String], connectors: [ConnectorStatus], isCloudReachable: Bool?,
        recordsOwed: Int64?, allowList: String, longestStepMicroseconds: Int64, newestReport: UInt64
    ) {
        self.name = name
        self.version = version
        self.backend = backend
        self.problems = problems
        self.now = now
        self.utcMilliseconds = utcMilliseconds
        self.connectorNames = connectorNames
        self.connectors = connectors
        self.isCloudReachable = isCloudReachable
        self.recordsOwed = recordsOwed
        self.allowList = allowList
        self.longestStepMicroseconds = longestStepMicroseconds
        self.newestReport = newestReport
    }
}

/// One line of the journal as the event stream carries it.
public struct JournalLine: Sendable {
    /// Counts up from 1.
    public var number: UInt64
    /// Milliseconds since 1970.
    public var utcMilliseconds: Int64
    /// What happened.
    public var report: Report

    /// A line with these values.
    public init(number: UInt64, utcMilliseconds: Int64, report: Report) {
        self.number = number
        self.utcMilliseconds = utcMilliseconds
        self.report = report
    }
}

/// A session as the interface tells it.
public struct SessionView: Sendable, Codable {
    /// Boot and number.
    public var id: String
    /// From 1.
    public var connector: Int
    /// In watt-hours.
    public var energy_watt_hours: Int64
    /// Milliseconds since 1970.
    public var started_utc_ms: Int64
    /// Milliseconds since 1970, or nil while it runs.
    public var stopped_utc_ms: Int64?
    /// Why it ended, or nil while it runs.
    public var stop_reason: String?
    /// The same for people, in one sentence.
    public var stop_sentence: String?
    /// The fault that ended it.
    public var fault: String?
    /// What its energy costs, as it was when the session began; nil where the post did not know.
    public var price: PriceView?
    /// What it has cost so far, or in the end.
    public var cost_minor_units: Int64?

    /// A session with these values.
    public init(
        id: SessionID, connector: ConnectorID, energyWattHours: Int64, startedUTC: Int64, stoppedUTC: Int64?,
        stopReason: StopReason?, fault: Fault?, tariff: Tariff? = nil
    ) {
        self.id = Wording.name(of: id)
        self.connector = Int(connector.index) + 1
        energy_watt_hours = energyWattHours
        started_utc_ms = startedUTC
        stopped_utc_ms = stoppedUTC
        stop_reason = stopReason.map { snakeCase("\($0)") }
        stop_sentence = stopReason.map { Wording.ended($0, fault) }
        self.fault = fault?.code
        price = tariff.map { PriceView($0) }
        cost_minor_units = price?.cost(ofWattHours: energyWattHours)
    }
}

/// Who has cleared a fault by hand, or has tried to, as the interface tells it.
public struct ClearingView: Sendable, Codable {
    /// The fault's code.
    public var fault: String
    /// From 1; nil: wherever it was.
    public var connector: Int?
    /// Milliseconds since 1970.
    public var utc_ms: Int64
    /// A user's name, or its number.
    public var by: String
    /// What was found and done.
    public var reason: String
    /// Why it was not cleared; nil: it was.
    public var refused: String?

    /// One with these values.
    public init(_ asked: ClearedByHand, utcMilliseconds: Int64, refusal: Refusal?) {
        fault = asked.fault.code
        connector = asked.connector.map { Int($0.index) + 1 }
        utc_ms = utcMilliseconds
        by = asked.by
        reason = asked.reason
        refused = refusal?.code
    }
}

/// Why the interface says no.
public struct ConsoleProblem: Error, Sendable {
    /// HTTP status.
    public var status: Int
    /// Stable code.
    public var code: String
    /// What happened.
    public var message: String
    /// What to do.
    public var whatToDo: String
    /// What a driver at the post is told, where it concerns drivers at all.
    public var driver: String?

    /// A problem with these words.
    public init(status: Int, code: String, message: String, whatToDo: String, driver: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.whatToDo = whatToDo
        self.driver = driver
    }
}

/// What the daemon gives the console. Nothing here ever makes the control loop wait.
public protocol ConsoleSource: Sendable {
    /// The status now.
    func status() -> StatusView
    /// Journal lines after a number; `isGap` says that some are gone: begin again with a snapshot.
    func journal(after number: UInt64) -> (lines: [JournalLine], isGap: Bool)
    /// A tick whenever something changed; nil if too many viewers are there already.
    func changes() -> AsyncStream<Void>?
    /// Has a command carried out; nil means done.
    func command(_ command: OperatorCommand) async throws(ConsoleProblem) -> Refusal?
    /// The newest sessions.
    func sessions(limit: Int) async throws(ConsoleProblem) -> [SessionView]
    /// Who has cleared which fault, newest first.
    func clearings(limit: Int) async throws(ConsoleProblem) -> [ClearingView]
    /// A place for an allow-list that is sent; throws when another is on its way. `confirmed` is the fingerprint of a
    /// list that a person has confirmed although it changes unusually much.
    func takeList(confirmed: String?) throws(ConsoleProblem) -> any ListUpload
    /// Keeps who asked to clear a fault, why, and whether it was done: nil, or the refusal. Never waits.
    func note(_ asked: ClearedByHand, _ refusal: Refusal?)
    /// Reads the configuration file again; the answer's JSON says what came of it.
    func reload() async throws(ConsoleProblem) -> String
}

/// A fault that somebody at the post asks to clear.
public struct ClearedByHand: Sendable {
    /// Which.
    public var fault: Fault
    /// Where; nil: wherever it is.
    public var connector: ConnectorID?
    /// What was found and done, in one line.
    public var reason: String
    /// Who asked, by what the kernel says of the other end of the socket: a user's name, or its number.
    public var by: String

    /// A wish of these parts.
    public init(fault: Fault, connector: ConnectorID?, reason: String, by: String) {
        self.fault = fault
        self.connector = connector
        self.reason = reason
        self.by = by
    }
}

/// A route that the builder of a daemon adds: the bench's verbs.
public struct ExtraRoute: Sendable {
    /// The path below `/v1/`, such as `sim/plug`. Always POST.
    public var path: String
    /// Takes the body, gives the answer's JSON.
    public var handle: @Sendable ([UInt8]) async throws(ConsoleProblem) -> String

    /// A route at a path.
    public init(path: String, handle: @escaping @Sendable ([UInt8]) async throws(ConsoleProblem) -> String) {
        self.path = path
        self.handle = handle
    }
}
