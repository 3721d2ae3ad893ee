// What the loop's thread has to say to a device at a bus: one place for the cadence, one for a command.

import Post
import Synchronization
import Threads

/// A step of a command: a write, or a read that must find what was written.
enum CommandStep: Hashable, Sendable {
    case write(ModbusRequest.Body)
    case verify(ModbusRequest.Body, [UInt16])
}

/// A command as the writes it takes, in their order.
struct ScriptedCommand: Sendable {
    /// Under which its outcome is awaited; nil if nobody waits.
    var number: CommandNumber?
    var steps: [CommandStep]
    /// "Off": overtakes everything, is sent again when the way to the device was lost, and waits for no late answer.
    var isOff: Bool
    /// Begins a self-test.
    var beginsTest = false
}

/// How the polling of a device is going, for status and doctor.
public struct DeviceHealth: Hashable, Sendable {
    /// Samples handed on.
    public var samples: UInt64 = 0
    /// Cycles that gave none.
    public var misses: UInt64 = 0
    /// Misses since the last sample.
    public var missesInARow: UInt64 = 0
    /// Why the last exchange failed; nil after a sample.
    public var lastFailure: ModbusFailure?
    /// Why there is no way to the device; nil while there is one.
    public var linkFailure: ModbusFailure?
    /// Why the last answer did not count; nil after a sample.
    public var lastDoubt: String?
    /// The faults of its own that the device reported with the last sample, by the names of its map.
    public var faults: [String] = []
}

/// The places between the loop's thread and the bus thread. Locked for the copying of a few words, never for waiting.
final class DeviceSlot: Sendable {
    private struct State {
        var isFast = false
        var command: ScriptedCommand?
        var health = DeviceHealth()
    }
    private let state = Mutex(State())
    private let wakeUp: WakePipe?

    init(_ wakeUp: WakePipe?) { self.wakeUp = wakeUp }

    var isFast: Bool { state.withLock { $0.isFast } }

    func setFast(_ isFast: Bool) {
        state.withLock { $0.isFast = isFast }
        wakeUp?.wake()
    }

    /// Puts a command in its place; returns the number of the one that waited there and is now superseded.
    func put(_ command: ScriptedCommand) -> CommandNumber? {
        let superseded = state.withLock { state -> CommandNumber? in
            let waiting = state.command?.number
            state.command = command
            return waiting
        }
        wakeUp?.wake()
        return superseded
    }

    func take() -> ScriptedCommand? {
        state.withLock { state in
            let command = state.command
            state.command = nil
            return command
        }
    }

    var health: DeviceHealth { state.withLock { $0.health } }

    func note(_ change: (inout DeviceHealth) -> Void) { state.withLock { change(&$0.health) } }
}
