// Traces: what other tools read of a run is what was put in.

import Foundation
import Testing
import Traces

/// A run of a minute with one of everything.
func sampleTrace() -> Trace {
    var recorder = TraceRecorder()
    let voltage = recorder.addFigure("left", "voltage", unit: "V", resolution: 0.5)
    let state = recorder.addLane("left", "state")
    let plus = recorder.addLine("left", "contactor_plus")
    recorder.lane(state, "available", at: 0)
    recorder.figure(voltage, 0, at: 0)
    recorder.line(plus, false, at: 0)
    recorder.line(plus, true, at: 20_000_000)
    recorder.lane(state, "charging", at: 20_500_000)
    for second in 20...40 { recorder.figure(voltage, 400 + Double(second), at: Int64(second) * 1_000_000) }
    recorder.line(plus, false, at: 41_000_000)
    recorder.figure(voltage, 3, at: 42_000_000)
    recorder.lane(state, "faulted", at: 41_000_000)
    recorder.mark(Mark(at: 41_000_000, group: "left", kind: .fault, text: "emergency stop </script>"))
    var trace = Trace(title: "a < b", source: "a.yaml", seed: 7, verdict: "failed", ends: 60_000_000)
    recorder.fill(&trace)
    trace.faults = [FaultSpan(group: nil, name: "emergency_stop.pressed", from: 40_900_000, to: nil)]
    trace.expectations = [
        ExpectationRow(
            at: 41_000_000, expected: "no power", isMet: false, found: "power", measured: 120_000, limit: 100_000)
    ]
    return trace
}

@Suite("Traces")
struct TracesTests {
    @Test("a figure that jumps after lying still is a step, not a slope")
    func steps() {
        var recorder = TraceRecorder()
        let number = recorder.addFigure("left", "current", unit: "A", resolution: 1)
        for second in 0...100 { recorder.figure(number, second < 100 ? 0 : 300, at: Int64(second) * 1_000_000) }
        var trace = Trace(title: "", source: "", seed: 1, verdict: "passed", ends: 100_000_000)
        recorder.fill(&trace)
        #expect(trace.figures[0].points.map(\.at) == [0, 99_000_000, 100_000_000])
    }

    @Test("a run of any length stays within its bound, and keeps its first and last values")
    func bound() {
        var recorder = TraceRecorder()
        let number = recorder.addFigure("left", "current", unit: "A", resolution: 0)
        for step in 0..<200_000 { recorder.figure(number, Double(step % 7), at: Int64(step) * 1_000) }
        var trace = Trace(title: "", source: "", seed: 1, verdict: "passed", ends: 200_000_000)
        recorder.fill(&trace)
        let points = trace.figures[0].points
        #expect(points.count <= TraceRecorder.pointsAtMost + 1)
        #expect(points.first?.at == 0)
        #expect(points.last?.at == 199_999_000)
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.at < $1.at })
    }

    @Test("what is not finite is not drawn")
    func finite() {
        var recorder = TraceRecorder()
        let number = recorder.addFigure("left", "current", unit: "A", resolution: 0)
        recorder.figure(number, .nan, at: 0)
        recorder.figure(number, .infinity, at: 1)
        var trace = Trace(title: "", source: "", seed: 1, verdict: "passed", ends: 1)
        recorder.fill(&trace)
        #expect(trace.figures[0].points.isEmpty)
    }

    @Test("the dump's time never goes back, and each track ends where it was put")
    func dump() {
        let text = sampleTrace().valueChangeDump(.gtkwave)
        let ticks = text.split(separator: "\n").filter { $0.hasPrefix("#") }.compactMap { Int($0.dropFirst()) }
        #expect(ticks == ticks.sorted() && Set(ticks).count == ticks.count)
        #expect(ticks.last == 60_000)
        #expect(text.contains("$var string 1 ! state $end"))
        #expect(text.contains("#20500\nscharging !"))
        let sigrok = sampleTrace().valueChangeDump(.sigrok)
        #expect(!sigrok.contains("real") && !sigrok.contains("string"))
        // Sigrok shows a variable's own name alone, and a state as a number: the file says what they are.
        let names = sigrok.split(separator: "\n").filter { $0.hasPrefix("$var") }.map {
            $0.split(separator: " ")[4]
        }
        #expect(Set(names).count == names.count && names.contains { $0.hasSuffix("_state") }, "\(names)")
        #expect(sigrok.contains("state 0 = ") && !text.contains("state 0 = "))
    }

    @Test("trace events are JSON; slices of one track do not overlap")
    func events() throws {
        let whole = try #require(
            JSONSerialization.jsonObject(with: try sampleTrace().traceEvents()) as? [String: Any])
        let events = try #require(whole["traceEvents"] as? [[String: Any]])
        var ends: [String: Int] = [:]
        for event in events where event["ph"] as? String == "X" {
            let track = "\(event["pid"] ?? "")-\(event["tid"] ?? "")"
            let start = try #require(event["ts"] as? Int)
            #expect(start >= ends[track, default: 0])
            ends[track] = start + (try #require(event["dur"] as? Int))
        }
        #expect(events.contains { $0["ph"] as? String == "C" })
        #expect(events.contains { $0["name"] as? String == "emergency_stop.pressed" })
    }

    @Test("event lines are one JSON object each, in the order of time")
    func lines() throws {
        let rows = try sampleTrace().eventLines().split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let times = try rows.map { try #require($0["at_seconds"] as? Double) }
        #expect(times == times.sorted())
        #expect(rows.contains { $0["kind"] as? String == "fault_in" })
        var trace = sampleTrace()
        trace.complaints = ["early", "late"]
        trace.complaintInstants = ["early": 41_500_000]
        let told = try trace.eventLines().split(separator: "\n").filter { $0.contains("complaint") }
        #expect(told.count == 2 && told[0].contains("41.5") && told[1].contains(":60,"), "\(told)")
    }

    @Test("the page carries its data whole, asks no network, and text cannot become markup")
    func page() throws {
        let page = try sampleTrace().report(repeatWith: "holdfast replay a.yaml")
        #expect(!page.contains("http://") || page.components(separatedBy: "http://").count == 2)
        #expect(page.contains("a &lt; b"))
        #expect(page.components(separatedBy: "</script>").count == 3)
        #expect(page.contains("FAILED"))
        #expect(page.contains("120 ms of 100 ms"))
        // What the lines in the plots mean, and where the expectation was missed.
        #expect(page.contains("an expectation was not met") && page.contains("\"kind\":\"unmet\""))
        #expect(!page.contains("Side by side"))
    }

    @Test(
        "what failed stands first in the page over many, then what had least time left; names cannot become markup")
    func index() {
        var rows = ["a", "b", "<c>", "d"].map { ReportIndex.Row(path: "\($0).yaml", title: $0, verdict: "passed") }
        for (number, took) in [10, 95, 40].enumerated() { rows[number].tightest = (100_000, Int64(took) * 1_000) }
        for number in rows.indices { rows[number].links = [("\(rows[number].title) x.html", "page")] }
        rows[3].verdict = "failed"
        let page = ReportIndex(program: "holdfast", rows: rows).page
        let places = ["d", "b", "&lt;c&gt;", "a"].map { page.range(of: ">\($0)</a>")?.lowerBound }
        #expect(places.allSatisfy { $0 != nil } && places.compactMap(\.self) == places.compactMap(\.self).sorted())
        #expect(page.contains("3 passed, 1 failed") && page.contains("95 ms of 100 ms") && page.contains("5 %"))
        #expect(page.contains("href=\"%3Cc%3E%20x.html\"") && !page.contains("<c>") && !page.contains("http"))
    }
}
