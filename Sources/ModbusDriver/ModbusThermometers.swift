// The thermometers of a connector behind a bus.

public import Devices
public import Post
public import RegisterMaps

/// A connector's temperatures as the post knows them.
public final class ModbusThermometers: Thermometers, Sendable {
    /// One sample a second, or one in ten.
    public static let cadence = Cadence(fast: .seconds(1), idle: .seconds(10))

    private let slot: DeviceSlot

    /// Hangs thermometers on a bus that has no thread yet. Throws `badRequest` if the unit number is taken.
    public init(
        _ map: RegisterMap, unit: UInt8? = nil, connector: ConnectorID, inbox: any Inbox, on bus: ModbusBus
    ) throws(ModbusFailure) {
        slot = DeviceSlot(bus.wakeUp)
        try bus.add(
            PolledDevice(
                unit: unit ?? map.unit, map: map,
                quantities: [.temperature, .temperaturePinA, .temperaturePinB, .temperatureHandle],
                cadence: Self.cadence, slot: slot, work: TemperatureWork(connector, inbox)))
    }

    /// Asks for the fast cadence or the idle one.
    public func setFast(_ isFast: Bool) throws(DeviceError) { slot.setFast(isFast) }

    /// How the polling is going.
    public var health: DeviceHealth { slot.health }
}

private final class TemperatureWork: PointWork {
    private let connector: ConnectorID
    private let inbox: any Inbox

    init(_ connector: ConnectorID, _ inbox: any Inbox) {
        self.connector = connector
        self.inbox = inbox
    }

    func took(_ snapshot: RegisterSnapshot, _ map: RegisterMap, measuredAt: Instant) -> String? {
        // A sensor that is open, shorted or implausible is nil, which the post takes for the worst.
        let read = { (quantity: Quantity) -> Int32? in
            do throws(ValueProblem) {
                return Int32(clamping: try snapshot.value(quantity, map))
            } catch {
                return nil
            }
        }
        let handle = read(.temperatureHandle)
        let hasHandleSensor = map.values.contains { $0.quantity == .temperatureHandle }
        inbox.post(
            .temperature(
                connector,
                TemperatureSample(
                    measuredAt: measuredAt, pinAMillidegrees: read(.temperaturePinA),
                    pinBMillidegrees: read(.temperaturePinB), cabinetMillidegrees: read(.temperature),
                    coolingRuns: snapshot.faults(map) == false, handleMillidegrees: handle,
                    handleSensorFails: hasHandleSensor && handle == nil)))
        return nil
    }
}
