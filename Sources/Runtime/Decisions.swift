// What one event goes through: the core, the buffer it fills, and the hash of both.

import Post

/// The core, what it wants done, and the hash of all that it was told and wants: one value, so that an event takes hold of it
/// once.
struct Decisions {
    var core: PostCore
    private var actions = Actions()
    private(set) var hash = RollingHash()

    init(core: PostCore) { self.core = core }

    /// Has the core decide; returns what it wants done, and when it wants to be called again if nothing happens before.
    mutating func decide(_ event: Event, at now: Instant) -> (actions: Actions, deadline: Instant?) {
        actions.removeAll()
        hash.absorb(event, at: now)
        core.handle(event, at: now, into: &actions)
        for action in actions.list { hash.absorb(action) }
        return (actions, core.nextDeadline)
    }
}
