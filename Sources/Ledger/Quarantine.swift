// Sets damaged records aside: evidence is renamed, never deleted.

import Glibc

enum Quarantine {
    /// Renames the file and what SQLite keeps beside it; returns the new name.
    static func setAside(_ path: String) -> String {
        var number = 1
        var aside = "\(path).damaged-\(number)"
        while unsafe access(aside, F_OK) == 0 {
            number += 1
            aside = "\(path).damaged-\(number)"
        }
        for suffix in ["", "-wal", "-shm"] { _ = unsafe rename(path + suffix, aside + suffix) }
        return aside
    }
}
