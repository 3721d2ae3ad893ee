// Scenarios: the same seed gives the same run, and a scenario that cannot be meant is an error, not a pass.

import Foundation
import Simulator
import StrictYAML
import Testing

@testable import Scenarios

@Suite("Scenarios")
struct ScenarioTests {
    private let story = chargingStory(
        then: """
              - expect: {state: charging, within: 30s}
              - after: 20s
                alarm: {interlock: emergency_stop}
              - expect: {contactors_closed: false, within: 100ms}
            """)

    @Test("the hash sees every post and every life of its process")
    func hashOfAll() throws {
        func hash(_ steps: String) throws -> UInt64 {
            let result = try playStory(
                """
                title: hash
                site: {posts: 2}
                timeline:
                \(steps)
                  - at: 60s
                    kill: {post: 1}
                  - at: 90s
                    start: {post: 1}
                  - at: 120s
                    expect: {state: available}
                """)
            #expect(result.verdict == .passed)
            return result.hash
        }
        func alarm(_ at: Int, _ post: Int) -> String {
            "  - at: \(at)s\n    alarm: {interlock: door, post: \(post)}\n"
                + "  - at: \(at + 5)s\n    all_clear: {interlock: door, post: \(post)}"
        }
        let hashes = [
            try hash(alarm(20, 1)), try hash(alarm(20, 2)), try hash(alarm(30, 1)), try hash(alarm(30, 2)),
        ]
        #expect(Set(hashes).count == 4)
    }

    @Test("the same seed twice: the same hash of every event and action")
    func deterministic() throws {
        let (one, two) = (try playStory(story), try playStory(story))
        #expect(one.verdict == .passed)
        #expect(one.hash == two.hash)
        #expect(one.hash != 0)
        let other = try playStory("seed: 2\n" + story)
        #expect(other.hash != one.hash)
    }

    @Test(
        "a vehicle or a milestone that is not there, or not yet, is a mistake of the file: line, column, nearest neighbour",
        arguments: [
            ("plug: {vehicle: car}", "plug: {vehicle: cra}", "no vehicle \"cra\"", "Did you mean \"car\"?"),
            (
                "plug: {vehicle: car}", "plug: {vehicle: lorry}", "no vehicle \"lorry\"",
                "Add it under \"vehicles:\"."
            ),
            ("since: flows", "since: flosw", "no milestone \"flosw\"", "Did you mean \"flows\"?"),
            (
                "since: flows", "since: ebb tide", "no milestone \"ebb tide\"",
                "Add \"milestone: ebb tide\" before it."
            ),
            (
                "since: flows", "since: the end of it", "no milestone",
                "Move this step behind \"milestone: the end of it\"."
            ),
        ])
    func unknownNames(_ right: String, _ wrong: String, _ what: String, _ remedy: String) throws {
        let story = chargingStory(
            then: """
                  - milestone: flows
                  - since: flows
                    after: 90s
                    expect: {state: charging}
                  - milestone: the end of it
                """)
        _ = try readStory(story)
        // A vehicle is told at the step that plugs it in, a milestone where it is named.
        let line = try #require(story.split(separator: "\n").firstIndex { $0.contains(right) }) + 1
        let place = right.hasPrefix("since") ? "\(line):12" : "\(line - 1):5"
        do {
            _ = try readStory(story.replacing(right, with: wrong))
            Issue.record("\(wrong) was read")
        } catch {
            let told = error.written(as: .text)
            #expect(told.contains("story.yaml:\(place): error: \(what)"), "\(told)")
            #expect(told.contains(remedy), "\(told)")
        }
    }

    @Test("what must never be so fails the scenario at the moment it is so")
    func never() throws {
        let result = try playStory(story + "\nnever:\n  - {state: charging}\n")
        #expect(result.verdict == .failed)
        #expect(result.checks.contains { $0.expected.hasPrefix("never") && !$0.isMet })
    }

    private let day = """
        title: A day at a small site
        site: {posts: 1}
        vehicles: {car: {stops_at_percent: 40}}
        arrivals: {from: 1m, until: 1h, every_at_least: 5m, every_at_most: 10m, known_of_ten: 10, vehicle: car, percent_at_least: 20, percent_at_most: 30}
        compare:
          - {name: without, list_installed: false}
          - {name: with, list_installed: true, known_refused: 0, known_wait_at_most: 100ms, beats: without}
        timeline:
          - at: 0s
            network: {down: true}
          - at_utc: "02:00"
            milestone: the end
        """

    @Test("a crowd comes once for each variant; what is expected of a variant is compared")
    func crowd() throws {
        let scenario = try scenarioDocument.read(text: day, file: "day.yaml")
        let result = try ScenarioPlayer.compare(scenario, path: "day.yaml")
        #expect(result.verdict == .passed, "\(result.complaints) \(result.checks)")
        #expect(result.days.map(\.drivers) == [result.days[1].drivers, result.days[1].drivers])
        #expect(result.days[0].sessionsStarted == 0)
        #expect(result.days[1].sessionsStarted == result.days[1].drivers)
        #expect(result.days[1].owed.first?.records ?? 0 > 0)
        #expect(result.table.contains { $0.contains("records owed at 02:00 (the end)") })
        let turned = try scenarioDocument.read(
            text: day.replacing(", beats: without}", with: "}").replacing(
                "installed: false}", with: "installed: false, beats: with}"),
            file: "day.yaml")
        #expect(try ScenarioPlayer.compare(turned, path: "day.yaml").verdict == .failed)
    }

    @Test(
        "a variant that is measured by one that is not there is a mistake of the file",
        arguments: ["withuot", "with"])
    func unknownVariant(_ name: String) throws {
        do {
            _ = try scenarioDocument.read(
                text: day.replacing("beats: without}", with: "beats: \(name)}"), file: "day.yaml")
            Issue.record("\(name) was read")
        } catch {
            let told = error.written(as: .text)
            #expect(told.contains("day.yaml:7:") && told.contains("no other variant \"\(name)\""), "\(told)")
            #expect(name == "with" || told.contains("Did you mean \"without\"?"), "\(told)")
        }
    }

    @Test("a time of day is read as one, and nothing else is")
    func timeOfDay() throws {
        let late = day.replacing("\"02:00\"", with: "\"25:00\"")
        #expect(throws: Problems.self) { try scenarioDocument.read(text: late, file: "day.yaml") }
    }

    @Test("the scenario to begin with passes as it stands, whatever its title")
    func starter() throws {
        let result = try playStory(Scenario.starter(title: "A \"quoted\" \\ title"))
        #expect(result.verdict == .passed, "\(result.checks.filter { !$0.isMet }) \(result.complaints)")
        #expect(result.title == "A \"quoted\" \\ title")
    }

    @Test("an event is waited for by name, and one of before does not count; both are named where it does not come")
    func events() throws {
        let flowing = story.replacing(
            "- expect: {state: charging, within: 30s}",
            with: "- expect: {event: energy_flows, within: 30s}\n  - milestone: full power")
        #expect(try playStory(flowing).verdict == .passed)
        let again = try playStory(flowing.replacing("contactors_closed: false", with: "event: energy_flows"))
        #expect(again.verdict == .failed)
        let told = try #require(again.checks.last { !$0.isMet })
        #expect(told.expected.contains("event energy_flows"))
        #expect(told.found.contains("before the last deed"))
        #expect(told.found.contains("milestone full power + 20.1 s"), "\(told.found)")
        let never = try playStory(flowing.replacing("contactors_closed: false", with: "event: refused"))
        #expect(never.checks.last?.found.contains("refused has never been reported") == true)
    }

    @Test("a step may count from a milestone")
    func sinceMilestone() throws {
        let story = story.replacing(
            "- after: 20s\n",
            with: "- milestone: flows\n  - after: 60s\n    nothing: true\n  - since: flows\n    after: 90s\n")
        let result = try playStory(story)
        #expect(result.verdict == .passed)
        let charging = try #require(result.checks.first?.at), open = try #require(result.checks.last?.at)
        #expect((90_000_000..<90_200_000).contains(open - charging))
    }

    @Test("the last events that are shown are those before what was found, whatever came of it later")
    func lastEvents() throws {
        let result = try playStory(tornOutStory(doorAfter: 30))
        #expect(result.verdict == .unsafe && result.lastEvents.count > 3)
        let found = try #require(result.complaints.first).dropFirst("the world, ".count).prefix(12)
        #expect(result.lastEvents.allSatisfy { $0.prefix(12) <= found }, "\(found): \(result.lastEvents)")
    }

    @Test("a path where nothing is, is an error of the run, beside what could be played")
    func missing() throws {
        var run = ScenarioRun()
        run.results.append(try playStory(story))
        run.add(missing: "ghost.yaml")
        #expect(run.hasErrors && run.hasMissing && run.passed == 1)
        let junit = run.junit(seconds: [0, 0])
        #expect(
            junit.contains("<testsuite name=\"story.yaml\" tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"0\""))
        #expect(junit.contains("<testsuite name=\"ghost.yaml\" tests=\"1\" failures=\"0\" errors=\"1\""))
        #expect(junit.contains("<error type=\"error\" message=\"There is no scenario at ghost.yaml"))
    }

    @Test("JSON has its keys in snake case")
    func snake() throws {
        var run = ScenarioRun()
        run.results.append(try playStory(story))
        let json = run.json(seconds: [0])
        #expect(json.contains("\"repeat_command\"") && json.contains("\"virtual_seconds\""))
        #expect(!json.contains(/"[a-z]+[A-Z]\w*"\s*:/))
    }

    @Test("the schema that editors use is the reader's own")
    func committedSchema() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Simulations/scenario.schema.json")
        let committed = try String(contentsOf: file, encoding: .utf8)
        #expect(
            committed == scenarioDocument.jsonSchema,
            "Renew it: holdfast replay --schema > Simulations/scenario.schema.json")
    }

    @Test("a margin is that of a reaction, not of a charge that begins in time")
    func margin() throws {
        let line = try playStory(story).lines(seconds: 0)[0]
        #expect(line.contains("required 100 ms, measured 1"), "\(line)")
    }

    @Test("schema and reader are one table")
    func schema() {
        #expect(scenarioDocument.jsonSchema.contains("\"timeline\""))
        #expect(scenarioDocument.undescribedKeys(in: story).isEmpty)
    }

    @Test(
        "a play that is over leaves nothing behind: a campaign plays a hundred thousand in one process",
        arguments: [false, true])
    func nothingStays(_ hasCrowd: Bool) throws {
        weak var world: World?
        do {
            var story = try readStory(chargingStory(then: "  - expect: {state: charging, within: 30s}"))
            if hasCrowd { story = Storm.scenario(seed: 5) }
            let player = try ScenarioPlayer(story, path: "story.yaml")
            _ = player.play()
            world = player.site.world
            #expect(world != nil)
        }
        #expect(world == nil)
    }
}
