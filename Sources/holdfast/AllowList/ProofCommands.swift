// `allowlist corpus`, `fuzz`, `simulate`, `measure`: attack the list, bound its risk, time it.

import AllowList
import AllowListProofs
import ArgumentParser
import CommandOutput
import Foundation

struct Corpus: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write every attack file, and the harmless neighbour of each.",
        discussion: """
            cases.txt says how each file is to be verified; the expected verdicts stand in the project's tests, written \
            by hand. The keys are known to everybody: trust them nowhere.

            EXAMPLES
              holdfast allowlist corpus --out corpus
            """)
    @Option(help: ArgumentHelp("A folder to write to.", valueName: "folder")) var out: String
    @OptionGroup var answer: AnswerForm

    private struct Written: Encodable {
        var folder: String
        var cases: Int
        var files: Int
    }

    func run() throws {
        let corpus = try AttackCorpus()
        do { try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true) } catch {
            complain("\(out) cannot be made: \(error.localizedDescription)")
            throw ExitCode(73)
        }
        for (name, bytes) in corpus.files { try writeBytes(bytes, to: out + "/" + name) }
        try writeBytes(Array(corpus.manifest.utf8), to: out + "/cases.txt")
        answer.tell(
            Written(folder: out, cases: corpus.cases.count, files: corpus.files.count),
            "\(out): \(corpus.cases.count) cases, \(corpus.files.count) files.")
    }
}

struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Feed mutated lists, bundles, deltas and deny objects to every parser.",
        discussion: """
            Structure-aware and seeded: half the cases are signed again after the mutation, so that they get past the \
            signature. Ends with exit code 1 and the seed of the case if something that must hold does not.

            EXAMPLES
              holdfast allowlist fuzz --cases 1000000
              holdfast allowlist fuzz --cases 1 --seed 4711
            """)
    @Option(help: "How many cases.") var cases = 100_000
    @Option(help: "The seed of the first case.") var seed: UInt64 = 1
    @Flag(help: "Print the answer as JSON.") var json = false

    func run() throws {
        var fuzzer = try ListFuzzer()
        let progress = Progress(of: cases, unit: "cases")
        let began = ContinuousClock.now
        for number in 0..<cases {
            if let finding = fuzzer.run(seed: seed &+ UInt64(number)) {
                complain("seed \(seed &+ UInt64(number)): \(finding)")
                throw ExitCode(1)
            }
            progress.report(number + 1)
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        if json { return printJSON(fuzzer.verdicts) }
        for (verdict, count) in fuzzer.verdicts.sorted(by: { $0.value > $1.value }) {
            print("\(verdict.padding(toLength: 28, withPad: " ", startingAt: 0)) \(count)")
        }
        print(String(format: "%d cases in %.1f s, nothing found.", cases, seconds))
    }
}

struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a fleet can lose at worst while nobody can be asked.",
        discussion: """
            The worst case: every connector busy from the first second to the last, on stolen or copied cards. What \
            bounds it are the connectors, and the policy's caps for posts and sites.

            No post knows what its neighbours have given. Where its configuration says \
            allow_list.tighten.posts_on_site, it holds an equal share of its site's cap; where it does not, it gives all \
            of it alone. Say with --posts-per-site what the posts have been told.

            EXAMPLES
              holdfast allowlist simulate list.pal --keys keys --posts 200 --posts-per-site 8 --hours 15
              holdfast allowlist simulate list.pal --keys keys --posts 200 --hours 72 --price 0.59 --json
            """)
    @OptionGroup var folder: KeyFolder
    @Argument(help: "The list whose policy counts.") var list: String
    @Option(help: "How long nobody can be asked, in hours.") var hours = 15
    @Option(help: "How old the list is when it begins, in hours.") var age = 0
    @Option(help: "Posts in the fleet.") var posts = 100
    @Option(help: "Posts of one site, as allow_list.tighten.posts_on_site of each of them says.") var postsPerSite =
        1
    @Option(help: "Connectors of one post.") var connectors = 2
    @Option(help: "What one connector gives, in kW.") var kw = 150
    @Option(help: "What a kWh is worth.") var price = 0.50

    struct Answer: Encodable {
        struct Stretch: Encodable {
            var step: String
            var from_hour: Int
            var to_hour: Int
        }
        var hours: Int
        var steps: [Stretch]
        var physical_kwh: UInt64
        var capped_kwh: UInt64?
        /// What the caps let pass where no post was told how many share its site.
        var capped_without_shares_kwh: UInt64?
        var one_card_on_one_post_kwh: UInt64
        var worst_kwh: UInt64
        var worst_loss: Double
    }

    func run() throws {
        guard hours >= 0, hours <= 87_600, posts >= 0, posts <= 10_000_000, (1...1_000).contains(postsPerSite),
            connectors >= 0,
            connectors <= 1_000, kw >= 0, kw <= 10_000, (0...1_000).contains(price), age >= 0, age <= 87_600
        else {
            complain(
                "Hours are 0 to 87600, posts at most 10,000,000, 1 to 1,000 on a site, connectors 1,000, 10,000 kW, the price 1,000."
            )
            throw ExitCode(64)
        }
        let reader = try folder.open(list)
        var fleet = Fleet(
            posts: posts, postsPerSite: postsPerSite, connectorsPerPost: connectors,
            connectorWatts: UInt64(kw) * 1_000, millisPerKilowattHour: UInt64((price * 1_000).rounded()))
        let loss = OutageLoss(reader.policy, reader.header, fleet: fleet, hours: hours, ageHours: age)
        fleet.postsPerSite = 1
        let alone = OutageLoss(reader.policy, reader.header, fleet: fleet, hours: hours, ageHours: age)
        let answer = Answer(
            hours: hours,
            steps: loss.stretches.map {
                Answer.Stretch(step: $0.rung.name, from_hour: $0.fromHour, to_hour: $0.toHour)
            },
            physical_kwh: loss.physicalWattHours / 1_000, capped_kwh: loss.cappedWattHours.map { $0 / 1_000 },
            capped_without_shares_kwh: alone.cappedWattHours.map { $0 / 1_000 },
            one_card_on_one_post_kwh: loss.oneTokenWattHours / 1_000, worst_kwh: loss.wattHours / 1_000,
            worst_loss: Double(loss.millis) / 1_000)
        if folder.json { return printJSON(answer) }
        print("\(posts) posts, \(hours) hours without anybody to ask, list \(age) h old at the start")
        for step in answer.steps { print("  \(step.step) from hour \(step.from_hour) to \(step.to_hour)") }
        print("  connectors could give        \(answer.physical_kwh) kWh")
        print(
            "  caps of posts and sites let  \(answer.capped_kwh.map { "\($0) kWh" } ?? "everything: the policy has no cap")"
        )
        if postsPerSite > 1, loss.cappedWattHours != alone.cappedWattHours {
            print(
                "    with posts_on_site: \(postsPerSite) on every post; without it \(answer.capped_without_shares_kwh.map { "\($0) kWh" } ?? "everything")"
            )
        }
        print("  one card on one post         \(answer.one_card_on_one_post_kwh) kWh")
        print(
            String(
                format: "  at worst                     %llu kWh, %.2f at %.2f a kWh", answer.worst_kwh,
                answer.worst_loss, price))
    }
}
