// How lines are written in a profile.

import Post
import StrictYAML

/// A line and the place in the file where it is named, for what is judged when all of them are known.
struct PlacedLine: Sendable {
    var wiring: LineWiring
    var position: SourcePosition
}

/// An input and its places.
struct PlacedInput: Sendable {
    var line: PlacedLine
    var debounce: Located<Interval>
    var wiring: InputWiring { InputWiring(line.wiring, debounce: debounce.value) }
}

private func readLine(_ keys: RecordReader) -> PlacedLine {
    // The kernel keeps 31 bytes of a line's name.
    let name = keys.required(
        "line", Kind<String>.text(1...31).located, "The line's name, as gpioinfo shows it.")
    return PlacedLine(
        wiring: LineWiring(
            name: name.value,
            chip: keys.optional(
                "chip", .text(1...31), "The label of its chip, where several chips have a line of that name."),
            isActiveLow: keys.optional(
                "active",
                .words([
                    WordMeaning("high", false, "The high voltage is the active level."),
                    WordMeaning("low", true, "The low voltage is the active level."),
                ]), default: "high", "Which voltage means active."),
            pull: keys.required(
                "pull",
                .words([
                    WordMeaning(
                        "external-down", LineWiring.Pull.externalDown, "A resistor on the board, downwards."),
                    WordMeaning("external-up", .externalUp, "A resistor on the board, upwards."),
                    WordMeaning("down", .down, "The chip's own resistor, downwards."),
                    WordMeaning("up", .up, "The chip's own resistor, upwards."),
                    WordMeaning("none", .none, "Nothing: the other end always drives it."),
                ]), "What holds its level when nobody drives it.")),
        position: name.position)
}

extension Kind where Value == PlacedLine {
    /// An output.
    static var output: Kind { .record { readLine($0) } }

    /// An output that must be at its safe level, inactive, even when the machine is in reset or its program is dead:
    /// only a resistor outside the chip does that.
    static var heldOutput: Kind {
        .record { keys in
            let line = readLine(keys)
            if !line.wiring.isPulledOutside || line.wiring.levelAtRest != false {
                keys.refuse(
                    "pull", "nothing holds this output at its safe level when nobody drives it",
                    expected: line.wiring.isActiveLow ? "external-up" : "external-down",
                    remedy:
                        "Fit a resistor on the board: in reset, after a crash and after kill -9 it is all that acts."
                )
            }
            return line
        }
    }
}

extension Kind where Value == PlacedInput {
    /// An input.
    static var input: Kind { .record { readInput($0) } }

    /// An input of a closed circuit: active while all is well, so that a cut wire reads as the alarm.
    static var closedCircuit: Kind {
        .record { keys in
            let input = readInput(keys)
            if input.line.wiring.levelAtRest != false {
                keys.refuse(
                    "pull", "a cut wire would not read as the alarm",
                    expected: input.line.wiring.isActiveLow ? "up or external-up" : "down or external-down",
                    remedy: "Pull the line to its inactive level; the closed circuit makes it active.")
            }
            return input
        }
    }

    /// A mirror contact (IEC 60947-4-1, annex F): closed only while the contactor is open. Its wire carries current
    /// then, and a cut one must read as a closed contactor: the other way round it would hide a weld.
    static var mirrorContact: Kind {
        .record { keys in
            let input = readInput(keys)
            if input.line.wiring.levelAtRest != true {
                keys.refuse(
                    "pull", "a cut wire would read as an open contactor and hide a weld",
                    expected: input.line.wiring.isActiveLow ? "down or external-down" : "up or external-up",
                    remedy: "Wire the mirror contact so that current flows while the contactor is open.")
            }
            return input
        }
    }

    private static func readInput(_ keys: RecordReader) -> PlacedInput {
        let line = readLine(keys)
        // No input of a post may take longer: `InterlockInputs` allows 50 ms.
        let debounce = keys.optional(
            "debounce", Kind<Interval>.interval(0...50_000).located, default: "5ms",
            "How long a level has to stand before it counts.")
        return PlacedInput(line: line, debounce: debounce)
    }
}

extension Kind where Value == Interval {
    /// A duration as an interval; `range` is in microseconds.
    static func interval(_ range: ClosedRange<Int64>) -> Kind {
        Kind<Int64>.duration(range).converted { Interval(microseconds: $0) }
    }
}
