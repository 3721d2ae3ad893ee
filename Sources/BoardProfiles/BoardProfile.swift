// A board profile: which line, bus and device of a machine is what on the post. A checked value.

public import Post

/// Everything that a driver has to know about one board.
public struct BoardProfile: Hashable, Sendable {
    /// What the board is called.
    public var name: String
    /// The hardware watchdog.
    public var watchdog: WatchdogWiring
    /// The post's interlocks.
    public var interlocks: InterlockWiring
    /// One entry a connector, in the order of the daemon's configuration.
    public var connectors: [ConnectorWiring]
    /// One entry a stage, in that order.
    public var stages: [StageWiring]
    /// What runs the fans; nil where they run by themselves.
    public var cooling: LineWiring?
    /// The wires that far devices hang on.
    public var buses: [BusWiring]
    /// The link to the safety controller, which measures pilot and proximity.
    public var safetyLink: SafetyLinkWiring
    /// One entry a card reader.
    public var readers: [ReaderWiring]
    /// What the bench simulates beside the real devices; empty on a post.
    public var simulated: [SimulatedDevice] = []
    /// The machine's own watchdog; nil: not the daemon's affair.
    public var machineWatchdog: MachineWatchdogWiring?
    /// Whether what is simulated of meters, insulation monitors and stages speaks Modbus, as the real ones do.
    public var simulatedSpeakModbus = false
}

/// A kind of device that the bench daemon can simulate while the others are real.
public enum SimulatedDevice: String, Hashable, Sendable, CaseIterable {
    /// The vehicle, its battery and its link.
    case vehicle
    /// Power stages. Their shunt trips stay lines.
    case stages
    /// Insulation monitors.
    case insulation
    /// Energy meters.
    case meters
    /// Thermometers.
    case thermometers
    /// Pilot and proximity: then no safety controller is spoken to.
    case pilots
}

/// One line of a chip. Levels are logical: an active line is one that does, or reports, what it is named for.
public struct LineWiring: Hashable, Sendable {
    /// The line's name, as device tree or firmware gives it.
    public var name: String
    /// The label of its chip, where several chips have a line of that name; nil: the name alone is enough.
    public var chip: String?
    /// Whether the low voltage is the active level.
    public var isActiveLow: Bool
    /// What the line does when nobody drives it.
    public var pull: Pull

    /// What holds a line's level when nobody drives it.
    public enum Pull: Hashable, Sendable, CaseIterable {
        /// The chip's own resistor, upwards.
        case up
        /// The chip's own resistor, downwards.
        case down
        /// A resistor on the board, upwards: holds whether or not the chip is configured.
        case externalUp
        /// A resistor on the board, downwards.
        case externalDown
        /// Nothing: the other end always drives it.
        case none
    }

    /// A line of that name.
    public init(name: String, chip: String? = nil, isActiveLow: Bool = false, pull: Pull = .none) {
        self.name = name
        self.chip = chip
        self.isActiveLow = isActiveLow
        self.pull = pull
    }

    /// The logical level that a cut wire, or a line that nobody drives, is pulled to; nil: nobody knows.
    public var levelAtRest: Bool? {
        switch pull {
        case .up, .externalUp: !isActiveLow
        case .down, .externalDown: isActiveLow
        case .none: nil
        }
    }

    /// Whether the pull is there even when the chip is not: in reset, before the boot, after a crash.
    public var isPulledOutside: Bool { pull == .externalUp || pull == .externalDown }
}

/// An input and how long its level has to stand before it counts.
public struct InputWiring: Hashable, Sendable {
    /// The line.
    public var line: LineWiring
    /// The debounce time; zero: every level counts.
    public var debounce: Interval

    /// An input on that line.
    public init(_ line: LineWiring, debounce: Interval = .zero) {
        self.line = line
        self.debounce = debounce
    }
}

/// The gate that opens the contactors when nobody feeds it.
public enum WatchdogWiring: Hashable, Sendable {
    /// A line that the loop toggles.
    case line(LineWiring, toggleEvery: Interval, gateOpensAfter: Interval)
    /// There is none, and the person who wrote the profile says why that is safe.
    case none(reason: String)
}

/// The machine's own watchdog, which resets the machine.
public struct MachineWatchdogWiring: Hashable, Sendable {
    /// Its device file.
    public var device: String
    /// How long after the loop's last turn the machine is reset.
    public var resetsAfter: Interval
}

/// The interlocks: closed-circuit wires, active while the circuit is closed and all is well.
public struct InterlockWiring: Hashable, Sendable {
    /// Emergency stop.
    public var emergencyStop: InputWiring
    /// Doors.
    public var door: InputWiring
    /// Tilt and water; nil where nothing of the kind is fitted.
    public var tiltOrWater: InputWiring?
    /// The protective-earth monitor's contact.
    public var protectiveEarth: InputWiring
    /// The supply monitor's contact; nil where the stage's own word is used.
    public var grid: InputWiring?
    /// The residual-current device's auxiliary contact; nil where it has none, and the stage's own word is used.
    public var residualCurrent: InputWiring?
    /// The contact by which the residual-current device says that it has passed its own test; nil where it tests nothing.
    public var residualCurrentTest: InputWiring?
    /// The phase monitor's contact; nil where the stage's own word is used.
    public var phases: InputWiring?
    /// The contact of the coolant's pressure or level switch; nil where there is none.
    public var coolant: InputWiring?
}

/// A contactor: what drives its coil and what tells its position.
public struct ContactorWiring: Hashable, Sendable {
    /// The line of the coil.
    public var drive: LineWiring
    /// The mirror contact, a wire of its own: active means closed.
    public var mirror: InputWiring
}

/// The lines of one connector.
public struct ConnectorWiring: Hashable, Sendable {
    /// The positive contactor.
    public var plus: ContactorWiring
    /// The negative contactor.
    public var minus: ContactorWiring
    /// How long a contactor takes to open, at most.
    public var opensWithin: Interval
    /// The lock, or nil where the vehicle holds the plug.
    public var lock: LockWiring?
    /// The line that connects the discharge resistor, or nil.
    public var discharge: LineWiring?
    /// The stop button, closed-circuit: active while it is not pressed; or nil.
    public var stopButton: InputWiring?
    /// The lamp, or nil.
    public var lamp: LampWiring?
    /// The proximity contact as a line, active while the plug sits; nil: the safety controller measures it.
    public var proximity: InputWiring?
    /// The energy meter.
    public var meter: BusDeviceWiring?
    /// The insulation monitor.
    public var insulation: BusDeviceWiring?
    /// The thermometers at the contacts.
    public var thermometers: BusDeviceWiring?
}

/// A lock's motor on two half bridges, and its sense contact.
public struct LockWiring: Hashable, Sendable {
    /// Drives it towards locked.
    public var lock: LineWiring
    /// Drives it towards released.
    public var release: LineWiring
    /// How long it is driven.
    public var pulse: Interval
    /// The sense contact: active means locked.
    public var sense: InputWiring
}

/// A lamp of three colours.
public struct LampWiring: Hashable, Sendable {
    /// Red.
    public var red: LineWiring
    /// Green.
    public var green: LineWiring
    /// Blue.
    public var blue: LineWiring
}

/// A power stage.
public struct StageWiring: Hashable, Sendable {
    /// The line of the shunt trip, which cuts the stage off from its supply.
    public var upstreamTrip: LineWiring
    /// Where the stage is reached.
    public var device: BusDeviceWiring?
}

/// A device behind a bus.
public struct BusDeviceWiring: Hashable, Sendable {
    /// The bus's name.
    public var bus: String
    /// The Modbus unit, 1...247.
    public var unit: UInt8
    /// The name of its register map.
    public var map: String

    /// A device of that map at that place.
    public init(bus: String, unit: UInt8, map: String) {
        self.bus = bus
        self.unit = unit
        self.map = map
    }
}

/// A wire with Modbus devices.
public struct BusWiring: Hashable, Sendable {
    /// What the profile calls it.
    public var name: String
    /// What it is.
    public var kind: Kind

    /// A bus of that name.
    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// Serial or network.
    public enum Kind: Hashable, Sendable {
        /// RS-485.
        case serial(SerialBus)
        /// TCP, to a numeric address.
        case tcp(address: String, port: UInt16)
    }

    /// Parity of a byte.
    public enum Parity: Hashable, Sendable {
        /// None.
        case none
        /// Even.
        case even
        /// Odd.
        case odd
    }

    /// Who turns the transceiver round.
    public enum DirectionControl: Hashable, Sendable {
        /// The kernel's RS-485 mode.
        case kernel
        /// The hardware by itself.
        case hardware
    }
}

/// A serial line with Modbus devices, and how it is set.
public struct SerialBus: Hashable, Sendable {
    /// The device file.
    public var device: String
    /// Bits a second.
    public var baud: Int
    /// The guard bit.
    public var parity: BusWiring.Parity
    /// 1 or 2.
    public var stopBits: Int
    /// Who turns the transceiver round.
    public var direction: BusWiring.DirectionControl
    /// Whether the adapter hands back everything that is sent.
    public var echoes: Bool

    /// A line with these settings.
    public init(
        device: String, baud: Int, parity: BusWiring.Parity, stopBits: Int = 1,
        direction: BusWiring.DirectionControl, echoes: Bool = false
    ) {
        self.device = device
        self.baud = baud
        self.parity = parity
        self.stopBits = stopBits
        self.direction = direction
        self.echoes = echoes
    }
}

/// The serial link to the safety controller.
public struct SafetyLinkWiring: Hashable, Sendable {
    /// The serial device.
    public var device: String
    /// Its speed.
    public var baud: Int
    /// How long the controller filters pilot and proximity before it says that they changed.
    public var filter: Interval
    /// How soon a change is sent: the frame does not wait for its turn.
    public var changeSentWithin: Interval
}

/// A card reader.
public struct ReaderWiring: Hashable, Sendable {
    /// How it speaks.
    public var kind: Kind
    /// Its device file.
    public var device: String

    /// How a reader speaks.
    public enum Kind: Hashable, Sendable {
        /// Lines of text over a serial port.
        case serial(baud: Int)
        /// As a keyboard.
        case keyboard
    }

    /// A reader of that kind.
    public init(kind: Kind, device: String) {
        self.kind = kind
        self.device = device
    }
}
