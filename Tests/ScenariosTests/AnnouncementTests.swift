// What machines are told of a run: TAP 14, GitHub's annotations, and where two plays part.

import Scenarios
import Testing

@Suite("Runs told to machines")
struct AnnouncementTests {
    private func story(_ seed: Int, expecting state: String = "charging") throws -> Scenario {
        try readStory(
            "seed: \(seed)\n" + chargingStory(then: "  - expect: {state: \(state), within: 30s}"))
    }

    private func results() throws -> [Announcement] {
        try [story(1), story(1, expecting: "faulted")].map {
            try ScenarioPlayer($0, path: "story.yaml").play().announcement
        }
    }

    @Test("TAP 14 has a plan, a line each, and what is wrong as YAML below its line")
    func tap() throws {
        let lines = try results().tap().split(separator: "\n").map(String.init)
        #expect(lines.prefix(3) == ["TAP version 14", "1..2", "ok 1 - story.yaml"])
        #expect(lines.dropFirst(3).first == "not ok 2 - story.yaml")
        #expect(lines.dropFirst(4).first == "  ---" && lines.last == "  ...")
        #expect(lines.contains { $0.contains("message: \"expected") && $0.contains("found: state is charging") })
        let place = try #require(lines.firstIndex(of: "  at:"))
        #expect(lines[(place + 1)...].starts(with: ["    file: \"story.yaml\"", "    line: 10"]))
        // Perl's harness refuses a version that it does not know; the rest is the same.
        let older = try results().tap(version: 13)
        #expect(older == (["TAP version 13"] + lines.dropFirst()).joined(separator: "\n") + "\n")
    }

    @Test("GitHub is given ten annotations at most, each with its file and line; the rest is in the summary")
    func github() throws {
        let one = try results()[1]
        let many = Array(repeating: one, count: 14)
        let lines = many.githubAnnotations.split(separator: "\n")
        #expect(
            lines.filter { $0.hasPrefix("::error file=story.yaml,line=10,title=story.yaml::expected") }.count == 10)
        #expect(lines.last == "::notice title=holdfast::0 passed, 14 failed; 4 more failures are in the summary")
        #expect(many.githubSummary.split(separator: "\n").count == 17)
        let odd = Announcement(name: "a, b: c", isGood: false, complaints: ["50 %\nmore"], repeatCommand: "x")
        #expect([odd].githubAnnotations.hasPrefix("::error title=a%2C b%3A c::50 %25%0Amore%0A"))
    }

    @Test("two plays of one story are one; where two plays part, the event and both sides are shown")
    func twice() throws {
        #expect(try PlayTwice.difference(story(1)) == nil)
        let difference = try #require(try PlayTwice.difference(story(1), story(2)))
        #expect(difference.number > 1)
        #expect(difference.lines.contains("  the first play:") && difference.lines.contains("  the second play:"))
        #expect(difference.lines.contains { $0.contains("post 1: ") })
    }
}
