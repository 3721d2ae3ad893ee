// Who has cleared which fault by hand, when and why: kept with the sessions, the newest of them.

import GRDB
public import Post

/// Somebody at the post has asked to clear a fault.
public struct Clearing: Hashable, Sendable {
    /// Which.
    public var fault: Fault
    /// Where; nil: wherever it was.
    public var connector: ConnectorID?
    /// When, by the wall clock.
    public var at: WallClock
    /// Who asked.
    public var by: String
    /// What was found and done.
    public var reason: String
    /// Why it was not cleared; nil: it was.
    public var refusal: Refusal?

    /// A clearing of these parts.
    public init(
        fault: Fault, connector: ConnectorID?, at: WallClock, by: String, reason: String, refusal: Refusal?
    ) {
        self.fault = fault
        self.connector = connector
        self.at = at
        self.by = by
        self.reason = reason
        self.refusal = refusal
    }
}

extension Ledger {
    /// How many are kept. 1,000: engineering default, years of a post's service.
    public static let clearingsAtMost: Int64 = 1_000

    /// Writes one down; the oldest beyond `clearingsAtMost` goes.
    public func record(_ clearing: Clearing) throws(LedgerError) {
        try mapping {
            try database.write { database in
                try database.cachedStatement(
                    sql: """
                        INSERT INTO clearing (fault, connector, utc_ms, clock_quality, asked_by, reason, refusal)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """
                ).execute(arguments: [
                    Int64(clearing.fault.rawValue), clearing.connector.map { Int64($0.index) } ?? -1,
                    clearing.at.utcMilliseconds, clearing.at.quality, clearing.by, clearing.reason,
                    clearing.refusal.map { Int64($0.rawValue) },
                ])
                try database.cachedStatement(sql: "DELETE FROM clearing WHERE number <= ?")
                    .execute(arguments: [database.lastInsertedRowID - Self.clearingsAtMost])
            }
        }
    }

    /// The newest, newest first.
    public func clearings(limit: Int) throws(LedgerError) -> [Clearing] {
        try mapping {
            try database.read { database in
                try Row.fetchAll(
                    database, sql: "SELECT * FROM clearing ORDER BY number DESC LIMIT ?", arguments: [limit]
                ).compactMap { row in
                    guard let fault = Fault(rawValue: UInt8(clamping: row["fault"] as Int64)) else { return nil }
                    let connector: Int64 = row["connector"]
                    return Clearing(
                        fault: fault,
                        connector: connector < 0 ? nil : ConnectorID(UInt8(clamping: connector)),
                        at: WallClock(utcMilliseconds: row["utc_ms"], quality: row["clock_quality"]),
                        by: row["asked_by"], reason: row["reason"],
                        refusal: (row["refusal"] as Int64?).flatMap { Refusal(rawValue: UInt8(clamping: $0)) })
                }
            }
        }
    }
}
