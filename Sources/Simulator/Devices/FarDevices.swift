// The simulated devices behind a bus: they take a numbered command, and speak when they sample.

import Devices
import Post

/// A power stage with its modules and the disconnect upstream of it.
final class SimulatedStage: PowerStage, UpstreamDisconnect {
    var rating = StageRating()
    var isOn = false
    var targetVolts = 0.0
    var limitAmperes = 0.0
    var modulesOut = 0
    var voltageOffset = 0.0
    var ignoresOff = false
    var isSilent = false
    var hasFault = false
    var isCutOff = false
    /// Told when a command changed something, and when a sample is wanted at once.
    let changed: (CommandNumber) -> Void

    init(changed: @escaping (CommandNumber) -> Void) { self.changed = changed }

    func send(_ command: StageCommand, number: CommandNumber) throws(DeviceError) {
        if isSilent { return }
        // A stage whose gate driver hangs goes on with what it did.
        if ignoresOff { return changed(number) }
        switch command {
        case .off:
            isOn = false
            limitAmperes = 0
        case .on(let millivolts, let milliamperes):
            isOn = !hasFault
            targetVolts = Double(millivolts) / 1_000
            limitAmperes = Double(milliamperes) / 1_000
        }
        changed(number)
    }

    func trip() throws(DeviceError) {
        isCutOff = true
        changed(CommandNumber(0))
    }

    /// Puts what the stage does into the circuit that its output feeds.
    func drive(_ circuit: inout Circuit) {
        circuit.rating = rating
        circuit.isStageOn = isOn && !hasFault
        circuit.targetVolts = targetVolts
        circuit.limitAmperes = limitAmperes
        circuit.workingModules = rating.modules - modulesOut
        circuit.voltageOffset = voltageOffset
        circuit.isCutOff = isCutOff
        circuit.touch()
    }

    func sample(of circuit: Circuit, at now: Instant) -> StageSample? {
        if isSilent { return nil }
        let modules = Double(rating.modules - modulesOut) / Double(rating.modules)
        let byPower = circuit.stageVolts > 60 ? rating.maximumWatts * modules / circuit.stageVolts : .infinity
        return StageSample(
            measuredAt: now, millivolts: thousandths(circuit.stageVolts - circuit.voltageOffset * (isOn ? 1 : 0)),
            milliamperes: thousandths(circuit.stageAmperes),
            availableMilliamperes: thousandths(min(rating.maximumAmperes * modules, byPower)),
            isOn: isOn,
            hasFault: hasFault || modulesOut >= rating.modules,
            modulesOut: UInt8(modulesOut))
    }
}

/// An energy meter that counts what really flows at the contacts.
final class SimulatedMeter: EnergyMeter {
    var isFast = false
    var isSilent = false
    var isFrozen = false
    var serial: UInt64
    /// The register at the start of the world, and what a fault has added to it.
    var baseWattHours: Int64
    var voltageOffset = 0.0
    private var frozen: MeterSample?
    private(set) var generation: UInt32 = 0
    let cadenceChanged: (SimulatedMeter) -> Void

    init(serial: UInt64, baseWattHours: Int64, cadenceChanged: @escaping (SimulatedMeter) -> Void) {
        self.serial = serial
        self.baseWattHours = baseWattHours
        self.cadenceChanged = cadenceChanged
    }

    func setFast(_ isFast: Bool) throws(DeviceError) {
        guard self.isFast != isFast else { return }
        self.isFast = isFast
        generation &+= 1
        cadenceChanged(self)
    }

    func sample(of circuit: Circuit, at now: Instant) -> MeterSample? {
        if isSilent { return nil }
        var sample = MeterSample(
            measuredAt: now, millivolts: thousandths(circuit.contactVolts + voltageOffset),
            milliamperes: thousandths(circuit.contactAmperes),
            energyWattHours: baseWattHours + Int64(circuit.books.contactJoules / 3_600), serial: serial)
        if isFrozen {
            sample.energyWattHours = (frozen ?? sample).energyWattHours
            frozen = sample
        } else {
            frozen = nil
        }
        return sample
    }
}

/// An insulation monitor with a self-test and a voltage sensor of its own.
final class SimulatedMonitor: InsulationMonitor {
    /// The smaller resistance of the poles to earth, in ohms: what is so.
    var earthOhms = 5_000_000.0
    var isSilent = false
    var failsSelfTest = false
    var mode: InsulationCommand = .rest
    private var testSince = Instant.zero
    private var now: () -> Instant
    private(set) var generation: UInt32 = 0
    let cadenceChanged: (SimulatedMonitor, CommandNumber) -> Void
    /// How long its self-test takes. Engineering default: 4 s (EVerest asks for less than 10 s).
    static let selfTest: Interval = .seconds(4)

    init(now: @escaping () -> Instant, cadenceChanged: @escaping (SimulatedMonitor, CommandNumber) -> Void) {
        self.now = now
        self.cadenceChanged = cadenceChanged
    }

    func send(_ command: InsulationCommand, number: CommandNumber) throws(DeviceError) {
        if command == .test { testSince = now() }
        mode = command
        generation &+= 1
        cadenceChanged(self, number)
    }

    func sample(of circuit: Circuit, at now: Instant) -> InsulationSample? {
        if isSilent { return nil }
        var verdict = InsulationSample.SelfTest.pending
        if mode != .rest, now - testSince >= Self.selfTest { verdict = failsSelfTest ? .failed : .passed }
        return InsulationSample(
            measuredAt: now, ohms: Int32(min(earthOhms, 50_000_000)), millivolts: thousandths(circuit.contactVolts),
            selfTest: verdict)
    }
}

/// The thermometers of a connector.
final class SimulatedThermometers: Thermometers {
    var isFast = false
    var isSilent = false
    var isPinABroken = false
    var isPinBBroken = false
    private(set) var generation: UInt32 = 0
    let cadenceChanged: (SimulatedThermometers) -> Void

    init(cadenceChanged: @escaping (SimulatedThermometers) -> Void) { self.cadenceChanged = cadenceChanged }

    func setFast(_ isFast: Bool) throws(DeviceError) {
        guard self.isFast != isFast else { return }
        self.isFast = isFast
        generation &+= 1
        cadenceChanged(self)
    }

    func sample(of circuit: Circuit, at now: Instant) -> TemperatureSample? {
        if isSilent { return nil }
        return TemperatureSample(
            measuredAt: now, pinAMillidegrees: isPinABroken ? nil : thousandths(circuit.pinCelsius),
            pinBMillidegrees: isPinBBroken ? nil : thousandths(circuit.pinCelsius - 0.4),
            cabinetMillidegrees: thousandths(circuit.cabinetCelsius), coolingRuns: circuit.isCooled)
    }
}

/// The link to whatever vehicle is plugged in.
final class SimulatedLink: VehicleLink {
    var isSilent = false
    var vehicle: SimulatedVehicle?
    private let now: () -> Instant
    init(now: @escaping () -> Instant) { self.now = now }

    func send(_ notice: VehicleNotice, number: CommandNumber) throws(DeviceError) {
        if isSilent { return }
        vehicle?.receive(notice, at: now())
    }
}

/// A physical value as the integer that enters the core: what is not finite or out of range never gets past here.
func thousandths(_ value: Double) -> Int32 {
    guard value.isFinite else { return 0 }
    return Int32(max(-2_000_000_000, min(2_000_000_000, value * 1_000)).rounded())
}
