// A fault that hurts nobody proves nothing, and a story that cannot be meant is an error before it is played.

import Scenarios
import StrictYAML
import Testing

@Suite("Stories that prove something")
struct EffectTests {
    private func charging(_ steps: String) -> String {
        chargingStory(then: "  - expect: {state: charging, within: 30s}\n" + steps)
    }

    private func played(_ text: String) throws -> ScenarioResult {
        try ScenarioPlayer.play(readStory(text), path: "story.yaml")
    }

    @Test(
        "a fault without which everything is the same is an error, though its flag has changed",
        arguments: [
            "{fault: meter.counts_less, connector: 2}", "{fault: stage.ignores_off, connector: 2}",
            "{fault: disk.hanging, for: 20s}", "{fault: contactor.plus.welded}", "{fault: vehicle.ignores_stop}",
            "{fault: lock.stuck, connector: 2}", "{fault: network.delay}",
        ])
    func withoutEffect(_ fault: String) throws {
        let story = charging("  - after: 5s\n    inject: \(fault)\n  - after: 20s\n    expect: {state: charging}\n")
            .replacing("drivers:", with: "site: {lock: post}\ndrivers:")
        let result = try played(story)
        guard fault.contains("disk") else {
            #expect(result.verdict == .error)
            #expect(result.complaints.first?.hasPrefix("story.yaml:11: the fault ") == true, "\(result.complaints)")
            #expect(result.complaints.first?.contains("had no effect") == true)
            return
        }
        // In a charge samples are written: a disk that hangs has an effect there, and none where nobody charges.
        #expect(result.verdict == .passed, "\(result.complaints)")
        let idle = try played(
            "title: idle\ntimeline:\n  - at: 5s\n    inject: \(fault)\n  - after: 20s\n    expect: {state: available}\n"
        )
        #expect(idle.verdict == .error)
    }

    @Test(
        "one that is felt passes: at once, only when it is over, in the records alone, or beside another",
        arguments: [
            "    inject: {fault: meter.counts_less}\n  - after: 20s\n    expect: {state: charging}\n",
            "    inject: {fault: contactor.plus.welded}\n  - after: 5s\n    tap: {token: alice}\n"
                + "  - expect: {fault: welded_plus, within: 20s}\n",
            "    inject: {fault: clock.drifts}\n  - after: 20s\n    tap: {token: alice}\n"
                + "  - expect: {state: finishing, within: 20s}\n",
            "    inject: {fault: meter.silent}\n  - inject: {fault: meter.silent, connector: 2}\n"
                + "  - after: 20s\n    expect: {state: faulted}\n",
        ])
    func withEffect(_ steps: String) throws {
        let result = try played(charging("  - after: 5s\n" + steps))
        #expect(result.verdict == .passed, "\(result.complaints) \(result.checks.filter { !$0.isMet })")
    }

    @Test("playing without a fault changes neither the outcome nor the hash of the story")
    func leavesNothing() throws {
        let text = charging(
            "  - after: 5s\n    inject: {fault: meter.silent}\n  - expect: {fault: meter_silent, within: 5s}\n")
        let (one, other) = (try played(text), try playStory(text))
        #expect(one.hash == other.hash && one.verdict == other.verdict)
        #expect(one.checks.map(\.at) == other.checks.map(\.at))
    }

    /// What a story's mistake is called, with its line and column.
    private func mistakes(_ text: String) -> [String] {
        do {
            _ = try scenarioDocument.read(text: text, file: "story.yaml")
            return []
        } catch {
            return error.written(as: .text).split(separator: "\n").map(String.init)
        }
    }

    @Test("a step whose time is past by the steps before it is refused where it stands")
    func backwards() throws {
        let found = mistakes(charging("  - at: 21s\n    expect: {state: charging}\n"))
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix("story.yaml:10:9: error: a step at 21.0 s after one at 22.0 s or later") == true,
            "\(found)")
        #expect(
            mistakes("title: t\ntimeline:\n  - {at_utc: \"01:00\", at: 1h, expect: {state: available}}\n").count
                == 1)
        #expect(mistakes(charging("  - at: 22s\n    expect: {state: charging}\n")).isEmpty)
    }

    @Test("a step that is late because the story waited before it is an error of the play")
    func late() throws {
        let result = try playStory(charging("  - at: 25s\n    expect: {state: charging}\n"))
        #expect(result.verdict == .error)
        #expect(
            result.complaints.first?.hasPrefix("story.yaml:10: this step is due at 00:00:25") == true,
            "\(result.complaints)")
    }

    @Test("a permanent fault does not heal, and a story expects something")
    func meaning() {
        let permanent = mistakes(
            charging("  - inject: {fault: meter.silent, for: 10s, permanent: true}\n"))
        #expect(permanent.first?.hasPrefix("story.yaml:10:") == true)
        #expect(permanent.first?.contains("a permanent fault that heals") == true, "\(permanent)")
        let idle = mistakes("title: t\ntimeline:\n  - at: 1s\n    nothing: true\n")
        #expect(idle.first?.contains("a story that expects nothing") == true, "\(idle)")
    }

    @Test(
        "a fault that is misspelt is told by the nearest one and by who lists them all, not by a list of a hundred")
    func misspelt() throws {
        let found = try #require(mistakes(charging("  - inject: {fault: meter.silnt}\n")).first)
        #expect(
            found.contains("Write meter.silent.") && found.contains("holdfast sim faults lists them"), "\(found)")
        #expect(found.count < 200)
    }

    @Test("the reference says of every word what it means")
    func reference() {
        let rows = scenarioDocument.reference.split(separator: "\n").filter { $0.hasPrefix("| | `") }
        #expect(rows.count > 500)
        #expect(rows.contains { $0.contains("`meter_silent`") && $0.contains("Meter silent") })
        let empty = rows.filter { $0.hasSuffix("| |  |") || $0.contains("See the tables") }
        #expect(empty.isEmpty, "\(empty.prefix(3))")
    }

    @Test("the command that repeats a run is one that a shell takes, whatever the path")
    func repeated() throws {
        let story = try readStory(charging("  - expect: {state: charging}\n"))
        func command(_ path: String) throws -> String {
            try ScenarioPlayer(story, path: path).play().repeatCommand
        }
        #expect(try command("a/b-c.yaml") == "holdfast replay a/b-c.yaml")
        #expect(try command("my stories/it's.yaml") == "holdfast replay 'my stories/it'\\''s.yaml'")
    }
}
