// Scenarios: the same seed gives the same run, and a scenario that cannot be meant is an error, not a pass.

import Foundation
import Scenarios
import StrictYAML
import Testing

@Suite("Scenarios")
struct ScenarioTests {
    private let story = """
        title: A charge with a fault in it
        drivers: {listed: [alice]}
        vehicles: {car: {state_of_charge_percent: 40}}
        timeline:
          - at: 20s
            plug: {vehicle: car}
          - after: 2s
            tap: {token: alice}
          - expect: {state: charging, within: 30s}
          - after: 20s
            alarm: {interlock: emergency_stop}
          - expect: {contactors_closed: false, within: 100ms}
        """

    private func play(_ text: String) throws -> ScenarioResult {
        let scenario = try scenarioDocument.read(text: text, file: "story.yaml")
        return try ScenarioPlayer(scenario, path: "story.yaml").play()
    }

    @Test("the same seed twice: the same hash of every event and action")
    func deterministic() throws {
        let (one, two) = (try play(story), try play(story))
        #expect(one.verdict == .passed)
        #expect(one.hash == two.hash)
        #expect(one.hash != 0)
        let other = try play("seed: 2\n" + story)
        #expect(other.hash != one.hash)
    }

    @Test("an unknown vehicle is an error with its line")
    func unknownVehicle() throws {
        let result = try play("title: t\ntimeline:\n  - at: 1s\n    plug: {vehicle: ghost}\n")
        #expect(result.verdict == .error)
        #expect(result.complaints.first?.contains("story.yaml:3") == true)
    }

    @Test("what must never be so fails the scenario at the moment it is so")
    func never() throws {
        let result = try play(story + "\nnever:\n  - {state: charging}\n")
        #expect(result.verdict == .failed)
        #expect(result.checks.contains { $0.expected.hasPrefix("never") && !$0.isMet })
    }

    @Test("schema and reader are one table")
    func schema() {
        #expect(scenarioDocument.jsonSchema.contains("\"timeline\""))
        #expect(scenarioDocument.undescribedKeys(in: story).isEmpty)
    }
}
