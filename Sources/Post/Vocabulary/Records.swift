// What the core asks to be written down for good, and how that went.

/// Why a session ended, in the words of OCPP 2.0.1 `ReasonEnumType`.
public enum StopReason: UInt8, CaseIterable, Sendable {
    case local, deAuthorized, emergencyStop, energyLimitReached, evDisconnected, groundFault, other, powerLoss
    case reboot, remote, stoppedByEV, timeLimitReached, timeout, overcurrentFault, powerQuality
}

/// The start of a session. It is one transaction with the counters it uses up; no energy flows before it is durable.
public struct SessionStart: Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// Where it charges.
    public var connector: ConnectorID
    /// Who pays.
    public var token: TokenName
    /// The group that may stop it, or 0.
    public var group: UInt64
    /// Who let it begin.
    public var source: AuthorizationSource
    /// The list's freshness at that moment.
    public var freshness: Freshness
    /// When it was authorized.
    public var startedAt: Instant
    /// The meter's register then, in watt-hours.
    public var registerWattHours: Int64
    /// The meter's serial number.
    public var meterSerial: UInt64
    /// What it may take.
    public var allowance: Allowance
    /// What its energy costs, or nil where the post did not know.
    public var tariff: Tariff?

    /// A start with these values.
    public init(
        session: SessionID, connector: ConnectorID, token: TokenName, group: UInt64, source: AuthorizationSource,
        freshness: Freshness, startedAt: Instant, registerWattHours: Int64, meterSerial: UInt64,
        allowance: Allowance, tariff: Tariff? = nil
    ) {
        self.session = session
        self.connector = connector
        self.token = token
        self.group = group
        self.source = source
        self.freshness = freshness
        self.startedAt = startedAt
        self.registerWattHours = registerWattHours
        self.meterSerial = meterSerial
        self.allowance = allowance
        self.tariff = tariff
    }
}

/// How far a session has come.
public struct SessionSample: Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// When the meter measured it.
    public var measuredAt: Instant
    /// The meter's register in watt-hours.
    public var registerWattHours: Int64
    /// What the session has taken, in watt-hours.
    public var energyWattHours: Int64

    /// A sample with these values.
    public init(session: SessionID, measuredAt: Instant, registerWattHours: Int64, energyWattHours: Int64) {
        self.session = session
        self.measuredAt = measuredAt
        self.registerWattHours = registerWattHours
        self.energyWattHours = energyWattHours
    }
}

/// The end of a session.
public struct SessionStop: Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// When it ended.
    public var endedAt: Instant
    /// Why.
    public var reason: StopReason
    /// The fault that ended it, if one did.
    public var fault: Fault?
    /// The meter's register in watt-hours: the last trusted one.
    public var registerWattHours: Int64
    /// What the session took, in watt-hours.
    public var energyWattHours: Int64
    /// Whether the meter could not be trusted to the end: the record then says that the energy is the last known.
    public var energyIsLastKnown: Bool

    /// A stop with these values.
    public init(
        session: SessionID, endedAt: Instant, reason: StopReason, fault: Fault?, registerWattHours: Int64,
        energyWattHours: Int64, energyIsLastKnown: Bool
    ) {
        self.session = session
        self.endedAt = endedAt
        self.reason = reason
        self.fault = fault
        self.registerWattHours = registerWattHours
        self.energyWattHours = energyWattHours
        self.energyIsLastKnown = energyIsLastKnown
    }
}

/// How a request to the records went.
public enum RecordOutcome: UInt8, CaseIterable, Sendable {
    /// It is on the disk.
    case recorded
    /// What it would have used up (a voucher, the last session of a day) is used up already.
    case alreadySpent
    /// The disk refused.
    case failed
}

/// An open session found in the records after a restart.
public struct RestoredSession: Hashable, Sendable {
    /// Its start, as recorded (`startedAt` counts on the clock of the earlier boot and means nothing now).
    public var start: SessionStart
    /// Its last durable sample: the register in watt-hours.
    public var lastRegisterWattHours: Int64
    /// Its last durable sample: the session's energy in watt-hours.
    public var lastEnergyWattHours: Int64
    /// Whether the machine has started anew since the session began, so that its supply must have failed; true where
    /// nobody knows. False: the process alone has died.
    public var hasMachineRestarted: Bool

    /// A session with these values.
    public init(
        start: SessionStart, lastRegisterWattHours: Int64, lastEnergyWattHours: Int64,
        hasMachineRestarted: Bool = true
    ) {
        self.start = start
        self.lastRegisterWattHours = lastRegisterWattHours
        self.lastEnergyWattHours = lastEnergyWattHours
        self.hasMachineRestarted = hasMachineRestarted
    }

    /// Why it ended. OCPP 2.0.1 says `PowerLoss` of a complete loss of power, and `Reboot` of a reset of the post's own,
    /// such as by a watchdog: that is what the death of the process alone is.
    public var stopReason: StopReason { hasMachineRestarted ? .powerLoss : .reboot }
}

/// The meter that counts at a connector, as the records hold it: a start tells by it whether another one answers.
public struct KnownMeter: Hashable, Sendable {
    /// Where it counts.
    public var connector: ConnectorID
    /// The number made of its serial number (`MeterSample.serial`); never 0, which says that a meter tells none.
    public var serial: UInt64

    /// A meter of that serial number there.
    public init(connector: ConnectorID, serial: UInt64) {
        self.connector = connector
        self.serial = serial
    }
}

/// A fault that stays until service clears it, as the records hold it.
public struct Latch: Hashable, Sendable {
    /// The fault.
    public var fault: Fault
    /// Where, or nil for the whole post.
    public var connector: ConnectorID?

    /// A latch of that fault there.
    public init(fault: Fault, connector: ConnectorID?) {
        self.fault = fault
        self.connector = connector
    }
}
