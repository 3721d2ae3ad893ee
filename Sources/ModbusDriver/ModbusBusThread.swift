// A thread for one bus: it alone may wait for its line, and nobody waits for it.

import Glibc
public import Post
import Synchronization
import Threads

/// Turns a bus live.
public final class ModbusBusThread: Sendable {
    private let wakeUp: WakePipe
    private let isStopping: Flag
    private let thread: MachineThread

    /// Whether the thread is to end; its own, and its owner's.
    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: What `top -H` shows, at most 15 bytes.
    ///   - bus: The bus with all its devices; nobody else may touch it afterwards.
    ///   - now: The post's clock.
    public init(_ name: String, _ bus: sending ModbusBus, now: @escaping @Sendable () -> Instant)
        throws(ModbusFailure)
    {
        guard let wakeUp = bus.wakeUp else { throw .system(EMFILE) }
        let isStopping = Flag()
        do throws(MachineThread.CannotStart) {
            thread = try MachineThread(name) {
                while !isStopping.isSet.load(ordering: .acquiring) {
                    Self.wait(for: bus, wakeUp, atMost: bus.turn(at: now()) - now())
                }
                bus.link.engine.close()
            }
        } catch { throw .system(error.code) }
        self.wakeUp = wakeUp
        self.isStopping = isStopping
    }

    /// Ends the thread after the exchange that is under way, at most; returns once it has ended.
    public func stop() {
        isStopping.isSet.store(true, ordering: .releasing)
        wakeUp.wake()
        thread.join()
    }

    private static func wait(for bus: ModbusBus, _ wakeUp: WakePipe, atMost left: Interval) {
        guard left > .zero else { return }
        var descriptors = [pollfd(fd: wakeUp.readEnd, events: Int16(POLLIN), revents: 0)]
        if let watched = bus.watched {
            let events = watched.forWriting ? Int16(POLLOUT) : Int16(POLLIN)
            descriptors.append(pollfd(fd: watched.descriptor, events: events, revents: 0))
        }
        // Rounded up, so that nobody wakes too early; a minute at most, lest a mistake in the plan sleep for hours.
        let milliseconds = min(60_000, (left.microseconds + 999) / 1_000)
        _ = poll(&descriptors, nfds_t(descriptors.count), Int32(milliseconds))
        if descriptors[0].revents != 0 { wakeUp.drain() }
    }
}
