// A DC power stage behind a bus.

public import Devices
public import Post
public import RegisterMaps

/// A power stage as the post knows one.
public final class ModbusPowerStage: PowerStage, Sendable {
    /// Ten samples a second while on, one a second while off.
    public static let cadence = Cadence(fast: .milliseconds(100), idle: .seconds(1))

    private let map: RegisterMap
    private let slot: DeviceSlot
    private let inbox: any Inbox

    /// Hangs a stage on a bus that has no thread yet. `maximumMilliamperes` is what it gives at most, since few devices
    /// tell. Throws `badRequest` if the unit number is taken.
    public init(
        _ map: RegisterMap, unit: UInt8? = nil, stage: StageID, maximumMilliamperes: Int32, inbox: any Inbox,
        on bus: ModbusBus
    ) throws(ModbusFailure) {
        self.map = map
        self.inbox = inbox
        slot = DeviceSlot(bus.wakeUp)
        try bus.add(
            PolledDevice(
                unit: unit ?? map.unit, map: map, quantities: [.voltage, .current], cadence: Self.cadence,
                slot: slot,
                work: StageWork(stage, maximumMilliamperes, inbox)))
    }

    /// Sends the command and returns. The newest wins and "off" overtakes everything else on the bus.
    public func send(_ command: StageCommand, number: CommandNumber) throws(DeviceError) {
        guard let steps = steps(command) else { throw .unsupported }
        slot.setFast(command != .off)
        let scripted = ScriptedCommand(number: number, steps: steps, isOff: command == .off)
        if let superseded = slot.put(scripted) { inbox.post(.commandFinished(superseded, .refused)) }
    }

    /// How the polling is going.
    public var health: DeviceHealth { slot.health }

    /// The writes a command takes: setpoints before the output is switched on, every one read back. "Off" switches the
    /// output off before anything else.
    private func steps(_ command: StageCommand) -> [CommandStep]? {
        guard let output = map.controls.output else { return nil }
        switch command {
        case .off: return output.steps(isOn: false)
        case .on(let millivolts, let milliamperes):
            guard let voltage = map.controls.voltage?.raw(Int64(millivolts)),
                let current = map.controls.current?.raw(Int64(milliamperes)), let places = map.controls.setpoints
            else { return nil }
            let remote = map.controls.remote?.steps(isOn: true) ?? []
            return remote + places.steps(voltage, current) + output.steps(isOn: true)
        }
    }
}

extension ControlMap.Setpoint {
    /// The raw value, rounded down so that never more is asked for than was said; nil if it does not fit.
    func raw(_ value: Int64) -> UInt16? {
        guard value >= 0 else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: Int64(rawAtFull))
        return overflow ? nil : UInt16(exactly: product / max(1, full))
    }
}

extension ControlMap {
    /// Both setpoints, in one write where they follow each other: no moment with the new voltage and the old current.
    fileprivate struct Setpoints {
        var voltage: UInt16
        var current: UInt16

        func steps(_ rawVoltage: UInt16, _ rawCurrent: UInt16) -> [CommandStep] {
            if current == voltage &+ 1 { return written(voltage, [rawVoltage, rawCurrent]) }
            if voltage == current &+ 1 { return written(current, [rawCurrent, rawVoltage]) }
            return written(voltage, [rawVoltage]) + written(current, [rawCurrent])
        }

        private func written(_ address: UInt16, _ values: [UInt16]) -> [CommandStep] {
            [
                .write(.writeRegisters(address, values)),
                .verify(.read(RegisterBlock(.holding, address, count: values.count)), values),
            ]
        }
    }

    fileprivate var setpoints: Setpoints? {
        guard let voltage, let current else { return nil }
        return Setpoints(voltage: voltage.address, current: current.address)
    }
}

private final class StageWork: PointWork {
    private let stage: StageID
    private let maximumMilliamperes: Int32
    private let inbox: any Inbox

    init(_ stage: StageID, _ maximumMilliamperes: Int32, _ inbox: any Inbox) {
        self.stage = stage
        self.maximumMilliamperes = maximumMilliamperes
        self.inbox = inbox
    }

    func took(_ snapshot: RegisterSnapshot, _ map: RegisterMap, measuredAt: Instant) -> String? {
        do throws(ValueProblem) {
            try snapshot.checkConditions(map)
            let millivolts = Int32(clamping: try snapshot.value(.voltage, map))
            let milliamperes = Int32(clamping: try snapshot.value(.current, map))
            let hasFault = snapshot.faults(map)
            guard let isOn = snapshot.isOutputOn(map) else { throw .notRead(.voltage) }
            inbox.post(
                .stage(
                    stage,
                    StageSample(
                        measuredAt: measuredAt, millivolts: millivolts, milliamperes: milliamperes,
                        availableMilliamperes: hasFault ? 0 : maximumMilliamperes, isOn: isOn, hasFault: hasFault,
                        modulesOut: 0)))
            return nil
        } catch {
            return error.description
        }
    }

    func finished(_ number: CommandNumber, _ outcome: CommandOutcome) {
        inbox.post(.commandFinished(number, outcome))
    }
}

extension RegisterSnapshot {
    /// Whether the output reads as switched on; nil if it was not read.
    fileprivate func isOutputOn(_ map: RegisterMap) -> Bool? {
        guard let block = map.controls.outputBlock, let word = words(block)?.first else { return nil }
        if case .register(_, let on, _) = map.controls.output { return word == on }
        return word == 1
    }
}
