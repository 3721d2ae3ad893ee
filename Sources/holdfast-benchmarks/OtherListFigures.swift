// The same drivers in SQLite with the table that libocpp keeps, and in one JSON document.

import Crypto
import Foundation
import GRDB
import GRDBSQLite

/// libocpp's table for OCPP 2.0.1 (github.com/EVerest/libocpp, AUTH_LIST): the hash of the token as text is the key,
/// what is known of it a JSON text. It inserts row by row without a transaction around them.
struct DatabaseFigures {
    private let count: Int
    private let path: String
    private static let insert = "INSERT INTO AUTH_LIST (ID_TOKEN_HASH, ID_TOKEN_INFO) VALUES (?, ?)"
    private static let select = "SELECT ID_TOKEN_INFO FROM AUTH_LIST WHERE ID_TOKEN_HASH = ?"
    private static let info = #"{"status":"Accepted"}"#
    /// Rows written one by one: their time is the disk's, and the same for each.
    private static let rowByRow = 1_000

    init(_ count: Int, in folder: String) {
        self.count = count
        path = folder + "/list.sqlite"
    }

    private static func key(_ number: Int) -> String {
        let digest = SHA256.hash(data: Array(("Central" + ListBenchmarks.driver(number)).utf8))
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    private func opened() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    func run() throws {
        var queue = try opened()
        try queue.write {
            try $0.execute(
                sql: "CREATE TABLE AUTH_LIST (ID_TOKEN_HASH TEXT PRIMARY KEY NOT NULL, ID_TOKEN_INFO TEXT NOT NULL)"
            )
        }
        let cost = try Cost.of {
            for number in 0..<Self.rowByRow {
                try queue.write { try Self.put(number, $0) }
            }
        }
        report("SQLite, row by row as libocpp does", cost.wallSeconds / Double(Self.rowByRow) * 1e6, "us a row")
        report("  for all of them", cost.wallSeconds / Double(Self.rowByRow) * Double(count), "s", decimals: 0)
        try Cost.of {
            try queue.write { database in
                for number in Self.rowByRow..<count { try Self.put(number, database) }
            }
            try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        }.report("  installed in one transaction")
        report("  file", megabytes(of: path), "MB")
        try queue.close()
        forget(path)
        try Cost.of {
            queue = try opened()
            _ = try ask(0, queue)
        }.report("  opened until ready, cold")
        try lookUps(queue)
        try change(queue)
        try queue.close()
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    }

    private func lookUps(_ queue: DatabaseQueue) throws {
        let kept = try privateMegabytes {
            for turn in 0..<10_000 { _ = try ask(turn, queue) }
        }
        report("  private memory of its page cache", kept, "MB", decimals: 2)
        // First, since it reads every row once before it measures: what comes after is warm as well.
        try queue.read { try PreparedSelect(Self.select, $0).lookUps(of: count, key: Self.key) }
        // One transaction around all of them: what counts is the look-up, not the lock.
        try queue.read { database in
            let statement = try database.cachedStatement(sql: Self.select)
            try holdfast_benchmarks.lookUps("  look-up, warm, by GRDB", ListBenchmarks.warmTaps) { turn in
                let key = Self.key(ListBenchmarks.asked(turn, of: count))
                guard try String.fetchOne(statement, arguments: [key]) != nil else {
                    throw CocoaError(.coderInvalidValue)
                }
            }
        }
        try holdfast_benchmarks.lookUps(
            "  look-up, cold", ListBenchmarks.coldTaps,
            before: {
                queue.releaseMemory()
                forget(path)
            }
        ) { turn in
            _ = try ask(turn, queue)
        }
    }

    private func change(_ queue: DatabaseQueue) throws {
        let half = ListBenchmarks.changes(of: count) / 2
        try Cost.of {
            try queue.write { database in
                for number in 0..<half {
                    try database.cachedStatement(sql: "DELETE FROM AUTH_LIST WHERE ID_TOKEN_HASH = ?").execute(
                        arguments: [Self.key(number)])
                    try Self.put(count + number, database)
                }
            }
        }.report("  \(ListBenchmarks.changes(of: count)) changes in one transaction")
    }

    private static func put(_ number: Int, _ database: Database) throws {
        try database.cachedStatement(sql: insert).execute(arguments: [key(number), info])
    }

    private func ask(_ turn: Int, _ queue: DatabaseQueue) throws -> String? {
        try queue.read {
            try String.fetchOne(
                try $0.cachedStatement(sql: Self.select),
                arguments: [Self.key(ListBenchmarks.asked(turn, of: count))])
        }
    }
}

/// A select that is prepared once and asked through SQLite's own interface: what SQLite itself takes, and nothing around it.
private struct PreparedSelect: ~Copyable {
    private let statement: OpaquePointer

    init(_ select: String, _ database: Database) throws {
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v2(database.sqliteConnection, select, -1, &prepared, nil) == SQLITE_OK, let prepared
        else { throw CocoaError(.coderInvalidValue) }
        statement = prepared
    }

    deinit { sqlite3_finalize(statement) }

    /// The keys are made beforehand: neither hash nor text is counted.
    func lookUps(of count: Int, key: (Int) -> String) throws {
        let keys = (0..<ListBenchmarks.warmTaps).map { Array(key(ListBenchmarks.asked($0, of: count)).utf8CString) }
        for key in keys { _ = try length(key) }
        try holdfast_benchmarks.lookUps("  look-up, warm, by SQLite's C interface", keys.count) { turn in
            guard try length(keys[turn]) > 0 else { throw CocoaError(.coderInvalidValue) }
        }
    }

    /// How long the answer to a key is, in bytes.
    private func length(_ key: [CChar]) throws -> Int32 {
        defer { sqlite3_reset(statement) }
        return try key.withUnsafeBufferPointer {
            // The key outlives the step: SQLite need not copy it.
            guard sqlite3_bind_text(statement, 1, $0.baseAddress, Int32(key.count - 1), nil) == SQLITE_OK,
                sqlite3_step(statement) == SQLITE_ROW
            else { throw CocoaError(.coderInvalidValue) }
            return sqlite3_column_bytes(statement, 0)
        }
    }
}

/// One JSON document, decoded into a dictionary.
struct DocumentFigures {
    private struct Row: Codable {
        var idToken: String
        var type: String
        var status: String
    }
    private let count: Int
    private let path: String

    init(_ count: Int, in folder: String) {
        self.count = count
        path = folder + "/list.json"
    }

    func run() throws {
        let rows = (0..<count).map {
            Row(idToken: ListBenchmarks.driver($0), type: "Central", status: "Accepted")
        }
        try JSONEncoder().encode(rows).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        report("JSON, file", megabytes(of: path), "MB")
        var list: [String: Row] = [:]
        var cost = Cost(wallSeconds: 0, processorSeconds: 0)
        let kept = try privateMegabytes {
            cost = try Cost.of {
                let rows = try JSONDecoder().decode([Row].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
                list.reserveCapacity(rows.count)
                for row in rows { list[row.idToken] = row }
            }
        }
        cost.report("  opened until ready: read and decoded")
        report("  private memory while open", kept, "MB", decimals: 2)
        let names = (0..<ListBenchmarks.warmTaps).map {
            ListBenchmarks.driver(ListBenchmarks.asked($0, of: count))
        }
        var found = 0
        lookUps("  look-up, unauthenticated", names.count) { turn in found += list[names[turn]] == nil ? 0 : 1 }
        guard found == names.count else { throw CocoaError(.coderInvalidValue) }
    }
}
