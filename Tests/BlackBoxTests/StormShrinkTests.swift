// `storm shrink` and what a single storm leaves: a storm that kills, hangs or diverges is cut down by a process that outlives it.

import Foundation
import Testing

@Suite("Storms cut down")
struct StormShrinkTests {
    private let folder: String

    init() throws {
        folder = "/tmp/holdfast-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func steps(_ file: String) throws -> [String] {
        try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("    ") }
            .map { String($0.dropFirst(4)) }
    }

    @Test(
        "a storm that kills its process, hangs it or diverges becomes a file of the one step that it takes",
        arguments: [("trap", "CRASH"), ("hang", "CRASH"), ("spin", "CRASH"), ("diverge", "DIVERGED")])
    func deadly(_ what: String, _ ending: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/found.yaml"
        let answer = try run(
            "holdfast",
            ["storm", "shrink", "1", "--pretend", "\(what):press_stop", "--hangs-after", "1", "--out", file])
        #expect(answer.code == 0, "\(answer.output)\(answer.errors)")
        #expect(answer.output.contains("ends as storm 1 does, \(ending)"), "\(answer.output)")
        let left = try steps(file)
        #expect(left.count == 1 && left[0].hasPrefix("press_stop:"), "\(left)")
        #expect(
            answer.output.contains(
                "Repeat with: holdfast replay \(file)" + (ending == "DIVERGED" ? " --twice" : "")))
        #expect(try run("holdfast", ["scenario", "check", file]).code == 0)
    }

    @Test(
        "a storm that a defect makes fail is cut down with it: the command is printed so, and the file fails with it alone"
    )
    func seeded() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let storm = try run("holdfast", ["storm", "--seeds", "1", "--with", "4"])
        #expect(
            storm.output.contains("cut the first one down: holdfast storm shrink 1 --with 4"), "\(storm.output)")
        let file = folder + "/found.yaml"
        let answer = try run("holdfast", ["storm", "shrink", "1", "--with", "4", "--out", file])
        #expect(
            answer.code == 0 && answer.output.contains("Repeat with: holdfast replay \(file) --with 4"),
            "\(answer.output)")
        let with = try run("holdfast", ["replay", file, "--with", "4"])
        #expect(
            with.code == 1 && with.output.contains("repeat with: holdfast replay \(file) --with 4"),
            "\(with.output)")
        // The place stands in what was found, once.
        #expect(
            with.output.contains(": Post 1, connector ") && !with.output.contains("connector 1: Post 1"),
            "\(with.output)")
        #expect(try run("holdfast", ["replay", file]).code == 0)
        let well = try run("holdfast", ["storm", "shrink", "1"])
        #expect(well.code == 65 && well.errors.contains("ends well: there is nothing to shrink"), "\(well.errors)")
    }

    @Test("what was found over bytes becomes a file that says so, and fails unedited as it did")
    func bytes() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (file, maps) = (folder + "/found.yaml", root + "/hardware/meters")
        let options = ["--modbus", "--maps", maps, "--with", "4"]
        let answer = try run("holdfast", ["storm", "shrink", "1", "--out", file, "--json"] + options)
        #expect(
            answer.code == 0 && answer.output.contains("\"ending\" : \"UNSAFE\""),
            "\(answer.output)\(answer.errors)")
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("\ndevices: bytes\n"))
        let told = try run("holdfast", ["replay", file, "--maps", maps, "--with", "4"])
        #expect(told.code == 1 && !told.output.contains("--modbus"), "\(told.output)")
        #expect(try run("holdfast", ["scenario", "explain", file]).output.contains("answer as bytes"))
        let none = try run("holdfast", ["replay", file, "--maps", "/nowhere"])
        #expect(none.code == 65 && none.output.contains("/nowhere"), "\(none.output)\(none.errors)")
    }

    @Test("a storm that hangs is a verdict, and those behind it are played")
    func hang() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let answer = try run(
            "holdfast",
            ["storm", "--seeds", "1..3", "--hang-at", "2", "--hangs-after", "3", "--jobs", "1", "--partial"])
        #expect(
            answer.code == 13 && answer.output.contains("CRASH  seed 2  it hangs: it did not end after 3 s"),
            "\(answer.output)")
        #expect(answer.output.contains("2 passed, 1 failed: CRASH"))
    }

    @Test("a single storm leaves what was drawn, its course and JUnit; several do not")
    func single() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (story, junit) = (folder + "/storm.yaml", folder + "/storms.xml")
        let answer = try run(
            "holdfast",
            ["storm", "--seeds", "3", "--scenario", story, "--report", folder + "/out", "--junit", junit])
        #expect(answer.code == 0, "\(answer.output)\(answer.errors)")
        #expect(FileManager.default.fileExists(atPath: folder + "/out/storm-3.html"))
        let told = try String(contentsOfFile: junit, encoding: .utf8)
        #expect(told.contains("name=\"storm 3\"") && told.contains("<property name=\"seed\" value=\"3\"/>"))
        // The file is the storm: the same hash.
        let hash = try #require(told.matches(of: /name="hash" value="([0-9a-f]+)"/).first?.output.1)
        #expect(try run("holdfast", ["replay", story, "--json"]).output.contains("\"hash\" : \"\(hash)\""))
        let several = try run("holdfast", ["storm", "--seeds", "3..4", "--scenario", story, "--partial"])
        #expect(
            several.code == 64 && several.errors.contains("--scenario is for a single seed"), "\(several.errors)")
        let bad = try run(
            "holdfast", ["storm", "--seeds", "1..2", "--with", "4", "--partial", "--junit", junit])
        let failures = try String(contentsOfFile: junit, encoding: .utf8)
        #expect(bad.code == 10 && failures.contains("<failure type=\"UNSAFE\""), "\(failures)")
        #expect(failures.contains("repeat: holdfast storm --seeds 1 --with 4"))
    }

    @Test("a campaign that is told to stop leaves what it has played, and that adds up with the rest")
    func stopped() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/part.json"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs + "/holdfast")
        process.arguments = [
            "storm", "--seeds", "1..100000", "--jobs", "1", "--partial", "--out", file, "--with", "4",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        // Storms with this defect fail from the first on: its line says that some were played.
        let first = output.fileHandleForReading.availableData
        #expect(!first.isEmpty)
        process.terminate()
        let rest = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 128 + SIGTERM && process.terminationReason == .exit, "\(rest)")
        #expect(rest.contains("of 100000 storms were played, and are in \(file)"), "\(rest)")
        let sum = try run("holdfast", ["storm", "merge", file, "--partial"])
        #expect(sum.code == 10 && sum.output.contains("seeds 1"), "\(sum.output)\(sum.errors)")
        #expect(
            sum.output.contains("it was stopped after ") && sum.output.contains("NOT PLAYED: "), "\(sum.output)")
    }

    @Test(
        "a campaign that was stopped is not safe, however well its storms ended, until the rest is played as it says"
    )
    func stoppedAndSafe() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/part.json"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs + "/holdfast")
        process.arguments = ["storm", "--seeds", "1..100000", "--jobs", "1", "--partial", "--out", file]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        // It listens before it starts a process that plays; how many storms that plays until then is all the same.
        let (tasks, end) = ("/proc/\(process.processIdentifier)/task", ContinuousClock.now + .seconds(60))
        func hasWorker() -> Bool {
            ((try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []).contains { task in
                (try? String(contentsOfFile: "\(tasks)/\(task)/children", encoding: .utf8))?.isEmpty == false
            }
        }
        while !hasWorker(), ContinuousClock.now < end { usleep(10_000) }
        process.terminate()
        let told = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 128 + SIGTERM, "\(told)")
        #expect(told.contains("0 failed: INCOMPLETE") && told.contains("NOT PLAYED: "), "\(told)")
        let sum = try run("holdfast", ["storm", "merge", file, "--partial"])
        #expect(sum.code == 16 && sum.output.contains("0 failed: INCOMPLETE"), "\(sum)")
        #expect(sum.output.contains("..100000 --partial --out rest-"), "\(sum.output)")
        #expect(sum.output.contains("of seeds 1..100000"), "\(sum.output)")
    }
}
