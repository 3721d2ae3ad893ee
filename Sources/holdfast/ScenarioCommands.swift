// `holdfast scenario`: looks at scenario files without playing them.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios
import StrictYAML

struct ScenarioGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario", abstract: "Begin a scenario file, check it, or read it back as prose.",
        discussion: """
            EXAMPLES
              holdfast scenario new story.yaml
              holdfast scenario check Simulations
              holdfast scenario explain story.yaml
            """,
        subcommands: subcommands)

    /// What a build can do: without its seams nothing can be switched off, so coverage cannot be measured.
    private static var subcommands: [any ParsableCommand.Type] {
        #if HOLDFAST_SEAMS
            [New.self, Check.self, Explain.self, CoverageCommand.self]
        #else
            [New.self, Check.self, Explain.self]
        #endif
    }

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a scenario file to begin with: it passes as it stands.",
            discussion: """
                Says beside each line what else could stand there. A file that is there already is left alone.

                Exit codes: 0 written, 64 usage, 73 it is there already, 74 cannot write.

                EXAMPLES
                  holdfast scenario new story.yaml
                  holdfast scenario new Simulations/electrical/my-fault.yaml --title "The fuse blows"
                """)
        @Argument(help: ArgumentHelp("The new file.", valueName: "file")) var file: String
        @Option(help: ArgumentHelp("What it shows, in one line.", valueName: "words")) var title =
            "An emergency stop at full power"
        @OptionGroup var overwriting: Overwriting
        @Flag(help: "Print the answer as JSON.") var json = false

        func validate() throws {
            guard (1...120).contains(title.count), !title.contains("\n") else {
                throw ValidationError("A title is one line of 1 to 120 characters.")
            }
        }

        func run() throws {
            try overwriting.mayWrite(file)
            try writeFile(Data(Scenario.starter(title: title).utf8), to: file)
            struct Written: Encodable { var file, next: String }
            let next = "holdfast replay \(file)"
            if json {
                printJSON(Written(file: file, next: next))
            } else {
                print("\(file) is written. Next: \(next)")
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check scenario files without playing them.",
            discussion: """
                Says every error of a file at once: line, column, what was expected and the nearest known word. \
                Exit codes: 0 all can be played, 65 one cannot, 66 there is no such file.

                EXAMPLES
                  holdfast scenario check Simulations
                  holdfast scenario check story.yaml --json
                """)
        @Argument(help: ArgumentHelp("Scenario files or folders.", valueName: "path")) var paths: [String]
        @Flag(help: "Print the answer as JSON.") var json = false

        func run() throws {
            struct Row: Encodable { var path, problems: String }
            var broken: [Row] = []
            var count = 0
            for file in try scenarioFiles(paths) {
                count += 1
                do {
                    _ = try scenarioDocument.read(path: file)
                } catch {
                    broken.append(Row(path: file, problems: error.written(as: .text)))
                }
            }
            struct Whole: Encodable {
                var checked: Int
                var broken: [Row]
            }
            if json {
                printJSON(Whole(checked: count, broken: broken))
            } else {
                broken.forEach { complain($0.problems) }
                print("\(count - broken.count) of \(count) files can be played.")
            }
            if !broken.isEmpty { throw ExitCode(65) }
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a scenario back as Given, When and Then.",
            discussion: "EXAMPLES\n  holdfast scenario explain Simulations/electrical/emergency-stop.yaml")
        @Argument(help: ArgumentHelp("A scenario file or a folder.", valueName: "path")) var path: String
        @Flag(help: "Print the answer as JSON.") var json = false

        func run() throws {
            struct Row: Encodable {
                var path: String
                var lines: [String]
            }
            var rows: [Row] = []
            for file in try scenarioFiles([path]) {
                do {
                    rows.append(Row(path: file, lines: try scenarioDocument.read(path: file).explanation))
                } catch {
                    complain(error.written(as: .text))
                    throw ExitCode(65)
                }
            }
            if json { return printJSON(rows) }
            print(rows.map { $0.lines.joined(separator: "\n") }.joined(separator: "\n\n"))
        }
    }
}

#if HOLDFAST_SEAMS
    struct CoverageCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "coverage",
            abstract: "Tell which row of the catalogue of faults is shown by which scenario (debug builds).",
            discussion: """
                Plays every scenario that names a row, once as it is and once without each of its reactions.

                Exit codes: 0 every row has a scenario or a reason, 1 something is wrong with the table, 74 cannot write.

                EXAMPLES
                  holdfast scenario coverage Simulations --out Simulations/COVERAGE.md
                  holdfast scenario coverage Simulations --json
                """)
        @Argument(help: ArgumentHelp("The folder of the scenarios.", valueName: "folder")) var folder =
            "Simulations"
        @Option(help: ArgumentHelp("Write the page here instead of printing it.", valueName: "file")) var out:
            String?
        @Flag(help: "Print the answer as JSON.") var json = false
        @OptionGroup(visibility: .hidden) var link: ByteLink

        func run() async throws {
            let coverage: Coverage
            do {
                let link = link
                coverage = try await Coverage.measure(folder: folder) { try link.bytes() }
            } catch let problems as Problems {
                complain(problems.written(as: .text))
                throw ExitCode(65)
            }
            if json {
                printJSON(coverage)
            } else if let out {
                try writeFile(Data(coverage.page.utf8), to: out)
                let (scenarios, proved, missing) = coverage.counts
                print("\(out): \(scenarios) rows by scenarios, \(proved) proved elsewhere, \(missing) not yet")
            } else {
                print(coverage.page, terminator: "")
            }
            coverage.problems.forEach { complain($0) }
            if !coverage.problems.isEmpty { throw ExitCode(1) }
        }
    }
#endif

/// Every scenario file at these paths; a path without one ends the command.
private func scenarioFiles(_ paths: [String]) throws -> [String] {
    try paths.flatMap { path in
        let files = ScenarioRun.files(at: path)
        guard !files.isEmpty else {
            complain("There is no scenario at \(path): name a .yaml file or a folder that holds some.")
            throw ExitCode(66)
        }
        return files
    }
}
