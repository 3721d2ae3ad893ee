// One post, assembled: readings become events, actions device calls and records. Every driver runs this code.

public import Devices
public import Post

/// One post, assembled. Not sendable: it belongs to whoever drives it (the loop's thread, the virtual world, a
/// replay).
public final class PostRuntime {
    /// The core, for its status: a copy.
    public var core: PostCore { decisions.core }
    /// How often near lines are read even if no edge came: a lost edge costs this long, not a session.
    public static let linesReadEvery: Interval = .seconds(1)
    /// Whether the core has asked for the end of this process, to be started anew. Whoever drives the post does it.
    public private(set) var wantsRestart = false
    /// Who watches; outlives the post that is watched.
    public unowned var observer: (any StepObserver)?
    /// Who writes each event down before it is handled.
    public var recorder: (any StepRecorder)?
    /// The rolling hash of every event and action so far: equal for equal runs, whatever the process or build.
    public var hash: RollingHash { decisions.hash }

    private let devices: PostDevices
    private let records: any RecordPort
    private let cloud: any CloudPort
    private var decisions: Decisions
    /// When the core wants to be called again; kept beside it, since it is asked for after every event.
    private var coreDeadline: Instant?
    /// Events that came up while actions were being performed; handled before the call returns, never inside each
    /// other.
    private var pending: [Event] = []
    private var isStepping = false
    /// Whether the event being handled changed a connector's state, bolt or resistor: only then can its cadence change.
    private var mayWantOtherCadence = false
    private var lastLines: [ConnectorLines?]
    private var lastInterlocks: InterlockLevels?
    private var linesReadAt: Instant?
    private var isFast: [Bool]

    /// A post of these parts. Nothing is driven before `start`.
    public init(
        configuration: PostConfiguration, devices: PostDevices, records: any RecordPort, cloud: any CloudPort
    ) {
        decisions = Decisions(core: PostCore(configuration: configuration))
        self.devices = devices
        self.records = records
        self.cloud = cloud
        lastLines = Array(repeating: nil, count: devices.connectors.count)
        isFast = Array(repeating: false, count: devices.connectors.count)
        pending.reserveCapacity(64)
    }

    #if HOLDFAST_SEAMS
        /// Switches rows of the fault table off, to see a test fail without them. Not in release builds.
        public func disarm(_ faults: FaultSet) { decisions.core.disarmed = faults }
        /// Puts a defect into the core, to see a storm find it. Not in release builds.
        public func seed(_ defect: SeededDefect?) { decisions.core.seeded = defect }
    #endif

    /// Makes the outputs safe, then tells the core what the records hold, then lets it serve.
    public func start(_ restored: Restored, at now: Instant) {
        makeSafe()
        step(.booted(restored.boot), at: now)
        for latch in restored.latches { step(.latchRestored(latch), at: now) }
        for id in restored.outOfService { step(.outOfServiceRestored(id), at: now) }
        for meter in restored.meters { step(.meterRestored(meter), at: now) }
        for session in restored.openSessions { step(.sessionRestored(session), at: now) }
        pollLines(at: now)
        step(.restored, at: now)
    }

    /// Withdraws power everywhere, whatever the core believes: the first thing of a life and the last.
    public func makeSafe() {
        for connector in devices.connectors { try? connector.permissive.withdraw() }
    }

    /// Hands one event to the core and performs what it wants.
    public func step(_ event: Event, at now: Instant) {
        guard !isStepping else {
            pending.append(event)
            return
        }
        isStepping = true
        handle(event, at: now)
        if !pending.isEmpty { handlePending(at: now) }
        isStepping = false
    }

    /// What came up meanwhile, in its order; that may bring up more.
    private func handlePending(at now: Instant) {
        var position = 0
        while position < pending.count {
            let next = pending[position]
            position += 1
            handle(next, at: now)
        }
        pending.removeAll(keepingCapacity: true)
    }

    /// The state of a connector. Asked here, and not of `core`, since that would copy the whole core for one word of it.
    public func phase(of id: ConnectorID) -> ConnectorPhase? { decisions.core.phase(of: id) }

    /// What the process was last told to hold, in bytes. Asked here for the same reason.
    public var residentBytes: Int64? { decisions.core.residentBytes }

    /// Whether the cloud can be reached. Asked here for the same reason.
    public var isCloudReachable: Bool { decisions.core.isCloudReachable }

    /// Whether a tap at a reader is still being decided, or waits for a plug.
    public func hasOpenTap(at reader: ReaderID) -> Bool { decisions.core.hasOpenTap(at: reader) }

    /// When the post wants to be driven again if nothing happens before.
    public var nextDeadline: Instant? {
        let lines = linesReadAt.map { $0 + Self.linesReadEvery }
        guard let deadline = coreDeadline else { return lines }
        guard let lines else { return deadline }
        return min(deadline, lines)
    }

    /// Time has passed: reads the lines if it is time to, and lets the core look at its deadlines.
    public func timePassed(at now: Instant) {
        if let linesReadAt, now - linesReadAt >= Self.linesReadEvery { pollLines(at: now) }
        if let coreDeadline, coreDeadline <= now { step(.timePassed, at: now) }
    }

    /// Reads every near line. What changed becomes an event; so does, once a second, what did not: it says that it
    /// lives.
    public func pollLines(at now: Instant) {
        let isAlive = linesReadAt.map { now - $0 >= Self.linesReadEvery } ?? true
        if isAlive { linesReadAt = now }
        var areConnectorsRead = false
        do {
            let levels = try devices.interlocks.read()
            // A safety controller that speaks again brings its pilots back: they are told first, since without its silence to
            // explain it a connector whose lines were not read yet would count as lost.
            if lastInterlocks?.isControllerSilent == true, !levels.isControllerSilent {
                pollConnectors(isAlive: isAlive, at: now)
                areConnectorsRead = true
            }
            if isAlive || levels != lastInterlocks {
                lastInterlocks = levels
                step(.interlocks(levels), at: now)
            }
        } catch {
            step(.linesLost(nil), at: now)
        }
        if !areConnectorsRead { pollConnectors(isAlive: isAlive, at: now) }
    }

    private func pollConnectors(isAlive: Bool, at now: Instant) {
        for index in devices.connectors.indices { pollConnector(index, isAlive: isAlive, at: now) }
    }

    private func pollConnector(_ index: Int, isAlive: Bool, at now: Instant) {
        let id = ConnectorID(UInt8(truncatingIfNeeded: index))
        do {
            let lines = try readLines(devices.connectors[index])
            if isAlive || lines != lastLines[index] {
                lastLines[index] = lines
                step(.lines(id, lines), at: now)
            }
        } catch {
            lastLines[index] = nil
            step(.linesLost(id), at: now)
        }
    }

    private func readLines(_ connector: ConnectorDevices) throws(DeviceError) -> ConnectorLines {
        try ConnectorLines(reading: connector.permissive, connector.pilot, connector.lock, connector.stopButton)
    }

    private func handle(_ event: Event, at now: Instant) {
        mayWantOtherCadence = false
        let recorder = recorder
        recorder?.willHandle(event, at: now)
        let actions: Actions
        (actions, coreDeadline) = decisions.decide(event, at: now)
        recorder?.didHandle(actions, at: now)
        if let recorder, recorder.wantsState(at: now) { recorder.take(core, at: now) }
        for action in actions.list { perform(action) }
        if mayWantOtherCadence { setCadence() }
        observer?.didStep(event, actions, at: now)
    }

    private func perform(_ action: Action) {
        do {
            try performOnDevices(action)
        } catch {
            switch action {
            case .commandStage(_, let number, _), .commandInsulation(_, let number, _),
                .tellVehicle(_, let number, _),
                .askCloud(let number, _, _):
                pending.append(.commandFinished(number, .refused))
            case .allowPower(let id, _), .withdrawPower(let id), .setLock(let id, _), .setPilot(let id, _),
                .setDischarge(let id, _):
                pending.append(.linesLost(id))
            case .tripUpstream, .setCooling: pending.append(.linesLost(nil))
            case .indicate, .recordStart, .recordSample, .recordStop, .recordLatch, .recordMeter,
                .recordAvailability, .restart, .answer, .report:
                break
            }
        }
    }

    private func performOnDevices(_ action: Action) throws(DeviceError) {
        switch action {
        case .allowPower(let id, let degree): try connector(id).permissive.allow(degree)
        case .withdrawPower(let id): try connector(id).permissive.withdraw()
        case .setLock(let id, let isHeld):
            mayWantOtherCadence = true
            try connector(id).lock?.drive(isHeld: isHeld)
        case .setPilot(let id, let output): try connector(id).pilot.drive(output)
        case .setDischarge(let id, let isOn):
            mayWantOtherCadence = true
            try connector(id).discharge?.drive(isOn: isOn)
        case .tripUpstream(let id): try stage(id).upstream.trip()
        case .setCooling(let isOn): try devices.cooling.drive(isOn: isOn)
        case .indicate(let id, let indication): try connector(id).indicator.show(indication)
        case .commandStage(let id, let number, let command): try stage(id).stage.send(command, number: number)
        case .commandInsulation(let id, let number, let command):
            try connector(id).insulation.send(command, number: number)
        case .tellVehicle(let id, let number, let notice): try connector(id).vehicle.send(notice, number: number)
        case .askCloud(let number, let token, let id): try cloud.ask(token, connector: id, number: number)
        case .recordStart(let start): records.submit(.start(start))
        case .recordSample(let sample): records.submit(.sample(sample))
        case .recordStop(let stop): records.submit(.stop(stop))
        case .recordLatch(let latch, let isSet): records.submit(.latch(latch, isSet: isSet))
        case .recordMeter(let meter): records.submit(.meter(meter))
        case .recordAvailability(let id, let isIn): records.submit(.availability(id, isInService: isIn))
        case .restart: wantsRestart = true
        case .report(.stateChanged): mayWantOtherCadence = true
        case .answer, .report: break
        }
    }

    private func connector(_ id: ConnectorID) throws(DeviceError) -> ConnectorDevices {
        guard Int(id.index) < devices.connectors.count else { throw .gone }
        return devices.connectors[Int(id.index)]
    }

    private func stage(_ id: StageID) throws(DeviceError) -> StageDevices {
        guard Int(id.index) < devices.stages.count else { throw .gone }
        return devices.stages[Int(id.index)]
    }

    /// A connector with a plug in it wants its readings often; an idle one saves the bus.
    private func setCadence() {
        for index in devices.connectors.indices {
            let wantsFast = decisions.core.isActive(ConnectorID(UInt8(truncatingIfNeeded: index)))
            guard wantsFast != isFast[index] else { continue }
            isFast[index] = wantsFast
            try? devices.connectors[index].meter.setFast(wantsFast)
            try? devices.connectors[index].thermometers.setFast(wantsFast)
        }
    }
}
