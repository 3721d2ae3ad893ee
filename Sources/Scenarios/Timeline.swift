// How a play went, a line each: what was done, what the post made of it, and how long each expectation took.

import Post
import Traces

extension ScenarioResult {
    /// The course of the run, oldest first; empty where nobody asked for it.
    public var timeline: [String] {
        traces.flatMap { variant, trace -> [String] in
            var rows: [(at: Int64, word: String, text: String)] = trace.marks.map { mark in
                (mark.at, mark.kind.rawValue, mark.text)
            }
            for fault in trace.faults {
                let place = fault.group.map { ", \($0)" } ?? ""
                rows.append((fault.from, "begins", fault.name + place))
                if let to = fault.to { rows.append((to, "ends", fault.name + place)) }
            }
            rows += trace.expectations.filter(\.isReached).map { row in
                (row.at, row.isMet ? "met" : "NOT MET", row.expected + Self.took(row))
            }
            let width = rows.map(\.word.count).max() ?? 0
            // Equal instants keep the order in which things are told: deeds, causes, expectations.
            let ordered = rows.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            return (variant.map { ["      \($0):"] } ?? [])
                + ordered.map { _, row in
                    let instant = "+" + String(clock(Instant(microseconds: row.at)))
                    let word = row.word + String(repeating: " ", count: width - row.word.count)
                    return "      \(instant)  \(word)  \(row.text)"
                }
        }
    }

    private static func took(_ row: ExpectationRow) -> String {
        guard let limit = row.limit, let measured = row.measured, row.isMet else { return "" }
        return " (\(span(measured)) of \(span(limit)), margin \((limit - measured) * 100 / max(1, limit)) %)"
    }
}
