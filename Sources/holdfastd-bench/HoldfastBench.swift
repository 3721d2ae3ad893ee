// The bench's daemon: the same post on the simulated world, with verbs for the people and faults around it.

import ArgumentParser
import Daemon
import DaemonConfiguration
import Foundation
import Post
import Runtime

@main
struct HoldfastBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfastd-bench", abstract: "Runs a simulated post, for benches and demonstrations.",
        discussion: """
            The same daemon as holdfastd, on simulated hardware paced by the clock (backend: {kind: simulated, speed: 10}).
            Its local interface has verbs besides: `holdfast sim plug|unplug|tap|press|inject|heal`.

            EXAMPLES
              holdfastd-bench --config hardware/demo.yaml

            ENVIRONMENT
              HOLDFAST_BENCH_COMMIT_MS  Each commit of the records takes this many milliseconds longer (0 to 60000): a
                                        slow or hanging disk. No other program reads it.
            """, version: DaemonProgram.version)

    @OptionGroup var options: DaemonOptions

    func run() async throws {
        try await DaemonProgram(options) { configuration in
            guard case .simulated(let speed, let seed) = configuration.backend else {
                return .failure(
                    BackendProblem(
                        "The configuration names a board profile, which the bench daemon does not drive yet: use backend: {kind: simulated}."
                    ))
            }
            let post = configuration.post
            let file = configuration.stateFolder + "/bench-world"
            var backend = Backend(
                word: "simulated", clock: LoopClock(speed: speed),
                plant: { _ in BenchPlant(seed: seed, post, file: file) },
                routes: { benchRoutes($0, $1) })
            if let held = ProcessInfo.processInfo.environment["HOLDFAST_BENCH_COMMIT_MS"] {
                guard let milliseconds = Int64(held), (0...60_000).contains(milliseconds) else {
                    return .failure(
                        BackendProblem("HOLDFAST_BENCH_COMMIT_MS is \(held): it must be a number from 0 to 60000."))
                }
                backend.commitsHeldFor = .milliseconds(milliseconds)
            }
            return .success(backend)
        }.run()
    }
}
