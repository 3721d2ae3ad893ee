// Single lines against the kernel: how they are found, taken, refused, read and debounced.

import BoardProfiles
import CLibgpiod
import Devices
import GPIODriver
import Glibc
import Post

private let chip = SimulatedChip(label: "holdfast-rig")
private let other = SimulatedChip(label: "holdfast-other")

/// Why an output cannot be taken; nil if it can, and then it is let go again.
private func refusal(_ wiring: LineWiring) -> LineFailure? {
    do throws(LineFailure) {
        let line = try OutputLine(wiring, safeLevel: false, consumer: "holdfast:second")
        line.release()
        return nil
    } catch {
        return error
    }
}

func findingChecks(_ checks: inout Checks) throws {
    checks.group("Finding and taking lines")
    let unknown = refusal(LineWiring(name: "NO_SUCH_LINE"))
    checks.check(
        unknown?.code == ENOENT && unknown?.error == .gone, "an unknown name is ENOENT", "\(unknown as Any)")
    let twice = refusal(LineWiring(name: "SPARE_A"))
    checks.check(twice?.code == ENOTUNIQ, "a name on two chips is refused without a label", "\(twice as Any)")
    checks.check(
        twice?.description.contains("name its chip's label") == true, "and the sentence says what to do", "")
    let strange = refusal(LineWiring(name: "SPARE_A", chip: "another-board"))
    checks.check(strange?.code == ENOENT, "a label that is not there is ENOENT", "\(strange as Any)")
    chip.pull("SPARE_A", up: true)
    other.pull("SPARE_A", up: true)
    do {
        let line = try OutputLine(
            LineWiring(name: "SPARE_A", chip: "holdfast-other"), safeLevel: false, consumer: "holdfast:spare")
        checks.check(!other.isHigh("SPARE_A") && chip.isHigh("SPARE_A"), "the label breaks the tie", "")
        line.release()
    }
    do {
        let line = try OutputLine(LineWiring(name: "SPARE_B"), safeLevel: false, consumer: "holdfast:spare")
        let busy = refusal(LineWiring(name: "SPARE_B"))
        checks.check(busy?.code == EBUSY && busy?.error == .busy, "a held line is EBUSY", "\(busy as Any)")
        checks.check(
            busy?.description.contains("SPARE_B") == true && busy?.description.contains("gpioinfo") == true,
            "and the sentence names the line and who to ask", "\(busy as Any)")
        line.release()
        checks.check(refusal(LineWiring(name: "SPARE_B")) == nil, "released, it can be taken again", "")
    }
    seteuid(65_534)
    let denied = refusal(LineWiring(name: "SPARE_B"))
    seteuid(0)
    checks.check(
        denied?.code == EACCES, "without permission it is EACCES, not \"no such line\"", "\(denied as Any)")

    // Swift has no way to set an input; the library's answer is shown all the same.
    var wish = holdfast_gpio_wish()
    var input: OpaquePointer?
    let code = "SPARE_C".withCString { name in
        wish.line_name = name
        return "holdfast:rig".withCString { consumer in
            wish.consumer = consumer
            return holdfast_gpio_take(&wish, &input)
        }
    }
    if let input {
        let refused = holdfast_gpio_set(input, true)
        // EPERM; EINVAL from the first interface when the input has edges.
        checks.check(refused == EPERM || refused == EINVAL, "an input cannot be set", "\(refused)")
        holdfast_gpio_release(input)
    } else {
        checks.check(false, "an input can be taken", "\(code)")
    }
}

func levelChecks(_ checks: inout Checks) throws {
    checks.group("Levels: first, inverted, pulled")
    chip.pull("SPARE_B", up: true)
    do {
        let line = try OutputLine(LineWiring(name: "SPARE_B"), safeLevel: false, consumer: "holdfast:spare")
        checks.check(!chip.isHigh("SPARE_B"), "an output has its safe level from the call that takes it", "high")
        line.release()
        checks.check(chip.isHigh("SPARE_B"), "let go it follows its pull, not its last level", "low")
    }
    do {
        let line = try OutputLine(
            LineWiring(name: "SPARE_B", isActiveLow: true), safeLevel: false, consumer: "holdfast:spare")
        checks.check(chip.isHigh("SPARE_B"), "active low: inactive is the high voltage", "low")
        line.release()
    }
    chip.pull("SPARE_C", up: true)
    try input(LineWiring(name: "SPARE_C", isActiveLow: true)) { line in
        checks.check(!line(), "active low: the high voltage reads as inactive", "active")
        chip.pull("SPARE_C", up: false)
        checks.check(line(), "and the low one as active", "inactive")
    }
    try input(LineWiring(name: "SPARE_C", pull: .up)) { line in
        checks.check(line() && chip.isPulledUp("SPARE_C"), "the chip's own pull upwards is asked for", "")
    }
    try input(LineWiring(name: "SPARE_C", pull: .down)) { line in
        checks.check(!line() && !chip.isPulledUp("SPARE_C"), "and downwards", "")
    }
    chip.pull("SPARE_C", up: true)
    try input(LineWiring(name: "SPARE_C", pull: .externalDown)) { line in
        checks.check(line(), "a resistor outside leaves the chip's pull alone", "")
    }
}

/// Runs `body` with a reader of an input that is let go afterwards.
private func input(_ wiring: LineWiring, _ body: (() -> Bool) -> Void) throws {
    let bank = try OneInput(InputWiring(wiring))
    body { bank.level }
}

/// An input of its own through the same path as the post's: the stop button of a post that is nothing else.
final class OneInput {
    private let line: InputLine
    init(_ wiring: InputWiring) throws {
        line = try InputLine(wiring.line, consumer: "holdfast:rig")
    }
    var level: Bool {
        var level = false
        return line.get(&level) == 0 && level
    }
    var descriptor: Int32 { line.descriptor }
    func takeEdges() -> Int {
        var count: UInt32 = 0
        return line.takeEdges(&count) == 0 ? Int(count) : -1
    }
}

func burstChecks(_ checks: inout Checks) throws {
    checks.group("Bursts: events only wake, the line says what is")
    for (edges, endsHigh) in [(41, true), (40, false), (200, false), (201, true)] {
        chip.pull("SPARE_C", up: false)
        let line = try OneInput(InputWiring(LineWiring(name: "SPARE_C")))
        for edge in 1...edges { chip.pull("SPARE_C", up: edge % 2 == 1) }
        checks.check(events([line.descriptor], milliseconds: 100) & Int16(POLLIN) != 0, "\(edges) edges wake", "")
        let taken = line.takeEdges()
        checks.check(
            taken > 0 && taken <= 16, "of \(edges) edges the kernel kept \(taken), told nobody", "\(taken)")
        checks.check(line.level == endsHigh, "and the level is right: \(endsHigh ? "high" : "low")", "wrong")
        checks.check(events([line.descriptor], milliseconds: 0) == 0, "nothing is left to wake again", "")
        checks.check(line.takeEdges() == 0, "reading edges where none wait does not block", "")
    }
}
