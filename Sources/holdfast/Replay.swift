// `holdfast replay`: plays scenario files in virtual time and says what held.

import ArgumentParser
import CommandOutput
import Foundation
import Post
import Scenarios
import Simulator
import StrictYAML
import Traces

struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play fault scenarios, or a post's flight recording, in virtual time.",
        discussion: """
            Plays files, or every .yaml and .yml below a folder, through the post's own core, runtime and records on simulated \
            hardware. The eleven rules and the laws of physics are checked in each without being asked for.

            A flight recording (`holdfast record export`) is played through the core of this program, and what the core \
            does is compared with what the post did, event by event.

            Exit codes: 0 all passed, 1 an expectation failed or the core did something else than the post, 65 a file \
            cannot be run or is damaged, 66 there is no such file. What can be played is played all the same, and JUnit \
            has a failure for the one and an error for the others.

            EXAMPLES
              holdfast replay Simulations
              holdfast replay Simulations/sessions/plug-first.yaml --json
              holdfast replay Simulations --junit junit.xml
              holdfast replay Simulations --tap
              prove --exec 'holdfast replay --format tap13' Simulations/sessions/*.yaml
              holdfast replay Simulations --format github
              holdfast replay Simulations/electrical/emergency-stop.yaml --report out
              holdfast replay incident.flight
              holdfast replay incident.flight --life 1 --until 12.5s
              holdfast replay incident.flight --to-scenario incident.yaml
              holdfast replay incident.flight --diff older-build.ndjson
            """)

    @Argument(help: ArgumentHelp("Scenario files or folders.", valueName: "path"))
    var paths: [String] = ["Simulations"]

    @Option(help: ArgumentHelp("Also write JUnit XML to this file.", valueName: "file"))
    var junit: String?

    @Option(
        help: ArgumentHelp(
            "Also write the course of each run into this folder: an HTML page, VCD for GTKWave and sigrok, trace events for Perfetto, JSON lines.",
            valueName: "folder"))
    var report: String?

    @Option(help: "Play with this seed instead of the scenario's own.")
    var seed: UInt64?

    #if HOLDFAST_SEAMS
        @Option(
            help: ArgumentHelp(
                "Switch a row of the fault table, or a habit, off (debug builds): a scenario that is about it must then fail.",
                valueName: "code"))
        var without: [String] = []

        @Option(
            help: ArgumentHelp(
                "Put a defect into every post (debug builds; see `storm defects`), as a storm had it.",
                valueName: "number"))
        var with: UInt8?
    #endif

    @OptionGroup(title: "DEVICES OF BYTES") var link: ByteLink

    @OptionGroup(title: "OF A RECORDING") var recording: RecordingOptions

    @Flag(help: "Print one JSON object instead of lines.")
    var json = false

    @Flag(help: "Print TAP, version 14, instead of lines.")
    var tap = false

    @Option(
        help:
            "How the run is told: text, json, tap, tap13 (for Perl's prove) or github (annotations of a workflow, ten at most).",
        transform: reportFormat)
    var format: ReportFormat?

    @Flag(help: "Play each scenario twice and show the first event at which the plays differ, if they do.")
    var twice = false

    @Flag(help: "Print the JSON Schema of scenario files and stop.")
    var schema = false

    @Flag(help: "Print the reference of scenario files and stop.")
    var reference = false

    func run() throws {
        if schema { return print(scenarioDocument.jsonSchema, terminator: "") }
        if reference { return print(scenarioDocument.reference, terminator: "") }
        if link.modbus, recording.isAsked || paths.first.map({ Recording.isMeant(path: $0) }) == true {
            complain("--modbus is for scenarios: a recording holds what its devices said.")
            throw ExitCode(64)
        }
        if recording.isAsked || paths.contains(where: { Recording.isMeant(path: $0) }) {
            let unfit = [
                ("--junit", junit != nil), ("--report", report != nil), ("--seed", seed != nil), ("--tap", tap),
                ("--format", format.map { $0 != .text && $0 != .json } ?? false), ("--twice", twice),
            ]
            if let (word, _) = unfit.first(where: \.1) {
                complain("\(word) is for scenarios: a recording is told as lines or with --json.")
                throw ExitCode(64)
            }
        }
        if let path = paths.first, recording.isAsked || Recording.isMeant(path: path) {
            for path in paths { try replayRecording(path, recording, json: told == .json) }
            return
        }
        if isText {
            print(
                "\(Holdfast.identity.text), \(buildKind) build: the post's own core and runtime, in virtual time\n"
            )
        }
        let farLink = try link.maker()
        var run = ScenarioRun()
        var seconds: [Double] = []
        let progress = ProgressLine()
        // Who plays one story wants to see how it went.
        let isAlone = paths.count == 1 && ScenarioRun.files(at: paths[0]) == paths
        for path in paths {
            let files = ScenarioRun.files(at: path)
            guard !files.isEmpty else {
                run.add(missing: path)
                seconds.append(0)
                complain(run.results.last?.complaints.first ?? path)
                continue
            }
            for file in files {
                if isText { progress.show("plays \(file)") }
                let began = ContinuousClock.now
                let result = try play(file, farLink, isTold: isAlone && isText)
                let took = (ContinuousClock.now - began) / .seconds(1)
                run.results.append(result)
                seconds.append(took)
                var pages: [String] = []
                if let report {
                    for (variant, found) in result.traces {
                        let place = reportFolder(of: file, below: path, report)
                        let folder = variant.map { "\(place)/\(fileName($0))" } ?? place
                        var trace = found
                        trace.complaints = result.complaints
                        let page = try leaveBehindTrace(of: trace, in: folder, repeatWith: result.repeatCommand)
                        if isText { pages.append(page) }
                    }
                }
                progress.clear()
                guard isText else { continue }
                pages.forEach { print("      report: \($0)") }
                print((result.lines(seconds: took) + (isAlone ? result.timeline : [])).joined(separator: "\n"))
            }
        }
        switch told {
        case .text:
            let isNothing = run.results.allSatisfy(\.isMissing)
            print(isNothing ? "nothing was played" : "\n\(run.passed) passed, \(run.failed) failed")
        case .json: print(run.json(seconds: seconds))
        case .tap, .tap13, .github: try tell(run.results.map(\.announcement), as: told)
        }
        if let junit { try writeFile(Data(run.junit(seconds: seconds).utf8), to: junit) }
        if run.hasMissing { throw ExitCode(66) }
        if run.hasErrors { throw ExitCode(65) }
        if run.failed > 0 { throw ExitCode(1) }
    }

    private var told: ReportFormat { format ?? (json ? .json : tap ? .tap : .text) }
    private var isText: Bool { told == .text }

    private func play(_ file: String, _ farLink: FarLinkMaker?, isTold: Bool) throws -> ScenarioResult {
        var result = try playOnce(file, farLink, isTold: isTold)
        guard twice, result.verdict != .error, var scenario = try? scenarioDocument.read(path: file) else {
            return result
        }
        scenario.farLink = try farLink ?? (scenario.devices == .bytes ? link.bytes() : nil)
        if let difference = try PlayTwice.difference(scenario) {
            result.complaints += ["two plays of one seed differ"] + difference.lines
            result.verdict = .failed
        }
        return result
    }

    private func playOnce(_ file: String, _ farLink: FarLinkMaker?, isTold: Bool) throws -> ScenarioResult {
        #if HOLDFAST_SEAMS
            if !without.isEmpty || with != nil {
                var disarmed = FaultSet()
                var habits: [Habit] = []
                for code in without {
                    if let habit = Habit(rawValue: code) {
                        habits.append(habit)
                    } else if let fault = Fault.allCases.first(where: { $0.code == code }) {
                        disarmed.insert(fault)
                    } else {
                        let known = Fault.allCases.map(\.code) + Habit.allCases.map(\.rawValue)
                        let near = Nearest.word(to: code, among: known)
                        complain("There is no fault or habit \(code).\(near.map { " Did you mean \($0)?" } ?? "")")
                        throw ExitCode(64)
                    }
                }
                return ScenarioRun.play(
                    path: file, without: disarmed, habits: habits, with: try with.map(seededDefect), seed: seed,
                    isTraced: report != nil, farLink: farLink, bytes: link.bytes)
            }
        #endif
        return ScenarioRun.play(
            path: file, seed: seed, isTraced: report != nil, isTold: isTold, farLink: farLink, bytes: link.bytes)
    }

    /// Where the files of a run go: below the folder of reports as the story lies below the folder that was named. Two files of
    /// one name that were named themselves lie in folders called like theirs.
    private func reportFolder(of file: String, below path: String, _ report: String) -> String {
        let folder = (file as NSString).deletingLastPathComponent
        let name = (file as NSString).lastPathComponent
        if file != path {
            let deeper = folder.dropFirst(path.count).drop { $0 == "/" }
            return deeper.isEmpty ? report : "\(report)/\(deeper)"
        }
        let namesakes = paths.filter { ($0 as NSString).lastPathComponent == name }
        return namesakes.count > 1 ? "\(report)/\(fileName(folder))" : report
    }
}

/// A variant's name as that of a folder.
private func fileName(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
}

/// A format as people write it.
@Sendable func reportFormat(_ word: String) throws -> ReportFormat {
    guard let format = ReportFormat(rawValue: word) else {
        let known = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("A run is told as \(known), not as \(word).")
    }
    return format
}

/// Tells a run in a format that a machine reads; GitHub's summary goes where its runner wants it.
func tell(_ announcements: [Announcement], as format: ReportFormat) throws {
    guard format == .github else {
        return print(announcements.tap(version: format == .tap13 ? 13 : 14), terminator: "")
    }
    print(announcements.githubAnnotations, terminator: "")
    guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"] else {
        return print(announcements.githubSummary, terminator: "")
    }
    let before = FileManager.default.contents(atPath: path) ?? Data()
    try writeFile(before + Data(announcements.githubSummary.utf8), to: path)
}

/// How this program was built.
private var buildKind: String {
    #if DEBUG
        "debug"
    #else
        "release"
    #endif
}
