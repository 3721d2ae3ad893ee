// The whole post in virtual time, with records in SQLite: one that charges, one that waits, every scenario, the outage.

import Foundation
import Scenarios

enum WorldBenchmarks {
    /// One car from 20 to 80 %, electrics, runtime and records included.
    static func charge() throws {
        try speed(
            "one post that charges one car",
            """
            title: benchmark
            drivers: {listed: [alice]}
            vehicles: {car: {state_of_charge_percent: 20}}
            timeline:
              - at: 5s
                plug: {vehicle: car}
              - after: 2s
                tap: {token: alice}
              - expect: {state: finishing, within: 3h}
            """)
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
                network: {is: down}
            """)
    }

    private static func speed(_ name: String, _ scenario: String) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("benchmark-\(UUID()).yaml").path
        try scenario.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var virtual = 0.0
        // The first run pays for what a process does once; of the others the best counts, since others use the machine too.
        _ = ScenarioRun.play(path: path)
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
