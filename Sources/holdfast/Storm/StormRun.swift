// `holdfast storm run`: the storms of a range of seeds, or of the part of it that one job plays.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios
import Traces

struct StormRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Play the storms of a range of seeds.",
        discussion: """
            In a job array each job plays its part of the range, and says which: by --shard, or by SLURM_ARRAY_TASK_ID and \
            SLURM_ARRAY_TASK_COUNT, by JOB_COMPLETION_INDEX and JOB_COMPLETIONS (Kubernetes: set the second in the job's own \
            environment), by PARALLEL_SEQ and PARALLEL_TOTAL_JOBS (GNU parallel: --shard {#}/{##} does the same). A single \
            seed is never cut. `holdfast storm merge` adds up what --out left, and says whether the whole was played and has \
            reached everything. Exit codes: see `holdfast storm --help`.

            EXAMPLES
              holdfast storm --seeds 1..2000
              holdfast storm run --seeds 1..2000           the same: run may be left out
              holdfast storm --seeds 1..100 --partial      too few to reach everything
              holdfast storm --seeds 7 --out storm-7.json
              holdfast storm --seeds 7 --scenario storm-7.yaml --report out    one storm, drawn and looked at
              holdfast storm --seeds 1..1000000 --shard 2/64 --jobs 16 --out shard-2.json --json
              holdfast storm --seeds 1..200 --modbus --partial   every device frame by frame
              holdfast storm --seeds 1..100 --partial --junit storms.xml

            A campaign that is told to stop (SIGINT, SIGTERM) first writes what it has played into --out.
            """)

    @Option(help: ArgumentHelp("Seeds, such as 1..2000.", valueName: "from..to"), transform: SeedRange.init)
    var seeds = SeedRange(1...2_000)

    @Option(
        help: ArgumentHelp(
            "Play one of several equal parts of the seeds: 2/4 is the second of four.", valueName: "i/n"),
        transform: JobShard.init)
    var shard: JobShard?

    @Option(help: "Processes, 1 to \(StormJobs.most); left out: one a processor.")
    var jobs = StormJobs.usual

    @Option(
        help: ArgumentHelp(
            "Write the sum as JSON, for `storm merge`; not over a file that is there, unless with --force.",
            valueName: "file"))
    var out: String?

    @Option(help: ArgumentHelp("Also write JUnit XML to this file: a case each seed.", valueName: "file"))
    var junit: String?

    @Option(
        help: ArgumentHelp("Of a single seed: write what was drawn as a scenario file.", valueName: "file"))
    var scenario: String?

    @Option(
        help: ArgumentHelp(
            "Of a single seed: write its course into this folder, as `holdfast replay --report` does.",
            valueName: "folder"))
    var report: String?

    @OptionGroup var overwriting: Overwriting

    @Option(
        help: ArgumentHelp(
            "A storm that computes, or waits without computing, for longer counts as one that hangs: CRASH.",
            valueName: "seconds"))
    var hangsAfter = 600

    @OptionGroup var how: HowTold

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
        @Option(help: .hidden) var hangAt: UInt64?
    #endif

    func validate() throws {
        try within("--jobs", Int64(jobs), 1...Int64(StormJobs.most))
        try within("--hangs-after", Int64(hangsAfter), 1...86_400)
    }

    func run() async throws {
        if let worker {
            let work = StormWork(
                first: seeds.range.lowerBound, last: seeds.range.upperBound, stride: max(1, worker), options: [])
            return try playAsWorker(work, by: try player())
        }
        let told = how.told
        let job = try jobShard()
        guard let range = ownPart(job, isTold: told == .text) else { return }
        _ = try player()
        if range.count > 1, let word = scenario != nil ? "--scenario" : report != nil ? "--report" : nil {
            complain("\(word) is for a single seed: --seeds \(range.lowerBound) \(word) ...")
            throw ExitCode(64)
        }
        for file in [out, scenario].compactMap(\.self) { try overwriting.mayWrite(file) }
        for file in [out, junit, scenario].compactMap(\.self) { try tryFile(file) }
        let began = ContinuousClock.now
        let (isSilent, options, progress) = (told != .text, options, ProgressLine())
        let tally = StormTally(keepsStorms: junit != nil)
        let part: @Sendable ([CampaignPart.Span], Bool) -> CampaignPart = {
            [asked = seeds.range] played, isStopped in
            CampaignPart(
                build: buildIdentity, options: options, played: played, asked: asked, shard: job?.description,
                isStopped: isStopped)
        }
        let leaveSoFar: @Sendable () -> Void = { [out, isPartial = partial] in
            progress.clear()
            var (soFar, played) = tally.soFar
            soFar.parts = [part(played, true)]
            if let out, let data = try? JSONStyle.encoder(isPretty: false).encode(soFar) {
                try? writeFile(data, to: out)
            }
            guard !isSilent else { return }
            soFar.tell(seconds: nil)
            let left = CampaignPart.gaps(in: range, between: played)
            soFar.tell(notPlayed: left)
            soFar.tellEnding(isPartial: isPartial, owed: left)
            print(
                "stopped: \(soFar.storms) of \(range.count) storms were played"
                    + (out.map { ", and are in \($0)" } ?? ""))
        }
        let stopper = StormStopper(leaveSoFar)
        defer { withExtendedLifetime(stopper) {} }
        let shares = StormWork.shares(of: range, jobs: jobs, options: options)
        let take: @Sendable (UInt64, Campaign) -> Void = { seed, one in
            // First into the sum: what was told is in what a campaign leaves that is stopped a moment later.
            let done = tally.take(seed, one)
            if !isSilent {
                if !one.failures.isEmpty { progress.clear() }
                for failure in one.failures {
                    say("\(failure.word)  seed \(failure.seed)  \(failure.complaint)")
                    say("    repeat: \(repeatCommand(failure.seed, options))")
                }
            }
            if done % 20 == 0 { progress.show("\(done) of \(range.count) storms") }
        }
        var campaign: Campaign
        do {
            campaign = try await StormWorkers.play(shares, hangsAfter: hangsAfter, progress: take)
        } catch is StormWorkers.Stopped {
            leaveSoFar()
            throw ExitCode(128 + SIGTERM)
        }
        progress.clear()
        campaign.parts = [part([CampaignPart.Span(range)], false)]
        let took = (ContinuousClock.now - began) / .seconds(1)
        if let out { try writeFile(try JSONStyle.encoder(isPretty: false).encode(campaign), to: out) }
        // A part of a campaign is not asked for the whole of it.
        let isPartial = partial || range.count == 1 || range != seeds.range
        if let junit {
            let text = tally.junit(
                campaign, name: "storms \(SeedRange(range))", seconds: took, isPartial: isPartial
            ) { repeatCommand($0, options) }
            try writeFile(Data(text.utf8), to: junit)
        }
        try leaveBehind(campaign, isTold: told == .text)
        switch told {
        case .json: printJSON(CampaignTold(campaign: campaign, isPartial: isPartial))
        case .text:
            campaign.tell(seconds: took)
            campaign.tellEnding(isPartial: isPartial)
            tellDivergence(campaign, try link.maker())
        case .tap, .tap13, .github:
            try holdfast.tell(campaign.announcements(of: range, options, isPartial: isPartial), as: told)
        }
        let ending = campaign.ending(isPartial: isPartial)
        if ending != .safe { throw ExitCode(ending.exitCode) }
    }

    /// Which share is this job's, as it was told or as its scheduler says; nil: all.
    private func jobShard() throws -> JobShard? {
        guard seeds.range.count > 1 else { return nil }
        return try shard ?? JobShard.ofJob(ProcessInfo.processInfo.environment)
    }

    /// The seeds that this job plays; nil where it is one job of more than there are seeds.
    private func ownPart(_ shard: JobShard?, isTold: Bool) -> ClosedRange<UInt64>? {
        guard let shard else { return seeds.range }
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
            let (defect, trapAt, hangAt) = (try with.map(seededDefect), trapAt, hangAt)
            return { seed in
                if seed == trapAt { fatalError("a trap that was asked for") }
                while seed == hangAt { sleep(1) }
                return Storm.play(storm(seed), with: defect)
            }
        #else
            return { Storm.play(storm($0)) }
        #endif
    }

    /// What a worker, and whoever repeats a storm, must be told as well.
    var options: [String] {
        #if HOLDFAST_SEAMS
            return link.words + (with.map { ["--with", "\($0)"] } ?? [])
                + (trapAt.map { ["--trap-at", "\($0)"] } ?? []) + (hangAt.map { ["--hang-at", "\($0)"] } ?? [])
        #else
            return link.words
        #endif
    }
}
