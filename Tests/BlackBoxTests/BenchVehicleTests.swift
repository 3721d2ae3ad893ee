// The vehicle under the engineer's hand at a bench: it asks, pauses, goes on and stops as it is told, and all of it is saved.

import ControlClient
import Foundation
import Testing

@Suite("The vehicle at a bench", .serialized)
struct BenchVehicleTests {
    private func look(_ bench: Bench, _ number: Int = 1) async throws -> [String: Any] {
        let answer = try await bench.client.post("/v1/sim/look", json: "{}")
        let world = try #require(JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        return try #require(world["connectors"] as? [[String: Any]])[number - 1]
    }

    private func amperes(_ bench: Bench) async throws -> Double {
        try #require(try await look(bench)["contact_amperes"] as? Double)
    }

    @Test(
        "it asks for less and for more, pauses, goes on and ends, and the morning is a scenario that passes unedited"
    )
    func told() async throws {
        let bench = try Bench(speed: 10)
        try await bench.start()
        let plug = try bench.holdfast("sim", "plug", "--battery", "60kWh", "--manners", "hides_charge")
        #expect(plug.code == 0, "\(plug.errors)")
        try await bench.until("occupied") { try await bench.state() == "occupied" }
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("full power") { try await amperes(bench) > 200 }
        let asks = try bench.holdfast("sim", "vehicle", "--asks", "80A")
        #expect(asks.code == 0 && asks.output.contains("asks for 80A"), "\(asks)")
        try await bench.until("80 A") { abs(try await amperes(bench) - 80) < 2 }
        let shown = try bench.holdfast("sim", "look").output
        #expect(shown.contains("asks for 80 A (told to: 80 A); hides_charge"), "\(shown)")
        #expect(try bench.holdfast("sim", "vehicle", "pauses").code == 0)
        try await bench.until("paused") { try await bench.state() == "suspended_by_vehicle" }
        let again = try bench.holdfast("sim", "vehicle", "pauses")
        #expect(again.code == 75 && again.errors.contains("goes_on"), "\(again)")
        #expect(try bench.holdfast("sim", "vehicle", "goes_on").code == 0)
        try await bench.until("charging") { try await bench.state() == "charging" }
        #expect(try bench.holdfast("sim", "vehicle", "asks_as_usual", "--json").output == "{\"done\":true}\n")
        try await bench.until("full power") { try await amperes(bench) > 200 }
        #expect(try bench.holdfast("sim", "vehicle", "stops").code == 0)
        try await bench.until("finishing") { try await bench.state() == "finishing" }
        let file = bench.folder + "/told.yaml"
        let saved = try bench.holdfast("sim", "save", file)
        #expect(saved.code == 0, "\(saved.output)\(saved.errors)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for part in [
            "battery: 60kWh", "manners: hides_charge", "vehicle: {asks: 80A", "vehicle: {does: pauses",
            "vehicle: {does: goes_on", "vehicle: {does: asks_as_usual", "vehicle: {does: stops",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
        #expect(!text.contains("Not carried over"), "\(text)")
        let replayed = try run("holdfast", ["replay", file])
        #expect(replayed.code == 0, "\(replayed.output)")
    }

    @Test(
        "what it cannot do is refused with the reason and what to do; a daemon that is killed keeps what it was told"
    )
    func refusedAndKept() async throws {
        let bench = try Bench(speed: 10)
        try await bench.start()
        try await bench.until("free") { try await bench.state() == "available" }
        func refused(_ words: [String], _ code: Int32, _ parts: String...) throws {
            let answer = try run(
                "holdfast", ["sim", "vehicle"] + words, environment: ["HOLDFAST_SOCKET": bench.socket])
            #expect(answer.code == code, "\(words): \(answer)")
            for part in parts { #expect(answer.errors.contains(part), "\(words): \(answer.errors)") }
        }
        try refused(["pauses"], 75, "No vehicle is plugged in.", "holdfast sim plug 1")
        try refused(["pause"], 65, "Did you mean pauses?")
        try refused(["--manners", "polit"], 65, "Did you mean polite?")
        try refused(["pauses", "--asks", "80A"], 64, "one thing")
        try refused([], 64, "one thing")
        try refused(["--asks", "80"], 64, "80A")
        try refused(["1", "--asks", "80"], 64, "80A")
        try refused(["1", "2", "pauses"], 64, "one connector")
        try refused(["1", "pauses", "--connector", "2"], 64, "Name one.")
        try refused(["2", "pauses"], 75, "No vehicle is plugged in.", "holdfast sim plug 2")
        let nameless = try bench.holdfast("sim", "inject", "")
        #expect(nameless.code == 64 && nameless.errors.contains("holdfast sim faults"), "\(nameless)")
        try refused(["--asks", "900A"], 65, "asks_milliamperes is 900000")
        #expect(try bench.holdfast("sim", "plug", "--maximum-current", "100A").code == 0)
        try await bench.until("occupied") { try await bench.state() == "occupied" }
        try refused(["pauses"], 75, "does not charge now", "holdfast sim tap")
        try refused(["--asks", "101A"], 75, "never asks for more than 100 A")
        try refused(["stops"], 75, "nothing to end", "holdfast sim unplug 1")
        #expect(try bench.holdfast("sim", "vehicle", "1", "--asks", "50A").code == 0)
        #expect(try bench.holdfast("sim", "vehicle", "--manners", "ignores_stop").code == 0)
        bench.kill()
        try await bench.start()
        try await bench.until("occupied") { try await bench.state() == "occupied" }
        let vehicle = try #require(try await look(bench)["vehicle"] as? [String: Any])
        #expect(vehicle["told_to_ask_amperes"] as? Double == 50 && vehicle["manners"] as? String == "ignores_stop")
        try refused(["--asks", "101A"], 75, "never asks for more than 100 A")
    }

    @Test(
        "a card's outcome is told at once: let in, refused and why, or read by nobody; a doctor knows the bench's file"
    )
    func tapped() async throws {
        let bench = try Bench(speed: 10)
        try await bench.start()
        #expect(try bench.holdfast("sim", "plug").code == 0)
        try await bench.until("occupied") { try await bench.state() == "occupied" }
        let stranger = try bench.holdfast("sim", "tap", "free:MALLORY")
        #expect(stranger.code == 0 && stranger.output.contains("refused (unknown_token): "), "\(stranger)")
        let driver = try bench.holdfast("sim", "tap", "free:ALICE")
        #expect(driver.output.contains("connector 1: session 1-1 authorized by the list"), "\(driver)")
        #expect(try bench.holdfast("sim", "inject", "reader.gone").code == 0)
        let unread = try bench.holdfast("sim", "tap", "free:ALICE")
        #expect(unread.code == 75 && unread.errors.contains("holdfast sim heal reader.gone"), "\(unread)")
        let doctor = try bench.holdfast("doctor").output
        #expect(doctor.contains("configuration: \(bench.configuration) is good"), "\(doctor)")
    }

    @Test(
        "a weld that a killed daemon left is among what is broken, and can be mended; a stop button is not released"
    )
    func welded() async throws {
        let bench = try Bench(speed: 10)
        try await bench.start()
        try await bench.charge()
        #expect(try bench.holdfast("sim", "inject", "contactor.plus.welded").code == 0)
        bench.kill()
        try await bench.start()
        #expect(try bench.holdfast("sim", "injected").output.contains("contactor.plus.welded"))
        #expect(try bench.holdfast("sim", "heal", "contactor.plus.welded").code == 0)
        #expect(try bench.holdfast("sim", "injected").output.contains("Nothing is broken"))
        let released = try bench.holdfast("sim", "release", "stop")
        #expect(released.code == 75 && released.errors.contains("springs back"), "\(released)")
        let unheld = try bench.holdfast("sim", "inject", "vehicle.silent", "--connector", "2")
        #expect(unheld.code == 75 && unheld.errors.contains("holdfast sim plug 2"), "\(unheld)")
        let lock = try bench.holdfast("sim", "inject", "lock.stuck")
        #expect(lock.code == 75 && lock.errors.contains("The vehicle locks the plug"), "\(lock)")
    }
}
