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
    /// Added to what the contacts' sensors show.
    var extraCelsius = 0.0
    /// Added to the handle: the sun that lies on it, or what runs hot in it.
    var handleExtraCelsius = 0.0
    var isHandleSensorBroken = false
    /// Temperature of the plug's contacts in degrees Celsius.
    public private(set) var pinCelsius: Double
    private var heatedUntil = Instant.zero
    private var cadence: Cadence
    private unowned let connector: SimulatedConnector

    init(_ connector: SimulatedConnector, ambientCelsius: Double) {
        self.connector = connector
        pinCelsius = ambientCelsius
        cadence = Cadence(.sampleTemperature, index: connector.index, period: Self.slow)
    }

    func beginSampling() {
        let apart = Int64(connector.index) * 130 + 90
        cadence.begin(every: cadence.period, after: .milliseconds(apart), connector.post)
    }

    /// Samples once a second, or once in ten.
    public func setFast(_ isFast: Bool) throws(DeviceError) {
        let period = isFast ? Self.fast : Self.slow
        guard period != cadence.period else { return }
        cadence.begin(every: period, after: isFast ? .milliseconds(40) : period, connector.post)
    }

    func settleHeat() {
        connector.settle()
        let now = connector.world.now
        let seconds = Double((now - heatedUntil).microseconds) / 1_000_000
        guard seconds > 0 else { return }
        heatedUntil = now
        let resistance = connector.post.enclosure.coolingRuns ? Self.cooledKelvinPerWatt : Self.stillKelvinPerWatt
        pinCelsius = settled(
            pinCelsius, towards: connector.post.enclosure.ambientCelsius, joules: connector.branch.pinJoules,
            seconds: seconds, Self.joulesPerKelvin, resistance)
        connector.branch.pinJoules = 0
    }

    /// The handle hangs in the air of the site, apart from what makes the cabinet hot or cold.
    private var handleCelsius: Double {
        let around = connector.world.ambientCelsius
        return around + Self.handleShare * (pinCelsius - around) + handleExtraCelsius
    }

    func sample(generation: UInt32) {
        guard generation == cadence.generation else { return }
        settleHeat()
        connector.post.enclosure.settleHeat()
        if !isSilent {
            let pin = thousandths(pinCelsius + extraCelsius)
            let sample = TemperatureSample(
                measuredAt: connector.world.now,
                pinAMillidegrees: isPinABroken ? nil : frozenPinA ?? pin + pinAOffset,
                pinBMillidegrees: isPinBBroken ? nil : pin - 400,
                cabinetMillidegrees: thousandths(connector.post.enclosure.cabinetCelsius),
                coolingRuns: connector.post.enclosure.coolingRunsAsAsked,
                handleMillidegrees: isHandleSensorBroken ? nil : thousandths(handleCelsius),
                handleSensorFails: isHandleSensorBroken)
            connector.post.receive(.temperature(connector.id, sample))
        }
        cadence.goOn(connector.post)
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
