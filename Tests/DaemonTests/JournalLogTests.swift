// Log lines as the system's journal gets them, over a real datagram socket.

import Catalog
import Foundation
import Glibc
import Logging
import Post
import Testing

@testable import Daemon

@Suite("Log lines for the journal")
struct JournalLogTests {
    @Test("a fault that is raised carries its code, its connector and the number of its explanation")
    func raised() throws {
        let journal = try JournalSocket()
        journal.logger.warning(
            "fault welded_plus: stuck",
            metadata: ["event": "fault_raised", "connector": "2", "fault": "welded_plus"])
        let fields = try journal.next()
        #expect(fields["MESSAGE"] == "fault welded_plus: stuck")
        #expect(fields["PRIORITY"] == "4")
        #expect(fields["HOLDFAST_EVENT"] == "fault_raised")
        #expect(fields["HOLDFAST_CONNECTOR"] == "2")
        #expect(fields["HOLDFAST_FAULT"] == "welded_plus")
        #expect(fields["MESSAGE_ID"] == MessageIdentifier(.weldedPlus).description)
    }

    @Test("a fault that is over is not explained; a refusal is")
    func others() throws {
        let journal = try JournalSocket()
        journal.logger.info("over", metadata: ["event": "fault_cleared", "fault": "welded_plus"])
        let over = try journal.next()
        #expect(over["HOLDFAST_FAULT"] == "welded_plus" && over["MESSAGE_ID"] == nil)
        journal.logger.info("no", metadata: ["event": "refused", "refusal": "unknown_token"])
        #expect(try journal.next()["MESSAGE_ID"] == MessageIdentifier(.unknownToken).description)
    }

    @Test("a sentence of several lines stays one entry, and cannot forge a field")
    func severalLines() throws {
        let journal = try JournalSocket()
        journal.logger.error("one\nPRIORITY=0\nthree")
        let fields = try journal.next()
        #expect(fields["MESSAGE"] == "one\nPRIORITY=0\nthree")
        #expect(fields["PRIORITY"] == "3")
    }

    @Test("the journal is chosen only where standard error really leads to it")
    func stream() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        var status = stat()
        try #require(fstat(descriptor, &status) == 0)
        let named = "\(status.st_dev):\(status.st_ino)"
        #expect(leadsToJournal(descriptor, ["JOURNAL_STREAM": named]))
        #expect(!leadsToJournal(descriptor, ["JOURNAL_STREAM": "0:1"]))
        #expect(!leadsToJournal(descriptor, [:]))
    }
}

/// The journal's end: a bound socket, and a logger that sends to it.
private final class JournalSocket {
    let logger: Logger
    private let path: String
    private let descriptor: Int32

    init() throws {
        let path = NSTemporaryDirectory() + "journal-\(UUID().uuidString.prefix(8))"
        self.path = path
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        let sender = try #require(DatagramSender(path))
        logger = Logger(label: "test") { _ in DaemonLog(level: LogLevel("trace"), write: JournalLog(sender).write) }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// The fields of the next entry, read as the protocol describes them.
    func next() throws -> [String: String] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        try #require(count > 0)
        var rest = buffer[..<count]
        var fields: [String: String] = [:]
        while let end = rest.firstIndex(of: 10) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if let sign = line.firstIndex(of: UInt8(ascii: "=")) {
                fields[text(line[..<sign])] = text(line[(sign + 1)...])
            } else {
                let size = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(8)
                fields[text(line)] = text(rest.prefix(size))
                rest = rest.dropFirst(size + 1)
            }
        }
        return fields
    }

    private func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
