// Tables as text that a person reads: an overview of letters, then every column with the rows that behave alike.

import Foundation
import Testing

@testable import Post

/// A table of some machine: rows are its states, columns its events.
struct TransitionTable {
    let title: String
    let rows: [String]
    /// Columns in order: name, and one text a row.
    private(set) var columns: [(name: String, cells: [String])] = []
    /// The overview's letter of each cell, where there is an overview.
    private(set) var letters: [[Character]] = []
    /// The letter of each row.
    let marks: [Character]

    init(_ title: String, rows: [String], marks: [Character] = []) {
        (self.title, self.rows, self.marks) = (title, rows, marks)
    }

    mutating func append(_ name: String, _ cells: [String], _ letters: [Character] = []) {
        columns.append((name, cells))
        if !letters.isEmpty { self.letters.append(letters) }
    }

    var text: String {
        var lines = title.split(separator: "\n", omittingEmptySubsequences: false).map { "# \($0)" } + [""]
        if !letters.isEmpty { lines += overview + [""] }
        for (name, cells) in columns { lines += grouped(name, cells) + [""] }
        return lines.joined(separator: "\n")
    }

    private var overview: [String] {
        let width = columns.map(\.name.count).max() ?? 0
        func line(_ name: String, _ letters: [Character]) -> String {
            name + String(repeating: " ", count: width - name.count) + "  " + letters.map { "\($0)" }.joined()
        }
        var lines = rows.enumerated().map { "#   \(marks[$0.offset])  column \($0.offset + 1): \($0.element)" }
        lines += ["", line("", marks)]
        for (column, row) in zip(columns, letters) { lines.append(line(column.name, row)) }
        return lines
    }

    /// The rows that behave alike together, in the order of the first of them; those where nothing happens last.
    private func grouped(_ name: String, _ cells: [String]) -> [String] {
        var order: [String] = []
        var members: [String: [String]] = [:]
        for (row, text) in zip(rows, cells) {
            if members[text] == nil, text != "nothing" { order.append(text) }
            members[text, default: []].append(row)
        }
        var lines = ["\(name)"]
        for text in order {
            lines += wrapped(members[text, default: []]) + ["      \(text)"]
        }
        if let quiet = members["nothing"] {
            lines += order.isEmpty ? ["  in every state nothing"] : wrapped(quiet) + ["      nothing"]
        }
        return lines
    }

    private func wrapped(_ names: [String]) -> [String] {
        var lines: [String] = []
        for name in names {
            if let last = lines.last, last.count + name.count < 110 {
                lines[lines.count - 1] = "\(last) | \(name)"
            } else {
                lines.append("  \(name)")
            }
        }
        return lines
    }

    /// Compares with the reviewed file of that name. `HOLDFAST_WRITE_TRANSITIONS=1` writes it anew, to be read again,
    /// cell by cell, before it is committed.
    func expectReviewed(_ file: String) throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Tables/\(file)")
        if ProcessInfo.processInfo.environment["HOLDFAST_WRITE_TRANSITIONS"] == "1" {
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        let reviewed = try String(contentsOf: url, encoding: .utf8)
        guard reviewed != text else { return }
        let before = reviewed.split(separator: "\n", omittingEmptySubsequences: false)
        let now = text.split(separator: "\n", omittingEmptySubsequences: false)
        let changes = now.difference(from: before).map { change in
            switch change {
            case .insert(let line, let text, _): "now, line \(line + 1): \(text)"
            case .remove(let line, let text, _): "reviewed, line \(line + 1): \(text)"
            }
        }
        Issue.record(
            """
            \(file) is no longer what was reviewed; \(changes.count) lines differ:
            \(changes.prefix(24).joined(separator: "\n"))
            If that is meant, run with HOLDFAST_WRITE_TRANSITIONS=1 and read every changed cell.
            """)
    }
}
