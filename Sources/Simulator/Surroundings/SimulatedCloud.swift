// The cloud: a list of tokens of its own, and a ledger of the records that reached it.

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
