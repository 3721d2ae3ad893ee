// A run as JSON, and what an earlier run was like by the JSON that it left: which margins shrank, what is new, gone or failing.

public import Foundation
import Traces

/// One thing that was asked, as the JSON of a run has it.
struct ToldExpectation: Codable {
    var expected: String
    var line: Int
    var isMet: Bool
    var atSeconds: Double
    /// The limit, and how long it took; the latter is left out where it did not come.
    var requiredSeconds, measuredSeconds: Double?
    var marginPercent: Int?
    /// Whether it is what a post does about a fault or an alarm.
    var isReaction: Bool

    init(_ check: CheckResult) {
        (expected, line, isMet, isReaction) = (check.expected, check.line, check.isMet, check.isReaction)
        atSeconds = Double(check.at) / 1e6
        requiredSeconds = check.limit.map { Double($0) / 1e6 }
        measuredSeconds = check.took.map { Double($0) / 1e6 }
        marginPercent = check.marginPercent
    }
}

extension ScenarioRun {
    /// The run as JSON, one object.
    /// - Parameter change: How it differs from an earlier run, if that was asked.
    public func json(seconds: [Double], change: RunChange? = nil) -> String {
        struct Row: Encodable {
            var path, title, verdict: String
            var checks: Int
            var expectations: [ToldExpectation]
            var unmet: [String]
            var complaints: [String]
            var virtualSeconds, seconds: Double
            /// The rolling hash of every event and action: equal for equal runs, whatever the process or build.
            var hash: String
            var seed: UInt64?
            var repeatCommand: String
            var days: [SiteDay]?
        }
        struct Whole: Encodable {
            var passed, failed: Int
            var against: RunChange?
            var scenarios: [Row]
        }
        let rows = zip(results, seconds).map { result, time in
            Row(
                path: result.path, title: result.title, verdict: result.verdict.rawValue,
                checks: result.checks.count, expectations: result.checks.map(ToldExpectation.init),
                unmet: result.checks.filter { !$0.isMet }.map {
                    "\($0.expected)\($0.limitWords); found: \($0.found)"
                },
                complaints: result.complaints, virtualSeconds: Double(result.virtualMicroseconds) / 1e6,
                seconds: time, hash: String(result.hash, radix: 16),
                seed: result.seed, repeatCommand: result.repeatCommand,
                days: result.days.isEmpty ? result.day.map { [$0] } : result.days)
        }
        let whole = Whole(passed: passed, failed: failed, against: change, scenarios: rows)
        return String(decoding: (try? JSONStyle.encoder().encode(whole)) ?? Data("{}".utf8), as: UTF8.self)
    }
}

extension ScenarioResult {
    /// Fails where a reaction has less of its limit left than this share of it, in percent.
    public mutating func demand(marginPercent least: Int) {
        let thin = checks.filter { $0.isReaction && ($0.marginPercent ?? least) < least }
        guard verdict == .passed, !thin.isEmpty else { return }
        let path = path
        add(
            complaints: thin.map {
                "\(path):\($0.line): \($0.expected)\($0.limitWords): a margin of \($0.marginPercent ?? 0) %, and \(least) % are asked for"
            }, .failed)
    }
}

/// An earlier run, by what `holdfast replay --json` wrote of it.
public struct EarlierRun: Decodable, Sendable {
    /// One story of it.
    fileprivate struct Story: Decodable {
        var path, verdict: String
        var expectations: [ToldExpectation]?
    }

    fileprivate var scenarios: [Story]

    /// Reads what a run wrote.
    /// - Throws: An error of decoding where it is something else.
    public init(json: Data) throws { self = try JSONStyle.decoder.decode(Self.self, from: json) }

    /// Whether it says how long each thing took; an earlier version did not write that.
    public var hasMargins: Bool { scenarios.contains { $0.expectations != nil } }
}

/// What has become of one limit.
public struct MarginChange: Encodable, Sendable {
    /// The story, and the line in it.
    public var path: String
    /// The line, from 1.
    public var line: Int
    /// What was expected.
    public var expected: String
    /// The limit, before and now, and how long it took, in seconds.
    public var requiredSecondsBefore, requiredSeconds, measuredSecondsBefore, measuredSeconds: Double
    /// What was and is left, in percent of the limit.
    public var marginPercentBefore, marginPercent: Double
}

/// How a run differs from an earlier one.
public struct RunChange: Encodable, Sendable {
    /// Margins that are smaller now by a percent of their limit or more, the one that lost most first.
    public private(set) var shrunk: [MarginChange] = []
    /// How many are larger by as much.
    public private(set) var grown = 0
    /// Stories that the earlier run did not play, and those that this one did not.
    public private(set) var added: [String] = []
    /// Stories of the earlier run that were not played now.
    public private(set) var gone: [String] = []
    /// Stories that passed then and do not now, and the other way about.
    public private(set) var nowFailing: [String] = []
    /// Stories that did not pass then and do now.
    public private(set) var nowPassing: [String] = []

    /// Compares; what is told of one thing in two runs is found by its story and sentence, not by its line.
    public init(_ run: ScenarioRun, since earlier: EarlierRun) {
        let before = Dictionary(earlier.scenarios.map { ($0.path, $0) }) { first, _ in first }
        let played = Set(run.results.map(\.path))
        gone = earlier.scenarios.map(\.path).filter { !played.contains($0) }
        for result in run.results {
            guard let old = before[result.path] else {
                added.append(result.path)
                continue
            }
            let (passed, passes) = (old.verdict == Verdict.passed.rawValue, result.verdict == .passed)
            if passed != passes {
                if passes { nowPassing.append(result.path) } else { nowFailing.append(result.path) }
            }
            compare(result, old.expectations ?? [])
        }
        shrunk.sort { $0.marginPercentBefore - $0.marginPercent > $1.marginPercentBefore - $1.marginPercent }
    }

    private mutating func compare(_ result: ScenarioResult, _ old: [ToldExpectation]) {
        var left = Dictionary(grouping: old, by: \.expected).mapValues { $0[...] }
        for check in result.checks {
            let now = ToldExpectation(check)
            guard let then = left[check.expected]?.popFirst(), let change = MarginChange(result.path, then, now)
            else {
                continue
            }
            let lost = change.marginPercentBefore - change.marginPercent
            if lost >= 1 { shrunk.append(change) } else if lost <= -1 { grown += 1 }
        }
    }

    /// For people; at most so many margins are named.
    public func lines(since file: String, atMost count: Int = 20) -> [String] {
        let sums = [
            (shrunk.count, "smaller margin"), (grown, "larger margin"), (added.count, "new story"),
            (gone.count, "story not played now"), (nowFailing.count, "now failing"),
            (nowPassing.count, "now passing"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : plural($0.1))" }
        var lines = ["against \(file): " + (sums.isEmpty ? "the same" : sums.joined(separator: ", "))]
        lines += nowFailing.map { "  now failing  \($0)" } + nowPassing.map { "  now passing  \($0)" }
        lines += shrunk.prefix(count).map { change in
            let limits =
                change.requiredSecondsBefore == change.requiredSeconds
                ? "of \(span(change.requiredSeconds))"
                : "of \(span(change.requiredSeconds)), before of \(span(change.requiredSecondsBefore))"
            return String(
                format: "  margin %.0f %% -> %.0f %%", change.marginPercentBefore, change.marginPercent)
                + " (\(span(change.measuredSecondsBefore)) -> \(span(change.measuredSeconds)) \(limits))"
                + "  \(change.path):\(change.line): \(change.expected)"
        }
        if shrunk.count > count { lines.append("  and \(shrunk.count - count) more: see --json") }
        lines += added.prefix(count).map { "  new  \($0)" } + gone.prefix(count).map { "  not played now  \($0)" }
        return lines
    }

    private func plural(_ words: String) -> String {
        switch words {
        case "new story": "new stories"
        case "story not played now": "stories not played now"
        case "smaller margin", "larger margin": words + "s"
        default: words
        }
    }

    private func span(_ seconds: Double) -> String { Scenarios.span(Int64((seconds * 1e6).rounded())) }
}

extension MarginChange {
    /// Nil where there was no limit, or it did not come.
    fileprivate init?(_ path: String, _ then: ToldExpectation, _ now: ToldExpectation) {
        guard let requiredThen = then.requiredSeconds, let measuredThen = then.measuredSeconds, requiredThen > 0,
            let required = now.requiredSeconds, let measured = now.measuredSeconds, required > 0
        else { return nil }
        self.init(
            path: path, line: now.line, expected: now.expected, requiredSecondsBefore: requiredThen,
            requiredSeconds: required, measuredSecondsBefore: measuredThen, measuredSeconds: measured,
            marginPercentBefore: (1 - measuredThen / requiredThen) * 100,
            marginPercent: (1 - measured / required) * 100)
    }
}
