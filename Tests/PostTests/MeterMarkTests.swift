// Which meter counts is durable: a start tells by it whether another one answers.

import Testing

@testable import Post

@Suite("The meter that the records know")
struct MeterMarkTests {
    private static let first = ConnectorID(0)

    private func asked(_ post: PlausiblePost) -> [KnownMeter] {
        post.log.compactMap {
            guard case .recordMeter(let meter) = $0.action, meter.connector == Self.first else { return nil }
            return meter
        }
    }

    @Test("the first meter that measures is written down once")
    func firstMeter() {
        let post = PlausiblePost()
        post.run(.seconds(60))
        #expect(asked(post) == [KnownMeter(connector: Self.first, serial: 4_711)])
        post.restart()
        post.run(.seconds(60))
        #expect(asked(post).count == 1 && !post.status().faults.contains(.meterSwapped))
        #expect(post.status().phase == .available)
    }

    @Test("another meter that answers after a restart is a fault that lets nobody begin, until service accepts it")
    func changedWhileAway() {
        let post = PlausiblePost()
        post.run(.seconds(5))
        post.serials[0] = 9_999
        post.restart()
        #expect(post.status().faults.contains(.meterSwapped))
        post.plug()
        post.tap()
        post.run(.seconds(20))
        // The card waits for a plug at the other connector.
        #expect(post.status().session == nil && post.status().phase == .faulted)
        post.handle(.command(CommandNumber(1), .clearFault(.meterSwapped, Self.first)))
        post.run(.seconds(20))
        #expect(asked(post).map(\.serial) == [4_711, 9_999])
        post.restart()
        post.run(.seconds(20))
        #expect(!post.status().faults.contains(.meterSwapped))
        #expect(post.defects.isEmpty)
    }

    @Test("it is asked for until it is durable, and no other connector is told")
    func untilDurable() {
        let post = PlausiblePost()
        post.run(.seconds(5))
        post.recordsAnswer = .failed
        post.serials[0] = 9_999
        post.run(.seconds(1))
        post.handle(.command(CommandNumber(1), .clearFault(.meterSwapped, Self.first)))
        post.run(.seconds(21))
        #expect((4...6).contains(asked(post).filter { $0.serial == 9_999 }.count))
        post.recordsAnswer = .recorded
        post.run(.seconds(60))
        let count = asked(post).count
        post.run(.seconds(60))
        #expect(asked(post).count == count)
    }

    @Test("a meter without a number leaves no mark, and a mark that comes late changes nothing")
    func withoutNumber() {
        let post = PlausiblePost()
        post.serials[0] = 0
        post.restart()
        post.run(.seconds(20))
        #expect(!asked(post).contains { $0.serial == 0 })
        let late = PlausiblePost()
        late.run(.seconds(5))
        late.handle(.meterRestored(KnownMeter(connector: Self.first, serial: 1)))
        late.handle(.meterRestored(KnownMeter(connector: ConnectorID(200), serial: 1)))
        late.run(.seconds(20))
        #expect(!late.status().faults.contains(.meterSwapped))
    }
}
