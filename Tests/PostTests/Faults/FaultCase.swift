// How a fault is proved: a post at some step meets the cause, and code, instant, reaction, latch and healing are looked at.

@testable import Post

/// Where the post stands when the cause comes.
enum Step: Sendable {
    /// Nothing plugged in.
    case vacant
    /// Plugged in, no card shown.
    case plugged
    /// Authorized, up to the insulation test and past it; power waits for the start record, which the test gives.
    case awaitingRecord
    /// Energy flows.
    case charging
}

/// One fault: given a post at a step, when this happens, then that code by that instant, with that reaction.
struct FaultCase: Sendable {
    /// The stable code, written out: a name that changes fails here.
    let code: String
    let step: Step
    /// The class that must be met with power allowed, and without a session.
    let whileEnergised: FaultClass
    let whileIdle: FaultClass
    let release: FaultRelease
    /// Not before this long after the cause, and at the latest so long.
    let after: Interval
    let within: Interval
    var configuration: PostConfiguration
    /// The connector that has the fault.
    var place: Int
    /// Whether the cause can only be seen while there is a session, so that the fault ends with it.
    var endsWithSession: Bool
    let cause: @Sendable (PlausiblePost) -> Void
    /// What it takes beyond devices that work again.
    let mend: @Sendable (PlausiblePost) -> Void

    init(
        _ code: String, _ step: Step, _ whileEnergised: FaultClass, idle: FaultClass, _ release: FaultRelease,
        after: Interval = .zero, within slack: Interval = .milliseconds(100),
        _ configuration: PostConfiguration = .twoConnectors, at place: Int = 0, endsWithSession: Bool = false,
        _ cause: @escaping @Sendable (PlausiblePost) -> Void,
        mend: @escaping @Sendable (PlausiblePost) -> Void = { _ in }
    ) {
        self.code = code
        self.step = step
        self.whileEnergised = whileEnergised
        self.whileIdle = idle
        self.release = release
        self.after = after
        self.within = Interval(microseconds: after.microseconds + slack.microseconds)
        self.configuration = configuration
        self.place = place
        self.endsWithSession = endsWithSession
        self.cause = cause
        self.mend = mend
    }

    var fault: Fault? { Fault.allCases.first { $0.code == code } }

    /// Plays the case; what was not as it must be, in words. `disarmed` faults are never raised.
    func complaints(without disarmed: FaultSet = FaultSet()) -> [String] {
        guard let fault else { return ["there is no fault of the code \(code)"] }
        let trial = FaultTrial(self, fault)
        #if HOLDFAST_SEAMS
            trial.post.core.disarmed = disarmed
        #endif
        trial.play()
        return trial.wrong.map { "\(code): \($0)" }
    }
}

/// One play of one case.
final class FaultTrial {
    let one: FaultCase
    let fault: Fault
    let post: PlausiblePost
    let id: ConnectorID
    private(set) var wrong: [String] = []
    private var raisedAt = 0
    private var granted: Int32 = 0
    private var hadSession = false

    init(_ one: FaultCase, _ fault: Fault) {
        self.one = one
        self.fault = fault
        post = PlausiblePost(one.configuration)
        id = ConnectorID(UInt8(one.place))
    }

    private func expect(_ isSo: Bool, _ complaint: String) { if !isSo { wrong.append(complaint) } }
    private var status: ConnectorStatus { post.status(one.place) }
    private var isPresent: Bool { status.faults.contains(fault) }

    func play() {
        take(one.step)
        guard wrong.isEmpty, raise() else { return }
        react()
        book()
        release()
        if fault != .internalDefect { expect(post.defects.isEmpty, "the supervisor stepped in: \(post.defects)") }
    }

    private func take(_ step: Step) {
        switch step {
        case .vacant: post.run(.milliseconds(100))
        case .plugged: post.plug(one.place)
        case .awaitingRecord:
            post.recordsAnswer = nil
            post.plug(one.place)
            post.tap()
            post.run(.seconds(3))
            expect(status.waiting == .startRecord, "the post does not come to the step")
        case .charging:
            // Enough for every derating to be felt.
            if one.whileEnergised == .derate { post.targets[one.place].milliamperes = 300_000 }
            post.charge(one.place)
            post.run(.seconds(1))
            expect(status.powerAllowed == .charge, "the post does not come to the step")
        }
    }

    /// The cause comes; the fault is raised in its time, once.
    private func raise() -> Bool {
        granted = post.core.connectors[one.place].setpoint.milliamperes
        let begun = post.log.count
        one.cause(post)
        let cause = post.now
        let end = cause + one.within
        func position() -> Int? {
            post.log[begun...].firstIndex { $0.action == .report(.faultRaised(fault, id)) }
        }
        while position() == nil, post.now < end { post.run(post.cadence) }
        guard let position = position() else {
            expect(false, "not raised within \(one.within.milliseconds) ms; there are \(status.faults.codes)")
            return false
        }
        raisedAt = position
        expect(
            post.log[position].at >= cause + one.after,
            "raised after \((post.log[position].at - cause).milliseconds) ms already")
        return true
    }

    private func react() {
        let at = post.log[raisedAt].at
        let row = fault.row
        expect(row.whileEnergised == one.whileEnergised && row.whileIdle == one.whileIdle, "is of another class")
        expect(row.release == one.release, "goes away in another way")
        hadSession = status.session != nil
        let told = post.log[raisedAt...].filter { $0.at == at }.map(\.action)
        guard hadSession else {
            expect(status.powerAllowed == nil, "power is allowed without a session")
            return
        }
        switch one.whileEnergised {
        case .emergency:
            let isOff = told.contains { if case .commandStage(_, _, .off) = $0 { true } else { false } }
            expect(status.powerAllowed == nil, "power is not withdrawn in the same call")
            expect(isOff || post.core.connectors[one.place].setpoint == .off, "the stage is not told off")
            expect(told.contains(.setPilot(id, .steady)), "the pilot does not tell the vehicle")
        case .error: expectStop(within: SafetyLimits().rampDownWhenError)
        case .graceful:
            let isLeaving = fault == .vehicleLeftCharging
            let limits = SafetyLimits()
            let isOff = told.contains { if case .commandStage(_, _, .off) = $0 { true } else { false } }
            expect(!isLeaving || isOff, "the stage is not told off, and takes its ramp")
            expectStop(within: isLeaving ? limits.rampDownWhenVehicleLeft : limits.rampDownWhenAsked)
        case .derate:
            post.run(.seconds(1))
            expect(status.powerAllowed == .charge, "the session does not go on")
            expect(post.core.connectors[one.place].setpoint.milliamperes < granted, "no less power")
        case .block, .warning:
            let phase = status.phase
            post.run(.seconds(1))
            expect(status.phase == phase, "the session does not go on")
        }
    }

    /// The one way out: asked for in the call that raised the fault, current down first, open within the budget.
    private func expectStop(within budget: Interval) {
        expect(status.phase == .stopping, "no stop begins")
        let wasAllowed = status.powerAllowed != nil
        post.run(budget + post.cadence)
        let opened = post.log[raisedAt...].first { $0.action == .withdrawPower(id) }?.at
        let end = post.log[raisedAt].at + budget
        expect(!wasAllowed || (opened ?? .distantFuture) <= end, "not open within \(budget.milliseconds) ms")
    }

    /// The session's one stop names the fault, and the connector is blocked where the table says so.
    private func book() {
        post.run(.seconds(3))
        if fault.row.release == .byService {
            let latch = Action.recordLatch(Latch(fault: fault, connector: id), isSet: true)
            expect(post.count { $0 == latch } == 1, "the latch is not written down once")
        }
        if fault.isWeld || fault == .stageIgnoresOff {
            let trip = Action.tripUpstream(post.core.configuration.connectors[one.place].stage)
            expect(post.count { $0 == trip } == 1, "the stage is not cut off")
        }
        guard !one.endsWithSession else { return }
        expect(isPresent, "is gone before anything is mended")
        if status.session == nil {
            expect((status.phase == .faulted) == (one.whileIdle <= .block), "blocks, or not, against the table")
        }
    }

    private func release() {
        post.mendEverything()
        one.mend(post)
        // What waits longest: an owed stop, a lock that was given up on, a discharge.
        post.run(.seconds(11))
        switch one.release {
        case .withCause: expect(!isPresent, "does not go with its cause")
        case .whenUnplugged:
            if post.lines[one.place].proximity == .seated { expect(isPresent, "goes before the plug") }
        case .byService: break
        }
        if status.session != nil { post.handle(.command(CommandNumber(1), .stop(id, .remote))) }
        post.run(.seconds(3))
        post.unplug(one.place)
        post.run(.seconds(2))
        if one.release == .byService { clearByService() }
        expect(status.faults.isEmpty, "is left with \(status.faults.codes)")
        expect(stopNamesFault, "the session's stop does not name it")
        post.charge(one.place, token: 8)
        expect(status.powerAllowed == .charge, "the connector does not serve again: \(status.phase)")
    }

    /// What is found once the stop is written down ended nothing.
    private var stopNamesFault: Bool {
        let isBooked = post.log[..<raisedAt].contains { if case .recordStop = $0.action { true } else { false } }
        guard !isBooked, hadSession, one.whileEnergised <= .graceful, fault != .startNotRecorded else {
            return true
        }
        return post.log.contains {
            if case .recordStop(let stop) = $0.action { stop.fault == fault } else { false }
        }
    }

    /// A latch outlives its cause, the vehicle and a restart, lets nobody begin, and goes when service says so.
    private func clearByService() {
        post.restart()
        post.run(.seconds(1))
        expect(isPresent, "does not survive a restart")
        post.plug(one.place)
        let start = CommandNumber(3)
        post.handle(.command(start, .start(id, TokenName(high: 9, low: 7))))
        expect(post.log.contains { $0.action == .answer(start, .connectorFaulted) }, "lets a session begin")
        post.unplug(one.place)
        let clear = CommandNumber(2)
        post.handle(.command(clear, .clearFault(fault, id)))
        expect(post.log.contains { $0.action == .answer(clear, nil) }, "service cannot clear it")
        let forgotten = Action.recordLatch(Latch(fault: fault, connector: id), isSet: false)
        expect(post.log.contains { $0.action == forgotten }, "the latch is not forgotten")
    }
}

extension FaultSet {
    /// The codes in it, in the order of the table.
    var codes: String {
        var codes: [String] = []
        forEach { codes.append($0.code) }
        return codes.joined(separator: " ")
    }
}
