// A trace as one self-contained HTML page: no network, no other file; the script draws what the page carries.

import Foundation

extension Trace {
    /// The page.
    /// - Parameter repeatWith: The command that gives the same run again.
    public func report(repeatWith: String) throws -> String {
        let data = try JSONEncoder().encode(ReportData(self))
        // "</script>" inside a text would end the page's data early.
        let json = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "</", with: "<\\/")
        return """
            \(reportHead(verdictSign + " " + title))
            <body>
            <header>
            <h1><span class="verdict \(isGood ? "good" : "bad")">\(verdictSign)</span> \(markup(title))</h1>
            <p>\(markup(source)), \(isRecorded ? "" : "seed \(seed), ")\(seconds(ends)) of the \(isRecorded ? "post's" : "world's") time</p>
            \(program.isEmpty ? "" : "<p>Played by \(markup(program))</p>")
            <p>Again: <code>\(markup(repeatWith))</code></p>
            \(complaintList)
            </header>
            \(expectationTable)
            \(sideBySide)
            <section><h2>What happened</h2>
            <p class="hint">Drag across a plot to look closer; double-click to see all again.</p>
            <p class="hint">\(legend)</p>
            \(note.isEmpty ? "" : "<p class=\"hint\">\(markup(note))</p>")
            <div id="plots" class="wide"></div></section>
            \(markTable)
            <script type="application/json" id="data">\(json)</script>
            <script>\(reportScript)</script>
            </body></html>

            """
    }

    private var isGood: Bool { verdict == "passed" || isRecorded && verdict != "diverged" && verdict != "damaged" }
    private var verdictSign: String {
        (isGood ? "\u{2713} " : "\u{2717} ") + verdict.replacingOccurrences(of: "_", with: " ").uppercased()
    }

    /// What the signs in the plots mean.
    private var legend: String {
        func entry(_ sign: String, _ meaning: String) -> String {
            "<span class=\"key\"><i class=\"\(sign)\"></i>\(meaning)</span>"
        }
        return entry("shade", isRecorded ? "the post told of a fault" : "a fault or a trouble was there")
            + entry(
                "flag",
                isRecorded
                    ? "the post raised a fault"
                    : "the post raised a fault, a judge found something, or an expectation was not met")
            + (isRecorded ? "" : entry("deed", "somebody did something"))
    }

    /// The same story played in several ways.
    private var sideBySide: String {
        guard let head = table.first else { return "" }
        func row(_ cells: [String], _ kind: String) -> String {
            "<tr>" + cells.map { "<\(kind)>\(markup($0))</\(kind)>" }.joined() + "</tr>"
        }
        return """
            <section><h2>\(head.count > 2 ? "Side by side" : "What it came to")</h2><div class="wide"><table>
            <thead>\(row(head, "th"))</thead>
            <tbody>\(table.dropFirst().map { row($0, "td") }.joined(separator: "\n"))</tbody></table></div></section>
            """
    }

    /// What was wrong comes first: nobody should have to look for it.
    private var complaintList: String {
        guard !complaints.isEmpty else { return "" }
        return "<ul class=\"bad\">" + complaints.map { "<li>\(markup($0))</li>" }.joined() + "</ul>"
    }

    private var expectationTable: String {
        guard !expectations.isEmpty else { return "" }
        let rows = expectations.map { row in
            let sign = row.isMet ? "\u{2713} met" : row.isReached ? "\u{2717} not met" : "\u{2013} not reached"
            let kind = row.isMet ? "good" : row.isReached ? "bad" : "open"
            let found = row.isMet ? "" : markup(row.found)
            let line = row.line.map { "\($0)" } ?? ""
            return
                "<tr class=\"\(kind)\"><td class=\"figure\">\(sign)</td><td>\(row.isReached ? instant(row.at) : "")</td><td>\(line)</td><td>\(markup(row.expected))</td><td class=\"figure\">\(took(row))</td><td>\(found)</td></tr>"
        }
        return """
            <section><h2>What was expected</h2><div class="wide"><table>
            <thead><tr><th>outcome</th><th>at</th><th>line</th><th>expected</th><th>took, of the limit</th><th>found</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div></section>
            """
    }

    /// What came in time by its share of the limit, what came too late by both, what did not come by the limit alone.
    private func took(_ row: ExpectationRow) -> String {
        guard let limit = row.limit, limit > 0 else { return "" }
        if let late = row.cameAfter { return "\(seconds(late)), limit \(seconds(limit))" }
        guard row.isReached, let measured = row.measured else { return "limit \(seconds(limit))" }
        if !row.isMet, measured <= limit { return "not within \(seconds(limit))" }
        return "\(seconds(measured)) of \(seconds(limit))"
    }

    private var markTable: String {
        guard !marks.isEmpty else { return "" }
        let rows = marks.map {
            "<tr class=\"\($0.kind.rawValue)\"><td>\(instant($0.at))</td><td>\(markup($0.group ?? ""))</td><td>\($0.kind.rawValue)</td><td>\(markup($0.text))</td></tr>"
        }
        return """
            <section><h2>Every report, in order</h2><details\(marks.count < 60 ? " open" : "")><summary>\(marks.count) lines</summary>
            <div class="wide"><table><thead><tr><th>at</th><th>where</th><th>kind</th><th>what</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div></details></section>
            """
    }
}

/// What the page's script draws; times in seconds.
private struct ReportData: Encodable {
    struct Plot: Encodable { var group, name, unit: String; var x, y: [Double] }
    struct Band: Encodable { var group, name: String; var x: [Double]; var words: [String] }
    struct Shade: Encodable { var group: String?; var name: String; var from, to: Double }
    struct Flag: Encodable { var group: String?; var at: Double; var kind, text: String }
    var ends: Double
    var groups: [String]
    var plots: [Plot]
    var bands: [Band]
    var shades: [Shade]
    var flags: [Flag]

    init(_ trace: Trace) {
        func time(_ at: Int64) -> Double { Double(at) / 1e6 }
        ends = time(trace.ends)
        groups = trace.groups
        plots = trace.figures.map {
            Plot(
                group: $0.group, name: $0.name, unit: $0.unit, x: $0.points.map { time($0.at) },
                y: $0.points.map { ($0.value * 1_000).rounded() / 1_000 })
        }
        bands =
            trace.lanes.map {
                Band(group: $0.group, name: $0.name, x: $0.steps.map { time($0.at) }, words: $0.steps.map(\.word))
            }
            + trace.lines.map {
                Band(
                    group: $0.group, name: $0.name, x: $0.edges.map { time($0.at) },
                    words: $0.edges.map { $0.isHigh ? "1" : "0" })
            }
        shades = trace.faults.map {
            Shade(group: $0.group, name: $0.name, from: time($0.from), to: time($0.to ?? trace.ends))
        }
        flags = trace.marks.filter { $0.kind != .report }.map {
            Flag(group: $0.group, at: time($0.at), kind: $0.kind.rawValue, text: $0.text)
        }
        flags += trace.expectations.filter { $0.isReached && !$0.isMet }.map {
            Flag(group: nil, at: time($0.at), kind: "unmet", text: "not met: \($0.expected)")
        }
    }
}

/// What every page begins with, up to its body.
func reportHead(_ title: String) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(markup(title))</title>
    <style>\(reportStyle)</style></head>
    """
}

/// Text that means itself in HTML.
func markup(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
}

/// An instant for people: two of them can always be told apart. From a minute on days, hours, minutes and seconds.
private func instant(_ microseconds: Int64) -> String {
    guard microseconds >= 60_000_000 else { return seconds(microseconds) }
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (whole, rest) = (microseconds / 1_000_000, microseconds % 1_000_000 / 10_000)
    let days = whole >= 86_400 ? "\(whole / 86_400) d " : ""
    let hours = whole >= 3_600 ? two(whole / 3_600 % 24) + ":" : ""
    return days + hours + "\(two(whole / 60 % 60)):\(two(whole % 60)).\(two(rest))"
}

/// A length of time for people.
func seconds(_ microseconds: Int64) -> String {
    switch microseconds {
    case ..<1_000_000: "\(microseconds / 1_000) ms"
    case ..<3_600_000_000: String(format: "%.2f s", Double(microseconds) / 1e6)
    default: String(format: "%.2f h", Double(microseconds) / 3.6e9)
    }
}
