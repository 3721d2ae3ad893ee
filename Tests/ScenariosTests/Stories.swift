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

/// Reads a story.
func readStory(_ text: String) throws(Problems) -> Scenario {
    try scenarioDocument.read(text: text, file: "story.yaml")
}

/// Reads a story and plays it.
func playStory(_ text: String) throws -> ScenarioResult {
    try ScenarioPlayer(readStory(text), path: "story.yaml").play()
}
