// Keeps what is damaged of the records: evidence is renamed or copied, never deleted.

import Foundation
import Glibc

enum Quarantine {
    private static let parts = ["", "-wal", "-shm"]

    /// Renames the file and what SQLite keeps beside it; returns the new name.
    static func setAside(_ path: String) -> String {
        let aside = freeName(path)
        for part in parts { _ = unsafe rename(path + part, aside + part) }
        return aside
    }

    /// Copies them: what is left of them is used. Returns the name of the copy.
    static func copy(_ path: String) -> String {
        let aside = freeName(path)
        for part in parts { try? FileManager.default.copyItem(atPath: path + part, toPath: aside + part) }
        return aside
    }

    private static func freeName(_ path: String) -> String {
        var number = 1
        while unsafe access("\(path).damaged-\(number)", F_OK) == 0 { number += 1 }
        return "\(path).damaged-\(number)"
    }
}
