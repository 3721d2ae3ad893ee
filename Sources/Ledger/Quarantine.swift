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

    /// Copies them durably, since what is left of them is used. Returns the name of the copy; throws where there is no room for it, and
    /// then nothing of them may be touched.
    static func copy(_ path: String) throws(LedgerError) -> String {
        let aside = freeName(path)
        do {
            for part in parts where unsafe access(path + part, F_OK) == 0 {
                try FileManager.default.copyItem(atPath: path + part, toPath: aside + part)
                try synchronise(aside + part)
            }
            try synchronise(folder(of: path))
        } catch {
            for part in parts { _ = unsafe unlink(aside + part) }
            throw .disk(
                code: 13,
                message: "they are damaged, and a copy of them cannot be made: \(error.localizedDescription)",
                path: path)
        }
        return aside
    }

    /// Whether anything damaged of these records lies here still.
    static func exists(_ path: String) -> Bool { unsafe !path.isEmpty && access("\(path).damaged-1", F_OK) == 0 }

    private static func freeName(_ path: String) -> String {
        var number = 1
        while unsafe access("\(path).damaged-\(number)", F_OK) == 0 { number += 1 }
        return "\(path).damaged-\(number)"
    }
}
