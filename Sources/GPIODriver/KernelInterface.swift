// What the machine has of GPIO: its chips, and whether this process and its libgpiod can speak to them.

import CLibgpiod
import Glibc

/// The kernel's GPIO interface as this process meets it.
public struct KernelInterface: Hashable, Sendable {
    /// The chips' files, such as `/dev/gpiochip0`.
    public var chips: [String]
    /// The error number with which one of them cannot be looked at; 0: all can.
    public var code: Int32

    /// Looks now. No line is taken.
    public static func look() -> KernelInterface {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob("/dev/gpiochip*", 0, nil, &found) == 0 else { return KernelInterface(chips: [], code: 0) }
        let chips = (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
        var sight = holdfast_gpio_sight()
        // No line is called so: any other answer than that is one about the chips.
        let code = holdfast_gpio_look(nil, "holdfast: none", &sight)
        return KernelInterface(chips: chips, code: code == ENOENT ? 0 : code)
    }
}
