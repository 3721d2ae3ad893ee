// The states of one connector's session, each with exactly what that state needs.

/// Who may charge, and how much: the outcome of an accepted tap.
struct Grant: Hashable, Sendable {
    var token: TokenName
    var group: UInt64
    var source: AuthorizationSource
    var freshness: Freshness
    var allowance: Allowance
}

/// A running session.
struct Session: Hashable, Sendable {
    /// How far its start record has come.
    enum StartRecord: UInt8, Sendable { case asked, durable, refused }

    let id: SessionID
    let grant: Grant
    let startedAt: Instant
    let startRegisterWattHours: Int64
    let meterSerial: UInt64
    var startRecord: StartRecord
    var startAskedAt: Instant
    var lastRegisterWattHours: Int64
    /// When the meter measured that.
    var lastRegisterAt: Instant
    var energyWattHours: Int64
    /// Why the meter is trusted no more: it went back, jumped, or is another one.
    var meterFault: Fault?
    var isMeterTrusted: Bool { meterFault == nil }
    /// When a sample was last asked for, and when one last became durable.
    var sampleAskedAt: Instant
    var sampleDurableAt: Instant
    var isSampleInFlight = false
    /// The voltage at which current began to flow, for the collapse check; 0 before.
    var voltageAtStartMillivolts: Int32 = 0

    /// Takes in a meter reading: energy never falls, and is the difference of two readings of one meter.
    /// Returns whether the reading could be trusted.
    mutating func take(_ sample: MeterSample, from stage: StageConfiguration, _ limits: SafetyLimits) -> Bool {
        guard isMeterTrusted else { return true }
        guard sample.serial == meterSerial, sample.energyWattHours >= lastRegisterWattHours else {
            meterFault = sample.serial == meterSerial ? .meterWentBack : .meterSwapped
            return false
        }
        let most = stage.mostWattHours(in: sample.measuredAt - lastRegisterAt)
            .addingSaturated(Int64(limits.meterJumpWattHours))
        guard sample.energyWattHours.subtractingOrZero(lastRegisterWattHours) <= most else {
            meterFault = .meterJumped
            return false
        }
        lastRegisterWattHours = sample.energyWattHours
        lastRegisterAt = sample.measuredAt
        energyWattHours = sample.energyWattHours.subtractingOrZero(startRegisterWattHours)
        return true
    }
}

extension StageConfiguration {
    /// The most energy that a meter behind the stage may count in that time: 1.2 times the rated power.
    func mostWattHours(in interval: Interval) -> Int64 {
        let watts = min(max(0, ratedWatts), Self.ratedWattsAtMost)
        let seconds = min(max(0, interval.milliseconds / 1_000 + 1), 1_000_000)
        return watts * 12 / 10 * seconds / 3_600
    }
}

/// The steps from authorized to energy.
enum PreparationStep: UInt8, CaseIterable, Sendable {
    case stage, lock, vehicle, outputDead, contactors, testVoltage, insulation, testDown, preChargeRequest,
        preCharge
}

/// Where a preparation stands.
struct Preparation: Hashable, Sendable {
    var step: PreparationStep
    var since: Instant
    /// When the step is over at the latest, or nil where it may wait (a shared stage).
    var deadline: Instant?
    var tries: UInt8 = 0
    /// When the cable check began.
    var cableCheckSince: Instant?
}

/// Who paused.
enum Pause: UInt8, CaseIterable, Sendable { case vehicle, post }

/// How urgent a stop is; the gravest so far counts.
enum Urgency: UInt8, CaseIterable, Sendable, Comparable {
    case emergency, vehicleLeft, error, asked
    static func < (left: Urgency, right: Urgency) -> Bool { left.rawValue < right.rawValue }
}

/// The steps from energy to an unplugged vehicle.
enum StopStep: UInt8, CaseIterable, Sendable { case rampDown, opening, discharge, release }

/// Where a stop stands.
struct Stop: Hashable, Sendable {
    var step: StopStep
    var since: Instant
    var deadline: Instant?
    var urgency: Urgency
    var reason: StopReason
    var fault: Fault?
    var tries: UInt8 = 0
    /// When the contactors were told to open.
    var openedAt: Instant?
    /// The energy with which the session's stop has been asked to be recorded, in watt-hours; nil until it has been.
    private(set) var bookedWattHours: Int64?
    var isBooked: Bool { bookedWattHours != nil }
    /// Whether the session had its stage: one that ends while it waits for a shared stage never had.
    var hadStage = true

    /// The books of the session are closed, with what it has taken so far; once is for good.
    mutating func book(_ session: Session) { bookedWattHours = bookedWattHours ?? session.energyWattHours }

    /// What is told of the session once it is over.
    func ended(_ session: Session) -> EndedSession {
        let energy = bookedWattHours ?? session.energyWattHours
        return EndedSession(
            id: session.id, reason: reason, fault: fault, energyWattHours: energy,
            hasCharged: energy > 0 || session.voltageAtStartMillivolts != 0)
    }
}

/// The states. What is not in a payload cannot be wrong: only states with a session have one.
enum ConnectorState: Hashable, Sendable {
    /// After a start, until the records have told all and the contacts are known to be dead.
    case starting
    /// Nothing plugged in.
    case vacant
    /// Plugged in without a session, since.
    case plugged(Instant)
    /// On the way to energy.
    case preparing(Session, Preparation)
    /// Energy may flow.
    case charging(Session)
    /// Paused, since.
    case suspended(Session, Pause, Instant)
    /// On the way out.
    case stopping(Session, Stop)
    /// The session is over; the plug is still in.
    case finished(EndedSession)

    /// Which of the states it is, without what the state holds.
    enum Kind: UInt8, CaseIterable, Sendable {
        case starting, vacant, plugged, preparing, charging, suspended, stopping, finished
    }

    var kind: Kind {
        switch self {
        case .starting: .starting
        case .vacant: .vacant
        case .plugged: .plugged
        case .preparing: .preparing
        case .charging: .charging
        case .suspended: .suspended
        case .stopping: .stopping
        case .finished: .finished
        }
    }

    /// The step of a preparation.
    var preparationStep: PreparationStep? {
        guard case .preparing(_, let preparation) = self else { return nil }
        return preparation.step
    }

    /// Whether the stage is given to the connector: from the step after waiting for it until it is discharged.
    var ownsStage: Bool {
        switch self {
        case .preparing(_, let preparation): preparation.step != .stage
        case .charging, .suspended: true
        case .stopping(_, let stop): stop.hadStage && stop.step != .release
        case .starting, .vacant, .plugged, .finished: false
        }
    }

    /// The step of a stop.
    var stopStep: StopStep? {
        guard case .stopping(_, let stop) = self else { return nil }
        return stop.step
    }

    /// The session, if there is one.
    @inline(__always)
    var session: Session? {
        switch self {
        case .starting, .vacant, .plugged, .finished: nil
        case .preparing(let session, _), .charging(let session), .suspended(let session, _, _),
            .stopping(let session, _):
            session
        }
    }

    /// The same state with this session in place of its own; states without one stay as they are.
    func with(_ session: Session) -> ConnectorState {
        switch self {
        case .starting, .vacant, .plugged, .finished: self
        case .preparing(_, let preparation): .preparing(session, preparation)
        case .charging: .charging(session)
        case .suspended(_, let pause, let since): .suspended(session, pause, since)
        case .stopping(_, let stop): .stopping(session, stop)
        }
    }
}

extension Int64 {
    /// The difference, or zero where it would be negative or out of range.
    func subtractingOrZero(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow || difference < 0 ? 0 : difference
    }
    /// The sum, or the largest number where it would be out of range.
    func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}

/// The power of that voltage and current in watts; cannot overflow, since both have 32 bits.
func watts(millivolts: Int32, milliamperes: Int32) -> Int64 {
    Int64(millivolts) * Int64(milliamperes) / 1_000_000
}
