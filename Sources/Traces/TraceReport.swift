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
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(markup(verdictSign + " " + title))</title>
            <style>\(reportStyle)</style></head>
            <body>
            <header>
            <h1><span class="verdict \(isGood ? "good" : "bad")">\(verdictSign)</span> \(markup(title))</h1>
            <p>\(markup(source)), seed \(seed), \(seconds(ends)) of the world's time</p>
            \(program.isEmpty ? "" : "<p>Played by \(markup(program))</p>")
            <p>Again: <code>\(markup(repeatWith))</code></p>
            \(complaintList)
            </header>
            \(expectationTable)
            <section><h2>What happened</h2>
            <p class="hint">Drag across a plot to look closer; double-click to see all again. Shaded: a fault or a trouble was there. Dotted: somebody did something.</p>
            <div id="plots" class="wide"></div></section>
            \(markTable)
            <script type="application/json" id="data">\(json)</script>
            <script>\(reportScript)</script>
            </body></html>

            """
    }

    private var isGood: Bool { verdict == "passed" }
    private var verdictSign: String { (isGood ? "\u{2713} " : "\u{2717} ") + verdict.uppercased() }

    /// What was wrong comes first: nobody should have to look for it.
    private var complaintList: String {
        guard !complaints.isEmpty else { return "" }
        return "<ul class=\"bad\">" + complaints.map { "<li>\(markup($0))</li>" }.joined() + "</ul>"
    }

    private var expectationTable: String {
        guard !expectations.isEmpty else { return "" }
        let rows = expectations.map { row in
            let sign = row.isMet ? "\u{2713} met" : "\u{2717} not met"
            let margin =
                if let measured = row.measured, let limit = row.limit, limit > 0 {
                    "\(seconds(measured)) of \(seconds(limit))"
                } else { "" }
            let found = row.isMet ? "" : markup(row.found)
            return
                "<tr class=\"\(row.isMet ? "good" : "bad")\"><td>\(sign)</td><td>\(instant(row.at))</td><td>\(markup(row.expected))</td><td>\(margin)</td><td>\(found)</td></tr>"
        }
        return """
            <section><h2>What was expected</h2><div class="wide"><table>
            <thead><tr><th>outcome</th><th>at</th><th>expected</th><th>took, of the limit</th><th>found</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div></section>
            """
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
    }
}

/// Text that means itself in HTML.
private func markup(_ text: String) -> String {
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
private func seconds(_ microseconds: Int64) -> String {
    switch microseconds {
    case ..<1_000_000: "\(microseconds / 1_000) ms"
    case ..<3_600_000_000: String(format: "%.2f s", Double(microseconds) / 1e6)
    default: String(format: "%.2f h", Double(microseconds) / 3.6e9)
    }
}
