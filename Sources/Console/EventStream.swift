// Server-sent events: a snapshot first, then every line of the journal, resumed where a viewer left off.

import Hummingbird
import NIOCore

enum EventStream {
    /// A stream that begins after the event a viewer saw last, or with a snapshot.
    static func response(_ source: any ConsoleSource, after last: String?) throws -> Response {
        guard let changes = source.changes() else {
            throw ConsoleProblem(
                status: 503, code: "too_many_viewers", message: "Too many viewers are connected.",
                whatToDo: "Close one, or ask status now and then instead.")
        }
        let resumed = last.flatMap { UInt64($0) }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .init { writer in
                var seen: UInt64
                if let resumed, !source.journal(after: resumed).isGap {
                    seen = resumed
                } else {
                    seen = source.status().newestReport
                    try await writer.write(snapshot(source))
                }
                for await _ in merged(changes) {
                    let (lines, isGap) = source.journal(after: seen)
                    if isGap {
                        seen = source.status().newestReport
                        try await writer.write(snapshot(source))
                        continue
                    }
                    for line in lines {
                        seen = line.number
                        try await writer.write(
                            ByteBuffer(string: "id: \(line.number)\nevent: entry\ndata: \(json(LineJSON(line)))\n\n"))
                    }
                    try await writer.write(
                        ByteBuffer(string: "event: status\ndata: \(json(StatusJSON(source.status())))\n\n"))
                }
                try await writer.finish(nil)
            })
    }

    private static func snapshot(_ source: any ConsoleSource) -> ByteBuffer {
        let status = source.status()
        return ByteBuffer(
            string: "id: \(status.newestReport)\nevent: snapshot\ndata: \(json(StatusJSON(status)))\n\n")
    }

    /// Changes as they come, and a tick every two seconds, so that a silent post is told from a dead one.
    private static func merged(_ changes: AsyncStream<Void>) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let follower = Task { for await _ in changes { continuation.yield() } }
            let ticker = Task {
                while !Task.isCancelled {
                    try await ContinuousClock().sleep(for: .seconds(2))
                    continuation.yield()
                }
            }
            continuation.onTermination = { _ in
                follower.cancel()
                ticker.cancel()
            }
        }
    }
}
