// `holdfast storm`: seeded storms over a whole post, shards that add up, and failures cut down to scenario files.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios
import Simulator
import Synchronization
import Traces

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
                "a fault or a reaction was never reached (--partial lets that pass, and so does one seed)"
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

struct StormRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Play the storms of a range of seeds.",
        discussion: """
            In a job array each job plays its part of the range, and says which: by --shard, or by SLURM_ARRAY_TASK_ID and \
            SLURM_ARRAY_TASK_COUNT, by JOB_COMPLETION_INDEX and JOB_COMPLETIONS (Kubernetes: set the second in the job's own \
            environment), by PARALLEL_SEQ and PARALLEL_TOTAL_JOBS (GNU parallel: --shard {#}/{##} does the same). A single \
            seed is never cut. `holdfast storm merge` adds up what --out left, and says whether the whole has reached \
            everything. Exit codes: see `holdfast storm --help`.

            EXAMPLES
              holdfast storm --seeds 1..2000
              holdfast storm run --seeds 1..2000           the same: run may be left out
              holdfast storm --seeds 1..100 --partial      too few to reach everything
              holdfast storm --seeds 7 --out storm-7.json
              holdfast storm --seeds 1..1000000 --shard 2/64 --jobs 16 --out shard-2.json --json
              holdfast storm --seeds 1..200 --modbus --partial   every device frame by frame
            """)

    @Option(help: ArgumentHelp("Seeds, such as 1..2000.", valueName: "from..to"), transform: SeedRange.init)
    var seeds = SeedRange(1...2_000)

    @Option(
        help: ArgumentHelp(
            "Play one of several equal parts of the seeds: 2/4 is the second of four.", valueName: "i/n"),
        transform: JobShard.init)
    var shard: JobShard?

    @Option(help: "Processes; left out: one a processor.")
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: ArgumentHelp("Write the sum as JSON, for `storm merge`.", valueName: "file"))
    var out: String?

    @Flag(help: "Print the sum as JSON.")
    var json = false

    @Flag(help: "Print TAP, version 14, instead of lines: a line each seed.")
    var tap = false

    @Option(
        help: "How the run is told: text, json, tap or github (annotations of a workflow, ten at most).",
        transform: reportFormat)
    var format: ReportFormat?

    @Flag(help: "Let a run pass that has not reached every fault and reaction: for small ones.")
    var partial = false

    @OptionGroup(title: "DEVICES OF BYTES") var link: ByteLink

    @Option(help: .hidden) var worker: UInt64?

    #if HOLDFAST_SEAMS
        @Option(
            help: ArgumentHelp(
                "Put a defect into the post (debug builds; see `storm defects`): storms must find it.",
                valueName: "number"))
        var with: UInt8?
        @Option(help: .hidden) var trapAt: UInt64?
    #endif

    func run() async throws {
        if let worker {
            let work = StormWork(
                first: seeds.range.lowerBound, last: seeds.range.upperBound, stride: max(1, worker), options: [])
            return try playAsWorker(work, by: try player())
        }
        let told = format ?? (json ? .json : tap ? .tap : .text)
        guard let range = try ownPart(isTold: told == .text) else { return }
        _ = try player()
        if let out { try tryFile(out) }
        let began = ContinuousClock.now
        let (isSilent, options, progress) = (told != .text, options, ProgressLine())
        let counter = Counter()
        let shares = StormWork.shares(of: range, jobs: jobs, options: options)
        var campaign = try await StormWorkers.play(shares) { one in
            if !isSilent {
                if !one.failures.isEmpty { progress.clear() }
                for failure in one.failures {
                    print("\(failure.word)  seed \(failure.seed)  \(failure.complaint)")
                    print("    repeat: \(repeatCommand(failure.seed, options))")
                }
            }
            let done = counter.increment()
            if done % 20 == 0 { progress.show("\(done) of \(range.count) storms") }
        }
        progress.clear()
        campaign.parts = [CampaignPart(build: buildIdentity, options: options, seeds: range)]
        let took = (ContinuousClock.now - began) / .seconds(1)
        if let out { try writeFile(try JSONStyle.encoder(isPretty: false).encode(campaign), to: out) }
        // A part of a campaign is not asked for the whole of it.
        let isPartial = partial || range.count == 1 || range != seeds.range
        switch told {
        case .json: printJSON(CampaignTold(campaign, isPartial: isPartial))
        case .text:
            tell(campaign, seconds: took, isPartial: isPartial, options: link.words)
            tellDivergence(campaign, try link.maker())
        case .tap, .github:
            try holdfast.tell(campaign.announcements(of: range, options, isPartial: isPartial), as: told)
        }
        let ending = campaign.ending(isPartial: isPartial)
        if ending != .safe { throw ExitCode(ending.exitCode) }
    }

    /// The seeds that this job plays; nil where it is one job of more than there are seeds.
    private func ownPart(isTold: Bool) throws -> ClosedRange<UInt64>? {
        guard seeds.range.count > 1 else { return seeds.range }
        guard let shard = try shard ?? JobShard.ofJob(ProcessInfo.processInfo.environment) else {
            return seeds.range
        }
        let part = shard.part(of: seeds.range)
        if isTold, part != seeds.range {
            print(
                "shard \(shard.index + 1) of \(shard.count) (\(shard.source)): "
                    + (part.map { "seeds \(SeedRange($0)) of \(seeds)" } ?? "none of the seeds \(seeds)"))
        }
        if part == nil, isTold { print("nothing to play in this job\n\n0 passed, 0 failed") }
        return part
    }

    /// How a storm is played here.
    private func player() throws -> (UInt64) -> StormOutcome {
        let farLink = try link.maker()
        func storm(_ seed: UInt64) -> Scenario {
            var storm = Storm.scenario(seed: seed)
            storm.farLink = farLink
            return storm
        }
        #if HOLDFAST_SEAMS
            let (defect, trapAt) = (try with.map(seededDefect), trapAt)
            return { seed in
                if seed == trapAt { fatalError("a trap that was asked for") }
                return Storm.play(storm(seed), with: defect)
            }
        #else
            return { Storm.play(storm($0)) }
        #endif
    }

    /// What a worker, and whoever repeats a storm, must be told as well.
    private var options: [String] {
        #if HOLDFAST_SEAMS
            return link.words + (with.map { ["--with", "\($0)"] } ?? [])
                + (trapAt.map { ["--trap-at", "\($0)"] } ?? [])
        #else
            return link.words
        #endif
    }
}

/// The command that plays one storm again.
private func repeatCommand(_ seed: UInt64, _ options: [String]) -> String {
    (["holdfast storm --seeds \(seed)"] + options).joined(separator: " ")
}

/// Where two plays of a seed differed: the event, and both sides.
private func tellDivergence(_ campaign: Campaign, _ farLink: FarLinkMaker?) {
    guard let seed = campaign.failures.first(where: { $0.ending == .diverged })?.seed else { return }
    var storm = Storm.scenario(seed: seed)
    storm.farLink = farLink
    guard let difference = try? PlayTwice.difference(storm) else {
        return print("seed \(seed), played twice more: no difference this time")
    }
    print("DIVERGED  seed \(seed): " + difference.lines.joined(separator: "\n"))
}

extension Campaign {
    /// Every storm of the range, as machines are told of it.
    fileprivate func announcements(
        of range: ClosedRange<UInt64>, _ options: [String], isPartial: Bool
    ) -> [Announcement] {
        let bad = Dictionary(grouping: failures, by: \.seed)
        let whole = whole(isPartial: isPartial)
        let command = (["holdfast storm --seeds \(SeedRange(range))"] + options).joined(separator: " ")
        let campaign = Announcement(
            name: "the campaign", isGood: whole.isEmpty, complaints: whole, repeatCommand: command)
        return [campaign]
            + range.map { seed in
                let found = bad[seed] ?? []
                return Announcement(
                    name: "storm \(seed)", isGood: found.isEmpty,
                    complaints: found.map { "\($0.word): \($0.complaint)" },
                    repeatCommand: holdfast.repeatCommand(seed, options))
            }
    }
}

/// Counts from many threads.
private final class Counter: Sendable {
    private let count = Mutex(0)
    func increment() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
