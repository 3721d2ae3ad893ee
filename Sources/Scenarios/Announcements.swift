// A run told to machines that read lines: TAP 14 and 13, and the annotations of GitHub's workflows.

import Foundation

/// How a run is told.
public enum ReportFormat: String, CaseIterable, Sendable {
    /// Lines for people.
    case text
    /// One JSON object.
    case json
    /// The Test Anything Protocol, version 14.
    case tap
    /// The same in version 13, which `prove` of Perl's Test::Harness reads.
    case tap13
    /// Annotations of GitHub's workflows, ten at most, and a summary.
    case github
}

/// One thing that was tested, as a machine is told of it.
public struct Announcement: Sendable {
    /// What was tested: a file, or the seed of a storm.
    public var name: String
    /// The file and line to look at, where there is one.
    public var file: String?
    /// The line, from 1.
    public var line: Int?
    /// Whether it is as it should be.
    public var isGood: Bool
    /// What is wrong, a line each.
    public var complaints: [String]
    /// The command that repeats it.
    public var repeatCommand: String

    /// A storm, or another thing without a file.
    public init(name: String, isGood: Bool, complaints: [String], repeatCommand: String) {
        self.name = name
        self.isGood = isGood
        self.complaints = complaints
        self.repeatCommand = repeatCommand
    }
}

extension ScenarioResult {
    /// The outcome as machines are told of it.
    public var announcement: Announcement {
        let unmet = checks.filter { !$0.isMet }
        var announcement = Announcement(
            name: path, isGood: verdict == .passed,
            complaints: unmet.map { "expected \($0.expected)\($0.limitWords), found: \($0.found)" } + complaints,
            repeatCommand: repeatCommand)
        announcement.file = path
        announcement.line = unmet.first?.line ?? line(in: complaints.first)
        return announcement
    }

    /// The line that a complaint names, as in `story.yaml:12:3: ...`.
    private func line(in complaint: String?) -> Int? {
        guard let complaint, complaint.hasPrefix(path + ":") else { return nil }
        return Int(complaint.dropFirst(path.count + 1).prefix { $0.isNumber })
    }
}

extension [Announcement] {
    /// TAP: a plan, a line each, and what is wrong as a block of YAML below its line.
    /// - Parameter version: 14, or 13 for readers that know no later one; what is told here is the same in both.
    public func tap(version: Int = 14) -> String {
        var text = "TAP version \(version)\n1..\(count)\n"
        for (index, one) in enumerated() {
            let name = one.name.replacing("\\", with: "\\\\").replacing("#", with: "\\#")
            text += "\(one.isGood ? "ok" : "not ok") \(index + 1) - \(name)\n"
            guard !one.isGood else { continue }
            text += "  ---\n  message: \(yaml(one.complaints.first ?? "it failed"))\n  severity: fail\n"
            // In blocks alone: Perl's reader of these lines knows no braces.
            if let file = one.file { text += "  at:\n    file: \(yaml(file))\n    line: \(one.line ?? 1)\n" }
            if one.complaints.count > 1 {
                text += "  more:\n" + one.complaints.dropFirst().map { "    - \(yaml($0))\n" }.joined()
            }
            text += "  repeat_with: \(yaml(one.repeatCommand))\n  ...\n"
        }
        return text
    }

    /// How many annotations GitHub shows of one step and kind.
    static var annotationsAtMost: Int { 10 }

    /// Workflow commands: an error for each of the first ten that failed, then one line that sums up.
    public var githubAnnotations: String {
        let bad = filter { !$0.isGood }
        var text = ""
        for one in bad.prefix(Self.annotationsAtMost) {
            var place = one.file.map { "file=\(property($0))," } ?? ""
            if let line = one.line { place += "line=\(line)," }
            let message = (one.complaints + ["repeat with: \(one.repeatCommand)"]).joined(separator: "\n")
            text += "::error \(place)title=\(property(one.name))::\(data(message))\n"
        }
        let rest = bad.count - Swift.min(bad.count, Self.annotationsAtMost)
        let more = rest > 0 ? "; \(rest) more failures are in the summary" : ""
        return text + "::notice title=holdfast::\(count - bad.count) passed, \(bad.count) failed\(more)\n"
    }

    /// A page for the summary of a GitHub job: every failure, and how to repeat it.
    public var githubSummary: String {
        let bad = filter { !$0.isGood }
        var text = "### holdfast: \(count - bad.count) passed, \(bad.count) failed\n"
        guard !bad.isEmpty else { return text }
        text += "\n| failed | what | repeat with |\n|---|---|---|\n"
        for one in bad {
            let what = cell(one.complaints.first ?? "")
            text += "| \(cell(one.name)) | \(what) | `\(cell(one.repeatCommand))` |\n"
        }
        return text
    }

    private func yaml(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }

    private func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }

    private func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}
