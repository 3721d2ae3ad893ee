// What must not go back, in the records: the newest list, and the earliest that it can be.

public import AllowList
import GRDB

extension Ledger: TrustState {
    /// The fact that holds it: list 16 bytes, version 8 (big-endian), hash 32.
    private static var markName: String { "allow_list_mark" }
    private static var markLength: Int { 16 + 8 + 32 }

    /// The newest list ever installed; nil before the first. A mark that cannot be read is a problem, never "none".
    public func highWater() throws(FileProblem) -> HighWater? {
        let text: String?
        do {
            text = try mapping {
                try database.read {
                    try String.fetchOne(
                        $0, sql: "SELECT value FROM fact WHERE name = ?", arguments: [Self.markName])
                }
            }
        } catch {
            throw FileProblem(step: "read", name: Self.markName, number: 0)
        }
        guard let text else { return nil }
        guard let bytes = [UInt8](hexadecimal: text), bytes.count == Self.markLength else {
            throw FileProblem(step: "read", name: Self.markName, number: 0)
        }
        return HighWater(
            listID: Array(bytes[..<16]), version: bytes[16..<24].reduce(0) { $0 << 8 | UInt64($1) },
            headerHash: Array(bytes[24...]))
    }

    /// Keeps a mark; durable when it returns.
    public func commit(_ mark: HighWater) throws(FileProblem) {
        let version = (0..<8).map { UInt8(truncatingIfNeeded: mark.version >> (56 - 8 * UInt64($0))) }
        do {
            try keep(mark.listID + version + mark.headerHash, as: Self.markName)
        } catch {
            throw FileProblem(step: "write", name: Self.markName, number: 0)
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
