// The lock of a state folder: whoever has it may write there.

import Foundation
import Glibc

/// The lock of a state folder, held for as long as this value lives. Two daemons on one set of records would each restore
/// the other's sessions.
public final class StateLock: Sendable {
    private let descriptor: Int32
    /// Whether somebody else has it. A folder that cannot be locked is told by whoever writes into it.
    public let isTakenByAnother: Bool

    /// Takes the lock of a folder if it is free.
    public init(_ folder: String) {
        descriptor = unsafe open(folder + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        isTakenByAnother = descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// Gives the lock's file to the owner of the folder, who must be able to take it later.
    public func giveToOwner(of folder: String) {
        guard descriptor >= 0,
            let facts = try? FileManager.default.attributesOfItem(
                atPath: (folder as NSString).resolvingSymlinksInPath),
            let user = facts[.ownerAccountID] as? NSNumber, let group = facts[.groupOwnerAccountID] as? NSNumber
        else { return }
        _ = fchown(descriptor, user.uint32Value, group.uint32Value)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
