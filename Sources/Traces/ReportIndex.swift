// The page that leads to the pages of many runs: what failed first, then what had least time left.

import Foundation

/// The runs of a folder of reports.
public struct ReportIndex: Sendable {
    /// One run.
    public struct Row: Sendable {
        /// Its file, its title and how it ended, as one word.
        public var path, title, verdict: String
        /// Its pages, relative to this one, each with a word for it.
        public var links: [(page: String, word: String)] = []
        /// What was wrong, in a line; empty where nothing was.
        public var complaint = ""
        /// Its length, in microseconds.
        public var virtualMicroseconds: Int64 = 0
        /// The limit that was missed, or else that with the least left of those that a reaction met, and what it took, in microseconds.
        public var tightest: (limit: Int64, measured: Int64)?

        /// A run with its outcome.
        public init(path: String, title: String, verdict: String) {
            (self.path, self.title, self.verdict) = (path, title, verdict)
        }

        fileprivate var isGood: Bool { verdict == "passed" }
        fileprivate var marginPercent: Double? {
            tightest.map { (1 - Double($0.measured) / Double(max(1, $0.limit))) * 100 }
        }
    }

    /// The program that played them, with its build.
    public var program: String
    /// The runs.
    public var rows: [Row]

    /// An index of these.
    public init(program: String, rows: [Row]) { (self.program, self.rows) = (program, rows) }

    /// The page, whole in itself.
    public var page: String {
        let failed = rows.count { !$0.isGood }
        let sum = "\(rows.count - failed) passed, \(failed) failed"
        func rank(_ row: Row, _ number: Int) -> (Int, Double, Int) {
            (row.isGood ? 1 : 0, row.marginPercent ?? .infinity, number)
        }
        let ordered = rows.enumerated().sorted {
            rank($0.element, $0.offset) < rank($1.element, $1.offset)
        }.map(\.element)
        return """
            \(reportHead(sum))
            <body>
            <header><h1><span class="verdict \(failed == 0 ? "good" : "bad")">\(failed == 0 ? "\u{2713}" : "\u{2717}") \(sum)</span></h1>
            <p>Played by \(markup(program))</p>
            <p class="hint">What failed stands first, then what had least of a limit left. The margin is that of what came too late, or of the tightest reaction to a fault.</p>
            </header>
            <div class="wide"><table>
            <thead><tr><th>outcome</th><th>margin</th><th>took, of the limit</th><th>story</th><th>lasted</th></tr></thead>
            <tbody>\(ordered.map(row).joined(separator: "\n"))</tbody></table></div>
            </body></html>

            """
    }

    private func row(_ row: Row) -> String {
        let margin = row.marginPercent.map { String(format: "%.0f %%", $0.rounded(.down)) } ?? ""
        let took = row.tightest.map { "\(seconds($0.measured)) of \(seconds($0.limit))" } ?? ""
        func link(_ page: String, _ text: String) -> String {
            "<a href=\"\(markup(address(page)))\">\(markup(text))</a>"
        }
        let story =
            row.links.count == 1
            ? link(row.links[0].page, row.title)
            : markup(row.title) + row.links.map { " " + link($0.page, $0.word) }.joined()
        let complaint = row.complaint.isEmpty ? "" : "<ul class=\"bad\"><li>\(markup(row.complaint))</li></ul>"
        let sign = (row.isGood ? "\u{2713} " : "\u{2717} ") + markup(row.verdict)
        return
            "<tr class=\"\(row.isGood ? "good" : "bad")\"><td class=\"figure\">\(sign)</td><td class=\"figure\">\(margin)</td><td class=\"figure\">\(took)</td><td>\(story)<p><code>\(markup(row.path))</code></p>\(complaint)</td><td class=\"figure\">\(seconds(row.virtualMicroseconds))</td></tr>"
    }

    /// A path as a link's address.
    private func address(_ path: String) -> String {
        path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
    }
}
