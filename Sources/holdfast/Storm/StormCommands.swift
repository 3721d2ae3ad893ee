// `holdfast storm`: seeded storms over a whole post, shards that add up, and failures cut down to scenario files.

import ArgumentParser
import Foundation
import Scenarios

struct StormCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm", abstract: "Search for the faults that nobody wrote down.",
        discussion: """
            Each seed draws a site, its drivers, vehicles, faults, network, disk and deaths, plays them through the core, \
            runtime and records that ship, then lets all heal that may and asks every connector to charge again. Storms \
            are played in processes of their own; every twentieth seed is played twice.

            \(endings)

            The gravest of a run is its exit code, in this order: \
            \(StormEnding.allCases.map(\.rawValue).joined(separator: ", ")). 64 usage, 65 and 66 bad files.

            EXAMPLES
              holdfast storm run --seeds 1..100
            """,
        subcommands: subcommands, defaultSubcommand: StormRun.self)

    private static var subcommands: [any ParsableCommand.Type] {
        #if HOLDFAST_SEAMS
            [StormRun.self, StormShrink.self, StormMerge.self, StormDefects.self]
        #else
            [StormRun.self, StormShrink.self, StormMerge.self]
        #endif
    }

    private static var endings: String {
        let meanings: [(StormEnding, String)] = [
            (.safe, "nothing to find"),
            (.unsafe, "the world, the office or the cloud found a wrong"),
            (.defect, "the supervisor had to step in"),
            (.stuck, "all is calm, and something does not serve or is owed"),
            (.crash, "the process died in the storm"),
            (.diverged, "played twice it was not the same"),
            (.error, "the storm itself could not be played"),
            (
                .incomplete,
                "a fault or a reaction was never reached (--partial lets that pass, and so does one seed), or `storm merge` misses storms"
            ),
            (.canaryMissed, "the storm that must be found was not: the judges do not look"),
        ]
        let width = StormEnding.allCases.map(\.rawValue.count).max() ?? 0
        return meanings.map { ending, meaning in
            "  \(ending.exitCode)\(ending.exitCode < 10 ? " " : "")  "
                + ending.rawValue.padding(toLength: width, withPad: " ", startingAt: 0) + "  \(meaning)"
        }.joined(separator: "\n")
    }
}
