// An energy meter behind a bus.

public import Devices
public import Post
public import RegisterMaps

/// A DC energy meter as the post knows one.
public final class ModbusMeter: EnergyMeter, Sendable {
    /// Five samples a second while something happens, one in ten seconds while nothing does.
    public static let cadence = Cadence(fast: .milliseconds(200), idle: .seconds(10))

    private let slot: DeviceSlot

    /// Hangs a meter on a bus that has no thread yet. Throws `badRequest` if the unit number is taken.
    public init(
        _ map: RegisterMap, unit: UInt8? = nil, connector: ConnectorID, inbox: any Inbox, on bus: ModbusBus,
        cadence: Cadence = ModbusMeter.cadence
    ) throws(ModbusFailure) {
        slot = DeviceSlot(bus.wakeUp)
        let work = MeterWork(connector, inbox, MeterPlausibility(map))
        try bus.add(
            PolledDevice(
                unit: unit ?? map.unit, map: map, quantities: [.voltage, .current, .energyImport], cadence: cadence,
                slot: slot, work: work))
    }

    /// Asks for the fast cadence or the idle one.
    public func setFast(_ isFast: Bool) throws(DeviceError) { slot.setFast(isFast) }

    /// How the polling is going.
    public var health: DeviceHealth { slot.health }
}

private final class MeterWork: PointWork {
    private let connector: ConnectorID
    private let inbox: any Inbox
    private var plausibility: MeterPlausibility

    init(_ connector: ConnectorID, _ inbox: any Inbox, _ plausibility: MeterPlausibility) {
        self.connector = connector
        self.inbox = inbox
        self.plausibility = plausibility
    }

    func took(_ snapshot: RegisterSnapshot, _ map: RegisterMap, measuredAt: Instant) -> String? {
        do throws(ValueProblem) {
            try snapshot.checkConditions(map)
            let millivolts = Int32(clamping: try snapshot.value(.voltage, map))
            let milliamperes = Int32(clamping: try snapshot.value(.current, map))
            let energy = try snapshot.value(.energyImport, map)
            let serial = snapshot.serial(map)
            switch plausibility.judge(energyWattHours: energy, serial: serial, at: measuredAt) {
            case .withheld(let doubt): return "the reading cannot follow from the last one: \(doubt)"
            case .good(let energy):
                inbox.post(
                    .meter(
                        connector,
                        MeterSample(
                            measuredAt: measuredAt, millivolts: millivolts, milliamperes: milliamperes,
                            energyWattHours: energy, serial: serial)))
                return nil
            }
        } catch {
            return error.description
        }
    }
}
