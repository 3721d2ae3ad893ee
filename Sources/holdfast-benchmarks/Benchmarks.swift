// Measures and reports; asserts nothing, since machines are shared and differ.

import AllowList
import Foundation
import Histogram
import Post
import Runtime
import Scenarios
import Simulator

@main
struct Benchmarks {
    static func main() async throws {
        if CommandLine.arguments.contains("daemon") { return try await DaemonBenchmarks.run() }
        print("holdfast benchmarks; one run, this machine, figures to compare with each other\n")
        core()
        try charging()
        try lookUps()
        outage()
    }

    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let began = ContinuousClock.now
        try body()
        return (ContinuousClock.now - began) / .seconds(1)
    }

    /// Meter samples through a core with two idle connectors, every rule on.
    private static func core() {
        var core = PostCore(configuration: .twoConnectors)
        var actions = Actions()
        core.handle(.booted(BootFacts(bootNumber: 1, uncleanStarts: 0)), at: .zero, into: &actions)
        core.handle(.restored, at: .zero, into: &actions)
        let count = 1_000_000
        let took = seconds {
            for number in 0..<count {
                let now = Instant(microseconds: Int64(number) * 1_000)
                actions.removeAll()
                core.handle(
                    .meter(
                        ConnectorID(0),
                        MeterSample(
                            measuredAt: now, millivolts: 0, milliamperes: 0, energyWattHours: 1_000, serial: 1)),
                    at: now, into: &actions)
            }
        }
        print(
            String(format: "core, meter samples, every rule on        %8.2f M events/s", Double(count) / took / 1e6)
        )
    }

    /// One post with one car from 20 to 80 %, electrics, runtime and records included.
    private static func charging() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID()).yaml").path
        try """
        title: benchmark
        drivers: {listed: [alice]}
        vehicles: {car: {state_of_charge_percent: 20}}
        timeline:
          - at: 5s
            plug: {vehicle: car}
          - after: 2s
            tap: {token: alice}
          - expect: {state: finishing, within: 3h}
        """.write(toFile: folder, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var virtual = 0.0
        let took = seconds { virtual = Double(ScenarioRun.play(path: folder).virtualMicroseconds) / 1e6 }
        print(
            String(
                format: "one post charging, records in SQLite      %8.0f virtual seconds a second", virtual / took))
    }

    /// Warm, authenticated look-ups in lists of two sizes.
    private static func lookUps() throws {
        for count in [10_000, 200_000] {
            var order = ListOrder(
                operatorID: [UInt8](repeating: 1, count: 16), listID: [UInt8](repeating: 2, count: 16), version: 1,
                issuedAt: 1_760_000_000, salt: [UInt8](repeating: 3, count: 32),
                pepper: [UInt8](repeating: 4, count: 32))
            order.profiles = [.standard]
            let entries = try (0..<count).map { ListEntry(token: try CanonicalToken(.free, "D\($0)")) }
            let (secret, open) = KeyMaker.signingKey()
            var file: [UInt8] = []
            let issuing = try seconds { file = try order.issue(entries, secretKey: secret) }
            let audience = ListAudience(operatorID: order.operatorID, keys: [try TrustedKey(open)])
            var reader = try ListReader(ListInMemory(file), for: audience, pepper: order.pepper)
            var histogram = Histogram<UInt64>(
                highestTrackableValue: 1_000_000_000, numberOfSignificantValueDigits: .three)
            for number in 0..<20_000 {
                let token = try CanonicalToken(.free, "D\(number * 7_919 % count)")
                let began = ContinuousClock.now
                _ = reader.lookUp(token, lowerBound: 0, trusted: nil)
                histogram.record(UInt64((ContinuousClock.now - began) / .nanoseconds(1)))
            }
            print(
                String(
                    format: "list of %7d: issued in %.2f s, %5.1f MB; look-up p50 %.1f us, p99 %.1f us", count,
                    issuing,
                    Double(file.count) / 1e6, Double(histogram.valueAtPercentile(50)) / 1_000,
                    Double(histogram.valueAtPercentile(99)) / 1_000))
        }
    }

    /// 20 October 2025, once without a list and once with it.
    private static func outage() {
        var result: ScenarioResult?
        let took = seconds { result = ScenarioRun.play(path: "Simulations/outages/aws-2025-10-20.yaml") }
        let days = result?.days ?? []
        print(
            String(
                format: "20 October 2025, both days: %.1f s (%d sessions, %.0f connector-hours in session)", took,
                days.map(\.sessionsStarted).reduce(0, +), days.map(\.sessionHours).reduce(0, +)))
    }
}
