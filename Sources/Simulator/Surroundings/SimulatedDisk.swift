// The post's disk as its writer meets it: slow, full, failing, gone, or dying with what it had not written.

public import Post
public import Runtime

/// A disk in front of whoever really keeps the records: it delays, refuses or forgets requests. Writes are done one after
/// the other by the queue of a post's own writer; each takes as long as the disk takes when its turn has come.
public final class SimulatedDisk {
    /// How the disk is.
    public enum State: Hashable, Sendable {
        /// A request takes a few milliseconds.
        case well
        /// A request takes this long.
        case slow(Interval)
        /// A write takes this long; reads are answered from memory, as the system's cache does.
        case commitsSlow(Interval)
        /// Writes are refused: there is no room.
        case full
        /// Writes and reads fail.
        case failing
        /// Nothing is answered: the write under way waits until the disk is another one, and all others behind it. Reads wait
        /// as well, side by side.
        case hanging
    }

    /// How soon a disk says that it does not take something.
    private static let refusesAfter: Interval = .milliseconds(2)

    /// How the disk is.
    public var state: State = .well {
        // Whoever changes it, the time of what it was before runs no longer.
        didSet {
            post.connectors.forEach { post.world.judge.mends(.disk, $0.place, wasBroken: false) }
            guard state != .hanging else { return }
            if hangs, let underWay { carryOut(underWay) }
            let waiting = hungReads
            hungReads.removeAll()
            for it in waiting { read(it.read, orElse: it.failure) }
        }
    }
    /// Who really keeps the records: does what is asked for and returns the outcome for the post.
    public var keeper: (RecordRequest) -> RecordOutcome = { _ in .failed }
    /// Keeps a request whose outcome nobody hears of: the process died while it was under way.
    public var keeperUnheard: (RecordRequest) -> Void = { _ in }
    /// How many requests were done, and how many refused or lost.
    public private(set) var done = 0
    /// How many requests were refused.
    public private(set) var refused = 0
    /// How many requests a crash has lost before they were done.
    public private(set) var lost = 0
    private var queue = RecordQueue()
    private var underWay: RecordRequest?
    /// Whether the write under way hangs.
    private var hangs = false
    /// Whether the disk has taken the write under way, and is at it.
    private var isTaken = false
    private var reads = 0
    private var hungReads: [(read: () -> Void, failure: () -> Void)] = []
    private var dice: Randomness
    private unowned let post: SimulatedPost

    init(_ post: SimulatedPost) {
        self.post = post
        dice = Randomness(seed: post.world.seed, component: "disk", index: post.number)
    }

    /// A write: its outcome comes back as the event of its kind. A full queue refuses it.
    public func write(_ request: RecordRequest) {
        guard queue.add(request) else {
            refused += 1
            return post.deliver(request.answer(.failed), after: Self.refusesAfter)
        }
        goOn()
    }

    private func goOn() {
        guard underWay == nil, let next = queue.next() else { return }
        underWay = next
        carryOut(next)
    }

    private func carryOut(_ request: RecordRequest) {
        hangs = state == .hanging
        isTaken = false
        switch state {
        case .well: finish(request, after: .milliseconds(dice.number(in: 1...6)), isRefused: false)
        case .slow(let took), .commitsSlow(let took): finish(request, after: took, isRefused: false)
        case .full, .failing: finish(request, after: Self.refusesAfter, isRefused: true)
        case .hanging: break
        }
    }

    private func finish(_ request: RecordRequest, after took: Interval, isRefused: Bool) {
        isTaken = !isRefused
        later(took) { [unowned self] in
            underWay = nil
            if isRefused { refused += 1 } else { done += 1 }
            post.receive(request.answer(isRefused ? .failed : keeper(request)))
            goOn()
        }
    }

    /// A read (a look-up): beside the writes, on a thread of its own.
    ///
    /// - Parameters:
    ///   - read: Does it. Called when the disk has answered.
    ///   - failure: Called instead when the disk fails.
    public func read(_ read: @escaping () -> Void, orElse failure: @escaping () -> Void) {
        let took: Interval
        switch state {
        case .well, .full, .commitsSlow: took = .milliseconds(1)
        case .slow(let interval): took = interval
        case .failing:
            refused += 1
            return later(Self.refusesAfter, failure)
        case .hanging: return hungReads.append((read, failure))
        }
        reads += 1
        later(took) { [unowned self] in
            reads -= 1
            done += 1
            read()
        }
    }

    /// Later, in this life of the process.
    private func later(_ interval: Interval, _ work: @escaping () -> Void) {
        let life = post.life
        let post = post
        post.world.schedule(at: post.world.now + interval) {
            if post.life == life { work() }
        }
    }

    /// The process has died: what was not done is lost. Only of the write that the disk was at nobody knows: by chance it has
    /// become durable, and whoever starts next finds it.
    func forget() {
        let isKept = underWay != nil && isTaken && dice.chance(1, in: 2)
        if isKept, let underWay { keeperUnheard(underWay) }
        lost += reads + hungReads.count + queue.count + (underWay == nil || isKept ? 0 : 1)
        (reads, queue, underWay, hangs, isTaken) = (0, RecordQueue(), nil, false, false)
        hungReads.removeAll()
    }
}
