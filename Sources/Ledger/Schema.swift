// The tables of the records, one migration a version. A newer database is refused by an older daemon.

import AllowList
import GRDB

/// The database's shape.
enum Schema {
    /// The version this build writes.
    static let version = 7

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE session (
                        boot INTEGER NOT NULL, counter INTEGER NOT NULL, connector INTEGER NOT NULL,
                        token_high INTEGER NOT NULL, token_low INTEGER NOT NULL, token_group INTEGER NOT NULL,
                        source INTEGER NOT NULL, freshness INTEGER NOT NULL,
                        start_register INTEGER NOT NULL, meter_serial INTEGER NOT NULL,
                        allowance_wh INTEGER NOT NULL, allowance_w INTEGER NOT NULL,
                        allowance_sessions INTEGER NOT NULL,
                        started_monotonic INTEGER NOT NULL, started_utc_ms INTEGER, clock_quality INTEGER NOT NULL,
                        last_register INTEGER NOT NULL, energy_wh INTEGER NOT NULL,
                        stop_reason INTEGER, stop_fault INTEGER, stop_is_last_known INTEGER, stopped_utc_ms INTEGER,
                        PRIMARY KEY (boot, counter)) WITHOUT ROWID;
                    CREATE INDEX open_session ON session (boot, counter) WHERE stop_reason IS NULL;
                    CREATE INDEX session_of_token ON session (token_high, token_low, started_utc_ms);
                    CREATE TABLE outbox (
                        number INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL,
                        boot INTEGER NOT NULL, counter INTEGER NOT NULL, delivered INTEGER NOT NULL DEFAULT 0);
                    CREATE TABLE latch (fault INTEGER NOT NULL, connector INTEGER NOT NULL,
                        PRIMARY KEY (fault, connector)) WITHOUT ROWID;
                    CREATE INDEX outbox_of_session ON outbox (boot, counter);
                    CREATE INDEX owed ON outbox (number) WHERE delivered = 0;
                    CREATE TABLE boot (number INTEGER PRIMARY KEY, begun_utc_ms INTEGER NOT NULL,
                        clock_quality INTEGER NOT NULL, lived_ms INTEGER NOT NULL DEFAULT 0,
                        is_clean INTEGER NOT NULL DEFAULT 0);
                    CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                    PRAGMA user_version = 1;
                    """)
        }
        // Both are empty where the post did not know the price, as in every session before this version.
        migrator.registerMigration("2") { database in
            try database.execute(
                sql: """
                    ALTER TABLE session ADD COLUMN tariff_currency TEXT;
                    ALTER TABLE session ADD COLUMN tariff_per_kwh INTEGER;
                    PRAGMA user_version = 2;
                    """)
        }
        // Empty for every boot before this version: nobody knows whether the machine started anew.
        migrator.registerMigration("3") { database in
            try database.execute(
                sql: """
                    ALTER TABLE boot ADD COLUMN kernel TEXT;
                    PRAGMA user_version = 3;
                    """)
        }
        // Whose word the time floor is was not kept: it stands until the next trust bundle. Sessions had the time that the clock
        // showed; one from ahead of the floor counts from the next start on.
        migrator.registerMigration("4") { database in
            try database.execute(
                sql: """
                    CREATE TABLE time_floor (source INTEGER NOT NULL, key TEXT NOT NULL, signed_at INTEGER NOT NULL,
                        seconds INTEGER NOT NULL, PRIMARY KEY (source, key)) WITHOUT ROWID;
                    ALTER TABLE session ADD COLUMN started_floor_s INTEGER NOT NULL DEFAULT 0;
                    UPDATE session SET started_floor_s = coalesce(started_utc_ms, 0) / 1000;
                    """)
            let saved = try String.fetchOne(database, sql: "SELECT value FROM fact WHERE name = 'time_floor'")
            if let bytes = saved.flatMap([UInt8].init(hexadecimal:)), bytes.count == 8 {
                let seconds = Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
                try Ledger.insert(FloorPart(.unnamed, signedAt: seconds, seconds: seconds), database)
            }
            try database.execute(
                sql: """
                    DELETE FROM fact WHERE name = 'time_floor';
                    PRAGMA user_version = 4;
                    """)
        }
        migrator.registerMigration("5") { database in
            try database.execute(
                sql: """
                    CREATE TABLE clearing (
                        number INTEGER PRIMARY KEY AUTOINCREMENT, fault INTEGER NOT NULL, connector INTEGER NOT NULL,
                        utc_ms INTEGER NOT NULL, clock_quality INTEGER NOT NULL, asked_by TEXT NOT NULL,
                        reason TEXT NOT NULL, refusal INTEGER);
                    PRAGMA user_version = 5;
                    """)
        }
        // Empty at first: a meter that was changed on purpose since the last session must not be taken for a swap.
        migrator.registerMigration("6") { database in
            try database.execute(
                sql: """
                    CREATE TABLE meter (connector INTEGER PRIMARY KEY, serial INTEGER NOT NULL);
                    PRAGMA user_version = 6;
                    """)
        }
        // Empty at first: what was out of service until then, the daemon of before has forgotten as it ended.
        migrator.registerMigration("7") { database in
            try database.execute(
                sql: """
                    CREATE TABLE out_of_service (connector INTEGER PRIMARY KEY);
                    PRAGMA user_version = 7;
                    """)
        }
        return migrator
    }
}
