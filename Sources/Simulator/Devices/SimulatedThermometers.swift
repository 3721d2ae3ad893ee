// The thermometers of a connector, and the warm contacts that they touch.

public import Devices
import Post

/// Two sensors at the plug's contacts, one in its handle and one in the cabinet's air.
public final class SimulatedThermometers: Thermometers {
    static let fast: Interval = .seconds(1)
    static let slow: Interval = .seconds(10)
    /// The plug's contacts: heat capacity in joules a kelvin and resistance to the air, in kelvin a watt. Engineering
    /// defaults: 400 A through a new liquid-cooled plug ends near 60 °C.
    static let joulesPerKelvin = 250.0
    static let cooledKelvinPerWatt = 0.7
    static let stillKelvinPerWatt = 1.6
    /// How much of the contacts' warmth comes through to the handle's outside. Engineering default.
    static let handleShare = 0.25

    var isSilent = false
    var isPinABroken = false
    var isPinBBroken = false
    /// What the first sensor stands still at, and what it reads too much.
    var frozenPinA: Int32?
    var pinAOffset: Int32 = 0
    /// Added to the contacts' warmth: what runs hot in them.
    var extraCelsius = 0.0 { didSet { noteWarmth() } }
    /// Added to the handle: the sun that lies on it, or what runs hot in it.
    var handleExtraCelsius = 0.0 { didSet { noteWarmth() } }
    var isHandleSensorBroken = false
    /// Temperature of the plug's contacts in degrees Celsius.
    public private(set) var pinCelsius: Double
    private var heatedUntil = Instant.zero
    private var cadence: Cadence
    private let terminals: Terminals
    /// Temperature of the air of the site in degrees Celsius.
    private let siteCelsius: Double

    init(_ terminals: Terminals, ambientCelsius: Double) {
        self.terminals = terminals
        siteCelsius = ambientCelsius
        pinCelsius = ambientCelsius
        cadence = Cadence(.sampleTemperature, index: terminals.place.connector, period: Self.slow)
        noteWarmth()
    }

    func beginSampling() {
        let apart = Int64(terminals.place.connector) * 130 + 90
        cadence.begin(every: cadence.period, after: .milliseconds(apart), terminals.post)
    }

    /// Samples once a second, or once in ten.
    public func setFast(_ isFast: Bool) throws(DeviceError) {
        let period = isFast ? Self.fast : Self.slow
        guard period != cadence.period else { return }
        cadence.begin(every: period, after: isFast ? .milliseconds(40) : period, terminals.post)
    }

    func settleHeat() {
        terminals.settle()
        let now = terminals.now
        let seconds = Double((now - heatedUntil).microseconds) / 1_000_000
        guard seconds > 0 else { return }
        heatedUntil = now
        let resistance =
            terminals.post.enclosure.coolsContacts ? Self.cooledKelvinPerWatt : Self.stillKelvinPerWatt
        pinCelsius = settled(
            pinCelsius, towards: terminals.post.enclosure.ambientCelsius, joules: terminals.branch.pinJoules,
            seconds: seconds, Self.joulesPerKelvin, resistance)
        terminals.branch.pinJoules = 0
        noteWarmth()
    }

    /// Who judges how fast a post reacts looks at the branch.
    private func noteWarmth() {
        terminals.branch.contactsCelsius = pinCelsius + extraCelsius
        terminals.branch.handleCelsius = handleCelsius
    }

    /// The handle hangs in the air of the site, apart from what makes the cabinet hot or cold.
    private var handleCelsius: Double {
        siteCelsius + Self.handleShare * (pinCelsius - siteCelsius) + handleExtraCelsius
    }

    func sample(generation: UInt32) {
        guard generation == cadence.generation else { return }
        settleHeat()
        terminals.post.enclosure.settleHeat()
        if !isSilent {
            let pin = thousandths(pinCelsius + extraCelsius)
            let sample = TemperatureSample(
                measuredAt: terminals.now,
                pinAMillidegrees: isPinABroken ? nil : frozenPinA ?? pin + pinAOffset,
                pinBMillidegrees: isPinBBroken ? nil : pin - 400,
                cabinetMillidegrees: thousandths(terminals.post.enclosure.cabinetCelsius),
                coolingRuns: terminals.post.enclosure.coolingRunsAsAsked,
                handleMillidegrees: isHandleSensorBroken ? nil : thousandths(handleCelsius),
                handleSensorFails: isHandleSensorBroken)
            terminals.post.receive(.temperature(terminals.id, sample))
        }
        cadence.goOn(terminals.post)
    }

    /// Warms the handle, or breaks its sensor. Returns whether that changed anything.
    func sufferAtHandle(_ mode: FaultMode, _ isBroken: Bool) -> Bool {
        switch mode {
        case .warm: return change(&handleExtraCelsius, to: isBroken ? 29 : 0)
        case .hot: return change(&handleExtraCelsius, to: isBroken ? 45 : 0)
        case .broken: return change(&isHandleSensorBroken, to: isBroken)
        default: return false
        }
    }

    /// Breaks or heals the first sensor. Returns whether that changed anything.
    func suffer(_ mode: FaultMode, _ isBroken: Bool) -> Bool {
        settleHeat()
        switch mode {
        case .broken: return change(&isPinABroken, to: isBroken)
        case .frozen: return change(&frozenPinA, to: isBroken ? thousandths(pinCelsius + extraCelsius) : nil)
        case .jumps: return change(&pinAOffset, to: isBroken ? 40_000 : 0)
        default: return false
        }
    }
}
