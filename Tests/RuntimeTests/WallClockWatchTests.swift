// Steps of the wall clock, seen beside a clock that nobody can set.

import Post
import Synchronization
import Testing

@testable import Runtime

@Suite("Steps of the wall clock")
struct WallClockWatchTests {
    @Test("two clocks that run alike tell nothing, one that was set tells by how much, once")
    func pair() {
        var clocks = ClockPair()
        #expect(clocks.step(wall: 1_760_000_000_000, monotonic: 5_000) == 0)
        #expect(clocks.step(wall: 1_760_000_010_005, monotonic: 15_000) == 5)
        #expect(clocks.step(wall: 1_760_000_080_005, monotonic: 25_000) == 60_000)
        #expect(clocks.step(wall: 1_760_000_090_005, monotonic: 35_000) == 0)
        #expect(clocks.step(wall: 40_000, monotonic: 45_000) == 40_000 - 1_760_000_090_005 - 10_000)
        #expect(clocks.step(wall: .min, monotonic: .max) != 0)
    }

    @Test("the first look tells the loop nothing, whatever the clock shows")
    func first() throws {
        let inbox = try #require(LiveInbox())
        let watch = try #require(WallClockWatch(inbox: inbox) { 0 })
        watch.stop()
        var batch = InboxBatch()
        inbox.take(into: &batch)
        #expect(batch.events.isEmpty)
    }
}
