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
}
