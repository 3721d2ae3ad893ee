// What each word of the network's table does to questions, records and connections.

import Post
import Testing

@testable import Simulator

@Suite("The way to the cloud")
struct NetworkTests {
    /// A post without a core: what it is told and what comes back is written down.
    private final class Desk {
        let world: World
        var link: SimulatedCloudLink { world.posts[0].cloudLink }
        var answers: [(verdict: CloudVerdict, at: Instant)] = []
        var links: [(isUp: Bool, at: Instant)] = []
        var acknowledged: [UInt64] = []
        let known = TokenName(high: 1, low: 2)

        init(seed: UInt64 = 4, posts: Int = 1) {
            world = World(
                WorldConfiguration(seed: seed, posts: Array(repeating: .twoConnectors, count: posts)))
            world.cloud.vouch(for: [TokenName(high: 3, low: 0), known])
            world.posts[0].attach(
                PostProcess(
                    onEvent: { [unowned self] event, now in
                        if case .cloudAnswered(_, let verdict) = event { answers.append((verdict, now)) }
                        if case .cloudLink(let isUp) = event { links.append((isUp, now)) }
                    }, onLinesChanged: { _ in }, onToken: { _, _, _ in }))
            for post in world.posts { post.cloudLink.connect() }
            pass(.seconds(1))
        }

        func pass(_ interval: Interval) { world.advance(to: world.now + interval) }

        func become(_ mode: FaultMode, _ values: [Int64] = [], _ more: [NetworkImpairment] = []) {
            world.network.become(NetworkState(more + [NetworkImpairment(mode, values)]))
        }

        /// Asks, and returns what came back within a minute and how long it took, in milliseconds.
        func ask() throws -> [(CloudVerdict, Int64)] {
            let asked = world.now
            answers = []
            try link.ask(known, connector: nil, number: CommandNumber(1))
            pass(.seconds(60))
            return answers.map { ($0.verdict, ($0.at - asked).milliseconds) }
        }

        func deliver(_ records: ClosedRange<UInt64>, every interval: Interval = .zero) {
            for record in records {
                link.deliver(record: record) { [unowned self] in acknowledged.append(record) }
                if interval > .zero { pass(interval) }
            }
        }
    }

    private static let accepted = CloudVerdict.accepted(sessionWattHours: 100_000)

    @Test("well: answers at once, each record once and in order")
    func well() throws {
        let desk = Desk()
        let answers = try desk.ask()
        #expect(answers.count == 1 && answers.first?.0 == Self.accepted)
        #expect((120...150).contains(answers.first?.1 ?? 0))
        desk.deliver(1...3, every: .seconds(1))
        desk.deliver(2...2, every: .seconds(1))
        #expect(desk.acknowledged == [1, 2, 3, 2])
        let cloud = desk.world.cloud
        #expect(cloud.recordsTaken == [3] && cloud.duplicates == 1 && cloud.outOfOrder == 0)
        #expect(desk.links.map(\.isUp) == [true])
    }

    @Test("every word of the table has a fault of its name, and every fault sets something that its table knows")
    func table() {
        #expect(Set(NetworkTable.rows.map(\.mode)).count == NetworkTable.rows.count)
        for row in NetworkTable.rows {
            #expect(FaultKind(row.unit, row.mode) != nil)
            #expect(row.injected.contains { $0.mode == row.mode })
            #expect(row.needs.isEmpty || row.injected.contains { row.needs.contains($0.mode) })
            for it in row.injected {
                let parameters = it.row?.parameters ?? []
                #expect(it.values.count == parameters.count)
                for (parameter, value) in zip(parameters, it.values) {
                    #expect(parameter.range.contains(value), "\(row.mode) \(parameter.word)")
                }
            }
            for parameter in row.parameters {
                #expect(parameter.range.contains(parameter.drawn.lowerBound))
                #expect(parameter.range.contains(parameter.drawn.upperBound))
            }
        }
    }

    @Test("healing a fault takes away what it has set, and nothing else")
    func heals() throws {
        let desk = Desk()
        let kinds = [FaultKind(.network, .loss), FaultKind(.network, .reorder), FaultKind(.cloud, .throttled)]
            .compactMap(\.self)
        let numbers = kinds.compactMap { desk.world.inject($0)?.number }
        #expect(desk.world.network.state.impairments.map(\.mode) == [.delay, .loss, .reorder, .throttled])
        desk.world.network.become(.down, of: .network)
        #expect(desk.world.network.state.impairments.map(\.mode) == [.down, .throttled])
        for number in numbers { desk.world.heal(number) }
        #expect(desk.world.network.state == .down)
    }

    @Test("delay: later each way, and with jitter one overtakes another; latency keeps the order")
    func delayAndLatency() throws {
        let desk = Desk()
        desk.become(.delay, [8_000_000, 0])
        #expect((16_120...16_150).contains(try desk.ask().first?.1 ?? 0))
        desk.become(.latency, [5_000_000, 0])
        #expect((10_120...10_150).contains(try desk.ask().first?.1 ?? 0))
        for (mode, isOrdered) in [(FaultMode.delay, false), (.latency, true)] {
            let desk = Desk()
            desk.become(mode, [10_000_000, 9_000_000])
            desk.deliver(1...12, every: .milliseconds(50))
            desk.pass(.minutes(2))
            #expect(desk.acknowledged.sorted() == Array(1...12))
            #expect((desk.acknowledged == Array(1...12)) == isOrdered)
            #expect((desk.world.cloud.outOfOrder == 0) == isOrdered)
        }
    }

    @Test("loss, duplicate and corrupt: as many as they say, each way")
    func lossDuplicateCorrupt() throws {
        let desk = Desk()
        desk.become(.loss, [50])
        desk.deliver(1...200, every: .seconds(1))
        // Half get there, half of the answers come back.
        #expect((80...120).contains(desk.world.cloud.recordsTaken[0]))
        #expect((35...65).contains(desk.acknowledged.count))
        #expect(desk.links.map(\.isUp) == [true])
        let twice = Desk()
        twice.become(.duplicate, [100])
        twice.deliver(1...5, every: .seconds(1))
        #expect(twice.world.cloud.recordsTaken == [5] && twice.world.cloud.duplicates == 5)
        #expect(twice.acknowledged.count == 20)
        #expect(try twice.ask().map(\.0) == Array(repeating: Self.accepted, count: 4))
        let damaged = Desk()
        damaged.become(.corrupt, [100])
        #expect(try damaged.ask().map(\.0) == [.failed])
        damaged.deliver(1...3, every: .seconds(1))
        #expect(damaged.world.cloud.recordsTaken == [0] && damaged.acknowledged.isEmpty)
        #expect(damaged.links.map(\.isUp) == [true])
    }

    @Test("loss of everything is noticed by silence, down at once")
    func silence() throws {
        for (mode, values, after) in [
            (FaultMode.loss, [100], 10_000...10_000), (.timeout, [0], 10_000...10_000),
            (.timeout, [2_000_000], 2_100...2_100), (.down, [], 100...100), (.resetPeer, [0], 100...100),
        ] as [(FaultMode, [Int64], ClosedRange<Int64>)] {
            let desk = Desk()
            let since = desk.world.now
            desk.become(mode, values)
            #expect(try desk.ask().isEmpty, "\(mode)")
            #expect(desk.links.map(\.isUp) == [true, false], "\(mode)")
            #expect(after.contains(((desk.links.last?.at ?? .zero) - since).milliseconds), "\(mode) \(values)")
            let healed = desk.world.now
            desk.world.network.become(.up)
            desk.pass(.seconds(20))
            #expect(desk.links.last?.isUp == true)
            #expect(((desk.links.last?.at ?? .zero) - healed).milliseconds == 10_000)
        }
    }

    @Test("reorder: some overtake those that are delayed")
    func reorder() {
        let desk = Desk()
        desk.become(.reorder, [50], [NetworkImpairment(.delay, [40_000_000, 0])])
        desk.deliver(1...20, every: .milliseconds(10))
        desk.pass(.minutes(5))
        #expect(desk.world.cloud.recordsTaken == [20] && desk.world.cloud.outOfOrder > 0)
        #expect(desk.acknowledged.count == 20 && desk.acknowledged != Array(1...20))
    }

    @Test("rate: the site's line is shared; bandwidth: each connection has its own")
    func rateAndBandwidth() {
        for (mode, value, isShared) in [(FaultMode.rate, Int64(8_000), true), (.bandwidth, 1, false)] {
            let desk = Desk(posts: 2)
            desk.become(mode, [value])
            // A thousand bytes a second: each record takes one.
            for post in desk.world.posts {
                for record in 1...4 { post.cloudLink.deliver(record: UInt64(record)) {} }
            }
            desk.pass(.milliseconds(4_500))
            #expect(desk.world.cloud.recordsTaken.reduce(0, +) == (isShared ? 4 : 8), "\(mode)")
            desk.pass(.seconds(10))
            #expect(desk.world.cloud.recordsTaken == [4, 4])
        }
    }

    @Test("limit: what finds the queue full is lost")
    func limit() {
        let desk = Desk()
        desk.become(.limit, [2], [NetworkImpairment(.rate, [8_000])])
        desk.deliver(1...5)
        desk.pass(.minutes(1))
        #expect(desk.world.cloud.recordsTaken == [2])
        // Where nothing waits, nothing is lost.
        desk.deliver(3...6, every: .seconds(5))
        #expect(desk.world.cloud.recordsTaken == [6])
    }

    @Test("reset_peer: every connection stands so long, and what is under way on it is lost")
    func resetPeer() {
        let desk = Desk()
        desk.become(.resetPeer, [15_000_000], [NetworkImpairment(.delay, [4_000_000, 0])])
        desk.pass(.seconds(13))
        desk.deliver(1...1)
        desk.pass(.seconds(65))
        #expect(desk.world.cloud.recordsTaken == [0])
        #expect(desk.links.prefix(5).map(\.isUp) == [true, false, true, false, true])
        desk.deliver(1...1)
        desk.pass(.seconds(65))
        #expect(desk.world.cloud.recordsTaken == [1])
    }

    @Test("slicer: a message counts once its last slice is there")
    func slicer() throws {
        let desk = Desk()
        desk.become(.slicer, [50, 0, 1_000_000])
        // 250 bytes are five slices with four seconds between them, each way.
        #expect((8_120...8_150).contains(try desk.ask().first?.1 ?? 0))
    }

    @Test("limit_data: a connection carries so many bytes and is closed; the next one begins anew")
    func limitData() {
        let desk = Desk()
        desk.become(.limitData, [1_500])
        desk.deliver(1...2, every: .seconds(1))
        #expect(desk.acknowledged == [1])
        #expect(desk.links.map(\.isUp) == [true, false])
        desk.pass(.seconds(10))
        #expect(desk.links.map(\.isUp) == [true, false, true])
        desk.deliver(2...2, every: .seconds(1))
        #expect(desk.acknowledged == [1, 2])
    }

    @Test("names that are gone hurt nobody who is connected, and let nobody connect anew")
    func names() throws {
        let desk = Desk()
        desk.become(.namesGone)
        desk.pass(.minutes(5))
        #expect(try desk.ask().map(\.0) == [Self.accepted])
        desk.become(.namesGone, [], [NetworkImpairment(.down, [])])
        desk.become(.namesGone)
        desk.pass(.minutes(5))
        #expect(desk.links.map(\.isUp) == [true, false])
        desk.world.network.become(.up)
        desk.pass(.seconds(11))
        #expect(desk.links.last?.isUp == true)
    }

    @Test("flapping: up and down; what falls into a turn that is down is lost")
    func flapping() {
        let desk = Desk()
        desk.become(.flapping, [30_000_000])
        desk.pass(.minutes(10))
        #expect(desk.links.count > 6 && Set(desk.links.map(\.isUp)).count == 2)
        desk.deliver(1...60, every: .seconds(10))
        #expect((10...50).contains(desk.world.cloud.recordsTaken[0]))
    }

    @Test("the service throttles and lies, whatever the line does")
    func service() throws {
        let desk = Desk()
        desk.become(.throttled, [100])
        #expect(try desk.ask().map(\.0) == [.failed])
        desk.become(.refusesEverybody)
        #expect(try desk.ask().map(\.0) == [.refused])
        desk.world.network.become(.up, of: .cloud)
        #expect(try desk.ask().map(\.0) == [Self.accepted])
        #expect(desk.links.map(\.isUp) == [true])
    }
}
