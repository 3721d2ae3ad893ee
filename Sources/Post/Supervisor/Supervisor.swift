// The safety supervisor: sees every event and every action, believes only what it read itself, and has the last word.

/// Checks the eleven rules (`Rule`) after every event, in release builds too.
///
/// Each rule has one place: `RulesOfPower` (1), `RulesOfStanding` (1, 2 and 3: what lasts too long), `RulesOfRelease`
/// (4 and 10), `RulesOfRecords` (5, 6, 7 and 8), `RulesOfGrants` (9), and here (11). It repairs nothing silently: an
/// action that it drops, and a connector that it makes safe, is told as a defect of the machine.
struct Supervisor: Sendable {
    private(set) var configuration: PostConfiguration
    /// Those of the configuration; kept apart, since they are read many times an event.
    private(set) var limits: SafetyLimits
    var watched: [Watched]
    /// Books of restored sessions that no connector of this post can close.
    var strays: [Book] = []
    var interlocks = Seen<InterlockLevels>()
    var outside = OutsideLimits()
    var answers = Answers()
    var isBooted = false
    var isRestored = false
    /// Whether the machine has asked for new limits while a connector was busy.
    var isTooEarly = false
    var now: Instant = .zero
    #if HOLDFAST_SEAMS
        /// Whether nothing is skipped for want of anything new, so that a test can see that skipping changes nothing.
        var skipsNothing = false
        /// A defect that a test has put into machine and supervisor alike.
        var seeded: SeededDefect?
    #else
        @inline(__always)
        var skipsNothing: Bool { false }
    #endif
    /// What belongs to the call that is being looked at.
    var call = SupervisedCall()

    init(configuration: PostConfiguration) {
        self.configuration = configuration
        limits = configuration.limits
        watched = configuration.connectors.enumerated().map { index, connector in
            Watched(
                id: ConnectorID(UInt8(truncatingIfNeeded: index)), configuration: connector,
                limits: configuration.limits,
                stageLimits: configuration.limits(of: connector.stage))
        }
    }

    /// Lower limits of power need not wait: they count in the call that brings them.
    mutating func lowerLimits(to next: PostConfiguration) { configuration.lowerLimits(to: next) }

    /// Rule 10: limits change only while every connector is idle. Returns whether the new ones are taken; a machine that
    /// asks too early is told of in the next call, once.
    mutating func configure(_ next: PostConfiguration) -> Bool {
        let isIdle = watched.allSatisfy { !$0.isInSession && $0.allowed == nil && $0.setpoint == .off }
        guard isIdle, next.connectors.count == watched.count else {
            if !isTooEarly { call.mustReport(.safeAfterStart, at: nil) }
            isTooEarly = true
            return false
        }
        isTooEarly = false
        configuration = next
        limits = next.limits
        for index in watched.indices {
            watched[index].configuration = next.connectors[index]
            watched[index].limits = next.limits
            watched[index].stageLimits = next.limits(of: next.connectors[index].stage)
        }
        return true
    }

    /// Looks at every action from position `first` on, drops what would break a rule, then looks at what stands, and
    /// makes safe where it must.
    mutating func review(_ turn: inout Turn, from first: Int) {
        turn.actions.filter(from: first) { action in
            if let objection = objection(to: action) {
                find(objection, about: action)
                return false
            }
            judgeOpening(action)
            pass(action)
            return true
        }
        judgeStart(&turn)
        for index in watched.indices { judgeStanding(index, &turn) }
        judgeGrants()
        // Rule 11: what was lost may have been a withdrawal.
        if turn.actions.dropped > 0 { for index in watched.indices { call.find(.bounded, at: index) } }
        stepIn(&turn)
    }

    /// An action was dropped: is the connector left as it is, since nothing happened, or must it be made safe?
    private mutating func find(_ rule: Rule, about action: Action) {
        let index = position(of: action)
        switch action {
        case .allowPower, .setLock, .tellVehicle, .setDischarge, .recordStart: call.find(rule, at: index)
        default: call.mustReport(rule, at: index)
        }
    }

    /// Makes safe what must be, over the machine's head, and says why.
    private mutating func stepIn(_ turn: inout Turn) {
        guard call.hasFindings || skipsNothing else { return }
        for index in watched.indices where call.mustOpen(index) { makeSafe(index, &turn) }
        for index in watched.indices { report(call.rules[index], watched[index].id, &turn) }
        report(call.rulesOfPost, nil, &turn)
        call.forgetFindings()
    }

    private mutating func makeSafe(_ index: Int, _ turn: inout Turn) {
        let id = watched[index].id
        let stage = watched[index].configuration.stage
        overrule(.withdrawPower(id), &turn)
        let servesAnother = watched.contains { $0.configuration.stage == stage && $0.allowed != nil }
        if !servesAnother { overrule(.commandStage(stage, turn.number(), .off), &turn) }
        overrule(.setPilot(id, .steady), &turn)
        // A vehicle that had power is told on its link as well: a machine that did not see the emergency has not.
        if call.energised & SupervisedCall.bit(index) != 0, !call.isTold(index) {
            overrule(.tellVehicle(id, turn.number(), .emergency), &turn)
        }
    }

    private func report(_ rules: RuleSet, _ id: ConnectorID?, _ turn: inout Turn) {
        for rule in Rule.all where rules.contains(rule) {
            turn.actions.appendOverruling(.report(.defect(rule, id)))
        }
    }

    /// An action of the supervisor's own, for which the buffer keeps room.
    mutating func overrule(_ action: Action, _ turn: inout Turn) {
        turn.actions.appendOverruling(action)
        pass(action)
    }

    func position(of id: ConnectorID) -> Int? {
        Int(id.index) < watched.count ? Int(id.index) : nil
    }

    /// The connector that an action is about, or nil.
    private func position(of action: Action) -> Int? {
        switch action {
        case .allowPower(let id, _), .setLock(let id, _), .setDischarge(let id, _), .tellVehicle(let id, _, _):
            position(of: id)
        case .recordStart(let start): position(of: start.connector)
        case .commandStage(let stage, _, _): behind(stage)
        case .recordSample(let sample): watched.firstIndex { $0.book?.session == sample.session }
        case .recordStop(let stop): watched.firstIndex { $0.book?.session == stop.session }
        case .report(.sessionEnded(_, let id, _, _)): position(of: id)
        case .recordLatch(let latch, _): latch.connector.flatMap { position(of: $0) }
        default: nil
        }
    }

    /// The connector that a stage serves now, or nil.
    func behind(_ stage: StageID) -> Int? {
        watched.firstIndex { $0.configuration.stage == stage && $0.allowed != nil }
    }
}

/// What the supervisor notes while one event is handled.
struct SupervisedCall: Sendable {
    var isBoot = false
    /// Who was started, and which fault was cleared, by somebody with authority in this very call.
    var startedByHand: (connector: ConnectorID, token: TokenName)?
    var clearedByHand: (fault: Fault, connector: ConnectorID?)?
    /// One bit a connector: had power when the call began; a class-E fault was told; an opening under load was told.
    var energised: UInt64 = 0
    var emergencies: UInt64 = 0
    var openedUnderLoad: UInt64 = 0
    /// One bit a connector: its vehicle was told of an emergency.
    var told: UInt64 = 0
    /// Which outputs were made safe since the boot event, one set a connector.
    var safeOutputs = [SafeOutputs](repeating: [], count: PostConfiguration.connectorsAtMost)
    var isCoolingOn = false
    /// The rules found broken, one set a connector, and those of no connector.
    private(set) var rules = [RuleSet](repeating: RuleSet(), count: PostConfiguration.connectorsAtMost)
    private(set) var rulesOfPost = RuleSet()
    /// One bit a connector: must be made safe at once.
    private var open: UInt64 = 0
    private(set) var hasFindings = false
    /// One bit a connector, for the machine: something was found there; and its power was withdrawn.
    private(set) var intervened: UInt64 = 0
    private(set) var opened: UInt64 = 0

    static func bit(_ index: Int) -> UInt64 { 1 << UInt64(truncatingIfNeeded: index) }

    /// A new call begins.
    mutating func begin() {
        isBoot = false
        (startedByHand, clearedByHand) = (nil, nil)
        (energised, emergencies, openedUnderLoad, told, intervened, opened) = (0, 0, 0, 0, 0, 0)
    }

    func isTold(_ index: Int) -> Bool { told & Self.bit(index) != 0 }

    /// A rule is broken and the connector must be made safe now.
    mutating func find(_ rule: Rule, at index: Int?) {
        mustReport(rule, at: index)
        if let index { open |= Self.bit(index) }
    }

    /// A rule would have been broken; the action that would have done it is dropped, and the machine stops by itself.
    mutating func mustReport(_ rule: Rule, at index: Int?) {
        hasFindings = true
        guard let index, index < rules.count else {
            rulesOfPost.insert(rule)
            return
        }
        rules[index].insert(rule)
        intervened |= Self.bit(index)
    }

    func mustOpen(_ index: Int) -> Bool { open & Self.bit(index) != 0 }

    mutating func forgetFindings() {
        opened |= open
        (open, hasFindings, rulesOfPost) = (0, false, RuleSet())
        for index in rules.indices { rules[index] = RuleSet() }
    }
}

extension PostConfiguration {
    /// The limits of a stage; one that is not there gives nothing.
    func limits(of stage: StageID) -> StageConfiguration {
        Int(stage.index) < stages.count
            ? stages[Int(stage.index)]
            : StageConfiguration(ratedWatts: 0, maximumMillivolts: 0, maximumMilliamperes: 0)
    }
}

extension SupervisedCall: Visitable {
    /// What a machine that asked too early left for the next call. All else is of the call that is over.
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&rulesOfPost)
        hasFindings = !rulesOfPost.isEmpty
    }
}
