// `holdfast storm shrink`: a storm that fails becomes a scenario file of the few steps that it takes to fail.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios
import Traces

struct StormShrink: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink", abstract: "Cut a failing storm down to a scenario file.",
        discussion: """
            EXAMPLES
              holdfast storm shrink 4711
              holdfast storm shrink 4711 --out Simulations/found/storm-4711.yaml
            """)
    @Argument(help: "The seed of a storm that fails.") var seed: UInt64
    @OptionGroup(title: "DEVICES OF BYTES") var link: ByteLink
    @Option(help: ArgumentHelp("Write the scenario here instead of printing it.", valueName: "file")) var out:
        String?
    @Flag(help: "Print the answer as JSON, the scenario in it.") var json = false

    private struct Cut: Encodable {
        var seed: UInt64
        var file: String?
        var scenario: String
    }

    func run() throws {
        var whole = Storm.scenario(seed: seed)
        whole.farLink = try link.maker()
        let progress = ProgressLine()
        let found = Shrinker.shrink(whole) { progress.show("\($0) steps left") }
        progress.clear()
        guard let found else {
            complain("The storm of seed \(seed) ends well: there is nothing to shrink.")
            throw ExitCode(65)
        }
        if let out { try writeFile(Data(found.text.utf8), to: out) }
        if json { return printJSON(Cut(seed: seed, file: out, scenario: found.text)) }
        guard let out else { return print(found.text, terminator: "") }
        print(
            "\(out): fails as storm \(seed) does. Repeat with: holdfast replay \(out)\(link.modbus ? " --modbus" : "")"
        )
    }
}
