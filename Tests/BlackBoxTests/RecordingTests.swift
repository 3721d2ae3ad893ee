// The flight recording of a live daemon, through SIGKILL, played again: the same actions, on a desk.

import Foundation
import Testing

// The world's watchdog opens the contactors 2 s of its time after it was last fed: 33 ms of the wall at sixtyfold speed,
// which a busy machine may take. Tenfold leaves it a fifth of a second.

/// Who recorded the first life, by the tool's JSON.
private func replayedBuild(whole text: String) throws -> String? {
    let lives = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    return lives?.first?["recorded_by"] as? String
}

@Suite("Recordings of a live daemon", .serialized)
struct RecordingTests {
    @Test("a recording taken through SIGKILL replays to identical actions, and holds no card")
    func killed() async throws {
        let bench = try Bench(speed: 10)
        try await bench.start()
        try await bench.charge()
        let running = bench.folder + "/running.flight"
        #expect(try bench.holdfast("record", "export", "--out", running).code == 0)
        let whileRunning = try bench.holdfast("replay", running)
        #expect(whileRunning.code == 0, "\(whileRunning.output)\(whileRunning.errors)")
        bench.kill()
        let killed = bench.folder + "/killed.flight"
        let export = try bench.holdfast("record", "export", "--out", killed)
        #expect(export.code == 0, "\(export.errors)")
        try await bench.start()
        try await bench.until("the session is closed") {
            try await bench.sessions().allSatisfy { $0["stop_reason"] is String }
        }
        let after = bench.folder + "/after.flight"
        #expect(try bench.holdfast("record", "export", "--out", after).output.contains("2 lives"))
        for (file, lives) in [(killed, 1), (after, 2)] {
            let replayed = try bench.holdfast("replay", file)
            #expect(replayed.code == 0, "\(replayed.output)\(replayed.errors)")
            #expect(replayed.output.components(separatedBy: "SAME").count == lives + 1, "\(replayed.output)")
            #expect(replayed.output.contains("preparing -> charging"))
            #expect(replayed.output.contains("recorded by holdfast 0.1.0 (build "), "\(replayed.output)")
            #expect(replayed.output.contains("): the daemon that lies beside this tool"), "\(replayed.output)")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            #expect(bytes.range(of: Data("ALICE".utf8)) == nil)
        }
        // Every life has a page, as every run of a scenario has.
        #expect(try bench.holdfast("replay", after, "--report", bench.folder + "/pages").code == 0)
        let page = try String(contentsOfFile: bench.folder + "/pages/after-life-1.html", encoding: .utf8)
        for part in ["SAME", "Flight recording, life 1", "preparing -&gt; charging", "\"name\":\"voltage\""] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(FileManager.default.fileExists(atPath: bench.folder + "/pages/after-life-2.html"))
        let stopped = try bench.holdfast("replay", after, "--life", "1", "--until", "#40")
        #expect(stopped.code == 0 && stopped.output.contains("40 events"), "\(stopped.output)")
        #expect(try bench.holdfast("replay", after, "--life", "3").code == 65)
        // A tool that lies elsewhere does not know that daemon, and says so.
        try FileManager.default.copyItem(atPath: programs + "/holdfast", toPath: bench.folder + "/holdfast")
        let elsewhere = String(repeating: "../", count: 20) + bench.folder.dropFirst() + "/holdfast"
        let foreign = try run(elsewhere, ["replay", killed])
        #expect(foreign.output.contains("no daemon beside this tool is that build"), "\(foreign.output)")
        let version = try run("holdfastd-bench", ["--version"]).output.trimmingCharacters(in: .newlines)
        let recordedBy = try replayedBuild(whole: bench.holdfast("replay", killed, "--json").output)
        #expect(recordedBy == "holdfast " + version)
        // The same recording, and what a build did with it, are compared event by event.
        #expect(try bench.holdfast("replay", killed, "--diff", after, "--life", "1").output.hasPrefix("SAME"))
        let log = bench.folder + "/actions.ndjson"
        #expect(try bench.holdfast("replay", killed, "--actions", log).code == 0)
        #expect(try bench.holdfast("replay", killed, "--diff", log).output.hasPrefix("SAME"))
        // A copy that was taken earlier is the same as far as it goes, and says how far.
        let earlier = try bench.holdfast("replay", running, "--diff", killed)
        #expect(earlier.code == 0 && earlier.output.hasPrefix("SAME UP TO ITS END  \(running) ends with event "))
        #expect(earlier.output.contains("; \(killed) goes on"), "\(earlier.output)")
        let written = try String(contentsOfFile: log, encoding: .utf8)
        #expect(written.hasPrefix("{\"played_by\":\"holdfast 0.1.0 (build "), "\(written.prefix(80))")
        let other =
            written
            .replacing("allowPower(ConnectorID(0), charge)", with: "allowPower(ConnectorID(0), test)")
        try other.replacing("Post.PowerDegree.charge", with: "Post.PowerDegree.test")
            .write(toFile: log, atomically: true, encoding: .utf8)
        let differing = try bench.holdfast("replay", killed, "--diff", log)
        #expect(differing.code == 1)
        #expect(differing.output.contains("PowerDegree.charge") && differing.output.contains("PowerDegree.test"))
        var lines = written.split(separator: "\n", omittingEmptySubsequences: false)
        lines[4] = lines[4].prefix(30)
        try lines.joined(separator: "\n").write(toFile: log, atomically: true, encoding: .utf8)
        let broken = try bench.holdfast("replay", killed, "--diff", log)
        #expect(broken.code == 65 && broken.errors.contains("\(log), line 5, is no event"), "\(broken)")
    }

    @Test("killed, and its memory lost as by a loss of power: the disk has all but the last second, and it replays")
    func lostMemory() async throws {
        let bench = try Bench(speed: 10)
        try await bench.start()
        func seconds(_ file: String) throws -> Double {
            let answer = try bench.holdfast("replay", file, "--json")
            #expect(answer.code == 0, "\(answer.output)\(answer.errors)")
            let reports = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [[String: Any]]
            return try #require(reports?.last?["seconds"] as? Double)
        }
        try await bench.charge()
        // A minute of the post's time, so that the core's state stands in the recording.
        try await bench.until("the state was written down") {
            let file = bench.folder + "/a.flight"
            return try bench.holdfast("record", "export", "--out", file, "--force").code == 0 && seconds(file) > 70
        }
        bench.kill()
        let whole = bench.folder + "/whole.flight"
        #expect(try bench.holdfast("record", "export", "--out", whole).code == 0)
        try FileManager.default.removeItem(atPath: bench.folder + "/flight")
        let kept = bench.folder + "/kept.flight"
        let export = try bench.holdfast("record", "export", bench.folder + "/state/recording", "--out", kept)
        #expect(export.code == 0, "\(export.errors)")
        // Tenfold time, and the second between two looks of the drain: 10 s, and as much again for a busy machine.
        let (all, saved) = (try seconds(whole), try seconds(kept))
        #expect(saved > 30 && all - saved < 20, "\(saved) of \(all) seconds were saved")
        // The next life goes on behind it.
        try await bench.start()
        try await bench.until("the session is closed") {
            try await bench.sessions().allSatisfy { $0["stop_reason"] is String }
        }
        let both = bench.folder + "/both.flight"
        #expect(try bench.holdfast("record", "export", "--out", both).output.contains("2 lives"))
        #expect(try bench.holdfast("replay", both).code == 0)
    }

    @Test("what was done by hand on a bench is saved as a scenario that passes unedited and shows the same fault")
    func saved() async throws {
        let bench = try Bench(speed: 10)
        try await bench.start()
        let file = bench.folder + "/saved.yaml"
        #expect(try bench.holdfast("sim", "save", file).code == 65)
        try await bench.charge()
        // A morning at the bench holds deeds that nobody met: they do not spoil the rest.
        #expect(try bench.holdfast("sim", "inject", "site_manager.silent").code == 0)
        #expect(try bench.holdfast("sim", "inject", "meter.silent").code == 0)
        try await bench.until("faulted") { try await bench.state() == "faulted" }
        #expect(try bench.holdfast("sim", "heal", "meter.silent").code == 0)
        try await bench.until("finishing") { try await bench.state() == "finishing" }
        let saved = try bench.holdfast("sim", "save", file)
        #expect(saved.code == 0, "\(saved.output)\(saved.errors)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for part in ["inject: {fault: meter.silent", "heal: {fault: meter.silent", "expect: {fault: meter_silent"] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(text.contains("# Not carried over: site_manager.silent at "), "\(text)")
        #expect(!text.contains("inject: {fault: site_manager"))
        #expect(!text.contains("ALICE"))
        #expect(try run("holdfast", ["scenario", "check", file]).code == 0)
        let replayed = try run("holdfast", ["replay", file])
        #expect(replayed.code == 0, "\(replayed.output)")
    }

    @Test("a vehicle that was plugged in before the daemon was started again is part of what is saved")
    func savedAfterRestart() async throws {
        let bench = try Bench(speed: 10)
        try await bench.start()
        #expect(try bench.holdfast("sim", "plug", "1").code == 0)
        try await bench.until("occupied") { try await bench.state() == "occupied" }
        bench.kill()
        try await bench.start()
        try await bench.until("occupied") { try await bench.state() == "occupied" }
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("charging") { try await bench.state() == "charging" }
        #expect(try bench.holdfast("sim", "inject", "meter.silent").code == 0)
        try await bench.until("faulted") { try await bench.state() == "faulted" }
        let file = bench.folder + "/restarted.yaml"
        let saved = try bench.holdfast("sim", "save", file)
        #expect(saved.code == 0, "\(saved.output)\(saved.errors)")
        // What was done before is in the life before, and the command that saves it works as it is told.
        let command = try #require(
            saved.output.matches(of: /holdfast (replay .+ --life 1 --to-scenario .+)/).first?.output.1)
        let before = try run("holdfast", command.split(separator: " ").map { String($0) })
        #expect(before.code == 0, "\(before.output)\(before.errors)")
        #expect(try run("holdfast", ["replay", bench.folder + "/restarted-life-1.yaml"]).code == 0)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("plug: {vehicle: car-1") && text.contains("state_of_charge_percent: 35"), "\(text)")
        #expect(try run("holdfast", ["replay", file]).code == 0)
    }

    @Test("what is damaged, cut off or no recording is said in one sentence, and played up to there")
    func damaged() async throws {
        let bench = try Bench(speed: 10)
        try await bench.start()
        try await bench.charge()
        // Several blocks, of which the first holds the beginning without which nothing is played.
        try await bench.until("some blocks were recorded") {
            let file = bench.folder + "/a.flight"
            guard try bench.holdfast("record", "export", "--out", file, "--force").code == 0 else { return false }
            return try Data(contentsOf: URL(fileURLWithPath: file)).count > 6_000
        }
        bench.kill()
        let whole = bench.folder + "/whole.flight"
        #expect(try bench.holdfast("record", "export", "--out", whole).code == 0)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: whole))
        func replay(_ name: String, _ change: (inout Data) -> Void) throws -> (
            code: Int32, output: String, errors: String
        ) {
            var changed = bytes
            change(&changed)
            let path = bench.folder + "/" + name
            try changed.write(to: URL(fileURLWithPath: path))
            return try bench.holdfast("replay", path, "--life", "1")
        }
        let cut = try replay("cut.flight") { $0.removeLast(40) }
        #expect(cut.code == 65 && cut.errors.contains("cut off"), "\(cut)")
        #expect(cut.output.contains("SAME") && cut.output.contains("events"))
        let flipped = try replay("flipped.flight") { $0[bytes.count - 40] ^= 0x40 }
        #expect(flipped.code == 65 && flipped.errors.contains("damaged"), "\(flipped)")
        #expect(flipped.output.contains("SAME up to the damage"))
        let foreign = try replay("foreign.flight") { $0[0] = 0 }
        #expect(
            foreign.code == 65 && foreign.errors.contains("its head is damaged, or it is another file"),
            "\(foreign)")
        #expect(try bench.holdfast("record", "export", "/nowhere/flight", "--out", whole + "2").code == 66)
    }
}
