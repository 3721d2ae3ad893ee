// The safety supervisor: sees every event and every action, believes only what it read itself, and has the last word.

/// What the supervisor knows of one connector: its own copy, fed by events and by the actions that it let pass.
struct Watched: Sendable {
    let id: ConnectorID
    var configuration: ConnectorConfiguration
    var readings = ConnectorReadings()
    var allowed: PowerDegree?
    var setpoint: StageCommand = .off
    /// The session that was asked to be recorded, whose it is, and whether it became durable.
    var session: SessionID?
    var token: TokenName?
    var isDurable = false
    /// Whether the insulation test passed after power of degree *test* was given in this session.
    var testGivenAt: Instant?
    var isInsulationTested = false
    var energyWattHours: Int64 = 0
    /// Whether a read-back stayed closed after the command to open, in this supervisor's own eyes.
    var closedSince: Instant?
    var isWeldSuspected = false
    /// Since when something that power needs has been missing while power was allowed.
    var missingSince: Instant?

    var readsOpen: Bool { readings.lines?.contactorPlus == .open && readings.lines?.contactorMinus == .open }
}

/// Checks the eleven rules on what it has read itself, after every event, in release builds too.
///
/// It repairs nothing silently: an action that it drops or replaces is reported as a defect of the machine.
struct Supervisor: Sendable {
    var configuration: PostConfiguration
    var watched: [Watched]
    var interlocks: InterlockLevels?
    var interlocksAt: Instant = .zero
    var now: Instant = .zero
    /// Tokens and connectors that an accepted answer, or an operator, has vouched for.
    var vouchedFor: TokenName?
    var intervened: UInt64 = 0

    init(configuration: PostConfiguration) {
        self.configuration = configuration
        watched = configuration.connectors.enumerated().map { index, connector in
            Watched(id: ConnectorID(UInt8(truncatingIfNeeded: index)), configuration: connector)
        }
    }

    mutating func configure(_ configuration: PostConfiguration) {
        self.configuration = configuration
        for index in watched.indices where index < configuration.connectors.count {
            watched[index].configuration = configuration.connectors[index]
        }
    }

    /// Takes in an event before the machine does.
    mutating func observe(_ event: Event, at instant: Instant) {
        now = instant
        switch event {
        case .interlocks(let levels):
            interlocks = levels
            interlocksAt = instant
        case .linesLost(nil): interlocks = nil
        case .linesLost(let id?): with(id) { $0.readings.lines = nil }
        case .lines(let id, let lines):
            with(id) {
                $0.readings.lines = lines
                $0.readings.linesAt = instant
            }
        case .stage(let id, let sample):
            for index in watched.indices where watched[index].configuration.stage == id {
                watched[index].readings.stage = sample
            }
        case .meter(let id, let sample): with(id) { $0.readings.meter = sample }
        case .insulation(let id, let sample): observe(sample, at: id)
        case .vehicle(let id, let sample): with(id) { $0.readings.vehicle = sample }
        case .startRecorded(let session, .recorded):
            for index in watched.indices where watched[index].session == session { watched[index].isDurable = true }
        case .sessionRestored(let restored):
            with(restored.start.connector) {
                $0.session = restored.start.session
                $0.token = restored.start.token
                $0.isDurable = true
                $0.energyWattHours = restored.lastEnergyWattHours
            }
        case .latchRestored(let latch) where latch.fault.isWeld:
            for index in watched.indices where latch.connector == nil || watched[index].id == latch.connector {
                watched[index].isWeldSuspected = true
            }
        default: break
        }
        for index in watched.indices { watchContactors(index) }
    }

    /// A reading good enough for energy: the test passed, measured with the test voltage on, above the limit.
    private mutating func observe(_ sample: InsulationSample, at id: ConnectorID) {
        let limits = configuration.limits
        with(id) {
            $0.readings.insulation = sample
            if let given = $0.testGivenAt, sample.measuredAt >= given, sample.selfTest == .passed,
                Int64(sample.ohms) >= Supervisor.leastOhms(sample.millivolts, limits)
            {
                $0.isInsulationTested = true
            }
        }
    }

    static func leastOhms(_ millivolts: Int32, _ limits: SafetyLimits) -> Int64 {
        max(
            Int64(limits.insulationFloorOhms),
            Int64(millivolts.magnitude) * Int64(limits.insulationOhmsPerVolt) / 1_000)
    }

    private mutating func watchContactors(_ index: Int) {
        guard let lines = watched[index].readings.lines else { return }
        let isClosed = lines.contactorPlus == .closed || lines.contactorMinus == .closed
        guard watched[index].allowed == nil, isClosed else {
            watched[index].closedSince = nil
            return
        }
        let since = watched[index].closedSince ?? now
        watched[index].closedSince = since
        if now - since >= configuration.limits.contactorOpenWithin { watched[index].isWeldSuspected = true }
    }

    mutating func with(_ id: ConnectorID, _ body: (inout Watched) -> Void) {
        guard Int(id.index) < watched.count else { return }
        body(&watched[Int(id.index)])
    }

    /// The instants at which a reading that power needs turns too old, or a stop has outlasted its budget.
    func includeDeadlines(in earliest: inout Earliest) {
        let limits = configuration.limits
        let tick = Interval(microseconds: 1)
        for index in watched.indices where watched[index].allowed != nil {
            earliest.include(interlocksAt + limits.linesMaximumAge + tick)
            earliest.include(watched[index].readings.linesAt + limits.linesMaximumAge + tick)
            earliest.include(watched[index].missingSince.map { $0 + graceForErrors })
        }
    }

    /// The budget of an error shutdown and a little for the call that ends it.
    var graceForErrors: Interval {
        Interval(microseconds: configuration.limits.rampDownWhenError.microseconds &+ 100_000)
    }
}

extension Fault {
    /// Whether the fault says that a contactor no longer opens.
    var isWeld: Bool { self == .weldedPlus || self == .weldedMinus || self == .weldedBoth }
}
