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

/// A range of seeds as people write it: `1..2000` or one number.
struct SeedRange: ExpressibleByArgument {
    var range: ClosedRange<UInt64>
    init?(argument: String) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: true).compactMap { UInt64($0) }
        guard let first = parts.first, let last = parts.last, first <= last, parts.count <= 2 else { return nil }
        range = first...last
    }

    init(_ range: ClosedRange<UInt64>) { self.range = range }

    /// The part of the range that one of several jobs plays: the index and count that schedulers hand out.
    func shard(_ environment: [String: String]) -> ClosedRange<UInt64>? {
        func number(_ name: String) -> UInt64? { environment[name].flatMap { UInt64($0) } }
        let slurm = (
            number("SLURM_ARRAY_TASK_ID"), number("SLURM_ARRAY_TASK_MIN") ?? 0, number("SLURM_ARRAY_TASK_COUNT")
        )
        let kubernetes = (number("JOB_COMPLETION_INDEX"), UInt64(0), number("JOB_COMPLETIONS"))
        // GNU parallel counts its jobs from 1 and does not say how many there are.
        let parallel = (number("PARALLEL_SEQ"), UInt64(1), number("PARALLEL_TOTAL_JOBS") ?? number("TOTAL_JOBS"))
        for (index, first, count) in [slurm, kubernetes, parallel] {
            guard let index, let count, count > 0, index >= first, index - first < count else { continue }
            let width = UInt64(range.count)
            let (start, end) = (width * (index - first) / count, width * (index - first + 1) / count)
            return start < end ? (range.lowerBound + start)...(range.lowerBound + end - 1) : nil
        }
        return range
    }
}

struct StormRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Play the storms of a range of seeds.",
        discussion: """
            In a job array (Slurm's, Kubernetes' indexed jobs, GNU parallel) each job plays its part of the range, by the \
            index and count in its environment; `holdfast storm merge` adds up what --out left, and says whether the whole \
            has reached everything. Exit codes: see `holdfast storm --help`.

            EXAMPLES
              holdfast storm --seeds 1..2000
              holdfast storm run --seeds 1..2000           the same: run may be left out
              holdfast storm --seeds 1..100 --partial      too few to reach everything
              holdfast storm --seeds 7 --out storm-7.json
              holdfast storm --seeds 1..1000000 --jobs 16 --out shard.json --json
              holdfast storm --seeds 1..200 --modbus --partial   every device frame by frame
            """)

    @Option(help: ArgumentHelp("Seeds, such as 1..2000.", valueName: "from..to"))
    var seeds = SeedRange(1...2_000)

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
        guard let range = seeds.shard(ProcessInfo.processInfo.environment) else {
            if !json { print("nothing to play in this job\n\n0 passed, 0 failed") }
            return
        }
        _ = try player()
        let began = ContinuousClock.now
        let told = format ?? (json ? .json : tap ? .tap : .text)
        let (showsProgress, isSilent, options) = (isatty(2) != 0, told != .text, options)
        let counter = Counter()
        let shares = StormWork.shares(of: range, jobs: jobs, options: options)
        let campaign = try await StormWorkers.play(shares) { one in
            if !isSilent {
                for failure in one.failures {
                    print("\(failure.word)  seed \(failure.seed)  \(failure.complaint)")
                    print("    repeat: \(repeatCommand(failure.seed, options))")
                }
            }
            let done = counter.increment()
            if showsProgress, done % 20 == 0 { complain("\u{1B}[1A\u{1B}[2K\(done) of \(range.count) storms") }
        }
        let took = (ContinuousClock.now - began) / .seconds(1)
        if let out { try writeFile(try JSONStyle.encoder(isPretty: false).encode(campaign), to: out) }
        // A part of a campaign is not asked for the whole of it.
        let isPartial = partial || range.count == 1 || range != seeds.range
        switch told {
        case .json: printJSON(campaign)
        case .text:
            tell(campaign, seconds: took, isPartial: isPartial, options: link.words)
            tellDivergence(campaign, try link.maker())
        case .tap, .github: try holdfast.tell(campaign.announcements(of: range, options), as: told)
        }
        let ending = campaign.ending(isPartial: isPartial)
        if ending != .safe { throw ExitCode(ending.exitCode) }
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
    fileprivate func announcements(of range: ClosedRange<UInt64>, _ options: [String]) -> [Announcement] {
        let bad = Dictionary(grouping: failures, by: \.seed)
        return range.map { seed in
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

struct StormMerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Add up what the shards of a campaign left.",
        discussion: """
            Ends with the code of the gravest storm, and with 16 where the whole of it has not reached every fault and \
            reaction.

            EXAMPLES
              holdfast storm merge shard-*.json
              holdfast storm merge shard-*.json --json > campaign.json
            """)
    @Argument(help: ArgumentHelp("Files that `storm --out` wrote.", valueName: "file")) var files: [String]
    @Flag(help: "Print the sum as JSON.") var json = false
    @Flag(help: "Let a sum pass that has not reached every fault and reaction.") var partial = false

    func run() throws {
        var sum = Campaign()
        for file in files {
            guard let data = FileManager.default.contents(atPath: file) else {
                complain("There is no file \(file).")
                throw ExitCode(66)
            }
            do { sum.add(try JSONStyle.decoder.decode(Campaign.self, from: data)) } catch {
                complain("\(file) is not what `holdfast storm --out` writes: \(error)")
                throw ExitCode(65)
            }
        }
        if json { printJSON(sum) } else { tell(sum, seconds: nil, isPartial: partial) }
        let ending = sum.ending(isPartial: partial)
        if ending != .safe { throw ExitCode(ending.exitCode) }
    }
}

struct StormShrink: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink", abstract: "Cut a failing storm down to a scenario file.",
        discussion: """
            EXAMPLES
              holdfast storm shrink 4711
              holdfast storm shrink 4711 --out Simulations/found/storm-4711.yaml
            """)
    @Argument(help: "The seed of a storm that fails.") var seed: UInt64
    @OptionGroup(title: "DEVICES OF BYTES") var link: ByteLink
    @Option(help: ArgumentHelp("Write the scenario here instead of printing it.", valueName: "file")) var out:
        String?
    @Flag(help: "Print the answer as JSON, the scenario in it.") var json = false

    private struct Cut: Encodable {
        var seed: UInt64
        var file: String?
        var scenario: String
    }

    func run() throws {
        var whole = Storm.scenario(seed: seed)
        whole.farLink = try link.maker()
        let showsProgress = isatty(2) != 0
        let found = Shrinker.shrink(whole) { steps in
            if showsProgress { complain("\u{1B}[1A\u{1B}[2K\(steps) steps left") }
        }
        guard let found else {
            complain("The storm of seed \(seed) ends well: there is nothing to shrink.")
            throw ExitCode(65)
        }
        if let out { try writeFile(Data(found.text.utf8), to: out) }
        if json { return printJSON(Cut(seed: seed, file: out, scenario: found.text)) }
        guard let out else { return print(found.text, terminator: "") }
        print(
            "\(out): fails as storm \(seed) does. Repeat with: holdfast replay \(out)\(link.modbus ? " --modbus" : "")"
        )
    }
}

private func tell(_ campaign: Campaign, seconds: Double?, isPartial: Bool, options: [String] = []) {
    let share = campaign.postHours > 0 ? campaign.chargingHours / campaign.postHours * 100 : 0
    print(
        String(
            format:
                "\n%.1f post-hours, %.1f connector-hours charging (%.0f %%), %d sessions, %d faults with effect",
            campaign.postHours, campaign.chargingHours, share, campaign.sessions,
            campaign.injected.values.reduce(0, +)))
    if let seconds, seconds > 0 {
        print(String(format: "in %.1f s: %.0f post-hours an hour", seconds, campaign.postHours * 3_600 / seconds))
    }
    print("played twice: \(campaign.playedTwice), all with equal hashes unless DIVERGED stands above")
    if let hash = campaign.hash { print("hash of all: \(hash)") }
    // One storm reaches little, and nobody asks it to.
    let (injected, raised, reacted) = campaign.storms > 1 ? campaign.neverReached : ([], [], [])
    if !injected.isEmpty { print("never injected with effect: \(injected.joined(separator: ", "))") }
    if !raised.isEmpty { print("never raised: \(raised.joined(separator: ", "))") }
    if !reacted.isEmpty { print("never raised in a session: \(reacted.joined(separator: ", "))") }
    if campaign.isCanaryFound == false {
        print("CANARY  the storm that must be found was not: the judges do not look")
    }
    if let worst = campaign.failures.first {
        print(
            "cut the first one down: holdfast storm shrink \(([String(worst.seed)] + options).joined(separator: " "))"
        )
    }
    let ending = campaign.ending(isPartial: isPartial)
    let failed = campaign.failures.count
    print("\n\(campaign.storms - failed) passed, \(failed) failed: \(ending.rawValue)")
}
