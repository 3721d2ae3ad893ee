// An insulation monitor behind a bus.

public import Devices
public import Post
public import RegisterMaps

/// An insulation monitor as the post knows one.
public final class ModbusInsulationMonitor: InsulationMonitor, Sendable {
    /// Twice a second while it tests or monitors, so that no sample is older than the post bears.
    public static let cadence = Cadence(fast: .milliseconds(500), idle: .seconds(10))

    private let map: RegisterMap
    private let slot: DeviceSlot
    private let inbox: any Inbox

    /// Hangs a monitor on a bus that has no thread yet. Throws `badRequest` if the unit number is taken.
    public init(
        _ map: RegisterMap, unit: UInt8? = nil, connector: ConnectorID, inbox: any Inbox, on bus: ModbusBus
    ) throws(ModbusFailure) {
        self.map = map
        self.inbox = inbox
        slot = DeviceSlot(bus.wakeUp)
        try bus.add(
            PolledDevice(
                unit: unit ?? map.unit, map: map,
                quantities: [.insulation, .voltage, .voltagePlusToEarth, .voltageMinusToEarth],
                cadence: Self.cadence, slot: slot, work: InsulationWork(connector, inbox, map)))
    }

    /// Sends the command and returns.
    public func send(_ command: InsulationCommand, number: CommandNumber) throws(DeviceError) {
        var steps: [CommandStep] = []
        if let output = map.controls.output { steps += output.steps(isOn: command != .rest) }
        if command == .test, let test = map.controls.test {
            steps.append(.write(.writeRegisters(test.address, [test.value])))
        }
        slot.setFast(command != .rest)
        let isTest = command == .test
        let scripted = ScriptedCommand(number: number, steps: steps, isOff: false, beginsTest: isTest)
        guard !steps.isEmpty else { return inbox.post(.commandFinished(number, .done)) }
        if let superseded = slot.put(scripted) { inbox.post(.commandFinished(superseded, .refused)) }
    }

    /// How the polling is going.
    public var health: DeviceHealth { slot.health }
}

extension ControlMap.Switch {
    /// Written, and read back.
    func steps(isOn: Bool) -> [CommandStep] {
        switch self {
        case .coil(let address):
            [
                .write(.writeCoil(address, isOn)),
                .verify(.read(RegisterBlock(.coil, address, count: 1)), [isOn ? 1 : 0]),
            ]
        case .register(let address, let on, let off):
            [
                .write(.writeRegisters(address, [isOn ? on : off])),
                .verify(.read(RegisterBlock(.holding, address, count: 1)), [isOn ? on : off]),
            ]
        }
    }
}

private final class InsulationWork: PointWork {
    private enum Test { case none, asked, running, passed, failed }

    private let connector: ConnectorID
    private let inbox: any Inbox
    private let hasTest: Bool
    private var test = Test.none

    init(_ connector: ConnectorID, _ inbox: any Inbox, _ map: RegisterMap) {
        self.connector = connector
        self.inbox = inbox
        hasTest = map.controls.test != nil && !map.testRuns.isEmpty
    }

    func took(_ snapshot: RegisterSnapshot, _ map: RegisterMap, measuredAt: Instant) -> String? {
        follow(snapshot, map)
        // While it tests itself, what it says is no measurement.
        guard test != .running else { return nil }
        do throws(ValueProblem) {
            try snapshot.checkConditions(map)
            let ohms = Int32(clamping: try snapshot.value(.insulation, map))
            let millivolts = Int32(clamping: try snapshot.value(.voltage, map))
            // What a monitor does not measure, or says implausibly, is left out: the rest counts all the same.
            let plus = try? snapshot.value(.voltagePlusToEarth, map)
            let minus = try? snapshot.value(.voltageMinusToEarth, map)
            inbox.post(
                .insulation(
                    connector,
                    InsulationSample(
                        measuredAt: measuredAt, ohms: ohms, millivolts: millivolts, selfTest: selfTest,
                        plusToEarthMillivolts: plus.map { Int32(clamping: $0) },
                        minusToEarthMillivolts: minus.map { Int32(clamping: $0) })))
            return nil
        } catch {
            return error.description
        }
    }

    func began(_ command: ScriptedCommand) { if command.beginsTest { test = hasTest ? .asked : .passed } }

    func finished(_ number: CommandNumber, _ outcome: CommandOutcome) {
        inbox.post(.commandFinished(number, outcome))
    }

    private var selfTest: InsulationSample.SelfTest {
        switch test {
        case .none, .asked, .running: .pending
        case .passed: .passed
        case .failed: .failed
        }
    }

    private func follow(_ snapshot: RegisterSnapshot, _ map: RegisterMap) {
        let runs = !map.testRuns.isEmpty && map.testRuns.allSatisfy { snapshot.holds($0) == true }
        switch test {
        case .asked where runs: test = .running
        case .running where !runs: test = snapshot.faults(map) ? .failed : .passed
        case .passed where snapshot.faults(map): test = .failed
        default: break
        }
    }
}
