// What people and files tell the daemon wrongly: one clear sentence each, and a post that goes on.

import ControlClient
import Foundation
import Testing

@Suite("Bad input", .serialized)
struct BadInputTests {
    /// A value that is wrong for every key of the file.
    private static let wrong = "[[1]]"

    /// Each key of the reference with the lines that set it to a wrong value: `limits.touch_safe`, `price.currency`.
    private static func lines() throws -> [(key: String, text: String)] {
        let reference = try run("holdfastd", ["--reference"]).output
        let row = try Regex(#"(?m)^\| `([a-z_.\[\]]+)` \|"#)
        let keys = reference.matches(of: row).compactMap { $0.output[1].substring.map { String($0) } }
        return keys.map { key in
            let parts = key.split(separator: ".").map { String($0) }
            var text = ""
            for (depth, part) in parts.enumerated() {
                let name = part.replacingOccurrences(of: "[]", with: "")
                let indent = String(repeating: "  ", count: 2 * depth)
                let isLast = depth == parts.count - 1
                text += indent + name + ":" + (isLast ? " \(wrong)\n" : "\n")
                // What stands in a list begins with a dash.
                if part.hasSuffix("[]"), !isLast {
                    text += indent + "  -\n"
                }
            }
            return (key, text)
        }
    }

    @Test("--check with a wrong value for every key in turn: no crash, and an error at the line of that key")
    func everyKey() throws {
        let folder = "/tmp/holdfast-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/post.yaml"
        let least = [
            "connectors": "connectors: [{name: left}]\n", "stages": "stages: [{rated_power: 150kW}]\n",
            "backend": "backend: {kind: simulated}\n",
        ]
        let all = try Self.lines()
        #expect(all.count > 100)
        for (key, text) in all {
            let top = String(key.prefix { $0 != "." && $0 != "[" })
            try (text + least.filter { $0.key != top }.map(\.value).sorted().joined()).write(
                toFile: file, atomically: true, encoding: .utf8)
            let line = text.split(separator: "\n").count
            let check = try run("holdfastd", ["--check", "--config", file])
            #expect(check.code == 78, "\(key): \(check.code) \(check.errors)")
            #expect(check.errors.contains("\(file):\(line):"), "\(key): \(check.errors)")
        }
    }

    @Test(
        "a refused socket is a mistake like any other, at a check, a start and a reload",
        arguments: [
            "relative.sock", "\"\"", "[a]", "/\(String(repeating: "x", count: 120))",
            "/tmp/\(String(repeating: "é", count: 90))",
        ])
    func socket(_ value: String) async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.until("free") { try await bench.state() == "available" }
        let good = try String(contentsOfFile: bench.configuration, encoding: .utf8)
        try good.replacingOccurrences(of: "socket: \(bench.socket)", with: "socket: \(value)").write(
            toFile: bench.configuration, atomically: true, encoding: .utf8)
        let check = try run("holdfastd-bench", ["--check", "--config", bench.configuration])
        #expect(check.code == 78, "\(check.code)")
        #expect(check.errors.contains("\(bench.configuration):9:9: error:"), "\(check.errors)")
        bench.hangUp()
        try await bench.until("told") {
            ((try await bench.status()["configuration"] as? [String: Any])?["refused"] as? [String])?.isEmpty
                == false
        }
        #expect(try await bench.state() == "available")
    }

    /// Verb, body, what the message names, what the remedy says.
    private static let wrongFields = [
        ("plug", #"{"connector":-9223372036854775808}"#, "connector -9223372036854775808", "1 to 2"),
        ("plug", #"{"connector":3}"#, "connector 3", "1 to 2"),
        ("plug", #"{"connector":0}"#, "connector 0", "1 to 2"),
        ("plug", #"{"connector":"one"}"#, "connector", "1"),
        ("plug", #"{"state_of_charge_percent":9223372036854775807}"#, "state_of_charge_percent", "0 to 100"),
        ("plug", #"{"state_of_charge_percent":900}"#, "state_of_charge_percent", "0 to 100"),
        ("plug", #"{"stops_at_percent":99999999}"#, "stops_at_percent", "0 to 100"),
        ("plug", #"{"stops_at_percent":-1}"#, "stops_at_percent", "0 to 100"),
        ("plug", #"{"profile":"sedan40"}"#, "sedan40", "Did you mean sedan400?"),
        ("tap", #"{"token":"free:ALICE","reader":3}"#, "reader 3", "one: 1"),
        ("tap", #"{"token":"free:ALICE","reader":-9223372036854775808}"#, "reader", "one: 1"),
        ("tap", #"{"token":""}"#, "token", "ALICE"), ("tap", "{}", "no token", "ALICE"),
        ("inject", #"{"fault":"meter.silnt"}"#, "meter.silnt", "Did you mean meter.silent?"),
        ("inject", #"{"fault":"meter.purple_rain"}"#, "meter.purple_rain", "meter can be:"),
        ("inject", #"{"fault":"zzzzzzzz"}"#, "zzzzzzzz", "UNIT.MODE"),
        ("press", #"{"interlock":"dor"}"#, "dor", "Did you mean door?"),
        ("unplug", #"{"connector":9}"#, "connector 9", "1 to 2"),
    ]

    @Test("a bench verb says which field is wrong and what would be right, and the daemon goes on")
    func fields() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.until("free") { try await bench.state() == "available" }
        for (verb, body, what, right) in Self.wrongFields {
            let refusal = try await bench.refusal { try await $0.post("/v1/sim/\(verb)", json: body) }
            #expect(refusal?.status == 422, "\(verb) \(body): \(String(describing: refusal))")
            #expect(refusal?.message.contains(what) == true, "\(body): \(refusal?.message ?? "")")
            #expect(refusal?.whatToDo.contains(right) == true, "\(body): \(refusal?.whatToDo ?? "")")
            #expect(try await bench.state() == "available")
        }
    }

    @Test(
        "a body that no decoder can take is refused as such",
        arguments: [#"{"connector":99999999999999999999}"#, "[", "7"])
    func bodies(_ body: String) async throws {
        let bench = try Bench()
        try await bench.start()
        let refusal = try await bench.refusal { try await $0.post("/v1/sim/plug", json: body) }
        #expect(refusal?.status == 400 && refusal?.code == "bad_request", "\(String(describing: refusal))")
    }

    @Test("the tool says so too: what, the nearest word, and the exit code of wrong data, not of a busy post")
    func tool() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.until("free") { try await bench.state() == "available" }
        for (words, said) in [
            (["sim", "inject", "meter.silnt"], "Did you mean meter.silent?"),
            (["sim", "plug", "--vehicle", "lory"], "Did you mean lorry?"), (["sim", "press", "dor"], "door"),
            (["sim", "tap", "free:ALICE", "--reader", "9"], "no reader 9"),
            (["sim", "plug", "9"], "no connector 9"),
            (["start", "8"], "connector"), (["stop", "9"], "connector 9"),
        ] {
            let answer = try run("holdfast", words, environment: ["HOLDFAST_SOCKET": bench.socket])
            #expect(answer.code == 65, "\(words): \(answer.code)")
            #expect(answer.errors.contains(said), "\(words): \(answer.errors)")
        }
        let none = try bench.holdfast("sim", "unplug", "2")
        #expect(none.code == 75 && none.errors.contains("No plug is in at connector 2."), "\(none.errors)")
    }

    @Test("a fault that no simulated world can give a bench is refused, and not said to be there")
    func realParts() async throws {
        let bench = try Bench()
        try await bench.start()
        for (fault, word) in [("disk.full", "real records"), ("clock.at_1970", "this machine's clock")] {
            let answer = try bench.holdfast("sim", "inject", fault)
            #expect(answer.code == 75 && answer.errors.contains(word), "\(answer)")
        }
    }

    @Test("a list that names nobody is issued only if that is said, and a post that has it invites nobody")
    func emptyList() async throws {
        let bench = try Bench()
        let drivers = bench.folder + "/nobody.csv"
        try "token\n".write(toFile: drivers, atomically: true, encoding: .utf8)
        let order = [
            "allowlist", "issue", "--in", drivers, "--keys", bench.folder + "/keys", "--version-number", "2",
            "--out",
            bench.folder + "/nobody.pal",
        ]
        let refused = try run("holdfast", order)
        #expect(refused.code == 65 && refused.errors.contains("--allow-empty"), "\(refused)")
        #expect(try run("holdfast", order + ["--allow-empty"]).code == 0)
        let install = [
            "allowlist", "install", bench.folder + "/nobody.pal", "--keys", bench.folder + "/keys", "--state",
            bench.folder + "/state",
        ]
        #expect(try run("holdfast", install).code == 0)
        try await bench.start()
        try await bench.until("free") { try await bench.state() == "available" }
        let shown = try bench.holdfast("status").output
        #expect(shown.contains("NOBODY IS LET IN") && shown.contains("[ no entry ]"), "\(shown)")
    }

    @Test("a plug that is held is told from one that is not there")
    func held() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.charge()
        let held = try bench.holdfast("sim", "unplug", "1")
        #expect(held.code == 75 && held.errors.contains("The plug is held."), "\(held.errors)")
    }

    @Test("a post that is misconfigured says so to whoever wants to start or to play, and what to do")
    func misconfigured() async throws {
        let bench = try Bench()
        try bench.configure("limitz: {}")
        try await bench.start()
        let start = try bench.holdfast("start", "1")
        #expect(
            start.code == 78 && start.errors.contains("limitz") && start.errors.contains("mend"), "\(start.errors)")
        let plug = try bench.holdfast("sim", "plug", "1")
        #expect(plug.code == 78 && plug.errors.contains("configuration"), "\(plug.errors)")
    }
}

@Suite("What holdfastd alone answers", .serialized)
struct DeployedDaemonTests {
    @Test("holdfast sim on a post that is not simulated says which program is")
    func notSimulated() async throws {
        let bench = try Bench()
        _ = try bench.useBoard()
        bench.program = "holdfastd"
        try await bench.start()
        let plug = try bench.holdfast("sim", "plug", "1")
        #expect(plug.code == 69)
        #expect(plug.errors.contains("not simulated") && plug.errors.contains("holdfastd-bench"), "\(plug.errors)")
    }

    @Test("a board that is not there yet is a warning of --check: a configuration may be written before it")
    func noBoardYet() async throws {
        let bench = try Bench()
        try FileManager.default.removeItem(atPath: try bench.useBoard())
        let check = try run("holdfastd", ["--check", "--config", bench.configuration])
        // What no board will ever mend is a mistake of the file.
        let simulated = try Bench()
        let wrongProgram = try run("holdfastd", ["--check", "--config", simulated.configuration])
        #expect(
            wrongProgram.code == 78 && wrongProgram.errors.contains("error: no power is allowed")
                && wrongProgram.errors.contains("use holdfastd-bench") && wrongProgram.output.isEmpty,
            "\(wrongProgram)")
        #expect(
            check.code == 0 && check.output.contains("warning: no power is allowed"),
            "\(check.code) \(check.output)")
    }

    @Test("a board profile that is broken at the start: the outputs are held by its last good copy")
    func brokenBoard() async throws {
        let bench = try Bench()
        let board = try bench.useBoard()
        bench.program = "holdfastd"
        try await bench.start()
        #expect((try await bench.status()["configuration_problems"] as? [String])?.isEmpty == true)
        #expect(bench.terminate() == 0)
        #expect(try run("holdfastd", ["--check", "--config", bench.configuration]).code == 0)
        try "name: broken\n".write(toFile: board, atomically: true, encoding: .utf8)
        let check = try run("holdfastd", ["--check", "--config", bench.configuration])
        #expect(check.code == 78 && check.errors.contains("board.yaml"), "\(check.code) \(check.errors)")
        try FileManager.default.removeItem(atPath: bench.folder + "/meters")
        try await bench.start()
        let problems = try await bench.status()["configuration_problems"] as? [String] ?? []
        #expect(problems.contains { $0.contains("board.yaml") }, "\(problems)")
        let shown = try bench.holdfast("status").output
        #expect(shown.contains("NOBODY IS LET IN: The configuration cannot be used"), "\(shown)")
        #expect(
            shown.contains("The board of the last good configuration is known: its outputs are held safe."),
            "\(shown)")
    }
}
