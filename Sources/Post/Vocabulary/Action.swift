// Everything the core can want done. An action's outcome, where it has one, comes back as an event.

/// The three degrees of the permissive; none implies the next.
public enum PowerDegree: UInt8, CaseIterable, Sendable, Comparable {
    /// Cable check: test voltage, 2 A at most, no vehicle battery behind it.
    case test
    /// Pre-charge: up to the vehicle's voltage, 2 A at most.
    case match
    /// Energy.
    case charge
    /// Whether `left` permits less.
    public static func < (left: PowerDegree, right: PowerDegree) -> Bool { left.rawValue < right.rawValue }
}

/// What a power stage is told.
public enum StageCommand: Hashable, Sendable {
    /// Switch the output off.
    case off
    /// Hold this voltage up to this current.
    case on(millivolts: Int32, milliamperes: Int32)
}

/// What an insulation monitor is told.
public enum InsulationCommand: UInt8, CaseIterable, Sendable {
    /// Run the self-test and measure; the samples carry the result.
    case test
    /// Go on measuring while energy flows.
    case monitor
    /// Rest.
    case rest
}

/// What the vehicle is told over its link.
public enum VehicleNotice: Hashable, Sendable {
    /// The driver is authorized: go on to the cable check.
    case authorized
    /// The cable check passed: go on to pre-charge.
    case cableCheckPassed
    /// The most the post gives now.
    case limits(millivolts: Int32, milliamperes: Int32)
    /// Please end the delivery; the post ramps down.
    case stopRequested
    /// The post has stopped in an emergency.
    case emergency
    /// The session is over and the plug may be drawn.
    case ended
}

/// What the control pilot is made to say.
public enum PilotOutput: UInt8, CaseIterable, Sendable {
    /// Steady: connected, no energy offered (X1).
    case steady
    /// 5 % duty: digital communication (X2).
    case digital
    /// -12 V: not available (state F).
    case unavailable
}

/// What the connector's lamp shows: the six states a driver needs to tell apart, and one for waiting.
public enum Indication: UInt8, CaseIterable, Sendable {
    /// Ready.
    case ready
    /// Waits for the driver: a card, a plug.
    case awaitingDriver
    /// Prepares, or checks a card.
    case preparing
    /// Charges, or pauses.
    case charging
    /// Finished: unplug.
    case finished
    /// Refused: the screen says why.
    case refused
    /// Not available.
    case unavailable
}

/// A thing that the journal, the screens and the counters are told of.
public enum Report: Hashable, Sendable {
    /// A connector's state changed.
    case stateChanged(ConnectorID, from: ConnectorPhase, to: ConnectorPhase)
    /// A fault appeared; nil is the whole post.
    case faultRaised(Fault, ConnectorID?)
    /// A fault went away.
    case faultCleared(Fault, ConnectorID?)
    /// Somebody was refused, at a connector if it is known which.
    case refused(Refusal, ConnectorID?)
    /// A session was authorized.
    case sessionAuthorized(SessionID, ConnectorID, AuthorizationSource)
    /// Energy began to flow.
    case energyFlows(SessionID, ConnectorID)
    /// A session's power has ended; its stop is being recorded.
    case sessionEnded(SessionID, ConnectorID, StopReason, energyWattHours: Int64)
    /// Contactors were opened under load in an emergency: they bear that about three times.
    case openedUnderLoad(ConnectorID, milliamperes: Int32)
    /// The post starts itself anew, for want of memory.
    case restarts
    /// The supervisor had to step in: the machine would have broken this rule.
    case defect(Rule, ConnectorID?)
}

/// One thing the core wants done.
public enum Action: Hashable, Sendable {
    // Near devices

    /// Close the contactors, or keep them closed, for this degree.
    case allowPower(ConnectorID, PowerDegree)
    /// Open the contactors.
    case withdrawPower(ConnectorID)
    /// Lock or release the plug (connectors that the post locks).
    case setLock(ConnectorID, isHeld: Bool)
    /// Drive the pilot.
    case setPilot(ConnectorID, PilotOutput)
    /// Connect or disconnect the discharge resistor at the contacts.
    case setDischarge(ConnectorID, isOn: Bool)
    /// Cut this stage off from its supply. Only service brings it back.
    case tripUpstream(StageID)
    /// Run the cooling.
    case setCooling(isOn: Bool)
    /// Show the connector's state.
    case indicate(ConnectorID, Indication)

    // Far devices

    /// Tell a stage.
    case commandStage(StageID, CommandNumber, StageCommand)
    /// Tell an insulation monitor.
    case commandInsulation(ConnectorID, CommandNumber, InsulationCommand)
    /// Tell a vehicle.
    case tellVehicle(ConnectorID, CommandNumber, VehicleNotice)

    // Cloud

    /// Ask the cloud about a token that the list does not know.
    case askCloud(CommandNumber, TokenName, ConnectorID?)

    // Records

    /// Make a start durable; `startRecorded` answers.
    case recordStart(SessionStart)
    /// Make a sample durable; a newer one replaces one that still waits.
    case recordSample(SessionSample)
    /// Make a stop durable; asked again until `stopRecorded` says it is.
    case recordStop(SessionStop)
    /// Keep a latch, or forget it; asked again until `latchRecorded` says it is done.
    case recordLatch(Latch, isSet: Bool)
    /// Keep which meter counts at a connector, instead of the one before; asked again until `meterRecorded` says it is done.
    case recordMeter(KnownMeter)
    /// Keep that a connector is out of service, or forget it; asked again until `availabilityRecorded` says it is done.
    case recordAvailability(ConnectorID, isInService: Bool)

    // The process

    /// End the process in the orderly way, to be started again by whoever looks after it: every connector is idle.
    case restart

    // Telling

    /// Answer an operator's command: done, or refused for this reason.
    case answer(CommandNumber, Refusal?)
    /// Tell the journal, the screens and the counters.
    case report(Report)
}

/// A buffer of actions that is filled, performed and emptied again: it allocates nothing once warm.
public struct Actions: Sendable {
    /// The most actions one event may give, for the largest post.
    public static let atMost = 256
    /// Room beyond that for the supervisor alone: on each connector three outputs, a notice, a latch and a few words why.
    static let keptForOverruling = 11 * PostConfiguration.connectorsAtMost

    /// The actions in the order in which they are to be performed.
    public private(set) var list: [Action] = []

    /// An empty buffer with room for the most that one event may give.
    public init() { list.reserveCapacity(Self.atMost + Self.keptForOverruling) }

    /// A buffer without room, which costs nothing.
    init(room: Int) {}

    /// Puts an action at the end. Beyond the bound it is dropped and counted: a defect that the supervisor reports.
    public mutating func append(_ action: Action) {
        guard list.count < Self.atMost else {
            dropped += 1
            return
        }
        list.append(action)
    }

    /// Puts an action of the supervisor's own at the end, in the room kept for it.
    mutating func appendOverruling(_ action: Action) {
        guard list.count < Self.atMost + Self.keptForOverruling else {
            dropped += 1
            return
        }
        list.append(action)
    }

    /// How many actions the bound has dropped since the buffer was last emptied.
    public private(set) var dropped = 0

    /// Empties the buffer and keeps its room.
    public mutating func removeAll() {
        if !list.isEmpty { list.removeAll(keepingCapacity: true) }
        dropped = 0
    }

    /// Keeps only the actions for which `keep` says so, in their order, from position `start` on.
    mutating func filter(from start: Int, _ keep: (Action) -> Bool) {
        guard start < list.count else { return }
        var kept = start
        var position = start
        while position < list.count {
            if keep(list[position]) {
                list[kept] = list[position]
                kept += 1
            }
            position += 1
        }
        if kept < list.count { list.removeLast(list.count - kept) }
    }
}
