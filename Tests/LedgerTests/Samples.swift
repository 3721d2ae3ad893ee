// Records for tests.

import Foundation
import GRDB
import Ledger
import Post

/// A folder that goes away with its owner.
final class TemporaryFolder: Sendable {
    let path: String
    var records: String { path + "/records.sqlite" }
    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("holdfast-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Looks into the file with a connection of its own.
    func count(_ sql: String) throws -> Int {
        try DatabaseQueue(path: records).read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }
    /// Copies the records as a process that dies now would leave them: a clean end would take the log over.
    func leave(to other: TemporaryFolder) throws {
        for part in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: records + part, toPath: other.records + part)
        }
    }
    /// Changes the file behind the ledger's back.
    func change(_ sql: String) throws {
        try DatabaseQueue(path: records).write { try $0.execute(sql: sql) }
    }
}

let noon = WallClock(utcMilliseconds: 1_760_961_600_000, quality: 2)

func clock(_ secondsAfterNoon: Int64, quality: Int = 2) -> WallClock {
    WallClock(utcMilliseconds: noon.utcMilliseconds + secondsAfterNoon * 1_000, quality: quality)
}

func start(_ counter: UInt32, boot: UInt32 = 1, connector: UInt8 = 0, token: UInt64 = 7) -> SessionStart {
    SessionStart(
        session: SessionID(boot: boot, counter: counter), connector: ConnectorID(connector),
        token: TokenName(high: .max, low: token), group: .max - 1, source: .list, freshness: .stale,
        startedAt: Instant(microseconds: 5_000_000), registerWattHours: 1_000, meterSerial: .max - 2,
        allowance: Allowance(sessionWattHours: 40_000, powerWatts: 50_000, sessionsLeft: 2),
        tariff: Tariff(currency: 0x45_5552, minorUnitsPerKilowattHour: 59))
}

func sample(_ counter: UInt32, boot: UInt32 = 1, _ wattHours: Int64) -> SessionSample {
    SessionSample(
        session: SessionID(boot: boot, counter: counter), measuredAt: .zero, registerWattHours: 1_000 + wattHours,
        energyWattHours: wattHours)
}

func stop(_ counter: UInt32, boot: UInt32 = 1, _ wattHours: Int64, _ reason: StopReason = .local) -> SessionStop {
    SessionStop(
        session: SessionID(boot: boot, counter: counter), endedAt: .zero, reason: reason, fault: nil,
        registerWattHours: 1_000 + wattHours, energyWattHours: wattHours, energyIsLastKnown: false)
}
