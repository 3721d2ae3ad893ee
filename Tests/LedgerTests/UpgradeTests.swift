// Records of an older build: brought up to date with a copy kept, and refused by that build afterwards.

import AllowList
import Foundation
import GRDB
import Post
import Testing

@testable import Ledger

@Suite("Records of an older build")
struct UpgradeTests {
    /// A database as version 1 wrote it, with one session that still runs.
    private func older(_ folder: TemporaryFolder) throws {
        let database = try DatabaseQueue(path: folder.records)
        try Schema.migrator.migrate(database, upTo: "1")
        try database.write {
            try $0.execute(
                sql: """
                    INSERT INTO session (boot, counter, connector, token_high, token_low, token_group, source, freshness,
                        start_register, meter_serial, allowance_wh, allowance_w, allowance_sessions, started_monotonic,
                        started_utc_ms, clock_quality, last_register, energy_wh)
                    VALUES (1, 5, 0, 1, 2, 0, 0, 0, 1000, 9, 40000, 50000, 2, 0, 1, 2, 1700, 700)
                    """)
        }
        try database.write {
            try $0.execute(sql: "INSERT INTO fact (name, value) VALUES ('time_floor', '000000006b49d200')")
        }
        #expect(try folder.count("PRAGMA user_version") == 1)
    }

    @Test("they are brought up to date, the sessions stay, and a whole copy of what was is kept")
    func upgraded() throws {
        let folder = try TemporaryFolder()
        try older(folder)
        do {
            let ledger = try Ledger(path: folder.records)
            // Nobody knows any more whose word it was.
            #expect(ledger.timeFloor() == [FloorPart(.unnamed, signedAt: 1_800_000_000, seconds: 1_800_000_000)])
            #expect(try ledger.fact("time_floor") == nil)
            let recovered = try ledger.begin(noon)
            #expect(recovered.openSessions.map(\.start.session.counter) == [5])
            #expect(recovered.openSessions.first?.start.tariff == nil)
            #expect(recovered.openSessions.first?.lastEnergyWattHours == 700)
            // The session's meter may have been changed on purpose since: no mark is made of it.
            #expect(recovered.meters.isEmpty && recovered.outOfService.isEmpty)
            try ledger.record(KnownMeter(connector: ConnectorID(0), serial: 9))
            try ledger.record(ConnectorID(0), isInService: false)
            #expect(try ledger.record(start(6), noon) == .recorded)
            #expect(try ledger.sessions(limit: 1).first?.start.tariff == start(6).tariff)
        }
        #expect(try folder.count("PRAGMA user_version") == Schema.version)
        let copy = try DatabaseQueue(path: OlderRecords.name(folder.records, 1))
        let kept = try copy.read {
            (
                try Int.fetchOne($0, sql: "PRAGMA user_version"),
                try Int.fetchOne($0, sql: "SELECT energy_wh FROM session WHERE counter = 5"),
                try String.fetchOne($0, sql: "PRAGMA integrity_check")
            )
        }
        #expect(kept.0 == 1 && kept.1 == 700 && kept.2 == "ok")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy {
                !$0.hasSuffix(".unfinished")
            })
    }

    @Test("a copy that cannot be made stops the upgrade and leaves the records as they are")
    func noCopyNoUpgrade() throws {
        let folder = try TemporaryFolder()
        try older(folder)
        // A folder stands where the copy should go, so the last step fails.
        let place = OlderRecords.name(folder.records, 1)
        try FileManager.default.createDirectory(atPath: place + "/in the way", withIntermediateDirectories: true)
        let error = #expect(throws: LedgerError.self) { _ = try Ledger(path: folder.records) }
        #expect(error?.isDamage == false && error?.description.contains("before the upgrade") == true)
        #expect(try folder.count("PRAGMA user_version") == 1)
    }

    @Test("fresh records and records of this build are not copied")
    func noCopy() throws {
        let folder = try TemporaryFolder()
        for _ in 1...2 { _ = try Ledger(path: folder.records) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.allSatisfy { !$0.contains("version") })
    }
}
