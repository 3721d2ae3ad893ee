// A site in virtual time: jumps from what happens next to what happens next.

public import Post
import Runtime

/// A site of posts in virtual time, with one cloud.
public final class VirtualSite {
    /// The world.
    public let world: World
    /// The posts.
    public let posts: [VirtualPost]

    /// A site; `memory` gives each post its records and list.
    public init(_ configuration: WorldConfiguration, memory: (Int) -> any PostMemory) {
        let world = World(configuration)
        self.world = world
        posts = world.posts.map { VirtualPost(hardware: $0, memory: memory($0.number), world: world) }
    }

    /// Every process starts.
    public func start() { for post in posts { post.start() } }

    /// Runs until an instant, that instant included, or until `isDone` says so between two happenings.
    public func run(until end: Instant, isDone: () -> Bool = { false }) {
        while !isDone() {
            var next = world.nextEvent ?? .distantFuture
            var due: Int?
            for index in posts.indices {
                if let deadline = posts[index].nextDeadline, deadline < next {
                    next = deadline
                    due = index
                }
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
