// One post with its small world: hands events in, lets the world follow the actions, and looks at what came of it.

import Post

/// What an exploration found to be wrong.
public struct Finding: Sendable {
    /// What is broken, in words.
    public var what: String
    /// The moves that lead there from a fresh post, each with the state of the machine after it.
    public var path: [(move: Move, state: String)]
}

/// A core and its surroundings at one instant. A value: a copy is another future.
struct SmallPost {
    private(set) var core: PostCore
    private(set) var world = SmallWorld()
    private var now = Instant.zero
    private var register: Int64 = 1_000
    private var boot: UInt32 = 1
    /// What was asked of the records and has no answer yet.
    private var start: SessionStart?
    private var stop: SessionStop?
    private var sample: SessionSample?
    private var open: RestoredSession?
    private var meter: KnownMeter?
    /// Whether the records hold the connector out of service.
    private var isOutOfService = false
    private var askedCloud: CommandNumber?
    private var newestCommand: CommandNumber?
    private var isStartDurable = false
    /// The voltage that meter or monitor said last: a release rests on it, and not on what nobody has told yet.
    private var saidMillivolts: Int32 = 0
    /// What was broken by the last event, if anything was.
    private(set) var complaint: String?

    static let connector = ConnectorID(0)
    static let reader = ReaderID(0)
    static let listed = TokenName(high: 9, low: 1)
    static let another = TokenName(high: 9, low: 2)
    /// How often the devices speak.
    static let cadence = Interval.milliseconds(250)
    /// A wait that changed nothing for this long changes nothing at all: longer than every limit of `configuration`.
    static let waitsAtMost = Interval.seconds(45)

    /// One connector, and every wait of people cut to what `waitsAtMost` covers: the order of timers is kept.
    static func configuration(_ holder: LockHolder) -> PostConfiguration {
        var limits = SafetyLimits()
        limits.connectWithin = .seconds(35)
        limits.pauseAtMost = .seconds(40)
        limits.vehicleReadyWithin = .seconds(30)
        limits.samplesDurableWithin = .seconds(25)
        limits.meterFrozenFor = .seconds(20)
        limits.meterAfterRestartWithin = .seconds(20)
        limits.sampleEvery = .seconds(5)
        return PostConfiguration(
            connectors: [
                ConnectorConfiguration(
                    stage: StageID(0), lockHolder: holder, maximumMillivolts: 920_000, maximumMilliamperes: 400_000)
            ],
            stages: [
                StageConfiguration(ratedWatts: 150_000, maximumMillivolts: 920_000, maximumMilliamperes: 400_000)
            ],
            readers: [.wholePost], siteLimitWatts: 150_000, failSafeLimitWatts: 40_000, limits: limits)
    }

    init(_ configuration: PostConfiguration) {
        core = PostCore(configuration: configuration)
        bootUp()
        speak()
    }

    #if HOLDFAST_SEAMS
        /// The same post with a row of the fault table switched off, so that a test sees the exploration notice.
        init(_ configuration: PostConfiguration, without fault: Fault) {
            self.init(configuration)
            core.disarmed.insert(fault)
        }
    #endif

    /// What two futures must differ in to be told apart.
    var situation: Situation {
        let status = core.status(of: Self.connector)
        return Situation(
            shape: core.shape(of: Self.connector), phase: status.phase, waiting: status.waiting,
            faults: status.faults, isRefused: status.refusal != nil, degree: status.powerAllowed, world: world)
    }

    /// Plays a move; false where it means nothing here.
    mutating func play(_ move: Move) -> Bool {
        complaint = nil
        switch move {
        case .wait: wait()
        case .restart: restart()
        case .begin(let trouble):
            // The one before must have left nothing behind: what two leave together is the storm's.
            guard world.trouble == nil, core.status(of: Self.connector).faults.isEmpty else { return false }
            world.trouble = trouble
            troubleChanged()
        case .heal:
            guard world.trouble != nil else { return false }
            world.trouble = nil
            world.settle()
            troubleChanged()
        default: return playPeople(move) || playVehicle(move) || playRecords(move) || playOffice(move)
        }
        return true
    }

    private mutating func bootUp() {
        handle(.booted(BootFacts(bootNumber: boot, uncleanStarts: 0)))
        world.latches.forEach { fault in
            handle(.latchRestored(Latch(fault: fault, connector: Self.connector)))
        }
        if isOutOfService { handle(.outOfServiceRestored(Self.connector)) }
        if let meter { handle(.meterRestored(meter)) }
        if let open { handle(.sessionRestored(open)) }
        handle(.restored)
    }

    private mutating func restart() {
        let configuration = core.configuration
        #if HOLDFAST_SEAMS
            let disarmed = core.disarmed
        #endif
        core = PostCore(configuration: configuration)
        #if HOLDFAST_SEAMS
            core.disarmed = disarmed
        #endif
        boot += 1
        (start, stop, sample, askedCloud, newestCommand) = (nil, nil, nil, nil, nil)
        (world.isStartAsked, world.isStopAsked, world.isSampleAsked) = (false, false, false)
        isStartDurable = false
        // A dead process holds no line: the contactors fall, the stage loses its permissive.
        world.isToldClosed = false
        world.stage = .off
        world.isCloudUp = false
        world.isLimited = false
        world.settle()
        bootUp()
    }

    private mutating func wait() {
        let before = situation
        let end = now + Self.waitsAtMost
        let lines = world.lines
        if world.trouble != .linesLost {
            world.settle()
            if world.lines != lines {
                now = now + .milliseconds(20)
                handle(.lines(Self.connector, world.lines))
                return
            }
        }
        var speaksAt = now + Self.cadence
        while now < end, complaint == nil, situation == before {
            if let deadline = core.nextDeadline, deadline < speaksAt {
                now = max(now, deadline)
                handle(.timePassed)
                continue
            }
            now = speaksAt
            speaksAt = now + Self.cadence
            if world.milliamperes > 0 { register += 7 }
            speak()
        }
    }

    /// Everything every device has to say now.
    private mutating func speak() {
        speakNear()
        for event in samples() { handle(event) }
        world.isTested = true
        if world.isLimited { handle(.limit(.siteManager, watts: 0)) }
        // Samples are written as they are asked for; that they fail or never come is a move of its own.
        if let sample, world.trouble != .samplesLate {
            self.sample = nil
            world.isSampleAsked = false
            open?.lastRegisterWattHours = sample.registerWattHours
            open?.lastEnergyWattHours = sample.energyWattHours
            handle(.sampleRecorded(sample.session, .recorded))
        }
    }

    /// What the near lines say now, or that they cannot be read.
    private mutating func speakNear() {
        if world.trouble == .linesLost {
            handle(.linesLost(Self.connector))
        } else {
            handle(.interlocks(world.interlocks))
            handle(.lines(Self.connector, world.lines))
        }
    }

    private mutating func troubleChanged() {
        world.flow()
        speakNear()
        for event in samples() { handle(event) }
    }
}

extension SmallPost {
    /// What the far devices say now, those that speak.
    private func samples() -> [Event] {
        let id = Self.connector
        let measuredAt = world.trouble == .samplesLate ? now - .seconds(4) : now
        let isJoined = world.plus == .closed && world.minus == .closed
        var events: [Event] = []
        if world.trouble != .stageSilent {
            events.append(
                .stage(
                    StageID(0),
                    StageSample(
                        measuredAt: measuredAt, millivolts: stageMillivolts,
                        milliamperes: isJoined ? world.milliamperes : 0, availableMilliamperes: 400_000,
                        isOn: world.stage != .off, hasFault: world.trouble == .stageFault, modulesOut: 0)))
        }
        if world.trouble != .meterSilent {
            events.append(
                .meter(
                    id,
                    MeterSample(
                        measuredAt: measuredAt, millivolts: world.millivolts, milliamperes: world.milliamperes,
                        energyWattHours: world.trouble == .meterGoesBack ? 1 : register,
                        serial: world.trouble == .meterSwapped ? 4_712 : 4_711)))
        }
        if world.trouble != .monitorSilent {
            events.append(
                .insulation(
                    id,
                    InsulationSample(
                        measuredAt: measuredAt, ohms: world.trouble == .insulationLow ? 1_000 : 10_000_000,
                        millivolts: world.millivolts,
                        selfTest: world.trouble == .selfTestFailed ? .failed : world.isTested ? .passed : .pending))
            )
        }
        if world.phase != .silent, world.trouble != .vehicleSilent {
            events.append(
                .vehicle(
                    id,
                    VehicleSample(
                        measuredAt: measuredAt, phase: world.phase, targetMillivolts: SmallWorld.batteryMillivolts,
                        targetMilliamperes: SmallWorld.batteryMilliamperes, maximumMillivolts: 900_000,
                        maximumMilliamperes: 400_000, stateOfChargePerMille: 500)))
        }
        if world.trouble != .temperatureSilent {
            let pin: Int32 = world.trouble == .contactsHot ? 95_000 : 25_000
            events.append(
                .temperature(
                    id,
                    TemperatureSample(
                        measuredAt: measuredAt, pinAMillidegrees: pin, pinBMillidegrees: pin,
                        cabinetMillidegrees: 30_000, coolingRuns: true)))
        }
        return events
    }

    private var stageMillivolts: Int32 {
        switch world.stage {
        case .off: 0
        case .on(let millivolts, _): world.plus == .closed && world.minus == .closed ? world.millivolts : millivolts
        }
    }

    // MARK: Moves

    private mutating func playPeople(_ move: Move) -> Bool {
        switch move {
        case .plugIn where !world.isPlugged:
            (world.isPlugged, world.pilot, world.phase, world.told) = (true, .b, .parameters, .nothing)
            nearChanged()
        case .drawPlug where world.isPlugged && world.lock != .closed:
            (world.isPlugged, world.pilot, world.phase, world.told) = (false, .a, .silent, .nothing)
            nearChanged()
        case .tapListed: handle(.tokenPresented(Self.reader, Self.listed))
        case .tapAnother: handle(.tokenPresented(Self.reader, Self.another))
        case .readGarbage: handle(.readerGarbage(Self.reader))
        case .pushStop where world.trouble != .linesLost:
            for isPressed in [true, false] {
                world.isStopPressed = isPressed
                handle(.lines(Self.connector, world.lines))
            }
        case .lookUpListed: lookedUp(.listed)
        case .lookUpNotListed: lookedUp(.notListed)
        case .lookUpRefused: lookedUp(.refused(.expiredToken))
        default: return false
        }
        return true
    }

    private mutating func lookedUp(_ verdict: TokenLookUp.Verdict) {
        for token in [Self.listed, Self.another] {
            handle(
                .tokenLookedUp(
                    Self.reader,
                    TokenLookUp(token: token, verdict: verdict, group: 0, freshness: .fresh, allowance: .unlimited))
            )
        }
    }

    private mutating func playVehicle(_ move: Move) -> Bool {
        guard world.isPlugged else { return false }
        switch move {
        case .vehicleGoesOn:
            switch (world.phase, world.told) {
            case (.parameters, .authorized): (world.phase, world.pilot) = (.cableCheck, .c)
            case (.cableCheck, .cableCheckPassed): world.phase = .preCharge
            case (.preCharge, _) where world.millivolts > 0: world.phase = .charge
            case (.pause, _): world.phase = .charge
            case (.cableCheck, .stop), (.preCharge, .stop), (.charge, .stop): world.phase = .stop
            case (.stop, _): (world.phase, world.pilot) = (.ended, .b)
            default: return false
            }
        case .vehiclePauses where world.phase == .charge: world.phase = .pause
        case .vehicleStops where [.cableCheck, .preCharge, .charge, .pause].contains(world.phase):
            world.phase = .stop
        case .vehicleLeavesStateC where world.pilot == .c: world.pilot = .b
        default: return false
        }
        nearChanged()
        return true
    }

    private mutating func nearChanged() {
        world.flow()
        if world.trouble != .linesLost { handle(.lines(Self.connector, world.lines)) }
        for event in samples() { handle(event) }
    }

    private mutating func playRecords(_ move: Move) -> Bool {
        switch move {
        case .startRecorded, .startSpent, .startFailed:
            guard let asked = start else { return false }
            start = nil
            world.isStartAsked = false
            if move == .startRecorded {
                isStartDurable = true
                world.hasOpenRecord = true
                open = RestoredSession(
                    start: asked, lastRegisterWattHours: asked.registerWattHours, lastEnergyWattHours: 0)
            }
            let outcome: RecordOutcome =
                move == .startRecorded ? .recorded : move == .startSpent ? .alreadySpent : .failed
            handle(.startRecorded(asked.session, outcome))
        case .stopRecorded, .stopFailed:
            // Records answer in the order in which they were asked.
            guard let asked = stop, start == nil else { return false }
            stop = nil
            world.isStopAsked = false
            if move == .stopRecorded { (open, world.hasOpenRecord) = (nil, false) }
            handle(.stopRecorded(asked.session, move == .stopRecorded ? .recorded : .failed))
        case .sampleFailed:
            guard let asked = sample else { return false }
            sample = nil
            world.isSampleAsked = false
            handle(.sampleRecorded(asked.session, .failed))
        case .commandRefused, .commandTimedOut:
            guard let number = newestCommand else { return false }
            newestCommand = nil
            handle(.commandFinished(number, move == .commandRefused ? .refused : .timedOut))
        default: return false
        }
        return true
    }

    private mutating func playOffice(_ move: Move) -> Bool {
        switch move {
        case .cloudComes, .cloudGoes:
            guard world.isCloudUp != (move == .cloudComes) else { return false }
            world.isCloudUp = move == .cloudComes
            handle(.cloudLink(isUp: world.isCloudUp))
        case .cloudAccepts, .cloudRefuses:
            guard let number = askedCloud else { return false }
            askedCloud = nil
            handle(.cloudAnswered(number, move == .cloudAccepts ? .accepted(sessionWattHours: 20_000) : .refused))
        case .tokenRevoked: handle(.tokenRevoked(Self.listed))
        case .tokenDenied: handle(.tokenDenied(Self.listed))
        case .limitToNothing, .limitLifted:
            guard world.isLimited != (move == .limitToNothing) else { return false }
            world.isLimited = move == .limitToNothing
            handle(.limit(.siteManager, watts: world.isLimited ? 0 : nil))
        case .operatorStarts: command(.start(Self.connector, Self.another))
        case .operatorStops: command(.stop(Self.connector, .remote))
        case .takeOutOfService: command(.setAvailable(Self.connector, false))
        case .takeIntoService: command(.setAvailable(Self.connector, true))
        case .clearFaults:
            let faults = core.status(of: Self.connector).faults
            guard !faults.isEmpty else { return false }
            faults.forEach { fault in command(.clearFault(fault, Self.connector)) }
        default: return false
        }
        return true
    }

    private mutating func command(_ command: OperatorCommand) { handle(.command(CommandNumber(9_999), command)) }

    // MARK: Events and what comes of them

    private mutating func handle(_ event: Event) {
        switch event {
        case .meter(_, let sample): saidMillivolts = sample.millivolts
        case .insulation(_, let sample): saidMillivolts = sample.millivolts
        default: break
        }
        var actions = Actions()
        core.handle(event, at: now, into: &actions)
        for action in actions.list {
            look(at: action)
            follow(action)
        }
        look(after: event)
    }

    private mutating func follow(_ action: Action) {
        switch action {
        case .allowPower: world.isToldClosed = true
        case .withdrawPower: world.isToldClosed = false
        case .setLock(_, let isHeld): world.isToldLocked = isHeld
        case .commandInsulation(_, _, .test): world.isTested = false
        case .commandStage(_, let number, let command):
            (world.stage, newestCommand) = (command, number)
            world.flow()
        case .tellVehicle(_, _, let notice): tell(notice)
        case .askCloud(let number, _, _): askedCloud = number
        case .recordStart(let asked): (start, world.isStartAsked, isStartDurable) = (asked, true, false)
        case .recordSample(let asked): (sample, world.isSampleAsked) = (asked, true)
        case .recordStop(let asked): (stop, world.isStopAsked) = (asked, true)
        case .recordLatch(let latch, let isSet):
            if isSet { world.latches.insert(latch.fault) } else { world.latches.remove(latch.fault) }
            handle(.latchRecorded(latch, isSet: isSet, .recorded))
        case .recordMeter(let known):
            meter = known
            handle(.meterRecorded(known, .recorded))
        case .recordAvailability(let id, let isIn):
            isOutOfService = !isIn
            handle(.availabilityRecorded(id, isInService: isIn, .recorded))
        default: break
        }
    }

    private mutating func tell(_ notice: VehicleNotice) {
        guard world.isPlugged else { return }
        switch notice {
        case .authorized: world.told = .authorized
        case .cableCheckPassed: world.told = .cableCheckPassed
        case .stopRequested, .emergency: world.told = .stop
        case .ended: (world.told, world.phase, world.pilot) = (.ended, .ended, .b)
        case .limits: break
        }
    }

    // MARK: The outside judge

    private mutating func look(at action: Action) {
        switch action {
        case .report(.defect(let rule, _)):
            complain("the supervisor stepped in: rule \(rule.rawValue), \(words(rule))")
        case .allowPower(_, let degree):
            if !world.isPlugged { complain("power of degree \(degree) without a plug") }
            if degree > .test, !isStartDurable {
                complain("power of degree \(degree) before the start is recorded")
            }
        case .setLock(_, false), .tellVehicle(_, _, .ended):
            if world.isPlugged, saidMillivolts >= 60_000 {
                complain("released at \(saidMillivolts / 1_000) V")
            }
        case .recordStart: if world.hasOpenRecord { complain("a second session begins while one is open") }
        default: break
        }
    }

    private mutating func look(after event: Event) {
        let why: String
        switch event {
        case .interlocks(let levels)
        where levels.isControllerSilent || levels.emergencyStopPressed || levels.doorOpen || levels.tiltOrWater
            || !levels.protectiveEarthGood || levels.residualCurrentTripped:
            why = "an interlock tripped"
        case .linesLost: why = "the lines were lost"
        case .lines(_, let lines) where lines.proximity != .seated: why = "the plug was lost"
        default: return
        }
        if core.status(of: Self.connector).powerAllowed != nil { complain("power is still allowed after \(why)") }
    }

    private mutating func complain(_ what: String) { if complaint == nil { complaint = what } }
}
