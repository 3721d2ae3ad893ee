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
    private static var floorName: String { "time_floor" }

    /// The time that was saved last, in seconds since 1970: it cannot be earlier now. Nil when there is none, or none
    /// that can be read; signed dates bound the time all the same.
    public func timeFloor() -> Int64? {
        guard let bytes = try? fact(Self.floorName), bytes.count == 8 else { return nil }
        return Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Saves the earliest that it can be, in seconds since 1970; durable when it returns.
    public func keep(timeFloor seconds: Int64) throws(LedgerError) {
        let bits = UInt64(bitPattern: seconds)
        try keep((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }, as: Self.floorName)
    }
}
