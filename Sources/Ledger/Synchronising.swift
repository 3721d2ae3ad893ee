// Has the disk take what was written under a name, and the name itself.

import Glibc

/// What could not be done, as a clause: `fsync of NAME`.
struct SyncFailure: Error { var what: String }

/// Returns once a file, or a folder with the names in it, is on the disk.
func synchronise(_ name: String) throws(SyncFailure) {
    let descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SyncFailure(what: "opening of \(name)") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw SyncFailure(what: "fsync of \(name)") }
}

/// The folder that a file lies in.
func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "." }
