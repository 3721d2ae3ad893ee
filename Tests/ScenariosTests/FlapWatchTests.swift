// A fault that comes and goes too often is noticed, one that comes now and then is not.

import Post
import Testing

@testable import Scenarios

@Suite("Faults that flap")
struct FlapWatchTests {
    private func instant(_ seconds: Int64) -> Instant { Instant.zero + .seconds(seconds) }

    @Test("the sixth within ten seconds is one too many, at one place and of one kind")
    func sixth() {
        var watch = FlapWatch()
        for second in 0..<5 {
            #expect(watch.tooOften(.stageSilent, ConnectorID(0), at: instant(Int64(second))) == nil)
            #expect(watch.tooOften(.stageSilent, ConnectorID(1), at: instant(Int64(second))) == nil)
            #expect(watch.tooOften(.meterSilent, ConnectorID(0), at: instant(Int64(second))) == nil)
        }
        #expect(watch.tooOften(.stageSilent, ConnectorID(0), at: instant(5)) == 6)
    }

    @Test("what comes every three seconds may come for ever")
    func seldom() {
        var watch = FlapWatch()
        for count in 0..<100 {
            #expect(watch.tooOften(.stageSilent, nil, at: instant(Int64(count) * 3)) == nil)
        }
    }
}
