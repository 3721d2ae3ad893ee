// One contactor: asked a second time on what is measured, closed for as long as it takes to see it, timed both ways.

import BoardProfiles
import Devices
import GPIODriver
import HardwarePlant
import Post

extension Walk {
    /// How long the readings that decide may take to come. A stage at rest is read once a second, a meter that was away
    /// once in 5 s, a safety controller that was gone counts after 2 s. Engineering default.
    private static let readingsTake: Interval = .seconds(12)
    /// How long they may take to be young again once the word was typed: whoever typed it still stands clear. A second:
    /// engineering default.
    private static let readingsRenew: Interval = .seconds(1)
    /// How long a contactor is left closed once it reads closed. Engineering default: long enough to be heard.
    private static let staysClosed: Interval = .milliseconds(300)

    func operate(
        _ contactor: Contactor, of id: ConnectorID, _ wiring: ConnectorWiring, _ name: String
    ) -> BenchStep {
        let stage = Int(bench.plan.post.connectors[Int(id.index)].stage.index)
        let place = Int(id.index)
        bench.awaitReadings(for: contactor, of: id, atMost: Self.readingsTake)
        let word = String(name.prefix(2))
        let answer = bench.ask(
            "\(name): the stage's side reads \(volts(bench.stageMillivolts[stage])), the contacts "
                + "\(volts(bench.contactMillivolts[place])). Hands and tools away from the cable. Type \(word) again."
        )
        guard answer == word else { return .skipped(name) }
        bench.awaitReadings(for: contactor, of: id, atMost: Self.readingsRenew)
        do throws(BenchRefusal) {
            try bench.close(contactor, of: id)
        } catch {
            return refused(name, error)
        }
        defer { bench.open() }
        return timed(contactor, of: id, wiring, name)
    }

    /// The contactor has just been told to close.
    private func timed(
        _ contactor: Contactor, of id: ConnectorID, _ wiring: ConnectorWiring, _ name: String
    ) -> BenchStep {
        let pair = bench.lines.connectors[Int(id.index)].contactors
        let filter = (contactor == .plus ? wiring.plus : wiring.minus).mirror.debounce
        func reads(_ isClosed: Bool) -> Double? {
            let began = monotonicMilliseconds()
            return bench.live(atMost: .seconds(1)) {
                (try? pair.isClosed(contactor)) == isClosed ? monotonicMilliseconds() - began : nil
            }
        }
        let closes = reads(true)
        if let refusal = bench.opening { return refused(name, refusal) }
        if bench.person.isGone { return .skipped(name) }
        guard let closes else {
            return BenchStep(
                name, .wrong, "driven for a second, it does not read closed",
                do:
                    "Listen: silent, check coil, driver, chain and watchdog's gate; if it clicks, its mirror contact."
            )
        }
        _ = bench.live(atMost: Self.staysClosed) { bench.opening }
        if let refusal = bench.opening { return refused(name, refusal) }
        bench.open()
        guard let opens = reads(false) else {
            return BenchStep(
                name, .wrong, "told to open a second ago, it still reads closed",
                do: "Measure whether it is welded; if it is open, check its mirror contact and the wire.")
        }
        let most = Double(wiring.opensWithin.microseconds + filter.microseconds) / 1_000
        var step = BenchStep(
            name, .good,
            "reads closed after \(written(closes)) ms and open after \(written(opens)) ms, the input's filter of "
                + "\(written(Double(filter.microseconds) / 1_000)) ms included")
        step.milliseconds = ["closes": closes, "opens": opens, "filter": Double(filter.microseconds) / 1_000]
        if opens > most {
            step.verdict = .wrong
            step.found += "; opens_within of the profile and the filter allow \(written(most)) ms"
            step.remedy =
                "Look at the suppressor of the coil, which must not stretch the opening, or mend opens_within."
        }
        return step
    }

    private func volts(_ millivolts: Int32?) -> String {
        millivolts.map { "\(written(Double($0) / 1_000)) V" } ?? "nothing"
    }
}
