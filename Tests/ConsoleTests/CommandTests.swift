// What the local interface lets people do, and how it says no.

import Console
import ControlClient
import Foundation
import Post
import Synchronization
import Testing

@Suite("What the local interface lets people do", .timeLimit(.minutes(1)))
struct CommandTests {
    private static let fault = Fault.allCases[0]

    @Test(
        "each route is one command of the core",
        arguments: [
            ("connectors/2/start", OperatorCommand.start(ConnectorID(1), TokenName(high: 0, low: 2))),
            ("connectors/1/stop", .stop(ConnectorID(0), .remote)),
            ("connectors/1/available", .setAvailable(ConnectorID(0), true)),
            ("connectors/8/unavailable", .setAvailable(ConnectorID(7), false)),
            ("faults/\(fault.code)/clear", .clearFault(fault, nil)),
            ("faults/\(fault.code)/clear?connector=2", .clearFault(fault, ConnectorID(1))),
        ])
    func commands(_ path: String, _ expected: OperatorCommand) async throws {
        let post = ScriptedPost()
        try await onSocket(post) { client in
            let answer = try await client.post("/v1/\(path)", json: #"{"reason":"replaced"}"#)
            #expect(answer.text == "{\"done\":true}\n")
        }
        #expect(post.commands == [expected])
    }

    @Test("a fault is cleared where the body says")
    func clearByBody() async throws {
        let post = ScriptedPost()
        try await onSocket(post) { client in
            _ = try await client.post(
                "/v1/faults/\(Self.fault.code)/clear", json: #"{"connector":3,"reason":"replaced"}"#)
        }
        #expect(post.commands == [.clearFault(Self.fault, ConnectorID(2))])
        let kept = try #require(post.state.withLock(\.cleared).first)
        #expect(kept.fault == Self.fault && kept.connector == ConnectorID(2) && kept.reason == "replaced")
        // The kernel says who is at the other end: this process.
        #expect(kept.by == NSUserName() || kept.by == "user \(getuid())")
    }

    @Test(
        "no fault is cleared without a reason in one line",
        arguments: [
            "{}", "", #"{"connector":1}"#, #"{"reason":""}"#, #"{"reason":"   "}"#, #"{"reason":"one\ntwo"}"#,
            "{\"reason\":\"\(String(repeating: "x", count: 201))\"}",
        ])
    func noReason(_ body: String) async throws {
        let post = ScriptedPost()
        try await onSocket(post) { client in
            let refusal = try await refused {
                try await client.post("/v1/faults/\(Self.fault.code)/clear", json: body)
            }
            #expect(refusal?.status == 400 && refusal?.code == "no_reason")
            #expect(refusal?.whatToDo.contains("reason") == true)
        }
        #expect(post.commands.isEmpty && post.state.withLock(\.cleared).isEmpty)
    }

    @Test(
        "a place or a word that makes no sense does nothing",
        arguments: [
            ("connectors/0/stop", "{}", 404, "no_such_connector"),
            ("connectors/9/stop", "{}", 404, "no_such_connector"),
            ("connectors/x/stop", "{}", 404, "no_such_connector"),
            ("connectors/1/dance", "{}", 404, "no_such_verb"),
            ("faults/nonsense/clear", "{}", 404, "no_such_fault"),
            ("faults/\(fault.code)/clear?connector=x", "{}", 404, "no_such_connector"),
            ("faults/\(fault.code)/clear?connector=0", "{}", 404, "no_such_connector"),
            ("faults/\(fault.code)/clear", #"{"connector":"one"}"#, 400, "bad_request"),
            ("faults/\(fault.code)/clear", #"{"connector":0}"#, 404, "no_such_connector"),
            ("nowhere", "{}", 404, "no_such_route"), ("status", "{}", 404, "no_such_route"),
        ])
    func nonsense(_ path: String, _ body: String, _ status: Int, _ code: String) async throws {
        let post = ScriptedPost()
        try await onSocket(post) { client in
            let refusal = try await refused {
                try await client.post("/v1/\(path)", json: body)
            }
            #expect(refusal?.status == status && refusal?.code == code)
            #expect(refusal?.message.isEmpty == false && refusal?.whatToDo.isEmpty == false)
        }
        #expect(post.commands.isEmpty)
    }

    @Test("a refusal of the core is a conflict with its code and sentence", arguments: Refusal.allCases)
    func refusals(_ refusal: Refusal) async throws {
        let post = ScriptedPost()
        post.change { $0.refusal = refusal }
        try await onSocket(post) { client in
            let answer = try await refused { try await client.post("/v1/connectors/1/start") }
            #expect(answer?.status == 409 && answer?.code == refusal.code)
            #expect(answer?.message.isEmpty == false && answer?.whatToDo.isEmpty == false)
        }
    }

    @Test("a body is taken up to 64 KiB", arguments: [(65_536, true), (65_537, false), (1_000_000, false)])
    func bodies(_ count: Int, _ isTaken: Bool) async throws {
        let echo = ExtraRoute(path: "sim/echo") { body in "{\"bytes\":\(body.count)}" }
        let post = ScriptedPost()
        try await onSocket(post, extra: [echo]) { client in
            let body = [UInt8](repeating: 32, count: count)
            for path in ["/v1/sim/echo", "/v1/connectors/1/stop"] {
                if isTaken {
                    _ = try await client.post(path, json: body)
                } else {
                    let refusal = try await refused {
                        try await client.post(path, json: body)
                    }
                    #expect(refusal?.status == 413 && refusal?.code == "body_too_large")
                }
            }
        }
        #expect(post.commands.count == (isTaken ? 1 : 0))
    }

    @Test("a list is taken piece by piece, whole; one that is refused midway is forgotten, and the next is taken")
    func listUpload() async throws {
        let post = ScriptedPost()
        try await onSocket(post) { client in
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("l-\(UUID())").path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try Data(repeating: 0xFF, count: 300_000).write(to: URL(fileURLWithPath: folder))
            let refusal = try await refused { try await client.put("/v1/allow-list", file: folder) }
            #expect(refusal?.status == 409 && refusal?.code == "not_a_list")
            try Data(repeating: 7, count: 300_000).write(to: URL(fileURLWithPath: folder))
            #expect(try await client.put("/v1/allow-list", file: folder).text == "{\"bytes\":300000}\n")
        }
        #expect(post.state.withLock(\.abandoned) == 2)
    }

    @Test("the configuration is read again when it is asked for")
    func reload() async throws {
        let post = ScriptedPost()
        try await onSocket(post) { _ = try await $0.post("/v1/configuration/reload") }
        #expect(post.state.withLock(\.reloads) == 1)
    }

    @Test("a bench's route says no in the same shape")
    func extraRoutes() async throws {
        let problem = ConsoleProblem(status: 409, code: "not_possible", message: "No.", whatToDo: "Look.")
        let route = ExtraRoute(path: "sim/plug") { _ throws(ConsoleProblem) in throw problem }
        try await onSocket(ScriptedPost(), extra: [route]) { client in
            let refusal = try await refused { try await client.post("/v1/sim/plug") }
            #expect(
                refusal == ControlRefusal(status: 409, code: "not_possible", message: "No.", whatToDo: "Look."))
        }
    }
}

@Suite("Loopback only reads, and only under a local name", .timeLimit(.minutes(1)))
struct LoopbackTests {
    private func request(_ line: String, host: String) -> String {
        "\(line) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    }

    @Test(
        "the status under every local name",
        arguments: ["localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080"])
    func localNames(_ host: String) async throws {
        try await onLoopback(ScriptedPost()) { exchange in
            let answer = try await exchange(request("GET /v1/status", host: host))
            #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains("\"name\":\"Yard\""))
        }
    }

    @Test(
        "no other name",
        arguments: ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]", ""])
    func foreignNames(_ host: String) async throws {
        try await onLoopback(ScriptedPost()) { exchange in
            for path in ["/v1/status", "/v1/events"] {
                let answer = try await exchange(request("GET \(path)", host: host))
                #expect(answer.hasPrefix("HTTP/1.1 403") && answer.contains("foreign_host"), "\(answer)")
            }
        }
    }

    @Test("metrics, which Prometheus scrapes over TCP")
    func metrics() async throws {
        try await onLoopback(ScriptedPost()) { exchange in
            let answer = try await exchange(request("GET /metrics", host: "127.0.0.1:9464"))
            #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains("holdfast_outbox_records 3"))
        }
    }

    @Test(
        "nothing that changes anything, and nothing but status, events and metrics",
        arguments: [
            "POST /v1/connectors/1/stop", "POST /v1/connectors/1/start", "POST /v1/status", "GET /v1/sessions",
            "PUT /v1/allow-list", "POST /v1/configuration/reload", "POST /metrics",
        ])
    func noCommands(_ line: String) async throws {
        let post = ScriptedPost()
        try await onLoopback(post) { exchange in
            let answer = try await exchange(request(line, host: "localhost"))
            #expect(answer.hasPrefix("HTTP/1.1 404") && answer.contains("\"no_such_route\""), "\(answer)")
        }
        #expect(post.commands.isEmpty)
        #expect(post.state.withLock(\.reloads) == 0)
    }
}
