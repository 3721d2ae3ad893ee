// Server-sent events: a snapshot first, then every line of the journal, resumed where a viewer left off.

import Hummingbird
import NIOCore
import ServiceLifecycle

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
                // A number that this run of the daemon has not reached is of an earlier run.
                if let resumed, resumed <= source.status().newestReport, !source.journal(after: resumed).isGap {
                    seen = resumed
                } else {
                    seen = try await snapshot(source, &writer)
                }
                // A viewer that stays must not keep the daemon from stopping.
                for await _ in merged(changes).cancelOnGracefulShutdown() {
                    let (lines, isGap) = source.journal(after: seen)
                    if isGap {
                        seen = try await snapshot(source, &writer)
                        continue
                    }
                    for line in lines {
                        seen = line.number
                        try await writer.write(event("entry", json(LineJSON(line)), id: line.number))
                    }
                    try await writer.write(event("status", json(StatusJSON(source.status())), id: nil))
                }
                try await writer.finish(nil)
            })
    }

    /// Writes everything anew; gives the number of the newest line it stands for.
    private static func snapshot(
        _ source: any ConsoleSource, _ writer: inout any ResponseBodyWriter
    ) async throws -> UInt64 {
        let status = source.status()
        try await writer.write(event("snapshot", json(StatusJSON(status)), id: status.newestReport))
        return status.newestReport
    }

    private static func event(_ kind: String, _ data: String, id: UInt64?) -> ByteBuffer {
        ByteBuffer(string: (id.map { "id: \($0)\n" } ?? "") + "event: \(kind)\ndata: \(data)\n\n")
    }

    /// Changes as they come, and a tick every two seconds, so that a silent post is told from a dead one.
    private static func merged(_ changes: AsyncStream<Void>) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let follower = Task {
                for await _ in changes { continuation.yield() }
                continuation.finish()
            }
            // A viewer that goes on where it left off need not wait for the next change.
            continuation.yield()
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
