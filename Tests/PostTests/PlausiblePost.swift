// A small model of a post and a vehicle for the core's own tests: samples answer the actions, without any physics.

@testable import Post

/// Drives a core in virtual time with devices that do what they are told, unless a test bends them.
final class PlausiblePost {
    var core: PostCore
    var now = Instant.zero
    var actions = Actions()
    /// Everything the core wanted, with its instant.
    var log: [(at: Instant, action: Action)] = []
    /// Looks at every event with the actions it gave.
    var judge: OutsideJudge?
    /// Sees every event with the actions it gave, before they are performed.
    var onEvent: ((Event, [Action]) -> Void)?
    /// The supervisor as it stood before the call in which the machine first allowed a degree.
    private(set) var moments: [PowerDegree: (supervisor: Supervisor, at: Instant, event: Event)] = [:]

    /// What the devices show; a test may change any of it.
    var lines: [ConnectorLines]
    var interlocks = InterlockLevels.allGood
    var volts: [Int32]
    var currents: [Int32]
    var registers: [Int64]
    var serials: [UInt64]
    var phases: [VehiclePhase]
    var targets: [(millivolts: Int32, milliamperes: Int32)]
    var ohms: [Int32]
    var temperatures: [Int32]
    /// What each stage was told.
    var setpoints: [StageCommand]
    var stageSilent = false
    var meterSilent = false
    var monitorSilent = false
    var vehicleSilent = false
    /// How far the clock of the far devices is wrong: a positive lag makes samples late, a negative one future-stamped.
    var lag = Interval.zero
    var recordsAnswer: RecordOutcome? = .recorded
    /// How often every device speaks, with a plug in and without.
    var cadence = Interval.milliseconds(50)
    var idleCadence = Interval.milliseconds(50)
    /// Whether `moments` are kept: each costs a copy of the supervisor.
    private let keepsMoments: Bool
    /// Poles that do not open any more.
    var welded: [(plus: Bool, minus: Bool)]
    var neverCloses = false
    /// Whether the current follows what the stage is told.
    var followsSetpoint = true
    /// What becomes of whatever a device says: a test bends it, or takes it away with nil.
    var bend: (Event) -> Event? = { $0 }

    /// What the records hold: they outlive a restart.
    private var latches: [Latch] = []
    private var outOfService: [ConnectorID] = []
    private var meters: [KnownMeter] = []
    private var openSessions: [RestoredSession] = []
    private var bootNumber: UInt32 = 7
    private var queue: [(at: Instant, sequence: Int, event: Event)] = []
    private var sequence = 0
    let count: Int

    static let idleLines = ConnectorLines(
        pilot: .a, proximity: .open, lock: .open, contactorPlus: .open, contactorMinus: .open, stopPressed: false)

    init(
        _ configuration: PostConfiguration = .twoConnectors, judge: OutsideJudge? = nil, keepsMoments: Bool = false
    ) {
        self.keepsMoments = keepsMoments
        core = PostCore(configuration: configuration)
        self.judge = judge
        count = configuration.connectors.count
        lines = Array(repeating: Self.idleLines, count: count)
        volts = Array(repeating: 0, count: count)
        currents = Array(repeating: 0, count: count)
        registers = Array(repeating: 1_000, count: count)
        serials = Array(repeating: 4711, count: count)
        phases = Array(repeating: .silent, count: count)
        targets = Array(repeating: (400_000, 100_000), count: count)
        ohms = Array(repeating: 10_000_000, count: count)
        temperatures = Array(repeating: 25_000, count: count)
        setpoints = Array(repeating: .off, count: configuration.stages.count)
        welded = Array(repeating: (false, false), count: count)
        boot()
    }

    private func boot(hears: Bool = true) {
        handle(.booted(BootFacts(bootNumber: bootNumber, uncleanStarts: 0)))
        for latch in latches { handle(.latchRestored(latch)) }
        for id in outOfService { handle(.outOfServiceRestored(id)) }
        for meter in meters { handle(.meterRestored(meter)) }
        for session in openSessions { handle(.sessionRestored(session)) }
        handle(.restored)
        if hears { sample() }
    }

    /// The post dies and starts again; the world goes on, and the records tell what they hold.
    func restart(hears: Bool = true) {
        core = PostCore(configuration: core.configuration)
        bootNumber += 1
        queue.removeAll()
        boot(hears: hears)
    }

    /// One event, now.
    func handle(_ event: Event) {
        let before = keepsMoments ? core.supervisor : nil
        actions.removeAll()
        core.handle(event, at: now, into: &actions)
        let given = actions.list
        judge?.judge(event, given, of: self)
        onEvent?(event, given)
        for action in given {
            if case .allowPower(_, let degree) = action, moments[degree] == nil, let before {
                moments[degree] = (before, now, event)
            }
            log.append((now, action))
            answer(action)
        }
    }

    func later(_ interval: Interval, _ event: Event) {
        sequence += 1
        queue.append((now + interval, sequence, event))
    }

    /// Everything every device has to say, now.
    func sample() {
        deliver(.interlocks(interlocks))
        for index in 0..<count {
            for event in samples(of: index) { deliver(event) }
        }
    }

    private func deliver(_ event: Event) {
        if let bent = bend(event) { handle(bent) }
    }

    /// What the devices of one connector say now.
    func samples(of index: Int) -> [Event] {
        let id = ConnectorID(UInt8(index))
        let stage = core.configuration.connectors[index].stage
        let told = setpoints[Int(stage.index)]
        let measuredAt = Instant(microseconds: now.microseconds - lag.microseconds)
        var events: [Event] = [.interlocks(interlocks), .lines(id, lines[index])]
        if !stageSilent {
            // What hangs on the stage: the connector whose contactors are closed, or nobody.
            let joined = (0..<count).first {
                core.configuration.connectors[$0].stage == stage && lines[$0].contactorPlus == .closed
            }
            events.append(
                .stage(
                    stage,
                    StageSample(
                        measuredAt: measuredAt, millivolts: told == .off ? 0 : joined.map { volts[$0] } ?? 0,
                        milliamperes: joined.map { currents[$0] } ?? 0, availableMilliamperes: 400_000,
                        isOn: told != .off, hasFault: false, modulesOut: 0)))
        }
        if !meterSilent { events.append(meterEvent(index, at: measuredAt)) }
        if !monitorSilent {
            let sample = InsulationSample(
                measuredAt: measuredAt, ohms: ohms[index], millivolts: volts[index], selfTest: .passed)
            events.append(.insulation(id, sample))
        }
        if phases[index] != .silent, !vehicleSilent {
            events.append(
                .vehicle(
                    id,
                    VehicleSample(
                        measuredAt: measuredAt, phase: phases[index], targetMillivolts: targets[index].millivolts,
                        targetMilliamperes: targets[index].milliamperes, maximumMillivolts: 900_000,
                        maximumMilliamperes: 400_000, stateOfChargePerMille: 500)))
        }
        events.append(
            .temperature(
                id,
                TemperatureSample(
                    measuredAt: measuredAt, pinAMillidegrees: temperatures[index],
                    pinBMillidegrees: temperatures[index], cabinetMillidegrees: 30_000, coolingRuns: true)))
        return events
    }

    func meterEvent(_ index: Int, at measuredAt: Instant) -> Event {
        .meter(
            ConnectorID(UInt8(index)),
            MeterSample(
                measuredAt: measuredAt, millivolts: volts[index], milliamperes: currents[index],
                energyWattHours: registers[index], serial: serials[index]))
    }

    private var samplesEvery: Interval { phases.contains { $0 != .silent } ? cadence : idleCadence }

    /// Lets time pass, samples and deadlines included.
    func run(_ interval: Interval) {
        let end = now + interval
        var nextSample = now + samplesEvery
        while now < end {
            let due = queue.min { ($0.at, $0.sequence) < ($1.at, $1.sequence) }
            var next = min(nextSample, end)
            if let deadline = core.nextDeadline { next = min(next, deadline) }
            if let due, due.at <= next {
                now = max(now, due.at)
                queue.removeAll { $0.sequence == due.sequence }
                // Lines are read as they are when they are read.
                if case .lines(let id, _) = due.event {
                    deliver(.lines(id, lines[Int(id.index)]))
                } else {
                    handle(due.event)
                }
                continue
            }
            let isDeadline = next < nextSample
            now = next
            if isDeadline {
                handle(.timePassed)
            } else {
                for index in 0..<count where currents[index] > 0 { registers[index] += 2 }
                sample()
                nextSample = now + samplesEvery
            }
        }
    }

    private func answer(_ action: Action) {
        switch action {
        case .allowPower(let id, _):
            guard !neverCloses else { break }
            setContactors(id, .closed, .closed)
        case .withdrawPower(let id):
            let stuck = welded[Int(id.index)]
            setContactors(id, stuck.plus ? .closed : .open, stuck.minus ? .closed : .open)
            volts[Int(id.index)] = 0
            currents[Int(id.index)] = 0
        case .setLock(let id, let isHeld):
            lines[Int(id.index)].lock = isHeld ? .closed : .open
            later(.milliseconds(200), .lines(id, lines[Int(id.index)]))
        case .commandStage(let id, _, let command):
            setpoints[Int(id.index)] = command
            for index in 0..<count where core.configuration.connectors[index].stage == id { follow(command, index) }
        case .tellVehicle(let id, _, let notice): tell(notice, Int(id.index))
        case .recordLatch(let latch, let isSet):
            latches.removeAll { $0 == latch }
            if isSet { latches.append(latch) }
            answerRecords(action)
        default: answerRecords(action)
        }
    }

    private func tell(_ notice: VehicleNotice, _ index: Int) {
        guard lines[index].proximity == .seated else { return }
        switch notice {
        case .authorized:
            phases[index] = .cableCheck
            lines[index].pilot = .c
        case .cableCheckPassed: phases[index] = .preCharge
        case .stopRequested, .emergency: phases[index] = .stop
        case .ended:
            phases[index] = .ended
            lines[index].pilot = .b
        case .limits: break
        }
    }

    private func answerRecords(_ action: Action) {
        guard let outcome = recordsAnswer else { return }
        switch action {
        case .recordStart(let start):
            if outcome == .recorded {
                openSessions.append(
                    RestoredSession(
                        start: start, lastRegisterWattHours: start.registerWattHours, lastEnergyWattHours: 0))
            }
            later(.milliseconds(5), .startRecorded(start.session, outcome))
        case .recordSample(let sample):
            for index in openSessions.indices
            where openSessions[index].start.session == sample.session && outcome == .recorded {
                openSessions[index].lastRegisterWattHours = sample.registerWattHours
                openSessions[index].lastEnergyWattHours = sample.energyWattHours
            }
            later(.milliseconds(5), .sampleRecorded(sample.session, outcome))
        case .recordStop(let stop):
            if outcome == .recorded { openSessions.removeAll { $0.start.session == stop.session } }
            later(.milliseconds(5), .stopRecorded(stop.session, outcome))
        case .recordLatch(let latch, let isSet):
            later(.milliseconds(5), .latchRecorded(latch, isSet: isSet, outcome))
        case .recordMeter(let meter):
            if outcome == .recorded {
                meters.removeAll { $0.connector == meter.connector }
                meters.append(meter)
            }
            later(.milliseconds(5), .meterRecorded(meter, outcome))
        case .recordAvailability(let id, let isIn):
            if outcome == .recorded {
                outOfService.removeAll { $0 == id }
                if !isIn { outOfService.append(id) }
            }
            later(.milliseconds(5), .availabilityRecorded(id, isInService: isIn, outcome))
        default: break
        }
    }

    private func setContactors(_ id: ConnectorID, _ plus: ContactSense, _ minus: ContactSense) {
        lines[Int(id.index)].contactorPlus = plus
        lines[Int(id.index)].contactorMinus = minus
        later(.milliseconds(20), .lines(id, lines[Int(id.index)]))
    }

    /// The voltage and the current at the contacts follow the stage where the contactors are closed.
    private func follow(_ command: StageCommand, _ index: Int) {
        let isJoined = lines[index].contactorPlus == .closed && lines[index].contactorMinus == .closed
        switch command {
        case .off:
            if phases[index] != .charge { volts[index] = 0 }
            currents[index] = 0
        case .on(let millivolts, let milliamperes):
            guard isJoined, followsSetpoint else { return }
            volts[index] = phases[index] == .charge ? targets[index].millivolts : millivolts
            if phases[index] == .preCharge, core.status(of: ConnectorID(UInt8(index))).powerAllowed == .match {
                phases[index] = .charge
            }
            currents[index] = phases[index] == .charge ? min(milliamperes, targets[index].milliamperes) : 0
        }
    }

    // Steps of a session, for tests to start from

    func plug(_ index: Int = 0) {
        lines[index].proximity = .seated
        lines[index].pilot = .b
        phases[index] = .parameters
        run(.milliseconds(100))
    }

    func unplug(_ index: Int = 0) {
        lines[index].proximity = .open
        lines[index].pilot = .a
        phases[index] = .silent
        run(.milliseconds(100))
    }

    func tap(
        _ token: UInt64 = 1, verdict: TokenLookUp.Verdict = .listed, group: UInt64 = 0, at reader: UInt8 = 0
    ) {
        let name = TokenName(high: 9, low: token)
        handle(.tokenPresented(ReaderID(reader), name))
        handle(
            .tokenLookedUp(
                ReaderID(reader),
                TokenLookUp(token: name, verdict: verdict, group: group, freshness: .fresh, allowance: .unlimited)))
    }

    /// Plugged, tapped and charging.
    func charge(_ index: Int = 0, token: UInt64 = 1) {
        plug(index)
        tap(token)
        run(.seconds(4))
    }

    func status(_ index: Int = 0) -> ConnectorStatus { core.status(of: ConnectorID(UInt8(index))) }

    var defects: [Rule] {
        log.compactMap { if case .report(.defect(let rule, _)) = $0.action { rule } else { nil } }
    }
    func count(where matches: (Action) -> Bool) -> Int { log.filter { matches($0.action) }.count }

    /// Contactors that were stuck follow what they were told last.
    func mendContactors(_ index: Int) {
        let isAllowed = core.status(of: ConnectorID(UInt8(index))).powerAllowed != nil
        setContactors(ConnectorID(UInt8(index)), isAllowed ? .closed : .open, isAllowed ? .closed : .open)
    }

    /// A start as the machine would ask for it.
    func start(token: UInt64, source: AuthorizationSource, at index: Int = 0) -> SessionStart {
        SessionStart(
            session: SessionID(boot: bootNumber, counter: 1_000), connector: ConnectorID(UInt8(index)),
            token: TokenName(high: 9, low: token), group: 0, source: source, freshness: .fresh, startedAt: now,
            registerWattHours: registers[index], meterSerial: serials[index], allowance: .unlimited)
    }
}
