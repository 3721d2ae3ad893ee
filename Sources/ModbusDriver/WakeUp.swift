// Wakes a bus thread out of poll(2): an eventfd that never blocks whoever writes to it.

import CLibmodbus
import Glibc

/// A descriptor that becomes readable when somebody has something to say. A thousand wakes are one.
final class WakeUp: Sendable {
    /// The descriptor to poll for reading; -1 if the process has none left.
    let descriptor: Int32

    init() { descriptor = holdfast_eventfd() }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func wake() { holdfast_eventfd_wake(descriptor) }

    func drain() { holdfast_eventfd_drain(descriptor) }
}
