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
            ["storm", "--seeds", "3", "--scenario", mine], ["storm", "--seeds", "3", "--out", mine],
            ["replay", recording, "--to-scenario", mine],
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

    /// The stories and storms whose files are written below, and where: commands of every kind that write what a user named.
    private func writers(_ file: String) -> [[String]] {
        [
            ["storm", "--seeds", "3", "--junit", file], ["storm", "--seeds", "3", "--out", file],
            ["storm", "--seeds", "3", "--scenario", file], ["storm", "shrink", "1", "--with", "4", "--out", file],
            ["replay", root + "/Simulations/electrical/emergency-stop.yaml", "--junit", file],
            ["scenario", "new", file],
            ["explore", "--lock", "post", "--alphabet", "people", "--at-most", "20", "--dot", file],
        ]
    }

    @Test("a pipe takes what is written and stays a pipe; nothing is put in its place")
    func pipe() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let pipe = folder + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        for command in writers(pipe) {
            // Open for both, so that neither side waits for the other; what was written is read when the command is over.
            let descriptor = open(pipe, O_RDWR | O_NONBLOCK)
            defer { close(descriptor) }
            let answer = try run("holdfast", command)
            #expect([0, 16].contains(answer.code), "\(command): \(answer.code) \(answer.errors)")
            var bytes = [UInt8](repeating: 0, count: 65_536)
            #expect(read(descriptor, &bytes, bytes.count) > 20, "\(command)")
            var found = stat()
            #expect(lstat(pipe, &found) == 0 && found.st_mode & S_IFMT == S_IFIFO, "\(command)")
        }
    }

    @Test("a link leads to the file that is written, one that is not there yet included; the link stays")
    func link() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (link, deeper) = (folder + "/link", folder + "/deeper")
        try FileManager.default.createDirectory(atPath: deeper, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "deeper/link")
        try FileManager.default.createSymbolicLink(atPath: deeper + "/link", withDestinationPath: "target")
        for command in writers(link) {
            try? FileManager.default.removeItem(atPath: deeper + "/target")
            let answer = try run("holdfast", command)
            #expect([0, 16].contains(answer.code), "\(command): \(answer.code) \(answer.errors)")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "deeper/link", "\(command)")
            let written = try Data(contentsOf: URL(fileURLWithPath: deeper + "/target"))
            #expect(written.count > 20, "\(command)")
        }
        // What the link leads to is somebody's work as well.
        #expect(try run("holdfast", ["scenario", "new", link]).code == 73)
        try FileManager.default.createSymbolicLink(atPath: folder + "/circle", withDestinationPath: "circle")
        let circle = try run("holdfast", ["storm", "--seeds", "3", "--junit", folder + "/circle"])
        #expect(circle.code == 73 && circle.errors.contains("links lead in a circle"), "\(circle.errors)")
    }

    @Test("standard output may be named as a file: its text comes behind what was printed, be it a pipe or a file")
    func standardOutput() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // As /dev/stdout is one; that itself is left alone, for a tool that is wrong here and run by root would put a file in its place.
        let own = folder + "/stdout"
        try FileManager.default.createSymbolicLink(atPath: own, withDestinationPath: "/proc/self/fd/1")
        let answer = try run("holdfast", ["storm", "--seeds", "3", "--junit", own])
        #expect(answer.code == 0 && answer.output.contains("<testsuites"), "\(answer.output)\(answer.errors)")
        let file = folder + "/both"
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs + "/holdfast")
        process.arguments = ["storm", "--seeds", "3", "--scenario", own]
        process.standardOutput = FileHandle(forWritingAtPath: file)
        try process.run()
        process.waitUntilExit()
        let both = try String(contentsOfFile: file, encoding: .utf8)
        #expect(process.terminationStatus == 0 && both.contains("# The storm of seed 3"), "\(both.prefix(200))")
        #expect(both.contains("1 passed, 0 failed: SAFE"), "\(both.suffix(200))")
    }

    @Test("a socket and a folder are one clear error, before any work")
    func nowhere() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/socket"
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        #expect(isBound)
        for (place, why) in [
            (path, "it is a socket. Name a file."), (folder, "it is a folder. Name a file in it."),
        ] {
            for option in ["--junit", "--out", "--scenario"] {
                let answer = try run("holdfast", ["storm", "--seeds", "3", option, place])
                #expect(answer.code == 73, "\(option) \(place): \(answer.code) \(answer.errors)")
                #expect(answer.errors == "Cannot make \(place): \(why)\n", "\(answer.errors)")
            }
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
