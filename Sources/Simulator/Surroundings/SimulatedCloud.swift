// The cloud: a list of tokens of its own, and a ledger of the records that reached it.

public import Devices
public import Post

/// The cloud of the site's operator. It answers about tokens from its own list and books every record that reaches it.
public final class SimulatedCloud {
    /// Energy that it grants a token it knows, in watt-hours.
    public var grantsWattHours: Int64 = 100_000
    /// How often it was asked about a token.
    public private(set) var questions = 0
    /// Records that reached it, by post, each once.
    public private(set) var recordsTaken: [Int] = []
    /// Records that reached it again although it had them.
    public private(set) var duplicates = 0
    /// Records that reached it before an earlier one of the same post.
    public private(set) var outOfOrder = 0
    /// When the last new record reached it, or nil.
    public private(set) var lastRecordAt: Instant?
    private var known: [TokenName] = []
    private var taken: [[UInt64]] = []
    private unowned let world: World

    init(_ world: World) {
        self.world = world
        recordsTaken = world.posts.map { _ in 0 }
        taken = world.posts.map { _ in [] }
    }

    /// The tokens it vouches for.
    public func vouch(for tokens: [TokenName]) {
        known = tokens.sorted { ($0.high, $0.low) < ($1.high, $1.low) }
    }

    func answer(_ token: TokenName) -> CloudVerdict {
        questions += 1
        var low = 0
        var high = known.count
        while low < high {
            let middle = (low + high) / 2
            let it = known[middle]
            if (it.high, it.low) < (token.high, token.low) { low = middle + 1 } else { high = middle }
        }
        let isKnown = low < known.count && known[low] == token
        return isKnown ? .accepted(sessionWattHours: grantsWattHours) : .refused
    }

    /// Whether a record of that post has reached it.
    public func has(record: UInt64, of post: Int) -> Bool { taken[post].contains(record) }

    /// Records are numbered from 1 without a gap: whatever does not follow the last is out of order.
    func take(record: UInt64, of post: Int) {
        let last = taken[post].last ?? 0
        if record <= last, taken[post].contains(record) {
            duplicates += 1
            return
        }
        taken[post].append(record)
        if record != last + 1 {
            outOfOrder += 1
            taken[post].sort()
            world.judge.recordsDoNotFollow(post: post, record, at: world.now)
        }
        recordsTaken[post] += 1
        lastRecordAt = world.now
    }
}

/// One post's way to the cloud.
public final class SimulatedCloudLink: CloudPort {
    /// A post notices this late that the way is up or down. 10 s: engineering default for an OCPP ping.
    static let noticesAfter: Interval = .seconds(10)

    /// Whether the post believes that the cloud can be reached.
    public private(set) var isBelievedUp = false
    private var generation: UInt32 = 0
    private unowned let post: SimulatedPost

    init(_ post: SimulatedPost) { self.post = post }

    private var world: World { post.world }

    /// The process has connected: from now on it is told whether the cloud can be reached.
    public func connect() {
        isBelievedUp = world.network.carries
        post.deliver(.cloudLink(isUp: isBelievedUp), after: .milliseconds(100))
    }

    /// Asks about a token. Where nothing gets through, nothing ever answers.
    public func ask(_ token: TokenName, connector: ConnectorID?, number: CommandNumber) throws(DeviceError) {
        guard world.network.carries else { return }
        let verdict: CloudVerdict
        if world.network.throttles() {
            verdict = .failed
        } else {
            switch world.network.state {
            case .refusingEverybody: verdict = .refused
            case .garbled: verdict = .failed
            case .up, .down, .namesGone, .slow, .flapping, .throttled: verdict = world.cloud.answer(token)
            }
        }
        let there = world.network.delay()
        let back = world.network.delay()
        post.deliver(
            .cloudAnswered(number, verdict), after: Interval(microseconds: there.microseconds + back.microseconds))
    }

    /// Sends a session record.
    ///
    /// - Parameters:
    ///   - record: Its number in this post's outbox, rising.
    ///   - acknowledged: Called when the cloud's acknowledgement is back; never called when record or answer are lost. A lost
    ///     answer means that the cloud has the record all the same, so it is safe and right to send it again.
    public func deliver(record: UInt64, acknowledged: @escaping () -> Void) {
        guard world.network.carries, !world.network.throttles() else { return }
        if case .garbled = world.network.state { return }
        let life = post.life
        let world = world
        let post = post
        world.schedule(at: world.now + world.network.delay()) {
            guard world.network.carries else { return }
            world.cloud.take(record: record, of: post.number)
            world.schedule(at: world.now + world.network.delay()) {
                guard world.network.carries, post.life == life else { return }
                acknowledged()
            }
        }
    }

    func networkChanged() {
        generation &+= 1
        post.plan(.linkNoticed, index: 0, generation: generation, after: Self.noticesAfter)
    }

    func notice(generation: UInt32) {
        guard generation == self.generation, isBelievedUp != world.network.carries else { return }
        isBelievedUp = world.network.carries
        post.receive(.cloudLink(isUp: isBelievedUp))
    }
}
