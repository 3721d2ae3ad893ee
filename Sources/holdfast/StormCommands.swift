// `holdfast storm`: seeded storms over a whole post, shards that add up, and failures cut down to scenario files.

import ArgumentParser
import Foundation
import Scenarios
import Synchronization

struct StormCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm", abstract: "Search for the faults that nobody wrote down.",
        discussion: """
            Each seed draws a site, its drivers, vehicles, faults, network, disk and deaths, plays them through the core, \
            runtime and records that ship, then lets all heal that may and asks every connector to charge again. \
            SAFE: nothing to find. UNSAFE: the world says so. DEFECT: the supervisor had to step in. STUCK: all is calm \
            and something does not serve. ERROR: the storm could not be played. Every twentieth seed is played twice.

            Exit codes: 0 all SAFE, 1 something was found, 64 usage.
            """,
        subcommands: [StormRun.self, StormShrink.self, StormMerge.self], defaultSubcommand: StormRun.self)
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
            index and count in its environment; `holdfast storm merge` adds up what --out left.

            EXAMPLES
              holdfast storm --seeds 1..2000
              holdfast storm run --seeds 1..2000           the same: run may be left out
              holdfast storm --seeds 7 --out storm-7.json
              holdfast storm --seeds 1..1000000 --jobs 16 --out shard.json --json
            """)

    @Option(help: ArgumentHelp("Seeds, such as 1..2000.", valueName: "from..to"))
    var seeds = SeedRange(1...200)

    @Option(help: "Threads; left out: one a processor.")
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: ArgumentHelp("Write the sum as JSON, for `storm merge`.", valueName: "file"))
    var out: String?

    @Flag(help: "Print the sum as JSON.")
    var json = false

    @Flag(help: "Fail also if a fault or a reaction was never reached.")
    var complete = false

    func run() async throws {
        guard let range = seeds.shard(ProcessInfo.processInfo.environment) else {
            if !json { print("nothing to play in this job\n\n0 passed, 0 failed") }
            return
        }
        let began = ContinuousClock.now
        let (showsProgress, isJSON) = (isatty(2) != 0, json)
        let counter = Counter()
        let campaign = await Campaign.play(range, jobs: jobs) { outcome in
            if outcome.verdict != .passed, !isJSON {
                print("\(outcome.word)  seed \(outcome.seed)  \(outcome.complaints.first ?? "")")
            }
            let done = counter.increment()
            if showsProgress, done % 20 == 0 { complain("\u{1B}[1A\u{1B}[2K\(done) of \(range.count) storms") }
        }
        let took = (ContinuousClock.now - began) / .seconds(1)
        if let out { try writeFile(try JSONEncoder().encode(campaign), to: out) }
        if json { printJSON(campaign) } else { tell(campaign, seconds: took) }
        let isIncomplete =
            complete && !(campaign.neverReached.injected.isEmpty && campaign.neverReached.raised.isEmpty)
        if !campaign.failures.isEmpty || isIncomplete { throw ExitCode(1) }
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
            EXAMPLES
              holdfast storm merge shard-*.json
              holdfast storm merge shard-*.json --json > campaign.json
            """)
    @Argument(help: ArgumentHelp("Files that `storm --out` wrote.", valueName: "file")) var files: [String]
    @Flag(help: "Print the sum as JSON.") var json = false

    func run() throws {
        var sum = Campaign()
        for file in files {
            guard let data = FileManager.default.contents(atPath: file) else {
                complain("There is no file \(file).")
                throw ExitCode(66)
            }
            do { sum.add(try JSONDecoder().decode(Campaign.self, from: data)) } catch {
                complain("\(file) is not what `holdfast storm --out` writes: \(error)")
                throw ExitCode(65)
            }
        }
        if json { printJSON(sum) } else { tell(sum, seconds: nil) }
        if !sum.failures.isEmpty { throw ExitCode(1) }
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
    @Option(help: ArgumentHelp("Write the scenario here instead of printing it.", valueName: "file")) var out:
        String?
    @Flag(help: "Print the answer as JSON, the scenario in it.") var json = false

    private struct Cut: Encodable {
        var seed: UInt64
        var file: String?
        var scenario: String
    }

    func run() throws {
        let whole = Storm.scenario(seed: seed)
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
        print("\(out): fails as storm \(seed) does. Repeat with: holdfast replay \(out)")
    }
}

private func tell(_ campaign: Campaign, seconds: Double?) {
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
    let (injected, raised) = campaign.neverReached
    if !injected.isEmpty { print("never injected with effect: \(injected.joined(separator: ", "))") }
    if !raised.isEmpty { print("never raised: \(raised.joined(separator: ", "))") }
    if let worst = campaign.failures.first {
        print("cut the first one down: holdfast storm shrink \(worst.seed)")
    }
    print("\n\(campaign.storms - campaign.failures.count) passed, \(campaign.failures.count) failed")
}
