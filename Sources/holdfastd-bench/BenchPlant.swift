// The simulated world as the live loop's plant, with a cloud that is out of reach.

import Devices
import Post
import Runtime
import Simulator

/// A world of one post. Lives on the loop's thread.
final class BenchPlant: LivePlant {
    let world: World
    let cloud: any CloudPort = UnreachableCloud()

    init(seed: UInt64, _ configuration: PostConfiguration) {
        world = World(seed: seed, posts: [configuration])
    }

    var devices: PostDevices { world.posts[0].devices }
    var nextEvent: Instant? { world.nextEvent }
    func advance(to instant: Instant) { world.advance(to: instant) }
    func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void) {
        world.posts[0].deliver = deliver
        world.posts[0].linesChanged = linesChanged
    }
}

/// A cloud that nobody reaches: what a post must be able to do without.
final class UnreachableCloud: CloudPort {
    func ask(_ token: TokenName, connector: ConnectorID?, number: CommandNumber) throws(DeviceError) {}
}
