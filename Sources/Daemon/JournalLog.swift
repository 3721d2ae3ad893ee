// Log lines for the system's journal, each with fields to search by, in its native protocol.
//
// systemd: "Native Journal Protocol", https://systemd.io/JOURNAL_NATIVE_PROTOCOL/

// `stat` belongs to whichever of Glibc and CDispatch the compiler has met first.
import CDispatch
import Catalog
import Foundation
import Glibc
import Logging

/// Whether standard error leads to the journal: the service manager names the device and inode that it connected.
func leadsToJournal(_ descriptor: Int32, _ environment: [String: String]) -> Bool {
    var status = stat()
    guard let named = environment["JOURNAL_STREAM"], fstat(descriptor, &status) == 0 else { return false }
    return named == "\(status.st_dev):\(status.st_ino)"
}

/// `MESSAGE=sentence`, `PRIORITY=4`, `HOLDFAST_EVENT=fault_raised`, `HOLDFAST_FAULT=welded_plus`, ...
struct JournalLog: Sendable {
    /// Where the journal listens.
    static let address = "/run/systemd/journal/socket"

    let journal: DatagramSender
    init(_ journal: DatagramSender) { self.journal = journal }

    @Sendable
    func write(_ event: LogEvent, _ all: Logger.Metadata) {
        let priority = Self.priority(event.level)
        var fields = [
            ("MESSAGE", "\(event.message)"), ("PRIORITY", "\(priority)"), ("SYSLOG_IDENTIFIER", Self.program),
        ]
        if let identifier = Self.identifier(all) { fields.append(("MESSAGE_ID", identifier)) }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            fields.append(("HOLDFAST_" + Self.name(key), "\(value)"))
        }
        guard !journal.send(fields.flatMap { Self.field($0, $1) }) else { return }
        // The journal does not listen, or is full: the stream keeps the sentence, with its level before it.
        LogSink.standardError.take("<\(priority)>\(event.message)\n")
    }

    /// The catalog's number of what a line tells. A fault that is over needs no remedy.
    static func identifier(_ fields: Logger.Metadata) -> String? {
        if let refusal = fields["refusal"] {
            return MessageIdentifier(kind: "refusal", code: "\(refusal)").description
        }
        guard let fault = fields["fault"], fields["event"] == "fault_raised" else { return nil }
        return MessageIdentifier(kind: "fault", code: "\(fault)").description
    }

    /// One field; a value of several lines has its length before it.
    static func field(_ name: String, _ value: String) -> [UInt8] {
        guard value.utf8.contains(UInt8(ascii: "\n")) else { return Array("\(name)=\(value)\n".utf8) }
        let length = withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { Array($0) }
        return Array("\(name)\n".utf8) + length + Array("\(value)\n".utf8)
    }

    /// Names of fields are capitals, digits and underscores.
    private static func name(_ key: String) -> String {
        String(key.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// The levels of syslog(3).
    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private static let program = ProcessInfo.processInfo.processName
}
