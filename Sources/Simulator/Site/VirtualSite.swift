// A site in virtual time: jumps from what happens next to what happens next.

public import Post
public import Runtime

/// A site of posts in virtual time, with one cloud.
public final class VirtualSite {
    /// The world.
    public let world: World
    /// The posts.
    public let posts: [VirtualPost]
    /// The hash of everything that every post was told and did, in all its lives.
    public var hash: UInt64 {
        var hash = RollingHash()
        for post in posts { hash.absorb(part: post.hash) }
        return hash.value
    }

    /// A site; `memory` gives each post its records and list.
    ///
    /// - Parameter farLink: What stands between each process and its far devices; nil: nothing does.
    public init(
        _ configuration: WorldConfiguration, farLink: FarLinkMaker? = nil, memory: (Int) -> any PostMemory
    ) {
        let world = World(configuration)
        self.world = world
        posts = world.posts.map {
            VirtualPost(hardware: $0, memory: memory($0.number), world: world, makeLink: farLink)
        }
    }

    // A process and its post hold each other: where nobody plays any more, neither may stay, nor the descriptors of its buses.
    deinit { for post in posts { post.end() } }

    /// Every process starts; `recorder`, if there is one, writes down what the first post is told.
    public func start(recorder: (any StepRecorder)? = nil) {
        for post in posts { post.start(recorder: post.hardware.number == 0 ? recorder : nil) }
    }

    /// Runs until an instant, that instant included, or until `isDone` says so between two happenings.
    public func run(until end: Instant, isDone: () -> Bool = { false }) {
        // Whoever drives the site may have told a runtime something meanwhile.
        for post in posts { post.noteDeadline() }
        while !isDone() {
            var next = world.nextEvent ?? .distantFuture
            var due: Int?
            for index in posts.indices where posts[index].nextDeadline < next {
                next = posts[index].nextDeadline
                due = index
            }
            guard next <= end else {
                world.advance(to: end)
                return
            }
            if let due {
                world.advance(to: max(next, world.now))
                posts[due].timePassed()
            } else {
                world.advanceOne(until: next)
            }
        }
    }
}
