// The simulated world: a site with its posts on one line of time.

public import Post

/// What a world begins with.
public struct WorldConfiguration: Sendable {
    /// The seed of every chance in it.
    public var seed: UInt64
    /// The posts of the site.
    public var posts: [PostConfiguration]
    /// Temperature of the air in degrees Celsius.
    public var ambientCelsius: Double

    /// A site with these posts.
    public init(seed: UInt64, posts: [PostConfiguration], ambientCelsius: Double = 20) {
        self.seed = seed
        self.posts = posts
        self.ambientCelsius = ambientCelsius
    }
}

/// A site of simulated posts. Deterministic: the same seed and the same calls give the same world, on every machine.
///
/// It moves only when somebody calls `advance(to:)`: a virtual driver jumps from event to event, a paced one follows a clock
/// that the world never sees. Not sendable: it belongs to the thread that drives it.
public final class World {
    /// The seed of every chance in it.
    public let seed: UInt64
    /// How far the world has come.
    public var now: Instant { timeline.now }
    /// The posts of the site.
    public private(set) var posts: [SimulatedPost] = []
    /// The network between the site and the cloud.
    public private(set) lazy var network = SimulatedNetwork(self)
    /// The cloud.
    public private(set) lazy var cloud = SimulatedCloud(self)
    /// The world's own verdict.
    public let judge = Judge()
    /// How many things have happened.
    public private(set) var occurrences: UInt64 = 0
    /// Every fault injected so far, in order.
    public internal(set) var injections: [Injection] = []
    /// The number of the injection that is only pretended: the world is looked at as closely as if it were made, and nothing
    /// is broken. Beside a world where it was made it shows what the fault has changed.
    public var pretended: Int?
    let ambientCelsius: Double
    let timeline = Timeline()
    private var deliveries = Slots<Delivery>()
    private var stories = Slots<() -> Void>()

    private struct Delivery {
        let event: Event
        let life: UInt32
    }

    /// Builds the site. Its devices begin to sample within the first second.
    public init(_ configuration: WorldConfiguration) {
        seed = configuration.seed
        ambientCelsius = configuration.ambientCelsius
        for (number, post) in configuration.posts.enumerated() {
            var dice = Randomness(seed: seed, component: "post", index: number)
            posts.append(SimulatedPost(self, number: number, configuration: post, seed: dice.next()))
        }
        for post in posts { post.beginSampling() }
    }

    /// When something next happens by itself, or nil.
    public var nextEvent: Instant? { timeline.next }

    /// Lets everything happen that happens until then, in order, and moves to that instant.
    ///
    /// Attached processes are called from within; whatever they tell their devices takes effect in the same call where it
    /// is due. A driver that must also serve deadlines of its processes advances no further than the next of them.
    public func advance(to instant: Instant) {
        while advanceOne(until: instant) {}
        timeline.move(to: instant)
    }

    /// Lets the next thing happen, if it happens by then. Returns whether it did.
    @discardableResult
    public func advanceOne(until instant: Instant) -> Bool {
        guard let occurrence = timeline.take(until: instant) else { return false }
        occurrences &+= 1
        happen(occurrence)
        return true
    }

    /// Has this done at that instant, or now if it is past: the story's way in.
    public func schedule(at instant: Instant, _ action: @escaping () -> Void) {
        let place = stories.put(action)
        timeline.plan(
            Occurrence(kind: .story, post: 0, index: 0, generation: place), at: max(instant, now))
    }

    /// The world's verdict over meters and books up to now; steps are judged as they happen.
    public func judgeBooks() {
        for post in posts {
            for connector in post.connectors { connector.judgeMeter() }
            for stage in post.stages {
                stage.island.advance(to: now)
                judge.balance(
                    stage.island.books, stage.island.places.first ?? Place(post: post.number, connector: 0), at: now
                )
            }
        }
    }

    /// How many steps the electrics took so far: the cost of the physics.
    public var electricalSteps: UInt64 {
        posts.reduce(0) { sum, post in post.stages.reduce(sum) { $0 &+ $1.island.steps } }
    }

    // What components need

    func deliver(_ event: Event, to post: SimulatedPost, after delay: Interval) {
        let place = deliveries.put(Delivery(event: event, life: post.life))
        post.plan(.delivery, index: 0, generation: place, after: delay)
    }

    private func happen(_ it: Occurrence) {
        switch it.kind {
        case .story: stories.take(it.generation)?()
        case .networkFlaps: network.flaps(generation: it.generation)
        default: happen(it, in: posts[Int(it.post)])
        }
    }

    private func happen(_ it: Occurrence, in post: SimulatedPost) {
        let index = Int(it.index)
        switch it.kind {
        case .sampleStage: post.stages[index].sample(generation: it.generation)
        case .stageCommand: post.stages[index].commandArrives()
        case .sampleMeter: post.connectors[index].meter.sample(generation: it.generation)
        case .sampleInsulation: post.connectors[index].insulation.sample(generation: it.generation)
        case .insulationCommand: post.connectors[index].insulation.commandArrives()
        case .sampleTemperature: post.connectors[index].thermometers.sample(generation: it.generation)
        case .vehicleTurn: post.connectors[index].link.vehicleTurn(generation: it.generation)
        case .vehicleNotice: post.connectors[index].link.noticeArrives()
        case .contactorPole:
            post.connectors[index / 2].contactors.poleArrives(index % 2, generation: it.generation)
        case .mirrorBounce: post.connectors[index / 2].contactors.mirrorBounces(index % 2)
        case .lockArrives: post.connectors[index].lock?.arrives(generation: it.generation)
        case .emergencyStopBounce: post.emergencyStopBounces(left: it.generation)
        case .linesChanged: post.linesChanged()
        case .watchdog:
            if index == 0 { post.enclosure.watchdogLooks() } else { post.stagesGiveUp(generation: it.generation) }
        case .limitHeartbeat: post.siteManager.heartbeat(generation: it.generation)
        case .readMemory: post.readMemory(generation: it.generation)
        case .framesMissed: post.framesMissed(generation: it.generation)
        case .linkNoticed: post.cloudLink.notice(generation: it.generation)
        case .delivery:
            guard let delivery = deliveries.take(it.generation), delivery.life == post.life else { return }
            post.receive(delivery.event)
        case .story, .networkFlaps: break
        }
    }
}
