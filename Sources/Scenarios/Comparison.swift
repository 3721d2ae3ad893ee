// The same story played once for each variant of a scenario, and the report that puts them side by side.

import Foundation
import Traces

extension ScenarioPlayer {
    /// Plays every variant on the same seed, then looks at what is expected of each.
    public static func compare(
        _ scenario: Scenario, path: String, isTraced: Bool = false
    ) throws -> ScenarioResult {
        var results: [ScenarioResult] = []
        for variant in scenario.compare {
            var result = try play(variant.of(scenario), path: path, isTraced: isTraced)
            result.day?.name = variant.name
            results.append(result)
        }
        let days = results.compactMap(\.day)
        guard var whole = results.first else { return try play(scenario, path: path) }
        whole.days = days
        whole.traces = zip(scenario.compare, results).flatMap { variant, result in
            result.traces.map { (variant: variant.name, trace: $0.trace) }
        }
        whole.checks = results.flatMap(\.checks)
        whole.unreached = results.flatMap(\.unreached)
        whole.neverSo = scenario.never.isEmpty ? [] : results.flatMap(\.neverSo)
        whole.complaints = zip(scenario.compare, results).flatMap { variant, result in
            result.complaints.map { "\(variant.name): \($0)" }
        }
        whole.lastEvents = results.first { $0.verdict != .passed }?.lastEvents ?? []
        whole.virtualMicroseconds = results.reduce(0) { $0 + $1.virtualMicroseconds }
        whole.hash = results.reduce(0) { ($0 &* 31) ^ $1.hash }
        for (index, (variant, day)) in zip(scenario.compare, days).enumerated() {
            let checks = variant.checks(day, among: days, at: results[index].virtualMicroseconds)
            whole.checks += checks
            guard index < whole.traces.count else { continue }
            whole.traces[index].trace.title += ": \(variant.name)"
            whole.traces[index].trace.expectations += checks.map(\.row)
            whole.traces[index].trace.table = whole.rows
            if results[index].verdict == .passed, !checks.allSatisfy(\.isMet) {
                whole.traces[index].trace.verdict = Verdict.failed.rawValue
            }
        }
        let gravest = results.map(\.verdict).first { $0 != .passed }
        whole.verdict = gravest ?? (whole.checks.allSatisfy(\.isMet) ? .passed : .failed)
        return whole
    }
}

extension ScenarioResult {
    /// The days side by side, in columns; empty for a scenario without a crowd.
    public var table: [String] {
        let rows = rows
        let columns = rows.first?.indices ?? 0..<0
        // The widest cell gives its column's width: no label runs into a figure.
        let widths = columns.map { column in (rows.map { $0[column].count }.max() ?? 0) + 2 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            return "      " + cells.joined().trimmingSuffix { $0 == " " }
        }
    }

    /// The same as cells: a name and a figure for each day; the first row names the days.
    var rows: [[String]] {
        let days = self.days.isEmpty ? day.map { [$0] } ?? [] : self.days
        guard !days.isEmpty else { return [] }
        func row(_ name: String, _ value: (SiteDay) -> String) -> [String] { [name] + days.map(value) }
        var rows = [
            row("") { $0.name },
            row("drivers who came (known to the operator)") { "\($0.drivers) (\($0.knownDrivers))" },
            row("found every place taken") { "\($0.droveOn)" },
            row("sessions started") { "\($0.sessionsStarted)" },
            row("refusals (of known drivers)") { "\($0.refused.values.reduce(0, +)) (\($0.knownRefused))" },
        ]
        for reason in Set(days.flatMap(\.refused.keys)).sorted() {
            rows.append(row("  \(reason)") { "\($0.refused[reason] ?? 0)" })
        }
        rows += [
            row("minutes waited for an answer, all") { String(format: "%.1f", $0.minutesWaited) },
            row("longest wait (of a known driver)") {
                String(format: "%.1f s (%.1f s)", $0.longestWaitSeconds, $0.longestKnownWaitSeconds)
            },
            row("energy delivered") { String(format: "%.0f kWh", $0.deliveredKilowattHours) },
        ]
        for (index, milestone) in (days.first?.owed ?? []).enumerated() {
            rows.append(
                row("records owed at \(milestone.at) (\(milestone.name))") { day in
                    index < day.owed.count ? "\(day.owed[index].records)" : "-"
                })
        }
        rows += [
            row("last record delivered (UTC)") { $0.lastRecordDelivered.isEmpty ? "none" : $0.lastRecordDelivered },
            row("unsafe findings and defects") { "\($0.findings)" },
            row("hours in session") { String(format: "%.0f", $0.sessionHours) },
        ]
        return rows
    }
}

extension String {
    /// Without the last characters that are such.
    fileprivate func trimmingSuffix(while isSuch: (Character) -> Bool) -> String {
        String(self[..<(lastIndex { !isSuch($0) }.map(index(after:)) ?? startIndex)])
    }
}
