// The client against a real server on a Unix socket: good answers, refusals, and every way a daemon can be gone.

import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import ControlClient

@Suite("The client asks the daemon", .timeLimit(.minutes(1)))
struct ControlClientTests {
    @Test("get, post and put arrive as they were sent, and the answer comes back")
    func requests() async throws {
        try await withDaemon({ request in .answer(status: 200, body: #"{"n":\#(request.body.count)}"#) }) {
            daemon, client in
            #expect(try await client.get("/v1/status").text == #"{"n":0}"#)
            #expect(try await client.post("/v1/plug", json: #"{"connector":1}"#).text == #"{"n":15}"#)
            let file = daemon.socketPath + ".list"
            let content = Data((0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            try content.write(to: URL(fileURLWithPath: file))
            #expect(try await client.put("/v1/allowlist", file: file).text == #"{"n":1000003}"#)
            let seen = daemon.requests
            #expect(seen.map(\.method) == [.GET, .POST, .PUT])
            #expect(seen.map(\.path) == ["/v1/status", "/v1/plug", "/v1/allowlist"])
            #expect(seen[1].headers["Content-Type"] == ["application/json"])
            #expect(Data(seen[2].body) == content)
        }
    }

    @Test("a refusal carries the daemon's own code, sentence and remedy")
    func refusal() async throws {
        let body =
            #"{"error":{"code":"no_such_connector","message":"There is no connector 9.","what_to_do":"Use 1 or 2."}}"#
        try await withDaemon({ _ in .answer(status: 404, body: body) }) { _, client in
            let error = await #expect(throws: ControlError.self) { try await client.post("/v1/plug") }
            let expected = ControlRefusal(
                status: 404, code: "no_such_connector", message: "There is no connector 9.", whatToDo: "Use 1 or 2."
            )
            #expect(error == .refused(expected))
            #expect(error?.exitCode == 65)
            #expect(error?.description == "There is no connector 9. Use 1 or 2.")
        }
    }

    @Test("a refusal without a reason still says something")
    func bareRefusal() async throws {
        try await withDaemon({ _ in .answer(status: 500, body: "oops") }) { _, client in
            let error = await #expect(throws: ControlError.self) { try await client.get("/") }
            #expect(error?.exitCode == 70)
            #expect(error?.message == "The daemon answered with status 500 and no reason.")
        }
    }

    @Test("no socket, nobody listening, a path too long")
    func absent() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let missing = ControlClient(socketPath: folder + "/none.sock")
        await #expect(throws: ControlError.noSocket(path: missing.socketPath)) { try await missing.get("/") }
        let stale = ControlClient(socketPath: folder + "/stale.sock")
        try leaveStaleSocket(at: stale.socketPath)
        await #expect(throws: ControlError.nobodyListens(path: stale.socketPath)) { try await stale.get("/") }
        let long = ControlClient(socketPath: "/" + String(repeating: "x", count: 200))
        await #expect(throws: ControlError.pathTooLong(path: long.socketPath)) { try await long.get("/") }
    }

    @Test(
        "each way of being gone has its exit code",
        arguments: [
            (ControlError.noSocket(path: ""), 69), (.nobodyListens(path: ""), 69), (.notPermitted(path: ""), 77),
            (.timedOut(path: "", milliseconds: 1), 75), (.fileUnreadable(path: "", reason: ""), 66),
        ] as [(ControlError, Int32)])
    func exitCodes(_ error: ControlError, _ code: Int32) {
        #expect(error.exitCode == code)
        #expect(error.message.hasSuffix(".") && error.remedy.hasSuffix("."))
    }

    @Test(
        "a refusal's exit code says whether to mend the request, the configuration or the tool, or to try again",
        arguments: [
            (404, "no_such_connector", 65), (409, "no_such_connector", 65), (422, "bad_value", 65),
            (404, "no_such_route", 76), (503, "not_configured", 78), (422, "bad_configuration", 78),
            (409, "connector_busy", 75), (503, "busy", 69), (403, "foreign_host", 77),
        ] as [(Int, String, Int32)])
    func refusalCodes(_ status: Int, _ code: String, _ exit: Int32) {
        let refusal = ControlRefusal(status: status, code: code, message: "", whatToDo: "")
        #expect(ControlError.refused(refusal).exitCode == exit)
    }

    @Test("a socket that this user may not use is told from one that is not there")
    func permission() {
        let client = ControlClient(socketPath: "/s")
        #expect(client.explained(IOError(errnoCode: EACCES, reason: "connect")) == .notPermitted(path: "/s"))
        #expect(client.explained(IOError(errnoCode: EMFILE, reason: "connect")).exitCode == 69)
    }

    @Test("a daemon that never answers is left at the deadline")
    func silence() async throws {
        try await withDaemon({ _ in .silence }) { daemon, client in
            var client = client
            client.timeout = .milliseconds(50)
            await #expect(throws: ControlError.timedOut(path: daemon.socketPath, milliseconds: 50)) {
                try await client.get("/")
            }
        }
    }

    @Test("a daemon that dies while it answers, one that says too much, and something that is no daemon")
    func broken() async throws {
        let replies: [String: Reply] = [
            "/half": .half, "/garbage": .garbage, "/much": .answer(status: 200, body: "0123456789a"),
        ]
        try await withDaemon({ replies[$0.path] ?? .silence }) { daemon, client in
            var client = client
            client.maximumAnswerBytes = 10
            await #expect(throws: ControlError.connectionLost(path: daemon.socketPath)) {
                try await client.get("/half")
            }
            await #expect(throws: ControlError.answerTooLarge(limitBytes: 10)) { try await client.get("/much") }
            await #expect(throws: ControlError.notTheDaemon(path: daemon.socketPath, reason: "no HTTP")) {
                try await client.get("/garbage")
            }
        }
    }

    @Test("a file that cannot be sent is named", arguments: ["/no/such/file", "/", "/dev/null"])
    func unreadable(_ path: String) async throws {
        let error = await #expect(throws: ControlError.self) { try await ControlClient().put("/", file: path) }
        #expect(error?.exitCode == 66 && error?.message.contains(path) == true)
    }

    @Test("a cancelled request ends at once")
    func cancelled() async throws {
        try await withDaemon({ _ in .silence }) { daemon, client in
            let request = Task { try await client.get("/") }
            while daemon.requests.isEmpty { await Task.yield() }
            request.cancel()
            let result = await request.result
            #expect(throws: ControlError.cancelled) { try result.get() }
        }
    }
}

/// A socket file that a daemon killed without warning leaves behind.
private func leaveStaleSocket(at path: String) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    try #require(result == 0)
}
