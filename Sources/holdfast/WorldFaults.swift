// `holdfast sim faults`: everything that can be broken in a simulated world, from the table that injects it.

import ArgumentParser
import CommandOutput
import Foundation
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

            EXAMPLES
              holdfast sim faults
              holdfast sim faults meter
              holdfast sim faults contactor.plus.welded --json
            """)
    @Argument(help: ArgumentHelp("Only this unit, or one fault of it.", valueName: "unit[.mode]")) var of: String?
    @Flag(help: "Print the answer as JSON.") var json = false

    func run() throws {
        let found = FaultKind.all.filter { of == nil || $0.name == of || $0.unit.rawValue == of }
        guard !found.isEmpty else {
            let near = Nearest.word(to: of ?? "", among: worldUnits.map(\.unit) + FaultKind.all.map(\.name))
            complain(
                "The world has no unit or fault \(of ?? "").\(near.map { " Did you mean \($0)?" } ?? " List them with: holdfast sim faults")"
            )
            throw ExitCode(64)
        }
        struct Row: Encodable { var fault, unit, mode, counts, effect: String }
        let rows = found.map {
            Row(
                fault: $0.name, unit: $0.unit.rawValue, mode: $0.mode.rawValue, counts: $0.row.scope.rawValue,
                effect: "\($0.row.help)")
        }
        if json { return printJSON(rows) }
        for row in rows { print(padded(row.fault, 34) + row.effect) }
    }
}
