// The circuit of one connector: stage, contactors, contacts, vehicle. Parts meet only at their terminals.

import Post

/// What a power stage is able to do. Values of a common 150 kW group of 30 kW modules (engineering defaults).
public struct StageRating: Sendable {
    /// Number of modules; each gives an equal share of the current.
    public var modules = 5
    /// Current of all modules, in amperes.
    public var maximumAmperes = 400.0
    /// Power of all modules, in watts.
    public var maximumWatts = 150_000.0
    /// Voltage in volts.
    public var maximumVolts = 920.0
    /// How fast the voltage rises without a battery, in volts a second.
    public var voltsPerSecond = 400.0
    /// How fast the current rises and falls, in amperes a second.
    public var amperesPerSecondUp = 150.0
    /// The same downwards.
    public var amperesPerSecondDown = 600.0
    /// Ripple of the current, as a share.
    public var ripple = 0.002
    /// Share of the grid's power that reaches the output.
    public var efficiency = 0.955

    /// The defaults.
    public init() {}
}

/// The electrical state of one connector, in volts, amperes, watts and joules. Advanced on demand, by whoever looks or
/// changes something; in steps of 1 ms around changes and up to 100 ms in steady charge.
struct Circuit: Sendable {
    // What others set

    var rating = StageRating()
    var isStageOn = false
    var targetVolts = 0.0
    var limitAmperes = 0.0
    var workingModules = 5
    /// A stage that is out of calibration by this much.
    var voltageOffset = 0.0
    var isCutOff = false
    var hasGrid = true
    var plusClosed = false
    var minusClosed = false
    var isDischarging = false
    var battery: Battery?
    var isVehicleClosed = false
    /// A resistance across the contacts: a short circuit in a cable or an inlet. Nil: none.
    var shortOhms: Double?
    /// Current that the vehicle pushes back through a failed diode, in amperes.
    var backfeedAmperes = 0.0
    var contactMicroOhms = 200.0
    var ambientCelsius = 20.0
    var isCooled = true

    // What follows

    /// Voltage at the stage's terminals and at the connector's contacts.
    var stageVolts = 0.0
    var contactVolts = 0.0
    /// Current out of the stage and through the contactors.
    var stageAmperes = 0.0
    var contactAmperes = 0.0
    var pinCelsius = 20.0
    var cabinetCelsius = 25.0
    var books = EnergyBooks()
    private(set) var now = Instant.zero
    private var changedAt = Instant.zero

    static let stageFarads = 220e-6
    static let contactFarads = 2e-6
    static let stageBleederOhms = 4_700.0
    static let contactBleederOhms = 330_000.0
    static let dischargeOhms = 1_500.0

    var isPathClosed: Bool { plusClosed && minusClosed }
    /// Whether anything is live or moves, so that time matters.
    var isQuiet: Bool {
        !isStageOn && stageVolts < 0.01 && contactVolts < 0.01 && contactAmperes == 0 && !isVehicleClosed
            && pinCelsius - ambientCelsius < 0.01 && pinCelsius > ambientCelsius - 0.01
    }

    /// Something was switched or commanded: the next steps are short.
    mutating func touch() { changedAt = now }

    /// Lets time pass up to an instant.
    mutating func advance(to instant: Instant, _ judge: inout Judge, _ place: Place) {
        while now < instant {
            let left = instant.microseconds - now.microseconds
            if isQuiet {
                now = instant
                return
            }
            let sinceChange = now.microseconds - changedAt.microseconds
            let step = min(left, sinceChange < 300_000 ? 1_000 : sinceChange < 5_000_000 ? 10_000 : 100_000)
            self.step(seconds: Double(step) / 1e6)
            now = Instant(microseconds: now.microseconds + step)
            judge.look(at: self, place, seconds: Double(step) / 1e6)
        }
    }

    private mutating func step(seconds: Double) {
        let stageBefore = stageVolts
        let contactBefore = contactVolts
        let wasAmperes = stageAmperes
        stageAmperes = 0
        contactAmperes = 0
        let isFeeding = isStageOn && hasGrid && !isCutOff && workingModules > 0
        if isPathClosed, isVehicleClosed, let pack = battery {
            chargeBattery(pack, isFeeding, wasAmperes, seconds)
        } else if isPathClosed {
            moveJoined(isFeeding, seconds)
        } else {
            moveStage(isFeeding, seconds)
            if isVehicleClosed, let pack = battery {
                contactVolts = pack.openCircuitVolts
            } else {
                contactVolts = decayed(contactVolts, Self.contactFarads, contactLoadOhms, seconds)
            }
        }
        book(stageBefore, contactBefore, seconds)
        warm(seconds)
    }

    private var contactLoadOhms: Double {
        var siemens = 1 / Self.contactBleederOhms
        if isDischarging { siemens += 1 / Self.dischargeOhms }
        if let shortOhms { siemens += 1 / shortOhms }
        return 1 / siemens
    }

    /// A step of an RC discharge without an exponential: the trapezoid while it is accurate, the implicit step beyond.
    private func decayed(_ volts: Double, _ farads: Double, _ ohms: Double, _ seconds: Double) -> Double {
        let share = seconds / (ohms * farads)
        return share <= 1 ? volts * (1 - share / 2) / (1 + share / 2) : volts / (1 + share)
    }

    /// The battery holds the voltage; the stage sets the current within its slope and limits.
    private mutating func chargeBattery(_ pack: Battery, _ isFeeding: Bool, _ was: Double, _ seconds: Double) {
        let ohms = pack.resistanceOhms + 2 * contactMicroOhms * 1e-6
        let open = pack.openCircuitVolts
        var wanted = 0.0
        if isFeeding {
            let byVoltage = (targetVolts + voltageOffset - open) / ohms
            let modules = Double(workingModules) / Double(rating.modules)
            wanted = min(
                limitAmperes, byVoltage, rating.maximumAmperes * modules,
                rating.maximumWatts * modules / max(open, 1))
        }
        wanted = max(0, wanted)
        let slope = wanted > was ? rating.amperesPerSecondUp : rating.amperesPerSecondDown
        var amperes = was + min(max(wanted - was, -slope * seconds), slope * seconds)
        if !isFeeding { amperes = 0 }
        if backfeedAmperes > 0, amperes <= backfeedAmperes { amperes = -backfeedAmperes }
        stageAmperes = amperes
        contactAmperes = amperes
        contactVolts = open + amperes * pack.resistanceOhms
        stageVolts = contactVolts + amperes * 2 * contactMicroOhms * 1e-6
        battery?.take(amperes: amperes, seconds: seconds)
        books.batteryJoules += amperes * open * seconds
        books.lossJoules += amperes * amperes * ohms * seconds
    }

    /// No battery behind the closed contactors: both sides are one capacitor.
    private mutating func moveJoined(_ isFeeding: Bool, _ seconds: Double) {
        let farads = Self.stageFarads + Self.contactFarads
        let loadSiemens = 1 / Self.stageBleederOhms + 1 / contactLoadOhms
        let before = stageVolts
        stageVolts = moved(before, farads, 1 / loadSiemens, isFeeding, seconds)
        contactVolts = stageVolts
        let middle = (before + stageVolts) / 2
        stageAmperes = farads * (stageVolts - before) / seconds + middle * loadSiemens
        contactAmperes = middle / contactLoadOhms + Self.contactFarads * (stageVolts - before) / seconds
        if !isFeeding { stageAmperes = 0 }
    }

    private mutating func moveStage(_ isFeeding: Bool, _ seconds: Double) {
        let before = stageVolts
        stageVolts = moved(before, Self.stageFarads, Self.stageBleederOhms, isFeeding, seconds)
        if isFeeding {
            let middle = (before + stageVolts) / 2
            stageAmperes = Self.stageFarads * (stageVolts - before) / seconds + middle / Self.stageBleederOhms
        }
    }

    /// Where a capacitor with a load goes in a step: up as fast as the stage may, never above what its current bears.
    private func moved(
        _ before: Double, _ farads: Double, _ ohms: Double, _ isFeeding: Bool, _ seconds: Double
    ) -> Double {
        let falling = decayed(before, farads, ohms, seconds)
        guard isFeeding else { return falling }
        let target = max(0, min(targetVolts + voltageOffset, rating.maximumVolts))
        let reachable = min(before + rating.voltsPerSecond * seconds, falling + limitAmperes * seconds / farads)
        let held = min(target, limitAmperes * ohms)
        return max(falling, min(held, reachable))
    }

    /// Each part's energy from its own voltage and current; whether the sums agree is for the judge to say.
    private mutating func book(_ stageBefore: Double, _ contactBefore: Double, _ seconds: Double) {
        let stageMiddle = (stageBefore + stageVolts) / 2
        let contactMiddle = (contactBefore + contactVolts) / 2
        let isBatteryFed = isPathClosed && isVehicleClosed
        let out = max(0, (isBatteryFed ? stageVolts : stageMiddle) * stageAmperes * seconds)
        books.gridJoules += out / rating.efficiency
        books.lossJoules += out / rating.efficiency - out
        books.contactJoules += contactVolts * contactAmperes * seconds
        guard !isBatteryFed else { return }
        books.lossJoules += stageMiddle * stageMiddle / Self.stageBleederOhms * seconds
        if !isVehicleClosed { books.lossJoules += contactMiddle * contactMiddle / contactLoadOhms * seconds }
        books.storedJoules += Self.stageFarads * (stageVolts * stageVolts - stageBefore * stageBefore) / 2
        if !isVehicleClosed {
            books.storedJoules +=
                Self.contactFarads * (contactVolts * contactVolts - contactBefore * contactBefore) / 2
        }
    }

    /// Contacts warm by current squared and cool to the air around them; the cabinet follows the stage's losses.
    private mutating func warm(_ seconds: Double) {
        let watts = contactAmperes * contactAmperes * 2 * contactMicroOhms * 1e-6
        let kelvinPerWatt = isCooled ? 0.5 : 1.2
        pinCelsius += (watts - (pinCelsius - ambientCelsius) / kelvinPerWatt) / 300 * seconds
        let stageWatts = max(0, stageVolts * stageAmperes) * (1 / rating.efficiency - 1)
        let cabinetKelvinPerWatt = isCooled ? 0.002 : 0.008
        cabinetCelsius +=
            (stageWatts - (cabinetCelsius - ambientCelsius - 5) / cabinetKelvinPerWatt) / 60_000 * seconds
    }
}

/// Where the energy went, in joules.
struct EnergyBooks: Sendable {
    var gridJoules = 0.0
    var batteryJoules = 0.0
    var lossJoules = 0.0
    var storedJoules = 0.0
    /// What flowed out of the contacts: what an honest meter counts.
    var contactJoules = 0.0
}

/// Which connector of which post: the judge's findings name it.
public struct Place: Hashable, Sendable {
    /// The post, from 0.
    public var post: Int
    /// The connector, from 0.
    public var connector: Int
}
