// The event stream: parsing, resuming after the daemon was gone, and noticing that it has fallen silent.

import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import ControlClient

@Suite("The client follows events", .timeLimit(.minutes(1)))
struct ControlEventsTests {
    private func events(in text: String) -> [ControlEvent] {
        var parser = EventParser()
        return text.utf8.compactMap { byte in
            if case .event(let event) = parser.take(byte) { event } else { nil }
        }
    }

    @Test("fields, comments, several lines, and every kind of line end")
    func parsing() {
        let text =
            ": hello\n\nid: 7\nevent: state\ndata: {\"a\":\ndata: 1}\n\ndata:x\r\n\r\nretry: 5\nid\rdata\r\rdata: cut"
        #expect(
            events(in: text) == [
                ControlEvent(id: "7", event: "state", data: "{\"a\":\n1}"),
                ControlEvent(id: "7", event: "message", data: "x"),
                ControlEvent(id: "", event: "message", data: ""),
            ])
    }

    @Test("an event without end is given up")
    func endless() {
        var parser = EventParser()
        var outcome = EventParser.Outcome.nothing
        for _ in 0...EventParser.eventBytesAtMost { outcome = parser.take(UInt8(ascii: "a")) }
        #expect(outcome == .tooLarge)
    }

    @Test("after the daemon was gone the stream goes on where it stopped")
    func resuming() async throws {
        try await withDaemon({ request in
            request.headers["Last-Event-ID"] == ["3"]
                ? .stream("id: 4\ndata: d\n\n", thenCloses: false)
                : .stream("id: 2\ndata: b\n\nid: 3\ndata: c\n\nid: 4\nda", thenCloses: true)
        }) { daemon, client in
            var stream = client.events("/v1/events", after: "1")
            stream.retryDelay = .milliseconds(1)
            var seen: [ControlEvents.Element] = []
            for try await element in stream {
                seen.append(element)
                if seen.count == 6 { break }
            }
            #expect(
                seen == [
                    .opened, .event(ControlEvent(id: "2", event: "message", data: "b")),
                    .event(ControlEvent(id: "3", event: "message", data: "c")),
                    .lost(.connectionLost(path: daemon.socketPath)), .opened,
                    .event(ControlEvent(id: "4", event: "message", data: "d")),
                ])
            #expect(daemon.requests.map { $0.headers["Last-Event-ID"] } == [["1"], ["3"]])
            #expect(daemon.requests[0].headers["Accept"] == ["text/event-stream"])
        }
    }

    @Test("a stream that falls silent counts as lost, at once or later", arguments: ["", ": hello\n\n"])
    func silence(_ text: String) async throws {
        try await withDaemon({ _ in .stream(text, thenCloses: false) }) { daemon, client in
            var stream = client.events("/v1/events")
            stream.silenceAtMost = .milliseconds(50)
            var iterator = stream.makeAsyncIterator()
            let first = try await iterator.next()
            let second = try await iterator.next()
            #expect(first == .opened)
            #expect(second == .lost(.timedOut(path: daemon.socketPath, milliseconds: 50)))
        }
    }

    @Test("the first connection has to succeed, and a refusal is final")
    func first() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var absent = ControlClient(socketPath: folder + "/none").events("/").makeAsyncIterator()
        await #expect(throws: ControlError.noSocket(path: folder + "/none")) { try await absent.next() }
        let body = #"{"error":{"code":"gone","message":"Too old.","what_to_do":"Start anew."}}"#
        try await withDaemon({ _ in .answer(status: 410, body: body) }) { _, client in
            var refused = client.events("/").makeAsyncIterator()
            let refusal = ControlRefusal(status: 410, code: "gone", message: "Too old.", whatToDo: "Start anew.")
            await #expect(throws: ControlError.refused(refusal)) { try await refused.next() }
        }
        try await withDaemon({ _ in .answer(status: 200, body: "{}") }) { daemon, client in
            var other = client.events("/").makeAsyncIterator()
            await #expect(throws: ControlError.notTheDaemon(path: daemon.socketPath, reason: "no event stream")) {
                try await other.next()
            }
        }
    }

    @Test("a cancelled reader ends, listening or waiting", arguments: [false, true])
    func cancelled(_ closes: Bool) async throws {
        try await withDaemon({ _ in .stream("id: 1\ndata: a\n\n", thenCloses: closes) }) { daemon, client in
            let counted = Mutex(0)
            let seen = Task {
                var stream = client.events("/v1/events")
                stream.retryDelay = .seconds(3_600)
                var elements: [ControlEvents.Element] = []
                for try await element in stream {
                    elements.append(element)
                    counted.withLock { $0 += 1 }
                }
                return elements.count
            }
            while counted.withLock(\.self) < (closes ? 3 : 2) { await Task.yield() }
            seen.cancel()
            let count = try await seen.value
            #expect(count == (closes ? 3 : 2))
        }
    }

    @Test("a reader that falls far behind loses the connection and no event")
    func behind() async throws {
        let many = 3 * EventConnection.queuedAtMost
        try await withDaemon({ request in
            let first = (request.headers["Last-Event-ID"].first.flatMap(Int.init) ?? 0) + 1
            let text = (first..<max(first, many + 1)).map { "id: \($0)\ndata: x\n\n" }.joined()
            return .stream(text, thenCloses: false)
        }) { _, client in
            var stream = client.events("/v1/events")
            stream.retryDelay = .milliseconds(1)
            var numbers: [Int] = []
            for try await element in stream {
                if case .event(let event) = element { numbers.append(Int(event.id) ?? 0) }
                if numbers.count == many { break }
            }
            #expect(numbers == Array(1...many))
        }
    }
}
