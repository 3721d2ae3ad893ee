// The network between the site and its cloud: up, down, slow, flapping, throttled, lying, without names.

public import Post

/// The site's way to the cloud. Names, link and the service behind it fail apart.
public final class SimulatedNetwork {
    /// How the way to the cloud is.
    public enum State: Hashable, Sendable {
        /// Everything gets through within the usual time.
        case up
        /// Nothing gets through.
        case down
        /// Names are not resolved: connections that stand go on, new ones do not come about.
        case namesGone
        /// Everything gets through, this much later.
        case slow(Interval)
        /// Up and down in turns of this length.
        case flapping(Interval)
        /// This share of the requests, in per mille, is answered with an error.
        case throttled(failingPerMille: Int64)
        /// Requests are answered, and every answer about a token is "refused".
        case refusingEverybody
        /// Requests are answered with nonsense.
        case garbled
    }

    /// One way, when all is well. Engineering default.
    static let usuallyTakes: Interval = .milliseconds(60)

    /// How it is.
    public private(set) var state: State = .up
    private var isFlappedDown = false
    private var generation: UInt32 = 0
    private var dice: Randomness
    private unowned let world: World

    init(_ world: World) {
        self.world = world
        dice = Randomness(seed: world.seed, component: "network")
    }

    /// Changes how it is, from now on. Returns whether that is a change.
    @discardableResult
    public func become(_ next: State) -> Bool {
        guard next != state else { return false }
        state = next
        isFlappedDown = false
        generation &+= 1
        if case .flapping(let half) = next { planFlap(after: half) }
        for post in world.posts { post.cloudLink.networkChanged() }
        return true
    }

    /// Whether a request gets to the cloud and its answer back.
    var carries: Bool {
        switch state {
        case .up, .slow, .throttled, .refusingEverybody, .garbled: true
        case .down, .namesGone: false
        case .flapping: !isFlappedDown
        }
    }

    /// One way through it, with a fifth of chance in it.
    func delay() -> Interval {
        var usual = Self.usuallyTakes.microseconds
        if case .slow(let more) = state { usual &+= more.microseconds }
        return Interval(microseconds: usual &+ dice.number(in: 0...max(1, usual / 5)))
    }

    /// Whether this request is one of those that are throttled away.
    func throttles() -> Bool {
        guard case .throttled(let share) = state else { return false }
        return dice.chance(share, in: 1_000)
    }

    func flaps(generation: UInt32) {
        guard generation == self.generation, case .flapping(let half) = state else { return }
        isFlappedDown.toggle()
        for post in world.posts { post.cloudLink.networkChanged() }
        planFlap(after: half)
    }

    private func planFlap(after half: Interval) {
        let length = max(1_000, half.microseconds)
        let spread = dice.number(in: -length / 4...length / 4)
        world.timeline.plan(
            Occurrence(kind: .networkFlaps, post: 0, index: 0, generation: generation),
            at: world.now + Interval(microseconds: length &+ spread))
    }
}
