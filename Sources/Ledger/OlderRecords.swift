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
        do throws(SyncFailure) {
            try synchronise(unfinished)
            guard unsafe rename(unfinished, copy) == 0 else { throw SyncFailure(what: "rename of \(unfinished)") }
            try synchronise(folder(of: path))
        } catch { throw failure(error.what, path) }
    }

    private static func failure(_ what: String, _ path: String) -> LedgerError {
        .disk(code: 10, message: "\(what) for the copy before the upgrade: error \(errno)", path: path)
    }
}
