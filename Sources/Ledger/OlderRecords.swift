// Keeps a copy of the records before their tables change: whoever must go back to the older daemon has them.

import GRDB
import Glibc

enum OlderRecords {
    /// The copy's name: `records.sqlite.version-1`.
    static func name(_ path: String, _ version: Int) -> String { "\(path).version-\(version)" }

    /// Copies the records, log included; the copy is on the disk, whole and under its name, when this returns.
    ///
    /// A copy of an earlier upgrade from the same version is replaced: the daemon has been the older one since.
    static func keepCopy(of database: DatabaseQueue, _ path: String, _ version: Int) throws {
        let copy = name(path, version)
        let unfinished = copy + ".unfinished"
        _ = unsafe unlink(unfinished)
        try database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [unfinished]) }
        // VACUUM INTO promises nothing about power loss, so both file and folder are synchronised here.
        try synchronise(unfinished, path)
        guard unsafe rename(unfinished, copy) == 0 else { throw failure("rename of \(unfinished)", path) }
        let end = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        try synchronise(String(end), path)
    }

    private static func synchronise(_ name: String, _ path: String) throws {
        let descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("opening of \(name)", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync of \(name)", path) }
    }

    private static func failure(_ what: String, _ path: String) -> LedgerError {
        .disk(code: 10, message: "\(what) for the copy before the upgrade: error \(errno)", path: path)
    }
}
