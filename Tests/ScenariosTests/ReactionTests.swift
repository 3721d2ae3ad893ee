// A class is what was seen to be done: each order of a reaction is missed when it is left out, each time when it is overrun.

import Post
import Testing

@testable import Scenarios

@Suite("Reactions as they were seen")
struct ReactionTests {
    private static let place = ConnectorID(0)
    private static let emergency: [Action] = [
        .withdrawPower(place), .commandStage(StageID(0), CommandNumber(1), .off), .setPilot(place, .steady),
        .tellVehicle(place, CommandNumber(2), .emergency),
    ]
    private static let stop: [Action] = [
        .commandStage(StageID(0), CommandNumber(1), .on(millivolts: 400_000, milliamperes: 0)),
        .tellVehicle(place, CommandNumber(2), .stopRequested),
    ]

    /// A fault that was met in a charge by these actions.
    private func seen(
        _ actions: [Action], hadSession: Bool = true, budget: Interval? = nil, openAfter: Interval? = nil
    ) -> SeenReaction {
        SeenReaction(
            fault: .emergencyStop, since: .zero, hadSession: hadSession, wasStopping: false, wasAllowed: hadSession,
            wasStageOn: hadSession, call: Orders(actions, connector: Self.place, stage: StageID(0)),
            calledAt: .zero, budget: budget, openAt: openAfter.map { .zero + $0 })
    }

    private func objection(_ expected: FaultClass, _ seen: SeenReaction) -> String? {
        seen.objection(to: expected, .charging, now: .zero)
            ?? seen.objectionAtTheEnd(to: expected, now: .zero + .seconds(60))
    }

    @Test("an emergency is power, stage, pilot and vehicle in one call: without any one of them it is none")
    func emergencyByParts() {
        #expect(objection(.emergency, seen(Self.emergency, openAfter: .milliseconds(20))) == nil)
        for left in Self.emergency.indices {
            var actions = Self.emergency
            actions.remove(at: left)
            let objection = objection(.emergency, seen(actions, openAfter: .milliseconds(20)))
            #expect(objection != nil, "without \(Self.emergency[left])")
        }
        #expect(objection(.error, seen(Self.emergency, openAfter: .milliseconds(20))) != nil)
        #expect(objection(.emergency, seen(Self.emergency, hadSession: false)) != nil)
    }

    @Test("what was begun in time must end in time")
    func tooLate() {
        #expect(objection(.emergency, seen(Self.emergency, openAfter: .milliseconds(101))) != nil)
        #expect(objection(.emergency, seen(Self.emergency)) != nil)
        let error = seen(Self.stop, budget: .milliseconds(2_500), openAfter: .milliseconds(2_601))
        #expect(objection(.error, error) != nil)
        let asked = seen(Self.stop, budget: .seconds(20), openAfter: .milliseconds(20_101))
        #expect(objection(.graceful, asked) != nil)
    }

    @Test("an error and an orderly stop differ in the time they are given")
    func budgets() {
        let error = seen(Self.stop, budget: .milliseconds(2_500), openAfter: .milliseconds(600))
        let asked = seen(Self.stop, budget: .seconds(20), openAfter: .milliseconds(600))
        #expect(objection(.error, error) == nil && objection(.graceful, error) != nil)
        #expect(objection(.graceful, asked) == nil && objection(.error, asked) != nil)
        #expect(objection(.error, seen(Array(Self.stop.dropFirst()), openAfter: .zero)) != nil)
        #expect(objection(.error, seen([], openAfter: .zero)) != nil)
    }

    @Test("who only keeps others out stops nobody, and must have kept somebody out")
    func blocks() {
        #expect(objection(.block, seen(Self.stop)) != nil)
        #expect(objection(.block, seen([])) == "nobody was ever kept out")
        var kept = seen([])
        kept.blockedAt = .zero
        #expect(objection(.block, kept) == nil)
        kept.beganAt = .zero
        #expect(objection(.block, kept) != nil)
        #expect(objection(.warning, seen([])) == nil && objection(.warning, seen(Self.stop)) != nil)
        #expect(objection(.derate, seen([])) == "no less power was offered")
    }

    @Test(
        "a scenario that names another class than the one seen fails, whatever the table says",
        arguments: ["error", "graceful", "derate", "block", "warning"])
    func wrongClass(_ word: String) throws {
        func story(_ word: String) throws -> ScenarioResult {
            try playStory(
                chargingStory(
                    then: """
                          - expect: {state: charging, within: 30s}
                          - after: 10s
                            alarm: {interlock: emergency_stop}
                          - expect: {fault: emergency_stop, class: \(word)}
                        """))
        }
        #expect(try story("emergency").verdict == .passed)
        #expect(try story(word).verdict == .failed)
    }

    @Test("a safety controller that speaks again is not met by lines that were never lost")
    func speaksAgain() throws {
        let result = try playStory(
            chargingStory(
                then: """
                      - expect: {state: charging, within: 30s}
                      - after: 10s
                        inject: {fault: safety_controller.silent, for: 2s}
                      - expect: {fault: safety_controller_silent, within: 510ms}
                      - expect: {no_fault: safety_controller_silent, within: 10s}
                    """))
        #expect(result.verdict == .passed, "\(result.complaints)")
        #expect(result.exercise.faults.contains(.safetyControllerSilent))
        #expect(!result.exercise.faults.contains(.linesLost))
    }
}
