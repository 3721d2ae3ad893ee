// Who is at the other end of the local socket: the kernel says so, nobody can claim another name.

import Foundation
import Hummingbird
import NIOCore

/// A request with the connection it came over.
struct LocalContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// `struct ucred` of unix(7), which SO_PEERCRED fills.
    private struct Credentials: Sendable {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }
    /// SO_PEERCRED of Linux. Not so on every processor (sparc, parisc), but on those that posts have.
    private static let peerCredentials = NIOBSDSocket.Option(rawValue: 17)

    /// The user who asks: the name, or `user 1000` where the machine knows none; `unknown` where the kernel does not say.
    var peer: String {
        get async {
            guard let provider = channel as? any SocketOptionProvider else { return "unknown" }
            let answer: Credentials? = try? await provider.unsafeGetSocketOption(
                level: .socket, name: Self.peerCredentials
            ).get()
            guard let user = answer?.user else { return "unknown" }
            return Self.name(of: user)
        }
    }

    private static func name(of user: UInt32) -> String {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4_096)
        let size = buffer.count
        guard unsafe getpwuid_r(user, &entry, &buffer, size, &found) == 0, unsafe found != nil,
            let name = unsafe entry.pw_name
        else { return "user \(user)" }
        return unsafe String(cString: name)
    }
}
