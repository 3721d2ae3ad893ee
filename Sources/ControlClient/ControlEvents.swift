// The daemon's event stream as a sequence that survives the daemon's restarts.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One event of the daemon (a Server-Sent Event).
public struct ControlEvent: Hashable, Sendable {
    /// Its number in the stream; empty if it has none.
    public var id: String
    /// Its kind; `message` if it says none.
    public var event: String
    /// What it says: JSON.
    public var data: String

    /// An event with these parts.
    public init(id: String, event: String, data: String) {
        self.id = id
        self.event = event
        self.data = data
    }
}

/// The daemon's events as they happen. The first connection has to succeed, else the error is thrown. After that
/// the sequence outlives the daemon: it says that the connection is lost, tries again, and goes on after the last
/// event it delivered. It ends when its task is cancelled.
public struct ControlEvents: AsyncSequence, Sendable {
    /// What happens on the stream.
    public enum Element: Hashable, Sendable {
        /// The daemon has been reached, for the first time or again.
        case opened
        /// Something happened at the post.
        case event(ControlEvent)
        /// The daemon has gone or fallen silent: what was last heard is stale until the next `opened`.
        case lost(ControlError)
    }

    /// How long to wait before trying again. Engineering default: 1 s.
    public var retryDelay: Duration = .seconds(1)
    /// A stream without a byte for so long counts as lost; the daemon sends a comment at least every 5 s.
    /// Engineering default: 15 s.
    public var silenceAtMost: Duration = .seconds(15)
    let client: ControlClient
    let path: String
    let lastEventID: String?

    init(client: ControlClient, path: String, lastEventID: String?) {
        self.client = client
        self.path = path
        self.lastEventID = lastEventID
    }

    /// An iterator over the events from now on, or after the last one seen.
    public func makeAsyncIterator() -> Iterator { Iterator(events: self, lastEventID: lastEventID) }

    /// Connects, listens, and connects again.
    public struct Iterator: AsyncIteratorProtocol {
        private enum State {
            case idle
            case listening(EventConnection)
            case waiting
        }

        private let events: ControlEvents
        private var lastEventID: String?
        private var hasBeenOpen = false
        private var state = State.idle

        fileprivate init(events: ControlEvents, lastEventID: String?) {
            self.events = events
            self.lastEventID = lastEventID
        }

        /// What happens next; nil once the task is cancelled.
        /// - Throws: why the first connection failed, or the daemon's refusal on any.
        public mutating func next() async throws(ControlError) -> Element? {
            try await next(isolation: #isolation)
        }

        /// What happens next; nil once the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(ControlError) -> Element? {
            while !Task.isCancelled {
                switch state {
                case .idle:
                    if let element = try await open() { return element }
                case .waiting:
                    await Self.pause(events.retryDelay)
                    state = .idle
                case .listening(let connection):
                    switch await connection.next() {
                    case .event(let event):
                        if !event.id.isEmpty { lastEventID = event.id }
                        return .event(event)
                    case .ended(let error):
                        state = .waiting
                        return .lost(error)
                    case nil:
                        if Task.isCancelled { return nil }
                        // The queue was full: even its end found no place in it.
                        state = .waiting
                        return .lost(.connectionLost(path: events.client.socketPath))
                    }
                }
            }
            return nil
        }

        private mutating func open() async throws(ControlError) -> Element? {
            do {
                let connection = try await events.open(after: lastEventID)
                state = .listening(connection)
                hasBeenOpen = true
                return .opened
            } catch {
                // Cancelled, there is nobody left to tell; refused, trying again would change nothing.
                if case .cancelled = error { return nil }
                if case .refused(let refusal) = error, refusal.status < 500 { throw error }
                guard hasBeenOpen else { throw error }
                state = .waiting
                return nil
            }
        }

        /// Waits on an event loop's timer; a cancelled task stops waiting at once.
        private static func pause(_ delay: Duration) async {
            let promise = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: Void.self)
            let timer = promise.futureResult.eventLoop.scheduleTask(in: .milliseconds(delay.milliseconds)) {
                promise.succeed()
            }
            await withTaskCancellationHandler {
                try? await promise.futureResult.get()
            } onCancel: {
                timer.cancel()
                promise.succeed()
            }
        }
    }
}
