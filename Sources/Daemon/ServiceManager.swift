// Tells the service manager how the daemon fares, by the plain datagrams of sd_notify(3).

import Glibc

/// The socket that systemd (or whoever speaks its protocol) listens on. Telling it something never waits.
final class ServiceManager: Sendable {
    private let socket: DatagramSender
    /// How often it wants to hear `WATCHDOG=1`, in microseconds; nil: not at all.
    let watchdogMicroseconds: Int64?

    /// The manager that the environment names; nil if there is none.
    init?(_ environment: [String: String]) {
        guard let name = environment["NOTIFY_SOCKET"], let socket = DatagramSender(name) else { return nil }
        self.socket = socket
        let isMeant = environment["WATCHDOG_PID"].map { Int32($0) == getpid() } ?? true
        watchdogMicroseconds = isMeant ? environment["WATCHDOG_USEC"].flatMap { Int64($0) } : nil
    }

    /// Sends one datagram; one that cannot be taken at once is lost.
    func tell(_ text: String) { socket.send(text.utf8) }

    /// The daemon serves.
    func ready(_ sentence: String) { tell("READY=1\nSTATUS=\(sentence)") }
    /// One sentence for `systemctl status`.
    func status(_ sentence: String) { tell("STATUS=\(sentence)") }
    /// The control loop lives.
    func beat() { if watchdogMicroseconds != nil { tell("WATCHDOG=1") } }
    /// The daemon ends on purpose.
    func stopping() { tell("STOPPING=1\nSTATUS=stopping: sessions end, then power is withdrawn everywhere") }

    /// What is wrong with the watchdog's time, or nil. The loop feeds it once a second.
    var complaint: String? {
        guard let watchdogMicroseconds, watchdogMicroseconds < 2_500_000 else { return nil }
        return
            "The service's WatchdogSec is below 2.5 s, and the loop feeds it once a second: raise it to 3 s or more."
    }
}
