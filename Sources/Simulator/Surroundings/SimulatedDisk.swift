// The post's disk as its writer meets it: slow, full, failing, gone, or dying with what it had not written.

public import Post

/// A disk in front of whoever really keeps the records: it delays, refuses or forgets requests.
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
        /// Nothing is ever answered.
        case hanging
    }

    /// How the disk is.
    public var state: State = .well {
        // Whoever changes it, the time of what it was before runs no longer.
        didSet { post.connectors.forEach { post.world.judge.mends(.disk, $0.place, wasBroken: false) } }
    }
    /// How many requests were done, and how many refused or lost.
    public private(set) var done = 0
    /// How many requests were refused.
    public private(set) var refused = 0
    /// How many requests a crash has lost before they were done.
    public private(set) var lost = 0
    private var busyUntil = Instant.zero
    private var waiting = 0
    private var dice: Randomness
    private unowned let post: SimulatedPost

    init(_ post: SimulatedPost) {
        self.post = post
        dice = Randomness(seed: post.world.seed, component: "disk", index: post.number)
    }

    /// A write: one after the other, in order.
    ///
    /// - Parameters:
    ///   - write: Does it, and returns the outcome for the post, if there is one to tell. Not called when it is refused.
    ///   - refusal: What the post is told if the disk refuses, or nil for nothing.
    public func write(_ write: @escaping () -> Event?, orElse refusal: () -> Event?) {
        let now = post.world.now
        let took: Interval
        switch state {
        case .well: took = .milliseconds(dice.number(in: 1...6))
        case .slow(let interval), .commitsSlow(let interval): took = interval
        case .full, .failing:
            refused += 1
            if let refusal = refusal() { post.deliver(refusal, after: .milliseconds(2)) }
            return
        case .hanging: return
        }
        busyUntil = max(busyUntil, now) + took
        finish(at: busyUntil, write)
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
            finish(at: post.world.now + .milliseconds(2)) {
                failure()
                return nil
            }
            return
        case .hanging: return
        }
        finish(at: post.world.now + took) {
            read()
            return nil
        }
    }

    private func finish(at instant: Instant, _ work: @escaping () -> Event?) {
        waiting += 1
        let life = post.life
        let post = post
        post.world.schedule(at: instant) { [self] in
            guard post.life == life else { return }
            waiting -= 1
            done += 1
            if let outcome = work() { post.receive(outcome) }
        }
    }

    /// The process has died: what was not done is lost.
    func forget() {
        lost += waiting
        waiting = 0
        busyUntil = post.world.now
    }
}
