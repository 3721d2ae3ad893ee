// The post's interlocks, cooling, cabinet air and hardware watchdog.

public import Devices
public import Post

/// The site's supply as the post's input has it.
struct SimulatedSupply: Hashable {
    var isLost = false
    var sags = false
    var lacksPhase = false
    /// What of their current the stages can still give: on two phases of three half of it, without overloading them.
    /// Engineering default.
    var share: Double { (sags ? 0.6 : 1) * (lacksPhase ? 0.5 : 1) }
}

/// What belongs to the post and not to one connector.
public final class SimulatedEnclosure: InterlockInputs, Cooling, HardwareWatchdog {
    /// The watchdog's gate opens the contactors this long after it was last fed. 2 s: OpenEVSE's watchdog. A world that is
    /// paced faster than the clock waits as many times longer: a watchdog counts the time that its process really has.
    public var watchdogPatience: Interval = .seconds(2)
    /// Cabinet: heat capacity in joules a kelvin, resistance to the air outside with and without cooling in kelvin a watt.
    static let joulesPerKelvin = 40_000.0
    static let cooledKelvinPerWatt = 0.002
    static let stillKelvinPerWatt = 0.012

    var levels = InterlockLevels.allGood
    var supply = SimulatedSupply()
    var isGone = false
    private(set) var isCoolingAsked = true
    var isCoolingBroken = false
    /// Temperature of the cabinet's air in degrees Celsius.
    public private(set) var cabinetCelsius: Double
    var ambientCelsius: Double
    private var heatedUntil = Instant.zero
    private var fedAt: Instant?
    private unowned let post: SimulatedPost

    init(_ post: SimulatedPost, ambientCelsius: Double) {
        self.post = post
        self.ambientCelsius = ambientCelsius
        cabinetCelsius = ambientCelsius
    }

    /// The levels now.
    public func read() throws(DeviceError) -> InterlockLevels {
        if isGone { throw .gone }
        return levels
    }

    /// Runs or stops the cooling.
    public func drive(isOn: Bool) throws(DeviceError) { isCoolingAsked = isOn }

    /// Whether fan and pump turn.
    var coolingRuns: Bool { isCoolingAsked && !isCoolingBroken }

    /// Whether what they move reaches the plugs' contacts.
    var coolsContacts: Bool { coolingRuns && !levels.coolantLow }

    /// What the tachometers of fan and pump say: they run as asked.
    var coolingRunsAsAsked: Bool { !isCoolingAsked || !isCoolingBroken }

    /// Feeds the watchdog. Whoever feeds it once has to go on: its gate opens the contactors two seconds after the last feed.
    public func feed() throws(DeviceError) {
        if fedAt == nil { post.plan(.watchdog, index: 0, generation: 0, after: watchdogPatience) }
        fedAt = post.world.now
        for connector in post.connectors { connector.contactors.setGate(true) }
    }

    func watchdogLooks() {
        guard let fedAt else { return }
        let hungry = post.world.now - fedAt
        guard hungry >= watchdogPatience else {
            post.plan(
                .watchdog, index: 0, generation: 0,
                after: Interval(microseconds: watchdogPatience.microseconds - hungry.microseconds))
            return
        }
        self.fedAt = nil
        for connector in post.connectors {
            post.world.judge.excuse(connector.place, until: post.world.now + Judge.emergencyLasts)
            connector.contactors.setGate(false)
        }
    }

    /// The watchdog has no claim on a process that is not there: the permit has fallen anyway.
    func processDied() {
        fedAt = nil
        isCoolingAsked = true
        for connector in post.connectors { connector.contactors.setGate(true) }
    }

    /// Lets the cabinet warm by what the stages lost and cool to the air outside: an implicit step of any length.
    func settleHeat() {
        let now = post.world.now
        let seconds = Double((now - heatedUntil).microseconds) / 1_000_000
        guard seconds > 0 else { return }
        heatedUntil = now
        var joules = 0.0
        for stage in post.stages {
            joules += stage.island.stageHeatJoules
            stage.island.stageHeatJoules = 0
        }
        let resistance = coolingRuns ? Self.cooledKelvinPerWatt : Self.stillKelvinPerWatt
        cabinetCelsius = settled(
            cabinetCelsius, towards: ambientCelsius, joules: joules, seconds: seconds, Self.joulesPerKelvin,
            resistance)
    }
}

/// One implicit step of a warm body that loses heat through one resistance. Stable for any length.
func settled(
    _ celsius: Double, towards ambient: Double, joules: Double, seconds: Double, _ joulesPerKelvin: Double,
    _ kelvinPerWatt: Double
) -> Double {
    let share = seconds / (joulesPerKelvin * kelvinPerWatt)
    return (celsius + joules / joulesPerKelvin + share * ambient) / (1 + share)
}
