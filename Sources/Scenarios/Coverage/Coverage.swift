// Which row of the catalogue is shown by which scenario, how fast the post reacts, and whether a test would notice if not.

import Foundation
import Post
import Simulator
import StrictYAML

/// The coverage of the catalogue by a folder of scenarios.
public struct Coverage: Encodable, Sendable {
    /// One scenario that is about a row.
    public struct Entry: Encodable, Sendable {
        /// Its file, below the folder.
        public var scenario: String
        /// Whether it passes.
        public var passes: Bool
        /// What the post does about the cause: its faults and refusals with their classes.
        public var reaction: String
        /// What it says of the reaction beside its time: its class, what the driver reads, what the operator is told.
        public var asserts: [String]
        /// Whether it waits for a fault by name: all three are owed then.
        public var hasFault: Bool
        /// The limit of the reaction with the least left, in microseconds; nil where nothing is timed.
        public var limit: Int64?
        /// What that reaction took, in microseconds.
        public var measured: Int64?
        /// Whether the scenario fails with the reaction switched off; nil where no fault or habit can be switched off.
        public var disarmingIsNoticed: Bool?
    }

    /// One row.
    public struct Row: Encodable, Sendable {
        /// Its number.
        public var number: Int
        /// What happens.
        public var cause: String
        /// The scenarios that are about it.
        public var entries: [Entry]
        /// Another proof, where no scenario can show it.
        public var proved: String?
        /// Why there is nothing yet.
        public var missing: String?
        /// What the post does otherwise than the study asks for, on purpose, and why.
        public var departure: String?
    }

    /// Every row of the catalogue.
    public var rows: [Row]

    /// Rows with a scenario, with another proof, with neither.
    public var counts: (scenarios: Int, proved: Int, missing: Int) {
        (
            rows.filter { !$0.entries.isEmpty }.count, rows.filter { $0.proved != nil }.count,
            rows.filter { $0.missing != nil }.count
        )
    }

    /// What is wrong with the table itself: a row that nobody answers for, a stand-in that is no longer needed, a
    /// scenario that does not pass or whose reaction nobody would miss.
    public var problems: [String] {
        rows.flatMap { row in
            var problems: [String] = []
            let standIn = row.proved ?? row.missing
            if row.entries.isEmpty, standIn == nil {
                problems.append("row \(row.number) has neither scenario nor reason")
            }
            if !row.entries.isEmpty, standIn != nil {
                problems.append("row \(row.number) has a scenario and a reason")
            }
            let owed = row.entries.contains(where: \.hasFault) ? Scenario.assertable : []
            for word in owed where !row.entries.contains(where: { $0.asserts.contains(word) }) {
                problems.append("row \(row.number): no scenario says the \(word) of its reaction")
            }
            for entry in row.entries {
                if !entry.passes { problems.append("row \(row.number): \(entry.scenario) does not pass") }
                if entry.disarmingIsNoticed == false {
                    problems.append("row \(row.number): \(entry.scenario) passes without its reaction")
                }
            }
            return problems
        }
    }
}

extension Scenario {
    /// The faults that it waits for by name, in the order of the table.
    var faultsExpected: [Fault] {
        var faults = FaultSet()
        for check in expected { if let fault = check.fault { faults.insert(fault) } }
        return Fault.allCases.filter(faults.contains)
    }

    private var expected: [Check] {
        timeline.compactMap { step in
            if case .expect(let expectation) = step.deed { expectation.check } else { nil }
        }
    }

    /// What a story can say of a reaction beside its time.
    fileprivate static let assertable = ["class", "driver", "operator"]

    /// What this one says of it.
    var asserted: [String] {
        // Where a fault or a refusal is waited for, what is said beside it counts, and not what is said on the way.
        let all = expected + atEnd.map(\.value)
        let about = all.filter { $0.fault != nil || $0.refusal != nil }
        let checks = about.isEmpty ? all : about
        let says = [
            checks.contains { $0.faultClass != nil }, checks.contains { $0.driverTold != nil },
            checks.contains { $0.operatorTold != nil },
        ]
        return zip(Self.assertable, says).filter(\.1).map(\.0)
    }

    /// Whether the story lasts more than a virtual day.
    var isLong: Bool {
        let after = timeline.reduce(lastsAnother) { $0 + $1.after }
        return after + (timeline.compactMap(\.at).max() ?? 0) > 86_400_000_000
    }

    /// What the post must do, in a few words.
    var reaction: String {
        let faults = faultsExpected.map { fault in
            // The class is the one that the story asks for, and was seen: the table has two, in a session and without.
            let seen = expected.first { $0.fault == fault && $0.faultClass != nil }?.faultClass
            return seen.map { "\(fault.code) (\(code("\($0)")))" } ?? fault.code
        }
        var refusals: [String] = []
        for refusal in expected.compactMap(\.refusal) where !refusals.contains("refused: \(refusal.code)") {
            refusals.append("refused: \(refusal.code)")
        }
        let reasons = atEnd.compactMap(\.value.reason).map { "ends by \(code("\($0)"))" }
        if !(faults + refusals).isEmpty { return (faults + refusals).joined(separator: ", ") }
        let state = expected.last { $0.state != nil }?.state.map { "is \(code("\($0)")) in the end" }
        return reasons.first ?? state ?? "serves on"
    }
}

extension Coverage {
    /// The table as the page that is kept beside the scenarios.
    public var page: String {
        let (scenarios, proved, missing) = counts
        var text = """
            # What is covered

            Made by `holdfast scenario coverage Simulations --out Simulations/COVERAGE.md`; a test keeps it current.

            Of \(rows.count) rows of the catalogue of faults \(scenarios) are shown by scenarios, \(proved) are proved \
            elsewhere because they lie below the world that scenarios play in, and \(missing) are not met yet.
            Of \(rows.count { $0.departure != nil }) the reaction is, on purpose, not the one that the study asks for which the \
            catalogue was made of: said under the row.
            *Says* is what its scenario asserts beside times: the class of the reaction, what the driver reads, what the operator is told
            (who is told nothing where no fault and no refusal is there). *Limit* and *measured* are those of the reaction with the least left; *missed* says whether the scenario fails
            when the reaction is switched off (`holdfast replay --without`, debug builds), and is empty where no fault and no
            habit is the answer. Stories of more than a day are not played for this page; `holdfast replay Simulations` plays them.


            """
        text +=
            "| row | what goes wrong | scenario | what the post does | says | limit | measured | left | missed |\n"
        text += "|--:|---|---|---|---|--:|--:|--:|---|\n"
        for row in rows {
            for (index, entry) in row.entries.enumerated() {
                let left = entry.limit.flatMap { limit in
                    entry.measured.map { "\((limit - $0) * 100 / max(1, limit)) %" }
                }
                let cells = [
                    index == 0 ? "\(row.number)" : "", index == 0 ? row.cause : "",
                    "[\(entry.scenario.dropLast(5))](\(entry.scenario))\(entry.passes ? "" : " **FAILS**")",
                    entry.reaction, entry.asserts.joined(separator: ", "), entry.limit.map(span) ?? "",
                    entry.measured.map(span) ?? "", left ?? "",
                    entry.disarmingIsNoticed.map { $0 ? "yes" : "**no**" } ?? "",
                ]
                text += "| " + cells.joined(separator: " | ") + " |\n"
            }
            if let departure = row.departure {
                text += "| | | | *not as in the study*: \(departure) | | | | | |\n"
            }
            if let proved = row.proved {
                text += "| \(row.number) | \(row.cause) | | proved: \(proved) | | | | | |\n"
            }
            if let missing = row.missing {
                text += "| \(row.number) | \(row.cause) | | **not yet**: \(missing) | | | | | |\n"
            }
        }
        return text
    }
}
