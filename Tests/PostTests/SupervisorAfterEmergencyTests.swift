// What the supervisor sees to around an emergency: contacts may be discharged, the vehicle is told, and state D is no yes.

import Testing

@testable import Post

@Suite("The supervisor around an emergency")
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

    @Test("rule 1: state D counts as asking only where there is ventilation")
    func stateD() {
        for isVentilated in [false, true] {
            var configuration = PostConfiguration.twoConnectors
            configuration.connectors[0].isVentilated = isVentilated
            for degree in PowerDegree.allCases {
                var machine = BrokenMachine(before: degree, configuration)
                guard var lines = machine.supervisor.watched[0].lines.newest else { fatalError("no lines read") }
                lines.pilot = .d
                let actions = machine.handle(.lines(first, lines), wants: [.allowPower(first, degree)])
                #expect(actions.contains(.allowPower(first, degree)) == isVentilated)
            }
        }
    }
}
