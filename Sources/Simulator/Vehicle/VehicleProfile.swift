// What a vehicle is: its battery, what it takes, what its driver wants.

/// A vehicle before it is plugged in.
public struct VehicleProfile: Sendable {
    /// Its name in reports.
    public var name: String
    /// Cells in series.
    public var cells: Int
    /// Charge when full, in ampere-hours.
    public var ampereHours: Double
    /// Resistance of battery and vehicle contactors in milliohms.
    public var milliohms: Double
    /// The most voltage and current it ever asks for.
    public var maximumVolts: Double
    /// The most current it ever asks for, in amperes.
    public var maximumAmperes: Double
    /// The power it takes at 0, 10 ... 100 % state of charge, in kilowatts.
    public var kilowatts: [Double]
    /// State of charge when it arrives, in tenths of a percent, 0...1000.
    public var arrivesAtPerMille: Int
    /// State of charge at which it asks for the end, in tenths of a percent.
    public var targetPerMille: Int
    /// Its good and bad manners.
    public var manners = VehicleManners()

    /// A vehicle with these values.
    public init(
        name: String, cells: Int, ampereHours: Double, milliohms: Double, maximumVolts: Double,
        maximumAmperes: Double,
        kilowatts: [Double], arrivesAtPerMille: Int = 200, targetPerMille: Int = 800
    ) {
        self.name = name
        self.cells = cells
        self.ampereHours = ampereHours
        self.milliohms = milliohms
        self.maximumVolts = maximumVolts
        self.maximumAmperes = maximumAmperes
        self.kilowatts = kilowatts
        self.arrivesAtPerMille = arrivesAtPerMille
        self.targetPerMille = targetPerMille
    }

    /// A 400 V sedan with 77 kWh. Its taper meets a published measurement: 20 % to 80 % in 31 minutes at 91 kW on
    /// average (InsideEVs, "Ultimate fast charging card: Volkswagen ID.4 82 kWh", 2021).
    public static let sedan400 = VehicleProfile(
        name: "sedan400", cells: 96, ampereHours: 214, milliohms: 45, maximumVolts: 402, maximumAmperes: 350,
        kilowatts: [110, 125, 125, 114, 102, 92, 84, 78, 70, 42, 12])

    /// An 800 V sedan with 77 kWh: high power up to half, then steps down. Engineering default.
    public static let sedan800 = VehicleProfile(
        name: "sedan800", cells: 192, ampereHours: 107, milliohms: 90, maximumVolts: 804, maximumAmperes: 320,
        kilowatts: [180, 220, 225, 228, 230, 215, 180, 150, 125, 45, 15])

    /// A small 400 V car with 40 kWh and a low ceiling. Engineering default.
    public static let compact400 = VehicleProfile(
        name: "compact400", cells: 96, ampereHours: 111, milliohms: 85, maximumVolts: 402, maximumAmperes: 125,
        kilowatts: [42, 46, 47, 47, 46, 44, 40, 34, 26, 16, 6])

    /// A lorry at 700 V with 300 kWh. Engineering default.
    public static let lorry = VehicleProfile(
        name: "lorry", cells: 180, ampereHours: 450, milliohms: 40, maximumVolts: 754, maximumAmperes: 500,
        kilowatts: [250, 300, 300, 300, 300, 290, 270, 250, 220, 120, 40])

    /// Every profile that has a name of its own.
    public static let all = [sedan400, sedan800, compact400, lorry]

    /// The profile of that name, or nil.
    public static func named(_ name: String) -> VehicleProfile? { all.first { $0.name == name } }

    /// The usual voltage of a cell, by which a battery's energy makes its charge. 3.75 V: engineering default.
    private static let usualCellVolts = 3.75

    /// The usable energy of its battery in watt-hours.
    public var wattHours: Int64 { Int64((ampereHours * Double(cells) * Self.usualCellVolts).rounded()) }
    /// The current that it takes throughout, in milliamperes; nil where it follows a curve.
    public var steadyMilliamperes: Int64? {
        kilowatts.count == 1 ? Int64((maximumAmperes * 1_000).rounded()) : nil
    }

    /// The same vehicle with a battery of that usable energy in watt-hours, or taking that current in milliamperes throughout;
    /// nil leaves what it is.
    public func with(wattHours: Int64?, steadyMilliamperes: Int64?) -> VehicleProfile {
        var vehicle = self
        if let wattHours { vehicle.ampereHours = Double(wattHours) / (Double(cells) * Self.usualCellVolts) }
        if let steadyMilliamperes {
            vehicle.maximumAmperes = Double(steadyMilliamperes) / 1_000
            vehicle.kilowatts = [vehicle.maximumAmperes * vehicle.maximumVolts / 1_000]
        }
        return vehicle
    }

    /// The power it takes at that state of charge (0...1), in watts: straight lines between the points of the table.
    func watts(at share: Double) -> Double {
        guard kilowatts.count > 1 else { return (kilowatts.first ?? 0) * 1_000 }
        let position = share * Double(kilowatts.count - 1)
        let lower = min(max(Int(position), 0), kilowatts.count - 2)
        return (kilowatts[lower] + (kilowatts[lower + 1] - kilowatts[lower]) * (position - Double(lower))) * 1_000
    }
}

/// How a vehicle behaves. The defaults are good manners.
public struct VehicleManners: Hashable, Sendable {
    /// It never answers: no messages at all.
    public var isMute = false
    /// It talks, and never becomes ready for the cable check.
    public var isNeverReady = false
    /// It goes on asking when it is told to stop.
    public var ignoresStop = false
    /// It asks for more than the limit it was told.
    public var ignoresLimits = false
    /// Added to the voltage it asks for in pre-charge.
    public var preChargeOffsetVolts = 0.0
    /// It never closes its own contactors.
    public var neverCloses = false
    /// The diode in its inlet is missing.
    public var isDiodeMissing = false
    /// It asks for ventilation as well where it asks for energy: state D in place of C.
    public var asksForVentilation = false
    /// It pauses this many seconds after the first ampere, for `pauseSeconds`; 0 never.
    public var pausesAfterSeconds: Int64 = 0
    /// How long that pause is.
    public var pauseSeconds: Int64 = 0
    /// How long it takes, in seconds, from the cable check until it asks for pre-charge.
    public var preChargeAfterSeconds: Int64 = 0
    /// It does not tell its state of charge.
    public var hidesStateOfCharge = false

    /// Good manners.
    public init() {}

    private static func with(_ change: (inout VehicleManners) -> Void) -> VehicleManners {
        var manners = VehicleManners()
        change(&manners)
        return manners
    }

    /// Manners that have a name, by the words of scenarios and benches, each with what it means. Faults of a vehicle on the way
    /// are injected. New ones come last: a bench keeps the position of a vehicle's manners.
    public static let words: [(word: String, manners: VehicleManners, summary: String)] = [
        ("polite", VehicleManners(), "As the standards ask."),
        ("never_ready", with { $0.isNeverReady = true }, "Never gets ready after authorization."),
        (
            "wrong_target", with { $0.preChargeOffsetVolts = -80 },
            "Asks for a pre-charge voltage that is not its battery's."
        ),
        ("ignores_stop", with { $0.ignoresStop = true }, "Goes on asking after it was told to stop."),
        ("never_closes", with { $0.neverCloses = true }, "Never closes its own contactors."),
        (
            "pauses",
            with {
                $0.pausesAfterSeconds = 10
                $0.pauseSeconds = 30
            }, "Pauses after ten seconds and goes on after thirty."
        ),
        ("hides_charge", with { $0.hidesStateOfCharge = true }, "Does not tell its state of charge."),
        (
            "hesitates", with { $0.preChargeAfterSeconds = 30 },
            "Takes half a minute from the cable check to pre-charge."
        ),
    ]
}
