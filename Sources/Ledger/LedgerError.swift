// What can go wrong with the records, and what to do about it.

/// Why the records could not be opened or written.
public enum LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The database was written by a newer build.
    case newerVersion(found: Int, known: Int, path: String)
    /// The disk refused: full, read-only, an input or output error. The SQLite extended code and its text.
    case disk(code: Int32, message: String, path: String)

    /// One sentence: what, where, what to do.
    public var description: String {
        switch self {
        case .newerVersion(let found, let known, let path):
            "The records in \(path) have version \(found), and this build knows up to \(known): "
                + "install the newer daemon again, or move the file away to begin with empty records."
        case .disk(let code, let message, let path):
            "The records in \(path) cannot be used (SQLite \(code): \(message)): "
                + "check that the disk has room, is writable and that the folder belongs to the daemon's user."
        }
    }
}
