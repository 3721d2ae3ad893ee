// The whole post in virtual time, with records in SQLite: one that charges, one that waits, every scenario, the outage.

import Foundation
import Runtime
import Scenarios
import StrictYAML

enum WorldBenchmarks {
    /// One car from 20 to 80 %, electrics, runtime and records included.
    static func charge() throws {
        try speed("one post that charges one car", ofCharge)
    }

    private static let ofCharge = """
        title: benchmark
        drivers: {listed: [alice]}
        vehicles: {car: {state_of_charge_percent: 20}}
        timeline:
          - at: 5s
            plug: {vehicle: car}
          - after: 2s
            tap: {token: alice}
          - expect: {state: finishing, within: 3h}
        """

    private static func file(_ scenario: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("benchmark-\(UUID()).yaml").path
        try scenario.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// The same charge with and without the flight recorder, in turn: what the recorder takes of the loop's time, and the
    /// packing of what it wrote, which is another thread's.
    static func recorder() throws {
        let path = try file(ofCharge)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let scenario = try scenarioDocument.read(path: path)
        var (plain, recorded, packed, virtual) = (Double.infinity, Double.infinity, Double.infinity, 0.0)
        var bytes = 0
        for _ in 0..<7 {
            let without = try ScenarioPlayer(scenario, path: path)
            plain = min(plain, processorSeconds { _ = without.play() })
            let with = try ScenarioPlayer(scenario, path: path)
            let ring = try FlightRing(size: 64 << 20)
            with.record(into: ring)
            recorded = min(
                recorded, processorSeconds { virtual = Double(with.play().virtualMicroseconds) / 1_000_000 })
            let copy = ring.copy()
            packed = min(packed, processorSeconds { bytes = FlightCopy.trimmed(copy).count })
        }
        report(
            "flight recorder, of the post's time while one car charges", (recorded - plain) / virtual * 100, "%",
            decimals: 4)
        report("  of the processor time of a charge in virtual time", (recorded - plain) / recorded * 100, "%")
        report("  packing it, of the post's time, on another thread", packed / virtual * 100, "%", decimals: 4)
        report("  packed, a day of such a charge", Double(bytes) / virtual * 86_400 / 1_000_000, "MB")
    }

    /// A week in which nobody comes.
    static func idle() throws {
        try speed(
            "one post that waits",
            """
            title: benchmark
            drivers: {listed: [alice]}
            timeline:
              - at: 168h
                expect: {state: available}
            """)
    }

    private static func speed(_ name: String, _ scenario: String) throws {
        let path = try file(scenario)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var virtual = 0.0
        // The first run pays for what a process does once; of the others the best counts, since others use the machine too.
        let first = ScenarioRun.play(path: path)
        guard first.verdict == .passed else {
            return print("\(name): not measured: \(first.complaints.joined(separator: "; "))")
        }
        var (total, best) = (0.0, Double.infinity)
        while total < 2 {
            let took = processorSeconds { virtual = Double(ScenarioRun.play(path: path).virtualMicroseconds) / 1e6 }
            total += took
            best = min(best, took)
        }
        report(name, virtual / best, "x real time", decimals: 0)
    }

    /// Every scenario of the folder, each by itself.
    static func scenarios() {
        let files = ScenarioRun.files(at: "Simulations").filter { !$0.contains("/outages/") }
        guard !files.isEmpty else {
            print("scenarios: no folder Simulations here; run from the top of the repository")
            return
        }
        let milliseconds = files.map { file in processorSeconds { _ = ScenarioRun.play(path: file) } * 1_000 }
            .sorted()
        report("scenario, median of \(files.count)", percentile(0.5, of: milliseconds), "ms")
        report("scenario, slowest", milliseconds.last ?? 0, "ms")
    }

    /// 20 October 2025 on a site of 8 posts with 2 connectors, without the list and with it.
    static func outage() throws {
        var result: ScenarioResult?
        var took = 0.0
        let used = processorSeconds {
            took = seconds { result = ScenarioRun.play(path: "Simulations/outages/aws-2025-10-20.yaml") }
        }
        let days = result?.days ?? []
        report("20 October 2025, 8 posts x 2 connectors, both days", used, "s of processor time")
        report("  by the clock", took, "s")
        report("  sessions in them", Double(days.map(\.sessionsStarted).reduce(0, +)), "sessions", decimals: 0)
        report("  connectors in session in them", days.map(\.sessionHours).reduce(0, +), "connector-hours")
    }
}
