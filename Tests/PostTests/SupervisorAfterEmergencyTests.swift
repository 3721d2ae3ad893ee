// What the supervisor sees to once power is withdrawn: the contacts may be discharged, and the vehicle is told.

import Testing

@testable import Post

@Suite("The supervisor once power is withdrawn")
struct SupervisorAfterEmergencyTests {
    private let first = ConnectorID(0)

    private func charging() -> PlausiblePost {
        let post = PlausiblePost()
        post.charge()
        post.run(.seconds(3))
        #expect(post.status().phase == .charging)
        return post
    }

    @Test(
        "rule 1: discharged behind contactors told to open once one reads open, or by the clock where neither does")
    func dischargeOnceOrderedOpen() {
        let post = charging()
        let on = Action.setDischarge(first, isOn: true)
        let opens: [Action] = [
            .report(.faultRaised(.pilotLost, first)), .withdrawPower(first),
            .commandStage(StageID(0), CommandNumber(1), .off), .setPilot(first, .steady),
        ]
        for pole in [\ConnectorLines.contactorPlus, \ConnectorLines.contactorMinus] {
            var machine = BrokenMachine(after: post)
            #expect(machine.handle(wants: opens) == opens)
            #expect(machine.handle(wants: [on]).tells(.powerNeedsEverything))
            var lines = post.lines[0]
            lines[keyPath: pole] = .open
            #expect(machine.handle(.lines(first, lines), wants: [on]) == [on])
        }
        for sense in [ContactSense.closed, .unknown] {
            var machine = BrokenMachine(after: post)
            #expect(machine.handle(wants: opens) == opens)
            var lines = post.lines[0]
            (lines.contactorPlus, lines.contactorMinus) = (sense, sense)
            machine.now = machine.now + .milliseconds(249)
            #expect(machine.handle(.lines(first, lines), wants: [on]).tells(.powerNeedsEverything))
            machine.now = machine.now + .milliseconds(1)
            #expect(machine.handle(wants: [on]) == [on])
        }
    }

    @Test("rule 2: where the supervisor steps in, the vehicle is told on its link as well, once")
    func emergencyIsToldOnTheLink() {
        func isTold(_ actions: [Action]) -> Int {
            actions.count { if case .tellVehicle(first, _, .emergency) = $0 { true } else { false } }
        }
        var levels = InterlockLevels.allGood
        levels.emergencyStopPressed = true
        var machine = BrokenMachine(after: charging())
        let actions = machine.handle(.interlocks(levels))
        #expect(actions.overrules(.emergencyAtOnce) && isTold(actions) == 1)
        // A vehicle without power is told nothing twice over.
        #expect(isTold(machine.handle()) == 0)
        machine = BrokenMachine(after: charging())
        let told = Action.tellVehicle(first, CommandNumber(1), .emergency)
        #expect(isTold(machine.handle(.interlocks(levels), wants: [told])) == 1)
    }
}
