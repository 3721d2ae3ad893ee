// The claim of one daemon to the file of its recording: two that write into one ring would leave neither of them one.

import Glibc

/// A claim to a recording's file, held for as long as this value lives. It ends with the process, however that ends.
public final class FlightClaim: Sendable {
    private let file: Int32

    /// Claims a file, which is made if it is not there; nil if another process has it. A file that cannot be made is claimed
    /// by nobody: whoever maps it says why.
    public init?(_ path: String) {
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if file >= 0, flock(file, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(file)
            return nil
        }
    }

    deinit { if file >= 0 { close(file) } }
}
