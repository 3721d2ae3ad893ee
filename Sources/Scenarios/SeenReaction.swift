// What a post was seen to do about a fault, or about a deed of the story: told from its actions, never from its table.

import Post
import Simulator

/// What one `handle` call ordered at one connector.
struct Orders: Hashable {
    var withdrawsPower = false
    var turnsStageOff = false
    var asksStageForNothing = false
    var setsPilotSteady = false
    var tripsStage = false
    var tellsEmergency = false
    var tellsStop = false
    /// The most that the vehicle was told it may take, in milliamperes.
    var limitMilliamperes: Int32?
    var isRefused = false
    var beginsSession = false

    /// Whether it ends what goes on.
    var ends: Bool { tellsEmergency || tellsStop || withdrawsPower }

    /// What the actions say to a connector and to its stage.
    init(_ actions: [Action] = [], connector: ConnectorID, stage: StageID) {
        for action in actions { take(action, connector, stage) }
    }

    private mutating func take(_ action: Action, _ connector: ConnectorID, _ stage: StageID) {
        switch action {
        case .withdrawPower(connector): withdrawsPower = true
        case .setPilot(connector, .steady): setsPilotSteady = true
        case .tripUpstream(stage): tripsStage = true
        case .commandStage(stage, _, .off): turnsStageOff = true
        case .commandStage(stage, _, .on(_, milliamperes: 0)): asksStageForNothing = true
        case .tellVehicle(connector, _, .emergency): tellsEmergency = true
        case .tellVehicle(connector, _, .stopRequested): tellsStop = true
        case .tellVehicle(connector, _, .limits(_, let milliamperes)): limitMilliamperes = milliamperes
        case .report(.refused(_, let id)) where id == nil || id == connector: isRefused = true
        case .report(.sessionAuthorized(_, connector, _)): beginsSession = true
        default: break
        }
    }
}

/// What followed a fault, or a deed of the story, at one connector.
struct SeenReaction {
    /// What was raised; nil: whatever followed the last deed of the story.
    var fault: Fault?
    var since: Instant
    /// The number under which it is followed to the end of the story, if it is.
    var promise: Int?
    /// What was so before.
    var hadSession: Bool
    var wasStopping: Bool
    var wasAllowed: Bool
    var wasStageOn: Bool
    var limitBefore: Int32?
    /// The call that met it: the one that raised the fault, or the first after the deed that ended something.
    var call: Orders?
    var calledAt: Instant
    /// How long the stop that began in that call may take until the current may be broken; nil: it was there at once.
    var budget: Interval?
    /// When the path was open, after that call.
    var openAt: Instant?
    /// When less power was offered than before.
    var deratedAt: Instant?
    /// When somebody was refused, or the connector was seen closed.
    var blockedAt: Instant?
    /// When a session began although this was present.
    var beganAt: Instant?
    /// When the connector closed with nothing else to close it.
    var closedAloneAt: Instant?
    /// When the fault was gone.
    var goneAt: Instant?

    // What speaks against a class, or nil

    /// What speaks against this class by what has been ordered so far.
    func objection(to expected: FaultClass, _ phase: ConnectorPhase, now: Instant) -> String? {
        switch expected {
        case .emergency: objectionToEmergency
        case .error, .graceful: objectionToStop(expected)
        case .derate: objectionToGoingOn ?? (deratedAt == nil ? "no less power was offered" : nil)
        case .block: fault != nil && hadSession ? objectionToGoingOn : objectionToGoingOn ?? objectionToOpen(phase)
        case .warning: objectionToGoingOn ?? objectionToClosed(phase)
        }
    }

    /// What speaks against it once the story is over: what was begun must have been finished in time.
    func objectionAtTheEnd(to expected: FaultClass, now: Instant) -> String? {
        switch expected {
        case .emergency, .error, .graceful:
            guard let limit = limit(of: expected), let took = finishedAfter(now) else { return nil }
            guard openAt == nil || took > limit else { return nil }
            return openAt == nil
                ? "the path was still closed \(span(took.microseconds)) later"
                : "the path was open only after \(span(took.microseconds))"
        case .derate: return nil
        case .block:
            if beganAt != nil { return "a session began all the same" }
            return blockedAt == nil ? "nobody was ever kept out" : nil
        case .warning: return closedAloneAt == nil ? nil : "the connector was closed for it"
        }
    }

    /// How soon a path must be open; nil where the path cannot open and the stage was cut off instead.
    func limit(of expected: FaultClass) -> Interval? {
        if call?.tripsStage == true, openAt == nil { return nil }
        return switch expected {
        case .emergency: ReactionLimit.opening
        case .error:
            Interval(microseconds: ReactionLimit.errorLasts.microseconds + ReactionLimit.opening.microseconds)
        case .graceful:
            Interval(microseconds: ReactionLimit.askedLasts.microseconds + ReactionLimit.opening.microseconds)
        case .derate, .block, .warning: nil
        }
    }

    /// How long it took until the path was open, or has taken until now; nil where nothing was ordered.
    func finishedAfter(_ now: Instant) -> Interval? { call.map { _ in (openAt ?? now) - calledAt } }

    private var name: String { fault.map { "\($0.code)" } ?? "what happened" }

    private var objectionToEmergency: String? {
        guard let call else { return "nothing was stopped" }
        guard hadSession else { return "nobody was being served: the connector is closed, and no more" }
        var missing: [String] = []
        if wasAllowed, !call.withdrawsPower { missing.append("power was not withdrawn") }
        if wasStageOn, !call.turnsStageOff { missing.append("the stage was not ordered off") }
        if !call.setsPilotSteady { missing.append("the pilot did not tell the vehicle") }
        if !call.tellsEmergency { missing.append("the vehicle was not told of an emergency") }
        return missing.isEmpty ? nil : "in the call that met \(name) " + missing.joined(separator: ", ")
    }

    private func objectionToStop(_ expected: FaultClass) -> String? {
        guard let call else { return "nothing was stopped" }
        guard hadSession else { return "nobody was being served: the connector is closed, and no more" }
        if call.tellsEmergency { return "it was met as an emergency" }
        if wasStopping { return nil }
        guard call.tellsStop else { return "the session was not stopped in the call that met \(name)" }
        if wasStageOn, !call.turnsStageOff, !call.asksStageForNothing {
            return "the stage was not told to bring the current down in the call that met \(name)"
        }
        // Where the current was low enough at once, no budget was set and both classes look alike.
        let isError = budget.map { $0 == ReactionLimit.errorLasts }
        if expected == .error, isError == false { return "the stop was given \(span(budget?.microseconds ?? 0))" }
        if expected == .graceful, isError == true { return "it was stopped as for an error, within 2.5 s" }
        return nil
    }

    /// A session that goes on: nothing was ended in the call that met the fault, or since the deed.
    private var objectionToGoingOn: String? {
        guard let call, call.ends, !wasStopping else { return nil }
        return call.tellsEmergency ? "it was met as an emergency" : "the session was stopped"
    }

    private func objectionToOpen(_ phase: ConnectorPhase) -> String? {
        if blockedAt != nil || phase == .faulted || phase == .unavailable { return nil }
        return "nobody was kept out: state is \(code("\(phase)"))"
    }

    private func objectionToClosed(_ phase: ConnectorPhase) -> String? {
        if fault == nil {
            return deratedAt != nil ? "less power was offered" : blockedAt != nil ? "somebody was kept out" : nil
        }
        return closedAloneAt != nil ? "the connector was closed for it" : nil
    }
}
