// A Unix datagram socket to a service of the machine: what is sent never waits.

import Glibc

/// A sender to one address of the machine.
final class DatagramSender: Sendable {
    private let descriptor: Int32
    private let path: [UInt8]

    /// A sender to a path, or to a name of the abstract namespace if it begins with @; nil if that is no address.
    init?(_ name: String) {
        guard name.hasPrefix("/") || name.hasPrefix("@") else { return nil }
        // In the abstract namespace the first byte is zero.
        path = name.hasPrefix("@") ? [0] + name.utf8.dropFirst() : Array(name.utf8)
        guard path.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Sends one datagram; false if it cannot be taken at once or is too large.
    @discardableResult
    func send(_ bytes: some Collection<UInt8>) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(bytes)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL), $0, length)
                    == bytes.count
            }
        }
    }
}
