// The event stream: a snapshot, every line once, going on after the last one seen, and an end.

import Console
import ControlClient
import NIOCore
import NIOPosix
import Post
import Testing

@Suite("The event stream", .timeLimit(.minutes(1)))
struct EventTests {
    private let flows = Report.energyFlows(SessionID(boot: 1, counter: 1), ConnectorID(0))

    /// The first events that are not repeated status, up to a count.
    private func first(_ count: Int, of events: ControlEvents) async throws -> [ControlEvent] {
        var found: [ControlEvent] = []
        for try await element in events {
            if case .event(let event) = element, event.event != "status" { found.append(event) }
            if found.count == count { break }
        }
        return found
    }

    @Test("a snapshot comes first, then each line with its number")
    func snapshotThenLines() async throws {
        let post = ScriptedPost()
        post.report(flows)
        try await onSocket(post) { client in
            var events: [ControlEvent] = []
            for try await element in client.events("/v1/events") {
                guard case .event(let event) = element, event.event != "status" else { continue }
                events.append(event)
                if events.count == 1 {
                    post.report(flows)
                    post.report(flows)
                }
                if events.count == 3 { break }
            }
            #expect(events.map(\.event) == ["snapshot", "entry", "entry"])
            #expect(events.map(\.id) == ["1", "2", "3"])
            #expect(events[0].data.contains("\"newest_report\":1"))
            #expect(events[1].data.contains("\"what\":\"energy_flows\""))
        }
    }

    @Test("a viewer goes on after the last line it saw, without a snapshot")
    func resume() async throws {
        let post = ScriptedPost()
        for _ in 1...4 { post.report(flows) }
        try await onSocket(post) { client in
            let events = try await first(2, of: client.events("/v1/events", after: "2"))
            #expect(events.map(\.event) == ["entry", "entry"] && events.map(\.id) == ["3", "4"])
        }
    }

    @Test(
        "lines that are gone, of another run or no number at all begin again with a snapshot",
        arguments: ["1", "99", "x", "-1", "18446744073709551616"])
    func snapshotInstead(_ last: String) async throws {
        let post = ScriptedPost()
        for _ in 1...6 { post.report(flows) }
        post.change { $0.oldest = 4 }
        try await onSocket(post) { client in
            let events = try await first(1, of: client.events("/v1/events", after: last))
            #expect(events.map(\.event) == ["snapshot"] && events.map(\.id) == ["6"])
        }
    }

    @Test("a stream without news still says that it lives, well before a viewer gives up")
    func livesOn() async throws {
        try await onSocket(ScriptedPost()) { client in
            var events = client.events("/v1/events")
            events.silenceAtMost = .seconds(5)
            var ticks = 0
            for try await element in events {
                if case .lost(let error) = element { Issue.record(error) }
                if case .event(let event) = element, event.event == "status" { ticks += 1 }
                if ticks == 3 { break }
            }
        }
    }

    @Test("an open stream does not keep the daemon from stopping: it ends")
    func endsOnStop() async throws {
        let post = ScriptedPost()
        let watching = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            try await onSocket(post) { client in
                group.addTask {
                    for try await element in client.events("/v1/events") {
                        if case .event = element { watching.continuation.yield() }
                        if case .lost = element { return true }
                    }
                    return false
                }
                var watched = watching.stream.makeAsyncIterator()
                await watched.next()
            }
            #expect(try await group.next() == true)
        }
    }

    @Test("a viewer that reads nothing is cut")
    func stalledViewerIsCut() async throws {
        let post = ScriptedPost()
        try await onSocket(post, cutsStalledAfter: .milliseconds(200)) { client in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.autoRead, value: false)
                .connect(unixDomainSocketPath: client.socketPath).get()
            try await channel.writeAndFlush(
                ByteBuffer(string: "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"))
            let flood = Task {
                while !Task.isCancelled {
                    post.report(flows)
                    await Task.yield()
                }
            }
            var gone = post.gone.stream.makeAsyncIterator()
            await gone.next()
            flood.cancel()
            try? await channel.close()
        }
    }
}
