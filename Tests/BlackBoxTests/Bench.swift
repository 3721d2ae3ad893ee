// The built programs as processes: what a user runs.

import ControlClient
import Foundation
import Testing

/// Where the build left the programs: beside the tests.
let programs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(".build/debug").path

/// Runs a program to its end.
func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> (
    code: Int32, output: String, errors: String
) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: programs + "/" + program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
        process.terminationStatus, String(decoding: said, as: UTF8.self),
        String(decoding: complained, as: UTF8.self)
    )
}

/// A post in a folder of its own: keys, list, configuration, and a daemon that may be killed and started again.
final class Bench {
    let folder: String
    var socket: String { folder + "/h.sock" }
    var client: ControlClient { ControlClient(socketPath: socket) }
    private(set) var daemon: Process?

    init(speed: Int = 60) throws {
        folder = "/tmp/holdfast-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(try run("holdfast", ["allowlist", "keygen", "--out", folder + "/keys"]).code == 0)
        try "free:ALICE\nfree:BOB\n".write(toFile: folder + "/drivers.csv", atomically: true, encoding: .utf8)
        let issue = [
            "allowlist", "issue", "--in", folder + "/drivers.csv", "--keys", folder + "/keys", "--version-number",
            "1",
            "--out", folder + "/list.pal",
        ]
        #expect(try run("holdfast", issue).code == 0)
        let install = [
            "allowlist", "install", folder + "/list.pal", "--keys", folder + "/keys", "--state", folder + "/state",
        ]
        #expect(try run("holdfast", install).code == 0)
        let operatorID = try String(contentsOfFile: folder + "/keys/operator", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        try """
        connectors:
          - {name: left, stage: 1}
          - {name: right, stage: 2}
        stages:
          - {rated_power: 150kW}
          - {rated_power: 150kW}
        backend: {kind: simulated, speed: \(speed)}
        state_folder: \(folder)/state
        socket: \(socket)
        allow_list: {operator: "\(operatorID)", keys_file: \(folder)/keys/list-keys, pepper_file: \(folder)/keys/pepper}
        """.write(toFile: folder + "/post.yaml", atomically: true, encoding: .utf8)
    }

    deinit {
        daemon?.terminate()
        daemon?.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func start() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs + "/holdfastd-bench")
        process.arguments = ["--config", folder + "/post.yaml", "--log-format", "json"]
        _ = FileManager.default.createFile(atPath: folder + "/log", contents: nil)
        process.standardError = FileHandle(forWritingAtPath: folder + "/log")
        try process.run()
        daemon = process
        try await until("the daemon serves") { (try? await self.status()) != nil }
    }

    func kill() {
        guard let daemon else { return }
        Foundation.kill(daemon.processIdentifier, SIGKILL)
        daemon.waitUntilExit()
        self.daemon = nil
    }

    /// Asks the daemon to stop; returns its exit code.
    func terminate() -> Int32 {
        guard let daemon else { return -1 }
        daemon.terminate()
        daemon.waitUntilExit()
        self.daemon = nil
        return daemon.terminationStatus
    }

    func holdfast(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
        try run("holdfast", arguments, environment: ["HOLDFAST_SOCKET": socket])
    }

    func status() async throws -> [String: Any] {
        let answer = try await client.get("/v1/status")
        return try #require(JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }

    func connector(_ number: Int = 1) async throws -> [String: Any] {
        let connectors = try #require(try await status()["connectors"] as? [[String: Any]])
        return connectors[number - 1]
    }

    func state(_ number: Int = 1) async throws -> String { try await connector(number)["state"] as? String ?? "" }

    func sessions() async throws -> [[String: Any]] {
        let answer = try await client.get("/v1/sessions")
        return try #require(JSONSerialization.jsonObject(with: Data(answer.body)) as? [[String: Any]])
    }

    /// Waits for something that another process does, for a minute at most: machines are shared.
    func until(_ what: String, _ isSo: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if try await isSo() { return }
            try await ContinuousClock().sleep(for: .milliseconds(10))
        }
        let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
        Issue.record("never: \(what)\n\(log)")
    }
}
