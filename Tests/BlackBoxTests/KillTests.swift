// SIGKILL at a hundred random moments of sessions: the books against the register of a meter that survives.

import ControlClient
import Foundation
import Testing

@Suite("The killed daemon", .serialized)
struct KillTests {
    /// Energy of one sample interval (1 s) at the sedan's most, 125 kW, in watt-hours, and one of rounding.
    private static let oneSample = 36

    /// What the bench's meter has counted on its first connector, in watt-hours: from the file that outlives it.
    private func counted(_ bench: Bench) throws -> Int {
        let data = try Data(contentsOf: URL(fileURLWithPath: bench.folder + "/state/bench-world"))
        let joules = data.dropFirst(64).prefix(8).enumerated().reduce(UInt64(0)) {
            $0 | UInt64($1.element) << (8 * $1.offset)
        }
        return Int(Double(bitPattern: joules) / 3_600)
    }

    @Test(
        "100 SIGKILLs at seeded moments: no session lost, each one start and one stop, energy as the meter counted")
    func killed() async throws {
        var chance: UInt64 = 20_251_020
        var (kills, charging, worst) = (0, 0, 0)
        // Five unclean starts in ten minutes keep a post in safe mode, so each state lives through four.
        while kills < 100 {
            let bench = try Bench(speed: 100)
            try bench.issue("many.pal", version: 2, (0..<8).map { "free:DRIVER\($0)" })
            try await bench.start()
            _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/many.pal")
            for life in 0..<4 {
                chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let before = try counted(bench)
                _ = try await bench.client.post("/v1/sim/plug", json: #"{"connector":1}"#)
                try await bench.until("plugged in") { try await bench.state() == "occupied" }
                _ = try await bench.client.post("/v1/sim/tap", json: #"{"token":"free:DRIVER\#(life)"}"#)
                // Three of four moments lie up to 30 s of the post's time after the card, in the preparation or the
                // charge; the fourth up to 10 s after a stop of the running charge.
                let milliseconds = Int(chance >> 33) % 400
                if milliseconds >= 300 {
                    try await bench.until("charging") { try await bench.state() == "charging" }
                    _ = try await bench.client.post("/v1/connectors/1/stop")
                }
                try await ContinuousClock().sleep(for: .milliseconds(milliseconds % 300))
                bench.kill()
                kills += 1
                try await bench.start()
                let flowed = try counted(bench) - before
                try await bench.until("the books are closed") {
                    try await bench.sessions().allSatisfy { $0["stop_reason"] is String }
                }
                let sessions = try await bench.sessions()
                // The process alone died: no session may say that the power was lost.
                #expect(sessions.allSatisfy { $0["stop_reason"] as? String != "power_loss" }, "kill \(kills)")
                // A card shown in the very moment of the kill may not have been let in; then nothing has flowed.
                let told = sessions.count == life + 1 ? sessions[0]["energy_watt_hours"] as? Int ?? -1 : 0
                #expect(sessions.count == life + 1 || flowed == 0, "kill \(kills): \(sessions.count) sessions")
                #expect(abs(told - flowed) <= Self.oneSample, "kill \(kills): told \(told) Wh, flowed \(flowed) Wh")
                worst = max(worst, abs(told - flowed))
                if flowed > 0 { charging += 1 }
                guard sessions.count == life + 1 else { break }
                try await bench.until("unplugged") {
                    _ = try? await bench.client.post("/v1/sim/unplug", json: #"{"connector":1}"#)
                    return try await bench.state() == "available"
                }
            }
            let ids = try await bench.sessions().compactMap { $0["id"] as? String }
            #expect(Set(ids).count == ids.count)
            #expect(
                try await bench.status()["records_owed"] as? Int == 2 * ids.count, "one start and one stop each")
        }
        #expect(charging > 20)
        print("killed \(kills) times, energy had flowed in \(charging); worst difference \(worst) Wh")
    }

    @Test("a connector that was closed stays closed over a SIGKILL, and one that was opened again stays open")
    func closedConnector() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.until("up") { try await bench.state() == "available" }
        for (verb, state) in [("close", "unavailable"), ("open", "available")] {
            #expect(try bench.holdfast("connector", verb, "1").code == 0)
            // Whoever asks the records is answered after what waited to be written.
            _ = try await bench.sessions()
            bench.kill()
            try await bench.start()
            try await bench.until("the other connector is up") { try await bench.state(2) == "available" }
            try await bench.until(state) { try await bench.state() == state }
            if verb == "close" {
                #expect(try bench.holdfast("sim", "plug", "1").code == 0)
                try await bench.until("refused") {
                    try await bench.refusal { try await $0.post("/v1/connectors/1/start") }?.code
                        == "connector_unavailable"
                }
                #expect(try bench.holdfast("sim", "unplug", "1").code == 0)
            }
        }
    }
}
