// How a run is told: a line each for people, JUnit XML for a CI, JSON for programs.

import Foundation
import Traces

extension ScenarioResult {
    /// The outcome as one word for people.
    public var word: String { verdict == .passed ? "PASS" : verdict == .error ? "ERROR" : "FAIL" }

    /// One line, and what a person needs to see if it failed.
    public func lines(seconds: Double) -> [String] {
        let duration = String(format: "%.2f s", seconds) + (seed.map { ", seed \($0)" } ?? "")
        let head =
            "\(word)  \(path)  \(checks.count) checks, \(span(virtualMicroseconds)) virtual in \(duration)\(margin)"
        guard verdict != .passed else { return [head] + table }
        var lines = [head, "      \(title)"] + table
        for check in checks where !check.isMet {
            lines.append("      \(path):\(check.line): expected \(check.expected)\(check.limitWords)")
            lines.append("      found: \(check.found)")
        }
        lines += complaints.map { "      \($0)" }
        if !lastEvents.isEmpty { lines.append("      the last events before:") }
        lines += lastEvents.map { "        \($0)" }
        lines.append("      repeat with: \(repeatCommand)")
        return lines
    }

    /// The tightest limit that a reaction met, and what it took.
    private var margin: String {
        tightest.map { ", required \(span($0.limit)), measured \(span($0.measured))" } ?? ""
    }

    /// The limit with the least left of those that a reaction met, in microseconds.
    public var tightest: (limit: Int64, measured: Int64)? {
        let timed = checks.filter(\.isReaction).compactMap { check -> (limit: Int64, measured: Int64)? in
            guard let measured = check.measured, let limit = check.limit, check.isMet else { return nil }
            return (limit, measured)
        }
        func left(_ one: (limit: Int64, measured: Int64)) -> Double {
            1 - Double(one.measured) / Double(max(1, one.limit))
        }
        return timed.min { left($0) < left($1) }
    }
}

extension CheckResult {
    var limitWords: String { limit.map { " within \(span($0))" } ?? "" }
}

/// A length of time for people.
func span(_ microseconds: Int64) -> String {
    switch microseconds {
    case ..<1_000_000: "\(microseconds / 1_000) ms"
    case ..<60_000_000: String(format: "%.1f s", Double(microseconds) / 1e6)
    case ..<3_600_000_000: "\(microseconds / 60_000_000) min \(microseconds / 1_000_000 % 60) s"
    case ..<172_800_000_000: "\(microseconds / 3_600_000_000) h \(microseconds / 60_000_000 % 60) min"
    default: "\(microseconds / 86_400_000_000) d"
    }
}

extension ScenarioRun {
    /// JUnit XML: a suite a file, a case an expectation. One that did not hold is a failure, a file that could not be run an
    /// error.
    public func junit(seconds: [Double]) -> String {
        zip(results, seconds).map { $0.junitSuite(seconds: $1) }.xml
    }
}
