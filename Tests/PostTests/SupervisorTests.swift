// The machine is broken on purpose, and the supervisor catches it: at least one test for each of the eleven rules.

import Testing

@testable import Post

@Suite("The supervisor has the last word")
struct SupervisorTests {
    private let first = ConnectorID(0)

    private func charging(_ configuration: PostConfiguration = .twoConnectors) -> PlausiblePost {
        let post = PlausiblePost(configuration)
        post.charge()
        post.run(.seconds(3))
        #expect(post.status().phase == .charging)
        return post
    }

    // Rule 1

    @Test("rule 1: what a sound machine wants passes, at each degree", arguments: PowerDegree.allCases)
    func soundPasses(degree: PowerDegree) {
        var machine = BrokenMachine(before: degree)
        #expect(machine.handle(wants: [.allowPower(first, degree)]) == [.allowPower(first, degree)])
    }

    /// Each takes one need away.
    enum Spoiler: CaseIterable {
        case door, earth, tilt, emergencyStop, residualCurrent, interlocksLost, linesLost, pilot, proximity, latch,
            weld
        case vehicleElsewhere, vehicleSilent, meterSilent, meterFromTheFuture, insulationLow, liveContacts,
            notDurable
        case discharging, supplyCut, notTested, revoked
    }

    @Test("rule 1: no degree of power without everything it needs", arguments: Spoiler.allCases)
    func powerNeedsEverything(spoiler: Spoiler) {
        for degree in PowerDegree.allCases where spoiler.matters(to: degree) {
            var machine = BrokenMachine(before: degree)
            spoiler.apply(to: &machine)
            let actions = machine.handle(wants: [.allowPower(first, degree)])
            #expect(!actions.contains(.allowPower(first, degree)), "\(spoiler) before \(degree)")
            #expect(actions.overrules(spoiler.rule), "\(spoiler) before \(degree): \(actions)")
        }
    }

    @Test("rule 1: a degree is never left out")
    func degreesFollow() {
        var machine = BrokenMachine(before: .test)
        #expect(machine.handle(wants: [.allowPower(first, .match)]).overrules(.powerNeedsEverything))
        machine = BrokenMachine(before: .match)
        #expect(machine.handle(wants: [.allowPower(first, .charge)]).overrules(.powerNeedsEverything))
    }

    @Test("rule 1: the discharge path stays open while the contactors are closed")
    func dischargeOnlyWhenOpen() {
        var machine = BrokenMachine(after: charging())
        let actions = machine.handle(wants: [.setDischarge(first, isOn: true)])
        #expect(actions.overrules(.powerNeedsEverything))
        #expect(!actions.contains(.setDischarge(first, isOn: true)))
    }

    @Test(
        "rule 1: a machine that sleeps is woken when a reading turns too old, and overruled when its budget is over"
    )
    func readingsTurnOld() {
        let post = charging()
        var machine = BrokenMachine(after: post)
        var earliest = Earliest(after: machine.now)
        machine.supervisor.includeDeadlines(in: &earliest)
        // The vehicle's message is the first to turn too old, then the lines: that is class E.
        let limits = SafetyLimits()
        #expect(earliest.instant.map { $0 - machine.now <= limits.vehicleMaximumAge + .milliseconds(1) } == true)
        #expect(machine.sleep(limits.linesMaximumAge).isEmpty)
        #expect(machine.sleep(.milliseconds(1)).overrules(.emergencyAtOnce))
    }

    // Rule 2

    @Test("rule 2: a class-E input makes all three safe in the same call, whatever the machine thinks")
    func emergencyAtOnce() {
        var levels = InterlockLevels.allGood
        levels.emergencyStopPressed = true
        var machine = BrokenMachine(after: charging())
        #expect(machine.handle(.interlocks(levels)).overrules(.emergencyAtOnce))
    }

    @Test("rule 2: power withdrawn and stage off are not enough: the vehicle is told by the pilot")
    func emergencyTellsTheVehicle() {
        var levels = InterlockLevels.allGood
        levels.doorOpen = true
        let off = Action.commandStage(StageID(0), CommandNumber(1), .off)
        var machine = BrokenMachine(after: charging())
        #expect(machine.handle(.interlocks(levels), wants: [.withdrawPower(first), off]).tells(.emergencyAtOnce))
        machine = BrokenMachine(after: charging())
        let all = [.withdrawPower(first), off, .setPilot(first, .steady)]
        #expect(machine.handle(.interlocks(levels), wants: all) == all)
    }

    @Test("rule 2: a class-E fault that the machine tells of is acted on in the same call")
    func faultOfClassE() {
        var machine = BrokenMachine(after: charging())
        let told = Action.report(.faultRaised(.stageIgnoresOff, first))
        let latched = Action.recordLatch(Latch(fault: .stageIgnoresOff, connector: first), isSet: true)
        #expect(machine.handle(wants: [told, latched]).overrules(.emergencyAtOnce))
    }

    @Test("rule 2: contactors that open under load without an emergency are told of")
    func openingUnderLoad() {
        var machine = BrokenMachine(after: charging())
        let actions = machine.handle(wants: [.withdrawPower(first)])
        #expect(actions.tells(.emergencyAtOnce))
        #expect(actions.contains(.withdrawPower(first)))
    }

    @Test(
        "rule 2: pilot states with a budget are held no longer than that", arguments: [PilotState.b, .invalid, .f])
    func pilotBudgets(pilot: PilotState) {
        let post = charging()
        post.lines[0].pilot = pilot
        var machine = BrokenMachine(after: post)
        let budget: Interval = pilot == .b ? .milliseconds(130) : .milliseconds(2_650)
        var heldFor = Interval.zero
        while heldFor < .seconds(5) {
            post.now = machine.now
            let actions = machine.handle(.lines(first, post.lines[0])) + machine.refresh(post)
            if !actions.isEmpty {
                #expect(actions.overrules(.emergencyAtOnce))
                break
            }
            machine.now = machine.now + .milliseconds(50)
            heldFor = heldFor + .milliseconds(50)
        }
        #expect(heldFor >= .milliseconds(100) && heldFor <= budget + .milliseconds(50), "held for \(heldFor)")
    }

    // Rule 3

    @Test("rule 3: a contactor that stays closed is a weld, also where the machine says nothing")
    func weldUnseen() {
        let post = charging()
        post.currents[0] = 0
        var machine = BrokenMachine(after: post)
        _ = machine.refresh(post)
        let off = Action.commandStage(StageID(0), CommandNumber(1), .off)
        #expect(machine.handle(wants: [.withdrawPower(first), off]).defects.isEmpty)
        #expect(machine.handle(.lines(first, post.lines[0])).isEmpty)
        machine.now = machine.now + .milliseconds(1_000)
        #expect(machine.handle(.lines(first, post.lines[0])).isEmpty)
        machine.now = machine.now + .milliseconds(100)
        let actions = machine.handle(.lines(first, post.lines[0]))
        #expect(actions.overrules(.measuredAgrees))
        #expect(actions.contains(.recordLatch(Latch(fault: .weldedBoth, connector: first), isSet: true)))
    }

    @Test("rule 3: current that flows backwards is not left to flow")
    func reverseCurrent() {
        let post = charging()
        post.currents[0] = -20_000
        var machine = BrokenMachine(after: post)
        var actions: [Action] = []
        for _ in 0..<5 where actions.isEmpty {
            machine.now = machine.now + .milliseconds(50)
            actions = machine.refresh(post)
        }
        #expect(actions.overrules(.measuredAgrees))
    }

    @Test("rule 3: a latch is cleared by hand only")
    func latchesStay() {
        let latch = Latch(fault: .weldedPlus, connector: first)
        var machine = BrokenMachine(after: PlausiblePost())
        #expect(machine.handle(.latchRestored(latch)).isEmpty)
        let clear = Action.recordLatch(latch, isSet: false)
        let actions = machine.handle(wants: [clear])
        #expect(!actions.contains(clear) && actions.tells(.measuredAgrees))
        #expect(
            machine.handle(.command(CommandNumber(1), .clearFault(.weldedPlus, first)), wants: [clear]) == [clear])
    }

    // Rule 4

    @Test("rule 4: the plug is not released before the contacts are read dead, and not on an older reading")
    func releasedOnlyWhenDead() {
        let post = charging()
        var machine = BrokenMachine(after: post)
        let release = Action.tellVehicle(first, CommandNumber(1), .ended)
        #expect(machine.handle(wants: [release]).overrules(.releasedOnlyWhenDead))
        machine = BrokenMachine(after: post)
        // Dead readings from before the opening say nothing of now.
        (post.volts[0], post.currents[0]) = (0, 0)
        _ = machine.refresh(post)
        machine.now = machine.now + .milliseconds(10)
        #expect(machine.handle(wants: [.withdrawPower(first)]).defects.isEmpty)
        #expect(machine.handle(wants: [release]).tells(.releasedOnlyWhenDead))
        machine.now = machine.now + .milliseconds(10)
        _ = machine.refresh(post)
        #expect(machine.handle(wants: [release]) == [release])
    }

    @Test("rule 4: with a weld suspected, only on two readings and with the stage cut off from its supply")
    func releasedWithAWeld() {
        let post = PlausiblePost()
        var machine = BrokenMachine(after: post)
        let release = Action.setLock(first, isHeld: false)
        #expect(machine.handle(.latchRestored(Latch(fault: .weldedBoth, connector: nil))).isEmpty)
        #expect(machine.handle(wants: [release]).tells(.releasedOnlyWhenDead))
        let trip = Action.tripUpstream(StageID(0))
        #expect(machine.handle(wants: [trip, release]) == [trip, release])
        machine.now = machine.now + .seconds(4)
        #expect(machine.handle(post.meterEvent(0, at: machine.now)).isEmpty)
        machine.supervisor.watched[0].insulation.forget()
        #expect(machine.handle(wants: [release]).tells(.releasedOnlyWhenDead))
    }

    // Rules 5 to 8

    @Test("rule 5: a session has one stop, and its energy is told once")
    func oneStop() {
        let post = charging()
        var machine = BrokenMachine(after: post)
        guard let book = machine.supervisor.watched[0].book else { return }
        let ended = Action.report(.sessionEnded(book.session, first, .local, energyWattHours: book.energyWattHours))
        var stop = SessionStop(
            session: book.session, endedAt: machine.now, reason: .local, fault: nil,
            registerWattHours: book.registerWattHours, energyWattHours: book.energyWattHours,
            energyIsLastKnown: true)
        let told = Action.recordStop(stop)
        #expect(machine.handle(wants: [ended, told]) == [ended, told])
        #expect(machine.handle(wants: [told]) == [told], "asked again until it is durable")
        #expect(machine.handle(wants: [ended]).tells(.recordedBeforeEnergy))
        stop.energyWattHours += 1
        let actions = machine.handle(wants: [.recordStop(stop)])
        #expect(actions.tells(.recordedBeforeEnergy) && !actions.contains(.recordStop(stop)))
        _ = machine.handle(.stopRecorded(book.session, .recorded))
        #expect(machine.handle(wants: [told]).tells(.recordedBeforeEnergy))
    }

    @Test("rule 6: energy never falls, and is the difference of two readings")
    func energyNeverDecreases() {
        let post = charging()
        guard let book = post.core.supervisor.watched[0].book else { return }
        let true0 = book.registerWattHours
        for (register, energy) in [(true0, Int64(-5)), (true0, book.energyWattHours + 1), (true0 + 50, 50)] {
            var machine = BrokenMachine(after: post)
            let sample = Action.recordSample(
                SessionSample(
                    session: book.session, measuredAt: machine.now, registerWattHours: register,
                    energyWattHours: energy))
            let actions = machine.handle(wants: [sample])
            #expect(actions.tells(.energyNeverDecreases) && !actions.contains(sample), "\(energy) at \(register)")
        }
    }

    @Test("rule 6: a meter that went back is not the end of a session's truth: the stop must say so")
    func meterThatWentBack() {
        let post = charging()
        var machine = BrokenMachine(after: post)
        guard let book = machine.supervisor.watched[0].book else { return }
        post.registers[0] = 0
        #expect(machine.refresh(post).isEmpty)
        let stop = SessionStop(
            session: book.session, endedAt: machine.now, reason: .local, fault: nil,
            registerWattHours: book.registerWattHours, energyWattHours: book.energyWattHours,
            energyIsLastKnown: false)
        #expect(machine.handle(wants: [.recordStop(stop)]).tells(.energyNeverDecreases))
    }

    @Test("rule 7: nobody asks the cloud about a card that the list knows")
    func decidedLocally() {
        let post = PlausiblePost()
        post.plug()
        var machine = BrokenMachine(after: post)
        let token = TokenName(high: 9, low: 1)
        let answer = TokenLookUp(
            token: token, verdict: .listed, group: 0, freshness: .fresh, allowance: .unlimited)
        let question = Action.askCloud(CommandNumber(1), token, first)
        let actions = machine.handle(.tokenLookedUp(ReaderID(0), answer), wants: [question])
        #expect(actions.tells(.decidedLocally, at: nil) && !actions.contains(question))
    }

    @Test("rule 7: no session begins on an answer that never came")
    func noAnswerNoSession() {
        let post = PlausiblePost()
        post.plug()
        for source in [AuthorizationSource.list, .cloud, .guestFloor, .operatorCommand] {
            var machine = BrokenMachine(after: post)
            let start = Action.recordStart(post.start(token: 1, source: source))
            let actions = machine.handle(wants: [start])
            #expect(actions.overrules(.decidedLocally) && !actions.contains(start), "\(source)")
        }
    }

    @Test("rule 8: no second session for one card, none for one connector")
    func oneSessionEach() {
        let post = charging()
        var machine = BrokenMachine(after: post)
        let elsewhere = Action.recordStart(post.start(token: 1, source: .list, at: 1))
        #expect(machine.handle(wants: [elsewhere]).overrules(.oneSessionEach, at: 1))
        let again = Action.recordStart(post.start(token: 2, source: .list))
        #expect(machine.handle(wants: [again]).overrules(.oneSessionEach))
    }

    // Rules 9 to 11

    @Test("rule 9: more than site, others, stage, cable or vehicle bear never reaches a stage")
    func grantsWithinLimits() {
        func give(_ milliamperes: Int32, _ millivolts: Int32 = 400_000) -> Action {
            .commandStage(StageID(0), CommandNumber(1), .on(millivolts: millivolts, milliamperes: milliamperes))
        }
        let post = charging()
        var machine = BrokenMachine(after: post)
        #expect(machine.handle(wants: [give(200_000)]) == [give(200_000)])
        for tooMuch in [give(401_000), give(380_000), give(100_000, 921_000), give(100_000, 910_000), give(-1)] {
            machine = BrokenMachine(after: post)
            let actions = machine.handle(wants: [tooMuch])
            #expect(actions.tells(.grantsWithinLimits) && !actions.contains(tooMuch), "\(tooMuch)")
        }
        machine = BrokenMachine(after: post)
        let lowered = machine.handle(.limit(.cloud, watts: 10_000), wants: [give(30_000)])
        #expect(lowered.overrules(.grantsWithinLimits), "30 A at 400 V stand under a limit of 10 kW")
        machine = BrokenMachine(after: post)
        #expect(machine.handle(.limit(.cloud, watts: 10_000), wants: [give(20_000)]) == [give(20_000)])
    }

    @Test("rule 9: a stage that one connector may still be joined to serves no other")
    func oneStageOneConnector() {
        var shared = PostConfiguration.twoConnectors
        shared.connectors[1].stage = StageID(0)
        var machine = BrokenMachine(before: .test, shared)
        // The other contactor was never read open since it was told to.
        var lines = PlausiblePost.idleLines
        lines.contactorMinus = .closed
        #expect(machine.handle(.lines(ConnectorID(1), lines)).isEmpty)
        #expect(machine.handle(wants: [.allowPower(first, .test)]).overrules(.grantsWithinLimits))
    }

    @Test("rule 10: a machine that forgets an output at the start has it made safe")
    func safeAfterStart() {
        var configuration = PostConfiguration.twoConnectors
        configuration.connectors[0].lockHolder = .post
        let post = PlausiblePost(configuration)
        var machine = BrokenMachine(after: post)
        machine.supervisor = Supervisor(configuration: configuration)
        let actions = machine.handle(.booted(BootFacts(bootNumber: 8, uncleanStarts: 0)))
        #expect(actions.overrules(.safeAfterStart) && actions.overrules(.safeAfterStart, at: 1))
        #expect(actions.contains(.setLock(first, isHeld: true)))
        #expect(actions.contains(.setCooling(isOn: true)))
        // Whatever else it wants in that call is dropped.
        machine.supervisor = Supervisor(configuration: configuration)
        let early = Action.setLock(first, isHeld: false)
        #expect(
            !machine.handle(.booted(BootFacts(bootNumber: 8, uncleanStarts: 0)), wants: [early]).contains(early))
        // And no power before the records have told everything.
        let power = machine.handle(wants: [.allowPower(first, .test)])
        #expect(power.overrules(.safeAfterStart))
    }

    @Test("rule 10: limits do not change while a connector is in a session")
    func limitsOnlyWhenIdle() {
        let post = charging()
        var lower = post.core.configuration
        lower.limits.touchSafeMillivolts = 30_000
        var machine = BrokenMachine(after: post)
        let isTaken = machine.supervisor.configure(lower)
        #expect(!isTaken)
        #expect(machine.supervisor.limits.touchSafeMillivolts == 60_000)
        #expect(machine.handle().tells(.safeAfterStart, at: nil))
        var idle = BrokenMachine(after: PlausiblePost())
        let isTakenWhenIdle = idle.supervisor.configure(lower)
        #expect(isTakenWhenIdle)
        #expect(idle.supervisor.limits.touchSafeMillivolts == 30_000)
    }

    @Test("rule 11: a flood of actions makes everything safe, and the supervisor's own always find room")
    func bounded() {
        var machine = BrokenMachine(after: charging())
        let flood = Array(repeating: Action.setCooling(isOn: true), count: Actions.atMost + 1)
        let actions = machine.handle(wants: flood)
        #expect(actions.overrules(.bounded) && actions.overrules(.bounded, at: 1))
        #expect(actions.count <= Actions.atMost + Actions.keptForOverruling)
    }

    @Test("the machine learns of it, stops by itself, and serves the next driver")
    func machineTakesOver() {
        let post = charging()
        // The machine takes its faults for raised already, and forgets to react.
        post.core.connectors[0].faults.insert(.emergencyStop)
        post.interlocks.emergencyStopPressed = true
        post.handle(.interlocks(post.interlocks))
        #expect(post.defects == [.emergencyAtOnce])
        #expect(post.status().faults.contains(.internalDefect))
        post.interlocks.emergencyStopPressed = false
        post.run(.seconds(15))
        post.unplug()
        post.run(.seconds(1))
        #expect(post.status().phase == .available)
        post.charge(token: 2)
        #expect(post.status().phase == .charging)
        #expect(post.defects == [.emergencyAtOnce])
    }
}

extension SupervisorTests.Spoiler {
    /// The rule that speaks of this need.
    var rule: Rule {
        switch self {
        case .notDurable: .recordedBeforeEnergy
        case .supplyCut: .grantsWithinLimits
        default: .powerNeedsEverything
        }
    }

    /// The degrees that have this need.
    func matters(to degree: PowerDegree) -> Bool {
        switch self {
        case .notDurable, .notTested: degree > .test
        case .insulationLow: degree == .charge
        case .meterSilent, .meterFromTheFuture, .liveContacts: degree == .test
        default: true
        }
    }

    func apply(to machine: inout BrokenMachine) {
        var levels = InterlockLevels.allGood
        let id = machine.first
        var lines = machine.supervisor.watched[0].lines.newest ?? PlausiblePost.idleLines
        switch self {
        case .door: levels.doorOpen = true
        case .earth: levels.protectiveEarthGood = false
        case .tilt: levels.tiltOrWater = true
        case .emergencyStop: levels.emergencyStopPressed = true
        case .residualCurrent: levels.residualCurrentTripped = true
        case .pilot: lines.pilot = .b
        case .proximity: lines.proximity = .invalid
        default: break
        }
        machine.supervisor.observe(.interlocks(levels), at: machine.now)
        machine.supervisor.observe(.lines(id, lines), at: machine.now)
        switch self {
        case .interlocksLost: machine.supervisor.observe(.linesLost(nil), at: machine.now)
        case .linesLost: machine.supervisor.observe(.linesLost(id), at: machine.now)
        case .latch:
            machine.supervisor.observe(.latchRestored(Latch(fault: .meterSwapped, connector: nil)), at: machine.now)
        case .weld:
            machine.supervisor.observe(.latchRestored(Latch(fault: .weldedPlus, connector: id)), at: machine.now)
        case .vehicleElsewhere:
            if var sample = machine.supervisor.watched[0].vehicle.newest {
                (sample.phase, sample.measuredAt) = (.parameters, machine.now)
                machine.supervisor.observe(.vehicle(id, sample), at: machine.now)
            }
        case .vehicleSilent: machine.supervisor.watched[0].vehicle.forget()
        case .meterSilent: machine.supervisor.watched[0].meter.forget()
        case .meterFromTheFuture:
            guard var sample = machine.supervisor.watched[0].meter.newest else { return }
            machine.supervisor.watched[0].meter.forget()
            sample.measuredAt = machine.now + .microsecond
            machine.supervisor.observe(.meter(id, sample), at: machine.now)
        case .insulationLow:
            let sample = InsulationSample(
                measuredAt: machine.now, ohms: 20_000, millivolts: 400_000, selfTest: .passed)
            machine.supervisor.observe(.insulation(id, sample), at: machine.now)
        case .liveContacts:
            guard var sample = machine.supervisor.watched[0].meter.newest else { return }
            (sample.millivolts, sample.measuredAt) = (400_000, machine.now)
            machine.supervisor.observe(.meter(id, sample), at: machine.now)
        case .notDurable: machine.supervisor.watched[0].book?.isDurable = false
        case .notTested: machine.supervisor.watched[0].isInsulationTested = false
        case .discharging: machine.supervisor.watched[0].isDischarging = true
        case .supplyCut: machine.supervisor.watched[0].isCutOff = true
        case .revoked: machine.supervisor.watched[0].book?.isEnded = true
        case .door, .earth, .tilt, .emergencyStop, .residualCurrent, .pilot, .proximity: break
        }
    }
}

extension BrokenMachine {
    /// Every device of the first connector says once more what it says, now.
    mutating func refresh(_ post: PlausiblePost) -> [Action] {
        post.now = now
        var actions: [Action] = []
        for event in post.samples(of: 0) { actions += handle(event) }
        return actions
    }
}

extension Interval {
    static let microsecond = Interval(microseconds: 1)
}
