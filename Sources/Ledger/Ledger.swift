// Durable session records and the outbox: one implementation, on a file or in SQLite's memory.

import GRDB
import Glibc
public import Post

/// The wall clock at the moment of a record, and how far it may be trusted.
public struct WallClock: Hashable, Sendable {
    /// Milliseconds since 1970, UTC.
    public var utcMilliseconds: Int64
    /// Whether somebody vouches for it (0: no; 1: set by hand or a saved value; 2: synchronised).
    public var quality: Int

    /// A reading of the wall clock.
    public init(utcMilliseconds: Int64, quality: Int) {
        self.utcMilliseconds = utcMilliseconds
        self.quality = quality
    }
}

/// One session as the records hold it.
public struct SessionRecord: Hashable, Sendable {
    /// Its start.
    public var start: SessionStart
    /// Its last durable register, in watt-hours.
    public var lastRegisterWattHours: Int64
    /// Its energy, in watt-hours.
    public var energyWattHours: Int64
    /// When it began, in milliseconds since 1970.
    public var startedUTCMilliseconds: Int64
    /// When it ended, or nil while it is open.
    public var stoppedUTCMilliseconds: Int64?
    /// Why it ended, or nil while it is open.
    public var stopReason: StopReason?
    /// The fault that ended it.
    public var stopFault: Fault?
    /// Whether the energy is the last known rather than the meter's final word.
    public var energyIsLastKnown: Bool
}

/// What one session took from its token's allowance.
public struct TokenUse: Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// Whose.
    public var token: TokenName
    /// The earliest that it can have begun, in seconds since 1970: by signed dates and elapsed time, never by a mere clock.
    public var startedFloorSeconds: Int64
    /// What it took, in watt-hours.
    public var wattHours: Int64
    /// What it was granted, in watt-hours.
    public var grantedWattHours: Int64
    /// Who let it begin.
    public var source: AuthorizationSource
    /// Whether it has ended.
    public var isOver: Bool
    /// Whether the cloud has its stop.
    public var isSettled: Bool

    /// What one session took.
    public init(
        session: SessionID, token: TokenName, startedFloorSeconds: Int64, wattHours: Int64,
        grantedWattHours: Int64, source: AuthorizationSource, isOver: Bool, isSettled: Bool
    ) {
        self.session = session
        self.token = token
        self.startedFloorSeconds = startedFloorSeconds
        self.wattHours = wattHours
        self.grantedWattHours = grantedWattHours
        self.source = source
        self.isOver = isOver
        self.isSettled = isSettled
    }
}

/// A record that the cloud is owed, or was.
public struct OwedRecord: Hashable, Sendable {
    /// Its place in the outbox: the same in every delivery.
    public var number: Int64
    /// Start or stop.
    public var kind: Ledger.Owed
    /// The session as the records hold it now.
    public var session: SessionRecord
}

/// What a start finds.
public struct Recovered: Sendable {
    /// Boot number and unclean starts.
    public var boot: BootFacts
    /// Latched faults.
    public var latches: [Latch]
    /// Connectors that were taken out of service.
    public var outOfService: [ConnectorID]
    /// The meters that are known, at most one a connector.
    public var meters: [KnownMeter]
    /// Sessions without a stop.
    public var openSessions: [RestoredSession]
}

/// The records of one post. Not sendable: it belongs to the thread that writes.
public final class Ledger {
    /// Room that the disk should have: one list of a million drivers, and the records of a week. 64 MiB. Engineering default.
    public static let freeBytesNeeded: Int64 = 64 << 20
    /// Window in which unclean starts are counted. Engineering default: 10 min.
    public static let uncleanWindowMilliseconds: Int64 = 600_000
    /// Where boots are counted on from when records were lost. Above any number that a post reaches by counting, with room to count
    /// on in 32 bits.
    static let bootsAfterLoss: Range<Int64> = 1 << 24..<1 << 31
    /// Window in which a token's sessions are counted, in seconds. 24 h: risk ladder of the signed list.
    public static let counterWindowSeconds: Int64 = 86_400

    let database: DatabaseQueue
    /// Where the records lie; empty for memory.
    public let path: String
    /// What was found damaged and set aside when the records were opened, if anything was.
    public private(set) var quarantined: String?

    /// Opens the records in a file: write-ahead log, every commit synchronised.
    ///
    /// A damaged file is set aside under another name, never deleted, and fresh records begin. Where only the end of its log cannot
    /// be read, a copy is set aside and what stands before that goes on.
    public convenience init(path: String) throws(LedgerError) {
        var aside = LogDamage.isCutShort(path + "-wal") ? try Quarantine.copy(path) : nil
        do {
            try self.init(path: path, at: try Self.open(path))
        } catch let error where error.isDamage {
            aside = Quarantine.setAside(path)
            try self.init(path: path, at: try Self.open(path))
        }
        quarantined = aside
    }

    /// Records in memory, with the same tables and the same statements: for simulations.
    public convenience init() throws(LedgerError) {
        do {
            let database = try DatabaseQueue()
            try Self.emptyInMemory.get().backup(to: database)
            try self.init(path: "", at: database)
        } catch let error as LedgerError {
            throw error
        } catch {
            throw LedgerError.disk(code: 0, message: "\(error)", path: "memory")
        }
    }

    /// Records in which nothing stands yet, their tables made once a process: a campaign opens thousands such.
    private static let emptyInMemory: Result<DatabaseQueue, any Error> = Result {
        let database = try DatabaseQueue()
        try Schema.migrator.migrate(database)
        return database
    }

    /// Room that is left where the records lie, in bytes; nil for memory, and where the system does not say. May wait for the disk.
    public var freeBytes: Int64? {
        var found = statvfs()
        guard !path.isEmpty, unsafe statvfs(path, &found) == 0 else { return nil }
        return Int64(clamping: found.f_bavail) * Int64(clamping: found.f_frsize)
    }

    private init(path: String, at database: DatabaseQueue) throws(LedgerError) {
        self.path = path
        self.database = database
        try mapping {
            let applied = try database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
            guard applied <= Schema.version else {
                throw LedgerError.newerVersion(found: applied, known: Schema.version, path: path)
            }
            if applied > 0, applied < Schema.version { try OlderRecords.keepCopy(of: database, path, applied) }
            try Schema.migrator.migrate(database)
        }
    }

    private static func open(_ path: String) throws(LedgerError) -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.journalMode = .wal
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            // GRDB sets NORMAL once the log is on, and with NORMAL a commit is not on the disk when it returns:
            // power loss would take a start back for which energy has flowed. So FULL is set last, and looked at.
            let level = try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                // SQLite would leave the log as it is once it has taken it over: a bad bit in that would then lay older pages
                // over newer ones. `takeOverLog` cuts it to nothing.
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
                return try Int.fetchOne(database, sql: "PRAGMA synchronous")
            }
            guard level == 2 else {
                throw LedgerError.disk(code: 0, message: "synchronous = FULL was not taken", path: path)
            }
            let verdict = try queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
            guard verdict == "ok" else {
                throw LedgerError.disk(code: 11, message: verdict ?? "no answer", path: path)
            }
            // What stands in the file itself is not cut off by one bad bit of the log.
            takeOverLog(of: queue)
            return queue
        } catch let error as DatabaseError {
            throw LedgerError.disk(
                code: error.extendedResultCode.rawValue, message: error.message ?? "", path: path)
        } catch let error as LedgerError {
            throw error
        } catch {
            throw LedgerError.disk(code: 0, message: "\(error)", path: path)
        }
    }

    /// Takes over into the file itself what has come into its log, and cuts that to nothing: damage to the log costs what has come since.
    /// Where the disk refuses, the log stays as it is.
    public func takeOverLog() { Self.takeOverLog(of: database) }

    private static func takeOverLog(of database: DatabaseQueue) {
        _ = try? database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    /// How long the log is, in bytes; 0 for memory.
    public var logBytes: Int64 {
        var found = stat()
        guard !path.isEmpty, unsafe stat(path + "-wal", &found) == 0 else { return 0 }
        return Int64(found.st_size)
    }

    /// Turns whatever a closure throws into a `LedgerError`.
    func mapping<Value>(_ body: () throws -> Value) throws(LedgerError) -> Value {
        do {
            return try body()
        } catch let error as LedgerError {
            throw error
        } catch let error as DatabaseError {
            throw .disk(code: error.extendedResultCode.rawValue, message: error.message ?? "", path: path)
        } catch {
            throw .disk(code: 0, message: "\(error)", path: path)
        }
    }
}

extension LedgerError {
    /// Whether the file itself is damaged (SQLITE_CORRUPT, SQLITE_NOTADB), so that setting it aside helps.
    var isDamage: Bool {
        if case .disk(let code, _, _) = self { return code & 0xFF == 11 || code & 0xFF == 26 }
        return false
    }
}
