// `holdfast bringup`: walks a bench engineer through each device of a board before the post is put into service.

import ArgumentParser
import BoardProfiles
import BringUp
import Catalog
import CommandOutput
import DaemonConfiguration
import Foundation
import GPIODriver
import HardwarePlant
import ModbusDriver
import Post
import RegisterMaps
import StrictYAML
import Synchronization

struct Bringup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Walk through the devices of a board on the bench: buses, inputs, outputs, contactors.",
        discussion: """
            Reads each device of the buses, has each input moved by hand, drives each output that can make nothing live, \
            and closes each contactor for up to 2 s, one at a time, timed: asked twice, after the stage was cut off \
            from its supply by its shunt trip and both sides were read below 60 V. Nothing here can switch a stage on. \
            It refuses to begin while a daemon, or anybody else, holds a line. An empty answer leaves a step out.

            With --json the questions go to standard error, the result to standard output.

            Exit codes: 0 nothing is wrong, 1 something is, 75 a line is held, 78 configuration or profile.

            EXAMPLES
              sudo systemctl stop holdfastd
              sudo holdfast bringup --config /etc/holdfast/holdfast.yaml
              holdfast bringup --part buses --json
            """)

    enum Part: String, CaseIterable, ExpressibleByArgument { case buses, inputs, outputs, contactors }

    @Option(help: ArgumentHelp("The daemon's configuration.", valueName: "file"))
    var config = "/etc/holdfast/holdfast.yaml"
    @Option(help: "Only this: \(Part.allCases.map(\.rawValue).joined(separator: ", ")). May be given again.")
    var part: [Part] = []
    @Option(help: "en, fr or de: the language of refusals.", transform: spoken) var language: Language = .english
    @Flag(help: "Print the result as JSON.") var json = false

    struct Result: Encodable {
        struct Device: Encodable {
            var device: String
            var reading: MeterReport?
            var failure: String?
        }
        var board: String
        var devices: [Device] = []
        var steps: [BenchStep] = []
    }

    func run() async throws {
        let plan = try plan()
        try refuseHeldLines(plan)
        let parts = part.isEmpty ? Part.allCases : part
        var result = Result(board: plan.profile.name)
        if parts.contains(.buses) { result.devices = readDevices(plan) }
        let walked = WalkPart.allCases.filter { wanted in parts.contains { $0.rawValue == wanted.rawValue } }
        if !walked.isEmpty { result.steps = try walk(plan, walked) }
        if json { printJSON(result) }
        let isGood =
            result.devices.allSatisfy { $0.reading?.isGood == true }
            && result.steps.allSatisfy { $0.verdict == .good || $0.verdict == .skipped }
        if !isGood { throw ExitCode(1) }
    }

    private func plan() throws -> HardwarePlan {
        let configuration: DaemonConfiguration
        do {
            configuration = try DaemonConfiguration.read(path: config)
        } catch {
            for problem in error.list { complain("\(config): \(problem.sentence)") }
            throw ExitCode(78)
        }
        guard case .hardware(let profile) = configuration.backend else {
            complain(
                "\(config) is of a simulated post: there is no board to walk through. See: backend: {kind: hardware}"
            )
            throw ExitCode(78)
        }
        do throws(HardwareProblems) {
            return try HardwarePlan(profile: profile, post: configuration.post, isBench: true)
        } catch {
            for sentence in error.sentences { complain(sentence) }
            throw ExitCode(78)
        }
    }

    /// Two holders of one board would each undo what the other does.
    private func refuseHeldLines(_ plan: HardwarePlan) throws {
        let held = PostLines.survey(plan.profile).filter { if case .held = $0.finding { true } else { false } }
        guard let first = held.first, case .held(let holder, _) = first.finding else { return }
        complain(
            "The line \(first.name) is held by \(holder)"
                + (held.count > 1 ? ", and \(held.count - 1) more are held. " : ". ")
                + (first.isHeldByAPost
                    ? "A daemon runs: stop it first (systemctl stop holdfastd)."
                    : "Stop that program, or unload that driver, first (gpioinfo lists the holders)."))
        throw ExitCode(75)
    }

    private func tell(_ line: String) { if json { complain(line) } else { sayIfRead(line) } }

    private func readDevices(_ plan: HardwarePlan) -> [Result.Device] {
        plan.busDevices.map { device in
            let name = device.name
            do throws(ModbusFailure) {
                let report = try MeterReport.read(device.map, unit: device.wiring.unit, at: try device.bus.endpoint)
                if !json {
                    print(name)
                    report.show()
                }
                return Result.Device(device: name, reading: report)
            } catch {
                tell("\(name): \(error)")
                return Result.Device(device: name, failure: error.description)
            }
        }
    }

    private func walk(_ plan: HardwarePlan, _ parts: [WalkPart]) throws -> [BenchStep] {
        Ending.listen()
        let json = json
        let person = Person(input: STDIN_FILENO) { line in
            // At once: whoever reads along with a program must not wait for a full buffer.
            if json { complain("> " + line) } else { sayIfRead("> " + line) }
        }
        do throws(NoBench) {
            let bench = try Bench(plan, person: person, isToEnd: { Ending.isCalled })
            return Walk(bench, Sentences(language)) { step in
                let mark = padded(step.verdict.rawValue.uppercased(), 8)
                tell(
                    "\(mark) \(step.device): \(step.found)"
                        + (step.remedy.isEmpty ? "" : "\n         do: \(step.remedy)"))
            }.run(parts)
        } catch {
            complain(error.description)
            throw ExitCode(71)
        }
    }
}

/// Whether SIGINT or SIGTERM has come, or whoever read along is gone, while lines are held: the walk ends with everything open, instead of leaving it to
/// the chip.
private enum Ending {
    private static let hasCome = Atomic<Bool>(false)

    static var isCalled: Bool { hasCome.load(ordering: .acquiring) }

    /// From now on those signals end the walk and not the process.
    static func listen() {
        // Made before a handler could be the first to touch it.
        hasCome.store(false, ordering: .releasing)
        for number in [SIGINT, SIGTERM, SIGPIPE] {
            signal(number) { _ in Ending.hasCome.store(true, ordering: .releasing) }
        }
    }
}
