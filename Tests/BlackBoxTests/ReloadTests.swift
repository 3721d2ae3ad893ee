// A configuration read again, mended, or broken, while the daemon runs.

import ControlClient
import Foundation
import Testing

@Suite("The configuration while the daemon runs", .serialized)
struct ReloadTests {
    private func price(_ bench: Bench) async throws -> Int? {
        (try await bench.status()["price"] as? [String: Any])?["minor_units_per_kwh"] as? Int
    }

    private func configuration(_ bench: Bench) async throws -> [String: Any] {
        try await bench.status()["configuration"] as? [String: Any] ?? [:]
    }

    @Test(
        "a lower limit counts at once; a higher one and a new price wait until the driver has left; hardware for a start"
    )
    func pending() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.charge()
        try bench.configure(
            "price: {currency: EUR, minor_units_per_kwh: 79}\nsite: {limit: 50kW, fail_safe_limit: 10kW}\nloopback_port: 9"
        )
        bench.hangUp()
        try await bench.until("pending") { try await self.configuration(bench)["is_pending"] as? Bool == true }
        try await bench.until("a lower limit") {
            let watts = try await bench.connector()["granted_watts"] as? Int ?? 0
            return try await bench.state() == "charging" && watts > 0 && watts <= 50_500
        }
        #expect(try await price(bench) == 49)
        let told = try bench.holdfast("status").output
        #expect(told.contains("PENDING") && told.contains("0.49 EUR per kWh"))
        #expect(try await configuration(bench)["needs_restart"] as? [String] == ["loopback_port"])
        // Higher again, while the lower one is in force: that waits.
        try bench.configure(
            "price: {currency: EUR, minor_units_per_kwh: 79}\nsite: {limit: 80kW, fail_safe_limit: 10kW}")
        _ = try await bench.client.post("/v1/configuration/reload")
        #expect(try await bench.connector()["granted_watts"] as? Int ?? 0 <= 50_500)
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("finished") { try await bench.state() == "finishing" }
        #expect(try bench.holdfast("sim", "unplug", "1").code == 0)
        try await bench.until("taken") { try await self.configuration(bench)["is_pending"] as? Bool == false }
        try await bench.charge()
        try await bench.until("power") { try await bench.connector()["power_watts"] as? Int ?? 0 > 10_000 }
        try await bench.until("the higher limit") {
            try await bench.connector()["granted_watts"] as? Int ?? 0 > 60_000
        }
        #expect(try await price(bench) == 79)
        let session = try await bench.connector()["session"] as? [String: Any] ?? [:]
        #expect((session["price"] as? [String: Any])?["minor_units_per_kwh"] as? Int == 79)
        let sessions = try await bench.sessions()
        let prices = sessions.map { ($0["price"] as? [String: Any])?["minor_units_per_kwh"] as? Int }
        #expect(prices == [79, 49])
        let (energy, cost) = (sessions[1]["energy_watt_hours"] as? Int, sessions[1]["cost_minor_units"] as? Int)
        #expect(cost == energy.map { ($0 * 49 + 500) / 1_000 })
        #expect(try bench.holdfast("session", "list").output.contains(" EUR"))
    }

    @Test("a bad file changes nothing, and log, status and the caller are told line and column")
    func refused() async throws {
        let bench = try Bench()
        try await bench.start()
        try bench.configure("limitz: {}\nprice: {currency: EUR, minor_units_per_kwh: 1}")
        let refusal = try await bench.refusal { try await $0.post("/v1/configuration/reload") }
        #expect(refusal?.status == 422 && refusal?.code == "bad_configuration")
        #expect(refusal?.message.contains("Did you mean \"limits\"?") == true)
        let told = try await configuration(bench)["refused"] as? [String] ?? []
        #expect(told.contains { $0.contains("post.yaml:12:1") }, "\(told)")
        #expect((try await bench.status()["price"] as? [String: Any])?["minor_units_per_kwh"] as? Int == 49)
        bench.hangUp()
        try await bench.until("logged") { bench.log.contains("post.yaml:12:1") }
        try await bench.charge()
        try bench.configure()
        _ = try await bench.client.post("/v1/configuration/reload")
        #expect((try await configuration(bench)["refused"] as? [String])?.isEmpty == true)
    }

    @Test("a bad file at the start: outputs are held by the last good board, and mending it brings the post back")
    func mended() async throws {
        let bench = try Bench()
        try await bench.start()
        #expect(bench.terminate() == 0)
        try bench.configure("limitz: {}")
        try await bench.start()
        let problems = try await bench.status()["configuration_problems"] as? [String] ?? []
        #expect(problems.contains { $0.contains("post.yaml:12:1") })
        #expect(
            try bench.holdfast("status").output.contains("The board of the last good configuration is known"))
        #expect(try bench.holdfast("sim", "plug", "1").code != 0)
        #expect(try bench.holdfast("status").output.contains("limitz"))
        try bench.configure()
        _ = try await bench.client.post("/v1/configuration/reload")
        try await bench.until("serving again") {
            (try? await bench.status()["configuration_problems"] as? [String])?.isEmpty == true
        }
        try await bench.charge()
        #expect(bench.terminate() == 0)
    }

    @Test(
        "a changed board counts at the next start and is said to; a broken one is refused, and the kept copy stays")
    func board() async throws {
        let bench = try Bench()
        bench.program = "holdfastd"
        let profile = try bench.useBoard()
        let kept = bench.folder + "/state/last-good/boards/board.yaml"
        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        func reload() async throws -> [String] {
            _ = try await bench.client.post("/v1/configuration/reload")
            return try await configuration(bench)["needs_restart"] as? [String] ?? ["no answer"]
        }
        try await bench.start()
        let good = try text(profile)
        #expect(try text(kept) == good)
        #expect(try await reload() == [])
        // One line for two contactors.
        try good.replacingOccurrences(of: "drive: {line: GPIO24", with: "drive: {line: GPIO22").write(
            toFile: profile, atomically: true, encoding: .utf8)
        let refusal = try await bench.refusal { try await $0.post("/v1/configuration/reload") }
        #expect(
            refusal?.status == 422 && refusal?.message.contains("GPIO22 is used twice") == true,
            "\(String(describing: refusal))")
        #expect(try text(kept) == good)
        try good.replacingOccurrences(of: "opens_within: 30ms", with: "opens_within: 20ms").write(
            toFile: profile, atomically: true, encoding: .utf8)
        #expect(try await reload() == [profile])
        #expect(try bench.holdfast("status").output.contains(profile))
        #expect(try text(kept) == good)
        try good.write(toFile: profile, atomically: true, encoding: .utf8)
        #expect(try await reload() == [])
        #expect(bench.terminate() == 0)
    }

    @Test("a second daemon touches neither socket nor records of the first")
    func second() async throws {
        let bench = try Bench()
        try await bench.start()
        // Before it serves there would be nothing to see of a harm that the others do.
        try await bench.until("it serves") { try await bench.state() == "available" }
        let same = try run("holdfastd-bench", ["--config", bench.configuration])
        #expect(same.code == 69 && same.errors.contains("another daemon answers"))
        let text = try String(contentsOfFile: bench.configuration, encoding: .utf8)
        try text.replacingOccurrences(of: "h.sock", with: "other.sock").write(
            toFile: bench.folder + "/other.yaml", atomically: true, encoding: .utf8)
        let records = try run("holdfastd-bench", ["--config", bench.folder + "/other.yaml"])
        #expect(records.code == 69 && records.errors.contains("another daemon keeps its records"))
        try "nonsense: 1\nsocket: \(bench.socket)\n".write(
            toFile: bench.folder + "/bad.yaml", atomically: true, encoding: .utf8)
        let bad = try run("holdfastd-bench", ["--config", bench.folder + "/bad.yaml"])
        #expect(bad.code == 69)
        let state = try await bench.state()
        #expect(state == "available", "\(state)")
        #expect(try bench.mode(of: bench.socket) == 0o660)
    }
}
