// Everything behind the buses of a post: one thread a bus, one device a unit, all samples to the loop's inbox.

public import BoardProfiles
package import Devices
package import ModbusDriver
import Post
public import RegisterMaps
package import Runtime

/// The buses of a post, running, and what hangs on them.
package final class BusDevices {
    package private(set) var meters: [any EnergyMeter]
    package private(set) var insulation: [any InsulationMonitor]
    package private(set) var thermometers: [any Thermometers]
    package private(set) var stages: [any PowerStage]
    private var threads: [ModbusBusThread] = []

    /// Starts the threads; the samples go to `inbox`.
    ///
    /// - Parameter places: Where a command keeps the place of its outcome; nil: stages and monitors are read and take no
    ///   command.
    package init(
        _ plan: BusPlan, _ inbox: any Inbox, places: LiveInbox?, _ clock: LoopClock, _ troubles: PlantTroubles
    ) {
        let absent = NotFitted()
        meters = plan.connectors.map { _ in absent }
        insulation = plan.connectors.map { _ in absent }
        thermometers = plan.connectors.map { _ in absent }
        stages = plan.stages.map { _ in absent }
        for bus in plan.buses { start(bus, plan, inbox, places, clock, troubles) }
    }

    /// Ends the threads; each after the exchange that is under way, at most.
    package func stop() {
        for thread in threads { thread.stop() }
        threads = []
    }

    private func start(
        _ wiring: BusWiring, _ plan: BusPlan, _ inbox: any Inbox, _ places: LiveInbox?, _ clock: LoopClock,
        _ troubles: PlantTroubles
    ) {
        do throws(ModbusFailure) {
            let bus = try ModbusBus(wiring.endpoint)
            for (index, connector) in plan.connectors.enumerated() {
                let id = ConnectorID(UInt8(truncatingIfNeeded: index))
                if let (device, map) = plan.device(connector.meter, on: wiring) {
                    let meter = try ModbusMeter(map, unit: device.unit, connector: id, inbox: inbox, on: bus)
                    meters[index] = meter
                    troubles.watch("The meter of connector \(index + 1)", device) { meter.health }
                }
                if let (device, map) = plan.device(connector.insulation, on: wiring) {
                    let monitor = try ModbusInsulationMonitor(
                        map, unit: device.unit, connector: id, inbox: inbox, on: bus)
                    if let places { insulation[index] = KeptInsulation(monitor, places) }
                    troubles.watch("The insulation monitor of connector \(index + 1)", device) { monitor.health }
                }
                if let (device, map) = plan.device(connector.thermometers, on: wiring) {
                    let reader = try ModbusThermometers(
                        map, unit: device.unit, connector: id, inbox: inbox, on: bus)
                    thermometers[index] = reader
                    troubles.watch("The thermometers of connector \(index + 1)", device) { reader.health }
                }
            }
            for (index, stage) in plan.stages.enumerated() {
                guard let (device, map) = plan.device(stage, on: wiring) else { continue }
                let power = try ModbusPowerStage(
                    map, unit: device.unit, stage: StageID(UInt8(truncatingIfNeeded: index)),
                    maximumMilliamperes: plan.maximumMilliamperes[index], inbox: inbox, on: bus)
                if let places { stages[index] = KeptStage(power, places) }
                troubles.watch("The power stage \(index + 1)", device) { power.health }
            }
            guard bus.hasDevices else { return }
            threads.append(try ModbusBusThread(String("bus \(wiring.name)".prefix(15)), bus, now: { clock.now }))
        } catch {
            troubles.say("The bus \(wiring.name) cannot be used: \(error)")
        }
    }
}

/// What hangs on which bus, and by which map.
package struct BusPlan: Sendable {
    /// The devices of one connector.
    package typealias OfConnector = (
        meter: BusDeviceWiring?, insulation: BusDeviceWiring?, thermometers: BusDeviceWiring?
    )
    package var buses: [BusWiring]
    package var connectors: [OfConnector]
    package var stages: [BusDeviceWiring?]
    /// What each stage gives at most.
    package var maximumMilliamperes: [Int32]
    package var maps: [String: RegisterMap]

    package init(
        buses: [BusWiring], connectors: [OfConnector], stages: [BusDeviceWiring?], maximumMilliamperes: [Int32],
        maps: [String: RegisterMap]
    ) {
        self.buses = buses
        self.connectors = connectors
        self.stages = stages
        self.maximumMilliamperes = maximumMilliamperes
        self.maps = maps
    }

    /// A device that hangs on this bus, and its map.
    func device(_ device: BusDeviceWiring?, on bus: BusWiring) -> (BusDeviceWiring, RegisterMap)? {
        guard let device, device.bus == bus.name, let map = maps[device.map] else { return nil }
        return (device, map)
    }
}

extension HardwarePlan {
    /// The part of it that is behind buses.
    package var buses: BusPlan {
        BusPlan(
            buses: profile.buses, connectors: profile.connectors.map { ($0.meter, $0.insulation, $0.thermometers) },
            stages: profile.stages.map(\.device), maximumMilliamperes: post.stages.map(\.maximumMilliamperes),
            maps: maps)
    }
}

extension PlantTroubles {
    /// Says why a device gives no readings, or which faults of its own it reports.
    func watch(_ what: String, _ device: BusDeviceWiring, _ health: @escaping @Sendable () -> DeviceHealth) {
        ask {
            let (health, name) = (
                health(), "\(what) (\(device.map), unit \(device.unit) of bus \(device.bus))"
            )
            if let why = health.trouble { return "\(name) gives no readings and is asked again: \(why)" }
            guard !health.faults.isEmpty else { return nil }
            return
                "\(name) reports a fault of its own (\(health.faults.joined(separator: ", "))): its manual says what to do."
        }
    }
}

extension BusWiring {
    /// The way to it.
    package var endpoint: ModbusEndpoint {
        get throws(ModbusFailure) {
            switch kind {
            case .serial(let bus):
                let guarding: SerialLine.Parity =
                    switch bus.parity {
                    case .none: .none
                    case .even: .even
                    case .odd: .odd
                    }
                return .serial(
                    SerialLine(
                        path: bus.device, baud: Int32(clamping: bus.baud), parity: guarding,
                        stopBits: Int32(clamping: bus.stopBits),
                        direction: bus.direction == .kernel ? .byKernel : .byHardware, echoes: bus.echoes))
            case .tcp(let address, let port):
                guard let address = NetworkAddress("\(address):\(port)") else { throw .notAnAddress(address) }
                return .network(address)
            }
        }
    }
}

/// A device of a profile, its place and its map.
public struct PlannedBusDevice: Sendable {
    /// What it is: `The meter of connector 1`.
    public var what: String
    /// Where it hangs.
    public var wiring: BusDeviceWiring
    /// Its bus.
    public var bus: BusWiring
    /// Its register map.
    public var map: RegisterMap

    /// What it is, and where it is found: `The meter of connector 1 (eastron-dcm230, unit 1 of bus meters)`.
    public var name: String { "\(what) (\(wiring.map), unit \(wiring.unit) of bus \(bus.name))" }
}

extension HardwarePlan {
    /// Every device behind a bus, in the order of the buses.
    public var busDevices: [PlannedBusDevice] {
        var named: [(String, BusDeviceWiring?)] = []
        for (index, connector) in profile.connectors.enumerated() {
            named.append(("The meter of connector \(index + 1)", connector.meter))
            named.append(("The insulation monitor of connector \(index + 1)", connector.insulation))
            named.append(("The thermometers of connector \(index + 1)", connector.thermometers))
        }
        for (index, stage) in profile.stages.enumerated() {
            named.append(("The power stage \(index + 1)", stage.device))
        }
        return profile.buses.flatMap { bus in
            named.compactMap { what, wiring in
                buses.device(wiring, on: bus).map {
                    PlannedBusDevice(what: what, wiring: $0.0, bus: bus, map: $0.1)
                }
            }
        }
    }
}
