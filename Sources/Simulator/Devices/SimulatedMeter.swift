// The energy meter of a connector: it integrates what really flowed, unless it has a bad day.

public import Devices
public import Post

/// An energy meter at the connector's contacts, downstream of the contactors.
public final class SimulatedMeter: EnergyMeter {
    static let fast: Interval = .milliseconds(200)
    static let slow: Interval = .seconds(10)

    var isSilent = false
    /// Register at which it stands still.
    var frozenAtWattHours: Int64?
    /// Added to the register: what it stood at when it was installed, and jumps.
    var registerOffsetWattHours: Int64
    var serial: UInt64
    var offsetVolts = 0.0
    var extraDelay: Interval = .zero
    /// How much of what flows it counts, and from what on.
    private var perMille = 1_000.0
    private var countsFromJoules = 0.0
    /// Whether somebody has bent it: what it tells is then no longer compared with what flowed.
    public internal(set) var isBent = false
    private let registerAtStart: Int64
    private var cadence: Cadence
    private var dice: Randomness
    private let terminals: Terminals

    init(_ terminals: Terminals, seed: UInt64) {
        self.terminals = terminals
        dice = Randomness(seed: seed, component: "meter", index: terminals.place.connector)
        registerAtStart = dice.number(in: 10_000...90_000_000)
        registerOffsetWattHours = registerAtStart
        serial = UInt64(truncatingIfNeeded: dice.number(in: 1_000_000...9_999_999))
        cadence = Cadence(.sampleMeter, index: terminals.place.connector, period: Self.slow)
    }

    func beginSampling() {
        cadence.begin(every: cadence.period, after: .milliseconds(dice.number(in: 50...1_000)), terminals.post)
    }

    /// Samples five times a second, or once in ten.
    public func setFast(_ isFast: Bool) throws(DeviceError) {
        let period = isFast ? Self.fast : Self.slow
        guard period != cadence.period else { return }
        cadence.begin(every: period, after: isFast ? .milliseconds(20) : period, terminals.post)
    }

    /// What the register shows now, in watt-hours.
    public var registerWattHours: Int64 {
        if let frozenAtWattHours { return frozenAtWattHours }
        let joules = countsFromJoules + (terminals.branch.contactJoules - countsFromJoules) * perMille / 1_000
        return registerOffsetWattHours + Int64(joules / 3_600)
    }

    /// From now on it counts so much of what flows; what it has counted stays. Returns whether that changed anything.
    func count(perMille: Double) -> Bool {
        terminals.settle()
        guard perMille != self.perMille else { return false }
        let flowed = terminals.branch.contactJoules
        let before = countsFromJoules + (flowed - countsFromJoules) * self.perMille / 1_000
        // The watt-hours lost so far are carried in the offset, so that the register neither falls nor jumps.
        registerOffsetWattHours += Int64(before / 3_600) - Int64(flowed / 3_600)
        (self.perMille, countsFromJoules) = (perMille, flowed)
        return true
    }

    /// Energy that an honest meter has counted since the start of the world, in watt-hours.
    var countedWattHours: Int64 { registerWattHours - registerAtStart }

    func sample(generation: UInt32) {
        guard generation == cadence.generation else { return }
        terminals.settle()
        if !isSilent { terminals.post.deliver(.meter(terminals.id, measured()), after: extraDelay) }
        cadence.goOn(terminals.post)
    }

    /// What it says when it is asked now, and how long that takes; nil: it does not answer.
    public var answer: (sample: MeterSample, after: Interval)? {
        if isSilent { return nil }
        terminals.settle()
        return (measured(), extraDelay)
    }

    private func measured() -> MeterSample {
        let noise = terminals.branch.volts > 1 ? Double(dice.number(in: -50...50)) / 1_000 : 0
        return MeterSample(
            measuredAt: terminals.now,
            millivolts: thousandths(terminals.branch.contactVolts + noise + offsetVolts),
            milliamperes: thousandths(terminals.branch.amperes), energyWattHours: registerWattHours, serial: serial)
    }
}
