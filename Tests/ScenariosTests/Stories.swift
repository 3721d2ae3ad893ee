// The story that most tests begin with, and how a story is read and played.

import Scenarios
import StrictYAML

/// A listed driver plugs in, taps and charges; then whatever follows, as lines of a timeline.
func chargingStory(charge percent: Int = 40, then steps: String) -> String {
    """
    title: A charge
    drivers: {listed: [alice]}
    vehicles: {car: {state_of_charge_percent: \(percent)}}
    timeline:
      - at: 20s
        plug: {vehicle: car}
      - after: 2s
        tap: {token: alice}
    \(steps)
    """
}

/// The same driver's charge; both contactors weld, the plug is torn out, and a door opens some time after that: a world that no post makes
/// safe.
func tornOutStory(doorAfter seconds: Int) -> String {
    chargingStory(
        then: """
              - expect: {state: charging, within: 30s}
              - after: 10s
                inject: {fault: contactor.plus.welded}
              - inject: {fault: contactor.minus.welded}
              - after: 1s
                unplug: {by_force: true}
              - after: \(seconds)s
                alarm: {interlock: door}
            """)
}

/// Reads a story.
func readStory(_ text: String) throws(Problems) -> Scenario {
    try scenarioDocument.read(text: text, file: "story.yaml")
}

/// Reads a story and plays it.
func playStory(_ text: String) throws -> ScenarioResult {
    try ScenarioPlayer(readStory(text), path: "story.yaml").play()
}
