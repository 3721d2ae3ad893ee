// One cell of a table: what one event did in one situation, in the words of the table.

@testable import Post

/// What an event did.
struct Cell {
    let situation: Situation
    let stimulus: Stimulus
    let stateBefore: String
    let stateAfter: String
    let allowedBefore: PowerDegree?
    let allowedAfter: PowerDegree?
    let setpointBefore: StageCommand
    let given: [Action]
    /// How the other connectors' machines stood before and stand after: they may not care.
    let othersBefore: [ConnectorState]
    let othersAfter: [ConnectorState]
    /// What the outside judge found, and where the supervisor stepped in: both must be empty.
    let broken: [String]

    /// One event, a moment after the post has come into that situation.
    init(_ stimulus: Stimulus, in situation: Situation, of first: PlausiblePost) {
        let post = first.copied()
        post.now = post.now + .milliseconds(1)
        stimulus.before(post)
        (self.situation, self.stimulus) = (situation, stimulus)
        stateBefore = post.testedState
        (allowedBefore, setpointBefore) = (post.tested.allowed, post.tested.setpoint)
        othersBefore = post.core.connectors.dropFirst().map(\.state)
        // The judge has no seat for a connector that is not there.
        let judge = post.judge
        if stimulus.scope == .nowhere { post.judge = nil }
        post.handle(stimulus.event(post))
        given = post.actions.list
        stateAfter = post.testedState
        allowedAfter = post.tested.allowed
        othersAfter = post.core.connectors.dropFirst().map(\.state)
        broken = (judge?.broken ?? []) + (judge?.interventions ?? []) + given.defects.map { "rule \($0.rawValue)" }
    }

    /// What was wanted of the connector under test and its stage, and of the post as a whole.
    var own: [String] {
        // While it waits for the stage, what the stage is told is the other's.
        given.filter { [.tested, nil].contains($0.owner) && !(situation == .stage && $0.isForStage) }
            .compactMap(\.phrase)
    }

    func wanted(of id: ConnectorID) -> [String] { given.filter { $0.owner == id }.compactMap(\.phrase) }

    /// Whether any degree of power is given in the cell.
    var raises: Bool { given.contains { if case .allowPower = $0 { true } else { false } } }

    /// The cell as the table shows it.
    var text: String {
        let what = own.joined(separator: ", ")
        if stateBefore != stateAfter { return "→ \(stateAfter)" + (what.isEmpty ? "" : ": \(what)") }
        return what.isEmpty ? "nothing" : "stays: \(what)"
    }

    /// The cell in one letter: the next state, or `+` where it stays and does something, or `·`.
    var letter: Character {
        if stateBefore != stateAfter { return Situation.letter(ofState: stateAfter) }
        return own.isEmpty ? "·" : "+"
    }
}

extension Action {
    /// Whom an action is about: a connector, or nil for the whole post. A stage is its first connector's.
    var owner: ConnectorID? {
        switch self {
        case .allowPower(let id, _), .withdrawPower(let id), .setLock(let id, _), .setPilot(let id, _),
            .setDischarge(let id, _), .indicate(let id, _), .commandInsulation(let id, _, _),
            .tellVehicle(let id, _, _):
            id
        case .tripUpstream(let stage), .commandStage(let stage, _, _): stage.index == 0 ? .tested : .neighbour
        case .recordStart(let start): start.connector
        case .recordSample(let sample): Action.owner(of: sample.session)
        case .recordStop(let stop): Action.owner(of: stop.session)
        case .recordLatch(let latch, _): latch.connector
        case .recordMeter(let meter): meter.connector
        case .recordAvailability(let id, _): id
        case .askCloud, .setCooling, .restart, .answer: nil
        case .report(let report): report.owner
        }
    }

    var isForStage: Bool { if case .commandStage = self { true } else { false } }

    /// Sessions are numbered as they begin: the neighbour's is the first where there is one.
    private static func owner(of session: SessionID) -> ConnectorID? {
        session == SessionID(boot: 7, counter: 1) ? .neighbour : .tested
    }

    /// The action in the words of the table; nil for what only shows what the table says anyway.
    var phrase: String? {
        switch self {
        case .allowPower(_, let degree): "allow \(degree)"
        case .withdrawPower: "withdraw"
        case .setLock(_, let isHeld): isHeld ? "lock" : "unlock"
        case .setPilot(_, let pilot): "pilot \(pilot)"
        case .setDischarge(_, let isOn): "discharge \(isOn ? "on" : "off")"
        case .tripUpstream: "trip upstream"
        case .setCooling(let isOn): "cooling \(isOn ? "on" : "off")"
        case .indicate: nil
        case .commandStage(_, _, .off): "stage off"
        case .commandStage(_, _, .on(let volts, let amperes)): "stage \(inUnits(volts)) V \(inUnits(amperes)) A"
        case .commandInsulation(_, _, let command): "monitor \(command)"
        case .tellVehicle(_, _, .limits(let volts, let amperes)):
            "tell limits \(inUnits(volts)) V \(inUnits(amperes)) A"
        case .tellVehicle(_, _, let notice): "tell \(notice)"
        case .askCloud: "ask the cloud"
        case .recordStart: "record start"
        case .recordSample: "record sample"
        case .recordStop(let stop): "record stop (\(stop.reason)\(stop.energyIsLastKnown ? ", last known" : ""))"
        case .recordLatch(let latch, let isSet): "\(isSet ? "keep" : "forget") latch \(latch.fault.code)"
        case .recordMeter: "record meter"
        case .recordAvailability(_, let isIn): "record \(isIn ? "in" : "out of") service"
        case .restart: "restart"
        case .answer(_, let refusal): refusal.map { "answer \($0.code)" } ?? "answer yes"
        case .report(let report): report.phrase
        }
    }
}

extension Report {
    var owner: ConnectorID? {
        switch self {
        case .stateChanged(let id, _, _), .sessionAuthorized(_, let id, _), .energyFlows(_, let id),
            .sessionEnded(_, let id, _, _), .openedUnderLoad(let id, _):
            id
        case .faultRaised(_, let id), .faultCleared(_, let id), .refused(_, let id), .defect(_, let id): id
        case .restarts: nil
        }
    }

    var phrase: String? {
        switch self {
        case .stateChanged, .sessionAuthorized: nil
        case .faultRaised(let fault, _): "+\(fault.code)"
        case .faultCleared(let fault, _): "−\(fault.code)"
        case .refused(let refusal, _): "refuse \(refusal.code)"
        case .energyFlows: "energy flows"
        case .sessionEnded(_, _, let reason, _): "session ended (\(reason))"
        case .openedUnderLoad: "opened under load"
        case .restarts: "restarts"
        case .defect(let rule, _): "DEFECT of rule \(rule.rawValue)"
        }
    }
}

/// Thousandths as a number: 2,500 is 2.5.
private func inUnits(_ thousandths: Int32) -> String {
    thousandths % 1_000 == 0 ? "\(thousandths / 1_000)" : "\(Double(thousandths) / 1_000)"
}
