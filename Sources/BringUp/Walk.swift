// The walk through a board: inputs, outputs, the shunt trips, and last the contactors, one at a time.

import BoardProfiles
public import Catalog
import Devices
import GPIODriver
import HardwarePlant
import Post

/// What of a board is walked through.
public enum WalkPart: String, CaseIterable, Sendable {
    /// Interlocks, buttons, proximity: each is moved by hand once.
    case inputs
    /// Lamps, fans, locks, discharge.
    case outputs
    /// The shunt trips, then each contactor with its timing.
    case contactors
}

/// Walks an engineer through the devices of a board.
public final class Walk {
    /// How long somebody may take to press, open or release something. Engineering default: a minute.
    static let handTakes: Interval = .seconds(60)

    let bench: Bench
    let sentences: Sentences
    private let told: (BenchStep) -> Void
    private(set) var steps: [BenchStep] = []
    private var cutOff: Set<Int> = []

    /// A walk on this bench; `told` is called for each step as it is done.
    public init(_ bench: Bench, _ sentences: Sentences, told: @escaping (BenchStep) -> Void) {
        self.bench = bench
        self.sentences = sentences
        self.told = told
    }

    /// Walks; returns every step.
    public func run(_ parts: [WalkPart]) -> [BenchStep] {
        guard areLinesHeld() else { return steps }
        if parts.contains(.inputs) { walkInputs() }
        if parts.contains(.outputs) { walkOutputs() }
        if parts.contains(.contactors) { walkContactors() }
        return steps
    }

    func note(_ step: BenchStep) {
        steps.append(step)
        told(step)
    }

    var connectors: [(number: Int, id: ConnectorID, wiring: ConnectorWiring, near: ConnectorLineDevices)] {
        bench.plan.profile.connectors.enumerated().map { index, wiring in
            (index + 1, ConnectorID(UInt8(truncatingIfNeeded: index)), wiring, bench.lines.connectors[index])
        }
    }

    /// Without all its lines a post drives none.
    private func areLinesHeld() -> Bool {
        bench.turn()
        let failures = LineFailure.sentences(bench.lines.isWhole ? [] : bench.lines.failures)
        for failure in failures {
            note(
                BenchStep(
                    "lines", .refused, failure, do: "Mend it and begin again: no output is driven without all."))
        }
        guard failures.isEmpty else { return false }
        note(
            BenchStep(
                "lines", .good, "every line of \(bench.plan.profile.name) is held, outputs at their safe level"))
        return true
    }

    private func walkContactors() {
        for (number, id, wiring, _) in connectors {
            for contactor in Contactor.allCases {
                let name = "\(contactor == .plus ? "K1" : "K2") of connector \(number)"
                guard wants(name) else {
                    note(.skipped(name))
                    continue
                }
                let stage = bench.plan.post.connectors[Int(id.index)].stage
                guard cutOff.contains(Int(stage.index)) || cutsOff(stage) else {
                    note(refused(name, .stageNotCutOff))
                    continue
                }
                note(operate(contactor, of: id, wiring, name))
            }
        }
    }

    /// Asked once whether it is wanted; that it is safe is asked later, on the readings.
    private func wants(_ name: String) -> Bool {
        let word = name.prefix(2)
        return bench.ask(
            "\(name): close it for at most 2 s? Nothing switches the stage on. Type \(word), or press Enter to leave it out."
        ) == word
    }

    private func cutsOff(_ stage: StageID) -> Bool {
        let name = "shunt trip of stage \(stage.index + 1)"
        let answer = bench.ask(
            "\(name): cut the stage off from its supply? Only a hand at the breaker closes it again. Type TRIP, or press "
                + "Enter to leave it out.")
        guard answer == "TRIP" else {
            note(.skipped(name))
            return false
        }
        do throws(DeviceError) {
            try bench.trip(stage)
        } catch {
            note(
                BenchStep(
                    name, .wrong, "its line cannot be driven: \(error)", do: "Read the lines in holdfast doctor."))
            return false
        }
        let isOpen = bench.ask("\(name): look at the breaker. Type OPEN if it has opened.") == "OPEN"
        if isOpen {
            bench.isCutOff(stage)
            cutOff.insert(Int(stage.index))
        }
        note(
            isOpen
                ? BenchStep(name, .good, "driven; the engineer saw the breaker open")
                : BenchStep(
                    name, .wrong, "driven; nobody saw the breaker open",
                    do: "Check coil, supply and wire of the shunt trip before anything else is switched."))
        return isOpen
    }

    func refused(_ name: String, _ refusal: BenchRefusal) -> BenchStep {
        let said = sentences.bench(refusal)
        var step = BenchStep(name, .refused, said.whatHappened, do: said.remedy)
        step.code = refusal.code
        return step
    }
}
