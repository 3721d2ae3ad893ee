// The simulated world as the live loop's plant, with a cloud that is out of reach.

import Devices
import Post
import Runtime
import Simulator

/// A world of one post. Lives on the loop's thread.
final class BenchPlant: LivePlant {
    let world: World

    init(seed: UInt64, _ configuration: PostConfiguration) {
        world = World(WorldConfiguration(seed: seed, posts: [configuration]))
        world.network.become(.down)
    }

    var post: SimulatedPost { world.posts[0] }
    var cloud: any CloudPort { post.cloudLink }
    var devices: PostDevices { post.devices }
    var nextEvent: Instant? { world.nextEvent }
    func advance(to instant: Instant) { world.advance(to: instant) }
    func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void) {
        post.attach(PostProcess(onEvent: deliver, onLinesChanged: linesChanged, onToken: { _, _, _ in }))
        post.cloudLink.connect()
    }
}
