// The command line: for the operator, the bench engineer and the test engineer.

import ArgumentParser
import CommandOutput

@main
struct Holdfast: AsyncParsableCommand {
    static let version = "0.1.0"
    /// Which program this is: version and build.
    static let identity = ProgramIdentity(running: "holdfast \(version)")
    static let configuration = CommandConfiguration(
        commandName: "holdfast",
        abstract: "Talk to a Holdfast post, keep its allow-list, replay fault scenarios.",
        discussion: """
            Exit codes: 0 fine, 1 a verdict failed, else those of sysexits: 64 usage, 65 bad data, 66 no such file, \
            69 the daemon is not there, 73 a file cannot be made, 74 input or output, 75 try again, 77 not permitted, 78 configuration.

            EXAMPLES
              holdfast status                      which state, why, and what next
              holdfast sim plug                    a driver plugs in (simulated post)
              holdfast sim tap free:ALICE          and shows a card
              holdfast replay Simulations          every scenario, in virtual time
            """,
        version: identity.versionAndBuild,
        subcommands: [
            Status.self, Watch.self, SessionGroup.self, Start.self, Stop.self, ConnectorGroup.self, FaultGroup.self,
            Doctor.self, SupportBundle.self, Bringup.self, AllowListGroup.self, SimulationGroup.self,
            MeterGroup.self, Replay.self,
            RecordGroup.self,
            ScenarioGroup.self,
            StormCommand.self, ExploreCommand.self,
        ])

    static func main() async {
        if let misspelling = Misspelling.first(in: Array(CommandLine.arguments.dropFirst()), of: Self.self) {
            complain(misspelling.sentence)
            Self.exit(withError: ExitCode(64))
        }
        await runToItsEnd()
    }
}
