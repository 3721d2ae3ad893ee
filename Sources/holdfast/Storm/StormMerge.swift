// `holdfast storm merge`: the shards of a campaign become one sum.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios
import Traces

struct StormMerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Add up what the shards of a campaign left.",
        discussion: """
            Ends with the code of the gravest storm, and with 16 where the whole of it has not reached every fault and \
            reaction. Shards are of one build, played in one way, and hold each seed once: what does not add up is refused \
            with 65. A tally, which grows from one build to the next, may hold several builds.

            EXAMPLES
              holdfast storm merge shard-*.json
              holdfast storm merge tally.json campaign.json --tally --json > grown.json
              holdfast storm merge shard-*.json --json > campaign.json
            """)
    @Argument(help: ArgumentHelp("Files that `storm --out` wrote.", valueName: "file")) var files: [String]
    @Flag(help: "Print the sum as JSON.") var json = false
    @Flag(help: "Add up what several builds played.") var tally = false
    @Flag(help: "Let a sum pass that has not reached every fault and reaction.") var partial = false

    func run() throws {
        var sum = Campaign()
        for file in files {
            guard let data = FileManager.default.contents(atPath: file) else {
                complain("There is no file \(file).")
                throw ExitCode(66)
            }
            guard let shard = try? JSONStyle.decoder.decode(Campaign.self, from: data), !shard.parts.isEmpty else {
                complain("\(file) is not what `holdfast storm --out` writes today: play its seeds again.")
                throw ExitCode(65)
            }
            do { try sum.merge(shard, isTally: tally) } catch {
                complain("\(file): \(error).")
                throw ExitCode(65)
            }
        }
        if json {
            printJSON(CampaignTold(sum, isPartial: partial))
        } else {
            for part in sum.parts {
                let seeds = part.seeds.map(\.description).joined(separator: ", ")
                print(
                    (["seeds \(seeds)"] + part.options + ["by build \(part.build.prefix(12))"]).joined(
                        separator: " "))
            }
            tell(sum, seconds: nil, isPartial: partial, options: sum.wayOfShrinking)
        }
        let ending = sum.ending(isPartial: partial)
        if ending != .safe { throw ExitCode(ending.exitCode) }
    }
}
