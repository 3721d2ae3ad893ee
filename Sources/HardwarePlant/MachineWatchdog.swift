// The machine's own watchdog: resets the machine when the control loop has not turned for too long.

import BoardProfiles
import Glibc
import Post
import Synchronization

/// A watchdog device of the kernel (linux/watchdog.h), fed by the loop's own turns and by nothing else.
///
/// The last of three: the gate opens the contactors within two seconds, the service manager ends a daemon that hangs after
/// five. This one is for a kernel that hangs as well. A daemon that was killed leaves it counting: the next one goes on
/// feeding it, and where none comes the machine is reset.
final class MachineWatchdog: Sendable {
    /// Shortest time between two feeds, and between two attempts to open it. Engineering default: the loop's own beat.
    static let fedEvery: Interval = .seconds(1)
    /// `_IOWR('W', 6, int)`, which Swift does not import.
    private static let setTimeout: UInt = 0xC004_5706

    private struct State {
        var descriptor: Int32 = -1
        var nextAt = Instant.zero
        var trouble: String?
    }
    private let wiring: MachineWatchdogWiring
    private let state = Mutex(State())

    init(_ wiring: MachineWatchdogWiring) { self.wiring = wiring }

    /// What is wrong with it, and what to do; nil while it is fed.
    var trouble: String? { state.withLock { $0.trouble } }

    /// The loop has turned. Opens the device where it is not open; a watchdog that cannot be had keeps no post from serving.
    func feed(at now: Instant) {
        state.withLock { state in
            guard now >= state.nextAt else { return }
            state.nextAt = now + Self.fedEvery
            if state.descriptor < 0 { open(&state) }
            guard state.descriptor >= 0 else { return }
            var byte: UInt8 = 0
            guard write(state.descriptor, &byte, 1) != 1 else { return }
            state.trouble = sentence(errno)
            close(state.descriptor)
            state.descriptor = -1
        }
    }

    /// The daemon ends as it was told to: nobody will feed it, and the machine is not to be reset for that. A kernel whose
    /// watchdogs cannot be stopped (`nowayout`) goes on counting.
    func stop() {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            var goodbye = UInt8(ascii: "V")
            _ = write(state.descriptor, &goodbye, 1)
            close(state.descriptor)
            state.descriptor = -1
        }
    }

    private func open(_ state: inout State) {
        let descriptor = Glibc.open(wiring.device, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            state.trouble = sentence(errno)
            return
        }
        var seconds = Int32(clamping: wiring.resetsAfter.microseconds / 1_000_000)
        if ioctl(descriptor, Self.setTimeout, &seconds) == 0 {
            state.trouble = nil
        } else if errno == ENOTTY {
            state.trouble = "\(wiring.device) is no watchdog: name the machine's own under machine_watchdog."
            close(descriptor)
            return
        } else {
            state.trouble =
                "The machine's watchdog \(wiring.device) does not take \(seconds) s and keeps a time of its own: set a "
                + "resets_after that it takes (wdctl shows its times)."
        }
        state.descriptor = descriptor
    }

    private func sentence(_ code: Int32) -> String {
        let name = "The machine's watchdog \(wiring.device)"
        return switch code {
        case EBUSY:
            "\(name) is held by somebody else: set RuntimeWatchdogSec=0 in systemd's system.conf, or leave machine_watchdog out."
        case ENOENT, ENXIO, ENODEV: "\(name) does not exist: load its driver; wdctl lists what there is."
        case EACCES, EPERM:
            "\(name) may not be opened: give the daemon's user the device, and the unit DeviceAllow=char-watchdog rw."
        default: "\(name) is not fed (error \(code)): look at dmesg."
        }
    }
}
