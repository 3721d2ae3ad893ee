// The command line: for the operator, the bench engineer and the test engineer.

import ArgumentParser

@main
struct Holdfast: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast",
        abstract: "Talk to a Holdfast post, keep its allow-list, replay fault scenarios.",
        discussion: """
            Exit codes: 0 fine, 1 a verdict failed, else those of sysexits: 64 usage, 65 bad data, 66 no such file, \
            69 the daemon is not there, 74 input or output, 77 not permitted, 78 configuration.

            EXAMPLES
              holdfast replay Simulations          every scenario, in virtual time
            """,
        version: "0.1.0",
        subcommands: [Replay.self])
}
