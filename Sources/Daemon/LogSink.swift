// Where log lines go: a bounded queue, and a thread that may wait for whoever reads them. The post never does.

import Glibc
import Synchronization
import Threads

/// Writes lines to a descriptor. Nobody who logs waits, whatever becomes of the reader: a line that finds no room or cannot be
/// written is counted, and the count is told as soon as somebody reads again.
final class LogSink: Sendable {
    /// Standard error, for every line of the process.
    static let standardError = LogSink(STDERR_FILENO)
    /// Lines that may wait. 1,024: engineering default, about 200 kB and some minutes of a busy post.
    static let linesAtMost = 1_024

    private struct Waiting {
        var lines: [String] = []
        var leftOut = 0
        var lost: UInt64 = 0
        var isWriting = false
        var isIdle: Bool { lines.isEmpty && !isWriting }
    }
    private let descriptor: Int32
    private let waiting = Mutex(Waiting())
    private let wanted = WakePipe()
    private let idle = WakePipe()
    private let thread: Mutex<MachineThread?> = Mutex(nil)

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        // Without a thread every line is left out: better than a post that waits.
        guard let started = try? MachineThread("log", { [self] in write() }) else { return }
        thread.withLock { $0 = started }
    }

    /// Lines that nobody will read, since the process began.
    var lost: UInt64 { waiting.withLock { $0.lost } }

    /// Takes a line, which ends with a line feed. Never waits.
    func take(_ line: String) {
        waiting.withLock { waiting in
            guard waiting.lines.count >= Self.linesAtMost else { return waiting.lines.append(line) }
            waiting.leftOut += 1
            waiting.lost += 1
        }
        wanted?.wake()
    }

    /// Waits until everything is written, or for so long: whoever does not read by then is left behind.
    func drain(milliseconds: Int64) {
        var left = milliseconds
        while left > 0, !waiting.withLock({ $0.isIdle }) {
            _ = idle?.wait(milliseconds: 20, others: [])
            left -= 20
        }
    }

    private func write() {
        while true {
            let (lines, leftOut) = waiting.withLock { waiting in
                let taken = (waiting.lines, waiting.leftOut)
                waiting.lines = []
                waiting.leftOut = 0
                waiting.isWriting = !taken.0.isEmpty
                return taken
            }
            if lines.isEmpty {
                // The count of what was left out is told with the next line that is there to be written.
                if leftOut > 0 { waiting.withLock { $0.leftOut += leftOut } }
                idle?.wake()
                _ = wanted?.wait(milliseconds: -1, others: [])
                continue
            }
            let told =
                leftOut == 0 ? [] : ["\(leftOut) lines of this log were left out: nobody read them in time\n"]
            let written = put((told + lines).joined())
            waiting.withLock { waiting in
                if !written {
                    waiting.leftOut += leftOut + lines.count
                    waiting.lost += UInt64(lines.count)
                }
                waiting.isWriting = false
            }
        }
    }

    /// Writes all of it, waiting as long as that takes; false if nobody can read it any more.
    private func put(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                done += count
            } else if count < 0, errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }
}
