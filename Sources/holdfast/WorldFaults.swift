// `holdfast sim faults`: everything that can be broken in a simulated world, from the table that injects it.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios
import Simulator
import StrictYAML

/// The units of the world and how each can be broken, in the order of the table.
var worldUnits: [(unit: String, modes: [String])] {
    FaultUnit.allCases.map { ($0.rawValue, FaultKind.modes(of: $0).map(\.rawValue)) }.filter { !$0.1.isEmpty }
}

struct WorldFaults: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults", abstract: "List what can be broken in the world: for sim inject and for scenarios.",
        discussion: """
            Needs no daemon. These are causes; what a post makes of them is told by `holdfast fault list --all`. Those of disk, clock, \
            network and cloud are for scenarios: at a bench these are the machine's own, and it refuses them.

            Of a single one it also tells which faults the post may raise and how it meets them, how fast the path must open, the rows \
            of the catalogue of faults that it belongs to, and the stories that show it, if a folder of them is there.

            EXAMPLES
              holdfast sim faults
              holdfast sim faults meter
              holdfast sim faults contactor.plus.welded --json
              holdfast sim faults contactor.plus.welded --stories Simulations/electrical
            """)
    @Argument(help: ArgumentHelp("Only this unit, or one fault of it.", valueName: "unit[.mode]")) var of: String?
    @Option(help: ArgumentHelp("Where the stories are that show it.", valueName: "folder"))
    var stories = "Simulations"
    @Flag(help: "Print the answer as JSON.") var json = false

    private struct Row: Encodable {
        var fault, unit, mode, counts, effect: String
        /// Of a single one.
        var facts: CauseFacts?

        private enum Key: CodingKey { case fault, unit, mode, counts, effect }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: Key.self)
            for (key, text) in [
                (Key.fault, fault), (.unit, unit), (.mode, mode), (.counts, counts), (.effect, effect),
            ] { try fields.encode(text, forKey: key) }
            try facts?.encode(to: encoder)
        }
    }

    func run() throws {
        let found = FaultKind.all.filter { of == nil || $0.name == of || $0.unit.rawValue == of }
        guard !found.isEmpty else {
            let near = Nearest.word(to: of ?? "", among: worldUnits.map(\.unit) + FaultKind.all.map(\.name))
            complain(
                "The world has no unit or fault \"\(of ?? "")\".\(near.map { " Did you mean \($0)?" } ?? " List them with: holdfast sim faults")"
            )
            throw ExitCode(64)
        }
        let rows = found.map { kind in
            Row(
                fault: kind.name, unit: kind.unit.rawValue, mode: kind.mode.rawValue,
                counts: kind.row.scope.rawValue, effect: "\(kind.row.help)",
                facts: kind.name == of ? CauseFacts(of: kind, storiesIn: stories) : nil)
        }
        if json { return printJSON(rows) }
        for row in rows {
            print(padded(row.fault, 34) + row.effect)
            row.facts.map(tell)
        }
    }

    private func tell(_ facts: CauseFacts) {
        func tell(_ name: String, _ lines: [String], none: String) {
            for (index, line) in (lines.isEmpty ? [none] : lines).enumerated() {
                print("  " + padded(index == 0 ? name : "", 12) + line)
            }
        }
        tell(
            "may raise", facts.raises.map { "\($0.fault): \($0.inASession) in a session, \($0.idle) while idle" },
            none: "nothing: the post serves on")
        tell("limit", [facts.limit], none: "")
        let isThere = FileManager.default.fileExists(atPath: stories)
        let none = isThere ? "none in \(stories)" : "there is no folder \(stories): name it with --stories"
        tell("rows", facts.rows.map { "\($0.number): \($0.cause)" }, none: none)
        tell(
            "stories",
            facts.stories.map { story in
                story.scenario
                    + (story.rows.isEmpty ? "" : " (row \(story.rows.map { "\($0)" }.joined(separator: ", ")))")
            }, none: none)
        if let first = facts.raises.first {
            print("Next: holdfast fault explain \(first.fault), or holdfast replay of a story")
        }
    }
}
