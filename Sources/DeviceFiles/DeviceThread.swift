// A thread for one device file: it alone waits for it, and nobody waits for the thread.

public import Post
import Synchronization
import Threads

/// Runs a body on a thread of its own, which can be woken and ended from any other.
public final class DeviceThread: Sendable {
    /// What the body may ask of the thread that it runs on.
    public struct Turn: Sendable {
        fileprivate let thread: State

        /// Whether the body is to return.
        public var isStopping: Bool { thread.isStopping.load(ordering: .acquiring) }

        /// Waits until `descriptor` can be read (-1: none), somebody wakes the thread, or `interval` has passed. A
        /// minute at most, lest a mistake in a plan sleep for hours.
        ///
        /// - Returns: Whether the descriptor can be read, or is broken.
        public func wait(for descriptor: Int32, atMost interval: Interval) -> Bool {
            // Rounded up, so that nobody wakes too early; poll(2) leaves a negative descriptor out.
            let milliseconds = min(60_000, max(0, (interval.microseconds + 999) / 1_000))
            return thread.wake.wait(milliseconds: milliseconds, others: [descriptor])
        }
    }

    fileprivate final class State: Sendable {
        let wake: WakePipe
        let isStopping = Atomic<Bool>(false)
        init(_ wake: WakePipe) { self.wake = wake }
    }
    private let state: State
    private let thread: MachineThread

    /// Starts a thread; nil if the process has no thread or no descriptor left.
    ///
    /// It has the priority of whoever starts it: the control loop's own, where it is the control loop.
    ///
    /// - Parameters:
    ///   - name: What `top -H` shows, at most 15 bytes.
    ///   - body: Runs until `isStopping`.
    public init?(_ name: String, _ body: @escaping @Sendable (Turn) -> Void) {
        guard let wake = WakePipe() else { return nil }
        let state = State(wake)
        guard let thread = try? MachineThread(name, { body(Turn(thread: state)) }) else { return nil }
        self.state = state
        self.thread = thread
    }

    /// Wakes it: there is something to do.
    public func wake() { state.wake.wake() }

    /// Ends it and waits for its end. A second call returns at once.
    public func stop() {
        state.isStopping.store(true, ordering: .releasing)
        wake()
        thread.join()
    }
}
