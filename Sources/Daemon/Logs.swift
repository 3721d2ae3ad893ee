// Log lines for people (text) or for programs (one JSON object a line), on standard error; the journal has its own.

import Console
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
    let write: @Sendable (LogEvent, Logger.Metadata) -> Void =
        switch (format, journal) {
        case (.json, _): writeJSON
        case (.journal, let journal?): JournalLog(journal).write
        case (nil, let journal?) where leadsToJournal(STDERR_FILENO, environment): JournalLog(journal).write
        default: writeText
        }
    return Logger(label: "holdfast") { _ in DaemonLog(level: level, write: write) }
}

/// The same for libraries: only what is wrong.
func quiet(_ logger: Logger) -> Logger {
    var quiet = logger
    quiet.logLevel = .warning
    return quiet
}

/// Gives each line, with all its fields, to whoever writes it in one of the formats.
struct DaemonLog: LogHandler {
    let level: LogLevel
    let write: @Sendable (LogEvent, Logger.Metadata) -> Void
    private var own: Logger.Level?
    var logLevel: Logger.Level {
        get { own ?? level.now }
        set { own = newValue }
    }
    var metadata: Logger.Metadata = [:]
    init(level: LogLevel, write: @escaping @Sendable (LogEvent, Logger.Metadata) -> Void) {
        self.level = level
        self.write = write
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { write(event, metadata.merging(event.metadata ?? [:]) { _, new in new }) }
}

/// The time of a line, with its milliseconds: a reaction is over within the second in which it began.
private var timeOfLine: String { Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }

/// `2026-01-02T03:04:05.678Z notice: sentence`.
@Sendable
private func writeText(_ event: LogEvent, _ fields: Logger.Metadata) {
    let time = timeOfLine
    let told = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    LogSink.standardError.take("\(time) \(event.level): \(event.message)\(told)\n")
}

/// One JSON object a line: `time`, `level`, `message`, and the fields.
@Sendable
private func writeJSON(_ event: LogEvent, _ fields: Logger.Metadata) {
    var row = ["time": timeOfLine, "level": "\(event.level)", "message": "\(event.message)"]
    for (key, value) in fields { row[key] = "\(value)" }
    LogSink.standardError.take("\(json(row))\n")
}
