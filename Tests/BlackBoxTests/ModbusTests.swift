// The built daemon whose simulated meters, insulation monitors and stages stand behind a Modbus bus.

import ControlClient
import Foundation
import Testing

@Suite("A simulated post that speaks Modbus", .serialized)
struct ModbusTests {
    private func troubles(_ bench: Bench) async throws -> [String] {
        try await bench.status()["device_troubles"] as? [String] ?? []
    }

    private func number(_ key: String, _ bench: Bench) async throws -> Double {
        try await bench.connector()[key] as? Double ?? 0
    }

    @Test("a listed driver charges, and everything that the post knows of current and energy came over the bus")
    func charges() async throws {
        let bench = try Bench()
        try bench.speakModbus()
        try await bench.start()
        try await bench.until("ready") { try await bench.state() == "available" }
        #expect(try await troubles(bench).isEmpty)
        try await bench.charge()
        try await bench.until("current") { try await number("amperes", bench) > 5 }
        try await bench.until("energy") {
            ((try await bench.connector()["session"] as? [String: Any])?["energy_watt_hours"] as? Int ?? 0) > 100
        }
        // What the meter's registers say is what flows, whoever is asked.
        let look = try await bench.client.post("/v1/sim/look", json: "{}")
        let world = try #require(JSONSerialization.jsonObject(with: Data(look.body)) as? [String: Any])
        let truth = try #require((world["connectors"] as? [[String: Any]])?.first)
        let amperes = try #require(truth["contact_amperes"] as? Double)
        #expect(abs(try await number("amperes", bench) - amperes) < max(2, amperes / 20))

        // A slave that falls silent: the bus says so by name, and the post acts on it.
        #expect(try bench.holdfast("sim", "inject", "meter.silent").code == 0)
        var faults: Set<String> = []
        try await bench.until("meter_silent") {
            faults.formUnion(try await bench.connector()["faults"] as? [String] ?? [])
            return faults.contains("meter_silent")
        }
        try await bench.until("said by the bus") {
            try await troubles(bench).contains {
                $0.contains("meter of connector 1") && $0.contains("eastron-dcm230") && $0.contains("No answer")
            }
        }
        #expect(try await troubles(bench).count == 1)
        #expect(try bench.holdfast("sim", "heal", "meter.silent").code == 0)
        try await bench.until("heard again") { try await troubles(bench).isEmpty }
        #expect(bench.terminate() == 0)
    }

    @Test("a stage that takes no command over the bus gives nothing, and the post says which it is")
    func deafStage() async throws {
        let bench = try Bench()
        try bench.speakModbus()
        try await bench.start()
        try await bench.until("ready") { try await bench.state() == "available" }
        #expect(try bench.holdfast("sim", "inject", "stage.silent").code == 0)
        try await bench.until("said by the bus") {
            try await troubles(bench).contains { $0.contains("power stage 1") && $0.contains("ea-psb") }
        }
        #expect(try await bench.state(2) == "available")
        #expect(bench.terminate() == 0)
    }

    @Test("a folder without maps, and a speed that no bus can have, are one sentence and exit code 78")
    func refused() throws {
        let bench = try Bench()
        try bench.speakModbus(bench.folder)
        let none = try run("holdfastd-bench", ["--check", "--config", bench.configuration])
        #expect(none.code == 78 && none.errors.contains("backend.modbus"), "\(none)")
        #expect(none.errors.contains("eastron-dcm230.yaml"), "\(none)")
        try bench.configure()
        try bench.speakModbus()
        let text = try String(contentsOfFile: bench.configuration, encoding: .utf8)
        try text.replacingOccurrences(of: "speed: 1,", with: "speed: 10,").write(
            toFile: bench.configuration, atomically: true, encoding: .utf8)
        let fast = try run("holdfastd-bench", ["--check", "--config", bench.configuration])
        #expect(fast.code == 78 && fast.errors.contains("a bus is as fast as the clock"), "\(fast)")
    }
}
