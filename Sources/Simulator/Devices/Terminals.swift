// Where the devices of one connector meet: its circuit, the time, and the post that hears what they say.

import Post

/// The terminals of one connector's circuit, as each of its devices holds them: what it measures there, by which time, and
/// whom it tells. Circuit and time are held and the post is not, since the post holds the devices.
struct Terminals {
    /// Which connector of which post.
    let place: Place
    /// The circuit around the connector's power stage.
    let island: Island
    /// The place of the connector's branch in it.
    let position: Int
    /// The world's time.
    let timeline: Timeline
    /// Who hears of it.
    unowned let post: SimulatedPost

    var id: ConnectorID { ConnectorID(UInt8(place.connector)) }
    var now: Instant { timeline.now }
    /// What hangs on the connector, as it was when its island last moved.
    var branch: Branch {
        get { island.branches[position] }
        nonmutating set { island.branches[position] = newValue }
    }

    /// Moves the circuit to now, so that what is read is of now.
    func settle() { island.advance(to: timeline.now) }

    func plan(_ kind: Occurrence.Kind, generation: UInt32, after delay: Interval) {
        post.plan(kind, index: UInt8(place.connector), generation: generation, after: delay)
    }
}
