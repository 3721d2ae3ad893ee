// `holdfast storm defects`: puts ten defects into the post, one at a time, and counts the storms until each is found.

import CommandOutput

#if HOLDFAST_SEAMS
    import ArgumentParser
    import Foundation
    import Post
    import Scenarios

    struct StormDefects: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "defects",
            abstract: "See storms find ten defects that are put into the post (debug builds).",
            discussion: """
                Each defect is put in by itself and storms are played from seed 1 on, until the judge that is meant for it \
                finds it: the supervisor for what the machine alone does wrong, the world for what machine and supervisor \
                do wrong alike, office and cloud for the rest. `holdfast storm --seeds SEED --with NUMBER` plays such a \
                storm again.

                Exit codes: 0 each was found, 1 one was not, 64 usage.

                EXAMPLES
                  holdfast storm defects
                  holdfast storm defects 5 --at-most 5000
                  holdfast storm defects --json
                """)

        @Argument(help: ArgumentHelp("Numbers of defects, 1 to 10; left out: all.", valueName: "number"))
        var numbers: [UInt8] = []
        @Option(help: "How many storms may be played for each, 1 to 1000000.") var atMost = 2_000
        @Option(help: "Threads, 1 to \(StormJobs.most); left out: one a processor.") var jobs = StormJobs.usual
        @Flag(help: "Print the table as JSON.") var json = false

        func validate() throws {
            try within("--at-most", Int64(atMost), 1...1_000_000)
            try within("--jobs", Int64(jobs), 1...Int64(StormJobs.most))
        }

        func run() async throws {
            let chosen = try numbers.isEmpty ? SeededDefect.allCases : numbers.map(seededDefect)
            var rows: [DefectFound] = []
            if !json { say("| | defect | seeded in | found by | as | seeds |\n|--:|---|---|---|---|--:|") }
            for defect in chosen {
                let row = await defect.hunt(atMost: atMost, jobs: jobs)
                rows.append(row)
                guard !json else { continue }
                let seeds = row.seeds.map { "\($0)" } ?? "not within \(atMost)"
                say(
                    "| \(row.number) | \(row.defect) | \(row.seededIn) | \(row.judge): `\(row.sign)` | \(row.verdict) | \(seeds) |"
                )
            }
            if json { printJSON(rows) }
            if rows.contains(where: { $0.seeds == nil }) { throw ExitCode(1) }
        }
    }

    /// The defect with that number; another number ends the command.
    func seededDefect(_ number: UInt8) throws -> SeededDefect {
        guard let defect = SeededDefect(rawValue: number) else {
            complain("There is no defect \(number): they are numbered 1 to \(SeededDefect.allCases.count).")
            throw ExitCode(64)
        }
        return defect
    }
#endif
