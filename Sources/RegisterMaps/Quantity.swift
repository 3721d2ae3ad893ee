// What a register tells: the quantities, and the whole-number units they are handed on in.

public import StrictYAML

/// A measured quantity. Each is handed on as a whole number of its base unit.
public enum Quantity: String, CaseIterable, Sendable {
    /// Voltage of the DC output, or between phase and neutral of a single phase.
    case voltage
    /// Current, positive towards the vehicle (or the load).
    case current
    /// Active power, positive towards the vehicle (or the load).
    case power
    /// Energy taken by the vehicle (or the load): only rises.
    case energyImport = "energy_import"
    /// Energy given back: only rises.
    case energyExport = "energy_export"
    /// Voltage of phase 1 to neutral.
    case voltageL1 = "voltage_l1"
    /// Voltage of phase 2 to neutral.
    case voltageL2 = "voltage_l2"
    /// Voltage of phase 3 to neutral.
    case voltageL3 = "voltage_l3"
    /// Current of phase 1.
    case currentL1 = "current_l1"
    /// Current of phase 2.
    case currentL2 = "current_l2"
    /// Current of phase 3.
    case currentL3 = "current_l3"
    /// Mains frequency.
    case frequency
    /// Temperature inside the device.
    case temperature
    /// First sensor at a connector's contacts.
    case temperaturePinA = "temperature_pin_a"
    /// Second sensor at a connector's contacts.
    case temperaturePinB = "temperature_pin_b"
    /// Sensor in a connector's handle.
    case temperatureHandle = "temperature_handle"
    /// Insulation resistance to earth, the smaller of the poles.
    case insulation
    /// Voltage of plus against earth.
    case voltagePlusToEarth = "voltage_plus_to_earth"
    /// Voltage of minus against earth, as a rule below zero.
    case voltageMinusToEarth = "voltage_minus_to_earth"

    /// What it is measured in; the first unit is the base unit.
    public var measure: Measure {
        switch self {
        case .voltage, .voltageL1, .voltageL2, .voltageL3, .voltagePlusToEarth, .voltageMinusToEarth: .voltage
        case .current, .currentL1, .currentL2, .currentL3: .current
        case .power: .power
        case .energyImport, .energyExport: .energy
        case .frequency: Measure("a frequency", [.init("mHz", 1), .init("Hz", 1_000)])
        case .temperature, .temperaturePinA, .temperaturePinB, .temperatureHandle:
            Measure("a temperature", [.init("mdegC", 1), .init("degC", 1_000)])
        case .insulation: .resistance
        }
    }

    /// Whether export instead of import turns its sign.
    var hasDirection: Bool {
        switch self {
        case .current, .power, .currentL1, .currentL2, .currentL3: true
        default: false
        }
    }

    /// The value as people read it: "401.2 V".
    public func written(_ value: Int64) -> String {
        let units = measure.units
        let unit = units.count > 1 && self != .power ? units[1] : units[0]
        guard unit.size > 1 else { return "\(value) \(unit.symbol)" }
        var decimals = String(value.magnitude % UInt64(unit.size))
        decimals = String(repeating: "0", count: String(unit.size).count - 1 - decimals.count) + decimals
        return "\(value < 0 ? "-" : "")\(value.magnitude / UInt64(unit.size)).\(decimals) \(unit.symbol)"
    }
}

/// How a value lies in its registers.
public enum RegisterType: String, CaseIterable, Sendable {
    /// One register, two's complement.
    case int16
    /// One register.
    case uint16
    /// Two registers, two's complement.
    case int32
    /// Two registers.
    case uint32
    /// Four registers, two's complement.
    case int64
    /// Four registers.
    case uint64
    /// Two registers, IEEE 754.
    case float32
    /// Four registers, IEEE 754.
    case float64
    /// Two registers: a signed decimal exponent in the top byte, then 24 bits without sign (Iskra's T5).
    case decade24 = "unsigned_decade"
    /// Two registers: a signed decimal exponent in the top byte, then 24 bits with sign (Iskra's T6).
    case signedDecade24 = "signed_decade"

    /// How many registers it takes.
    public var registers: Int {
        switch self {
        case .int16, .uint16: 1
        case .int32, .uint32, .float32, .decade24, .signedDecade24: 2
        case .int64, .uint64, .float64: 4
        }
    }
}

/// Which register of a value holds its most significant bits.
public enum WordOrder: String, CaseIterable, Sendable {
    /// The first: the usual order.
    case big
    /// The last.
    case little
}
