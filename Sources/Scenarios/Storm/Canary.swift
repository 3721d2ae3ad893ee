// The storm that must be found: where it passes the judges do not look, and no other storm proves anything.

import Post
import Simulator
import StrictYAML

extension Storm {
    /// Both contactors welded and the plug torn out in a charge: more than any post can make harmless. The world must say
    /// that live contacts could be touched.
    public static var canary: Scenario {
        get throws {
            try scenarioDocument.read(text: canaryText, file: "canary.yaml")
        }
    }

    /// Whether the canary is found, and by the judge that it is for.
    public static var isCanaryFound: Bool {
        guard let canary = try? canary else { return false }
        let outcome = play(canary)
        return outcome.ending == .unsafe && outcome.signs.contains(Finding.Kind.touchableVoltage.rawValue)
    }

    private static let canaryText = """
        title: Welded contactors and a plug torn out
        drivers: {listed: [alice]}
        vehicles:
          car: {}
        timeline:
          - at: 20s
            plug: {vehicle: car}
          - after: 2s
            tap: {token: alice}
          - expect: {state: charging, within: 30s}
          - after: 10s
            inject: {fault: contactor.plus.welded}
          - inject: {fault: contactor.minus.welded}
          - after: 1s
            unplug: {by_force: true}
        """
}
