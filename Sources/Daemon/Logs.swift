// Log lines for people (text) or for programs (one JSON object a line), on standard error; the journal has its own.

import Foundation
import Glibc
import Logging
import Synchronization

/// The least level that is logged; changes while the daemon runs.
final class LogLevel: Sendable {
    private let level: Mutex<Logger.Level>

    init(_ word: String) { level = Mutex(Logger.Level(rawValue: word) ?? .info) }

    var now: Logger.Level { level.withLock { $0 } }
    func change(to word: String) { level.withLock { $0 = Logger.Level(rawValue: word) ?? .info } }
}

/// The daemon's logger. Where no format is asked for, the journal gets its fields and everybody else text.
func makeLogger(_ format: LogFormat?, level: LogLevel) -> Logger {
    let environment = ProcessInfo.processInfo.environment
    let journal = DatagramSender(JournalLog.address)
    return Logger(label: "holdfast") { label in
        switch (format, journal) {
        case (.json, _): JSONLog(label: label, level: level)
        case (.journal, let journal?): JournalLog(journal, level: level)
        case (nil, let journal?) where leadsToJournal(STDERR_FILENO, environment): JournalLog(journal, level: level)
        default: TextLog(level: level)
        }
    }
}

/// The same for libraries: only what is wrong.
func quiet(_ logger: Logger) -> Logger {
    var quiet = logger
    quiet.logLevel = .warning
    return quiet
}

/// `2026-01-02T03:04:05Z notice: sentence`.
struct TextLog: LogHandler {
    let level: LogLevel
    private var own: Logger.Level?
    var logLevel: Logger.Level {
        get { own ?? level.now }
        set { own = newValue }
    }
    var metadata: Logger.Metadata = [:]
    init(level: LogLevel) { self.level = level }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
        let time = Date().formatted(.iso8601)
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let fields = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        FileHandle.standardError.write(Data("\(time) \(event.level): \(event.message)\(fields)\n".utf8))
    }
}

/// One JSON object a line: `time`, `level`, `message`, and the fields.
struct JSONLog: LogHandler {
    let label: String
    let level: LogLevel
    private var own: Logger.Level?
    var logLevel: Logger.Level {
        get { own ?? level.now }
        set { own = newValue }
    }
    var metadata: Logger.Metadata = [:]
    init(label: String, level: LogLevel) {
        self.label = label
        self.level = level
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
        var row = ["time": Date().formatted(.iso8601), "level": "\(event.level)", "message": "\(event.message)"]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { _, new in new }) {
            row[key] = "\(value)"
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(row) else { return }
        FileHandle.standardError.write(data + Data("\n".utf8))
    }
}
