// Recordings: of every story, through kills; played again the same, and made into a scenario that shows the same faults.

import Foundation
import Scenarios
import StrictYAML
import Testing

private let simulations = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Simulations").path

@Suite("Recordings")
struct RecordingTests {
    private func record(_ path: String, size: Int = 64 << 20) throws -> Recording {
        let scenario = try scenarioDocument.read(path: path)
        return try Recording(
            try ScenarioPlayer(scenario, path: path).playRecorded(size: size).recording, path: path)
    }

    /// A third of the stories, whichever others there are: each is played, recorded and played again, and its causes are
    /// looked for.
    private static let stories = ScenarioRun.files(at: simulations).filter { path in
        let name = path.dropFirst(simulations.count)
        return name.utf8.reduce(0) { $0 + Int($1) } % 3 == 0 && !name.contains("outages/")
            // Longer than what the ring holds.
            && !name.contains("30-days") && !name.contains("every-day")
    }

    @Test("of every story, each life of the process plays again to the same actions")
    func same() throws {
        var lives = 0
        for path in Self.stories {
            let recording = try record(path)
            #expect(!recording.isDamaged && recording.eventsWithoutStart == 0)
            for life in 0..<recording.lifeCount {
                let report = try recording.play(life: life + 1)
                #expect(report.verdict == .same, "\(path): \(report.lastEvent)")
                lives += 1
            }
        }
        #expect(lives >= Self.stories.count)
    }

    @Test("scenarios made of recordings can be played, and most show the faults of the story they came of")
    func scenarios() throws {
        var (shown, made) = (0, 0)
        var different: [String] = []
        for path in Self.stories {
            let scenario: IncidentScenario
            do {
                scenario = try record(path).scenario()
            } catch let problem where "\(problem)".hasPrefix("Nothing happened in life") {
                // The last life of a story that ends with a restart has nothing to show.
                continue
            }
            made += 1
            _ = try scenarioDocument.read(text: scenario.text, file: path)
            if scenario.showsTheSame { shown += 1 } else { different.append(path) }
        }
        print("\(shown) of \(made) recordings became a scenario that shows the same; not:")
        different.forEach { print("  \($0.dropFirst(simulations.count + 1))") }
        #expect(shown * 10 >= made * 6)
    }

    @Test("two recordings that differ are told apart at the first event, both sides shown")
    func difference() throws {
        let story = simulations + "/electrical/emergency-stop.yaml"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let other = folder.appendingPathComponent("other.flight").path
        try Data(try record(simulations + "/sessions/plug-first.yaml").bytes).write(to: URL(fileURLWithPath: other))
        let difference = try #require(try record(story).difference(from: other))
        #expect(difference.number > 1)
        #expect(difference.lines.contains { $0.contains(other) })
        try Data(try record(story).bytes).write(to: URL(fileURLWithPath: other))
        #expect(try record(story).difference(from: other) == nil)
    }

    @Test("a ring that has come round over its start is played from the state of the core that stands in it")
    func fromTheMiddle() throws {
        let recording = try record(simulations + "/network/limit-source-silent.yaml", size: 1 << 18)
        #expect(recording.eventsWithoutStart > 0 && recording.lifeCount == 1)
        let report = try recording.play()
        #expect(report.beginsInTheMiddle && report.verdict == .same && report.events > 1_000)
        let problem = #expect(throws: RecordingProblem.self) { try recording.scenario() }
        let told = problem?.description ?? ""
        #expect(told.contains("is gone") && told.contains("play it: holdfast replay "), "\(told)")
    }

    @Test(
        "behind a damaged middle it is played on from the next state, whichever byte is damaged",
        arguments: [0, 9, 40])
    func damagedMiddle(_ byte: Int) throws {
        let path = simulations + "/network/limit-source-silent.yaml"
        let whole = try record(path)
        var bytes = whole.bytes
        // The second frame: what is told of a packed block is its sequence (8 bytes), its length (4) and its checksum (4).
        let length = bytes[24..<28].reversed().reduce(0) { $0 << 8 | Int($1) }
        bytes[16 + 16 + length + byte] ^= 0x40
        let damaged = try Recording(bytes, path: path)
        #expect(damaged.isDamaged && damaged.lifeCount == whole.lifeCount + 1)
        #expect(damaged.damages.contains { $0.contains("on from the next state") }, "\(damaged.damages)")
        let behind = try damaged.play()
        #expect(behind.beginsInTheMiddle && behind.verdict == .same && behind.events > 1_000)
    }

    @Test(
        "what was meant as a recording and is none is told as what it is, never as bad YAML",
        arguments: [
            ("HOLDFLT3 and what follows", "of another form (HOLDFLT3)"), ("", "is empty"),
            ("HOLD", "cut off inside its head"),
            ("HOLDFLT2", "cut off before its first block"), ("XOLDFLT2 and what follows", "its head is damaged"),
        ])
    func noRecording(_ content: String, _ sentence: String) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).flight").path
        try content.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(Recording.isMeant(path: path))
        let problem = #expect(throws: RecordingProblem.self) { try Recording(path: path) }
        #expect(problem?.description.contains(sentence) == true, "\(problem?.description ?? "")")
    }

    @Test("a ring that holds neither a start nor a state says so, and plays nothing")
    func overwritten() throws {
        let recording = try record(simulations + "/sessions/plug-first.yaml", size: 1 << 16)
        #expect(recording.eventsWithoutStart > 0)
        let problem = #expect(throws: RecordingProblem.self) { try recording.play() }
        #expect(problem?.description.contains("holds neither the start") == true)
    }
}
