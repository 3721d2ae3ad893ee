// Whether a connector is in service is durable: it counts at once, is asked for until the records have it, and outlives a restart.

import Testing

@testable import Post

@Suite("Out of service")
struct AvailabilityTests {
    private static let first = ConnectorID(0)

    private func say(_ isIn: Bool, _ post: PlausiblePost) {
        post.handle(.command(CommandNumber(1), .setAvailable(Self.first, isIn)))
    }

    /// What the records were asked to keep, in order.
    private func asked(_ post: PlausiblePost) -> [Bool] {
        post.log.compactMap {
            guard case .recordAvailability(Self.first, let isIn) = $0.action else { return nil }
            return isIn
        }
    }

    @Test("it is written down once, and a restart keeps it out until it is put back in, which lasts as well")
    func overRestarts() {
        let post = PlausiblePost()
        post.run(.seconds(5))
        #expect(asked(post).isEmpty)
        say(false, post)
        #expect(asked(post) == [false] && post.log.contains { $0.action == .answer(CommandNumber(1), nil) })
        #expect(post.status().phase == .unavailable)
        post.run(.seconds(60))
        say(false, post)
        for _ in 1...2 {
            post.restart()
            post.run(.seconds(20))
            #expect(post.status().phase == .unavailable && asked(post) == [false])
        }
        #expect(post.status(1).phase == .available)
        post.plug()
        post.run(.seconds(5))
        post.handle(.command(CommandNumber(2), .start(Self.first, TokenName(high: 9, low: 1))))
        #expect(post.log.contains { $0.action == .answer(CommandNumber(2), .connectorUnavailable) })
        say(true, post)
        post.restart()
        post.run(.seconds(60))
        #expect(asked(post) == [false, true] && post.status().phase == .occupied)
        #expect(post.defects.isEmpty)
    }

    @Test(
        "records that fail do not put it back in: they are asked every five seconds, and the operator is told after ten"
    )
    func untilDurable() {
        let post = PlausiblePost()
        post.run(.seconds(5))
        post.recordsAnswer = .failed
        say(false, post)
        post.run(.seconds(9))
        #expect(!post.status().faults.contains(.latchNotRecorded))
        post.run(.seconds(12))
        #expect((4...6).contains(asked(post).count) && !asked(post).contains(true))
        #expect(post.status().faults.contains(.latchNotRecorded) && post.status().phase == .unavailable)
        #expect(!post.status(1).faults.contains(.latchNotRecorded))
        post.recordsAnswer = .recorded
        post.run(.seconds(6))
        #expect(!post.status().faults.contains(.latchNotRecorded))
        let count = asked(post).count
        post.run(.seconds(60))
        #expect(asked(post).count == count)
        post.restart()
        post.run(.seconds(20))
        #expect(post.status().phase == .unavailable)
    }

    @Test(
        "records that never answer are asked as well; what is put back in serves meanwhile, and nothing is told that blocks"
    )
    func backWithoutRecords() {
        let post = PlausiblePost()
        post.run(.seconds(5))
        say(false, post)
        post.run(.seconds(5))
        post.recordsAnswer = nil
        say(true, post)
        post.run(.seconds(30))
        #expect(asked(post).count > 6 && !asked(post).dropFirst().contains(false))
        #expect(post.status().phase == .available && !post.status().faults.contains(.latchNotRecorded))
    }

    @Test("an answer to what has been said the other way since makes the last word owed anew")
    func lateAnswer() {
        let post = PlausiblePost()
        post.run(.seconds(5))
        post.recordsAnswer = nil
        say(false, post)
        say(true, post)
        post.handle(.availabilityRecorded(Self.first, isInService: true, .recorded))
        #expect(!post.core.connectors[0].owedAvailability.since.isThere)
        post.handle(.availabilityRecorded(Self.first, isInService: false, .recorded))
        #expect(post.core.connectors[0].owedAvailability.since == post.now)
        post.run(.seconds(6))
        #expect(asked(post) == [false, true, true])
        #expect(post.status().phase == .available)
    }

    @Test("what the records tell late, or of a connector that is not there, changes nothing")
    func toldLate() {
        let post = PlausiblePost()
        post.run(.seconds(5))
        post.handle(.outOfServiceRestored(Self.first))
        for id in [ConnectorID(2), ConnectorID(200)] {
            post.handle(.outOfServiceRestored(id))
            post.handle(.availabilityRecorded(id, isInService: false, .failed))
        }
        post.run(.seconds(20))
        #expect(post.status().phase == .available && asked(post).isEmpty)
    }

    @Test("a session goes on to its end, and the connector is out after it")
    func afterTheSession() {
        let post = PlausiblePost()
        post.charge()
        say(false, post)
        #expect(asked(post) == [false] && post.status().phase == .charging)
        post.restart()
        post.run(.seconds(60))
        post.unplug()
        post.run(.seconds(5))
        #expect(post.status().phase == .unavailable)
        #expect(post.defects.isEmpty)
    }
}
