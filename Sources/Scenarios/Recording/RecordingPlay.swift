// Plays a life of a recording through this program's core and tells what it was like and whether the core agrees.

import Post
import Runtime
import StrictYAML

/// Where a replay stops before the end of the life.
public enum ReplayEnd: Sendable {
    /// After this many microseconds of the life.
    case after(microseconds: Int64)
    /// After the event with this number.
    case event(Int)

    /// As people write it: `12.5s`, `2m`, or `#301`.
    public init?(_ text: String) {
        if text.hasPrefix("#"), let number = Int(text.dropFirst()), number > 0 {
            self = .event(number)
        } else if let length = Measure.duration.parsed(text), length >= 0 {
            self = .after(microseconds: length)
        } else {
            return nil
        }
    }
}

/// How playing a life went.
public struct LifeReport: Encodable, Sendable {
    /// How the core of this program agrees with what the post did.
    public enum Verdict: String, Encodable, Sendable {
        /// At every event.
        case same
        /// At every event; the last was never finished: the process died in it or right after.
        case endsInside = "ends_inside"
        /// Up to where the recording is damaged.
        case damaged
        /// Not: at an event the core does something else than the post did.
        case diverged
        /// It was stopped as asked for.
        case stopped
    }

    /// The number of the life, from 1.
    public var life: Int
    /// Whether its beginning is gone, and it is played from a state of the core that was written down later.
    public var beginsInTheMiddle: Bool
    /// The program that recorded it; empty if it does not say.
    public var recordedBy: String
    /// How it went.
    public var verdict: Verdict
    /// How many events were played.
    public var events: Int
    /// How long that part of the life lasted, in seconds.
    public var seconds: Double
    /// What happened, a line each.
    public var timeline: [String]
    /// The state of each connector when the replay ended, a line each.
    public var standing: [String]
    /// The event at which it diverged or ended, and what the core does about it now.
    public var lastEvent: [String]
}

extension Recording {
    /// Plays a life, nil for the newest.
    public func play(life number: Int? = nil, until end: ReplayEnd? = nil) throws(RecordingProblem) -> LifeReport {
        let (number, life) = try life(number)
        var player = LifePlayer(life)
        var report = LifeReport(
            life: number, beginsInTheMiddle: life.state != nil, recordedBy: life.program, verdict: .same, events: 0,
            seconds: 0, timeline: [],
            standing: [], lastEvent: [])
        var last: ReplayStep?
        var isStopped = false
        while !isStopped, let step = player.next() {
            last = step
            for case .report(let told) in step.actions.list {
                report.timeline.append("\(life.clock(step.at))  \(told.words)")
            }
            switch end {
            case .event(let number): isStopped = step.number >= number
            case .after(let length): isStopped = (step.at - life.began).microseconds >= length
            case nil: break
            }
        }
        report.events = last?.number ?? 0
        report.seconds = Double(((last?.at ?? life.began) - life.began).microseconds) / 1e6
        report.standing = life.configuration.connectors.indices.map { standing(player.core, $0, life) }
        switch player.verdict {
        case .same: report.verdict = isStopped ? .stopped : .same
        case .endsInside: report.verdict = isStopped ? .stopped : .endsInside
        case .damaged, .unplayable: report.verdict = .damaged
        case .diverged: report.verdict = .diverged
        }
        if report.verdict != .same, let last { report.lastEvent = last.lines(life) }
        return report
    }

    private func standing(_ core: PostCore, _ index: Int, _ life: FlightLife) -> String {
        let status = core.status(of: ConnectorID(UInt8(truncatingIfNeeded: index)))
        var line = "connector \(index + 1)  \(code("\(status.phase)"))"
        if status.waiting != .nothing { line += ", waits for \(code("\(status.waiting)"))" }
        if let until = status.waitsUntil { line += " until \(life.clock(until))" }
        if !status.faults.isEmpty { line += ", faults: \(status.faults.codes.joined(separator: " "))" }
        if let refusal = status.refusal { line += ", refused: \(refusal.code)" }
        line += ", power: \(status.powerAllowed.map { "\($0)" } ?? "none")"
        if let millivolts = status.millivolts, let milliamperes = status.milliamperes {
            line += ", \(millivolts / 1_000) V, \(milliamperes / 1_000) A"
        }
        return line
    }
}

extension ReplayStep {
    /// The event and each action, for people.
    func lines(_ life: FlightLife) -> [String] {
        ["event \(number) at \(life.clock(at)): \(event)"]
            + (actions.list.isEmpty ? ["  does nothing"] : actions.list.map { "  does \($0)" })
    }
}
