// A session recorded and played again: the same, up to the event that killed the process, or where a core differs.

import Devices
import Post
import Runtime
import Simulator
import Testing

/// Records a whole post in virtual time without a disk: starts and stops are durable at once.
private final class Recorded {
    let ring: FlightRing
    let world: World
    let runtime: PostRuntime
    private let port: Port

    init(seed: UInt64 = 5, size: Int = 4 << 20) throws {
        let world = World(WorldConfiguration(seed: seed, posts: [.twoConnectors]))
        self.world = world
        ring = try FlightRing(size: size)
        port = Port(world)
        runtime = PostRuntime(
            configuration: .twoConnectors, devices: world.posts[0].devices, records: port, cloud: port)
        runtime.recorder = FlightRecorder(ring, configuration: .twoConnectors, at: .zero)
        port.runtime = runtime
        world.posts[0].attach(
            PostProcess(
                onEvent: { [weak runtime] event, now in runtime?.step(event, at: now) },
                onLinesChanged: { [weak runtime] now in runtime?.pollLines(at: now) }, onToken: { _, _, _ in }))
        runtime.start(Restored(boot: BootFacts(bootNumber: 1, uncleanStarts: 0)), at: .zero)
    }
    func run(seconds: Int64) {
        let end = world.now + .seconds(seconds)
        while true {
            let event = world.nextEvent ?? .distantFuture
            let deadline = runtime.nextDeadline ?? .distantFuture
            guard min(event, deadline) <= end else { break }
            if deadline < event {
                world.advance(to: deadline)
                runtime.timePassed(at: deadline)
            } else {
                _ = world.advanceOne(until: event)
            }
        }
        world.advance(to: end)
    }

    func charge() {
        run(seconds: 20)
        world.plug(sedan(at: 400), at: Place(post: 0, connector: 0))
        run(seconds: 5)
        let token = TokenName(high: 3, low: 4)
        runtime.step(.tokenPresented(ReaderID(0), token), at: world.now)
        runtime.step(
            .tokenLookedUp(
                ReaderID(0),
                TokenLookUp(token: token, verdict: .listed, group: 0, freshness: .fresh, allowance: .unlimited)),
            at: world.now)
        run(seconds: 60)
    }
}

/// Answers every record at once, as an event a moment later.
private final class Port: RecordPort, CloudPort {
    private let world: World
    weak var runtime: PostRuntime?
    init(_ world: World) { self.world = world }
    func submit(_ request: RecordRequest) {
        let event = request.answer(.recorded)
        let at = world.now + .milliseconds(2)
        world.schedule(at: at) { [weak self] in self?.runtime?.step(event, at: at) }
    }
    func ask(_ token: TokenName, connector: ConnectorID?, number: CommandNumber) {}
}

@Suite("Replay")
struct ReplayTests {
    @Test("a session plays again with the same actions at every event")
    func same() throws {
        let post = try Recorded()
        post.charge()
        #expect(post.runtime.core.status(of: ConnectorID(0)).phase == .charging)
        let recording = try #require(FlightReader.read(post.ring.copy()))
        #expect(recording.torn == 0 && !recording.hasGap)
        var phases: [ConnectorPhase] = []
        let verdict = Replayer.play(recording) { _, actions, _ in
            for case .report(.stateChanged(ConnectorID(0), _, let phase)) in actions.list { phases.append(phase) }
        }
        let events = recording.records.filter { $0.kind == .event }.count
        #expect(events > 500)
        #expect(verdict == .same(events: events))
        #expect(phases.last == .charging)
        print("recorded \(events) events in \(recording.records.reduce(0) { $0 + $1.bytes.count + 16 }) bytes")
    }

    @Test("a recording that ends in the middle of an event names it")
    func endsInside() throws {
        let post = try Recorded()
        post.charge()
        var recording = try #require(FlightReader.read(post.ring.copy()))
        let last = try #require(recording.records.lastIndex { $0.kind == .event })
        recording.records.removeSubrange((last + 1)...)
        var events: [Event] = []
        let verdict = Replayer.play(recording) { event, _, _ in events.append(event) }
        #expect(verdict == .endsInside(try #require(events.last), events: events.count))
    }

    @Test("the first event at which the core does something else is named")
    func diverges() throws {
        let post = try Recorded()
        post.charge()
        var recording = try #require(FlightReader.read(post.ring.copy()))
        let changed = try #require(
            recording.records.indices.filter { recording.records[$0].kind == .actions }.dropFirst(300).first)
        recording.records[changed].bytes[0] ^= 1
        guard case .diverged(let divergence) = Replayer.play(recording) else {
            Issue.record("not noticed")
            return
        }
        #expect(divergence.number == 301)
    }

    @Test("a ring that has lost the start of its life says what to do")
    func tooSmall() throws {
        let post = try Recorded(size: 4 * 16_384)
        post.charge()
        let recording = try #require(FlightReader.read(post.ring.copy()))
        guard case .unplayable(let sentence) = Replayer.play(recording) else {
            Issue.record("it was played without its start")
            return
        }
        #expect(sentence.contains("larger"))
    }

    @Test("two runs of one seed have one hash, two seeds have two")
    func hashes() throws {
        let runs = try [UInt64(5), 5, 6].map { seed in
            let post = try Recorded(seed: seed)
            post.charge()
            return post.runtime.hash
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0] != runs[2])
    }
}
