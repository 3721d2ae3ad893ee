// What a device says in which registers: one immutable value, made of one file.

/// What kind of device a map describes.
public enum DeviceKind: String, CaseIterable, Sendable {
    /// A meter of a DC output.
    case dcMeter = "dc_meter"
    /// A meter of an AC connection.
    case acMeter = "ac_meter"
    /// An insulation monitor.
    case insulationMonitor = "insulation_monitor"
    /// A DC power stage.
    case powerStage = "power_stage"
    /// Temperatures of a connector.
    case thermometers
}

/// One value and where it lies.
public struct RegisterValue: Hashable, Sendable {
    /// A raw value that stands for "not available".
    public enum Missing: String, CaseIterable, Sendable {
        /// Every raw value means what it says.
        case none
        /// The type's highest value.
        case highest
        /// The type's lowest value.
        case lowest
    }

    /// What it tells.
    public var quantity: Quantity
    /// Which kind of register.
    public var function: RegisterFunction
    /// The first register's address on the wire.
    public var address: UInt16
    /// How it lies there.
    public var type: RegisterType
    /// Which register comes first.
    public var order: WordOrder
    /// Millionths by which the raw value is multiplied to get `unitSize` base units.
    public var scaleMillionths: Int64
    /// By which it is divided then.
    public var divisor: Int64
    /// Base units in the unit that the manual names.
    public var unitSize: Int64
    /// Register of a decimal exponent that multiplies the value, and what is added to it.
    public var exponent: Exponent?
    /// Whether a positive raw value flows from the vehicle.
    public var countsExport: Bool
    /// Which raw value means "not available".
    public var missing: Missing
    /// What is plausible, in base units; all else is refused.
    public var range: ClosedRange<Int64>

    /// A decimal exponent that lies in a register of its own.
    public struct Exponent: Hashable, Sendable {
        /// Its address; of the same kind as the value's, two's complement.
        public var address: UInt16
        /// What is added to it.
        public var plus: Int
    }

    /// Its registers.
    public var block: RegisterBlock { RegisterBlock(function, address, count: type.registers) }
}

/// A condition on the bits of one register.
public struct RegisterCondition: Hashable, Sendable {
    /// Which kind of register.
    public var function: RegisterFunction
    /// Its address on the wire.
    public var address: UInt16
    /// The bits that count.
    public var mask: UInt16
    /// What they must be.
    public var equals: UInt16
    /// Whether they must not be that instead.
    public var isNegated: Bool

    /// Its register.
    public var block: RegisterBlock { RegisterBlock(function, address, count: 1) }

    /// Whether it holds for that word.
    public func holds(for word: UInt16) -> Bool { (word & mask == equals) != isNegated }
}

/// One bit of a status register that is set while the device has a fault of its own.
public struct FaultBit: Hashable, Sendable {
    /// What the device's manual calls it, in words of its own.
    public var name: String
    /// Which kind of register.
    public var function: RegisterFunction
    /// Its address on the wire.
    public var address: UInt16
    /// Which bit, from 0, the least significant.
    public var bit: Int

    /// Its register.
    public var block: RegisterBlock { RegisterBlock(function, address, count: 1) }

    /// Whether it is set in that word.
    public func isSet(in word: UInt16) -> Bool { word >> UInt16(bit) & 1 == 1 }
}

/// The number by which one device is told from another of its kind.
public struct SerialNumber: Hashable, Sendable {
    /// Its registers: a text, or a number.
    public var block: RegisterBlock
    /// Whether they hold characters.
    public var isText: Bool
}

/// What is told to a device, as writes in their order, each read back.
public struct ControlMap: Hashable, Sendable {
    /// A value to be set.
    public struct Setpoint: Hashable, Sendable {
        /// The holding register.
        public var address: UInt16
        /// Raw units at `full` base units.
        public var rawAtFull: UInt16
        /// Base units (mV, mA) at `rawAtFull`.
        public var full: Int64
    }
    /// What switches something.
    public enum Switch: Hashable, Sendable {
        /// A coil, and its value for "on".
        case coil(UInt16)
        /// A holding register, its value for "on" and its value for "off".
        case register(UInt16, on: UInt16, off: UInt16)
    }

    /// Where an output can be read back.
    public var outputBlock: RegisterBlock? {
        switch output {
        case .coil(let address): RegisterBlock(.coil, address, count: 1)
        case .register(let address, _, _): RegisterBlock(.holding, address, count: 1)
        case nil: nil
        }
    }

    /// What hands the device over to the bus, before anything else.
    public var remote: Switch?
    /// The output, or the measurement.
    public var output: Switch?
    /// Voltage.
    public var voltage: Setpoint?
    /// Current.
    public var current: Setpoint?
    /// What starts a self-test; the value written.
    public var test: (address: UInt16, value: UInt16)?

    /// Whether two maps say the same.
    public static func == (left: Self, right: Self) -> Bool {
        left.remote == right.remote && left.output == right.output && left.voltage == right.voltage
            && left.current == right.current && left.test?.address == right.test?.address
            && left.test?.value == right.test?.value
    }
    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(output)
        hasher.combine(voltage)
        hasher.combine(current)
    }
}

/// What a device says in which registers.
public struct RegisterMap: Sendable {
    /// What it is called in profiles: its file's name.
    public var name: String
    /// Maker and model.
    public var title: String
    /// What kind of device.
    public var kind: DeviceKind
    /// Where the map was published.
    public var sources: [String]
    /// Against what it was checked; a map is no proof.
    public var checked: String
    /// The factory setting of its serial line.
    public var baud: Int32
    /// Its parity: none, even, odd.
    public var parity: String
    /// Its stop bits.
    public var stopBits: Int32
    /// Its factory unit number.
    public var unit: UInt8
    /// How long it may take to answer.
    public var answersWithinMicroseconds: Int64
    /// The most registers it hands over at once.
    public var registersAtMost: Int
    /// The step in which a request may be longer or shorter: 2 where a device hands over pairs only.
    public var step: Int
    /// Registers that may be read in one go although not every one is used.
    public var readable: [RegisterBlock]
    /// What makes sure that this is the device: a register and the values it may have.
    public var expectations: [Expectation]
    /// The serial number, where the map tells.
    public var serialNumber: SerialNumber?
    /// The values.
    public var values: [RegisterValue]
    /// What must hold for the values to count.
    public var conditions: [RegisterCondition]
    /// While all of these hold, a self-test runs.
    public var testRuns: [RegisterCondition]
    /// If all of these hold, the device reports a fault of its own.
    public var hasFault: [RegisterCondition]
    /// If any of these is set, the device reports that fault of its own.
    public var faultBits: [FaultBit]
    /// Where the import register begins anew, in watt-hours.
    public var rollsOverAtWattHours: Int64?
    /// More power than this passes through no such device, in watts.
    public var ratedWatts: Int64
    /// What is told to it.
    public var controls: ControlMap

    /// A register and the values it may have.
    public struct Expectation: Hashable, Sendable {
        /// Its register.
        public var block: RegisterBlock
        /// The values it may have.
        public var oneOf: [UInt16]
    }

    /// The value of that quantity, where the map has one.
    public func value(_ quantity: Quantity) -> RegisterValue? { values.first { $0.quantity == quantity } }
}
