// The two circuits of one emergency stop: that they differ for a moment is mechanics, longer is a broken wire.

import Post
import Testing

@testable import HardwarePlant

@Suite("The two circuits of the emergency stop")
struct StopCircuitTests {
    private func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

    @Test("A difference is said after 200 ms, with which circuit stands alone, and ends with agreement")
    func disagreement() {
        let circuits = StopCircuits()
        circuits.saw(line: false, controller: false, at: at(0))
        circuits.saw(line: true, controller: false, at: at(1_000))
        #expect(circuits.trouble(at: at(1_200)) == nil)
        circuits.saw(line: true, controller: false, at: at(1_150))
        #expect(circuits.trouble(at: at(1_201))?.contains("pressed by the post's own line") == true)
        circuits.saw(line: true, controller: true, at: at(1_300))
        #expect(circuits.trouble(at: at(9_000)) == nil)
        circuits.saw(line: false, controller: true, at: at(9_000))
        #expect(circuits.trouble(at: at(9_300))?.contains("pressed by the safety controller") == true)
    }
}
