// The lock of a file: whoever has it may write there, or into the folder that it stands for.

import Foundation
import Glibc

/// A lock that is held for as long as this value lives, and that ends with the process, however that ends. Two daemons on one
/// set of records would each restore the other's sessions; two that record into one ring would leave neither of them a recording.
public final class FileLock: Sendable {
    private let descriptor: Int32
    /// Whether another process has it. A file that cannot be locked is told by whoever writes into it.
    public let isTakenByAnother: Bool

    /// Takes the lock of a state folder if it is free.
    public convenience init(folder: String) { self.init(folder + "/.lock", O_NOFOLLOW) }

    /// Takes the lock of a file, which is made if it is not there, if it is free.
    public convenience init(file: String) { self.init(file, 0) }

    private init(_ path: String, _ flags: Int32) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | flags, 0o600)
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
