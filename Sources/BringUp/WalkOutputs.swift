// Outputs that cannot make anything live: lamps, fans, locks, discharge. What no contact tells, the engineer is asked.

import BoardProfiles
import Devices
import GPIODriver
import HardwarePlant
import Post

extension Walk {
    /// How long a lock's motor may take. Engineering default: three tries of a second, as a post gives it.
    private static let lockTakes: Interval = .seconds(3)

    func walkOutputs() {
        for (number, _, wiring, near) in connectors {
            if wiring.lamp != nil {
                for (colour, indication) in [
                    ("red", Indication.unavailable), ("green", .ready), ("blue", .charging),
                ] {
                    seen("lamp of connector \(number), \(colour)", "Is the lamp \(colour), and nothing else?") {
                        () throws(DeviceError) in try near.indicator.show(indication)
                    }
                }
            }
            if let lock = near.lock { walkLock(lock, "lock of connector \(number)") }
            if let discharge = near.discharge {
                seen("discharge of connector \(number)", "Did the discharge contactor click?") {
                    () throws(DeviceError) in try discharge.drive(isOn: true)
                }
                try? discharge.drive(isOn: false)
            }
        }
        if bench.plan.profile.cooling != nil {
            seen("fans", "Have the fans stopped?") { () throws(DeviceError) in
                try bench.lines.cooling.drive(isOn: false)
            }
            try? bench.lines.cooling.drive(isOn: true)
        }
    }

    /// Drives something and asks whether it was seen.
    private func seen(_ device: String, _ question: String, _ drive: () throws(DeviceError) -> Void) {
        do throws(DeviceError) {
            try drive()
        } catch {
            return note(
                BenchStep(device, .wrong, "its line cannot be driven: \(error)", do: "See holdfast doctor."))
        }
        switch bench.ask("\(device): \(question) Type y or n, or press Enter to leave it out.") {
        case "y", "Y": note(BenchStep(device, .good, "driven; the engineer saw it"))
        case "n", "N":
            note(
                BenchStep(
                    device, .wrong, "driven; the engineer did not see it",
                    do: "Check wire, polarity (active) and driver of the line; gpioinfo shows its level."))
        default: note(.skipped(device))
        }
    }

    private func walkLock(_ lock: any ConnectorLock, _ device: String) {
        let answer = bench.ask("\(device): drive it closed and open? Fingers away from it. Type y, or press Enter.")
        guard answer == "y" || answer == "Y" else { return note(.skipped(device)) }
        var step = BenchStep(device, .good, "")
        for (isHeld, word) in [(true, "locks"), (false, "releases")] {
            let began = monotonicMilliseconds()
            let wanted: ContactSense = isHeld ? .closed : .open
            guard (try? lock.drive(isHeld: isHeld)) != nil,
                let took = bench.live(
                    atMost: Self.lockTakes,
                    until: { (try? lock.sense()) == wanted ? monotonicMilliseconds() - began : nil })
            else {
                return note(
                    BenchStep(
                        device, .wrong, "driven to where it \(word), its sense contact does not say so",
                        do: "Check motor, half bridges, the contact and its wire; or lengthen the pulse."))
            }
            step.milliseconds[word] = took
        }
        step.found =
            "its sense contact follows: locks after \(written(step.milliseconds["locks"] ?? 0)) ms, releases "
            + "after \(written(step.milliseconds["releases"] ?? 0)) ms"
        note(step)
    }
}

/// Milliseconds of the monotonic clock.
func monotonicMilliseconds() -> Double { Double(monotonicNanoseconds()) / 1_000_000 }

/// A number with one digit after the point.
func written(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
