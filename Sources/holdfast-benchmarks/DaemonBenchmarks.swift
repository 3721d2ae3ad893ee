// The daemon as posts run it, from outside: taps, memory, idle work, cold start. Reports; asserts nothing.

import AllowList
import ControlClient
import Foundation
import Glibc
import Histogram

/// What `holdfast-benchmarks daemon` measures, on the bench daemon that was built beside it.
enum DaemonBenchmarks {
    static let taps = 10_000
    static let drivers = 10_000

    static func run() async throws {
        let bench = try MeasuredDaemon(drivers: drivers)
        defer { bench.remove() }
        try await starts(bench)
        try await bench.start()
        try await resting(bench, "no session")
        try await tapping(bench, "disk idle")
        try await bench.charge(1)
        try await bench.charge(2)
        try await resting(bench, "2 sessions")
        bench.stop()
        // The post believes nothing of the plugs that another life left: they charge again, so commits go on.
        try await bench.start(["HOLDFAST_BENCH_COMMIT_MS": "500"])
        try await bench.charge(1)
        try await tapping(bench, "charging, each commit held 500 ms")
        bench.stop()
    }

    /// From the start of the process to the first answer, which comes once the loop has made a turn.
    private static func starts(_ bench: MeasuredDaemon) async throws {
        var times: [Double] = []
        for _ in 0..<10 {
            let began = ContinuousClock.now
            try await bench.start()
            times.append((ContinuousClock.now - began) / .milliseconds(1))
            bench.stop()
        }
        times.sort()
        print(
            String(
                format: "daemon, cold start to first answer          median %.0f ms, longest %.0f ms of %d",
                times[times.count / 2], times[times.count - 1], times.count))
    }

    /// Memory and the share of one core, over ten seconds.
    private static func resting(_ bench: MeasuredDaemon, _ what: String) async throws {
        try await ContinuousClock().sleep(for: .seconds(2))
        let before = try bench.processorSeconds()
        try await ContinuousClock().sleep(for: .seconds(10))
        let share = (try bench.processorSeconds() - before) / 10 * 100
        print(
            String(
                format: "daemon, %-35@ %.1f MB resident, %.1f MB private, %.2f %% of a core", what as NSString,
                try bench.megabytes("VmRSS"), try bench.megabytes("RssAnon"), share))
    }

    /// Each another card of the list, half of them no longer valid. Strangers would be no measure: a reader that meets ten of them
    /// pauses, and decides nothing.
    private static func tapping(_ bench: MeasuredDaemon, _ what: String) async throws {
        var decided = Histogram<UInt64>(
            highestTrackableValue: 100_000_000_000, numberOfSignificantValueDigits: .three)
        var answered = decided
        for number in 0..<taps {
            let card = number % 2 == 0 ? "free:D\(number * 7_919 % drivers)" : "free:E\(number)"
            let began = ContinuousClock.now
            decided.record(try await bench.tap(card, reader: 2))
            answered.record(UInt64((ContinuousClock.now - began) / .nanoseconds(1)))
        }
        show("daemon, tap to decision, \(what)", decided)
        show("  the same with the request over the socket", answered)
    }

    private static func show(_ what: String, _ histogram: Histogram<UInt64>) {
        func milliseconds(_ percentile: Double) -> Double {
            Double(histogram.valueAtPercentile(percentile)) / 1e6
        }
        print(
            String(
                format: "%@: p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms, longest %.3f ms (%d taps)", what as NSString,
                milliseconds(50), milliseconds(99), milliseconds(99.9), Double(histogram.max) / 1e6, taps))
    }
}

/// A bench daemon in a folder of its own, at the clock's own speed.
final class MeasuredDaemon {
    let folder: String
    /// Where its status is served besides its socket, if it is.
    let loopbackPort: UInt16
    private var process: Process?
    private var client: ControlClient { ControlClient(socketPath: folder + "/h.sock") }

    /// - Parameter realTime: Whether its loop asks for what a post's does, and its status is served on loopback too.
    init(drivers: Int, realTime: Bool = false) throws {
        loopbackPort = realTime ? UInt16.random(in: 20_000...30_000) : 0
        let more = realTime ? "loopback_port: \(loopbackPort)" : "real_time: {priority: 0, lock_memory: false}"
        folder = "/tmp/holdfast-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder + "/state", withIntermediateDirectories: true)
        func random(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }
        func put(_ bytes: [UInt8], _ name: String) throws {
            let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            try (digits + "\n").write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
        }
        let order = ListOrder(
            operatorID: random(16), listID: random(16), version: 1,
            issuedAt: Int64(Date().timeIntervalSince1970), salt: random(32), pepper: random(32))
        let (secret, open) = KeyMaker.signingKey()
        var entries = try (0..<drivers).map { ListEntry(token: try CanonicalToken(.free, "D\($0)")) }
        // 2020: over, whatever the clock says.
        entries += try (0..<drivers).map {
            ListEntry(token: try CanonicalToken(.free, "E\($0)"), validUntil: 1_577_836_800)
        }
        try Data(order.issue(entries, secretKey: secret)).write(
            to: URL(fileURLWithPath: folder + "/state/" + ListStore.name))
        try put(open, "list-keys")
        try put(order.pepper, "pepper")
        let operatorID = order.operatorID.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        try """
        connectors: [{name: left, stage: 1}, {name: right, stage: 2}, {name: third, stage: 3}]
        stages: [{rated_power: 150kW}, {rated_power: 150kW}, {rated_power: 150kW}]
        readers: [{connector: 1}, {connector: 3}, {connector: 2}]
        backend: {kind: simulated, speed: 1}
        state_folder: \(folder)/state
        socket: \(folder)/h.sock
        allow_list: {operator: "\(operatorID)", keys_file: \(folder)/list-keys, pepper_file: \(folder)/pepper}
        \(more)
        price: {currency: EUR, minor_units_per_kwh: 49}
        """.write(toFile: folder + "/post.yaml", atomically: true, encoding: .utf8)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Starts the daemon; returns with its first answer.
    func start(_ environment: [String: String] = [:]) async throws {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let process = Process()
        process.executableURL = program.appendingPathComponent("holdfastd-bench")
        process.arguments = ["--config", folder + "/post.yaml"]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        while process.isRunning {
            if (try? await client.get("/v1/status")) != nil { return }
            try await ContinuousClock().sleep(for: .milliseconds(1))
        }
        throw POSIXError(.ECHILD)
    }

    /// Starts this program as that daemon, which measures itself and ends.
    func launchUnderLoad(
        _ samples: Int, heldMilliseconds: Int, _ buses: [String]
    ) throws -> (process: Process, output: Pipe) {
        try? FileManager.default.removeItem(atPath: folder + "/state/records.sqlite")
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["post-under-load", folder + "/post.yaml", "\(samples)", "\(heldMilliseconds)"] + buses
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, output)
    }

    func stop() {
        process?.terminate()
        process?.waitUntilExit()
        process = nil
    }

    /// Shows a card; returns how long the decision took inside the daemon, in nanoseconds.
    func tap(_ card: String, reader: Int) async throws -> UInt64 {
        struct Decided: Decodable { var decided_after_nanoseconds: UInt64 }
        let body = "{\"token\":\"\(card)\",\"reader\":\(reader),\"waits\":true}"
        let answer = try await client.post("/v1/sim/tap", json: body)
        return try JSONDecoder().decode(Decided.self, from: Data(answer.body)).decided_after_nanoseconds
    }

    /// Plugs a car in at connector 1 or 2 and lets a listed driver charge.
    func charge(_ connector: Int) async throws {
        _ = try? await client.post(
            "/v1/sim/plug", json: "{\"connector\":\(connector),\"state_of_charge_percent\":10}")
        try await state(connector, is: "occupied")
        _ = try await tap("free:D\(connector)", reader: connector == 1 ? 1 : 3)
        try await state(connector, is: "charging")
    }

    private func state(_ connector: Int, is wanted: String) async throws {
        struct Status: Decodable {
            struct Connector: Decodable { var state: String }
            var connectors: [Connector]
        }
        let end = ContinuousClock.now + .seconds(90)
        while ContinuousClock.now < end {
            let body = Data(try await client.get("/v1/status").body)
            if try JSONDecoder().decode(Status.self, from: body).connectors[connector - 1].state == wanted {
                return
            }
            try await ContinuousClock().sleep(for: .milliseconds(50))
        }
        throw POSIXError(.ETIMEDOUT)
    }

    /// A line of `/proc/PID/status`, in megabytes.
    func megabytes(_ key: String) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process?.processIdentifier ?? 0)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix(key + ":") } ?? ""
        return Double(line.filter(\.isNumber)).map { $0 * 1_024 / 1e6 } ?? 0
    }

    /// Processor time of all threads so far.
    func processorSeconds() throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process?.processIdentifier ?? 0)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        // utime and stime are fields 14 and 15 of proc(5); the name's bracket ends the second.
        return (Double(fields[12]) ?? 0) / Double(sysconf(Int32(_SC_CLK_TCK)))
            + (Double(fields[13]) ?? 0) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
