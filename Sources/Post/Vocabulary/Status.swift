// What the core says of itself: which state, why, what it waits for and until when, and who limits the power.

/// A connector's state in the words of OCPP 2.0.1 and of a driver's screen.
public enum ConnectorPhase: UInt8, CaseIterable, Sendable {
    /// Starting, out of service, or locked out.
    case unavailable
    /// Free.
    case available
    /// Kept for somebody.
    case reserved
    /// Plugged in, not authorized.
    case occupied
    /// Authorized, not plugged in.
    case authorized
    /// Lock, insulation test, pre-charge.
    case preparing
    /// Energy flows.
    case charging
    /// Paused by the vehicle.
    case suspendedByVehicle
    /// Paused by the post (no power to give).
    case suspendedByPost
    /// Ramp down, open, check, discharge, release.
    case stopping
    /// Over; the plug is still in.
    case finishing
    /// A fault keeps it from serving.
    case faulted
}

/// What a state waits for.
public enum Waiting: UInt8, CaseIterable, Sendable {
    case nothing, records, card, plug, lookUp, cloud, stage, lock, vehicle, outputDead, contactorsClose
    case testVoltage, insulation, startRecord, preCharge, rampDown, contactorsOpen, discharge, release, unplug
    case powerShare, vehicleDemand, faultToClear, faultCause, meterAfterRestart
}

/// Which party limits the power.
public enum LimitingParty: UInt8, CaseIterable, Sendable {
    /// No energy flows or is asked for.
    case none
    /// The vehicle asks for no more.
    case vehicle
    /// The cable or the contacts.
    case cable
    /// The power stage.
    case stage
    /// The share of the site's connection.
    case site
    /// A limit from the energy manager, the cloud or the operator.
    case externalLimit
    /// The source of that limit is silent; the fail-safe value counts.
    case failSafe
    /// Heat.
    case temperature
    /// The token's allowance.
    case allowance
}

/// The status of one session.
public struct SessionStatus: Hashable, Sendable {
    /// Which.
    public var id: SessionID
    /// Whose.
    public var token: TokenName
    /// Who let it begin.
    public var source: AuthorizationSource
    /// When it was authorized.
    public var startedAt: Instant
    /// Energy so far, in watt-hours.
    public var energyWattHours: Int64
    /// What it may take, in watt-hours.
    public var allowanceWattHours: Int64
    /// Whether its start is durable.
    public var isRecorded: Bool
    /// What its energy costs, or nil where the post did not know.
    public var tariff: Tariff?

    /// A status with these values.
    public init(
        id: SessionID, token: TokenName, source: AuthorizationSource, startedAt: Instant, energyWattHours: Int64,
        allowanceWattHours: Int64, isRecorded: Bool, tariff: Tariff? = nil
    ) {
        self.id = id
        self.token = token
        self.source = source
        self.startedAt = startedAt
        self.energyWattHours = energyWattHours
        self.allowanceWattHours = allowanceWattHours
        self.isRecorded = isRecorded
        self.tariff = tariff
    }
}

/// A session that is being ended here, or has ended and whose plug is still in.
public struct EndedSession: Hashable, Sendable {
    /// Which.
    public var id: SessionID
    /// Why it ends.
    public var reason: StopReason
    /// The fault that ends it, if one does.
    public var fault: Fault?
    /// What it has taken, in watt-hours; as it is recorded, once it is.
    public var energyWattHours: Int64
    /// Whether any energy has flowed.
    public var hasCharged: Bool

    /// A session that ends so.
    public init(id: SessionID, reason: StopReason, fault: Fault? = nil, energyWattHours: Int64, hasCharged: Bool) {
        self.id = id
        self.reason = reason
        self.fault = fault
        self.energyWattHours = energyWattHours
        self.hasCharged = hasCharged
    }
}

/// The status of one connector.
public struct ConnectorStatus: Hashable, Sendable {
    /// The state.
    public var phase: ConnectorPhase = .unavailable
    /// Since when.
    public var since: Instant = .zero
    /// What it waits for.
    public var waiting: Waiting = .nothing
    /// Until when it waits, if there is a deadline.
    public var waitsUntil: Instant?
    /// The connector that it waits for, where it waits for a shared stage.
    public var waitsFor: ConnectorID?
    /// The faults that are present here, the post's own included.
    public var faults = FaultSet()
    /// Those of them whose cause is gone: they wait for the plug to be drawn, or for service.
    public var faultsOver = FaultSet()
    /// Whether the card that began a session ends it here.
    public var isStoppedByCard = true
    /// The last refusal here, while it is shown.
    public var refusal: Refusal?
    /// The session, if there is one.
    public var session: SessionStatus?
    /// The session that ends or has ended, until its plug is pulled.
    public var ended: EndedSession?
    /// Who limits the power.
    public var limitedBy: LimitingParty = .none
    /// Voltage at the contacts in millivolts, if a young reading is there.
    public var millivolts: Int32?
    /// Current in milliamperes, if a young reading is there.
    public var milliamperes: Int32?
    /// What is granted now, in watts.
    public var grantedWatts: Int64 = 0
    /// What the vehicle asks for, in watts.
    public var demandedWatts: Int64 = 0
    /// State of charge in tenths of a percent, or nil.
    public var stateOfChargePerMille: Int16?
    /// The degree of the permissive given, or nil.
    public var powerAllowed: PowerDegree?
    /// What the lamp shows.
    public var indication: Indication = .unavailable

    /// An empty status.
    public init() {}
}
