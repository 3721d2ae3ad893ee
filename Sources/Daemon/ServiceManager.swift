// Tells the service manager how the daemon fares, by the plain datagrams of sd_notify(3).

import Glibc

/// The socket that systemd (or whoever speaks its protocol) listens on. Telling it something never waits.
final class ServiceManager: Sendable {
    private let descriptor: Int32
    private let path: [UInt8]
    /// How often it wants to hear `WATCHDOG=1`, in microseconds; nil: not at all.
    let watchdogMicroseconds: Int64?

    /// The manager that the environment names; nil if there is none.
    init?(_ environment: [String: String]) {
        guard let name = environment["NOTIFY_SOCKET"], name.hasPrefix("/") || name.hasPrefix("@") else {
            return nil
        }
        // A name that begins with @ lies in the abstract namespace: its first byte is zero.
        path = name.hasPrefix("@") ? [0] + name.utf8.dropFirst() : Array(name.utf8)
        guard path.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let isMeant = environment["WATCHDOG_PID"].map { Int32($0) == getpid() } ?? true
        watchdogMicroseconds = isMeant ? environment["WATCHDOG_USEC"].flatMap { Int64($0) } : nil
    }

    deinit { close(descriptor) }

    /// Sends one datagram; one that cannot be taken at once is lost.
    func tell(_ text: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        var text = text
        text.withUTF8 { bytes in
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = sendto(
                        descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL), $0, length)
                }
            }
        }
    }

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
