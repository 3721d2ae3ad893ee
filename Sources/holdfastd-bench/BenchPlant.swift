// The simulated world as the live loop's plant, with a cloud that is out of reach.

import Devices
import HardwarePlant
import Post
import Runtime
import SimulatedBus
import Simulator

/// A world of one post. Lives on the loop's thread.
final class BenchPlant: WorldPlant {
    let world: World
    /// Where the hardware's state outlives the process; nil where it does not.
    private let file: WorldFile?
    /// Where meters, monitors and stages speak Modbus; nil where they do not.
    private var bus: WorldOnBus?

    /// What an earlier process of this bench left plugged in or welded, as notes for the flight recording.
    private(set) var found: [String] = []

    init(seed: UInt64, _ configuration: PostConfiguration, file path: String, speed: Int64) {
        world = World(WorldConfiguration(seed: seed, posts: [configuration]))
        world.posts[0].enclosure.watchdogPatience = .seconds(2 * speed)
        world.network.become(.down)
        let count = configuration.connectors.count
        file = WorldFile(path: path, seed: seed, connectors: count)
        guard let file else { return }
        for number in 0..<count {
            let memory = file.load(number)
            world.restore(memory, at: Place(post: 0, connector: number))
            found += BenchRequest.left(memory, connector: number).compactMap { $0.request.note($0.verb, seed) }
        }
    }

    var post: SimulatedPost { world.posts[0] }
    var cloud: any CloudPort { post.cloudLink }
    var devices: PostDevices { bus?.joined(post.devices) ?? post.devices }
    var edgeDescriptors: [Int32] { bus?.descriptors ?? [] }
    var nextEvent: Instant? { [world.nextEvent, bus?.nextEvent].compactMap(\.self).min() }

    func speakModbus(
        _ maps: MapsOfWorld, _ inbox: LiveInbox, _ clock: LoopClock, _ troubles: PlantTroubles
    ) throws(NoPort) {
        bus = try WorldOnBus(post, maps, inbox, clock, troubles)
    }

    func advance(to instant: Instant) {
        world.advance(to: instant)
        // What was asked is answered from the world as it is now.
        bus?.serve(at: instant)
        remember()
    }
    /// Once the world has played a leak, its figures are the memory of this process until it ends: what the process really has
    /// would take the fault away again.
    func hears(_ event: Event) -> Bool {
        if case .memory = event { return !post.hasLeaked }
        return true
    }

    /// A few stores into mapped memory; nothing here waits.
    func remember() {
        guard let file else { return }
        for number in post.connectors.indices {
            file.store(world.memory(of: Place(post: 0, connector: number)), number)
        }
    }
    func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void) {
        let isOnBus = bus != nil
        let heard: (Event, Instant) -> Void = { event, now in
            if !isOnBus || WorldOnBus.isHeard(event) { deliver(event, now) }
        }
        post.attach(PostProcess(onEvent: heard, onLinesChanged: linesChanged, onToken: { _, _, _ in }))
        post.cloudLink.connect()
    }
}
