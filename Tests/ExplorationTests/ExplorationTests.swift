// The exploration reaches what it should, breaks no rule, and notices a core that is broken on purpose.

import Exploration
import Post
import Testing

@Suite("Every order of events at small scale")
struct ExplorationTests {
    @Test(
        "driver, vehicle, records, cloud and operator: closed, and no rule broken", arguments: LockHolder.allCases)
    func people(holder: LockHolder) {
        var explorer = Explorer(holder, .people)
        let found = explorer.run()
        #expect(found.isClosed)
        #expect(found.findings.isEmpty, "\(found.findings)")
        // A stage of its own is never waited for; who locks decides what else there is to reach.
        let without = holder == .post ? 2 : 4
        #expect(found.neverReached.count <= without, "\(found.neverReached)")
    }

    @Test("a core that forgets its emergency stop is found within the first thousands of situations")
    func broken() {
        var explorer = Explorer(.vehicle, .troubles, atMost: 20_000, without: .emergencyStop)
        let found = explorer.run()
        #expect(!found.findings.isEmpty)
    }

    @Test("the graph names every state that was reached")
    func graph() {
        var explorer = Explorer(.vehicle, .people)
        let found = explorer.run()
        #expect(found.dot.hasPrefix("digraph"))
        for state in ["charging", "preparing.insulation", "stopping.rampDown"] {
            #expect(found.dot.contains("\"\(state)\""))
        }
    }
}
