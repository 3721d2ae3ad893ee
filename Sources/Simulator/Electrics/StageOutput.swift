// The power stage as its output terminals know it: a voltage source with slopes, limits, capacitance and bad days.

/// A power stage's output: it holds a voltage up to a current, within slopes, and has capacitance across its terminals.
final class StageOutput {
    // What it is. Engineering defaults unless said.

    let maximumVolts: Double
    let maximumAmperes: Double
    let ratedWatts: Double
    let modules: Int
    /// Capacitance across the output in farads.
    var farads = 150e-6
    /// Resistance that is across the output, and what is left of it once it is broken.
    var bleederOhms = 100_000.0
    var brokenBleederOhms = 1_000_000.0
    /// Resistance the stage connects across its own output while it is off.
    var activeDischargeOhms = 5_000.0
    static let usualVoltsPerSecond = 1_000.0
    var voltsPerSecond = usualVoltsPerSecond
    /// Rise of current. 20 A/s is the least that CHAdeMO and CCS ask for; modern stages do 100.
    var amperesPerSecondUp = 100.0
    var amperesPerSecondDown = 500.0
    /// Share of the grid's energy that reaches the output under load.
    var efficiency = 0.95

    // What it is told

    private(set) var isOn = false
    private(set) var targetVolts = 0.0
    private(set) var limitAmperes = 0.0

    // How it is

    /// Voltage across the output.
    var volts = 0.0
    /// Current out of the output.
    var amperes = 0.0
    private var referenceVolts = 0.0
    private var rampAmperes = 0.0

    // Bad days

    var modulesOut = 0
    var hasInternalFault = false
    var isTripped = false
    var hasGrid = true
    /// What a supply that sags, or lacks a phase, leaves of its current and power.
    var supplyShare = 1.0
    var ignoresOff = false
    /// Added to the voltage it is told to hold.
    var offsetVolts = 0.0
    /// It never comes above this.
    var ceilingVolts = Double.infinity
    /// Factor on its current limit.
    var currentFactor = 1.0
    /// Neither bleeder nor active discharge work.
    var isDischargeBroken = false
    /// Current it takes out of its own terminals: a failed output diode.
    var backfeedAmperes = 0.0

    init(maximumVolts: Double, maximumAmperes: Double, ratedWatts: Double, modules: Int) {
        self.maximumVolts = maximumVolts
        self.maximumAmperes = maximumAmperes
        self.ratedWatts = ratedWatts
        self.modules = max(1, modules)
    }

    /// Current it could give now.
    var availableAmperes: Double {
        guard canDeliver else { return 0 }
        return maximumAmperes * workingShare
    }
    private var workingShare: Double { Double(max(0, modules - modulesOut)) / Double(modules) * supplyShare }
    private var canDeliver: Bool { hasGrid && !isTripped && !hasInternalFault && modulesOut < modules }
    /// Whether it pushes current now.
    var isFeeding: Bool { isOn && canDeliver }

    func switchOn(volts: Double, amperes: Double) {
        if !isOn { referenceVolts = self.volts }
        isOn = true
        targetVolts = volts
        limitAmperes = amperes
    }

    func switchOff() {
        guard !ignoresOff else { return }
        isOn = false
        targetVolts = 0
        limitAmperes = 0
        rampAmperes = 0
    }

    /// Conductance across the output in siemens.
    var siemens: Double {
        guard !isDischargeBroken else { return 1 / brokenBleederOhms }
        return 1 / bleederOhms + (isFeeding ? 0 : 1 / activeDischargeOhms)
    }

    /// Moves reference and current limit along their slopes. Returns the voltage to hold and the most current for it.
    func aim(seconds: Double) -> (volts: Double, amperes: Double) {
        guard isFeeding else { return (0, 0) }
        let aim = max(0, min(targetVolts + offsetVolts, maximumVolts + max(0, offsetVolts), ceilingVolts))
        let reach = voltsPerSecond * seconds
        referenceVolts += min(max(aim - referenceVolts, -reach), reach)
        let byPower = ratedWatts * workingShare / max(volts, 1)
        let ceiling = min(limitAmperes * currentFactor, availableAmperes * max(1, currentFactor), byPower)
        let up = amperesPerSecondUp * seconds
        let down = amperesPerSecondDown * seconds
        rampAmperes += min(max(ceiling - rampAmperes, -down), up)
        return (referenceVolts, rampAmperes)
    }
}
