// One line, held: a value that cannot be copied, and lets the line go when it ends.
//
// What may not be done does not compile: an input cannot be set, a released handle cannot be used.

public import BoardProfiles
import CLibgpiod
import Glibc

/// What the library that we are linked with can do.
public enum GPIOLibrary {
    /// Its version.
    public static var version: String { String(cString: holdfast_gpio_library_version()) }
    /// Whether the kernel can be asked to debounce: libgpiod 2.
    public static var debouncesInKernel: Bool { holdfast_gpio_kernel_debounces() }
}

/// An output, held. Before it is let go it is set to its safe level; what it does afterwards the chip decides.
public struct OutputLine: ~Copyable {
    private let line: OpaquePointer
    /// The level that the line had from the call that took it, and has before it is let go.
    public let safeLevel: Bool

    /// Takes the line by name and drives it to its safe level, in one call of the kernel.
    public init(_ wiring: LineWiring, safeLevel: Bool, consumer: String) throws(LineFailure) {
        var wish = holdfast_gpio_wish()
        wish.is_output = true
        wish.first_level = safeLevel
        line = try takeLine(wiring, wish, consumer)
        self.safeLevel = safeLevel
    }

    /// Drives it. Returns 0 or an error number.
    package func set(_ level: Bool) -> Int32 { holdfast_gpio_set(line, level) }

    /// Asks whether it is still there: 0 or an error number. The level says nothing: a drive is not its own read-back.
    package func probe() -> Int32 {
        var ignored = false
        return holdfast_gpio_get(line, &ignored)
    }

    /// Lets it go now rather than at the end of its scope.
    public consuming func release() {}

    deinit {
        // Some chips go on driving the last level: leave none but the safe one. One that is gone has none.
        _ = holdfast_gpio_set(line, safeLevel)
        holdfast_gpio_release(line)
    }
}

/// An input, held, with its edges.
public struct InputLine: ~Copyable {
    private let line: OpaquePointer
    /// Readable when an edge waits, broken when the chip is gone.
    public let descriptor: Int32

    /// Takes the line by name. With `kernelDebounceMicroseconds` other than 0 the kernel keeps bounces away; only
    /// libgpiod 2 can ask for that.
    public init(_ wiring: LineWiring, kernelDebounceMicroseconds: UInt32 = 0, consumer: String) throws(LineFailure)
    {
        var wish = holdfast_gpio_wish()
        wish.debounce_microseconds = kernelDebounceMicroseconds
        line = try takeLine(wiring, wish, consumer)
        descriptor = holdfast_gpio_descriptor(line)
    }

    /// Reads the level. Returns 0 or an error number.
    package func get(_ level: inout Bool) -> Int32 { holdfast_gpio_get(line, &level) }

    /// Reads edges away, a bounded number, and says how many: they say that something moved, not what it is now.
    package func takeEdges(_ count: inout UInt32) -> Int32 { holdfast_gpio_take_edges(line, &count) }

    /// Lets it go now rather than at the end of its scope.
    public consuming func release() {}

    deinit { holdfast_gpio_release(line) }
}

private func takeLine(
    _ wiring: LineWiring, _ partial: holdfast_gpio_wish, _ consumer: String
) throws(LineFailure) -> OpaquePointer {
    var wish = partial
    wish.is_active_low = wiring.isActiveLow
    wish.bias = wiring.pull.bias
    var line: OpaquePointer?
    let code = wiring.name.withCString { name in
        consumer.withCString { consumer in
            wish.line_name = name
            wish.consumer = consumer
            guard let chip = wiring.chip else { return holdfast_gpio_take(&wish, &line) }
            return chip.withCString { label in
                wish.chip_label = label
                return holdfast_gpio_take(&wish, &line)
            }
        }
    }
    guard code == 0, let line else {
        throw LineFailure(line: wiring.name, consumer: consumer, code: code == 0 ? ENOMEM : code)
    }
    return line
}

extension LineWiring.Pull {
    /// What the chip is asked for. A resistor outside is left alone, and so is the chip's own beside it.
    fileprivate var bias: holdfast_gpio_bias {
        switch self {
        case .up: HOLDFAST_GPIO_BIAS_PULL_UP
        case .down: HOLDFAST_GPIO_BIAS_PULL_DOWN
        case .externalUp, .externalDown, .none: HOLDFAST_GPIO_BIAS_AS_IS
        }
    }
}
