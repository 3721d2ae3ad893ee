// The world's line of time: how late it is, and what is going to happen.

import Post

/// The one line of time of a world. Every part of the world holds it, reads the time from it and plans on it; the world alone
/// moves it. It knows nobody, so that whoever holds it keeps nobody else.
final class Timeline {
    /// How far the world has come.
    private(set) var now = Instant.zero
    private var scheduler = Scheduler()

    /// When something next happens by itself, or nil.
    var next: Instant? { scheduler.next }

    /// Moves to an instant; never back.
    func move(to instant: Instant) {
        if instant > now { now = instant }
    }

    /// Plans an occurrence.
    func plan(_ occurrence: Occurrence, at instant: Instant) { scheduler.plan(occurrence, at: instant) }

    /// Takes out what happens next, if it happens by `limit`, and moves to that instant.
    func take(until limit: Instant) -> Occurrence? {
        guard let (at, occurrence) = scheduler.take(until: limit) else { return nil }
        move(to: at)
        return occurrence
    }
}
