// Files that people edit are not written over, and what CI tools read is read by them.

import Foundation
import Testing

@Suite("Files that commands write")
struct OutputFileTests {
    private let folder: String

    init() throws {
        folder = "/tmp/holdfast-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    @Test("a file that is there is left alone, with 73 and a sentence, before any work; --force writes over it")
    func force() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (mine, recording) = (folder + "/mine.yaml", folder + "/incident.flight")
        let bench = try Bench()
        try await bench.start()
        try await bench.until("free") { try await bench.state() == "available" }
        #expect(try bench.holdfast("sim", "plug").code == 0)
        try await bench.until("plugged") { try await bench.state() == "occupied" }
        #expect(try bench.holdfast("record", "export", "--out", recording).code == 0)
        let commands: [[String]] = [
            ["scenario", "new", mine], ["storm", "shrink", "1", "--with", "4", "--out", mine],
            ["storm", "--seeds", "3", "--scenario", mine], ["replay", recording, "--to-scenario", mine],
            ["record", "export", recording, "--out", mine],
        ]
        for command in commands + [["sim", "save", mine]] {
            try "mine\n".write(toFile: mine, atomically: true, encoding: .utf8)
            let isSave = command[0] == "sim"
            let answer = isSave ? try bench.holdfast("sim", "save", mine) : try run("holdfast", command)
            #expect(answer.code == 73, "\(command): \(answer.code) \(answer.output)\(answer.errors)")
            #expect(
                answer.errors.contains(
                    "\(mine) is there already: name another file, or write over it with --force."))
            #expect(try String(contentsOfFile: mine, encoding: .utf8) == "mine\n", "\(command)")
            let forced =
                isSave
                ? try bench.holdfast("sim", "save", mine, "--force") : try run("holdfast", command + ["--force"])
            #expect([0, 1].contains(forced.code), "\(command): \(forced.errors)")
            #expect(
                try String(decoding: Data(contentsOf: URL(fileURLWithPath: mine)), as: UTF8.self) != "mine\n",
                "\(command)")
        }
        // The state folder leads to the recording that is kept in it.
        let kept = folder + "/kept.flight"
        try await bench.until("kept") {
            try run("holdfast", ["record", "export", bench.folder + "/state", "--out", kept, "--force"]).code == 0
        }
    }

    @Test("a folder that is not there is said in words")
    func noFolder() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let answer = try run("holdfast", ["scenario", "new", folder + "/none/a.yaml"])
        #expect(
            answer.code == 74 && answer.errors.contains("there is no folder \(folder)/none. Make it"),
            "\(answer.errors)")
        let early = try run("holdfast", ["storm", "shrink", "1", "--with", "4", "--out", folder + "/none/a.yaml"])
        #expect(early.code == 73 && early.errors.contains("there is no folder"), "\(early.errors)")
    }

    @Test("Perl's prove takes version 13, passes what passes and fails what fails")
    func prove() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/prove") else { return }
        func proved(_ file: String) throws -> (code: Int32, output: String) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/prove")
            process.arguments = ["--exec", "\(programs)/holdfast replay --format tap13", file]
            let output = Pipe()
            (process.standardOutput, process.standardError) = (output, output)
            try process.run()
            let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return (process.terminationStatus, said)
        }
        let good = try proved(root + "/Simulations/electrical/emergency-stop.yaml")
        #expect(good.code == 0 && good.output.contains("Result: PASS"), "\(good.output)")
        let file = folder + "/bad.yaml"
        try "title: \"never #1\"\ntimeline:\n  - at: 5s\n    expect: {state: charging}\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let bad = try proved(file)
        #expect(bad.code == 1 && bad.output.contains("Failed 1/1 subtests"), "\(bad.output)")
        #expect(!bad.output.contains("Parse errors"), "\(bad.output)")
    }

    @Test("one story that passes is told as it went; where nothing was played nobody has failed")
    func told() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let story = root + "/Simulations/electrical/emergency-stop.yaml"
        let one = try run("holdfast", ["replay", story])
        for part in ["deed", "begins", "emergency_stop.pressed", "met", "margin", "+00:00:20.000"] {
            #expect(one.output.contains(part), "\(part) in \(one.output)")
        }
        let two = try run("holdfast", ["replay", story, root + "/Simulations/sessions/plug-first.yaml"])
        #expect(!two.output.contains("deed"))
        let none = try run("holdfast", ["replay", folder])
        #expect(none.code == 66 && none.output.contains("nothing was played") && !none.output.contains("1 failed"))
    }

    @Test("a mark of the order of bytes before a story is no mistake")
    func byteOrderMark() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/windows.yaml"
        try "\u{FEFF}title: t\ntimeline:\n  - at: 5s\n    expect: {state: available}\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        #expect(try run("holdfast", ["scenario", "check", file]).code == 0)
    }
}
