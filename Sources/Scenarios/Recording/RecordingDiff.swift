// Two plays side by side: the first event or action in which they differ. And what a build did, for another to compare.

import Foundation
import Post
import Runtime
import Traces

/// One event of a play and what came of it, as a line of an action log.
struct LoggedStep: Codable, Hashable {
    var number: Int
    var at: Int64
    var event: String
    var actions: [String]

    init(_ step: ReplayStep) {
        self.init(number: step.number, at: step.at, event: "\(step.event)", actions: step.actions)
    }

    init(number: Int, at now: Instant, event: String, actions: Actions) {
        self.number = number
        at = now.microseconds
        self.event = event
        self.actions = actions.list.map { "\($0)" }
    }
}

/// The first line of an action log: whose core played it. A log of an earlier version has none.
private struct LogHead: Codable {
    var playedBy: String
}

/// The first difference of two plays.
public struct PlayDifference: Encodable, Sendable {
    /// The number of the event, from 1.
    public var number: Int
    /// What differs and how, a line each.
    public var lines: [String]
    /// Whether nothing differs: one of the two ends before this event, and the other goes on.
    public var isEndOfOne = false
}

extension Recording {
    /// Every event of a life and what this program's core does about it, one JSON object a line: for `difference`. The first line
    /// says whose core it was.
    public func actionLog(life number: Int? = nil, playedBy program: String) throws(RecordingProblem) -> String {
        var player = LifePlayer(try life(number).life)
        let encoder = JSONStyle.encoder(isPretty: false)
        let head = (try? encoder.encode(LogHead(playedBy: program))).map {
            String(decoding: $0, as: UTF8.self) + "\n"
        }
        var lines = head ?? ""
        while let step = player.next() {
            guard let line = try? encoder.encode(LoggedStep(step)) else { continue }
            lines += String(decoding: line, as: UTF8.self) + "\n"
        }
        return lines
    }

    /// The first event at which this recording and another, or the action log of another build, differ; nil if none.
    public func difference(life number: Int? = nil, from path: String) throws(RecordingProblem) -> PlayDifference? {
        let (number, life) = try life(number)
        var mine = LifePlayer(life)
        if Recording.isRecording(path: path) {
            let other = try Recording(path: path)
            var theirs = LifePlayer(try other.life(min(number, other.lifeCount)).life)
            return firstDifference(self.path, { mine.next().map(LoggedStep.init) }, path) {
                theirs.next().map(LoggedStep.init)
            }
        }
        let (program, all) = try Self.logSteps(path)
        var steps = all[...]
        let name = program.map { "\(path), played by \($0)" } ?? path
        return firstDifference(self.path, { mine.next().map(LoggedStep.init) }, name) { steps.popFirst() }
    }

    /// Who played a log, where it says so, and its steps.
    private static func logSteps(_ path: String) throws(RecordingProblem) -> (program: String?, steps: [LoggedStep])
    {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RecordingProblem("There is no file \(path).", isMissing: true)
        }
        let decoder = JSONStyle.decoder
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let head = lines.first.flatMap { try? decoder.decode(LogHead.self, from: Data($0.utf8)) }
        var steps: [LoggedStep] = []
        for (index, line) in lines.enumerated().dropFirst(head == nil ? 0 : 1) where !line.isEmpty {
            if let step = try? decoder.decode(LoggedStep.self, from: Data(line.utf8)) {
                steps.append(step)
            } else if head != nil || !steps.isEmpty {
                throw RecordingProblem(
                    "\(path), line \(index + 1), is no event as `holdfast replay --actions` writes it: the file was changed or cut off. Write it again."
                )
            } else {
                break
            }
        }
        guard !steps.isEmpty else {
            throw RecordingProblem(
                "\(path) is neither a recording nor what `holdfast replay --actions` writes: name one of these.")
        }
        return (head?.playedBy, steps)
    }
}

/// The first step at which two plays differ, the lengths included.
func firstDifference(
    _ oneName: String, _ one: () -> LoggedStep?, _ otherName: String, _ other: () -> LoggedStep?
) -> PlayDifference? {
    var number = 0
    while true {
        let (left, right) = (one(), other())
        number += 1
        guard left != right else {
            if left == nil { return nil }
            continue
        }
        let isEndOfOne = left == nil || right == nil
        var lines = ["the first difference is at event \(number)"]
        if isEndOfOne {
            let (ended, other) = left == nil ? (oneName, otherName) : (otherName, oneName)
            let end = number == 1 ? "has no event" : "ends with event \(number - 1)"
            lines = ["\(ended) \(end); \(other) goes on, and was the same until then"]
        }
        if let left, let right, left.event == right.event, left.at == right.at {
            lines.append("  event: \(left.event) at \(left.at) us")
        }
        for (name, step) in [(oneName, left), (otherName, right)] {
            lines.append("  \(name):")
            guard let step else {
                lines.append("    is over")
                continue
            }
            if left?.event != right?.event || left?.at != right?.at {
                lines.append("    event: \(step.event) at \(step.at) us")
            }
            lines += step.actions.isEmpty ? ["    does nothing"] : step.actions.map { "    does \($0)" }
        }
        return PlayDifference(number: number, lines: lines, isEndOfOne: isEndOfOne)
    }
}
