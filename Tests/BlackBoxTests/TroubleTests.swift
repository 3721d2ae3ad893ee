// What goes wrong around the daemon: a port or a socket that cannot be had, damaged records, no list; and its doctor.

import ControlClient
import Foundation
import Glibc
import Testing

@Suite("Trouble around the daemon", .serialized)
struct TroubleTests {
    private func warnings(_ bench: Bench) async throws -> [String] {
        try await bench.status()["warnings"] as? [String] ?? []
    }

    @Test("a loopback port that another program has costs a warning, not the post")
    func loopbackTaken() async throws {
        let other = try TakenPort()
        let bench = try Bench()
        try bench.configure("loopback_port: \(other.port)")
        try await bench.start()
        try await bench.until("told") {
            try await warnings(bench).contains {
                $0.contains("loopback_port \(other.port)") && $0.contains("in use")
            }
        }
        try await bench.until("logged") { bench.log.contains("loopback_port \(other.port) cannot be served") }
        try await bench.charge()
        #expect(bench.terminate() == 0)
    }

    @Test("a socket that cannot be made ends the daemon with one sentence and exit code 73, and nothing is deleted")
    func socketImpossible() async throws {
        let bench = try Bench()
        let good = try String(contentsOfFile: bench.configuration, encoding: .utf8)
        for (path, reason) in [
            ("/proc/nowhere/h.sock", "no such file"), (bench.folder + "/keys/pepper", "no socket"),
        ] {
            try good.replacingOccurrences(of: "socket: \(bench.socket)", with: "socket: \(path)").write(
                toFile: bench.configuration, atomically: true, encoding: .utf8)
            let ended = try run("holdfastd-bench", ["--config", bench.configuration])
            #expect(ended.code == 73, "\(path): \(ended.code)")
            #expect(
                ended.errors.contains("the socket \(path) cannot be made") && ended.errors.contains(reason),
                "\(ended.errors)")
            #expect(!ended.errors.contains("errno"), "\(ended.errors)")
        }
        #expect(FileManager.default.fileExists(atPath: bench.folder + "/keys/pepper"))
    }

    @Test("damaged records are set aside, and the status says so until somebody has taken them away")
    func quarantined() async throws {
        let bench = try Bench()
        try await bench.start()
        #expect(bench.terminate() == 0)
        let records = bench.folder + "/state/records.sqlite"
        try Data(repeating: 0x5A, count: 8_192).write(to: URL(fileURLWithPath: records))
        for suffix in ["-wal", "-shm"] { unlink(records + suffix) }
        for _ in 1...2 {
            try await bench.start()
            try await bench.until("told") {
                try await warnings(bench).contains {
                    $0.contains("records.sqlite.damaged-1") && $0.contains("service")
                }
            }
            #expect(bench.terminate() == 0)
        }
        unlink(records + ".damaged-1")
        try await bench.start()
        #expect(try await !warnings(bench).contains { $0.contains("damaged") })
    }

    @Test("without a list the log says why, --check names the file, and the doctor does not say that all is well")
    func noList() async throws {
        let bench = try Bench()
        let keys = bench.folder + "/keys/list-keys"
        let good = try String(contentsOfFile: keys, encoding: .utf8)
        for (content, said) in [(nil, "is not there"), ("garbled\n", "no public key"), ("\n", "no key")]
            as [(String?, String)]
        {
            unlink(keys)
            if let content { try content.write(toFile: keys, atomically: true, encoding: .utf8) }
            let check = try run("holdfastd-bench", ["--check", "--config", bench.configuration])
            #expect(check.code == 78 && check.errors.contains("allow_list.keys_file: \(keys)"), "\(check.errors)")
            #expect(check.errors.contains(said), "\(check.errors)")
            try await bench.start()
            try await bench.until("logged") {
                bench.log.contains("no allow-list is in use") && bench.log.contains(keys)
            }
            let doctor = try bench.holdfast("doctor", "--config", bench.configuration)
            #expect(
                doctor.code == 1 && doctor.output.contains("FAIL  list files: allow_list.keys_file"),
                "\(doctor.output)")
            #expect(doctor.output.contains("without the cloud nobody is let in"), "\(doctor.output)")
            try await bench.until("free") { try await bench.state() == "available" }
            let shown = try bench.holdfast("status").output
            #expect(shown.contains("NOBODY IS LET IN: This post has no list of cards that it can use."), "\(shown)")
            #expect(
                !shown.contains("charging works without it") && !shown.contains("hold your card"), "\(shown)")
            #expect(bench.terminate() == 0)
        }
        // Another office's key: the list that lies there is not trusted.
        #expect(try run("holdfast", ["allowlist", "keygen", "--out", bench.folder + "/other"]).code == 0)
        try FileManager.default.removeItem(atPath: keys)
        try FileManager.default.copyItem(atPath: bench.folder + "/other/list-keys", toPath: keys)
        try await bench.start()
        try await bench.until("logged") { bench.log.contains("no allow-list is in use") }
        let doctor = try bench.holdfast("doctor", "--config", bench.configuration)
        #expect(doctor.code == 1 && doctor.output.contains("FAIL  list: "), "\(doctor.output)")
        #expect(bench.terminate() == 0)
        try good.write(toFile: keys, atomically: true, encoding: .utf8)
        #expect(try run("holdfastd-bench", ["--check", "--config", bench.configuration]).code == 0)
    }

    @Test("the doctor names line and column of a mistake, and every fault and warning of the post")
    func doctor() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.until("free") { try await bench.state() == "available" }
        #expect(try bench.holdfast("sim", "press", "emergency_stop").code == 0)
        try await bench.until("faulted") { try await bench.state() == "faulted" }
        let faulted = try bench.holdfast("doctor", "--config", bench.configuration)
        #expect(faulted.code == 1 && faulted.output.contains("FAIL  connector 1: left:"), "\(faulted.output)")
        for warning in try await warnings(bench) {
            #expect(faulted.output.contains(warning), "\(faulted.output)")
        }
        try bench.configure("limitz: {}")
        let wrong = try bench.holdfast("doctor", "--config", bench.configuration)
        #expect(wrong.code == 1 && wrong.output.contains("\(bench.configuration):12:1:"), "\(wrong.output)")
    }

    @Test("a latch goes only with a reason; log and records keep who asked and why, and what was broken is told")
    func cleared() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.until("free") { try await bench.state() == "available" }
        let none = try bench.holdfast("fault", "clear", "welded_plus")
        #expect(none.code == 64 && none.errors.contains("--reason"), "\(none.errors)")
        let misspelt = try bench.holdfast("fault", "clear", "welded_pls", "--reason", "x")
        #expect(misspelt.code == 64 && misspelt.errors.contains("Did you mean welded_plus?"), "\(misspelt.errors)")
        let refusal = try await bench.refusal { try await $0.post("/v1/faults/welded_plus/clear") }
        #expect(refusal?.status == 400 && refusal?.code == "no_reason")
        let long = try await bench.refusal {
            try await $0.post(
                "/v1/faults/welded_plus/clear", json: "{\"reason\":\"\(String(repeating: "x", count: 201))\"}")
        }
        #expect(long?.code == "no_reason")
        #expect(try bench.holdfast("sim", "injected").output.contains("Nothing is broken."))
        _ = try bench.holdfast("sim", "inject", "contactor.plus.welded")
        let broken = try bench.holdfast("sim", "injected").output
        #expect(broken.contains("contactor.plus.welded") && broken.contains("connector 1"), "\(broken)")
        let rows = try JSONSerialization.jsonObject(
            with: Data(try bench.holdfast("sim", "injected", "--json").output.utf8))
        #expect((rows as? [[String: Any]])?.map { $0["fault"] as? String } == ["contactor.plus.welded"])
        try await bench.charge(until: "preparing")
        try await bench.until("welded") {
            (try await bench.connector()["faults"] as? [String] ?? []).contains("welded_plus")
        }
        _ = try bench.holdfast("fault", "clear", "welded_plus", "--reason", "only looked")
        try await bench.until("kept") {
            bench.log.contains("\"event\":\"fault_not_cleared_by_hand\"") && bench.log.contains("only looked")
        }
        #expect(try bench.holdfast("sim", "heal", "contactor.plus.welded").code == 0)
        #expect(try bench.holdfast("sim", "injected", "--json").output.trimmingCharacters(in: .newlines) == "[]")
        try await bench.until("cleared") {
            try bench.holdfast("fault", "clear", "welded_plus", "--connector", "1", "--reason", "K1 replaced").code
                == 0
        }
        let line = try #require(
            bench.log.split(separator: "\n").last { $0.contains("\"event\":\"fault_cleared_by_hand\"") })
        #expect(
            line.contains("\"reason\":\"K1 replaced\"") && line.contains("\"fault\":\"welded_plus\""), "\(line)")
        #expect(line.contains("\"by\":\"\(NSUserName())\"") && line.contains("\"connector\":\"1\""), "\(line)")
        // The records outlive the log, and the daemon.
        #expect(bench.terminate() == 0)
        try await bench.start()
        let kept = try bench.holdfast("fault", "cleared").output
        #expect(kept.contains("welded_plus on connector 1\n  by \(NSUserName()): K1 replaced"), "\(kept)")
        #expect(kept.contains("NOT cleared: fault_still_present") && kept.contains("only looked"), "\(kept)")
        let newest = try bench.holdfast("fault", "cleared", "--limit", "1", "--json").output
        #expect(newest.contains("\"reason\":\"K1 replaced\"") && !newest.contains("only looked"), "\(newest)")
    }

    @Test(
        "a daemon whose memory runs short serves to the end of the charge, then ends to be started again: no unclean start"
    )
    func restartsForMemory() async throws {
        let bench = try Bench(speed: 60)
        try await bench.start()
        let car = ["--state-of-charge", "5", "--stops-at", "100"]
        #expect(try bench.holdfast("sim", "plug", "1", car[0], car[1], car[2], car[3]).code == 0)
        try await bench.until("plugged in") { try await bench.state() == "occupied" }
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("charging") { try await bench.state() == "charging" }
        #expect(try bench.holdfast("sim", "inject", "process.leaks").code == 0)
        try await bench.until("nobody new is served") {
            (try await bench.connector(2)["faults"] as? [String] ?? []).contains("memory_exhausted")
        }
        #expect(try await bench.state() == "charging")
        // Every ten seconds this process's own memory is told for a moment, beside that of the world's.
        try await bench.until("the status tells how much is resident") {
            let memory = try await bench.status()["memory"] as? [String: Int64] ?? [:]
            return (memory["resident_bytes"] ?? 0) > 256 << 20 && memory["restart_bytes"] == 256 << 20
        }
        try await bench.until("the doctor says so") {
            try bench.holdfast("doctor", "--config", bench.configuration).output.contains("Memory runs short")
        }
        #expect(try bench.holdfast("stop", "1").code == 0)
        try await bench.until("it ends") { bench.daemon?.isRunning == false }
        #expect(bench.daemon?.terminationStatus == 75)
        #expect(bench.log.contains("\"event\":\"restarts\""), "\(bench.log)")
        try await bench.start()
        try await bench.until("it serves again") { try await bench.state(2) == "available" }
        #expect(try await bench.sessions().map { $0["stop_reason"] as? String } == ["remote"])
        let after = try #require(try await bench.status()["memory"] as? [String: Int64])
        #expect((after["resident_bytes"] ?? .max) < 192 << 20)
        let well = try bench.holdfast("doctor", "--config", bench.configuration).output
        #expect(well.contains("MiB resident"), "\(well)")
    }

    @Test("`fault explain` speaks one language throughout")
    func labels() throws {
        let german = try run("holdfast", ["fault", "explain", "welded_plus", "--language", "de"]).output
        for label in ["Fahrer:", "Betreiber:", "Freigabe:"] { #expect(german.contains(label), "\(german)") }
        for label in ["driver:", "operator:", "cleared:"] { #expect(!german.contains(label), "\(german)") }
        #expect(try run("holdfast", ["fault", "explain", "welded_plus"]).output.contains("  driver:   "))
    }
}

/// A port of this machine that somebody else listens on.
final class TakenPort {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
