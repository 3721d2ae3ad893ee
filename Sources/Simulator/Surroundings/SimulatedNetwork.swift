// The line between the site and its cloud: what becomes of each message on its way.

import Post

/// The site's way to the cloud. Line, connections, names and the service at the end fail apart, and together.
///
/// A message is one packet: nothing below repeats one that is lost. So what a post does about lost, doubled and late messages
/// shows at once, and not only where a connection gives up.
public final class SimulatedNetwork {
    /// Which way a message goes.
    enum Way: Int { case toCloud, toPost }

    /// One way, when all is well. Engineering default.
    static let usuallyTakes: Interval = .milliseconds(60)

    /// What is wrong.
    public private(set) var state = NetworkState.up
    private var isFlappedDown = false
    private(set) var generation: UInt32 = 0
    /// The queue before the line, one a way: until when it is busy, and how many messages wait.
    private var busyUntil: [Instant] = [.zero, .zero]
    private var waiting: [Int64] = [0, 0]
    private var dice: Randomness
    private unowned let world: World

    init(_ world: World) {
        self.world = world
        dice = Randomness(seed: world.seed, component: "network")
    }

    /// Changes what is wrong, from now on. Returns whether that is a change.
    ///
    /// - Parameter unit: Whose trouble is replaced: the line's and its connections', or the service's; nil: all.
    @discardableResult
    public func become(_ next: NetworkState, of unit: FaultUnit? = nil) -> Bool {
        let next = unit.map { NetworkState(state.without($0) + next.impairments) } ?? next
        guard next != state else { return false }
        let flaps = state[.flapping] != next[.flapping]
        state = next
        generation &+= 1
        if flaps { isFlappedDown = false }
        if let turn = next[.flapping]?.first { planFlap(after: turn) }
        for post in world.posts { post.cloudLink.networkChanged() }
        return true
    }

    /// Adds what a fault sets. Returns whether that is a change.
    func add(_ impairments: [NetworkImpairment]) -> Bool { become(NetworkState(state.impairments + impairments)) }

    /// Takes it away again. Returns whether that is a change.
    func remove(_ impairments: [NetworkImpairment]) -> Bool {
        var next = state
        for it in impairments { next.remove(it.mode) }
        return become(next)
    }

    /// Whether messages get through at all. Of a message that is doubled and lost netem leaves one.
    var isThrough: Bool {
        !isFlappedDown && state[.timeout] == nil && (state[.loss] != [100] || state[.duplicate] != nil)
    }

    /// Whether connections are closed as soon as they stand.
    var closesConnections: Bool { state[.down] != nil || state[.resetPeer] == [0] }

    /// Whether a connection that does not stand yet comes about.
    var admitsConnections: Bool { isThrough && !closesConnections && state[.namesGone] == nil }

    /// After how long a connection is closed by what is wrong, where it is.
    var connectionsLast: Interval? {
        let ends = [state[.resetPeer]?.first, state[.timeout]?.first].compactMap(\.self).filter { $0 > 0 }
        return ends.min().map { Interval(microseconds: $0) }
    }

    /// Whether the service answers this request with an error.
    func throttles() -> Bool { happens(.throttled) }

    /// Sends a message over a post's connection.
    ///
    /// - Parameter arrives: Called for each copy that arrives, and told whether it can be read.
    func send(
        bytes: Int64, _ way: Way, over link: SimulatedCloudLink, arrives: @escaping (_ isReadable: Bool) -> Void
    ) {
        guard isThrough, link.carries(bytes) else { return }
        let copies = 1 + (happens(.duplicate) ? 1 : 0) - (happens(.loss) ? 1 : 0)
        for _ in 0..<copies { forward(bytes, way, link, arrives) }
    }

    private func forward(
        _ bytes: Int64, _ way: Way, _ link: SimulatedCloudLink, _ arrives: @escaping (Bool) -> Void
    ) {
        let isReadable = !happens(.corrupt)
        guard let leaves = leavesLine(bytes, way) else { return }
        // Only what netem delays is overtaken: a connection keeps its order.
        let arrival = link.arrival(
            bytes, way, leaving: leaves, usually: usual(), keepsOrder: state[.delay] == nil, &dice)
        let closings = link.closings
        world.schedule(at: arrival) { [unowned self, unowned link] in
            guard isThrough, link.closings == closings else { return }
            arrives(isReadable)
        }
    }

    /// When a message has left the queue before the line; nil where it finds that full.
    private func leavesLine(_ bytes: Int64, _ way: Way) -> Instant? {
        let (delay, rate) = (state[.delay], state[.rate]?.first)
        guard delay != nil || rate != nil else { return world.now }
        if let limit = state[.limit]?.first, waiting[way.rawValue] >= limit { return nil }
        var leaves = world.now
        if let delay, !happens(.reorder) { leaves = leaves + varied(delay, &dice) }
        if let rate {
            let takes = Interval(microseconds: bytes * 8 * 1_000_000 / max(1, rate))
            leaves = max(leaves, busyUntil[way.rawValue]) + takes
            busyUntil[way.rawValue] = leaves
        }
        waiting[way.rawValue] += 1
        world.schedule(at: leaves) { [unowned self] in waiting[way.rawValue] -= 1 }
        return leaves
    }

    /// One way through it when all is well, with a fifth of chance in it.
    private func usual() -> Interval {
        let usual = Self.usuallyTakes.microseconds
        return Interval(microseconds: usual + dice.number(in: 0...usual / 5))
    }

    private func happens(_ mode: FaultMode) -> Bool {
        guard let percent = state[mode]?.first else { return false }
        return dice.chance(percent, in: 100)
    }

    func flaps(generation: UInt32) {
        guard generation == self.generation, let turn = state[.flapping]?.first else { return }
        isFlappedDown.toggle()
        for post in world.posts { post.cloudLink.networkChanged() }
        planFlap(after: turn)
    }

    private func planFlap(after turn: Int64) {
        let spread = dice.number(in: -turn / 4...turn / 4)
        world.timeline.plan(
            Occurrence(kind: .networkFlaps, post: 0, index: 0, generation: generation),
            at: world.now + Interval(microseconds: turn + spread))
    }
}

/// A time and by how much it varies, up and down; never less than none.
func varied(_ values: [Int64], _ dice: inout Randomness) -> Interval {
    let (time, jitter) = (values.first ?? 0, values.count > 1 ? values[1] : 0)
    return Interval(microseconds: max(0, jitter == 0 ? time : time + dice.number(in: -jitter...jitter)))
}
