// A limit that swings: what falls falls at once, what rises does so once in five seconds. And a clock that was set.

import Testing

@testable import Post

@Suite("Limits that swing, clocks that step")
struct LimitRiseTests {
    private func granted(_ post: PlausiblePost) -> Int32 { post.core.connectors[0].setpoint.milliamperes }

    @Test("the first rise counts at once, the next waits for the rest of five seconds, a fall never waits")
    func swings() {
        let post = PlausiblePost()
        post.charge()
        post.run(.seconds(10))
        let full = granted(post)
        func limit(_ watts: Int64?) { post.handle(.limit(.siteManager, watts: watts)) }
        limit(20_000)
        #expect(granted(post) < full && granted(post) > 0)
        let low = granted(post)
        post.run(.seconds(2))
        limit(200_000)
        let rose = post.now
        #expect(granted(post) == full)
        for _ in 0..<4 {
            post.run(.milliseconds(500))
            limit(20_000)
            #expect(granted(post) == low, "a fall waits for nothing")
            post.run(.milliseconds(400))
            limit(200_000)
            #expect(granted(post) == low, "\(post.now - rose) after the last rise")
            #expect(post.status().limitedBy == .externalLimit)
        }
        while post.now < rose + .seconds(5) {
            #expect(granted(post) == low)
            post.run(.milliseconds(50))
        }
        post.run(.milliseconds(50))
        #expect(granted(post) == full)
        #expect(post.defects.isEmpty)
    }

    @Test("what is held back comes into force by itself, at its instant, and what falls meanwhile counts")
    func waits() {
        var rises = LimitRises()
        func take(_ watts: Int64, at seconds: Int64) -> Int64 {
            rises.take(watts, .externalLimit, at: .zero + .seconds(seconds)).watts
        }
        #expect(take(100, at: 0) == 100)
        #expect(take(200, at: 1) == 200 && rises.waitsUntil == nil)
        #expect(take(300, at: 2) == 200 && rises.waitsUntil == .zero + .seconds(6))
        #expect(take(150, at: 3) == 150 && rises.waitsUntil == nil)
        #expect(take(160, at: 4) == 150 && rises.waitsUntil == .zero + .seconds(6))
        #expect(take(160, at: 6) == 160 && rises.waitsUntil == nil)
        #expect(rises.take(170, .site, at: .zero + .seconds(7)).1 == .externalLimit)
    }

    @Test("a step of more than a minute, ahead or back, is told for an hour; a smaller one is not")
    func clock() {
        for step in [60_001, -60_001, Int64.min, .max] {
            let post = PlausiblePost()
            post.handle(.clockStepped(byMilliseconds: 60_000))
            post.handle(.clockStepped(byMilliseconds: -60_000))
            #expect(post.status().faults.isEmpty)
            post.handle(.clockStepped(byMilliseconds: step))
            #expect(post.status().faults.codes == "clock_stepped" && post.status().phase == .available)
            post.idleCadence = .seconds(1)
            post.run(.seconds(3_590))
            #expect(post.status().faults.codes == "clock_stepped")
            post.run(.seconds(10))
            #expect(post.status().faults.isEmpty)
        }
    }
}
