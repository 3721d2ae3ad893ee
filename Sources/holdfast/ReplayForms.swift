// How a run is told and what its options are written like: shared by `replay` and `storm` where they have the same ones.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios

/// Reads what an earlier run wrote; 66 where there is no such file, 65 where it is something else.
func readEarlierRun(_ path: String) throws -> EarlierRun {
    guard let data = FileManager.default.contents(atPath: path) else {
        complain("There is no file \(path): name what an earlier `holdfast replay --json` wrote.")
        throw ExitCode(66)
    }
    guard let earlier = try? EarlierRun(json: data) else {
        complain("\(path) is not what `holdfast replay --json` writes: name the output of an earlier run.")
        throw ExitCode(65)
    }
    guard earlier.hasMargins else {
        complain("\(path) says nothing of margins: an earlier version wrote it. Play that run again with --json.")
        throw ExitCode(65)
    }
    return earlier
}

/// A share of a limit as people write it: `20%` or `20`.
@Sendable func marginShare(_ text: String) throws -> Int {
    guard let percent = Int(text.hasSuffix("%") ? text.dropLast() : text[...]), (0...100).contains(percent) else {
        throw ValidationError("\(text) is no share of a limit: write 0% to 100%, as in 20%.")
    }
    return percent
}

/// How a run is told, of three ways of asking for it; they must not contradict each other.
struct HowTold: ParsableArguments {
    @Flag(help: "Print JSON instead of lines.")
    var json = false

    @Flag(help: "Print TAP, version 14, instead of lines: a line for each story or seed.")
    var tap = false

    @Option(
        help:
            "How the run is told: text, json, tap, tap13 (for Perl's prove) or github (annotations of a workflow, ten at most).",
        transform: reportFormat)
    private var format: ReportFormat?

    /// What was asked for: lines, where nothing was.
    var told: ReportFormat { asked.first ?? .text }
    private var asked: [ReportFormat] { [json ? .json : nil, tap ? .tap : nil, format].compactMap { $0 } }

    func validate() throws {
        guard Set(asked).count <= 1 else {
            throw ValidationError("--json, --tap and --format ask for different things: leave all but one out.")
        }
    }
}

/// A format as people write it.
@Sendable private func reportFormat(_ word: String) throws -> ReportFormat {
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
var buildKind: String {
    #if DEBUG
        "debug"
    #else
        "release"
    #endif
}
