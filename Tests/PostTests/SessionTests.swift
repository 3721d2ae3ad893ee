// The course of a session, step by step, and the ways out of it.

import Testing

@testable import Post

@Suite("A session")
struct SessionTests {
    @Test("plug first, then card: charges, stops by the same card, ends when unplugged")
    func plugFirst() {
        let post = PlausiblePost()
        #expect(post.status().phase == .available)
        post.charge()
        #expect(post.status().phase == .charging)
        #expect(post.status().powerAllowed == .charge)
        #expect(post.status().session?.isRecorded == true)
        post.run(.seconds(10))
        post.handle(.tokenPresented(ReaderID(0), TokenName(high: 9, low: 1)))
        post.run(.seconds(3))
        #expect(post.status().phase == .finishing)
        post.unplug()
        #expect(post.status().phase == .available)
        #expect(post.defects.isEmpty)
        #expect(post.count { if case .recordStart = $0 { true } else { false } } == 1)
        #expect(post.count { if case .recordStop = $0 { true } else { false } } == 1)
    }

    @Test("card first, then plug: waits for the plug, then charges")
    func cardFirst() {
        let post = PlausiblePost()
        post.tap()
        #expect(post.status().phase == .authorized)
        post.plug()
        post.run(.seconds(4))
        #expect(post.status().phase == .charging)
        #expect(post.defects.isEmpty)
    }

    @Test("an unlisted card is refused while the cloud is away, and the driver is told")
    func unlisted() {
        let post = PlausiblePost()
        post.plug()
        post.tap(verdict: .notListed)
        #expect(post.status().phase == .occupied)
        #expect(post.status().refusal == .unknownToken)
        #expect(post.status().indication == .refused)
    }

    @Test(
        "state D is refused before energy where there is no ventilation, and is as good as state C where there is")
    func ventilation() {
        for isVentilated in [false, true] {
            var configuration = PostConfiguration.twoConnectors
            configuration.connectors[0].isVentilated = isVentilated
            let post = PlausiblePost(configuration)
            post.bendLines { if $0.pilot == .c { $0.pilot = .d } }
            post.charge()
            post.run(.seconds(3))
            #expect((post.status().phase == .charging) == isVentilated)
            #expect(post.status().faults.contains(.ventilationMissing) == !isVentilated)
            let closes = post.count { if case .allowPower = $0 { true } else { false } }
            #expect((closes > 0) == isVentilated)
            #expect(post.defects.isEmpty)
        }
    }

    @Test("a card that waits for a plug is no longer listed: the newest answer counts, though nobody waits for it")
    func noLongerListed() {
        let post = PlausiblePost()
        post.tap()
        #expect(post.status().phase == .authorized)
        post.run(.seconds(3))
        post.tap(verdict: .refused(.blockedToken))
        #expect(post.status().refusal == .blockedToken)
        post.plug()
        post.run(.seconds(4))
        #expect(post.status().phase == .occupied)
        #expect(post.defects.isEmpty)
    }
}
