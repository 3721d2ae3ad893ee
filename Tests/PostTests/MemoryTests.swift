// The memory of the process: told in time, and given back by a restart only while every connector is idle.

import Testing

@testable import Post

@Suite("The post's own memory")
struct MemoryTests {
    private static let usual: Int64 = 48 << 20
    private static let tooMuch: Int64 = 257 << 20

    /// A post that has lived for ten minutes, and whose memory is known from its first.
    private func post() -> PlausiblePost {
        let post = PlausiblePost()
        post.handle(.memory(residentBytes: Self.usual))
        post.idleCadence = .seconds(1)
        post.run(SafetyLimits.restartedNotBefore)
        return post
    }

    private func restarts(_ post: PlausiblePost) -> Int { post.count { $0 == .restart } }

    @Test("the warning comes above its bound and goes an eighth below it")
    func hysteresis() {
        let post = PlausiblePost()
        func isWarned(_ mebibytes: Int64) -> Bool {
            post.handle(.memory(residentBytes: mebibytes << 20))
            return post.status().faults.contains(.memoryHigh)
        }
        #expect(!isWarned(192))
        #expect(isWarned(193))
        #expect(isWarned(169))
        #expect(!isWarned(168))
        #expect(!isWarned(192))
        #expect(post.status().phase == .available)
    }

    @Test("nobody new is served above the second bound; once every connector is idle the post restarts, once")
    func restartsWhileIdle() {
        let post = post()
        #expect(post.status().phase == .available)
        post.handle(.memory(residentBytes: Self.tooMuch))
        #expect(restarts(post) == 1 && post.count { $0 == .report(.restarts) } == 1)
        #expect(post.status().faults.contains(.memoryExhausted))
        post.handle(.memory(residentBytes: Self.tooMuch + 1))
        post.run(.seconds(5))
        #expect(restarts(post) == 1)
        #expect(post.defects.isEmpty)
    }

    @Test("never under load: a session goes on to its end, and the restart comes after its records")
    func neverUnderLoad() {
        let post = post()
        post.idleCadence = .milliseconds(50)
        post.charge()
        post.handle(.memory(residentBytes: Self.tooMuch))
        post.run(.seconds(30))
        #expect(post.status().phase == .charging && post.status(1).phase == .faulted)
        post.plug(1)
        post.tap(2)
        #expect(post.status(1).session == nil)
        #expect(restarts(post) == 0)
        post.recordsAnswer = nil
        post.stop()
        post.run(.seconds(4))
        #expect(post.status().phase == .faulted)
        #expect(restarts(post) == 0, "the stop is not durable yet")
        post.recordsAnswer = .recorded
        post.run(.seconds(6))
        #expect(restarts(post) == 1)
        #expect(post.defects.isEmpty)
    }

    @Test("a life of less than ten minutes, or one that has not grown, gains nothing by a restart")
    func notAtOnce() {
        let young = PlausiblePost()
        young.handle(.memory(residentBytes: Self.usual))
        young.handle(.memory(residentBytes: Self.tooMuch))
        #expect(young.status().faults.codes == "memory_high")
        young.idleCadence = .seconds(1)
        young.run(.seconds(599))
        #expect(restarts(young) == 0)
        young.run(.seconds(1))
        #expect(restarts(young) == 1, "its own deadline wakes it")

        let large = PlausiblePost()
        large.handle(.memory(residentBytes: Self.tooMuch))
        large.idleCadence = .seconds(1)
        large.run(.seconds(700))
        large.handle(.memory(residentBytes: Self.tooMuch + 1))
        #expect(large.status().faults.codes == "memory_high")
        #expect(restarts(large) == 0)
    }

    /// What only the memory of the process holds.
    enum Kept: CaseIterable { case reservation, limitByHand }

    @Test(
        "what the operator has said by hand would be forgotten: then the warning is all", arguments: Kept.allCases)
    func kept(_ kept: Kept) {
        let post = post()
        let id = ConnectorID(1)
        func say(_ isSaid: Bool) {
            switch kept {
            case .reservation:
                if isSaid {
                    let until = post.now + .minutes(5)
                    post.handle(.command(CommandNumber(1), .reserve(id, TokenName(high: 9, low: 1), until: until)))
                } else {
                    post.run(.minutes(5))
                }
            case .limitByHand: post.handle(.limit(.operatorCommand, watts: isSaid ? 10_000 : nil))
            }
        }
        say(true)
        post.handle(.memory(residentBytes: Self.tooMuch))
        #expect(post.status().faults.codes == "memory_high")
        #expect(restarts(post) == 0)
        say(false)
        post.run(.seconds(1))
        #expect(restarts(post) == 1)
    }

    @Test("a connector out of service outlives the restart, which comes as soon as the records have it")
    func closedConnector() {
        let post = post()
        post.recordsAnswer = .failed
        post.handle(.command(CommandNumber(1), .setAvailable(ConnectorID(1), false)))
        post.handle(.memory(residentBytes: Self.tooMuch))
        post.run(.seconds(5))
        #expect(restarts(post) == 0, "it is not durable yet")
        post.recordsAnswer = .recorded
        post.run(.seconds(6))
        #expect(restarts(post) == 1)
        post.restart()
        post.run(.seconds(20))
        #expect(post.status(1).phase == .unavailable)
    }

    @Test("a card that is being looked up, or waits for its plug, is waited for")
    func openTap() {
        let post = post()
        post.handle(.tokenPresented(ReaderID(0), TokenName(high: 9, low: 1)))
        post.handle(.memory(residentBytes: Self.tooMuch))
        #expect(restarts(post) == 0)
        post.run(.seconds(1))
        #expect(restarts(post) == 1)
    }

    @Test("rule 10: a restart that is asked for in a session is dropped, and told")
    func supervised() {
        let post = PlausiblePost()
        post.charge()
        var machine = BrokenMachine(after: post)
        let actions = machine.handle(wants: [.restart])
        #expect(!actions.contains(.restart))
        #expect(actions.contains(.report(.defect(.safeAfterStart, nil))))
        var idle = BrokenMachine(after: PlausiblePost())
        #expect(idle.handle(wants: [.restart]) == [.restart])
    }
}

@Suite("Voltage of the poles to earth")
struct VoltageToEarthTests {
    private func reads(
        _ plus: Int32?, _ minus: Int32?, for interval: Interval, bears maximum: Int32 = 920_000
    ) -> String {
        var configuration = PostConfiguration.twoConnectors
        configuration.connectors[0].maximumMillivolts = maximum
        let post = PlausiblePost(configuration)
        post.charge()
        post.run(.seconds(1))
        post.bendInsulation { ($0.plusToEarthMillivolts, $0.minusToEarthMillivolts) = (plus, minus) }
        post.run(interval)
        return post.status().faults.codes
    }

    @Test("a pole may lie 110 % of the output's voltage from earth, and further for less than two seconds")
    func limit() {
        #expect(reads(440_000, 40_000, for: .seconds(10)) == "")
        #expect(reads(440_100, 40_100, for: .milliseconds(1_950)) == "")
        #expect(reads(440_100, 40_100, for: .milliseconds(2_150)) == "voltage_to_earth_high")
        #expect(reads(-40_100, -440_100, for: .milliseconds(2_150)) == "voltage_to_earth_high")
    }

    @Test("where the connector bears 500 V at most, 550 V is the limit")
    func fixed() {
        #expect(reads(550_000, 150_000, for: .seconds(10), bears: 500_000) == "")
        #expect(reads(550_100, 150_100, for: .seconds(3), bears: 500_000) == "voltage_to_earth_high")
    }

    @Test("poles that contradict the voltage between them, or that nobody measures, say nothing")
    func implausible() {
        #expect(reads(900_000, 900_000, for: .seconds(10)) == "")
        #expect(reads(.max, .min, for: .seconds(10)) == "")
        #expect(reads(900_000, nil, for: .seconds(10)) == "")
    }
}
