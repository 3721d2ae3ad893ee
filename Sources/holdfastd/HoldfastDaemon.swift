// The daemon that a post runs: real devices only, nothing to inject with.

import ArgumentParser
import CommandOutput
import Daemon
import DaemonConfiguration
import HardwarePlant
import Post
import Runtime

@main
struct HoldfastDaemon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfastd", abstract: "Runs a DC fast-charge post.",
        discussion: """
            Reads one configuration file, makes the outputs safe, and serves. A bad configuration is never a dark post: \
            the daemon stays up, allows no power, and says in status and log what is wrong.

            Exit codes: 0 stopped as asked, 69 another daemon has the socket, 73 the socket cannot be made, 75 memory \
            runs short and nobody is served: start it again, 78 --check \
            found mistakes.

            EXAMPLES
              holdfastd --config /etc/holdfast/holdfast.yaml
              holdfastd --check --config new.yaml
            """, version: DaemonProgram.versionAndBuild)

    @OptionGroup var options: DaemonOptions

    static func main() async { await runToItsEnd() }

    func run() async throws {
        try await DaemonProgram(options) { configuration in
            guard case .hardware(let profile) = configuration.backend else {
                return .failure(
                    BackendProblem(
                        "The configuration asks for simulated devices, which this program does not have: use holdfastd-bench, or name a board profile under backend."
                    ))
            }
            do throws(HardwareProblems) {
                let plan = try HardwarePlan(profile: profile, post: configuration.post)
                var backend = hardware(plan)
                backend.boardFiles = BoardFiles(profile: profile, registerMaps: plan.mapFiles(beside: profile))
                return .success(backend)
            } catch {
                return .failure(BackendProblem(error.description))
            }
        }.run()
    }

    /// The devices of a board.
    private func hardware(_ plan: HardwarePlan) -> Backend {
        let clock = LoopClock()
        let troubles = PlantTroubles()
        var backend = Backend(
            word: "hardware", clock: clock,
            plant: { HardwarePlant(plan, control: $0, lookUps: $1, clock: clock, troubles: troubles) },
            routes: { _, _ in [] })
        backend.troubles = { troubles.sentences }
        return backend
    }
}
