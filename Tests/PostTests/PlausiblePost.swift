// A small model of a post and a vehicle for the core's own tests: samples answer the actions, without any physics.

@testable import Post

/// Drives a core in virtual time with devices that do what they are told, unless a test bends them.
final class PlausiblePost {
    var core: PostCore
    var now = Instant.zero
    var actions = Actions()
    /// Everything the core wanted, with its instant.
    var log: [(at: Instant, action: Action)] = []
    /// What the devices show; a test may change any of it.
    var lines: [ConnectorLines]
    var interlocks = InterlockLevels.allGood
    var volts: [Int32]
    var currents: [Int32]
    var registers: [Int64]
    var phases: [VehiclePhase]
    var targets: [(millivolts: Int32, milliamperes: Int32)]
    var ohms: [Int32]
    var temperatures: [Int32]
    var setpoints: [StageCommand]
    var stageSilent = false
    var meterSilent = false
    var vehicleSilent = false
    var recordsAnswer: RecordOutcome? = .recorded
    /// Poles that do not open any more.
    var welded: [(plus: Bool, minus: Bool)]
    var neverCloses = false
    private var queue: [(at: Instant, sequence: Int, event: Event)] = []
    private var sequence = 0
    let count: Int

    init(_ configuration: PostConfiguration = .twoConnectors) {
        core = PostCore(configuration: configuration)
        count = configuration.connectors.count
        let idle = ConnectorLines(
            pilot: .a, proximity: .open, lock: .open, contactorPlus: .open, contactorMinus: .open,
            stopPressed: false)
        lines = Array(repeating: idle, count: count)
        volts = Array(repeating: 0, count: count)
        currents = Array(repeating: 0, count: count)
        registers = Array(repeating: 1_000, count: count)
        phases = Array(repeating: .silent, count: count)
        targets = Array(repeating: (400_000, 100_000), count: count)
        ohms = Array(repeating: 10_000_000, count: count)
        temperatures = Array(repeating: 25_000, count: count)
        setpoints = Array(repeating: .off, count: count)
        welded = Array(repeating: (false, false), count: count)
        handle(.booted(BootFacts(bootNumber: 7, uncleanStarts: 0)))
        handle(.restored)
        sample()
    }

    /// One event, now.
    func handle(_ event: Event) {
        actions.removeAll()
        core.handle(event, at: now, into: &actions)
        let given = actions.list
        for action in given {
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
        handle(.interlocks(interlocks))
        for index in 0..<count {
            let id = ConnectorID(UInt8(index))
            handle(.lines(id, lines[index]))
            let stageVolts: Int32 = if case .on = setpoints[index] { volts[index] } else { 0 }
            if !stageSilent {
                handle(
                    .stage(
                        StageID(UInt8(index)),
                        StageSample(
                            measuredAt: now, millivolts: stageVolts, milliamperes: currents[index],
                            availableMilliamperes: 400_000, isOn: setpoints[index] != .off, hasFault: false,
                            modulesOut: 0)))
            }
            if !meterSilent {
                handle(
                    .meter(
                        id,
                        MeterSample(
                            measuredAt: now, millivolts: volts[index], milliamperes: currents[index],
                            energyWattHours: registers[index], serial: 4711)))
            }
            handle(
                .insulation(
                    id,
                    InsulationSample(
                        measuredAt: now, ohms: ohms[index], millivolts: volts[index], selfTest: .passed)))
            if phases[index] != .silent, !vehicleSilent {
                handle(
                    .vehicle(
                        id,
                        VehicleSample(
                            measuredAt: now, phase: phases[index], targetMillivolts: targets[index].millivolts,
                            targetMilliamperes: targets[index].milliamperes, maximumMillivolts: 900_000,
                            maximumMilliamperes: 400_000, stateOfChargePerMille: 500)))
            }
            handle(
                .temperature(
                    id,
                    TemperatureSample(
                        measuredAt: now, pinAMillidegrees: temperatures[index],
                        pinBMillidegrees: temperatures[index],
                        cabinetMillidegrees: 30_000, coolingRuns: true)))
        }
    }

    /// Lets time pass in steps of 50 ms, samples included.
    func run(_ interval: Interval) {
        let end = now + interval
        var nextSample = now + .milliseconds(50)
        while now < end {
            let due = queue.min { ($0.at, $0.sequence) < ($1.at, $1.sequence) }
            var next = min(nextSample, end)
            if let deadline = core.nextDeadline { next = min(next, deadline) }
            if let due, due.at <= next {
                now = due.at
                queue.removeAll { $0.sequence == due.sequence }
                handle(due.event)
                continue
            }
            let isDeadline = next < nextSample
            now = next
            if isDeadline {
                handle(.timePassed)
            } else {
                for index in 0..<count where currents[index] > 0 { registers[index] += 2 }
                sample()
                nextSample = now + .milliseconds(50)
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
        case .commandStage(let id, _, let command): apply(command, Int(id.index))
        case .tellVehicle(let id, _, .authorized):
            phases[Int(id.index)] = .cableCheck
            lines[Int(id.index)].pilot = .c
        case .tellVehicle(let id, _, .cableCheckPassed): phases[Int(id.index)] = .preCharge
        case .tellVehicle(let id, _, .stopRequested), .tellVehicle(let id, _, .emergency):
            phases[Int(id.index)] = .stop
        case .tellVehicle(let id, _, .ended):
            phases[Int(id.index)] = .ended
            lines[Int(id.index)].pilot = .b
        case .recordStart(let start):
            if let outcome = recordsAnswer { later(.milliseconds(5), .startRecorded(start.session, outcome)) }
        case .recordSample(let sample):
            if let outcome = recordsAnswer { later(.milliseconds(5), .sampleRecorded(sample.session, outcome)) }
        case .recordStop(let stop):
            if let outcome = recordsAnswer { later(.milliseconds(5), .stopRecorded(stop.session, outcome)) }
        default: break
        }
    }

    private func setContactors(_ id: ConnectorID, _ plus: ContactSense, _ minus: ContactSense) {
        lines[Int(id.index)].contactorPlus = plus
        lines[Int(id.index)].contactorMinus = minus
        later(.milliseconds(20), .lines(id, lines[Int(id.index)]))
    }

    private func apply(_ command: StageCommand, _ index: Int) {
        setpoints[index] = command
        switch command {
        case .off:
            if phases[index] != .charge { volts[index] = 0 }
            currents[index] = 0
        case .on(let millivolts, let milliamperes):
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

    func tap(_ token: UInt64 = 1, verdict: TokenLookUp.Verdict = .listed, group: UInt64 = 0) {
        let name = TokenName(high: 9, low: token)
        handle(.tokenPresented(ReaderID(0), name))
        handle(
            .tokenLookedUp(
                ReaderID(0),
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
}
