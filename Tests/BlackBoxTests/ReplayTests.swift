// `holdfast replay` over many files: side by side and in order, its reports each in its place, and what cannot be done said first.

import Foundation
import Testing

@Suite("Replaying many files")
struct ReplayTests {
    private let folder: String

    init() throws {
        folder = "/tmp/holdfast-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ within: String = "30s", title: String = "t") throws {
        try """
        title: \(title)
        drivers: {listed: [alice]}
        vehicles: {car: {}}
        timeline:
          - at: 20s
            plug: {vehicle: car}
          - after: 2s
            tap: {token: alice}
          - expect: {state: charging, within: \(within)}
        """.write(toFile: "\(folder)/in/\(name)", atomically: true, encoding: .utf8)
    }

    @Test(
        "however many are played at a time: the same outcomes in the order of the files, and what failed once more at the end"
    )
    func sideBySide() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["a.yaml", "b.yaml", "d.yaml"] { try write(name) }
        try write("c.yaml", "1s")
        func outcomes(_ jobs: String) throws -> [String] {
            let answer = try run(
                "holdfast", ["replay", folder + "/in", "\(folder)/none", "--json", "--jobs", jobs])
            #expect(answer.code == 66)
            // The wall's clock alone differs.
            return answer.output.split(separator: "\n").map(String.init).filter { !$0.contains("\"seconds\"") }
        }
        #expect(try outcomes("1") == outcomes("4"))
        let told = try run("holdfast", ["replay", folder + "/in", "--jobs", "3"])
        let lines = told.output.split(separator: "\n").map(String.init)
        let played = lines.filter { $0.contains("virtual in") }.compactMap {
            $0.split(separator: " ").dropFirst().first
        }
        #expect(played == ["a", "b", "c", "d"].map { "\(folder)/in/\($0).yaml"[...] }, "\(told.output)")
        #expect(lines.last == "  FAIL  holdfast replay \(folder)/in/c.yaml" && told.code == 1, "\(told.output)")
        #expect(try run("holdfast", ["replay", folder + "/in", "--jobs", "0"]).code == 64)
    }

    @Test("stories of one name keep their own files; a page leads to all of them, the failed ones first")
    func reports() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write("s.yaml", title: "the first")
        try write("s.yml", "1s", title: "the second")
        try write("index.yaml", title: "the third")
        let answer = try run("holdfast", ["replay", folder + "/in", "--report", folder + "/out"])
        #expect(answer.code == 1 && answer.output.contains("report: \(folder)/out/index.html"), "\(answer.errors)")
        for (file, title) in [("s.yaml", "first"), ("s.yml", "second"), ("index.yaml", "third")] {
            let page = try String(contentsOfFile: "\(folder)/out/\(file).html", encoding: .utf8)
            #expect(page.contains("the \(title)</h1>"))
        }
        let index = try String(contentsOfFile: folder + "/out/index.html", encoding: .utf8)
        let places = try ["second", "third", "first"].map {
            try #require(index.range(of: "the \($0)</a>")).lowerBound
        }
        #expect(
            places == places.sorted() && index.contains("<a href=\"s.yml.html\">")
                && index.contains("2 passed, 1 failed"))
        #expect(index.contains("it came after 8.5 s"))
    }

    @Test("what cannot be written, and what contradicts itself, is said before anything is played")
    func first() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write("a.yaml")
        try "x".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
        try "{}".write(toFile: folder + "/other.json", atomically: true, encoding: .utf8)
        for (options, code, sentence) in [
            (["--junit", folder + "/none/j.xml"], Int32(73), "there is no folder"),
            (["--report", folder + "/file/out"], 73, "\(folder)/file is no folder"),
            (["--json", "--tap"], 64, "leave all but one out"),
            (["--json", "--format", "tap13"], 64, "leave all but one out"),
            (["--against", folder + "/none.json"], 66, "There is no file"),
            (["--against", folder + "/other.json"], 65, "is not what `holdfast replay --json` writes"),
            (["--against", folder + "/other.json", "--tap"], 64, "leave tap out"),
            (["--margin-at-least", "much"], 64, "is no share of a limit"),
        ] {
            let answer = try run("holdfast", ["replay", folder + "/in"] + options)
            #expect(
                answer.code == code && answer.errors.contains(sentence),
                "\(options): \(answer.code) \(answer.errors)")
            #expect(!answer.output.contains("passed"), "\(options): \(answer.output)")
        }
    }

    @Test("a run is held against an earlier one, in lines and in JSON")
    func against() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write("a.yaml")
        let before = try run("holdfast", ["replay", folder + "/in", "--json"])
        try before.output.write(toFile: folder + "/before.json", atomically: true, encoding: .utf8)
        try write("a.yaml", "10s")
        try write("b.yaml")
        let now = try run("holdfast", ["replay", folder + "/in", "--against", folder + "/before.json"])
        #expect(now.code == 0 && now.output.contains("1 smaller margin, 1 new story"), "\(now.output)\(now.errors)")
        #expect(
            now.output.contains("margin 72 % -> 15 % (8.5 s -> 8.5 s of 10.0 s, before of 30.0 s)"), "\(now.output)"
        )
        #expect(now.output.contains("  new  \(folder)/in/b.yaml"))
        let json = try run("holdfast", ["replay", folder + "/in", "--json", "--against", folder + "/before.json"])
        #expect(
            json.output.contains("\"against\" : {") && json.output.contains("\"margin_percent\" : 14"),
            "\(json.output)")
        let emergency = root + "/Simulations/electrical/emergency-stop.yaml"
        #expect(try run("holdfast", ["replay", emergency, "--margin-at-least", "50%"]).code == 0)
        let thin = try run("holdfast", ["replay", emergency, "--margin-at-least", "95"])
        #expect(thin.code == 1 && thin.output.contains("and 95 % are asked for"), "\(thin.output)")
    }
}
