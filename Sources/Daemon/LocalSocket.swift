// The daemon's places on the machine: its socket and its state folder, each with one owner at a time.

import ArgumentParser
import Console
import Foundation
import Glibc
import Ledger
import Logging
import ServiceLifecycle

/// Owner and group of a socket that has just been bound: 0660, group `holdfast` where there is one.
///
/// The process's umask (0007, set before anything is made) keeps others out from the first moment.
func giveToGroup(_ path: String, _ logger: Logger) {
    chmod(path, 0o660)
    guard let group = getgrnam("holdfast") else { return }
    if chown(path, uid_t.max, group.pointee.gr_gid) != 0 {
        logger.warning(
            "\(path) cannot be given to the group holdfast (error \(errno)): only the daemon's own user may use it"
        )
    }
}

/// Makes the folder a file is in, if it is missing.
func makeFolder(of path: String) {
    let folder = (path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
}

/// Makes room for a socket: removes one that nobody answers, never one of a daemon that runs, and never what is no
/// socket.
func claimSocket(_ path: String, _ logger: Logger) throws {
    makeFolder(of: path)
    guard !isAnswered(path) else {
        logger.critical("another daemon answers on \(path): stop it first")
        throw ExitCode(69)
    }
    if kind(of: path) == .typeSocket { unlink(path) }
}

/// What lies there, links not followed; nil: nothing.
private func kind(of path: String) -> FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
}

/// Says why nobody can be served on a socket, and gives the exit code that the daemon ends with: EX_CANTCREAT.
///
/// The post has made its outputs safe by then: its loop does so before anything is served, and again at its end.
func cannotServe(_ path: String, _ error: any Error, _ logger: Logger) -> ExitCode {
    let reason: String
    if let kind = kind(of: path), kind != .typeSocket {
        reason = "something that is no socket lies there, and is left alone"
    } else {
        reason = ConsoleRoutes.reason(of: error)
    }
    logger.critical(
        "the socket \(path) cannot be made (\(reason)): correct socket in the configuration, or make its folder and give it to the daemon's user; until then no power is allowed"
    )
    return ExitCode(73)
}

/// Whether somebody listens on a Unix socket.
func isAnswered(_ path: String) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { place in place.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }
}

/// Makes the state folder if it is missing and locks it; throws exit code 69 if another daemon has it.
func claimStateFolder(_ path: String, _ logger: Logger) throws -> FileLock {
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let lock = FileLock(folder: path)
    guard lock.isTakenByAnother else { return lock }
    logger.critical("another daemon keeps its records in \(path): stop it first")
    throw ExitCode(69)
}
