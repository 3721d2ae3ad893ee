// What must not go back, in the records: the newest list, trust bundle and deny object, and the earliest that it can be.

public import AllowList
import GRDB

extension Ledger: TrustState {
    /// A mark, a fact of its own; nil before the first. One that cannot be read is a problem, never "none".
    public func bytes(of mark: TrustMark) throws(FileProblem) -> [UInt8]? {
        let text: String?
        do {
            text = try mapping {
                try database.read {
                    try String.fetchOne(
                        $0, sql: "SELECT value FROM fact WHERE name = ?", arguments: [mark.rawValue])
                }
            }
        } catch {
            throw FileProblem(step: "read", name: mark.rawValue, number: 0)
        }
        guard let text else { return nil }
        guard let bytes = [UInt8](hexadecimal: text) else {
            throw FileProblem(step: "read", name: mark.rawValue, number: 0)
        }
        return bytes
    }

    /// Keeps a mark in one transaction; durable when it returns.
    public func commit(_ bytes: [UInt8], as mark: TrustMark) throws(FileProblem) {
        do {
            try keep(bytes, as: mark.rawValue)
        } catch {
            throw FileProblem(step: "write", name: mark.rawValue, number: 0)
        }
    }
}

extension Ledger {
    /// The time floor as it was saved last, by whose word; empty where there is none, or none that can be read: signed dates
    /// bound the time all the same.
    public func timeFloor() -> [FloorPart] {
        let found = try? mapping {
            try database.read { database in
                try Row.fetchAll(database, sql: "SELECT source, key, signed_at, seconds FROM time_floor").compactMap
                {
                    row -> FloorPart? in
                    guard let source = FloorSource(code: row["source"], key: row["key"]) else { return nil }
                    return FloorPart(source, signedAt: row["signed_at"], seconds: row["seconds"])
                }
            }
        }
        return found ?? []
    }

    /// Saves the time floor in place of the one before; durable when it returns.
    public func keep(timeFloor parts: [FloorPart]) throws(LedgerError) {
        try mapping {
            try database.write { database in
                try database.execute(sql: "DELETE FROM time_floor")
                for part in parts { try Self.insert(part, database) }
            }
        }
    }

    static func insert(_ part: FloorPart, _ database: Database) throws {
        let (code, key) = part.source.code
        try database.execute(
            sql: "INSERT INTO time_floor (source, key, signed_at, seconds) VALUES (?, ?, ?, ?)",
            arguments: [code, key.hexadecimal, part.signedAt, part.seconds])
    }
}

extension FloorSource {
    /// How it stands in the records: 0 known, 1 unnamed, 2 and 3 a list key and a deny key by their role's number.
    fileprivate var code: (Int64, [UInt8]) {
        switch self {
        case .known: (0, [])
        case .unnamed: (1, [])
        case .key(let role, let bytes): (Int64(role.rawValue), bytes)
        }
    }

    fileprivate init?(code: Int64, key: String) {
        switch code {
        case 0: self = .known
        case 1: self = .unnamed
        default:
            guard let role = UInt16(exactly: code).flatMap(KeyRole.init), role == .list || role == .deny,
                let bytes = [UInt8](hexadecimal: key), bytes.count == 32
            else { return nil }
            self = .key(role, bytes)
        }
    }
}
