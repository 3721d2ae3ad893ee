// Log lines for people (text) or for programs (one JSON object a line), on standard error.

import Foundation
import Logging

/// The daemon's logger.
func makeLogger(_ format: LogFormat, level: String) -> Logger {
    var logger = Logger(label: "holdfast") { label in
        switch format {
        case .text: TextLog()
        case .json: JSONLog(label: label)
        }
    }
    logger.logLevel = Logger.Level(rawValue: level) ?? .info
    return logger
}

/// The same for libraries: only what is wrong.
func quiet(_ logger: Logger) -> Logger {
    var quiet = logger
    quiet.logLevel = .warning
    return quiet
}

/// `2026-01-02T03:04:05Z notice: sentence`.
struct TextLog: LogHandler {
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
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
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
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
