// Nobody reads: of the daemon's log and of the tool's answers. A post goes on, a command ends in the orderly way.

import Foundation
import Testing

@Suite("Output that nobody reads", .serialized)
struct OutputTests {
    /// Starts a daemon whose log goes to a shell's redirection.
    private func launch(_ bench: Bench, _ redirection: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "exec \"$0\" --config \"$1\" \(redirection)", programs + "/holdfastd-bench", bench.configuration,
        ]
        try process.run()
        return process
    }

    private func end(_ daemon: Process) -> Int32 {
        daemon.terminate()
        daemon.waitUntilExit()
        return daemon.terminationReason == .exit ? daemon.terminationStatus : -daemon.terminationStatus
    }

    @Test("a log on a full disk, or without a reader, costs lines and no charge, and the end is an orderly one")
    func logLost() async throws {
        for redirection in ["2>/dev/full", "2>\"$1.pipe\""] {
            let bench = try Bench()
            let pipe = bench.configuration + ".pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            // Both ends, so that nobody waits for the other to open it.
            let reader = open(pipe, O_RDWR)
            let daemon = try launch(bench, redirection)
            try await bench.until("the daemon serves") { (try? await bench.status()) != nil }
            try await bench.charge()
            // The reader goes away; what happens next would be logged.
            close(reader)
            #expect(try bench.holdfast("sim", "plug", "2").code == 0)
            try await bench.until("plugged in") { try await bench.state(2) == "occupied" }
            #expect(try await bench.state(1) == "charging", "\(redirection)")
            #expect(end(daemon) == 0, "\(redirection)")
        }
    }

    @Test("a reader of the log who sleeps holds up neither the post nor its end")
    func logStuck() async throws {
        let bench = try Bench()
        let pipe = bench.configuration + ".pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let reader = open(pipe, O_RDWR | O_NONBLOCK)
        defer { close(reader) }
        // Full before the first line.
        let zeros = [UInt8](repeating: 0, count: 4_096)
        while write(reader, zeros, zeros.count) > 0 {}
        let daemon = try launch(bench, "2>\"$1.pipe\"")
        try await bench.until("the daemon serves") { (try? await bench.status()) != nil }
        try await bench.charge()
        let began = ContinuousClock.now
        #expect(end(daemon) == 0)
        #expect(ContinuousClock.now - began < .seconds(15), "the unit kills it after 20 s")
    }

    @Test("a command whose reader goes away ends as any other; one whose answer finds no room says so")
    func toolLost() async throws {
        let bench = try Bench()
        try await bench.start()
        func shell(_ command: String) throws -> (code: Int32, errors: String) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/bash")
            process.arguments = ["-c", command, programs + "/holdfast"]
            process.environment = ProcessInfo.processInfo.environment.merging(["HOLDFAST_SOCKET": bench.socket]) {
                $1
            }
            let errors = Pipe()
            process.standardError = errors
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            let said = errors.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: said, as: UTF8.self))
        }
        for command in ["watch --json", "fault list --all", "replay --reference"] {
            let closed = try shell("\"$0\" \(command) | head -1; exit ${PIPESTATUS[0]}")
            // 141: ended by SIGPIPE. 0: it had written all before the reader went away.
            #expect([0, 141].contains(closed.code) && closed.errors.isEmpty, "\(command): \(closed)")
        }
        for command in [
            " status", " status --json", " watch --json", " fault list --all", " --help", " --version",
            " replay --schema",
            " replay --reference", " help storm shrink", "d-bench --help", "d --version", "d --schema",
            "d-bench --reference",
        ] {
            let full = try shell("timeout 20 \"$0\"\(command) >/dev/full")
            #expect(full.code == 74 && full.errors.contains("cannot be written"), "\(command): \(full)")
        }
    }
}
