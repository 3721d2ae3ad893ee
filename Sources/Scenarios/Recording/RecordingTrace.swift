// A life of a recording as a course over time: what the post believed and told, drawn as a scenario's course is.

import Foundation
import Post
import Runtime
public import Traces

extension Recording {
    /// The course of a life, nil for the newest, up to its end or to where this program's core does something else.
    public func trace(life number: Int? = nil, until end: ReplayEnd? = nil) throws(RecordingProblem) -> Trace {
        let report = try play(life: number, until: end)
        let (number, life) = try life(number)
        var trace = Trace(
            title: "Flight recording, life \(number)", source: path, seed: 0, verdict: report.verdict.rawValue,
            ends: Int64((report.seconds * 1e6).rounded()))
        trace.isRecorded = true
        var course = RecordedCourse(life)
        var player = LifePlayer(life)
        course.look(player.core, at: life.began)
        while let step = player.next(), step.number <= report.events {
            course.take(step)
            course.look(player.core, at: step.at)
        }
        course.fill(&trace)
        trace.complaints = damages
        if report.verdict == .diverged {
            trace.complaints.append(
                "At event \(report.events), \(span(trace.ends)) into this life, the core of this program does something else than the post did. What: holdfast replay \(shellWord(path)) --life \(number) --until #\(report.events)"
            )
        }
        trace.note =
            "What is drawn is what the post measured and told, with a straight line from one reading to the next"
            + (report.recordedBy.isEmpty ? "." : "; recorded by \(report.recordedBy).")
            + (report.beginsInTheMiddle ? " The beginning of this life is gone." : "")
        return trace
    }
}

/// Collects the course of one life.
private struct RecordedCourse {
    /// The numbers of one connector's tracks.
    private struct Tracks {
        var state, waits, permit, volts, amperes, granted: Int
        var lastLook: Int64?
    }

    private let life: FlightLife
    private var recorder = TraceRecorder()
    private var tracks: [Tracks] = []
    private var spans: [FaultSpan] = []
    /// Readings are looked at ten times a second at most.
    private static let looksEvery: Int64 = 100_000

    init(_ life: FlightLife) {
        self.life = life
        for index in life.configuration.connectors.indices {
            let group = Self.group(index)
            tracks.append(
                Tracks(
                    state: recorder.addLane(group, "state"), waits: recorder.addLane(group, "waits_for"),
                    permit: recorder.addLine(group, "power_allowed"),
                    volts: recorder.addFigure(group, "voltage", unit: "V", resolution: 0.5),
                    amperes: recorder.addFigure(group, "current", unit: "A", resolution: 0.5),
                    granted: recorder.addFigure(group, "granted", unit: "kW", resolution: 0.1)))
        }
    }

    private static func group(_ index: Int) -> String { "connector \(index + 1)" }

    private func time(_ at: Instant) -> Int64 { max(0, (at - life.began).microseconds) }

    mutating func look(_ core: PostCore, at now: Instant) {
        let now = time(now)
        for (index, track) in tracks.enumerated() {
            let status = core.status(of: ConnectorID(UInt8(truncatingIfNeeded: index)))
            recorder.lane(track.state, code("\(status.phase)"), at: now)
            recorder.lane(track.waits, code("\(status.waiting)"), at: now)
            recorder.line(track.permit, status.powerAllowed != nil, at: now)
            if let last = track.lastLook, now - last < Self.looksEvery { continue }
            tracks[index].lastLook = now
            if let millivolts = status.millivolts {
                recorder.figure(track.volts, Double(millivolts) / 1_000, at: now)
            }
            if let milliamperes = status.milliamperes {
                recorder.figure(track.amperes, Double(milliamperes) / 1_000, at: now)
            }
            recorder.figure(track.granted, Double(status.grantedWatts) / 1_000, at: now)
        }
    }

    mutating func take(_ step: ReplayStep) {
        let now = time(step.at)
        for case .report(let report) in step.actions.list {
            let group = report.connector.map { Self.group(Int($0.index)) }
            let kind: Mark.Kind
            switch report {
            case .faultRaised(let fault, _):
                kind = .fault
                spans.append(FaultSpan(group: group, name: fault.code, from: now, to: nil))
            case .faultCleared(let fault, _):
                kind = .report
                if let open = spans.lastIndex(where: { $0.group == group && $0.name == fault.code && $0.to == nil })
                {
                    spans[open].to = now
                }
            case .defect: kind = .finding
            default: kind = .report
            }
            recorder.mark(Mark(at: now, group: group, kind: kind, text: report.words))
        }
    }

    func fill(_ trace: inout Trace) {
        recorder.fill(&trace)
        trace.faults = spans
    }
}
