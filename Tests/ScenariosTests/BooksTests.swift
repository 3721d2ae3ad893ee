// The books are judged at the end of every story and storm: whatever is done to them behind the post's back is found.

import StrictYAML
import Testing

@testable import Scenarios

@Suite("The judge of the books")
struct BooksTests {
    #if HOLDFAST_SEAMS
        /// Nothing is asked for at the end, and the cloud is gone.
        private static let story = """
            title: Two sessions, one of them still runs
            drivers: {listed: [alice, bob]}
            vehicles: {car: {state_of_charge_percent: 40}}
            timeline:
              - at: 1s
                network: {down: true}
              - at: 20s
                plug: {vehicle: car}
              - after: 2s
                tap: {token: alice}
              - expect: {state: charging, within: 30s}
              - after: 30s
                tap: {token: alice}
              - expect: {state: finishing, within: 30s}
              - leave: {}
              - after: 20s
                plug: {vehicle: car, connector: 2}
              - after: 2s
                tap: {token: bob}
              - expect: {connector: 2, state: charging, within: 30s}
            """

        private func play(_ tampering: BooksTampering?) throws -> ScenarioResult {
            let scenario = try scenarioDocument.read(text: Self.story, file: "story.yaml")
            let player = try ScenarioPlayer(scenario, path: "story.yaml")
            if let tampering { player.tamper(tampering) }
            return player.play()
        }

        @Test("good books are good, with a session that still runs")
        func good() throws {
            let result = try play(nil)
            #expect(result.verdict == .passed, "\(result.complaints)")
        }

        @Test("each way to spoil them is found, by what is wrong with them", arguments: BooksTampering.allCases)
        func spoilt(_ tampering: BooksTampering) throws {
            let result = try play(tampering)
            #expect(result.verdict == .unsafe)
            let expected: BookFinding.Kind =
                switch tampering {
                case .stopForgotten: .startsAndStops
                case .energyAdded: .energy
                case .sessionDoubled: .overlap
                case .deliveryInvented: .lost
                }
            #expect(result.signs.contains(expected.rawValue), "\(result.complaints)")
        }

        @Test("a storm is judged in the same way")
        func storm() throws {
            // Somebody charges in most of them; in the first where that is so, it must be found.
            let isFound = try (1...20 as ClosedRange<UInt64>).contains { seed in
                let player = try ScenarioPlayer(Storm.scenario(seed: seed), path: "storm \(seed)")
                player.tamper(.energyAdded)
                return player.play().signs.contains(BookFinding.Kind.energy.rawValue)
            }
            #expect(isFound)
        }
    #endif
}
