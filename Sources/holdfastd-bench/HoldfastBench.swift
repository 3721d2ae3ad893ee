// The bench's daemon: the same post on the simulated world, with verbs for the people and faults around it.

import ArgumentParser
import BoardProfiles
import CommandOutput
import Daemon
import DaemonConfiguration
import Foundation
import HardwarePlant
import Post
import Runtime
import SimulatedBus
import StrictYAML

@main
struct HoldfastBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfastd-bench", abstract: "Runs a simulated post, for benches and demonstrations.",
        discussion: """
            The same daemon as holdfastd, on simulated hardware paced by the clock (backend: {kind: simulated, speed: 10}), \
            or on a board whose profile lists under `simulated` what is not real (backend: {kind: hardware, profile: ...}).
            Its local interface has verbs besides: `holdfast sim`.

            At a speed above 1 the post lives faster than the clock on the wall. Status, limits and energy are of its own \
            time; records and log bear the time of day, so that a session of two minutes at speed 10 is recorded as one \
            of twelve seconds, with all its energy.

            EXAMPLES
              holdfastd-bench --config hardware/demo.yaml

            ENVIRONMENT
              HOLDFAST_BENCH_COMMIT_MS  Each commit of the records takes this many milliseconds longer (0 to 60000): a
                                        slow or hanging disk. No other program reads it.
            """, version: DaemonProgram.versionAndBuild)

    @OptionGroup var options: DaemonOptions

    static func main() async { await runToItsEnd() }

    func run() async throws {
        try await DaemonProgram(options) { configuration in
            var backend: Backend
            switch configuration.backend {
            case .simulated(let speed, let seed, let modbus):
                let post = configuration.post
                let clock = LoopClock(speed: speed)
                let troubles = PlantTroubles()
                let maps: MapsOfWorld?
                do throws(Problems) {
                    maps = if let modbus { try MapsOfWorld([modbus]) } else { nil }
                } catch {
                    return .failure(
                        BackendProblem("backend.modbus: \(error.written(as: .text)) See: holdfast meter list."))
                }
                let file = configuration.stateFolder + "/bench-world"
                backend = Backend(
                    word: "simulated", clock: clock,
                    plant: { control, _ in
                        let plant = BenchPlant(seed: seed, post, file: file, speed: speed)
                        plant.speakModbus(by: maps, control.inbox, clock, troubles)
                        let found = plant.found
                        // The loop is not there to be asked yet: it writes this down as soon as it turns.
                        Task { try? await control.onLoop { turn in found.forEach { turn.note($0) } } }
                        return plant
                    },
                    routes: { benchRoutes($0, $1, post) })
                backend.troubles = { troubles.sentences }
            case .hardware(let profile):
                do throws(HardwareProblems) {
                    let plan = try HardwarePlan(profile: profile, post: configuration.post, isBench: true)
                    var maps: MapsOfWorld?
                    if plan.profile.simulatedSpeakModbus {
                        do throws(Problems) {
                            maps = try MapsOfWorld(HardwarePlan.mapFolders(beside: profile))
                        } catch {
                            return .failure(BackendProblem(error.written(as: .text)))
                        }
                    }
                    backend = mixed(plan, maps)
                    backend.boardFiles = BoardFiles(profile: profile, registerMaps: plan.mapFiles(beside: profile))
                } catch {
                    return .failure(BackendProblem(error.description))
                }
            }
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

    /// The devices of a board, and the world for those that its profile names under `simulated`.
    private func mixed(_ plan: HardwarePlan, _ maps: MapsOfWorld?) -> Backend {
        let clock = LoopClock()
        let troubles = PlantTroubles()
        var backend = Backend(
            word: plan.profile.simulated.isEmpty ? "hardware" : "hardware, in part simulated", clock: clock,
            plant: { control, lookUps in
                let hardware = HardwarePlant(
                    plan, control: control, lookUps: lookUps, clock: clock, troubles: troubles)
                // The world's chances are of no account beside real devices: one seed will do.
                let plant = MixedPlant(hardware, plan, seed: 1)
                plant.speakModbus(by: maps, control.inbox, clock, troubles)
                return plant
            }, routes: { benchRoutes($0, $1, plan.post) })
        backend.troubles = { troubles.sentences }
        return backend
    }
}
