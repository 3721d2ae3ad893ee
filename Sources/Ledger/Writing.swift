// What is written: each request is one transaction, durable when it returns.

import GRDB
public import Post

extension Ledger {
    /// Writes a start with its place in the outbox, in one transaction. `floor` is the earliest that it can be, in seconds since
    /// 1970: what the token's allowance is counted by after a restart; without one the clock is taken at its word.
    public func record(
        _ start: SessionStart, _ clock: WallClock, floor: Int64? = nil
    ) throws(LedgerError) -> RecordOutcome {
        try mapping {
            try database.write { database in
                let insert = try database.cachedStatement(
                    sql: """
                        INSERT OR IGNORE INTO session (boot, counter, connector, token_high, token_low, token_group, source,
                            freshness, start_register, meter_serial, allowance_wh, allowance_w, allowance_sessions,
                            started_monotonic, started_utc_ms, clock_quality, last_register, energy_wh,
                            tariff_currency, tariff_per_kwh, started_floor_s)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
                        """)
                try insert.execute(arguments: [
                    Int64(start.session.boot), Int64(start.session.counter), Int64(start.connector.index),
                    Int64(bitPattern: start.token.high), Int64(bitPattern: start.token.low),
                    Int64(bitPattern: start.group), Int64(start.source.rawValue), Int64(start.freshness.rawValue),
                    start.registerWattHours, Int64(bitPattern: start.meterSerial), start.allowance.sessionWattHours,
                    start.allowance.powerWatts, Int64(start.allowance.sessionsLeft), start.startedAt.microseconds,
                    clock.utcMilliseconds, Int64(clock.quality), start.registerWattHours,
                    start.tariff?.currencyCode, start.tariff?.minorUnitsPerKilowattHour,
                    floor ?? clock.utcMilliseconds / 1_000,
                ])
                guard database.changesCount == 1 else { return .alreadySpent }
                try Self.owe(database, .start, start.session)
                return .recorded
            }
        }
    }

    /// Writes how far a session has come. Energy never falls, whatever comes in.
    public func record(_ sample: SessionSample) throws(LedgerError) -> RecordOutcome {
        try change(
            """
            UPDATE session SET last_register = max(last_register, ?), energy_wh = max(energy_wh, ?)
            WHERE boot = ? AND counter = ? AND stop_reason IS NULL
            """,
            [
                sample.registerWattHours, sample.energyWattHours, Int64(sample.session.boot),
                Int64(sample.session.counter),
            ])
        return .recorded
    }

    /// Makes one change, durable when it returns. A statement by itself is a transaction to SQLite; to begin and commit one
    /// around it would take two statements more, which are compiled anew each time.
    private func change(_ sql: String, _ arguments: StatementArguments) throws(LedgerError) {
        try mapping {
            try database.writeWithoutTransaction {
                try $0.cachedStatement(sql: sql).execute(arguments: arguments)
            }
        }
    }

    /// Writes a stop with its place in the outbox. The same stop a second time changes nothing.
    public func record(_ stop: SessionStop, _ clock: WallClock) throws(LedgerError) -> RecordOutcome {
        try mapping {
            try database.write { database in
                let update = try database.cachedStatement(
                    sql: """
                        UPDATE session SET stop_reason = ?, stop_fault = ?, stop_is_last_known = ?, stopped_utc_ms = ?,
                            last_register = max(last_register, ?), energy_wh = max(energy_wh, ?)
                        WHERE boot = ? AND counter = ? AND stop_reason IS NULL
                        """)
                try update.execute(arguments: [
                    Int64(stop.reason.rawValue), stop.fault.map { Int64($0.rawValue) },
                    stop.energyIsLastKnown ? 1 : 0,
                    clock.utcMilliseconds, stop.registerWattHours, stop.energyWattHours, Int64(stop.session.boot),
                    Int64(stop.session.counter),
                ])
                if database.changesCount == 1 { try Self.owe(database, .stop, stop.session) }
                return .recorded
            }
        }
    }

    /// Keeps or forgets a latch.
    public func record(_ latch: Latch, isSet: Bool) throws(LedgerError) {
        let sql =
            isSet
            ? "INSERT OR IGNORE INTO latch (fault, connector) VALUES (?, ?)"
            : "DELETE FROM latch WHERE fault = ? AND connector = ?"
        try change(sql, [Int64(latch.fault.rawValue), latch.connector.map { Int64($0.index) } ?? -1])
    }

    /// Keeps that a connector is out of service, or forgets it.
    public func record(_ connector: ConnectorID, isInService: Bool) throws(LedgerError) {
        let sql =
            isInService
            ? "DELETE FROM out_of_service WHERE connector = ?"
            : "INSERT OR IGNORE INTO out_of_service (connector) VALUES (?)"
        try change(sql, [Int64(connector.index)])
    }

    /// Keeps which meter counts at a connector, instead of the one before.
    public func record(_ meter: KnownMeter) throws(LedgerError) {
        try mapping {
            try database.write { database in
                try database.cachedStatement(
                    sql: """
                        INSERT INTO meter (connector, serial) VALUES (?, ?)
                        ON CONFLICT (connector) DO UPDATE SET serial = excluded.serial
                        """
                ).execute(arguments: [Int64(meter.connector.index), Int64(bitPattern: meter.serial)])
            }
        }
    }

    /// The kinds of record the cloud is owed.
    public enum Owed: Int64, Sendable { case start, stop }

    private static func owe(_ database: Database, _ kind: Owed, _ session: SessionID) throws {
        try database.cachedStatement(sql: "INSERT INTO outbox (kind, boot, counter) VALUES (?, ?, ?)")
            .execute(arguments: [kind.rawValue, Int64(session.boot), Int64(session.counter)])
    }

    /// The cloud has acknowledged everything up to a number.
    public func acknowledge(upTo number: Int64) throws(LedgerError) {
        try change("UPDATE outbox SET delivered = 1 WHERE number <= ? AND delivered = 0", [number])
    }

    /// Marks how long this boot has lived. Called once a minute for the first `uncleanWindowMilliseconds`: after a
    /// crash it tells how far back the boot before lies, whatever the wall clock says.
    public func lived(milliseconds: Int64) throws(LedgerError) {
        try change(
            "UPDATE boot SET lived_ms = max(lived_ms, ?) WHERE number = (SELECT max(number) FROM boot)",
            [milliseconds])
    }

    /// A secret of this post under a name: 32 random bytes, made once and the same for good.
    public func secret(_ name: String) throws(LedgerError) -> [UInt8] {
        if let kept = try fact(name), kept.count == 32 { return kept }
        var generator = SystemRandomNumberGenerator()
        let made = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try keep(made, as: name)
        return made
    }

    /// Says that the process ends on purpose: the next start is a clean one.
    public func stopCleanly() throws(LedgerError) {
        try mapping {
            try database.write {
                try $0.execute(sql: "UPDATE boot SET is_clean = 1 WHERE number = (SELECT max(number) FROM boot)")
            }
        }
    }

    /// Keeps a small fact under a name: keys, marks, settings.
    public func keep(_ value: [UInt8], as name: String) throws(LedgerError) {
        try mapping {
            try database.write {
                try $0.execute(
                    sql:
                        "INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    arguments: [name, value.hexadecimal])
            }
        }
    }
}

extension [UInt8] {
    /// The bytes as text: readable in the `sqlite3` shell, and no blob type to convert.
    var hexadecimal: String {
        var text = ""
        for byte in self {
            let digits = String(byte, radix: 16)
            text += byte < 16 ? "0\(digits)" : digits
        }
        return text
    }
    /// The bytes of such a text; nil if it is none.
    init?(hexadecimal text: String) {
        guard text.utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        self = bytes
    }
}
