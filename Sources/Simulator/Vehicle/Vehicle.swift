// A vehicle at a connector: its message sequence, its own contactors, its own patience.

public import Post

/// A vehicle that is plugged in. It goes through the sequence of an ISO 15118 / DIN 70121 session at its own pace, and gives
/// up when the post takes too long.
public final class Vehicle {
    /// How often it sends a message once it talks. 100 ms: within the 250 ms of ISO 15118-2's current demand.
    static let turnsEvery: Interval = .milliseconds(100)
    /// From the digital pilot to its first message: link set-up. Engineering default, typical for SLAC.
    static let wakesAfter: Interval = .milliseconds(1_500)
    /// From its first message to its readiness: session set-up and parameters. Engineering default.
    static let readyAfter: Interval = .seconds(1)
    /// From the decision to the movement of its own contactors. Engineering default.
    static let contactorsTake: Interval = .milliseconds(120)
    /// ISO 15118-2: sequence 60 s, cable check 40 s, pre-charge 7 s.
    static let sequencePatience: Interval = .seconds(60)
    static let cableCheckPatience: Interval = .seconds(40)
    static let preChargePatience: Interval = .seconds(7)
    /// How near the voltage at its inlet must be to its battery before it closes. Within the ±20 V of IEC 61851-23.
    static let matchVolts = 15.0
    /// It opens its own contactors below this, or `opensAnywayAfter` it asked for the end.
    static let safeAmperes = 1.0
    static let opensAnywayAfter: Interval = .milliseconds(2_500)
    /// How fast its demand falls when it wants to end, in amperes a message.
    static let rampPerTurn = 10.0

    /// Where it is in its sequence.
    public enum Step: UInt8, Sendable {
        case asleep, settingUp, cableCheck, preCharge, closing, charging, pausing, rampingDown, stopping, opened,
            ended
        case gone
    }

    /// What it is.
    public let profile: VehicleProfile
    /// When it was plugged in.
    public let arrivedAt: Instant
    /// How it behaves; faults change it.
    public internal(set) var manners: VehicleManners
    /// How it would behave without faults: as it came, or as it was told since.
    public internal(set) var usualManners: VehicleManners
    /// The current that it was told to ask for, in milliamperes; nil: what its battery takes.
    public internal(set) var toldToAskMilliamperes: Int64?
    /// Where it is in its sequence.
    public private(set) var step: Step = .asleep
    /// The current it asks for now, in amperes.
    public internal(set) var demandAmperes = 0.0
    private var since = Instant.zero
    private var firstAmpereAt: Instant?
    var hasPaused = false
    /// Whether its pause lasts until it is told to go on.
    var isPausedByHand = false
    private var isAuthorized = false
    private var hasPassedCableCheck = false
    private var passedCableCheckAt = Instant.zero
    private var toldAmperes = Double.infinity
    private var matches = 0
    /// Whether it charges, and would take at least 20 A where it was told to take less than 5 A.
    public var isHeldDown: Bool { step == .charging && isToldTooLittle }
    private var isToldTooLittle = false
    private static let (heldDownFrom, heldDownBelow) = (20.0, 5.0)
    private var contactorsMoveAt = Instant.zero
    private var wantsClosed = false
    private var endedTurns = 0
    private let terminals: Terminals
    private unowned let connector: SimulatedConnector

    init(_ profile: VehicleProfile, at connector: SimulatedConnector) {
        self.profile = profile
        arrivedAt = connector.terminals.now
        manners = profile.manners
        usualManners = profile.manners
        self.connector = connector
        terminals = connector.terminals
    }

    private var now: Instant { terminals.now }
    private var inStep: Interval { now - since }
    /// Its state of charge in tenths of a percent.
    public var stateOfChargePerMille: Int { Int((terminals.branch.battery?.share ?? 0) * 1_000) }
    /// Whether it asks for energy on the pilot (state C).
    public var wantsEnergy: Bool { isDelivering && !hasLeftStateC }
    /// Whether a delivery is under way, whatever the pilot says of it.
    private var isDelivering: Bool {
        switch step {
        case .asleep, .settingUp, .opened, .ended, .gone: return false
        case .cableCheck, .preCharge, .closing, .charging, .pausing, .rampingDown, .stopping: return true
        }
    }
    /// A fault: the pilot goes from C to B without a word.
    var hasLeftStateC = false
    /// A fault: its own contactors have fallen open and do not close again.
    var hasDroppedLoad = false
    /// A fault, or a habit: it shows state C without wanting anything.
    var isPulsing = false
    /// Whether its pilot shows state C.
    var showsStateC: Bool { wantsEnergy || (isPulsing && !isDelivering) }
    /// Whether its inlet holds the plug: from the cable check until the session is over and the contacts are dead.
    public var holdsPlug: Bool {
        switch step {
        case .asleep, .settingUp, .ended, .gone: terminals.branch.contactVolts > Judge.touchSafeVolts
        case .cableCheck, .preCharge, .closing, .charging, .pausing, .rampingDown, .stopping, .opened: true
        }
    }

    func go(_ next: Step) {
        let wanted = wantsEnergy
        step = next
        since = now
        if wanted != wantsEnergy { terminals.post.touchLines() }
    }

    // What it hears

    /// The pilot says something else.
    func pilotChanged() {
        switch connector.pilot.output {
        case .digital where step == .asleep: connector.link.wake(after: Self.wakesAfter)
        case .steady, .unavailable: if isDelivering { stopAtOnce() }
        case .digital: break
        }
    }

    /// A message from the post.
    func hear(_ notice: VehicleNotice) {
        switch notice {
        case .authorized: isAuthorized = true
        case .cableCheckPassed: (hasPassedCableCheck, passedCableCheckAt) = (true, now)
        case .limits(_, let milliamperes): toldAmperes = Double(milliamperes) / 1_000
        case .stopRequested: if !manners.ignoresStop, isDelivering, step != .stopping { go(.stopping) }
        case .emergency: if isDelivering { stopAtOnce() }
        case .ended:
            if step != .ended, step != .gone { go(.ended) }
            terminals.settle()
            connector.world.judge.released(terminals.branch, terminals.place, at: now)
        }
    }

    private func stopAtOnce() {
        demandAmperes = 0
        moveContactors(isClosed: false, after: .milliseconds(40))
        go(.opened)
    }

    // What it does ten times a second

    /// One turn of its message loop. Returns whether it goes on.
    func turn() -> Bool {
        if step == .asleep { go(.settingUp) }
        advanceSequence()
        if now >= contactorsMoveAt, wantsClosed != terminals.branch.isVehicleClosed {
            connector.setVehicleContactors(isClosed: wantsClosed)
        }
        if step == .ended {
            endedTurns += 1
            if endedTurns > 10 { go(.gone) }
        }
        return step != .gone
    }

    private func advanceSequence() {
        switch step {
        case .asleep, .gone, .ended: break
        case .settingUp:
            if isAuthorized, inStep >= Self.readyAfter, !manners.isNeverReady { go(.cableCheck) }
            if !isAuthorized, inStep > Self.sequencePatience { go(.ended) }
        case .cableCheck:
            if hasPassedCableCheck {
                if now - passedCableCheckAt >= .seconds(manners.preChargeAfterSeconds) { go(.preCharge) }
            } else if inStep > Self.cableCheckPatience {
                go(.stopping)
            }
        case .preCharge: seekMatch()
        case .closing:
            if terminals.branch.isVehicleClosed { go(.charging) }
        case .charging: charge()
        case .pausing: if !isPausedByHand, inStep > .seconds(manners.pauseSeconds) { go(.charging) }
        case .rampingDown:
            demandAmperes = max(0, demandAmperes - Self.rampPerTurn)
            if demandAmperes == 0 { go(.stopping) }
        case .stopping: stop()
        case .opened: if inStep > .seconds(20) { go(.ended) }
        }
    }

    private func seekMatch() {
        terminals.settle()
        let open = terminals.branch.battery?.openVolts ?? 0
        matches = abs(terminals.branch.contactVolts - open) <= Self.matchVolts ? matches + 1 : 0
        if matches >= 3, !manners.neverCloses {
            moveContactors(isClosed: true, after: Self.contactorsTake)
            go(.closing)
        } else if inStep > Self.preChargePatience {
            go(.stopping)
        }
    }

    private func charge() {
        terminals.settle()
        guard let battery = terminals.branch.battery else { return }
        let volts = max(terminals.branch.contactVolts, battery.openVolts)
        var wanted =
            toldToAskMilliamperes.map { Double($0) / 1_000 }
            ?? min(profile.maximumAmperes, profile.watts(at: battery.share) / max(volts, 1))
        // What it is told to ask for it comes down to as fast as to its end; a limit of the post it keeps at once.
        if toldToAskMilliamperes != nil { wanted = max(wanted, demandAmperes - Self.rampPerTurn) }
        isToldTooLittle = wanted > Self.heldDownFrom && toldAmperes < Self.heldDownBelow
        if manners.ignoresLimits {
            wanted = max(wanted, toldAmperes * 1.3)
        } else {
            wanted = min(wanted, toldAmperes)
        }
        demandAmperes = wanted
        if terminals.branch.amperes > 1, firstAmpereAt == nil { firstAmpereAt = now }
        if Int(battery.share * 1_000) >= profile.targetPerMille { go(.rampingDown) }
        if let firstAmpereAt, manners.pausesAfterSeconds > 0, !hasPaused,
            now - firstAmpereAt >= .seconds(manners.pausesAfterSeconds)
        {
            hasPaused = true
            demandAmperes = 0
            go(.pausing)
        }
    }

    private func stop() {
        demandAmperes = 0
        terminals.settle()
        let isSafe = abs(terminals.branch.amperes) < Self.safeAmperes
        guard isSafe || inStep > Self.opensAnywayAfter else { return }
        moveContactors(isClosed: false, after: Self.contactorsTake)
        go(.opened)
    }

    private func moveContactors(isClosed: Bool, after delay: Interval) {
        wantsClosed = isClosed
        contactorsMoveAt = now + delay
        connector.link.turnSoon(after: delay)
    }

    // What it says

    /// Its message of now.
    var message: VehicleSample {
        let open = terminals.branch.battery?.openVolts ?? 0
        let volts: Double
        switch step {
        case .preCharge, .closing: volts = open + manners.preChargeOffsetVolts
        case .charging, .pausing, .rampingDown: volts = profile.maximumVolts
        case .asleep, .settingUp, .cableCheck, .stopping, .opened, .ended, .gone: volts = 0
        }
        return VehicleSample(
            measuredAt: now, phase: phase, targetMillivolts: thousandths(volts),
            targetMilliamperes: thousandths(demandAmperes), maximumMillivolts: thousandths(profile.maximumVolts),
            maximumMilliamperes: thousandths(profile.maximumAmperes),
            stateOfChargePerMille: manners.hidesStateOfCharge ? -1 : Int16(clamping: stateOfChargePerMille))
    }

    private var phase: VehiclePhase {
        switch step {
        case .asleep, .gone: .silent
        case .settingUp: .parameters
        case .cableCheck: .cableCheck
        case .preCharge, .closing: .preCharge
        case .charging, .rampingDown: .charge
        case .pausing: .pause
        case .stopping, .opened: .stop
        case .ended: .ended
        }
    }
}
