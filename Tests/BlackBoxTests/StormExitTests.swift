// How a run of storms ends, for whoever asks the exit code: each verdict has its own, and a storm that kills is one of them.

import Foundation
import Testing

@Suite("storm verdicts")
struct StormExitTests {
    @Test(
        "each verdict has its exit code and the command that repeats it",
        arguments: [
            (["--seeds", "1"], 0, "SAFE"), (["--seeds", "1", "--with", "4"], 10, "UNSAFE"),
            (["--seeds", "7", "--with", "1"], 11, "DEFECT"), (["--seeds", "1..3", "--partial"], 0, "SAFE"),
            (["--seeds", "1..3"], 16, "INCOMPLETE"),
        ])
    func verdicts(_ options: [String], _ code: Int32, _ word: String) throws {
        let answer = try run("holdfast", ["storm"] + options)
        #expect(answer.code == code, "\(answer.output)\(answer.errors)")
        #expect(answer.output.contains(": \(word)"), "\(answer.output)")
        if options.contains("--with") {
            #expect(answer.output.contains("repeat: holdfast " + (["storm"] + options).joined(separator: " ")))
        }
        if word == "INCOMPLETE" { #expect(answer.output.contains("never raised: ")) }
    }

    @Test("a storm that kills its process is a verdict, and the storms behind it are played all the same")
    func crash() throws {
        let answer = try run(
            "holdfast", ["storm", "--seeds", "1..4", "--trap-at", "2", "--jobs", "1", "--partial"])
        #expect(answer.code == 13, "\(answer.output)\(answer.errors)")
        #expect(answer.output.contains("CRASH  seed 2  the process died of signal"), "\(answer.output)")
        #expect(answer.output.contains("repeat: holdfast storm --seeds 2 --trap-at 2"), "\(answer.output)")
        #expect(answer.output.contains("3 passed, 1 failed: CRASH"), "\(answer.output)")
    }

    @Test(
        "what is no range of seeds is refused, and never played as another one",
        arguments: [
            "1..", "..5", "-1..5", "1..2,7..8", "1..99999999999999999999", "0..18446744073709551615", "9..1", "",
        ])
    func noRange(_ seeds: String) throws {
        let answer = try run("holdfast", ["storm", "--seeds=\(seeds)", "--partial"])
        #expect(answer.code == 64, "\(answer.output)\(answer.errors)")
        #expect(answer.errors.contains("1..2000") || answer.errors.contains("1..9"), "\(answer.errors)")
    }

    @Test(
        "a job of an array plays its part, says which, and plays nothing where nobody says of how many it is one",
        arguments: [
            (
                [
                    "SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_STEP": "2",
                    "SLURM_ARRAY_TASK_COUNT": "3",
                ], 0, "shard 3 of 3 (SLURM_ARRAY_TASK_ID): seeds 5..6 of 1..6"
            ),
            (
                ["JOB_COMPLETION_INDEX": "1", "JOB_COMPLETIONS": "3"], 0,
                "shard 2 of 3 (JOB_COMPLETION_INDEX): seeds 3..4 of 1..6"
            ),
            (
                ["PARALLEL_SEQ": "1", "PARALLEL_TOTAL_JOBS": "3"], 0,
                "shard 1 of 3 (PARALLEL_SEQ): seeds 1..2 of 1..6"
            ),
            (["JOB_COMPLETION_INDEX": "1"], 64, "Set JOB_COMPLETIONS"),
            (["PARALLEL_SEQ": "2"], 64, "--shard {#}/{##}"),
            (["SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_COUNT": "3"], 64, "says that there are fewer"),
        ])
    func shards(_ environment: [String: String], _ code: Int32, _ sentence: String) throws {
        let answer = try run("holdfast", ["storm", "--seeds", "1..6", "--partial"], environment: environment)
        #expect(answer.code == code, "\(answer.output)\(answer.errors)")
        #expect((answer.output + answer.errors).contains(sentence), "\(answer.output)\(answer.errors)")
    }

    @Test(
        "a storm that is played again inside an array job is played, whichever job it is",
        arguments: [
            ["SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "4"], ["PARALLEL_SEQ": "2"],
            ["JOB_COMPLETION_INDEX": "1"],
        ])
    func oneSeed(_ job: [String: String]) throws {
        let answer = try run("holdfast", ["storm", "--seeds", "3"], environment: job)
        #expect(answer.code == 0 && answer.output.contains("1 passed, 0 failed: SAFE"), "\(answer.output)")
    }

    @Test("sums hold each storm once, of one build and one way of playing; what does not add up is refused")
    func merge() throws {
        let bench = try Bench()
        let files = try ["1/2", "2/2"].map { (shard: String) throws -> String in
            let file = bench.folder + "/" + shard.prefix(1) + ".json"
            let options = ["--seeds", "1..4", "--shard", shard, "--partial", "--out", file]
            let code = try run("holdfast", ["storm"] + options).code
            #expect(code == 0)
            return file
        }
        let sum = try run("holdfast", ["storm", "merge"] + files + ["--partial"])
        #expect(sum.code == 0 && sum.output.contains("seeds 1..4 by build "), "\(sum.output)\(sum.errors)")
        #expect(sum.output.contains("4 passed, 0 failed: SAFE"))
        let twice = try run("holdfast", ["storm", "merge", files[0], files[1], files[0], "--partial"])
        #expect(twice.code == 65 && twice.errors.contains("seeds 1..2 are in it that are counted already"))
        let seeded = bench.folder + "/seeded.json"
        _ = try run("holdfast", ["storm", "--seeds", "9", "--with", "1", "--out", seeded])
        let unlike = try run("holdfast", ["storm", "merge", files[0], seeded, "--partial"])
        #expect(unlike.code == 65 && unlike.errors.contains("add up like with like"), "\(unlike.errors)")
        let json = try run("holdfast", ["storm", "merge"] + files + ["--json"])
        #expect(json.code == 16 && json.output.contains("\"verdict\" : \"INCOMPLETE\""), "\(json.output)")
        // The sum is what `--out` writes, and more: it can be added to again.
        let whole = bench.folder + "/whole.json"
        try json.output.write(toFile: whole, atomically: true, encoding: .utf8)
        #expect(try run("holdfast", ["storm", "merge", whole, "--partial"]).code == 0)
    }

    private struct Told: Decodable {
        struct Span: Decodable, Equatable { var first, last: UInt64 }
        var verdict: String
        var missing: [String: [String]]
        var not_played: [Span]
    }

    /// Plays seeds and leaves a shard.
    private func shard(_ file: String, _ words: String...) throws -> String {
        let code = try run("holdfast", ["storm", "--partial", "--out", file, "--seeds"] + words).code
        #expect(code == 0)
        return file
    }

    @Test(
        "a lost shard, and seeds between those of two runs, make a campaign incomplete, and it says what plays them"
    )
    func lostShard() throws {
        let bench = try Bench()
        let first = try shard(bench.folder + "/1.json", "1..6", "--shard", "1/3")
        let third = try shard(bench.folder + "/3.json", "1..6", "--shard", "3/3")
        let lost = try run("holdfast", ["storm", "merge", first, third, "--partial"])
        #expect(lost.code == 16 && lost.output.contains("4 passed, 0 failed: INCOMPLETE"), "\(lost)")
        #expect(lost.output.contains("NOT PLAYED: 2 storms, seeds 3..4"), "\(lost.output)")
        let command = "holdfast storm --seeds 3..4 --partial --out rest-3..4.json"
        #expect(lost.output.contains("play them: \(command)\n"), "\(lost.output)")
        let told = try run("holdfast", ["storm", "merge", first, third, "--partial", "--json"])
        let facts = try JSONDecoder().decode(Told.self, from: Data(told.output.utf8))
        #expect(told.code == 16 && facts.verdict == "INCOMPLETE")
        #expect(facts.not_played == [Told.Span(first: 3, last: 4)] && facts.missing["never_raised"] == [])
        // One share of three is not the whole, whatever else is there; what the command plays makes it so.
        #expect(try run("holdfast", ["storm", "merge", first, "--partial"]).code == 16)
        let rest = try shard(bench.folder + "/rest.json", "3..4")
        let whole = try run("holdfast", ["storm", "merge", first, rest, third, "--partial"])
        #expect(whole.code == 0 && whole.output.contains("6 passed, 0 failed: SAFE"), "\(whole)")
        // A folder stands for what lies in it.
        let folder = bench.folder + "/shards"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let empty = try run("holdfast", ["storm", "merge", folder, "--partial"])
        #expect(empty.code == 66 && empty.errors.contains("is a folder without a .json file"), "\(empty)")
        for file in [first, rest, third] {
            try FileManager.default.moveItem(
                atPath: file, toPath: folder + "/" + (file as NSString).lastPathComponent)
        }
        #expect(try run("holdfast", ["storm", "merge", folder, "--partial"]).output == whole.output)
        let two = [try shard(bench.folder + "/a.json", "1"), try shard(bench.folder + "/b.json", "3")]
        let gap = try run("holdfast", ["storm", "merge"] + two + ["--partial"])
        #expect(gap.code == 16 && gap.output.contains("NOT PLAYED: 1 storm, seed 2\n"), "\(gap)")
        let tally = try run("holdfast", ["storm", "merge", "--tally"] + two + ["--partial"])
        #expect(tally.code == 0 && tally.output.contains("seed 2\n"), "\(tally)")
        #expect(tally.output.contains("which is no failure of a tally") && tally.output.contains(": SAFE"))
    }

    @Test("the committed tally, which has gaps and several builds, and shards of before this was told still add up")
    func grownTally() throws {
        let bench = try Bench()
        let committed = root + "/Documentation/campaign.json"
        let more = try shard(bench.folder + "/more.json", "9000001..9000002")
        let sum = try run("holdfast", ["storm", "merge", "--tally", committed, more, "--partial", "--json"])
        // What the campaigns before found stands in it, and is its verdict.
        #expect(sum.code == 10, "\(sum.errors)")
        #expect(try JSONDecoder().decode(Told.self, from: Data(sum.output.utf8)).verdict == "UNSAFE")
        let grown = bench.folder + "/grown.json"
        try sum.output.write(toFile: grown, atomically: true, encoding: .utf8)
        #expect(try run("holdfast", ["storm", "merge", "--tally", grown]).code == 10)
        let old = try String(contentsOfFile: try shard(bench.folder + "/old.json", "1..2"), encoding: .utf8)
            .replacing(/"asked":\[[^\]]*\],/, with: "").replacing(/"is_stopped":false,/, with: "")
        #expect(!old.contains("asked") && !old.contains("is_stopped"), "\(old.prefix(600))")
        try old.write(toFile: grown, atomically: true, encoding: .utf8)
        #expect(try run("holdfast", ["storm", "merge", grown, "--partial"]).code == 0)
    }

    @Test(
        "a shard whose numbers are not those of its seeds is refused",
        arguments: [
            ("\"storms\":2", "\"storms\":1000", "counts 1000 storms and holds 2 seeds"),
            ("\"played_twice\":0", "\"played_twice\":9", "9 as played twice"),
            ("\"seeds\":[{\"first\":1,\"last\":2}]", "\"seeds\":[{\"first\":2,\"last\":1}]", "no range"),
            (
                "\"seeds\":[{\"first\":1,\"last\":2}]", "\"seeds\":[{\"first\":1,\"last\":18446744073709551615}]",
                "no range"
            ),
            (
                "\"seeds\":[{\"first\":1,\"last\":2}]",
                "\"seeds\":[{\"first\":1,\"last\":1},{\"first\":1,\"last\":1}]", "in it twice"
            ),
            (
                "\"failures\":[]", "\"failures\":[{\"seed\":7,\"word\":\"STUCK\",\"complaint\":\"\"}]",
                "seed 7, which is none of its own"
            ),
        ])
    func contradiction(_ right: String, _ wrong: String, _ why: String) throws {
        let bench = try Bench()
        let file = try shard(bench.folder + "/shard.json", "1..2")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains(right), "\(text)")
        try text.replacing(right, with: wrong).write(toFile: file, atomically: true, encoding: .utf8)
        let answer = try run("holdfast", ["storm", "merge", file, "--partial"])
        #expect(answer.code == 65 && answer.errors.contains(why), "\(answer)")
    }

    @Test("so many processes that no machine takes them, or none, are refused", arguments: ["0", "-1", "100000"])
    func jobs(_ count: String) throws {
        for command in [["storm", "--seeds", "1..2", "--partial"], ["storm", "defects", "4"]] {
            let answer = try run("holdfast", command + ["--jobs=\(count)"])
            #expect(answer.code == 64, "\(command): \(answer)")
            #expect(answer.errors.contains("--jobs \(count): a number from 1 to 1024 is expected"), "\(answer)")
        }
    }

    @Test(
        "machines are told as well why a campaign whose storms all passed does not; one that passes has its storms alone"
    )
    func incomplete() throws {
        let answer = try run("holdfast", ["storm", "--seeds", "1..2", "--tap"])
        #expect(answer.code == 16 && answer.output.contains("not ok 1 - the campaign"), "\(answer.output)")
        #expect(answer.output.contains("never raised: "))
        let good = try run("holdfast", ["storm", "--seeds", "1..2", "--partial", "--format", "github"])
        #expect(good.code == 0 && good.output.contains("holdfast::2 passed, 0 failed"), "\(good)")
        let bench = try Bench()
        let junit = bench.folder + "/storms.xml"
        let tap = try run("holdfast", ["storm", "--seeds", "1..2", "--partial", "--tap", "--junit", junit])
        #expect(tap.code == 0 && tap.output.contains("\n1..2\n"), "\(tap)")
        #expect(try String(contentsOfFile: junit, encoding: .utf8).contains("tests=\"2\""))
        let json = try run("holdfast", ["storm", "--seeds", "1..2", "--json"])
        let told = try JSONDecoder().decode(Told.self, from: Data(json.output.utf8))
        #expect(told.missing["never_raised"]?.contains("emergency_stop") == true || !told.missing.isEmpty)
        #expect(told.missing.values.allSatisfy { !$0.contains { $0.contains(" ") } } && told.not_played.isEmpty)
    }

    @Test("an exploration that meets its bound before its end does not pass")
    func notClosed() throws {
        let answer = try run("holdfast", ["explore", "--lock", "post", "--alphabet", "people", "--at-most", "50"])
        #expect(answer.code == 16 && answer.output.contains("not closed"), "\(answer.output)")
    }
}
