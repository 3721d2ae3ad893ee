// JUnit XML, for a CI: a suite a file with a case for each thing that was asked, a suite of storms with a case for each seed.

import Foundation

/// A suite: a scenario file, or a range of storms.
public struct JUnitSuite: Sendable {
    /// One thing that was asked.
    public struct Case: Sendable {
        /// How it came out.
        public enum Outcome: Sendable {
            /// It held.
            case passed
            /// It did not hold.
            case failure(type: String, message: String, details: String)
            /// It could not be asked.
            case error(type: String, message: String, details: String)
            /// The play had ended before.
            case skipped(String)
        }

        /// What was asked.
        public var name: String
        /// The file, and the line, from 1, where one asks.
        public var file: String?
        /// The line.
        public var line: Int?
        /// How it came out.
        public var outcome: Outcome
        /// What else is known of it.
        public var properties: [(name: String, value: String)] = []

        /// Something that was asked, with its outcome.
        public init(name: String, outcome: Outcome) { (self.name, self.outcome) = (name, outcome) }
    }

    /// Its name: the file, or the range.
    public var name: String
    /// How long it took by the wall's clock, in seconds.
    public var seconds: Double
    /// What is known of the whole.
    public var properties: [(name: String, value: String)] = []
    /// What was asked.
    public var cases: [Case]

    /// A suite of these cases.
    public init(name: String, seconds: Double, cases: [Case]) {
        (self.name, self.seconds, self.cases) = (name, seconds, cases)
    }

    fileprivate var xml: String {
        func count(_ isCounted: (Case.Outcome) -> Bool) -> Int { cases.filter { isCounted($0.outcome) }.count }
        let failures = count { if case .failure = $0 { true } else { false } }
        let errors = count { if case .error = $0 { true } else { false } }
        let skipped = count { if case .skipped = $0 { true } else { false } }
        var text =
            "  <testsuite name=\"\(escaped(name))\" tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
        text += " skipped=\"\(skipped)\" time=\"\(String(format: "%.3f", seconds))\">\n"
        text += xmlProperties(properties, indent: "    ")
        for one in cases { text += one.xml(of: name) }
        return text + "  </testsuite>\n"
    }
}

extension JUnitSuite.Case {
    fileprivate func xml(of suite: String) -> String {
        var text = "    <testcase classname=\"\(escaped(suite))\" name=\"\(escaped(name))\""
        if let file { text += " file=\"\(escaped(file))\"" }
        if let line { text += " line=\"\(line)\"" }
        var body = xmlProperties(properties, indent: "      ")
        switch outcome {
        case .passed: break
        case .failure(let type, let message, let details):
            body +=
                "      <failure type=\"\(escaped(type))\" message=\"\(escaped(message))\">\(escaped(details))</failure>\n"
        case .error(let type, let message, let details):
            body +=
                "      <error type=\"\(escaped(type))\" message=\"\(escaped(message))\">\(escaped(details))</error>\n"
        case .skipped(let message): body += "      <skipped message=\"\(escaped(message))\"/>\n"
        }
        return text + (body.isEmpty ? "/>\n" : ">\n" + body + "    </testcase>\n")
    }
}

extension [JUnitSuite] {
    /// The whole as a document.
    public var xml: String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n" + map(\.xml).joined() + "</testsuites>\n"
    }
}

private func xmlProperties(_ properties: [(name: String, value: String)], indent: String) -> String {
    guard !properties.isEmpty else { return "" }
    let rows = properties.map {
        "\(indent)  <property name=\"\(escaped($0.name))\" value=\"\(escaped($0.value))\"/>\n"
    }
    return "\(indent)<properties>\n" + rows.joined() + "\(indent)</properties>\n"
}

/// Text as XML 1.0 takes it; what it cannot hold at all (section 2.2) becomes the sign for that.
private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "\n", "\t": result.unicodeScalars.append(scalar)
        case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

extension ScenarioResult {
    /// The run as a suite: a case for each expectation, one for what is judged without being asked.
    func junitSuite(seconds: Double) -> JUnitSuite {
        var suite = JUnitSuite(name: path, seconds: seconds, cases: checks.map(junitCase))
        suite.cases += neverSo.map { statement in
            var one = JUnitSuite.Case(name: "never: \(statement.expected)", outcome: .passed)
            (one.file, one.line) = (path, statement.line)
            return one
        }
        suite.cases += unreached.map { statement in
            var one = JUnitSuite.Case(name: statement.expected, outcome: .skipped("the play had ended before"))
            (one.file, one.line) = (path, statement.line)
            return one
        }
        suite.cases.append(judgement(seconds))
        if let seed { suite.properties.append(("seed", "\(seed)")) }
        suite.properties += [
            ("title", title), ("verdict", verdict.rawValue),
            ("virtual_seconds", String(format: "%.3f", Double(virtualMicroseconds) / 1e6)),
            ("hash", String(hash, radix: 16)), ("repeat_command", repeatCommand),
        ]
        return suite
    }

    private func junitCase(_ check: CheckResult) -> JUnitSuite.Case {
        let message = "expected \(check.expected)\(check.limitWords), found: \(check.found)"
        var one = JUnitSuite.Case(
            name: check.expected + check.limitWords,
            outcome: check.isMet
                ? .passed
                : .failure(
                    type: Verdict.failed.rawValue, message: message,
                    details: "\(path):\(check.line): \(message)\nrepeat with: \(repeatCommand)"))
        (one.file, one.line) = (path, check.line)
        one.properties = [("virtual_seconds", String(format: "%.3f", Double(check.at) / 1e6))]
        guard let limit = check.limit else { return one }
        one.properties.append(("required_seconds", String(format: "%.3f", Double(limit) / 1e6)))
        guard let measured = check.took, let margin = check.marginPercent else { return one }
        one.properties += [
            ("measured_seconds", String(format: "%.3f", Double(measured) / 1e6)), ("margin_percent", "\(margin)"),
        ]
        return one
    }

    /// What is judged in every story without being asked for; a file that cannot be played is an error of it.
    private func judgement(_ seconds: Double) -> JUnitSuite.Case {
        let isBlamed = !complaints.isEmpty || verdict != .passed && checks.allSatisfy(\.isMet)
        let message = complaints.first ?? title
        let details = lines(seconds: seconds).joined(separator: "\n")
        let word = verdict.rawValue
        var one = JUnitSuite.Case(
            name: "the rules, the laws of physics and the books",
            outcome: !isBlamed
                ? .passed
                : verdict == .error
                    ? .error(type: word, message: message, details: details)
                    : .failure(type: word, message: message, details: details))
        one.file = path
        one.line = isBlamed ? announcement.line : nil
        return one
    }
}
