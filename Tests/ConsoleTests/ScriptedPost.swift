// A post that says what a test tells it to, and a console over it on a real socket.

import ControlClient
import Foundation
import Logging
import NIOCore
import NIOPosix
import Post
import ServiceLifecycle
import Synchronization

@testable import Console

/// What the console asks, out of a script.
final class ScriptedPost: ConsoleSource {
    struct State {
        var view = ScriptedPost.quietView()
        var lines: [JournalLine] = []
        /// The lowest line that is still kept.
        var oldest: UInt64 = 1
        var refusal: Refusal?
        var commands: [OperatorCommand] = []
        var viewers: [AsyncStream<Void>.Continuation] = []
        var isUploading = false
        var uploaded: [UInt8] = []
        var abandoned = 0
        var cleared: [ClearedByHand] = []
        var reloads = 0
    }
    let state = Mutex(State())
    /// Gets an element whenever a viewer has gone.
    let gone = AsyncStream<Void>.makeStream()

    var commands: [OperatorCommand] { state.withLock(\.commands) }

    /// A post of one connector, free.
    static func quietView() -> StatusView {
        var connector = ConnectorStatus()
        connector.phase = .available
        connector.waiting = .plug
        return StatusView(
            name: "Yard", version: "1.2.3", backend: "simulated", problems: [],
            now: Instant(microseconds: 60_000_000), utcMilliseconds: 1_700_000_000_000, connectorNames: ["left"],
            connectors: [connector], isCloudReachable: false, recordsOwed: 3, allowList: "version 7",
            longestStepMicroseconds: 40, newestReport: 0)
    }

    func change(_ body: (inout State) -> Void) {
        let viewers = state.withLock { state in
            body(&state)
            return state.viewers
        }
        for viewer in viewers { viewer.yield() }
    }

    func report(_ report: Report) {
        change { state in
            state.view.newestReport += 1
            state.lines.append(
                JournalLine(number: state.view.newestReport, utcMilliseconds: 1_700_000_000_000, report: report))
        }
    }

    func status() -> StatusView { state.withLock(\.view) }
    func journal(after number: UInt64) -> (lines: [JournalLine], isGap: Bool) {
        state.withLock { state in
            let isGap = number + 1 < state.oldest && number < state.view.newestReport
            return (state.lines.filter { $0.number > number && $0.number >= state.oldest }, isGap)
        }
    }
    func changes() -> AsyncStream<Void>? {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.onTermination = { [gone] _ in gone.continuation.yield() }
        state.withLock { $0.viewers.append(continuation) }
        return stream
    }
    func command(_ command: OperatorCommand) async throws(ConsoleProblem) -> Refusal? {
        state.withLock { state in
            state.commands.append(command)
            return state.refusal
        }
    }
    func takeList(confirmed: String?) throws(ConsoleProblem) -> any ListUpload {
        guard
            state.withLock({ state in
                defer { state.isUploading = true }
                return !state.isUploading
            })
        else { throw ConsoleProblem(status: 409, code: "busy", message: "Busy.", whatToDo: "Wait.") }
        return ScriptedUpload(post: self)
    }
    func note(_ asked: ClearedByHand, _ refusal: Refusal?) { state.withLock { $0.cleared.append(asked) } }
    func reload() async throws(ConsoleProblem) -> String {
        state.withLock { $0.reloads += 1 }
        return "{\"outcome\":\"unchanged\"}"
    }
    func clearings(limit: Int) async throws(ConsoleProblem) -> [ClearingView] {
        state.withLock { state in
            state.cleared.suffix(limit).reversed().map {
                ClearingView($0, utcMilliseconds: 3, refusal: state.refusal)
            }
        }
    }
    func sessions(limit: Int) async throws(ConsoleProblem) -> [SessionView] {
        (0..<limit).map {
            SessionView(
                id: SessionID(boot: 1, counter: UInt32($0)), connector: ConnectorID(0), energyWattHours: 5,
                startedUTC: 1, stoppedUTC: 2, stopReason: .other, fault: .doorOpen)
        }
    }
}

/// Keeps what is sent; refuses a byte 0xFF where it comes.
struct ScriptedUpload: ListUpload {
    let post: ScriptedPost
    func take(_ bytes: [UInt8]) throws(ConsoleProblem) {
        guard !bytes.contains(0xFF) else {
            throw ConsoleProblem(status: 409, code: "not_a_list", message: "No list.", whatToDo: "Send another.")
        }
        post.state.withLock { $0.uploaded += bytes }
    }
    func finish() async throws(ConsoleProblem) -> String {
        "{\"bytes\":\(post.state.withLock { $0.uploaded.count })}"
    }
    func abandon() {
        post.state.withLock {
            $0.abandoned += 1
            $0.isUploading = false
        }
    }
}

/// Nobody reads these logs.
let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Runs a service while `body` talks to it, then stops it gracefully and waits for its end.
func serving(
    _ service: some Service, _ isServing: AsyncStream<Int>, _ body: (Int) async throws -> Void
) async throws {
    let group = ServiceGroup(services: [service], logger: silent)
    let running = Task { try await group.run() }
    var numbers = isServing.makeAsyncIterator()
    let result: Result<Void, any Error>
    do {
        if let number = await numbers.next() { try await body(number) }
        result = .success(())
    } catch {
        result = .failure(error)
    }
    await group.triggerGracefulShutdown()
    try await running.value
    try result.get()
}

/// Serves the post on a socket in a folder of its own.
func onSocket(
    _ post: ScriptedPost, extra: [ExtraRoute] = [], cutsStalledAfter: TimeAmount = .seconds(10),
    _ body: (ControlClient) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "console-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path + "/post.sock"
    let (isServing, continuation) = AsyncStream<Int>.makeStream()
    var routes = ConsoleRoutes(source: post, extra: extra)
    routes.cutsStalledAfter = cutsStalledAfter
    let application = routes.onSocket(path: path, logger: silent) { continuation.yield(0) }
    try await serving(application, isServing) { _ in try await body(ControlClient(socketPath: path)) }
}

/// Serves the post on loopback; `body` is handed something that sends the text and gives all that comes back.
func onLoopback(
    _ post: ScriptedPost, _ body: ((String) async throws -> String) async throws -> Void
) async throws {
    let (isServing, continuation) = AsyncStream<Int>.makeStream()
    let application = ConsoleRoutes(source: post).onLoopback(port: 0, logger: silent) { continuation.yield($0) }
    try await serving(application, isServing) { port in
        try await body { text in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: text))
                var all = ""
                for try await part in inbound { all += String(buffer: part) }
                return all
            }
        }
    }
}
