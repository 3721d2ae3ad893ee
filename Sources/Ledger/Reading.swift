// What is read: what a start must know, what the console shows, what the look-up joins.

import GRDB
import Post

extension Ledger {
    /// Begins a boot and tells what the records hold from before.
    ///
    /// - Parameter kernel: What the kernel calls its own start (`/proc/sys/kernel/random/boot_id`): the same until the
    ///   machine starts anew. nil where nobody knows.
    public func begin(_ clock: WallClock, kernel: String? = nil) throws(LedgerError) -> Recovered {
        try mapping {
            try database.write { database in
                let unclean = try Self.uncleanStarts(database, clock)
                var number = try Int64.fetchOne(database, sql: "SELECT coalesce(max(number), 0) + 1 FROM boot") ?? 1
                // Nobody knows which numbers were given away by what is lost, and none may be given twice.
                let isAfterLoss = number >= Self.bootsAfterLoss.lowerBound
                if quarantined != nil || !isAfterLoss && Quarantine.exists(path) {
                    number = max(number, Int64.random(in: Self.bootsAfterLoss))
                }
                try database.execute(
                    sql: "INSERT INTO boot (number, begun_utc_ms, clock_quality, kernel) VALUES (?, ?, ?, ?)",
                    arguments: [number, clock.utcMilliseconds, clock.quality, kernel])
                let facts = BootFacts(bootNumber: UInt32(clamping: number), uncleanStarts: UInt8(clamping: unclean))
                return Recovered(
                    boot: facts, latches: try Self.latches(database),
                    outOfService: try Self.outOfService(database), meters: try Self.meters(database),
                    openSessions: try Self.openSessions(database, kernel))
            }
        }
    }

    /// Unclean starts within the window, this one included; 0 if this one is clean.
    ///
    /// How long ago a boot was is told by how long the later ones lived, by their own marks: a post whose clock
    /// begins at 1970 each time must not count last month's power cuts as ten minutes of crashes. Where the wall
    /// clock was trusted at both ends it counts too, so that the time in which the post was dark is not forgotten.
    private static func uncleanStarts(_ database: Database, _ clock: WallClock) throws -> Int {
        var count = 0
        var ago: Int64 = 0
        var laterBegan = clock
        let boots = try Row.fetchCursor(
            database,
            sql: "SELECT begun_utc_ms, clock_quality, lived_ms, is_clean FROM boot ORDER BY number DESC LIMIT 255")
        while let boot = try boots.next(), ago <= uncleanWindowMilliseconds {
            if (boot["is_clean"] as Int64) == 0 {
                count += 1
            } else if count == 0 {
                return 0
            }
            let began = WallClock(utcMilliseconds: boot["begun_utc_ms"], quality: boot["clock_quality"])
            let lived: Int64 = boot["lived_ms"]
            let byClock = laterBegan.utcMilliseconds.subtractingReportingOverflow(began.utcMilliseconds)
            let isTrusted = began.quality > 0 && laterBegan.quality > 0 && !byClock.overflow
            ago += isTrusted ? max(lived, byClock.partialValue) : lived
            laterBegan = began
        }
        return count
    }

    private static func latches(_ database: Database) throws -> [Latch] {
        try Row.fetchAll(database, sql: "SELECT fault, connector FROM latch ORDER BY connector, fault").compactMap {
            row in
            guard let fault = Fault(rawValue: UInt8(clamping: row["fault"] as Int64)) else { return nil }
            let connector: Int64 = row["connector"]
            return Latch(fault: fault, connector: connector < 0 ? nil : ConnectorID(UInt8(clamping: connector)))
        }
    }

    private static func outOfService(_ database: Database) throws -> [ConnectorID] {
        try Int64.fetchAll(database, sql: "SELECT connector FROM out_of_service ORDER BY connector").map {
            ConnectorID(UInt8(clamping: $0))
        }
    }

    private static func meters(_ database: Database) throws -> [KnownMeter] {
        try Row.fetchAll(database, sql: "SELECT connector, serial FROM meter ORDER BY connector").map { row in
            KnownMeter(
                connector: ConnectorID(UInt8(clamping: row["connector"] as Int64)),
                serial: UInt64(bitPattern: row["serial"] as Int64))
        }
    }

    private static func openSessions(_ database: Database, _ kernel: String?) throws -> [RestoredSession] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT session.*, kernel FROM session LEFT JOIN boot ON boot.number = session.boot
                WHERE stop_reason IS NULL ORDER BY session.boot, counter
                """
        ).map { row in
            // The kernel of the boot in which it began: a death of the process may follow a cut of the power.
            let kernelThen: String? = row["kernel"]
            return RestoredSession(
                start: start(of: row), lastRegisterWattHours: row["last_register"],
                lastEnergyWattHours: row["energy_wh"],
                hasMachineRestarted: kernel == nil || kernelThen != kernel)
        }
    }

    private static func start(of row: Row) -> SessionStart {
        SessionStart(
            session: SessionID(
                boot: UInt32(clamping: row["boot"] as Int64), counter: UInt32(clamping: row["counter"] as Int64)),
            connector: ConnectorID(UInt8(clamping: row["connector"] as Int64)),
            token: TokenName(
                high: UInt64(bitPattern: row["token_high"] as Int64),
                low: UInt64(bitPattern: row["token_low"] as Int64)),
            group: UInt64(bitPattern: row["token_group"] as Int64),
            source: AuthorizationSource(rawValue: UInt8(clamping: row["source"] as Int64)) ?? .list,
            freshness: Freshness(rawValue: UInt8(clamping: row["freshness"] as Int64)) ?? .timeUntrusted,
            startedAt: Instant(microseconds: row["started_monotonic"]), registerWattHours: row["start_register"],
            meterSerial: UInt64(bitPattern: row["meter_serial"] as Int64),
            allowance: Allowance(
                sessionWattHours: row["allowance_wh"], powerWatts: row["allowance_w"],
                sessionsLeft: Int32(clamping: row["allowance_sessions"] as Int64)),
            tariff: tariff(of: row))
    }

    private static func tariff(of row: Row) -> Tariff? {
        guard let currency = (row["tariff_currency"] as String?).flatMap({ Tariff.packed($0) }),
            let price: Int64 = row["tariff_per_kwh"]
        else { return nil }
        return Tariff(currency: currency, minorUnitsPerKilowattHour: price)
    }

    /// The newest sessions, newest first.
    public func sessions(limit: Int) throws(LedgerError) -> [SessionRecord] {
        try mapping {
            try database.read { database in
                try Row.fetchAll(
                    database, sql: "SELECT * FROM session ORDER BY boot DESC, counter DESC LIMIT ?",
                    arguments: [limit]
                ).map(Self.session)
            }
        }
    }

    private static func session(of row: Row) -> SessionRecord {
        SessionRecord(
            start: start(of: row), lastRegisterWattHours: row["last_register"], energyWattHours: row["energy_wh"],
            startedUTCMilliseconds: row["started_utc_ms"] ?? 0, stoppedUTCMilliseconds: row["stopped_utc_ms"],
            stopReason: (row["stop_reason"] as Int64?).flatMap { StopReason(rawValue: UInt8(clamping: $0)) },
            stopFault: (row["stop_fault"] as Int64?).flatMap { Fault(rawValue: UInt8(clamping: $0)) },
            energyIsLastKnown: (row["stop_is_last_known"] as Int64? ?? 0) != 0)
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

    /// What tokens took lately: sessions that began within the window before `now`, or that the cloud has not heard of to their
    /// end, oldest first, among the newest `limit` sessions. Feeds the counters in memory at a start.
    ///
    /// `now` is the earliest that it can be, in seconds since 1970. A session from after it began by a date that has been taken
    /// back since: it counts from now on, and from the same moment after every later start.
    public func recentUse(at now: Int64, limit: Int) throws(LedgerError) -> [TokenUse] {
        try mapping {
            try database.write { database in
                try database.execute(
                    sql: """
                        UPDATE session SET started_floor_s = ? WHERE started_floor_s > ? AND (boot, counter) IN (
                            SELECT boot, counter FROM session ORDER BY boot DESC, counter DESC LIMIT ?)
                        """, arguments: [now, now, limit])
                return try Row.fetchAll(
                    database,
                    sql: """
                        SELECT boot, counter, token_high, token_low, started_floor_s, energy_wh, allowance_wh, source,
                            stop_reason IS NOT NULL AS is_over, EXISTS (
                            SELECT 1 FROM outbox WHERE outbox.boot = newest.boot AND outbox.counter = newest.counter
                            AND kind = ? AND delivered = 1) AS is_settled
                        FROM (SELECT * FROM session ORDER BY boot DESC, counter DESC LIMIT ?) AS newest
                        WHERE started_floor_s > ? OR is_settled = 0
                        """, arguments: [Owed.stop.rawValue, limit, now - Self.counterWindowSeconds]
                ).reversed().map { row in
                    TokenUse(
                        session: SessionID(
                            boot: UInt32(clamping: row["boot"] as Int64),
                            counter: UInt32(clamping: row["counter"] as Int64)),
                        token: TokenName(
                            high: UInt64(bitPattern: row["token_high"] as Int64),
                            low: UInt64(bitPattern: row["token_low"] as Int64)),
                        startedFloorSeconds: row["started_floor_s"], wattHours: row["energy_wh"],
                        grantedWattHours: row["allowance_wh"],
                        source: AuthorizationSource(rawValue: UInt8(clamping: row["source"] as Int64)) ?? .list,
                        isOver: (row["is_over"] as Int64) != 0, isSettled: (row["is_settled"] as Int64) != 0)
                }
            }
        }
    }

    /// The record with that number of the outbox, or nil.
    public func owed(_ number: Int64) throws(LedgerError) -> OwedRecord? {
        try mapping {
            try database.read { database in
                guard
                    let row = try Row.fetchOne(
                        database,
                        sql: """
                            SELECT kind, session.* FROM outbox JOIN session
                            ON session.boot = outbox.boot AND session.counter = outbox.counter WHERE number = ?
                            """, arguments: [number]),
                    let kind = Owed(rawValue: row["kind"])
                else { return nil }
                return OwedRecord(number: number, kind: kind, session: Self.session(of: row))
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
