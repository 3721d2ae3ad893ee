// Where the bus threads put their samples on the bench.

import Devices
import Post
import Synchronization
import Threads

/// Samples that wait for the bench's turn: the newest hundred.
final class BenchInbox: Inbox {
    private static let waitAtMost = 100
    private let events = Mutex<[Event]>([])
    let pipe: WakePipe

    /// An empty one; nil if the process has no descriptor left.
    init?() {
        guard let pipe = WakePipe() else { return nil }
        self.pipe = pipe
    }

    func post(_ event: Event) {
        events.withLock { events in
            if events.count >= Self.waitAtMost { events.removeFirst() }
            events.append(event)
        }
        pipe.wake()
    }

    func take() -> [Event] {
        events.withLock { events in
            let taken = events
            events = []
            return taken
        }
    }
}
