// `holdfast replay`: plays scenario files in virtual time and says what held.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios
import StrictYAML
import Synchronization
import Traces

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play fault scenarios, or a post's flight recording, in virtual time.",
        discussion: """
            Plays files, or every .yaml and .yml below a folder, through the post's own core, runtime and records on simulated \
            hardware. The eleven rules and the laws of physics are checked in each without being asked for.

            A flight recording (`holdfast record export`) is played through the core of this program, and what the core \
            does is compared with what the post did, event by event.

            Exit codes: 0 all passed, 1 an expectation failed or the core did something else than the post, 65 a file \
            cannot be run or is damaged, 66 there is no such file, 73 a report cannot be made where it was asked for. What can be played is played all the same, and JUnit \
            has a failure for the one and an error for the others.

            EXAMPLES
              holdfast replay Simulations
              holdfast replay Simulations/sessions/plug-first.yaml --json
              holdfast replay Simulations --junit junit.xml
              holdfast replay Simulations --json > yesterday.json
              holdfast replay Simulations --against yesterday.json   whose margin shrank
              holdfast replay Simulations --margin-at-least 20%
              holdfast replay Simulations --tap
              prove --exec 'holdfast replay --format tap13' Simulations/sessions/*.yaml
              holdfast replay Simulations --format github
              holdfast replay Simulations/electrical/emergency-stop.yaml --report out
              holdfast replay Simulations --report out   begin with out/index.html
              holdfast replay incident.flight
              holdfast replay incident.flight --report out
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

    @Option(help: "How many stories are played at a time; left out: one a processor.")
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    @Option(
        help: ArgumentHelp(
            "Compare with what --json wrote of an earlier run: which margins have shrunk, what is new, gone or failing.",
            valueName: "file"))
    var against: String?

    @Option(
        help: ArgumentHelp(
            "Fail where a reaction to a fault has less of its limit left, such as 20%.", valueName: "percent"),
        transform: marginShare)
    var marginAtLeast: Int?

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

    @OptionGroup var how: HowTold

    @Flag(help: "Play each scenario twice and show the first event at which the plays differ, if they do.")
    var twice = false

    @Flag(help: "Print the JSON Schema of scenario files and stop.")
    var schema = false

    @Flag(help: "Print the reference of scenario files and stop.")
    var reference = false

    func validate() throws {
        guard jobs >= 1 else { throw ValidationError("--jobs \(jobs): at least one story is played at a time.") }
        guard against == nil || how.told == .text || how.told == .json else {
            throw ValidationError("--against is told as lines or with --json: leave \(how.told.rawValue) out.")
        }
    }

    func run() async throws {
        if schema { return print(scenarioDocument.jsonSchema, terminator: "") }
        if reference { return print(scenarioDocument.reference, terminator: "") }
        if try replayRecordings() { return }
        if let junit { try tryFile(junit) }
        if let report { try tryFolder(report) }
        let earlier = try against.map(readEarlierRun)
        var play = StoryPlay(maps: link.maps.folder)
        (play.seed, play.isTwice, play.isTraced) = (seed, twice, report != nil)
        (play.farLink, play.marginPercent) = (try link.maker(), marginAtLeast)
        #if HOLDFAST_SEAMS
            try play.leaveOut(without)
            play.defect = try with.map(seededDefect)
        #endif
        // Who plays one story wants to see how it went.
        let isAlone = paths.count == 1 && ScenarioRun.files(at: paths[0]) == paths
        play.isTold = isAlone && isText
        if isText {
            print(
                "\(Holdfast.identity.text), \(buildKind) build: the post's own core and runtime, in virtual time\n"
            )
        }
        let (run, seconds, pages) = try await playAll(play, isAlone: isAlone)
        let change = earlier.map { RunChange(run, since: $0) }
        switch how.told {
        case .text: tell(run, change)
        case .json: print(run.json(seconds: seconds, change: change))
        case .tap, .tap13, .github: try holdfast.tell(run.results.map(\.announcement), as: how.told)
        }
        if let junit { try writeFile(Data(run.junit(seconds: seconds).utf8), to: junit) }
        if let report, !isAlone, pages.contains(where: { !$0.isEmpty }) {
            let page = try leaveBehindIndex(of: run, pages: pages, in: report)
            if isText { print("report: \(page)") }
        }
        if run.hasMissing { throw ExitCode(66) }
        if run.hasErrors { throw ExitCode(65) }
        if run.failed > 0 { throw ExitCode(1) }
    }

    private var isText: Bool { how.told == .text }

    /// Plays recordings, if some were named; returns whether.
    private func replayRecordings() throws -> Bool {
        let isMeant = recording.isAsked || paths.contains { Recording.isMeant(path: $0) }
        if link.modbus, recording.isAsked || paths.first.map({ Recording.isMeant(path: $0) }) == true {
            complain("--modbus is for scenarios: a recording holds what its devices said.")
            throw ExitCode(64)
        }
        guard isMeant else { return false }
        let unfit = [
            ("--junit", junit != nil), ("--seed", seed != nil), ("--against", against != nil),
            (how.tap ? "--tap" : "--format", how.told != .text && how.told != .json), ("--twice", twice),
            ("--margin-at-least", marginAtLeast != nil),
            ("--report", report != nil && (recording.diff ?? recording.actions ?? recording.toScenario) != nil),
        ]
        if let (word, _) = unfit.first(where: \.1) {
            complain(
                word == "--report"
                    ? "--report is for a recording that is played: leave --diff, --actions or --to-scenario out."
                    : "\(word) is for scenarios: a recording is told as lines or with --json.")
            throw ExitCode(64)
        }
        guard let path = paths.first, recording.isAsked || Recording.isMeant(path: path) else { return false }
        if let report { try tryFolder(report) }
        for path in paths { try replayRecording(path, recording, json: !isText, report: report) }
        return true
    }

    /// One play: what it came to, how long it took, and the pages that it left.
    private struct Played: Sendable {
        var result: ScenarioResult
        var seconds: Double
        var pages: [String] = []
    }

    /// Plays every file of every path, side by side, and tells each in the order of the files.
    private func playAll(
        _ play: StoryPlay, isAlone: Bool
    ) async throws -> (run: ScenarioRun, seconds: [Double], pages: [[String]]) {
        var run = ScenarioRun()
        var (seconds, pages): ([Double], [[String]]) = ([], [])
        // A path at which nothing is has its place in the order, too.
        let plays = paths.flatMap { path in
            let files = ScenarioRun.files(at: path)
            return files.isEmpty ? [(file: "", path: path)] : files.map { (file: $0, path: path) }
        }
        let places = report.map { ReportPlaces(plays, in: $0).places }
        let weights = plays.count > 1 && jobs > 1 ? plays.map { ScenarioRun.weight(path: $0.file) } : []
        let order = plays.indices.sorted { one, other in
            weights.isEmpty || weights[one] == weights[other] ? one < other : weights[one] > weights[other]
        }
        let (progress, isText) = (ProgressLine(), isText)
        let begun = Atomic(0)
        let work: @Sendable (Int) throws -> Played? = { number in
            let file = plays[number].file
            guard !file.isEmpty else { return nil }
            let count = begun.wrappingAdd(1, ordering: .relaxed).newValue
            if isText { progress.show("plays \(count) of \(plays.count): \(file)") }
            let began = ContinuousClock.now
            var played = Played(result: try play.play(file), seconds: 0)
            played.seconds = (ContinuousClock.now - began) / .seconds(1)
            if let places { played.pages = try leaveBehindTraces(of: played.result, at: places[number]) }
            // A folder of courses would be much to keep until all have been told.
            if !isAlone { played.result.traces = played.result.traces.map { ($0.variant, $0.trace.emptied) } }
            return played
        }
        try await sideBySide(plays.count, jobs: jobs, order: order, work) { number, played in
            progress.clear()
            guard let played else {
                run.add(missing: plays[number].path)
                seconds.append(0)
                pages.append([])
                return complain(run.results.last?.complaints.first ?? plays[number].path)
            }
            run.results.append(played.result)
            seconds.append(played.seconds)
            pages.append(played.pages)
            guard isText else { return }
            played.pages.forEach { print("      report: \($0)") }
            let timeline = isAlone ? played.result.timeline : []
            print((played.result.lines(seconds: played.seconds) + timeline).joined(separator: "\n"))
        }
        return (run, seconds, pages)
    }

    /// The end of a run for people: what failed once more, for it may stand far above.
    private func tell(_ run: ScenarioRun, _ change: RunChange?) {
        if run.results.allSatisfy(\.isMissing) { return print("nothing was played") }
        print("\n\(run.passed) passed, \(run.failed) failed")
        if run.results.count > 1 {
            for result in run.results where result.verdict != .passed {
                print("  \(result.word)  \(result.isMissing ? result.path : result.repeatCommand)")
            }
        }
        if let change, let against { change.lines(since: against).forEach { print($0) } }
    }
}
