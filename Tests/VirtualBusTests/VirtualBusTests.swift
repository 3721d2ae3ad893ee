// Stories whose meters, monitors and stages are read frame by frame by the post's own driver.

import Foundation
import Scenarios
import SimulatedBus
import Simulator
import Testing
import VirtualBus

@Suite("Far devices of bytes, in virtual time", .serialized)
struct VirtualBusTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().path

    private func play(_ story: String) throws -> ScenarioResult {
        let maps = try MapsOfWorld([Self.root + "/hardware/meters"])
        return ScenarioRun.play(path: Self.root + "/Simulations/" + story) { VirtualBus($0, maps) }
    }

    private var openDescriptors: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    }

    @Test(
        "a story passes over bytes as it does over calls",
        arguments: [
            "sessions/plug-first.yaml", "sessions/two-cars-one-stage.yaml", "electrical/emergency-stop.yaml",
            "electrical/stage-ignores-off.yaml", "meter/silent.yaml", "electrical/insulation-low-during.yaml",
            "process/killed-while-charging.yaml", "process/memory-leaks.yaml",
            "electrical/voltage-to-earth-high.yaml",
        ])
    func passes(_ story: String) throws {
        let result = try play(story)
        #expect(result.verdict == .passed, "\(result.complaints) \(result.checks.filter { !$0.isMet })")
    }

    @Test("the devices are another matter than called ones, and two plays are one")
    func same() throws {
        let story = "sessions/plug-first.yaml"
        let (one, two) = (try play(story), try play(story))
        #expect(one.hash == two.hash && one.hash != 0)
        #expect(one.hash != ScenarioRun.play(path: Self.root + "/Simulations/" + story).hash)
    }

    @Test("a story that says so itself is played over bytes, without anybody asking")
    func saidByTheStory() throws {
        let story = Self.root + "/Simulations/sessions/plug-first.yaml"
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).yaml").path
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try ("devices: bytes\n" + String(contentsOfFile: story, encoding: .utf8)).write(
            toFile: copy, atomically: true, encoding: .utf8)
        let maps = try MapsOfWorld([Self.root + "/hardware/meters"])
        let said = ScenarioRun.play(path: copy, bytes: { { VirtualBus($0, maps) } })
        let asked = try play("sessions/plug-first.yaml")
        #expect(said.verdict == .passed && said.hash == asked.hash)
        #expect(!said.repeatCommand.contains("--modbus"))
        // Where nobody has buses it is not quietly played without.
        let without = ScenarioRun.play(path: copy)
        #expect(
            without.verdict == .error && without.complaints[0].contains("answer as bytes"), "\(without.complaints)")
    }

    @Test("what was played keeps no descriptor")
    func closed() throws {
        _ = try play("sessions/plug-first.yaml")
        let before = try openDescriptors
        for _ in 0..<5 { _ = try play("electrical/emergency-stop.yaml") }
        #expect(try openDescriptors == before)
    }

    @Test("maps that are not there are named")
    func noMaps() {
        #expect(throws: (any Error).self) { try MapsOfWorld(["/nowhere"]) }
    }
}
