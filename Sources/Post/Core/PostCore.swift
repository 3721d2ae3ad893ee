// The core: one event in, actions out. It reads no clock, opens no file, waits for nothing.

/// All decisions of one post.
///
/// A value that is told everything by events and asks for everything by actions, so that the live, the virtual and the
/// replay driver run the very same decisions. Nothing on its path can trap, whatever the event holds.
public struct PostCore: Sendable {
    /// The configuration in force.
    public private(set) var configuration: PostConfiguration
    /// A configuration that waits until every connector is idle, if there is one.
    public internal(set) var pendingConfiguration: PostConfiguration? {
        didSet { isConfigurationPending = pendingConfiguration != nil }
    }
    /// Asked once an event, where the configuration itself would be copied to be compared with nil.
    private var isConfigurationPending = false

    #if HOLDFAST_SEAMS
        /// Rows of the fault table that are switched off: never raised, so that a test sees a scenario fail without them.
        /// Debug builds only.
        public var disarmed = FaultSet() {
            didSet { for index in connectors.indices { connectors[index].disarmed = disarmed } }
        }
        /// A defect put in on purpose, to see a storm find it. Debug builds only.
        public var seeded: SeededDefect? {
            didSet {
                for index in connectors.indices { connectors[index].seeded = seeded }
                supervisor.seeded = seeded
            }
        }
        /// Whether nothing is skipped for want of anything new. Debug builds only.
        var skipsNothing = false {
            didSet {
                for index in connectors.indices { connectors[index].skipsNothing = skipsNothing }
                supervisor.skipsNothing = skipsNothing
            }
        }
    #else
        @inline(__always)
        var skipsNothing: Bool { false }
    #endif

    /// When the core wants to be called again if nothing happens before, with `Event.timePassed`.
    public internal(set) var nextDeadline: Instant?

    var connectors: [Connector]
    var readers: [Reader]
    var demands: [Demand]
    var external = ExternalLimits()
    var limitRises = LimitRises()
    var interlocks: InterlockLevels?
    var interlocksAt: Instant = .zero
    var emergencyReleased = Condition()
    var isEmergencyHeld = false
    var stopCircuitsDiffer = Condition()
    var gridSags = Condition()
    var phaseMissing = Condition()
    var coolantLow = Condition()
    /// When the wall clock was last stepped by more than is let pass, while that is told.
    var clockSteppedAt: Instant?
    var memory = MemoryWatch()
    var areLinesLost = false
    var isCloudUp = false
    var boot = BootFacts(bootNumber: 0, uncleanStarts: 0)
    /// Stops that are owed for sessions without a connector of this post.
    var strays = StrayStops()
    var lastSession: UInt32 = 0
    var lastCommand: UInt32 = 0
    var supervisor: Supervisor

    /// A post that has just come to life: nothing known, nothing allowed. The first event must be `booted`.
    public init(configuration: PostConfiguration) {
        self.configuration = configuration
        connectors = configuration.connectors.enumerated().map { index, connector in
            Connector(
                id: ConnectorID(UInt8(truncatingIfNeeded: index)), configuration: connector,
                stage: configuration.stage(of: connector), limits: configuration.limits)
        }
        readers = configuration.readers.enumerated().map { index, scope in
            Reader(id: ReaderID(UInt8(truncatingIfNeeded: index)), scope: scope)
        }
        demands = Array(repeating: Demand(), count: configuration.connectors.count)
        supervisor = Supervisor(configuration: configuration)
        for index in connectors.indices { connectors[index].tariff = configuration.tariff }
        findSharedStages()
    }

    /// Which connectors share a stage follows from the configuration alone.
    private mutating func findSharedStages() {
        for index in connectors.indices {
            let stage = connectors[index].configuration.stage
            connectors[index].sharesStage = connectors.indices.contains {
                $0 != index && connectors[$0].configuration.stage == stage
            }
        }
    }

    /// Takes in one event and appends what is to be done.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: When; never earlier than the event before.
    ///   - actions: A buffer that the caller reuses; nothing is allocated once it is warm.
    public mutating func handle(_ event: Event, at now: Instant, into actions: inout Actions) {
        var turn = Turn(now: now, actions: Actions(reusing: &actions), lastCommand: lastCommand)
        let first = turn.actions.list.count
        #if HOLDFAST_SEAMS
            let event = asMisread(event)
        #endif
        supervisor.observe(event, at: now)
        take(event, &turn)
        settle(&turn)
        supervisor.review(&turn, from: first)
        takeOver(&turn)
        if isConfigurationPending || skipsNothing { adoptConfiguration() }
        tellChanges(&turn)
        lastCommand = turn.lastCommand
        actions = turn.actions
        plan()
    }

    /// Looks for the next deadline. What it calls on connectors and supervisor is mutating though it changes nothing: a
    /// method that may change its value gets it in its place, one that only reads it gets a copy of a kilobyte.
    private mutating func plan() {
        var earliest = Earliest(after: supervisor.now)
        each { $0.includeDeadlines(in: &earliest) }
        for index in readers.indices {
            earliest.include(readers[index].tapDeadline)
            earliest.include(readers[index].refusal?.until)
        }
        earliest.include(strays.askAgainAt)
        earliest.include(
            external.nextDeadline(after: configuration.limits.limitSilentAfter, at: supervisor.now))
        earliest.include(emergencyReleased, configuration.limits.emergencyStopReleasedFor)
        earliest.include(stopCircuitsDiffer, SafetyLimits.stopCircuitsDifferFor)
        earliest.include(gridSags, SafetyLimits.sagRiddenThroughFor)
        earliest.include(phaseMissing, SafetyLimits.phaseLostFor)
        earliest.include(coolantLow, SafetyLimits.coolantLowFor)
        earliest.include(clockSteppedAt.map { $0 + SafetyLimits.clockStepShownFor })
        earliest.include(limitRises.waitsUntil)
        earliest.include(memory.mayRestartFrom)
        supervisor.includeDeadlines(in: &earliest)
        nextDeadline = earliest.instant
    }

    private mutating func take(_ event: Event, _ turn: inout Turn) {
        switch event {
        case .booted, .latchRestored, .outOfServiceRestored, .meterRestored, .sessionRestored, .restored:
            restore(event, &turn)
        case .interlocks(let levels):
            interlocks = levels
            interlocksAt = turn.now
            areLinesLost = false
            each { $0.hasHeardInterlocks = true }
        case .lines(let id, let lines):
            with(id) {
                ($0.readings.lines, $0.readings.linesAt, $0.readings.areLinesLost) = (lines, turn.now, false)
            }
            stopButton(id, lines, &turn)
        case .linesLost(let id): loseLines(id)
        case .stage(let id, let sample):
            for index in connectors.indices where connectors[index].configuration.stage == id {
                connectors[index].take(sample, at: turn.now)
            }
        case .meter(let id, let sample): with(id) { $0.take(sample, at: turn.now) }
        case .insulation(let id, let sample): with(id) { $0.take(sample, at: turn.now) }
        case .vehicle(let id, let sample): with(id) { $0.take(sample, at: turn.now) }
        case .temperature(let id, let sample): with(id) { $0.take(sample, at: turn.now) }
        case .commandFinished(let number, let outcome): finish(number, outcome, &turn)
        case .tokenPresented(let id, let token): withReader(id) { $0.present(token, at: $1, &turn) }
        case .tokenLookedUp(let id, let lookUp): withReader(id) { $0.decide(lookUp, at: $1, &turn) }
        case .readerGarbage(let id): withReader(id) { $0.refuse(.readerGarbage, at: $1, &turn) }
        case .reader(let id, let isThere): withReader(id) { $0.note(isThere: isThere, at: $1) }
        case .command(let number, let command): obey(command, number, &turn)
        case .startRecorded(let id, let outcome): each { $0.startRecorded(id, outcome, &turn) }
        case .sampleRecorded(let id, let outcome): each { $0.sampleRecorded(id, outcome, at: turn.now) }
        case .stopRecorded(let id, let outcome):
            each { $0.stopRecorded(id, outcome) }
            strays.recorded(id, outcome)
        case .latchRecorded(let latch, let isSet, let outcome):
            each { $0.latchRecorded(latch, isSet: isSet, outcome, at: turn.now) }
        case .meterRecorded(let meter, let outcome): with(meter.connector) { $0.meterRecorded(meter, outcome) }
        case .availabilityRecorded(let id, let isIn, let outcome):
            with(id) { $0.availabilityRecorded(isInService: isIn, outcome, at: turn.now) }
        case .cloudLink(let isUp): isCloudUp = isUp
        case .cloudAnswered(let number, let verdict): cloudAnswered(number, verdict, &turn)
        case .tokenRevoked(let token): revoke(token, &turn)
        case .tokenDenied(let token): deny(token, &turn)
        case .limit(let source, let watts): external.set(source, watts, at: turn.now)
        case .memory(let bytes): memory.take(bytes)
        case .clockStepped(let milliseconds):
            if milliseconds.magnitude > SafetyLimits.clockStepMilliseconds { clockSteppedAt = turn.now }
        case .configured(let next):
            pendingConfiguration = next
            configuration.lowerLimits(to: next)
        case .timePassed: break
        }
    }

    /// Lets everything go as far as it can on what is known now.
    private mutating func settle(_ turn: inout Turn) {
        let causes = postCauses(turn.now)
        for index in connectors.indices {
            noticeStage(index, &turn)
            connectors[index].advance(postCauses: causes, &turn)
        }
        advanceReaders(&turn)
        for index in connectors.indices {
            noticeStage(index, &turn)
            if connectors[index].isAwaitingStage {
                connectors[index].advance(postCauses: causes, &turn)
            }
        }
        noticeTrips(&turn)
        strays.askAgain(&turn)
        sharePower(&turn)
        restartWhileIdle(&turn)
    }

    /// A connector learns whether the stage it shares is another's. One that has just been freed counts from now on.
    @inline(__always)
    private mutating func noticeStage(_ index: Int, _ turn: inout Turn) {
        guard connectors[index].mayHaveLostStage || skipsNothing else { return }
        connectors[index].isStageJoinedElsewhere = isStageJoined(besides: index)
        let isTaken = !connectors[index].ownsStage && isStageOwned(besides: index)
        guard isTaken != connectors[index].isStageTaken || skipsNothing else { return }
        if connectors[index].isStageTaken, !isTaken { connectors[index].setpointAt = turn.now }
        connectors[index].isStageTaken = isTaken
    }

    /// A weld, or a stage that ignores "off", cuts the stage off from its supply: whoever else it feeds is told in this call.
    private mutating func noticeTrips(_ turn: inout Turn) {
        for index in connectors.indices where connectors[index].mayHaveLostStage || skipsNothing {
            let stage = connectors[index].configuration.stage
            var isTripped = false
            for other in connectors.indices where other != index && connectors[other].configuration.stage == stage {
                isTripped = isTripped || connectors[other].tripsStage
            }
            if skipsNothing || isTripped != connectors[index].isStageTripped {
                connectors[index].isStageTripped = isTripped
            }
            if isTripped { connectors[index].raise(.stageTripped, &turn) }
        }
    }

    /// Whether another connector owns the stage of this one. One that may only be joined to it still does not: else two whose
    /// mirror contacts nobody can read would each leave it to the other to switch the stage off.
    @inline(__always)
    private func isStageOwned(besides index: Int) -> Bool {
        let stage = connectors[index].configuration.stage
        for other in connectors.indices where other != index && connectors[other].configuration.stage == stage {
            if connectors[other].ownsStage || isAhead(other, of: index) { return true }
        }
        return false
    }

    /// Whether both wait for their stage, and the other for longer: whoever came first is served first.
    @inline(__always)
    private func isAhead(_ other: Int, of index: Int) -> Bool {
        guard connectors[index].isAwaitingStage, connectors[other].isAwaitingStage else { return false }
        let (first, second) = (connectors[other].waitsSince, connectors[index].waitsSince)
        return first == second ? other < index : first < second
    }

    /// Whether the path of another connector to the stage of this one is not read open, or a weld on it is suspected.
    @inline(__always)
    private func isStageJoined(besides index: Int) -> Bool {
        let stage = connectors[index].configuration.stage
        for other in connectors.indices where other != index && connectors[other].configuration.stage == stage {
            if !connectors[other].readsOpen || connectors[other].isWeldSuspected { return true }
        }
        return false
    }

    /// The connector that has the stage of this one, or may still be joined to it.
    @inline(__always)
    func stageHolder(besides index: Int) -> Int? {
        let stage = connectors[index].configuration.stage
        for other in connectors.indices where other != index && connectors[other].configuration.stage == stage {
            if connectors[other].holdsStage { return other }
        }
        return nil
    }

    /// A new configuration comes into force when no connector is in a session.
    @inline(never)
    private mutating func adoptConfiguration() {
        guard let pending = pendingConfiguration, pending.connectors.count == connectors.count else { return }
        guard connectors.allSatisfy({ $0.session == nil && $0.restored == nil && $0.allowed == nil }),
            readers.allSatisfy({ $0.tap.token == nil })
        else { return }
        guard supervisor.configure(pending) else { return }
        pendingConfiguration = nil
        configuration = pending
        for index in connectors.indices {
            connectors[index].configuration = pending.connectors[index]
            connectors[index].stage = pending.stage(of: pending.connectors[index])
            connectors[index].limits = pending.limits
            connectors[index].tariff = pending.tariff
        }
        findSharedStages()
        let before = readers
        readers = pending.readers.enumerated().map { index, scope in
            var reader = Reader(id: ReaderID(UInt8(truncatingIfNeeded: index)), scope: scope)
            if index < before.count { reader.isThere = before[index].isThere }
            return reader
        }
        noticeLostReaders()
    }

    /// Where the supervisor stepped in the machine learns of it, and stops; what it does then is looked at as well.
    private mutating func takeOver(_ turn: inout Turn) {
        let reviewed = turn.actions.list.count
        for index in connectors.indices where supervisor.call.intervened & (1 << UInt64(index)) != 0 {
            if supervisor.call.opened & (1 << UInt64(index)) != 0 {
                connectors[index].allowed = nil
                connectors[index].withdrawnAt = turn.now
                connectors[index].setpoint = .off
                connectors[index].setpointAt = turn.now
                connectors[index].resendAt = turn.now + connectors[index].limits.resendEvery
            }
            connectors[index].raise(.internalDefect, &turn)
        }
        if turn.actions.list.count != reviewed { supervisor.review(&turn, from: reviewed) }
    }

    // Access by names that come from outside: a name that is not there is nobody's

    private mutating func with(_ id: ConnectorID, _ body: (inout Connector) -> Void) {
        guard Int(id.index) < connectors.count else { return }
        body(&connectors[Int(id.index)])
    }
    private mutating func withReader(_ id: ReaderID, _ body: (inout PostCore, Int) -> Void) {
        guard Int(id.index) < readers.count else { return }
        body(&self, Int(id.index))
    }
    private mutating func each(_ body: (inout Connector) -> Void) {
        var span = connectors.mutableSpan
        for index in span.indices { body(&span[index]) }
    }
}

extension Actions {
    /// Takes over the caller's buffer, so that it is filled in place and not copied.
    init(reusing other: inout Actions) {
        self.init(room: 0)
        swap(&self, &other)
    }
}
