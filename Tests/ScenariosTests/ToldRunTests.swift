// What is told of a run: whose records are meant, what came late, whose margin has shrunk, all in the words of scenario files.

import Foundation
import Testing
import Traces

@testable import Scenarios

/// Two connectors of one post, and two sessions that end for two reasons; then statements about the end.
private func twoSessions(_ end: String) -> String {
    """
    title: Two sessions, two ends
    drivers: {listed: [alice, bob]}
    vehicles: {car: {state_of_charge_percent: 40}}
    timeline:
      - at: 20s
        plug: {vehicle: car, connector: 1}
      - after: 1s
        tap: {token: alice}
      - expect: {state: charging, within: 30s}
      - after: 1s
        plug: {vehicle: car, connector: 2}
      - after: 1s
        tap: {token: bob}
      - expect: {connector: 2, state: charging, within: 60s}
      - after: 10s
        press_stop: {connector: 1}
      - expect: {state: finishing, within: 10s}
      - after: 2s
        stop_by_hand: {connector: 2}
      - expect: {connector: 2, state: finishing, within: 10s}
    at_end:
      - \(end)
    """
}

extension ScenarioTests {
    @Test(
        "records are those of the connector that is named, or of the whole post, which the sentence says",
        arguments: [
            ("{stop_reason: remote}", true, "at the end: post 1: newest session ended by remote"),
            ("{stop_reason: local}", false, "at the end: post 1: newest session ended by local"),
            (
                "{connector: 1, stop_reason: local, sessions: 1, energy_told_is_energy_flowed: true}", true,
                "at the end: post 1, connector 1: 1 session, newest session ended by local, energy told is energy that flowed"
            ),
            (
                "{connector: 1, stop_reason: remote}", false,
                "at the end: post 1, connector 1: newest session ended by remote"
            ),
            ("{connector: 2, sessions: 2}", false, "at the end: post 1, connector 2: 2 sessions"),
            (
                "{state: finishing, sessions: 2, owed: 0}", true,
                "at the end: post 1, connector 1: state finishing; post 1: 2 sessions, 0 records owed"
            ),
            (
                "{connector: 2, open_sessions: 0, owed: 0}", true,
                "at the end: post 1, connector 2: 0 open sessions; post 1: 0 records owed"
            ),
        ])
    func whoseRecords(_ end: String, _ isMet: Bool, _ sentence: String) throws {
        let result = try playStory(twoSessions(end))
        let check = try #require(result.checks.last)
        #expect(check.expected == sentence)
        #expect(check.isMet == isMet, "\(check.found)")
        let named =
            end.contains("connector: 1") ? " at connector 1" : end.contains("connector: 2") ? " at connector 2" : ""
        #expect(isMet || check.found.contains("session\(named)") || check.found.contains("sessions\(named)"))
        let told = try readStory(twoSessions(end)).explanation.last ?? ""
        #expect(told.contains(named.isEmpty ? "the post: " : "connector \(named.suffix(1)): "), "\(told)")
    }

    @Test(
        "what comes too late is in the course as well, with the limit it missed; what is not reached is neither met nor missed"
    )
    func late() throws {
        let story = chargingStory(
            then: """
                  - expect: {state: charging, within: 2s}
                  - expect: {current_above: 100A, within: 30s}
                at_end:
                  - {sessions: 1}
                """)
        let result = try ScenarioPlayer.play(readStory(story), path: "story.yaml", isTraced: true)
        let trace = try #require(result.traces.first?.trace)
        #expect(trace.expectations.map(\.isReached) == [true, false, false] && trace.verdict == "failed")
        let late = trace.expectations[0]
        #expect(late.cameAfter ?? 0 > 8_000_000 && late.found.contains("it came after 8.5 s") && late.line == 9)
        // The plots go on until it came.
        #expect(trace.ends > late.at + 6_000_000 && !trace.note.isEmpty)
        let page = try trace.report(repeatWith: "holdfast replay story.yaml")
        #expect(page.contains("8.50 s, limit 2.00 s") && page.contains("not reached"))
        #expect(!result.timeline.contains { $0.contains("1 session") })
        #expect(try trace.eventLines().contains(#""kind":"not_reached""#))
    }

    @Test("a complaint stands in the course where what it is about happened")
    func complaintInstants() throws {
        let story = tornOutStory(doorAfter: 90)
        let trace = try #require(
            ScenarioPlayer.play(readStory(story), path: "story.yaml", isTraced: true).traces.first?.trace)
        let complaint = try #require(trace.complaints.first { $0.hasPrefix("the world, ") })
        let row = try #require(try trace.eventLines().split(separator: "\n").first { $0.contains(complaint) })
        let at = try #require(
            (JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any])?["at_seconds"] as? Double)
        #expect(at < Double(trace.ends) / 1e6 - 60 && complaint.contains(String(format: "%06.3f", at)), "\(row)")
    }

    @Test("reports, plots and explanations have the words of scenario files, and figures that can be read")
    func words() throws {
        let story = chargingStory(
            then: """
                  - expect: {state: charging, within: 30s}
                  - network: {reset_peer: 25818079us, rate: 18566bit}
                  - disk: {is: commits_slow}
                  - after: 108758ms
                    vehicle: {does: pauses}
                  - expect: {state: suspended_by_vehicle, within: 5s}
                  - network: {down: true}
                """)
        let result = try ScenarioPlayer.play(readStory(story), path: "story.yaml", isTraced: true)
        let told = result.timeline.joined(separator: "\n")
        for part in [
            "charging -> suspended_by_vehicle", "disk: commits_slow", "network: down", "reset_peer 25.818s",
            "rate 18.566kbit",
        ] { #expect(told.contains(part), "\(part) in \(told)") }
        #expect(!told.contains("suspendedByVehicle") && !told.contains("down: true"))
        #expect(try readStory(story).explanation.contains { $0.contains("108.758s later") })
        #expect(
            spoken(90_061_000_000) == "25h 1m 1s" && spoken(30_000_000) == "30s"
                && spoken(5_000_000_001) == "1h 23m 20s")
    }

    @Test(
        "no label of the comparison runs into its figure, and each day's page has what was expected of it and the table"
    )
    func comparison() throws {
        let day = """
            title: A day
            site: {posts: 1}
            vehicles: {car: {stops_at_percent: 40}}
            arrivals: {from: 1m, until: 30m, every_at_least: 5m, every_at_most: 10m, known_of_ten: 10, vehicle: car, percent_at_least: 20, percent_at_most: 30}
            compare:
              - {name: without, list_installed: false}
              - {name: with, list_installed: true, known_refused: 0}
            timeline:
              - at: 0s
                network: {down: true}
              - at: 40m
                milestone: most connected again at last
            """
        let result = try ScenarioPlayer.compare(readStory(day), path: "story.yaml", isTraced: true)
        let owed = try #require(result.table.first { $0.contains("records owed") })
        #expect(owed.contains("(most connected again at last)  "), "\(owed)")
        let page = try #require(result.traces.last?.trace).report(repeatWith: "again")
        #expect(page.contains("with: 0 known drivers refused") && page.contains("Side by side"))
        #expect(page.contains("<td>records owed at 00:40 (most connected again at last)</td>"))
    }
}

@Suite("A run beside an earlier one")
struct RunChangeTests {
    private func run(_ took: Int64, _ more: [(String, Verdict)] = []) -> ScenarioRun {
        var run = ScenarioRun()
        var check = CheckResult(expected: "contactors open", line: 5, isMet: true, found: "", at: 9)
        (check.measured, check.limit, check.isReaction) = (took, 100_000, true)
        for (path, verdict) in [("stop.yaml", Verdict.passed)] + more {
            run.results.append(
                ScenarioResult(
                    path: path, title: path, verdict: verdict, checks: path == "stop.yaml" ? [check] : [],
                    complaints: [], lastEvents: [], virtualMicroseconds: 0, hash: 0))
        }
        return run
    }

    private func change(_ now: ScenarioRun, since before: ScenarioRun) throws -> RunChange {
        let json = before.json(seconds: before.results.map { _ in 0 })
        return RunChange(now, since: try EarlierRun(json: Data(json.utf8)))
    }

    @Test("10 ms that have become 95 ms of 100 ms are seen at once, and so is what is new, gone or failing")
    func shrunk() throws {
        let before = run(10_000, [("b.yaml", .passed), ("c.yaml", .failed), ("gone.yaml", .passed)])
        let now = run(95_000, [("b.yaml", .failed), ("c.yaml", .passed), ("new.yaml", .passed)])
        let change = try change(now, since: before)
        #expect(change.shrunk.map(\.path) == ["stop.yaml"] && change.grown == 0)
        #expect(change.added == ["new.yaml"] && change.gone == ["gone.yaml"])
        #expect(change.nowFailing == ["b.yaml"] && change.nowPassing == ["c.yaml"])
        #expect(
            change.lines(since: "old.json").contains(
                "  margin 90 % -> 5 % (10 ms -> 95 ms of 100 ms)  stop.yaml:5: contactors open"),
            "\(change.lines(since: "old.json"))")
        #expect(now.json(seconds: [0, 0, 0, 0], change: change).contains(#""margin_percent_before" : 90"#))
        let same = try self.change(before, since: before)
        #expect(same.lines(since: "old.json") == ["against old.json: the same"])
        #expect(try self.change(run(2_000), since: run(10_000)).grown == 1)
    }

    @Test("a margin that is asked for and not there fails the story, with the line")
    func demanded() {
        var result = run(95_000).results[0]
        result.demand(marginPercent: 5)
        #expect(result.verdict == .passed)
        result.demand(marginPercent: 20)
        #expect(result.verdict == .failed)
        #expect(
            result.complaints.first?.hasPrefix("stop.yaml:5: contactors open within 100 ms: a margin of 5 %")
                == true)
    }
}
