// The built programs as processes: what a user runs.

import ControlClient
import Foundation
import Testing

/// The repository's root.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// Where the build left the programs: beside the tests.
let programs = root + "/.build/debug"

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
    private var operatorID = ""
    private var speed = 1
    /// Which daemon is started.
    var program = "holdfastd-bench"
    /// Variables of the daemon's environment.
    var environment: [String: String] = [:]
    var list: String { folder + "/list.pal" }
    var configuration: String { folder + "/post.yaml" }
    var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }

    init(speed: Int = 60) throws {
        folder = "/tmp/holdfast-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(try run("holdfast", ["allowlist", "keygen", "--out", folder + "/keys"]).code == 0)
        try issue("list.pal", version: 1, ["free:ALICE", "free:BOB"])
        let install = [
            "allowlist", "install", folder + "/list.pal", "--keys", folder + "/keys", "--state", folder + "/state",
        ]
        #expect(try run("holdfast", install).code == 0)
        let operatorID = try String(contentsOfFile: folder + "/keys/operator", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        self.operatorID = operatorID
        self.speed = speed
        try configure()
    }

    /// Writes the configuration; `lines` are added to it.
    func configure(_ lines: String = "price: {currency: EUR, minor_units_per_kwh: 49}") throws {
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
        real_time: {priority: 0, lock_memory: false}
        \(lines)
        """.write(toFile: folder + "/post.yaml", atomically: true, encoding: .utf8)
    }

    /// Lets the simulated devices speak Modbus by the repository's register maps, at the clock's own speed.
    func speakModbus(_ folder: String = root + "/hardware/meters") throws {
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        try text.replacingOccurrences(
            of: "backend: {kind: simulated, speed: \(speed)}",
            with: "backend: {kind: simulated, speed: 1, modbus: \(folder)}"
        ).write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    /// Makes it a post of one connector on a board of its own instead of the simulated one; returns the profile.
    func useBoard() throws -> String {
        for name in ["boards", "meters"] {
            try FileManager.default.copyItem(atPath: root + "/hardware/" + name, toPath: folder + "/" + name)
        }
        let profile = folder + "/boards/board.yaml"
        try FileManager.default.copyItem(atPath: folder + "/boards/raspberry-pi-cm4-cm5.yaml", toPath: profile)
        try """
        connectors: [{name: left}]
        stages: [{rated_power: 150kW}]
        backend: {kind: hardware, profile: \(profile)}
        state_folder: \(folder)/state
        socket: \(socket)
        real_time: {priority: 0, lock_memory: false}
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        return profile
    }

    /// Adds keys to what the configuration says of lists.
    func allowList(_ more: String) throws {
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        try text.split(separator: "\n").map { line in
            line.hasPrefix("allow_list: {") ? line.dropLast() + more + "}" : String(line)
        }.joined(separator: "\n").write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    deinit {
        daemon?.terminate()
        daemon?.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func start() async throws {
        try launch()
        try await until("the daemon serves") { (try? await self.status()) != nil }
    }

    /// Starts the daemon without waiting for it.
    func launch(through wrapper: [String] = []) throws {
        let process = Process()
        let words = wrapper + [programs + "/" + program, "--config", configuration, "--log-format", "json"]
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        _ = FileManager.default.createFile(atPath: folder + "/log", contents: nil)
        process.standardError = FileHandle(forWritingAtPath: folder + "/log")
        try process.run()
        daemon = process
    }

    /// Issues a list; with the salt of the list before, if one is named.
    func issue(_ name: String, version: Int, after previous: String? = nil, _ drivers: [String]) throws {
        try (drivers.joined(separator: "\n") + "\n").write(
            toFile: folder + "/drivers.csv", atomically: true, encoding: .utf8)
        let order = [
            "allowlist", "issue", "--in", folder + "/drivers.csv", "--keys", folder + "/keys", "--version-number",
            "\(version)", "--out", folder + "/" + name,
        ]
        let salt = previous.map { ["--previous", folder + "/" + $0] } ?? []
        #expect(try run("holdfast", order + salt).code == 0)
    }

    /// The refusal that a request meets, or nil.
    func refusal(_ request: (ControlClient) async throws -> ControlAnswer) async throws -> ControlRefusal? {
        do {
            _ = try await request(client)
            return nil
        } catch ControlError.refused(let refusal) {
            return refusal
        }
    }

    /// Plugs in and shows a card; returns when the state is reached.
    func charge(_ token: String = "free:ALICE", at number: Int = 1, until wanted: String = "charging") async throws
    {
        #expect(try holdfast("sim", "plug", "\(number)").code == 0)
        try await until("plugged in") { try await self.state(number) == "occupied" }
        #expect(try holdfast("sim", "tap", token).code == 0)
        try await until(wanted) { try await self.state(number) == wanted }
    }

    func kill() {
        guard let daemon else { return }
        Foundation.kill(daemon.processIdentifier, SIGKILL)
        daemon.waitUntilExit()
        self.daemon = nil
    }

    /// Asks the daemon to read its configuration again.
    func hangUp() { if let daemon { Foundation.kill(daemon.processIdentifier, SIGHUP) } }

    /// The permission bits of a file.
    func mode(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
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
