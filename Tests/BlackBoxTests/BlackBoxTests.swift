// The daemon and the tool as a user meets them: processes, sockets, files, signals.

import ControlClient
import Foundation
import Testing

@Suite("The built programs", .serialized)
struct BlackBoxTests {
    @Test("a listed driver charges with the cloud away, is stopped by card, and the session is told")
    func session() async throws {
        let bench = try Bench()
        try await bench.start()
        #expect(try await bench.status()["cloud_reachable"] as? Bool == false)
        #expect(try bench.holdfast("sim", "plug", "1").code == 0)
        try await bench.until("plugged in") { try await bench.state() == "occupied" }
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("charging") { try await bench.state() == "charging" }
        try await bench.until("energy") {
            ((try await bench.connector()["session"] as? [String: Any])?["energy_watt_hours"] as? Int ?? 0) > 100
        }
        #expect(try bench.holdfast("status").output.contains("CHARGING"))
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("finished") { try await bench.state() == "finishing" }
        #expect(try bench.holdfast("sim", "unplug", "1").code == 0)
        try await bench.until("free again") { try await bench.state() == "available" }
        let sessions = try await bench.sessions()
        #expect(sessions.count == 1)
        #expect(sessions[0]["stop_reason"] as? String == "local")
        #expect(sessions[0]["energy_watt_hours"] as? Int ?? 0 > 100)
        #expect(bench.terminate() == 0)
    }

    @Test("an unlisted driver is refused, and told why")
    func unlisted() async throws {
        let bench = try Bench()
        try await bench.start()
        #expect(try bench.holdfast("sim", "plug", "1").code == 0)
        try await bench.until("plugged in") { try await bench.state() == "occupied" }
        #expect(try bench.holdfast("sim", "tap", "free:MALLORY").code == 0)
        try await bench.until("refused") { try await bench.connector()["refused"] as? String == "unknown_token" }
        #expect(try await bench.sessions().isEmpty)
    }

    @Test("SIGTERM while charging ends the session in the orderly way")
    func terminated() async throws {
        let bench = try Bench()
        try await bench.start()
        #expect(try bench.holdfast("sim", "plug", "1").code == 0)
        try await bench.until("plugged in") { try await bench.state() == "occupied" }
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("charging") { try await bench.state() == "charging" }
        #expect(bench.terminate() == 0)
        // How it ended is told before the last line, not only kept in the records.
        let lines = bench.log.split(separator: "\n")
        let ended = try #require(lines.firstIndex { $0.contains("\"event\":\"session_ended\"") }, "\(bench.log)")
        let stopped = try #require(lines.firstIndex { $0.contains("stopped; power is withdrawn everywhere") })
        #expect(ended < stopped)
        try await bench.start()
        let sessions = try await bench.sessions()
        #expect(sessions.count == 1)
        #expect(sessions[0]["stop_reason"] is String)
    }

    @Test("a bad configuration is not a dark post: status says what is wrong, and --check names line and column")
    func badConfiguration() async throws {
        let bench = try Bench()
        let path = bench.folder + "/bad.yaml"
        try "connectors: []\nstagez: 1\n".write(toFile: path, atomically: true, encoding: .utf8)
        let check = try run("holdfastd", ["--check", "--config", path])
        #expect(check.code == 78)
        #expect(check.errors.contains("\(path):2:"))
        #expect(check.errors.contains("stages"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs + "/holdfastd")
        process.arguments = ["--config", path]
        process.environment = ["HOLDFAST_SOCKET": bench.socket]
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await bench.until("status is served") { (try? await bench.status()) != nil }
        let problems = try await bench.status()["configuration_problems"] as? [String] ?? []
        #expect(problems.contains { $0.contains("bad.yaml:2:") })
        // What nobody has looked at is not told as none.
        let shown = try bench.holdfast("status").output
        #expect(shown.contains("cloud: not asked   records owed: unknown"), "\(shown)")
        #expect(shown.contains("NOBODY IS LET IN: The configuration cannot be used"), "\(shown)")
        process.terminate()
        process.waitUntilExit()
    }

    @Test("without a daemon the tool says so in one sentence and exits with 69")
    func noDaemon() throws {
        let answer = try run("holdfast", ["status", "--socket", "/tmp/there-is-none.sock"])
        #expect(answer.code == 69)
        #expect(!answer.errors.isEmpty)
        let misspelt = try run("holdfast", ["statsu"])
        #expect(misspelt.code == 64)
        #expect(misspelt.errors.contains("status"))
    }

    @Test("the program that posts run has no simulator in it")
    func noSimulatorInside() throws {
        let deployed = try Data(contentsOf: URL(fileURLWithPath: programs + "/holdfastd"))
        let bench = try Data(contentsOf: URL(fileURLWithPath: programs + "/holdfastd-bench"))
        let symbol = Data("9Simulator5World".utf8)
        #expect(bench.range(of: symbol) != nil)
        #expect(deployed.range(of: symbol) == nil)
    }

    @Test("scenarios: a passing file exits 0, a failing one 1, a broken one 65, a missing one 66")
    func replayExitCodes() throws {
        let folder = "/tmp/holdfast-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func put(_ name: String, _ text: String) throws -> String {
            try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
            return folder + "/" + name
        }
        let good = try put("good.yaml", "title: idle\ntimeline:\n  - at: 5s\n    expect: {state: available}\n")
        let wrong = try put("wrong.yaml", "title: idle\ntimeline:\n  - at: 5s\n    expect: {state: charging}\n")
        let broken = try put("broken.yaml", "title: idle\ntimelime: []\n")
        #expect(try run("holdfast", ["replay", good]).code == 0)
        let failing = try run("holdfast", ["replay", wrong, "--junit", folder + "/junit.xml"])
        #expect(failing.code == 1)
        #expect(failing.output.contains("0 passed, 1 failed"))
        #expect(failing.output.contains("repeat with: holdfast replay"))
        #expect(try String(contentsOfFile: folder + "/junit.xml", encoding: .utf8).contains("<failure"))
        let unreadable = try run("holdfast", ["replay", broken])
        #expect(unreadable.code == 65)
        #expect(unreadable.output.contains("broken.yaml:2:1"))
        #expect(try run("holdfast", ["replay", folder + "/none"]).code == 66)
    }

    @Test("two processes play a scenario and a storm to the same hash: nothing depends on the process")
    func deterministic() throws {
        let scenario = root + "/Simulations/electrical/emergency-stop.yaml"
        let hashes = try (0..<2).map { _ in
            let answer = try run(
                "holdfast", ["replay", scenario, root + "/Simulations/sessions/plug-first.yaml", "--json"])
            let whole = try #require(
                JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
            return try #require(whole["scenarios"] as? [[String: Any]]).compactMap { $0["hash"] as? String }
        }
        #expect(hashes[0].count == 2 && !hashes[0].contains("0"))
        #expect(hashes[0] == hashes[1])
    }
}
