// Two contactor poles with coil, delay, bounce, weld, and mirror contacts on wires of their own.

import Devices
import Post

/// The contactors of one connector. The permissive drives both poles; each pole has its own faults.
final class SimulatedContactors: PowerPermissive {
    /// One pole.
    struct Pole {
        var isClosed = false
        var isWelded = false
        var isStuckOpen = false
        /// The mirror contact sticks at this, whatever the pole does.
        var mirrorStuck: ContactSense?
        /// Whether the mirror contact reads the opposite, as it does while it bounces.
        var isMirrorFlipped = false

        var mirror: ContactSense {
            if let mirrorStuck { return mirrorStuck }
            return isClosed != isMirrorFlipped ? .closed : .open
        }
    }

    /// Operate and release time in milliseconds: a common 500 A DC contactor (engineering default).
    var operateMilliseconds: Int64 = 25
    var releaseMilliseconds: Int64 = 12
    /// How often the mirror contacts bounce at each operation.
    var bounces = 2
    var plus = Pole()
    var minus = Pole()
    var isDriven = false
    /// The chip or board that drives the lines is gone.
    var isLost = false
    private(set) var generation: UInt32 = 0
    private(set) var operations = 0
    let plan: (_ afterMilliseconds: Int64, _ generation: UInt32) -> Void

    init(plan: @escaping (Int64, UInt32) -> Void) { self.plan = plan }

    func allow(_ degree: PowerDegree) throws(DeviceError) {
        if isLost { throw .gone }
        drive(true)
    }

    func withdraw() throws(DeviceError) {
        if isLost {
            // The line's own pull lets the coil go.
            drive(false)
            throw .gone
        }
        drive(false)
    }

    func readBack() throws(DeviceError) -> (plus: ContactSense, minus: ContactSense) {
        if isLost { throw .gone }
        return (plus.mirror, minus.mirror)
    }

    func drive(_ isOn: Bool) {
        guard isDriven != isOn else { return }
        isDriven = isOn
        generation &+= 1
        operations += 1
        plan(isOn ? operateMilliseconds : releaseMilliseconds, generation)
    }

    /// The coil has had its time: the poles follow as far as they can.
    func settle() {
        plus.isClosed = plus.isWelded || (isDriven && !plus.isStuckOpen)
        minus.isClosed = minus.isWelded || (isDriven && !minus.isStuckOpen)
    }
}
