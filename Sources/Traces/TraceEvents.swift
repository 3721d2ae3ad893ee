// A trace as the JSON that Perfetto and Chrome's tracing open, and as one JSON object a line for programs.

public import Foundation

/// One entry of the trace event format; its one-letter keys are the format's own.
private struct TraceEvent: Encodable {
    var name: String
    /// X a slice, C a counter, i an instant, M a name.
    var ph: String
    var ts: Int64
    var dur: Int64?
    var pid: Int
    var tid: Int
    /// An instant's scope: t is its thread.
    var s: String?
    var args: [String: ArgumentValue]?
}

private enum ArgumentValue: Encodable {
    case text(String)
    case number(Double)
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        }
    }
}

extension Trace {
    /// The trace event format: states and faults as slices, figures as counters, on one axis of microseconds.
    public func traceEvents() throws -> Data {
        var events: [TraceEvent] = []
        let groups = self.groups
        func process(_ group: String?) -> Int { group.flatMap { groups.firstIndex(of: $0) }.map { $0 + 2 } ?? 1 }
        func named(_ what: String, _ name: String, pid: Int, tid: Int) {
            events.append(
                TraceEvent(name: what, ph: "M", ts: 0, pid: pid, tid: tid, args: ["name": .text(name)]))
        }
        named("process_name", "site", pid: 1, tid: 0)
        for group in groups { named("process_name", group, pid: process(group), tid: 0) }
        var thread = 1
        for lane in lanes {
            named("thread_name", lane.name, pid: process(lane.group), tid: thread)
            for (index, step) in lane.steps.enumerated() {
                let end = index + 1 < lane.steps.count ? lane.steps[index + 1].at : ends
                events.append(
                    TraceEvent(
                        name: step.word, ph: "X", ts: step.at, dur: max(0, end - step.at), pid: process(lane.group),
                        tid: thread))
            }
            thread += 1
        }
        for line in lines {
            named("thread_name", line.name, pid: process(line.group), tid: thread)
            for (index, edge) in line.edges.enumerated() where edge.isHigh {
                let end = index + 1 < line.edges.count ? line.edges[index + 1].at : ends
                events.append(
                    TraceEvent(
                        name: line.name, ph: "X", ts: edge.at, dur: max(0, end - edge.at),
                        pid: process(line.group), tid: thread))
            }
            thread += 1
        }
        // Each fault has a track of its own: slices of one track must nest, and faults need not.
        for fault in faults {
            let pid = process(fault.group)
            named("thread_name", "fault \(fault.name)", pid: pid, tid: thread)
            events.append(
                TraceEvent(
                    name: fault.name, ph: "X", ts: fault.from, dur: max(0, (fault.to ?? ends) - fault.from),
                    pid: pid, tid: thread))
            thread += 1
        }
        for figure in figures {
            for point in figure.points {
                events.append(
                    TraceEvent(
                        name: "\(figure.name) (\(figure.unit))", ph: "C", ts: point.at, pid: process(figure.group),
                        tid: 0, args: [figure.unit: .number(point.value)]))
            }
        }
        for kind in Mark.Kind.allCases {
            for mark in marks where mark.kind == kind {
                events.append(
                    TraceEvent(
                        name: mark.text, ph: "i", ts: mark.at, pid: process(mark.group), tid: thread, s: "t"))
            }
            for pid in 1...(groups.count + 1) { named("thread_name", kind.rawValue, pid: pid, tid: thread) }
            thread += 1
        }
        struct Whole: Encodable {
            var displayTimeUnit = "ms"
            var traceEvents: [TraceEvent]
        }
        return try sortedEncoder().encode(Whole(traceEvents: events))
    }

    /// One JSON object a line, in the order of time: the program that played it, states, lines, faults and marks; the verdict is
    /// the last.
    public func eventLines() throws -> String {
        struct Row: Encodable {
            var at_seconds: Double
            var kind: String
            var where_: String?
            var what: String
            enum CodingKeys: String, CodingKey {
                case at_seconds, kind, what
                case where_ = "where"
            }
        }
        var rows: [(at: Int64, row: Row)] = []
        func add(_ at: Int64, _ kind: String, _ group: String?, _ what: String) {
            rows.append((at, Row(at_seconds: Double(at) / 1e6, kind: kind, where_: group, what: what)))
        }
        for lane in lanes { for step in lane.steps { add(step.at, lane.name, lane.group, step.word) } }
        for line in lines {
            for edge in line.edges { add(edge.at, "line", line.group, "\(line.name) \(edge.isHigh ? 1 : 0)") }
        }
        for fault in faults {
            add(fault.from, "fault_in", fault.group, fault.name)
            if let to = fault.to { add(to, "fault_out", fault.group, fault.name) }
        }
        for mark in marks { add(mark.at, mark.kind.rawValue, mark.group, mark.text) }
        for row in expectations {
            add(
                row.isReached ? row.at : ends, row.isMet ? "expected" : row.isReached ? "not_met" : "not_reached",
                nil, row.expected)
        }
        if !program.isEmpty {
            rows.insert((0, Row(at_seconds: 0, kind: "program", where_: nil, what: program)), at: 0)
        }
        for complaint in complaints { add(complaintInstants[complaint] ?? ends, "complaint", nil, complaint) }
        add(ends, "verdict", nil, verdict)
        let encoder = sortedEncoder()
        return try rows.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map { String(decoding: try encoder.encode($0.element.row), as: UTF8.self) + "\n" }.joined()
    }

    private func sortedEncoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
