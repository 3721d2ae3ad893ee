// The daemon as its operator meets it: lists, counters, recordings, service manager, configuration read again.

import ControlClient
import Foundation
import Post
import Runtime
import Testing

@Suite("The daemon in service", .serialized)
struct ServiceTests {
    @Test("a list sent while a driver charges counts from the next tap; older and damaged ones change nothing")
    func listSwap() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.charge()
        func list() async throws -> [String: Any] { try await bench.status()["list"] as? [String: Any] ?? [:] }
        #expect(try await list()["version"] as? Int == 1)
        try bench.issue("second.pal", version: 2, ["free:BOB", "free:CAROL", "free:DAN"])
        let installed = try await bench.client.put("/v1/allow-list", file: bench.folder + "/second.pal")
        #expect(installed.text.contains("\"version\":2"))
        #expect(try await list()["version"] as? Int == 2)
        #expect(try await list()["entries"] as? Int == 3)
        #expect(try await list()["freshness"] as? String == "fresh")
        // Whoever began a session may end it, though the new list no longer knows the card.
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("stopped by card") { try await bench.state() == "finishing" }
        try await bench.charge("free:CAROL", at: 2)

        let older = try await bench.refusal { try await $0.put("/v1/allow-list", file: bench.list) }
        #expect(older?.status == 409 && older?.code == "rollback")
        #expect((try await list()["refused"] as? [String: Any])?["code"] as? String == "rollback")
        try bench.issue("third.pal", version: 3, ["free:BOB"])
        var bytes = try Data(contentsOf: URL(fileURLWithPath: bench.folder + "/third.pal"))
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: URL(fileURLWithPath: bench.folder + "/damaged.pal"))
        let damaged = try await bench.refusal {
            try await $0.put("/v1/allow-list", file: bench.folder + "/damaged.pal")
        }
        #expect(damaged?.status == 409 && damaged?.code == "page_corrupt")
        try bytes.prefix(5_000).write(to: URL(fileURLWithPath: bench.folder + "/cut.pal"))
        let cut = try await bench.refusal { try await $0.put("/v1/allow-list", file: bench.folder + "/cut.pal") }
        #expect(cut?.code == "truncated")
        #expect(try await list()["version"] as? Int == 2)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.folder + "/state").filter {
                $0.contains("upload") || $0.contains("incoming")
            }.isEmpty)
        bench.kill()
        try await bench.start()
        #expect(try await list()["version"] as? Int == 2)
        let again = try await bench.refusal { try await $0.put("/v1/allow-list", file: bench.list) }
        #expect(again?.code == "rollback", "the mark outlives the process")
    }

    @Test("a card's sessions of the day stand after SIGKILL: three are granted in all, not three a start")
    func countersSurvive() async throws {
        let bench = try Bench(speed: 100)
        try await bench.start()
        for session in 1...3 {
            try await bench.charge(until: session == 3 ? "preparing" : "charging")
            try await bench.until("recorded") { try await bench.sessions().count == session }
            bench.kill()
            try await bench.start()
            try await bench.until("closed") { try await bench.sessions().first?["stop_reason"] is String }
            try await bench.until("unplugged") {
                _ = try bench.holdfast("sim", "unplug", "1")
                return try await bench.state() == "available"
            }
        }
        try await bench.charge(until: "occupied")
        try await bench.until("refused") {
            try await bench.connector()["refused"] as? String == "sessions_used_up"
        }
        #expect(try await bench.sessions().count == 3)
        // Another card is not concerned.
        #expect(try bench.holdfast("sim", "tap", "free:BOB").code == 0)
        try await bench.until("let in") { try await bench.state() == "preparing" }
    }

    @Test("the flight recording of a killed daemon plays again with the same actions at every event")
    func recordingSurvives() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.charge()
        bench.kill()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: bench.folder + "/flight"))
        let recording = try #require(FlightReader.read([UInt8](bytes)))
        let events = recording.records.filter { $0.kind == .event }.count
        #expect(events > 100)
        var sawCharging = false
        let verdict = Replayer.play(recording) { _, actions, _ in
            for case .report(let report) in actions.list {
                if case .energyFlows = report { sawCharging = true }
            }
        }
        switch verdict {
        case .same(let played), .endsInside(_, let played): #expect(played == events)
        default: Issue.record("\(verdict)")
        }
        #expect(sawCharging)
        print("played \(events) events of a killed daemon again")
    }

    @Test("a recording that cannot be opened is told in status and log, and the post serves all the same")
    func recordingImpossible() async throws {
        let bench = try Bench()
        try bench.configure("flight_recording: /proc/holdfast/flight")
        try await bench.start()
        try await bench.until("told") {
            (try await bench.status()["warnings"] as? [String] ?? []).contains {
                $0.contains("/proc/holdfast/flight")
            }
        }
        try await bench.until("logged") { bench.log.contains("/proc/holdfast/flight") }
        try await bench.charge()
    }

    @Test(
        "records of a newer daemon are refused with one sentence and left as they are; the post shows it and gives no energy"
    )
    func newerRecords() async throws {
        let bench = try Bench()
        try await bench.start()
        #expect(bench.terminate() == 0)
        let path = bench.folder + "/state/records.sqlite"
        // The user version stands at byte 60 of a SQLite file, in four bytes, the highest first.
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
        try bytes.write(to: URL(fileURLWithPath: path))
        try await bench.start()
        let problem = try await bench.status()["records_problem"] as? String ?? ""
        #expect(problem.contains("version 99") && problem.contains("install the newer daemon again"), "\(problem)")
        // The file is good and the records are not: nobody is sent to mend the file, and nobody is invited.
        let doctor = try bench.holdfast("doctor", "--config", bench.configuration).output
        #expect(doctor.contains("FAIL  records: The records in \(path)"), "\(doctor)")
        #expect(!doctor.contains("Mend \(bench.configuration)"), "\(doctor)")
        let shown = try bench.holdfast("status").output
        #expect(shown.contains("NOBODY IS LET IN: This post cannot write down sessions right now."), "\(shown)")
        #expect(!shown.contains("charging works without it") && !shown.contains("Plug in your vehicle"), "\(shown)")
        // Nobody can look, so nobody says that there is nothing.
        #expect(shown.contains("records owed: unknown"), "\(shown)")
        let sessions = try bench.holdfast("session", "list")
        #expect(sessions.code == 69 && sessions.errors.contains("version 99"), "\(sessions)")
        #expect(try bench.holdfast("sim", "plug", "1").code == 0)
        try await bench.until("plugged in") { try await bench.state() == "occupied" }
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("refused") { try await bench.connector()["refused"] is String }
        #expect(bench.terminate() == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path))[60..<64].elementsEqual([0, 0, 0, 99]))
    }

    @Test("while the disk takes no record status says why and nobody is let in; once it does again somebody is")
    func recordsFailing() async throws {
        let bench = try Bench()
        try await bench.start()
        #expect(try bench.holdfast("sim", "plug", "1").code == 0)
        try await bench.until("plugged in") { try await bench.state() == "occupied" }
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let hold = """
            import sqlite3, sys
            base = sqlite3.connect(sys.argv[1], isolation_level=None)
            base.execute("BEGIN EXCLUSIVE")
            print("held", flush=True)
            sys.stdin.read()
            """
        holder.arguments = ["python3", "-c", hold, bench.folder + "/state/records.sqlite"]
        let (orders, said) = (Pipe(), Pipe())
        (holder.standardInput, holder.standardOutput) = (orders, said)
        try holder.run()
        #expect(String(decoding: said.fileHandleForReading.availableData, as: UTF8.self).hasPrefix("held"))
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("told") { try await bench.status()["records_problem"] is String }
        let shown = try bench.holdfast("status").output
        #expect(
            shown.contains("RECORDS: The records in \(bench.folder)/state/records.sqlite cannot be used"),
            "\(shown)")
        #expect(shown.contains("NOBODY IS LET IN: This post cannot write down sessions right now."), "\(shown)")
        #expect(try await bench.state(2) == "available")
        #expect(shown.contains("2 right  [ no entry ]") && !shown.contains("hold your card"), "\(shown)")
        try orders.fileHandleForWriting.close()
        holder.waitUntilExit()
        try await bench.until("told no more") { try await bench.status()["records_problem"] == nil }
        #expect(try await bench.status()["nobody_let_in"] == nil)
        // As the driver was told to.
        #expect(try bench.holdfast("sim", "unplug", "1").code == 0)
        try await bench.until("free") { try await bench.state() == "available" }
        #expect(try bench.holdfast("sim", "plug", "1").code == 0)
        try await bench.until("plugged in") { try await bench.state() == "occupied" }
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("charging") { try await bench.state() == "charging" }
    }

    @Test("the service manager hears READY, a sentence, a beat of the loop, and STOPPING")
    func serviceManager() async throws {
        let bench = try Bench()
        let manager = try NotifySocket(bench.folder + "/notify")
        bench.environment = ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "3000000"]
        try await bench.start()
        try await bench.until("ready") { manager.heard.contains { $0.hasPrefix("READY=1\nSTATUS=") } }
        try await bench.charge()
        try await bench.until("a sentence") {
            manager.heard.contains { $0.hasPrefix("STATUS=") && $0.contains("1 charging") }
        }
        try await bench.until("three beats") { manager.heard.filter { $0 == "WATCHDOG=1" }.count >= 3 }
        #expect(bench.terminate() == 0)
        #expect(manager.heard.contains { $0.hasPrefix("STOPPING=1") })
    }

    @Test("without the permission for a real-time loop the log names what to grant")
    func privileges() async throws {
        let bench = try Bench()
        try bench.configure("")
        let text = try String(contentsOfFile: bench.configuration, encoding: .utf8)
            .replacingOccurrences(of: "real_time: {priority: 0, lock_memory: false}", with: "")
        try text.write(toFile: bench.configuration, atomically: true, encoding: .utf8)
        try bench.launch(through: ["/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all"])
        try await bench.until("serves") { (try? await bench.status()) != nil }
        try await bench.until("told") {
            let warnings = try await bench.status()["warnings"] as? [String] ?? []
            return warnings.contains { $0.contains("LimitRTPRIO") }
                && warnings.contains { $0.contains("LimitMEMLOCK") }
        }
    }
}

/// The service manager's end of sd_notify.
final class NotifySocket {
    let path: String
    private let descriptor: Int32
    private var all: [String] = []

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
    }
    deinit { close(descriptor) }

    /// Every datagram so far.
    var heard: [String] {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return all }
            all.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
    }
}
