// `holdfast replay RECORDING`: an incident from the field on a desk, compared action by action.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios

/// What may be asked of a recording besides playing it.
struct RecordingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Of a recording: only this life of the daemon, from 1.", valueName: "number"))
    var life: Int?

    @Option(
        help: ArgumentHelp(
            "Of a recording: stop there and show how the post stood (12.5s, 3m, or #301 for an event).",
            valueName: "when"))
    var until: String?

    @Option(
        help: ArgumentHelp(
            "Of a recording: compare with another one, or with what --actions of another build wrote.",
            valueName: "file"))
    var diff: String?

    @Option(
        help: ArgumentHelp(
            "Of a recording: write each event with this build's actions, a JSON object a line.", valueName: "file"))
    var actions: String?

    @Option(
        help: ArgumentHelp(
            "Of a recording: write a scenario file that reproduces it, and say what it cannot.", valueName: "file"))
    var toScenario: String?

    @OptionGroup var overwriting: Overwriting

    var isAsked: Bool {
        life != nil || until != nil || diff != nil || actions != nil || toScenario != nil
    }
}

/// Plays a recording and prints what it was like; ends the command with the verdict's exit code.
func replayRecording(_ path: String, _ options: RecordingOptions, json: Bool, report: String? = nil) throws {
    let recording = try readRecording(path)
    do {
        if let other = options.diff { return try tellDifference(recording, other, options, json: json) }
        if let file = options.actions {
            let log = try recording.actionLog(life: options.life, playedBy: Holdfast.identity.text)
            try writeFile(Data(log.utf8), to: file)
            return print("\(file): every event and action. Compare: holdfast replay \(path) --diff \(file)")
        }
        if let file = options.toScenario {
            try options.overwriting.mayWrite(file)
            return try writeScenario(try recording.scenario(life: options.life), to: file, json: json)
        }
        var end: ReplayEnd?
        if let until = options.until {
            guard let parsed = ReplayEnd(until) else {
                complain("--until \(until) is no moment: write 12.5s, 3m, or #301 for the event with that number.")
                throw ExitCode(64)
            }
            end = parsed
        }
        // A moment is one of a life: the newest, if none is named.
        let isEveryLife = options.life == nil && end == nil && recording.lifeCount > 0
        let numbers: [Int?] = isEveryLife ? (1...recording.lifeCount).map { $0 } : [options.life]
        var reports: [LifeReport] = []
        for number in numbers { reports.append(try recording.play(life: number, until: end)) }
        let builds = reports.map { Builds(recordedBy: $0.recordedBy) }
        var pages: [String] = []
        if let folder = report {
            for life in reports {
                pages.append(
                    try leaveBehindPage(
                        of: recording, life.life, until: end, isAlone: reports.count == 1, in: folder))
            }
        }
        if json {
            printJSON(zip(reports, builds).map(ToldLife.init))
        } else {
            pages.forEach { print("report: \($0)") }
            for (report, builds) in zip(reports, builds) { tell(report, builds, path) }
        }
        recording.damages.forEach { complain($0) }
        if recording.eventsWithoutStart > 0, !json {
            print(
                "\(recording.eventsWithoutStart) events before anything from which a replay may begin were passed over."
            )
        }
        if reports.contains(where: { $0.verdict == .diverged }) { throw ExitCode(1) }
        if recording.isDamaged || reports.contains(where: { $0.verdict == .damaged }) { throw ExitCode(65) }
    } catch let problem as RecordingProblem {
        throw failed(problem)
    }
}

/// Writes the course of a life; returns the page's path.
private func leaveBehindPage(
    of recording: Recording, _ life: Int, until end: ReplayEnd?, isAlone: Bool, in folder: String
) throws -> String {
    let trace = try recording.trace(life: life, until: end)
    let name = URL(fileURLWithPath: recording.path).deletingPathExtension().lastPathComponent
    return try leaveBehindTrace(
        of: trace, in: folder, named: isAlone ? name : "\(name)-life-\(life)",
        repeatWith: "holdfast replay \(shellWord(recording.path)) --life \(life)")
}

/// Whose core recorded a life, and whose plays it.
struct Builds {
    let recorded: ProgramIdentity?
    let playing = Holdfast.identity
    /// Whether the daemon that recorded is one of those beside this tool, made from the same sources; nil where the recording does
    /// not say which build it was.
    let isNeighbour: Bool?

    /// The daemons that are installed and built together with this tool.
    private static let neighbours = ["holdfastd", "holdfastd-bench"]

    init(recordedBy text: String) {
        recorded = text.isEmpty ? nil : ProgramIdentity(text)
        isNeighbour = recorded?.build == nil ? nil : recorded?.isBuild(ofNeighbours: Self.neighbours)
    }

    var sentence: String {
        guard let recorded else {
            return "the recording does not say which version recorded it; this is \(playing.text)"
        }
        let both = "recorded by \(recorded.text), played by \(playing.text)"
        if recorded.release != playing.release { return both + ": a difference may be the version's" }
        return switch isNeighbour {
        case true?: both + ": the daemon that lies beside this tool"
        case false?: both + ": no daemon beside this tool is that build, so a difference may be the build's"
        case nil: both + ": the recording does not say which build, so a difference may be the build's"
        }
    }
}

/// A life as JSON: how it was played, and by whom.
private struct ToldLife: Encodable {
    let report: LifeReport
    let builds: Builds

    init(_ report: LifeReport, _ builds: Builds) { (self.report, self.builds) = (report, builds) }

    private enum Key: CodingKey { case playedBy, isBuildOfNeighbour }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var more = encoder.container(keyedBy: Key.self)
        try more.encode(builds.playing.text, forKey: .playedBy)
        try more.encodeIfPresent(builds.isNeighbour, forKey: .isBuildOfNeighbour)
    }
}

private func tell(_ report: LifeReport, _ builds: Builds, _ path: String) {
    let word =
        switch report.verdict {
        case .same: "SAME"
        case .endsInside: "SAME, and ends inside its last event"
        case .damaged: "SAME up to the damage"
        case .diverged: "DIVERGED"
        case .stopped: "SAME so far"
        }
    print(
        "\(word)  \(path)  life \(report.life), \(report.events) events, \(String(format: "%.1f s", report.seconds))"
    )
    if report.beginsInTheMiddle {
        print("      its beginning is gone: it is played from a state of the core that was written down later")
    }
    print("      \(builds.sentence)")
    report.timeline.forEach { print("      \($0)") }
    if report.verdict != .same {
        print("      how the post stood then:")
        report.standing.forEach { print("        \($0)") }
    }
    if report.verdict == .diverged {
        print("      the first difference; the recording keeps a digest of what the post did, this core does:")
    }
    if report.verdict == .diverged || report.verdict == .endsInside {
        report.lastEvent.forEach { print("        \($0)") }
    }
}

private func tellDifference(
    _ recording: Recording, _ other: String, _ options: RecordingOptions, json: Bool
) throws {
    let difference = try recording.difference(life: options.life, from: other)
    if json {
        printJSON(difference.map { [$0] } ?? [])
    } else if let difference {
        print(
            (difference.isEndOfOne ? "SAME UP TO ITS END  " : "DIVERGED  ")
                + difference.lines.joined(separator: "\n"))
    } else {
        print("SAME  \(recording.path) and \(other): every event and action")
    }
    if difference?.isEndOfOne == false { throw ExitCode(1) }
}

/// Writes a scenario that was made of a recording; one that does not show the same ends the command with 1.
func writeScenario(_ scenario: IncidentScenario, to file: String, json: Bool) throws {
    try writeFile(Data(scenario.text.utf8), to: file)
    struct Written: Encodable {
        var file: String
        var shows_the_same: Bool
        var notes: [String]
    }
    if json {
        printJSON(Written(file: file, shows_the_same: scenario.showsTheSame, notes: scenario.notes))
    } else {
        scenario.notes.forEach { print($0) }
        let verdict = scenario.showsTheSame ? "shows the same faults and passes" : "DOES NOT show the same"
        print("\(file): \(verdict). Next: holdfast replay \(file)")
    }
    if !scenario.showsTheSame { throw ExitCode(1) }
}
