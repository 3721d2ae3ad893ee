// Everything that can happen to a post. The core learns of the outside in no other way.

/// What somebody with authority asks of the post through its local interface or the cloud.
public enum OperatorCommand: Hashable, Sendable {
    /// Begin a session for this token on this connector, without a card.
    case start(ConnectorID, TokenName)
    /// End the session on this connector.
    case stop(ConnectorID, StopReason)
    /// Take a connector out of service (after its session), or back in. It lasts over restarts.
    case setAvailable(ConnectorID, Bool)
    /// Clear a fault that only service may clear. The cause must be gone.
    case clearFault(Fault, ConnectorID?)
    /// Keep a connector for this token until an instant.
    case reserve(ConnectorID, TokenName, until: Instant)
}

/// Who set a lower limit than the site's own.
public enum LimitSource: UInt8, CaseIterable, Sendable {
    /// The site's meter or energy manager.
    case siteManager
    /// The cloud.
    case cloud
    /// The operator, by hand.
    case operatorCommand
}

/// Why a far device's command did not work.
public enum CommandOutcome: UInt8, CaseIterable, Sendable {
    /// Done.
    case done
    /// The device refused.
    case refused
    /// The device did not answer.
    case timedOut
}

/// Facts of a boot that the records know.
public struct BootFacts: Hashable, Sendable {
    /// How often this post has started, this start included. Durable.
    public var bootNumber: UInt32
    /// Unclean starts within the last ten minutes, this one included if it is one.
    public var uncleanStarts: UInt8

    /// These facts.
    public init(bootNumber: UInt32, uncleanStarts: UInt8) {
        self.bootNumber = bootNumber
        self.uncleanStarts = uncleanStarts
    }
}

/// One thing that happened. Events arrive with the instant at which they did.
public enum Event: Hashable, Sendable {
    // Start

    /// The first event of every boot.
    case booted(BootFacts)
    /// A latched fault that the records hold from before.
    case latchRestored(Latch)
    /// A connector that the records hold out of service.
    case outOfServiceRestored(ConnectorID)
    /// The meter that the records know at a connector.
    case meterRestored(KnownMeter)
    /// A session that the records hold open from before.
    case sessionRestored(RestoredSession)
    /// The records have told everything; the post may serve.
    case restored

    // Near lines: read by the loop itself, on every edge and once a second

    /// The post's interlocks.
    case interlocks(InterlockLevels)
    /// A connector's lines.
    case lines(ConnectorID, ConnectorLines)
    /// The lines can no longer be read or driven (chip gone, line busy); nil means the post's own.
    case linesLost(ConnectorID?)

    // Far devices: samples and outcomes

    /// A stage's sample.
    case stage(StageID, StageSample)
    /// A meter's sample.
    case meter(ConnectorID, MeterSample)
    /// An insulation monitor's sample.
    case insulation(ConnectorID, InsulationSample)
    /// A vehicle's message.
    case vehicle(ConnectorID, VehicleSample)
    /// A connector's temperatures.
    case temperature(ConnectorID, TemperatureSample)
    /// How a numbered command went.
    case commandFinished(CommandNumber, CommandOutcome)

    // People

    /// A card was shown.
    case tokenPresented(ReaderID, TokenName)
    /// The look-up of that card has answered.
    case tokenLookedUp(ReaderID, TokenLookUp)
    /// The reader read something that is no token.
    case readerGarbage(ReaderID)
    /// The reader answers, or does not answer any more.
    case reader(ReaderID, isThere: Bool)
    /// A command with the number under which its answer is awaited.
    case command(CommandNumber, OperatorCommand)

    // Records

    /// How `Action.recordStart` went.
    case startRecorded(SessionID, RecordOutcome)
    /// How `Action.recordSample` went.
    case sampleRecorded(SessionID, RecordOutcome)
    /// How `Action.recordStop` went.
    case stopRecorded(SessionID, RecordOutcome)
    /// How `Action.recordLatch` went.
    case latchRecorded(Latch, isSet: Bool, RecordOutcome)
    /// How `Action.recordMeter` went.
    case meterRecorded(KnownMeter, RecordOutcome)
    /// How `Action.recordAvailability` went.
    case availabilityRecorded(ConnectorID, isInService: Bool, RecordOutcome)

    // Cloud and site

    /// Whether the cloud can be reached.
    case cloudLink(isUp: Bool)
    /// The answer to `Action.askCloud` with that number.
    case cloudAnswered(CommandNumber, CloudVerdict)
    /// The cloud no longer vouches for this token.
    case tokenRevoked(TokenName)
    /// A signed deny object names this token: nobody may serve it, whatever cloud, list or site say.
    case tokenDenied(TokenName)
    /// A limit in watts from this source, or nil to lift it. Repeated as a heartbeat.
    case limit(LimitSource, watts: Int64?)

    // The post itself

    /// How much memory of the process is resident, in bytes. A level that did not change is no event.
    case memory(residentBytes: Int64)
    /// The wall clock was set: by how much, in milliseconds, ahead or back. No decision of the core asks the wall clock.
    case clockStepped(byMilliseconds: Int64)
    /// A new configuration. It waits until every connector is idle.
    indirect case configured(PostConfiguration)
    /// Nothing happened but that time has passed: an instant the core asked for with `nextDeadline`.
    case timePassed
}
