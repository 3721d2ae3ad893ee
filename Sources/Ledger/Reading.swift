// What is read: what a start must know, what the console shows, what the look-up joins.

import GRDB
public import Post

extension Ledger {
    /// Begins a boot and tells what the records hold from before.
    public func begin(_ clock: WallClock) throws(LedgerError) -> Recovered {
        try mapping {
            try database.write { database in
                let last = try Row.fetchOne(database, sql: "SELECT number, is_clean FROM boot ORDER BY number DESC LIMIT 1")
                let number: Int64 = (last?["number"] ?? 0) + 1
                let isUnclean = last.map { ($0["is_clean"] as Int64) == 0 } ?? false
                try database.execute(
                    sql: "INSERT INTO boot (number, begun_utc_ms) VALUES (?, ?)",
                    arguments: [number, clock.utcMilliseconds])
                // A start is unclean when the boot before it never said goodbye.
                let unclean = try Int64.fetchOne(
                    database,
                    sql: "SELECT count(*) FROM boot WHERE is_clean = 0 AND number < ? AND begun_utc_ms > ?",
                    arguments: [number, clock.utcMilliseconds - Self.uncleanWindowMilliseconds]) ?? 0
                let facts = BootFacts(
                    bootNumber: UInt32(clamping: number), uncleanStarts: isUnclean ? UInt8(clamping: unclean) : 0)
                return Recovered(
                    boot: facts, latches: try Self.latches(database), openSessions: try Self.openSessions(database))
            }
        }
    }

    private static func latches(_ database: Database) throws -> [Latch] {
        try Row.fetchAll(database, sql: "SELECT fault, connector FROM latch ORDER BY connector, fault").compactMap { row in
            guard let fault = Fault(rawValue: UInt8(clamping: row["fault"] as Int64)) else { return nil }
            let connector: Int64 = row["connector"]
            return Latch(fault: fault, connector: connector < 0 ? nil : ConnectorID(UInt8(clamping: connector)))
        }
    }

    private static func openSessions(_ database: Database) throws -> [RestoredSession] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM session WHERE stop_reason IS NULL ORDER BY boot, counter"
        ).map { row in
            RestoredSession(
                start: start(of: row), lastRegisterWattHours: row["last_register"], lastEnergyWattHours: row["energy_wh"])
        }
    }

    private static func start(of row: Row) -> SessionStart {
        SessionStart(
            session: SessionID(
                boot: UInt32(clamping: row["boot"] as Int64), counter: UInt32(clamping: row["counter"] as Int64)),
            connector: ConnectorID(UInt8(clamping: row["connector"] as Int64)),
            token: TokenName(
                high: UInt64(bitPattern: row["token_high"] as Int64), low: UInt64(bitPattern: row["token_low"] as Int64)),
            group: UInt64(bitPattern: row["token_group"] as Int64),
            source: AuthorizationSource(rawValue: UInt8(clamping: row["source"] as Int64)) ?? .list,
            freshness: Freshness(rawValue: UInt8(clamping: row["freshness"] as Int64)) ?? .timeUntrusted,
            startedAt: Instant(microseconds: row["started_monotonic"]), registerWattHours: row["start_register"],
            meterSerial: UInt64(bitPattern: row["meter_serial"] as Int64),
            allowance: Allowance(
                sessionWattHours: row["allowance_wh"], powerWatts: row["allowance_w"],
                sessionsLeft: Int32(clamping: row["allowance_sessions"] as Int64)))
    }

    /// The newest sessions, newest first.
    public func sessions(limit: Int) throws(LedgerError) -> [SessionRecord] {
        try mapping {
            try database.read { database in
                try Row.fetchAll(
                    database, sql: "SELECT * FROM session ORDER BY boot DESC, counter DESC LIMIT ?", arguments: [limit]
                ).map { row in
                    SessionRecord(
                        start: Self.start(of: row), lastRegisterWattHours: row["last_register"],
                        energyWattHours: row["energy_wh"], startedUTCMilliseconds: row["started_utc_ms"] ?? 0,
                        stoppedUTCMilliseconds: row["stopped_utc_ms"],
                        stopReason: (row["stop_reason"] as Int64?).flatMap { StopReason(rawValue: UInt8(clamping: $0)) },
                        stopFault: (row["stop_fault"] as Int64?).flatMap { Fault(rawValue: UInt8(clamping: $0)) },
                        energyIsLastKnown: (row["stop_is_last_known"] as Int64? ?? 0) != 0)
                }
            }
        }
    }

    /// The newest number in the outbox and the newest that was delivered.
    public func outbox() throws(LedgerError) -> (newest: Int64, acknowledged: Int64) {
        try mapping {
            try database.read { database in
                let newest = try Int64.fetchOne(database, sql: "SELECT max(number) FROM outbox") ?? 0
                let owed = try Int64.fetchOne(database, sql: "SELECT min(number) FROM outbox WHERE delivered = 0")
                return (newest, owed.map { $0 - 1 } ?? newest)
            }
        }
    }

    /// How many sessions a token began, and how much it took, since an instant of the wall clock.
    public func counters(
        of token: TokenName, since utcMilliseconds: Int64
    ) throws(LedgerError) -> (sessions: Int64, wattHours: Int64) {
        try mapping {
            try database.read { database in
                let row = try database.cachedStatement(sql: """
                    SELECT count(*) AS sessions, coalesce(sum(energy_wh), 0) AS energy FROM session
                    WHERE token_high = ? AND token_low = ? AND started_utc_ms > ?
                    """)
                let found = try Row.fetchOne(
                    row,
                    arguments: [Int64(bitPattern: token.high), Int64(bitPattern: token.low), utcMilliseconds])
                return (found?["sessions"] ?? 0, found?["energy"] ?? 0)
            }
        }
    }

    /// A small fact kept under a name, or nil.
    public func fact(_ name: String) throws(LedgerError) -> [UInt8]? {
        try mapping {
            try database.read {
                try String.fetchOne($0, sql: "SELECT value FROM fact WHERE name = ?", arguments: [name])
                    .flatMap { [UInt8](hexadecimal: $0) }
            }
        }
    }
}
