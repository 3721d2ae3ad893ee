// What a process keeps of a post that serves for a month of virtual time: the peak must not grow with the days.

import Foundation
import Scenarios

enum MemoryBenchmarks {
    /// Three drivers a day, each charging for some forty minutes.
    static func run() throws {
        for days in [1, 10, 30] {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("month-\(UUID()).yaml").path
            try story(days).write(toFile: path, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: path) }
            // The kernel forgets the peak of what was measured before.
            try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
            let result = ScenarioRun.play(path: path)
            guard result.verdict == .passed else {
                return print("a post for \(days) days: not measured: \(result.complaints.joined(separator: "; "))")
            }
            report("resident at most while a post lives \(days) days of virtual time", try peakMegabytes(), "MB")
        }
    }

    private static func story(_ days: Int) -> String {
        let session = ["alice", "bob", "carol"].map { driver in
            """
              - after: 440m
                plug: {vehicle: car}
              - after: 2s
                tap: {token: \(driver)}
              - expect: {state: finishing, within: 50m}
              - after: 1m
                unplug: {}

            """
        }.joined()
        return """
            title: a month of a post
            drivers: {listed: [alice, bob, carol]}
            vehicles: {car: {state_of_charge_percent: 20}}
            timeline:

            """ + String(repeating: session, count: days)
    }

    private static func peakMegabytes() throws -> Double {
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Double(line.filter(\.isNumber)) ?? 0) * 1_024 / 1e6
    }
}
