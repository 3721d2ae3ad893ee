// A thread for one device file: it alone waits for it, and nobody waits for the thread.

import Glibc
public import Post
import Synchronization

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
            var watched = [
                pollfd(fd: thread.wake.readEnd, events: Int16(POLLIN), revents: 0),
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&watched, 2, Int32(milliseconds)) > 0 else { return false }
            if watched[0].revents != 0 { thread.wake.drain() }
            return watched[1].revents != 0
        }
    }

    fileprivate final class State: Sendable {
        let wake: Signal
        let isStopping = Atomic<Bool>(false)
        init(_ wake: Signal) { self.wake = wake }
    }
    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }
    private let state: State
    private let thread: Mutex<pthread_t?>

    /// Starts a thread; nil if the process has no thread or no descriptor left.
    ///
    /// It has the priority of whoever starts it: the control loop's own, where it is the control loop.
    ///
    /// - Parameters:
    ///   - name: What `top -H` shows, at most 15 bytes.
    ///   - body: Runs until `isStopping`.
    public init?(_ name: String, _ body: @escaping @Sendable (Turn) -> Void) {
        guard let wake = Signal() else { return nil }
        let state = State(wake)
        let held = Unmanaged.passRetained(
            Body {
                showName(name)
                body(Turn(thread: state))
            })
        var made = pthread_t()
        let code = pthread_create(
            &made, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, held.toOpaque())
        guard code == 0 else {
            held.release()
            return nil
        }
        self.state = state
        thread = Mutex(made)
    }

    /// Wakes it: there is something to do.
    public func wake() { state.wake.raise() }

    /// Ends it and waits for its end. A second call returns at once.
    public func stop() {
        state.isStopping.store(true, ordering: .releasing)
        wake()
        let taken = thread.withLock { held -> pthread_t? in
            defer { held = nil }
            return held
        }
        if let taken { pthread_join(taken, nil) }
    }
}

/// What `top -H` and a debugger show. Linux keeps 15 bytes.
private func showName(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = name.withCString { write(file, $0, min(strlen($0), 15)) }
    close(file)
}

/// A descriptor that one thread makes readable for another; neither ever waits, and a thousand signals are one.
public final class Signal: Sendable {
    /// The end to poll for reading.
    public let readEnd: Int32
    private let writeEnd: Int32

    /// A signal; nil if the process has no descriptor left.
    public init?() {
        var ends: (Int32, Int32) = (-1, -1)
        let made = withUnsafeMutableBytes(of: &ends) { bytes in
            bytes.withMemoryRebound(to: Int32.self) { pipe($0.baseAddress) }
        }
        guard made == 0 else { return nil }
        (readEnd, writeEnd) = ends
        for end in [readEnd, writeEnd] {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Makes it readable. A full pipe is readable just as well.
    public func raise() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    /// Makes it unreadable again.
    public func drain() {
        withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
            while read(readEnd, buffer.baseAddress, buffer.count) == buffer.count {}
        }
    }
}
