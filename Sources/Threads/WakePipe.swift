// Wakes a thread that waits in poll(2): a pipe of which neither end ever blocks.

import Glibc

/// A pipe to wake a thread by. Whoever wakes it never waits; a thousand wakes before it looks are one.
public final class WakePipe: Sendable {
    /// The end to poll for reading.
    public let readEnd: Int32
    private let writeEnd: Int32

    /// A pipe; nil if the process has no descriptor left.
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

    /// Wakes the thread. A full pipe wakes it just as well.
    public func wake() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    /// Waits until somebody wakes, another descriptor is readable, or `milliseconds` have passed (-1: for ever).
    ///
    /// - Returns: Whether one of the other descriptors is readable or broken.
    public func wait(milliseconds: Int64, others: [Int32]) -> Bool {
        var descriptors = [pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)]
        for other in others { descriptors.append(pollfd(fd: other, events: Int16(POLLIN | POLLPRI), revents: 0)) }
        let ready = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: milliseconds))
        guard ready > 0 else { return false }
        if descriptors[0].revents != 0 { drain() }
        return descriptors.dropFirst().contains { $0.revents != 0 }
    }

    /// Takes every wake back: what comes from now on wakes anew.
    public func drain() {
        withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
            while read(readEnd, buffer.baseAddress, buffer.count) == buffer.count {}
        }
    }
}
