// For tools: the same engine, turned by the caller's own thread until the answer is there.

import Glibc
public import Post

/// One exchange at a time, waited for. Not for a post: whoever calls waits up to the deadline.
public final class ModbusClient {
    private let link: ModbusLink

    /// A client that is not connected yet.
    public init(_ endpoint: ModbusEndpoint, _ settings: ModbusEngine.Settings? = nil) throws(ModbusFailure) {
        link = try ModbusLink(endpoint, settings)
    }

    /// What has happened on the line so far.
    public var counts: ModbusEngine.Counts { link.engine.counts }

    /// Connects, for two seconds at most.
    public func connect() throws(ModbusFailure) {
        while !link.isOpen {
            link.turn(at: Self.now)
            // A failure that is older than the attempt under way is no answer to it.
            if link.watched == nil, !link.isOpen, let failure = link.failure { throw failure }
            if !link.isOpen { wait(until: link.wakeAt ?? Self.now) }
        }
    }

    /// Sends a request and waits for its answer. Connects first where needed.
    public func perform(_ request: ModbusRequest, within: Interval) throws(ModbusFailure) -> [UInt16] {
        try connect()
        let ready = link.engine.readyAt(isUrgent: false)
        while Self.now < ready { wait(until: ready) }
        do throws(ModbusFailure) {
            try link.engine.begin(request, within: within, at: Self.now)
            while true {
                // No answer is there at once.
                wait(until: link.engine.wakeAt ?? Self.now)
                if let outcome = link.engine.advance(at: Self.now) { return try outcome.get() }
            }
        } catch {
            if error.losesConnection { link.giveUp(error, at: .zero) }
            throw error
        }
    }

    private func wait(until instant: Instant) {
        let left = (instant - Self.now).microseconds
        guard left > 0 else { return }
        var descriptors: [pollfd] = []
        if let watched = link.watched {
            let events = watched.forWriting ? Int16(POLLOUT) : Int16(POLLIN)
            descriptors.append(pollfd(fd: watched.descriptor, events: events, revents: 0))
        }
        _ = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: (left + 999) / 1_000))
    }

    /// The machine's monotonic clock.
    public static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
