// The cloud and the network to it: up, slow, failing, lying or gone.

import Devices
public import Post

/// The state of the way to the cloud.
public struct NetworkState: Hashable, Sendable {
    /// Whether anything gets through at all.
    public var isUp = true
    /// One way, in milliseconds.
    public var latencyMilliseconds: Int64 = 60
    /// Share of requests that are answered with an error, in per mille.
    public var failsPerMille: Int64 = 0
    /// Share of requests that are never answered, in per mille.
    public var lostPerMille: Int64 = 0
    /// Refuses everybody, whatever it knows.
    public var lies = false

    /// Up and quick.
    public init() {}
}

/// A record that a post hands to the cloud.
public struct DeliveredRecord: Hashable, Sendable {
    /// The post.
    public var post: Int
    /// The record's place in the post's outbox.
    public var number: Int64
    /// When the cloud had it.
    public var at: Instant
}

/// The operator's back office as far as posts can see it.
public final class SimulatedCloud {
    /// The way to it.
    public var network = NetworkState()
    /// Tokens that it knows and vouches for.
    public var knows: (TokenName) -> Bool = { _ in true }
    /// Records that arrived, in the order of arrival.
    public private(set) var records: [DeliveredRecord] = []
    /// Records that arrived twice: redelivered after a lost acknowledgement.
    public private(set) var duplicates = 0
    /// Questions it was asked.
    public private(set) var questions = 0
    private var seenUpTo: [Int64]
    private var dice: Randomness

    init(seed: UInt64, posts: Int) {
        dice = Randomness(seed: seed, component: "cloud")
        seenUpTo = Array(repeating: 0, count: posts)
    }

    /// What comes back to a question, and after how long; nil is silence.
    func answer(to token: TokenName) -> (verdict: CloudVerdict, after: Interval)? {
        questions += 1
        guard network.isUp, !dice.chance(network.lostPerMille, in: 1_000) else { return nil }
        let after = Interval.milliseconds(2 * network.latencyMilliseconds + dice.number(in: 5...40))
        if dice.chance(network.failsPerMille, in: 1_000) { return (.failed, after) }
        let vouches = knows(token) && !network.lies
        return (vouches ? .accepted(sessionWattHours: 1_000_000) : .refused, after)
    }

    /// A record arrives. Returns when its acknowledgement is back, or nil if it or the acknowledgement is lost.
    func deliver(post: Int, number: Int64, at now: Instant) -> Interval? {
        guard network.isUp, !dice.chance(network.lostPerMille, in: 1_000) else { return nil }
        if dice.chance(network.failsPerMille, in: 1_000) { return nil }
        if number <= seenUpTo[post] {
            duplicates += 1
        } else {
            seenUpTo[post] = number
            records.append(DeliveredRecord(post: post, number: number, at: now))
        }
        // Half of what is lost is lost on the way back: the post has to deliver it again.
        if dice.chance(network.lostPerMille / 2, in: 1_000) { return nil }
        return .milliseconds(2 * network.latencyMilliseconds)
    }
}
