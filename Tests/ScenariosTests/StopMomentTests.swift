// An ordinary stop at whatever moment between two samples of meter, stage and vehicle: it is never an emergency.

import Scenarios
import Testing

@Suite("Stops at any moment")
struct StopMomentTests {
    /// The longest of the devices' sample periods, and some: every order of their samples around the stop comes up.
    static let moments = Array(stride(from: 10_000, to: 10_600, by: 10))

    @Test("a stop by hand and by card ends without a fault", arguments: ["hand", "card"])
    func ordinary(by whom: String) throws {
        let action = whom == "hand" ? "stop_by_hand: {}" : "tap: {token: alice}"
        for milliseconds in Self.moments {
            let result = try playStory(
                chargingStory(
                    charge: 35,
                    then: """
                          - expect: {state: charging, within: 30s}
                          - after: \(milliseconds)ms
                            \(action)
                          - expect: {state: finishing, within: 30s}
                        never:
                          - {fault: stop_too_slow}
                        """))
            #expect(result.verdict == .passed, "\(milliseconds) ms after energy flowed")
        }
    }
}
