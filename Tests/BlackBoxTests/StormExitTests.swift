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

    @Test("machines are told as well why a campaign whose storms all passed does not")
    func incomplete() throws {
        let answer = try run("holdfast", ["storm", "--seeds", "1..2", "--tap"])
        #expect(answer.code == 16 && answer.output.contains("not ok 1 - the campaign"), "\(answer.output)")
        #expect(answer.output.contains("never raised: "))
    }

    @Test("an exploration that meets its bound before its end does not pass")
    func notClosed() throws {
        let answer = try run("holdfast", ["explore", "--lock", "post", "--alphabet", "people", "--at-most", "50"])
        #expect(answer.code == 16 && answer.output.contains("not closed"), "\(answer.output)")
    }
}
