// The lock of a connector: a motor on two half bridges, driven for a moment, and a sense contact.

import BoardProfiles
import Devices
import Post

/// A lock's motor and its sense contact.
final class LockMotor: ConnectorLock {
    private let towardsLocked: HeldOutput
    private let towardsReleased: HeldOutput
    private let senseContact: HeldInput
    private let pulse: Int64
    /// When the motor is switched off.
    private(set) var endsAt: Int64?

    init(_ wiring: LockWiring, _ prefix: String, _ lines: HeldLines) {
        towardsLocked = lines.output(wiring.lock, as: prefix + "lock-close")
        towardsReleased = lines.output(wiring.release, as: prefix + "lock-open")
        senseContact = lines.input(wiring.sense, worst: false, as: prefix + "lock-sense")
        pulse = wiring.pulse.microseconds * 1_000
    }

    func drive(isHeld: Bool) throws(DeviceError) {
        // Never both half bridges at once.
        try (isHeld ? towardsReleased : towardsLocked).set(false)
        try (isHeld ? towardsLocked : towardsReleased).set(true)
        endsAt = monotonicNanoseconds() + pulse
    }

    func sense() throws(DeviceError) -> ContactSense { try senseContact.level() ? .closed : .open }

    /// Ends the pulse when its time has come.
    func service(at now: Int64) {
        guard let due = endsAt, due <= now else { return }
        endsAt = nil
        // A line that fails here is lost, and `HeldLines` has made it safe.
        try? towardsLocked.set(false)
        try? towardsReleased.set(false)
    }
}
