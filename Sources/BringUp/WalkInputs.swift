// Inputs: each is moved by hand once, away from its place and back, and the line must say so both times.

import BoardProfiles
import Devices
import GPIODriver
import HardwarePlant
import Post

extension Walk {
    func walkInputs() {
        let wiring = bench.plan.profile.interlocks
        func levels() -> InterlockLevels? { try? bench.lines.interlocks.read() }
        moved("emergency stop", "Press the emergency stop", "Release the emergency stop") {
            levels()?.emergencyStopPressed
        }
        moved("door", "Open a door", "Close all doors") { levels()?.doorOpen }
        if wiring.tiltOrWater != nil {
            moved("tilt or water", "Trip the tilt or water sensor", "Set it back") { levels()?.tiltOrWater }
        }
        moved("protective earth", "Make the earth monitor's contact open", "Let it close") {
            levels().map { !$0.protectiveEarthGood }
        }
        if wiring.grid != nil {
            moved("grid", "Make the supply monitor's contact open", "Let it close") {
                levels().map { !$0.gridPresent }
            }
        }
        if wiring.residualCurrent != nil {
            moved("residual current", "Trip the residual-current device by its button", "Switch it on again") {
                levels()?.residualCurrentTripped
            }
        }
        if wiring.residualCurrentTest != nil {
            moved("residual current test", "Take the wire of the device's test contact off", "Put it on again") {
                levels()?.residualCurrentUntested
            }
        }
        if wiring.phases != nil {
            moved("phases", "Take a fuse of the phase monitor out", "Put it back") { levels()?.phaseMissing }
        }
        if wiring.coolant != nil {
            moved("coolant", "Make the contact of the coolant's switch open", "Let it close") {
                levels()?.coolantLow
            }
        }
        for (number, _, _, near) in connectors {
            if let button = near.stopButton {
                moved("stop button of connector \(number)", "Press it", "Release it") { try? button.isPressed() }
            }
            if let proximity = near.proximity {
                moved("proximity of connector \(number)", "Put the plug into its holder or a test inlet", "Draw it")
                {
                    (try? proximity.read()).map { $0 == .seated }
                }
            }
        }
    }

    /// `isAway`: whether the line says that the thing is not as it is at rest; nil: it cannot be read.
    private func moved(_ device: String, _ away: String, _ back: String, isAway: @escaping () -> Bool?) {
        guard let first = isAway() else {
            return note(BenchStep(device, .wrong, "cannot be read", do: "Read the lines in holdfast doctor."))
        }
        if first {
            bench.person.say("\(device): reads as if it were moved already. \(back).")
        } else {
            bench.person.say(
                "\(device): \(away.prefix(1).lowercased())\(away.dropFirst()), or press Enter to leave it out.")
        }
        bench.person.forgetAnswers()
        enum Came { case moved, answered }
        func waits(for wanted: Bool) -> Came? {
            bench.live(atMost: Self.handTakes) {
                if isAway() == wanted { return .moved }
                return bench.person.takeAnswer() != nil || bench.person.isGone ? .answered : nil
            }
        }
        guard first || waits(for: true) == .moved else { return note(.skipped(device)) }
        if !first { bench.person.say("\(device): seen. \(back).") }
        guard waits(for: false) == .moved else {
            return note(
                BenchStep(
                    device, .wrong, "the line does not go back to its level at rest",
                    do: "Check contact and wire: a closed circuit must be closed while all is well."))
        }
        note(
            BenchStep(
                device, .good, first ? "was away, and the line says that it is back" : "the line follows, both ways"
            ))
    }
}
