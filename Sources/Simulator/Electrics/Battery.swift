// A vehicle's battery: voltage over state of charge, inner resistance, and the current it asks for.

/// A battery pack. Curves are tables: the same bits on every processor.
public struct Battery: Sendable {
    /// Usable energy in watt-hours.
    public var capacityWattHours: Double
    /// State of charge, 0...1.
    public var stateOfCharge: Double
    /// Inner resistance in ohms.
    public var resistanceOhms: Double
    /// The most current it takes, in amperes.
    public var maximumAmperes: Double
    /// Pack voltage scale: 1 for a 400 V pack, 2 for an 800 V pack.
    public var voltageScale: Double

    /// A pack; 77 kWh, 400 V and 250 A by default, as a common mid-size car has it.
    public init(
        capacityWattHours: Double = 77_000, stateOfCharge: Double = 0.2, resistanceOhms: Double = 0.08,
        maximumAmperes: Double = 250, voltageScale: Double = 1
    ) {
        self.capacityWattHours = capacityWattHours
        self.stateOfCharge = stateOfCharge
        self.resistanceOhms = resistanceOhms
        self.maximumAmperes = maximumAmperes
        self.voltageScale = voltageScale
    }

    /// Open-circuit voltage of a pack of 108 NMC cells: 3.06 V empty to 4.15 V full a cell (typical published cell curve).
    static let openCircuit: [(Double, Double)] = [
        (0.0, 330), (0.05, 352), (0.1, 364), (0.2, 376), (0.4, 391), (0.6, 406), (0.8, 427), (0.9, 438), (1.0, 448),
    ]
    /// Share of the maximum current over state of charge: flat, then a taper (typical fast-charge curve of a mid-size car).
    static let taper: [(Double, Double)] = [
        (0.0, 0.6), (0.08, 1.0), (0.35, 1.0), (0.55, 0.7), (0.75, 0.5), (0.82, 0.32), (0.95, 0.12), (1.0, 0.02),
    ]

    /// Voltage without load, in volts.
    public var openCircuitVolts: Double {
        interpolate(Self.openCircuit, at: stateOfCharge) * voltageScale
    }
    /// The most voltage it may be charged with, in volts.
    public var maximumVolts: Double { 450 * voltageScale }

    /// The current it asks for now: the taper, and never so much that its voltage would pass the maximum.
    public var wantedAmperes: Double {
        let byTaper = interpolate(Self.taper, at: stateOfCharge) * maximumAmperes
        let byVoltage = (maximumVolts - openCircuitVolts) / resistanceOhms
        return max(0, min(byTaper, byVoltage))
    }

    /// Takes in charge: current times open-circuit voltage is what is stored.
    mutating func take(amperes: Double, seconds: Double) {
        let wattHours = amperes * openCircuitVolts * seconds / 3_600
        stateOfCharge = min(1, max(0, stateOfCharge + wattHours / capacityWattHours))
    }
}

/// A straight line between the points of a table.
func interpolate(_ table: [(Double, Double)], at x: Double) -> Double {
    guard let first = table.first, let last = table.last else { return 0 }
    if x <= first.0 { return first.1 }
    var previous = first
    for point in table {
        if x <= point.0 {
            let width = point.0 - previous.0
            return width <= 0 ? point.1 : previous.1 + (point.1 - previous.1) * (x - previous.0) / width
        }
        previous = point
    }
    return last.1
}
