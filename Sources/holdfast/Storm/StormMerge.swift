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
            Ends with the code of the gravest storm, and with 16 where a storm of the campaign was not played, be it that a \
            shard is missing or was stopped, or where the whole of it has not reached every fault and reaction. It names the \
            seeds and the command that plays them. Shards are of one build, played in one way, and hold each seed once: what \
            does not add up is refused with 65, a file that is not there with 66.

            A tally, which grows from one campaign to the next, may hold several builds, and seeds that nobody has played \
            between them: they are told, and are no failure.

            EXAMPLES
              holdfast storm merge shard-*.json
              holdfast storm merge shards            every .json file of a folder
              holdfast storm merge tally.json campaign.json --tally --json > grown.json
              holdfast storm merge shard-*.json --json > campaign.json
            """)
    @Argument(
        help: ArgumentHelp("Files that `storm --out` wrote, or folders that hold them.", valueName: "file"))
    var files: [String]
    @Flag(help: "Print the sum as JSON.") var json = false
    @Flag(help: "Add up what several builds played, with gaps between the seeds.") var tally = false
    @Flag(help: "Let a sum pass that has not reached every fault and reaction.") var partial = false

    func run() throws {
        var sum = Campaign()
        for file in try files.flatMap(shardFiles) {
            let shard = try read(file)
            do { try sum.merge(shard, isTally: tally) } catch {
                complain("\(file): \(error).")
                throw ExitCode(65)
            }
            if !json, let told = shard.parts.lazy.compactMap(\.stoppedShort).first { print("\(file): \(told)") }
        }
        let (gaps, owed) = (sum.notPlayed, tally ? [] : sum.notPlayed)
        if json {
            printJSON(CampaignTold(campaign: sum, isPartial: partial, notPlayed: gaps, isTally: tally))
        } else {
            for part in sum.parts {
                let seeds = part.seeds.map(\.description).joined(separator: ", ")
                print(
                    (["seeds \(seeds)"] + part.options + ["by build \(part.build.prefix(12))"]).joined(
                        separator: " "))
            }
            sum.tell(seconds: nil)
            sum.tell(notPlayed: gaps)
            if tally, !gaps.isEmpty { print("  which is no failure of a tally") }
            sum.tellEnding(isPartial: partial, owed: owed)
        }
        let ending = sum.ending(isPartial: partial, owed: owed)
        if ending != .safe { throw ExitCode(ending.exitCode) }
    }

    /// The files of an argument: itself, or the shards in a folder.
    private func shardFiles(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            complain("There is no file \(path).")
            throw ExitCode(66)
        }
        guard isFolder.boolValue else { return [path] }
        let found = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let shards = found.filter { $0.hasSuffix(".json") }.sorted().map {
            (path as NSString).appendingPathComponent($0)
        }
        guard !shards.isEmpty else {
            complain("\(path) is a folder without a .json file: name the files that `holdfast storm --out` wrote.")
            throw ExitCode(66)
        }
        return shards
    }

    private func read(_ file: String) throws -> Campaign {
        guard let data = FileManager.default.contents(atPath: file) else {
            complain("\(file) cannot be read: check that you may.")
            throw ExitCode(66)
        }
        guard let shard = try? JSONStyle.decoder.decode(Campaign.self, from: data), !shard.parts.isEmpty else {
            complain("\(file) is not what `holdfast storm --out` writes today: play its seeds again.")
            throw ExitCode(65)
        }
        if let contradiction = shard.contradiction {
            complain(
                "\(file) contradicts itself: \(contradiction). It was changed or damaged: play its seeds again.")
            throw ExitCode(65)
        }
        return shard
    }
}

extension CampaignPart {
    /// That a shard was stopped before it was done, and how far it came; nil for one that was not, or does not say.
    fileprivate var stoppedShort: String? {
        guard isStopped == true else { return nil }
        let played = seeds.reduce(0) { $0 + $1.count }
        let all = (asked ?? []).map(\.description).joined(separator: ", ")
        return "it was stopped after \(played) storms of \(shard.map { "shard \($0) of " } ?? "")seeds \(all)"
    }
}
