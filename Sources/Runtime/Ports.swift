// What the runtime needs besides devices: somebody who writes down, somebody who looks up, somebody who watches.

public import Post

/// A request to the records. Its outcome comes back as an event; a simulated crash drops what was not answered.
public enum RecordRequest: Hashable, Sendable {
    /// Make a start durable, with the counters it uses up, in one transaction.
    case start(SessionStart)
    /// Make a sample durable. A newer one of the same session may replace one that still waits.
    case sample(SessionSample)
    /// Make a stop durable.
    case stop(SessionStop)
    /// Keep or forget a latch.
    case latch(Latch, isSet: Bool)
    /// Keep which meter counts at a connector.
    case meter(KnownMeter)
    /// Keep that a connector is out of service, or forget it.
    case availability(ConnectorID, isInService: Bool)

    /// The event that says how it went.
    public func answer(_ outcome: RecordOutcome) -> Event {
        switch self {
        case .start(let start): .startRecorded(start.session, outcome)
        case .sample(let sample): .sampleRecorded(sample.session, outcome)
        case .stop(let stop): .stopRecorded(stop.session, outcome)
        case .latch(let latch, let isSet): .latchRecorded(latch, isSet: isSet, outcome)
        case .meter(let meter): .meterRecorded(meter, outcome)
        case .availability(let id, let isIn): .availabilityRecorded(id, isInService: isIn, outcome)
        }
    }
}

/// Who makes records durable. A far device: it takes the request and returns at once.
public protocol RecordPort: AnyObject {
    /// Takes the request. The outcome comes back as the event of its kind, such as `Event.startRecorded`.
    func submit(_ request: RecordRequest)
}

/// Somebody who watches the steps of a post: timelines, journals, recorders, judges.
public protocol StepObserver: AnyObject {
    /// An event has been handled and its actions have been performed.
    func didStep(_ event: Event, _ actions: Actions, at now: Instant)
}

/// What the records know when a post starts.
public struct Restored: Sendable {
    /// Boot number and unclean starts.
    public var boot: BootFacts
    /// Latched faults.
    public var latches: [Latch]
    /// Connectors that were taken out of service.
    public var outOfService: [ConnectorID]
    /// The meters that are known, at most one a connector.
    public var meters: [KnownMeter]
    /// Sessions without a stop.
    public var openSessions: [RestoredSession]

    /// A start with these facts.
    public init(
        boot: BootFacts, latches: [Latch] = [], outOfService: [ConnectorID] = [], meters: [KnownMeter] = [],
        openSessions: [RestoredSession] = []
    ) {
        self.boot = boot
        self.latches = latches
        self.outOfService = outOfService
        self.meters = meters
        self.openSessions = openSessions
    }
}
