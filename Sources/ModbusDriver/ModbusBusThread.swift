// A thread for one bus: it alone may wait for its line, and nobody waits for it.

import CLibmodbus
import Glibc
public import Post
import Synchronization

/// Turns a bus live.
public final class ModbusBusThread: Sendable {
    private let wakeUp: WakeUp
    private let isStopping = Atomic<Bool>(false)
    private let thread = Mutex<pthread_t?>(nil)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: What `top -H` shows, at most 15 bytes.
    ///   - bus: The bus with all its devices; nobody else may touch it afterwards.
    ///   - now: The post's clock.
    public init(_ name: String, _ bus: sending ModbusBus, now: @escaping @Sendable () -> Instant)
        throws(ModbusFailure)
    {
        wakeUp = bus.wakeUp
        guard wakeUp.descriptor >= 0 else { throw .system(EMFILE) }
        let body = Unmanaged.passRetained(Body(name, self, bus, now))
        var made = pthread_t()
        let code = pthread_create(
            &made, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw .system(code)
        }
        thread.withLock { $0 = made }
    }

    /// Ends the thread after the exchange that is under way, at most; returns once it has ended.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeUp.wake()
        let taken = thread.withLock { held -> pthread_t? in
            defer { held = nil }
            return held
        }
        if let taken { pthread_join(taken, nil) }
    }

    private final class Body {
        let name: String
        let owner: ModbusBusThread
        let bus: ModbusBus
        let now: @Sendable () -> Instant

        init(_ name: String, _ owner: ModbusBusThread, _ bus: ModbusBus, _ now: @escaping @Sendable () -> Instant) {
            self.name = name
            self.owner = owner
            self.bus = bus
            self.now = now
        }

        func run() {
            holdfast_name_thread(name)
            while !owner.isStopping.load(ordering: .acquiring) {
                wait(until: bus.turn(at: now()))
            }
            bus.link.engine.close()
        }

        private func wait(until wake: Instant) {
            let left = wake - now()
            guard left > .zero else { return }
            var descriptors = [pollfd(fd: owner.wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
            if let watched = bus.watched {
                let events = watched.forWriting ? Int16(POLLOUT) : Int16(POLLIN)
                descriptors.append(pollfd(fd: watched.descriptor, events: events, revents: 0))
            }
            // Rounded up, so that nobody wakes too early; a minute at most, lest a mistake in the plan sleep for hours.
            let milliseconds = min(60_000, (left.microseconds + 999) / 1_000)
            _ = poll(&descriptors, nfds_t(descriptors.count), Int32(milliseconds))
            if descriptors[0].revents != 0 { owner.wakeUp.drain() }
        }
    }
}
