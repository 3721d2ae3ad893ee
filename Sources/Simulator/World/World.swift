// The world: one time line for every post, every vehicle, every person. It only knows "let time pass until".

public import Post

/// A site with its posts. Virtual drivers jump from `nextEvent` to `nextEvent`; a paced driver calls `advance` by the wall.
public final class World {
    /// The posts of the site.
    public private(set) var posts: [SimulatedPost] = []
    /// Now.
    public private(set) var now = Instant.zero
    /// The seed that everything follows from.
    public let seed: UInt64
    /// The verdicts so far, one judge a post.
    public internal(set) var judges: [Judge] = []
    /// Called for each step of the story that has come due.
    public var storyStep: ((Int) -> Void)?
    private var scheduler = Scheduler()
    var dice: Randomness

    /// A world with these posts.
    public init(seed: UInt64, posts configurations: [PostConfiguration]) {
        self.seed = seed
        dice = Randomness(seed: seed, component: "world")
        for (number, configuration) in configurations.enumerated() {
            judges.append(Judge(connectors: configuration.connectors.count))
            posts.append(SimulatedPost(number: number, configuration: configuration, world: self))
        }
        for post in posts {
            for index in post.stages.indices { startSampling(post.number, .stage, index, 0) }
            for index in post.connectors.indices {
                for device in [SampledDevice.meter, .insulation, .temperature] {
                    startSampling(post.number, device, index, 0)
                }
            }
        }
    }

    /// When something happens next, or nil.
    public var nextEvent: Instant? { scheduler.next }

    /// Lets everything happen up to an instant, that instant included.
    public func advance(to instant: Instant) {
        while let (at, happening) = scheduler.take(until: instant) {
            now = max(now, at)
            happen(happening)
        }
        now = max(now, instant)
    }

    /// Lets one thing happen, if it is not later than `limit`; returns whether it did.
    public func advanceOne(until limit: Instant) -> Bool {
        guard let (at, happening) = scheduler.take(until: limit) else { return false }
        now = max(now, at)
        happen(happening)
        return true
    }

    /// Plans a step of the story.
    public func planStory(_ step: Int, at instant: Instant) { scheduler.plan(.story(step), at: instant) }

    /// Plans an event for a post's inbox.
    public func planDelivery(_ event: Event, to post: Int, after interval: Interval) {
        plan(.deliver(post: post, event), after: interval)
    }

    /// Plans a call; calls are kept in slots that are used again.
    public func planCall(after interval: Interval, _ body: @escaping () -> Void) {
        plan(.call(calls.insert(body)), after: interval)
    }
    private var calls = Slots<() -> Void>()

    func plan(_ happening: Happening, after interval: Interval) {
        scheduler.plan(happening, at: now + interval)
    }

    private func happen(_ happening: Happening) {
        switch happening {
        case .sample(let post, let device, let index, let generation): sample(post, device, index, generation)
        case .contactors(let post, let index, let generation): moveContactors(post, index, generation)
        case .bounce(let post, let index, let left): bounce(post, index, left)
        case .lock(let post, let index, let generation):
            guard let lock = posts[post].connectors[index].lock, lock.generation == generation else { return }
            lock.settle()
            posts[post].linesChanged?(now)
        case .deliver(let post, let event): posts[post].deliver?(event, now)
        case .story(let step): storyStep?(step)
        case .call(let number): calls.removeValue(at: number)()
        }
    }

    // Contactors

    private func moveContactors(_ post: Int, _ index: Int, _ generation: UInt32) {
        let connector = posts[post].connectors[index]
        guard connector.contactors.generation == generation else { return }
        advance(post, index)
        connector.takeInContactors(&judges[post])
        feed(post, posts[post].stage(of: index))
        if connector.circuit.isPathClosed { judgeSharing(post, index) }
        posts[post].linesChanged?(now)
        if connector.contactors.bounces > 0 {
            plan(
                .bounce(post: post, connector: index, left: connector.contactors.bounces * 2),
                after: .milliseconds(1))
        }
    }

    /// A mirror contact bounces a few times within some milliseconds.
    private func bounce(_ post: Int, _ index: Int, _ left: Int) {
        let contactors = posts[post].connectors[index].contactors
        let isFlipped = left % 2 == 0 && left > 0
        contactors.plus.isMirrorFlipped = isFlipped
        posts[post].linesChanged?(now)
        if left > 0 {
            plan(
                .bounce(post: post, connector: index, left: left - 1),
                after: Interval(microseconds: dice.number(in: 300...1_500)))
        }
    }

    private func judgeSharing(_ post: Int, _ index: Int) {
        let own = posts[post]
        for other in own.connectors.indices where other != index && own.stage(of: other) == own.stage(of: index) {
            if own.connectors[other].circuit.isPathClosed {
                judges[post].find(.stagesJoined, own.connectors[index].place, 0, at: now)
            }
        }
    }

    // Circuits

    /// Lets one circuit's time pass up to now.
    func advance(_ post: Int, _ index: Int) {
        posts[post].connectors[index].advance(to: now, &judges[post])
    }

    /// A stage's settings changed: the circuit that it feeds learns of it; circuits that share it are cut off.
    func feed(_ post: Int, _ stage: Int) {
        let own = posts[post]
        let fed = own.connectorFed(by: stage)
        for index in own.connectors.indices where own.stage(of: index) == stage {
            advance(post, index)
            own.stages[stage].drive(&own.connectors[index].circuit)
            if index != fed { own.connectors[index].circuit.isStageOn = false }
            own.connectors[index].circuit.hasGrid = own.enclosure.levels.gridPresent
        }
    }

    func stageChanged(post: Int, stage: Int, _ command: CommandNumber) {
        feed(post, stage)
        guard command.value != 0 else { return }
        plan(.deliver(post: post, .commandFinished(command, .done)), after: .milliseconds(8))
        // A stage answers every command with a sample, then samples fast while it is on.
        stageGenerations[post * 16 + stage] &+= 1
        plan(
            .sample(post: post, .stage, index: stage, generation: stageGenerations[post * 16 + stage]),
            after: .milliseconds(15))
    }
    var stageGenerations = [UInt32](repeating: 0, count: 16 * 64)

    /// Modules that hear nothing any more switch themselves off after ten seconds, as real ones do.
    func stageWillFallSilent(post: Int, stage: Int, at now: Instant) {
        posts[post].stages[stage].isOn = false
        feed(post, stage)
    }

    func dischargeSwitched(_ place: Place, _ isOn: Bool) {
        advance(place.post, place.connector)
        posts[place.post].connectors[place.connector].circuit.isDischarging = isOn
        posts[place.post].connectors[place.connector].circuit.touch()
    }

    func answered(_ place: Place, _ command: CommandNumber) {
        plan(.deliver(post: place.post, .commandFinished(command, .done)), after: .milliseconds(10))
    }

    /// Opening under load is nobody's fault for a while: an emergency has its cause.
    public func excuse(_ place: Place, until instant: Instant) {
        judges[place.post].emergencyUntil[place.connector] = max(
            judges[place.post].emergencyUntil[place.connector], instant)
    }

    /// Closes the books of every circuit.
    public func closeBooks() {
        for post in posts {
            for index in post.connectors.indices {
                advance(post.number, index)
                judges[post.number].balance(post.connectors[index].circuit, post.connectors[index].place)
            }
        }
    }
}
