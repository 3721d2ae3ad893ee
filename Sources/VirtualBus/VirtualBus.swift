// Far devices behind buses of bytes in virtual time: the post's own Modbus driver, and slaves that answer from the world.

public import Devices
import Glibc
import ModbusDriver
public import Post
import RegisterMaps
public import SimulatedBus
public import Simulator
import Synchronization

/// One life's buses: meters and insulation monitors hang on one, power stages on the other. Frames go over socket pairs, whose
/// bytes are there as soon as they are written, so two plays of a seed are the same.
public final class VirtualBus: FarLink {
    /// How long a slave takes to answer. 5 ms: engineering default for Modbus TCP on one segment.
    public static let answersAfter: Interval = .milliseconds(5)

    /// The devices as the process finds them: those behind a bus are the driver's.
    public let devices: PostDevices
    private let lines: [Line]
    private let asked = Asked()

    /// The buses of a post; nil where the process has no descriptor left or a map does not fit.
    public init?(_ post: SimulatedPost, _ maps: MapsOfWorld) {
        let (sensors, power) = (
            SimulatedBus(answersAfter: Self.answersAfter), SimulatedBus(answersAfter: Self.answersAfter)
        )
        var devices = post.devices
        do throws(ModbusFailure) {
            let (ofSensors, ofPower) = (try Line(sensors), try Line(power))
            lines = [ofSensors, ofPower]
            var unit: UInt8 = 0
            for (index, connector) in post.connectors.enumerated() {
                unit += 1
                sensors.add(SimulatedUnit(unit, maps.meter, of: connector.meter))
                devices.connectors[index].meter = AskedMeter(
                    try ModbusMeter(
                        maps.meter, unit: unit, connector: ConnectorID(UInt8(clamping: index)),
                        inbox: asked.sayings,
                        on: ofSensors.bus), asked)
                unit += 1
                sensors.add(SimulatedUnit(unit, maps.insulation, of: connector.insulation))
                devices.connectors[index].insulation = AskedInsulation(
                    try ModbusInsulationMonitor(
                        maps.insulation, unit: unit, connector: ConnectorID(UInt8(clamping: index)),
                        inbox: asked.sayings,
                        on: ofSensors.bus),
                    asked)
            }
            for (index, stage) in post.stages.enumerated() {
                unit += 1
                let map = maps.stage(post.configuration.stages[index])
                power.add(SimulatedUnit(unit, map, of: stage))
                devices.stages[index].stage = AskedStage(
                    try ModbusPowerStage(
                        map, unit: unit, stage: StageID(UInt8(clamping: index)),
                        maximumMilliamperes: post.configuration.stages[index].maximumMilliamperes,
                        inbox: asked.sayings,
                        on: ofPower.bus), asked)
            }
        } catch { return nil }
        self.devices = devices
    }

    /// When a bus wants to go on; at once where the process has asked something of a device.
    public var nextEvent: Instant {
        asked.isAsked ? .zero : lines.map(\.nextEvent).min() ?? .distantFuture
    }

    /// Whether the process hears this over a bus.
    public func carries(_ event: Event) -> Bool { SimulatedBus.carries(event) }

    /// Turns both buses; what they have brought is handed over in its order.
    public func advance(to now: Instant, deliver: (Event) -> Void) {
        asked.isAsked = false
        for line in lines { line.turn(at: now) }
        for event in asked.sayings.taken() { deliver(event) }
    }
}

/// One bus: the master of the post, its slaves, and the socket pair between them.
private final class Line {
    /// poll(2) counts in milliseconds: a thread would come back no sooner.
    private static let comesBackAfter: Interval = .milliseconds(1)

    let bus: ModbusBus
    private let slaves: SimulatedBus
    private let end = HandedEnd()
    private var wakesAt = Instant.zero

    init(_ slaves: SimulatedBus) throws(ModbusFailure) {
        self.slaves = slaves
        let end = end
        bus = try ModbusBus(.given(.tcp) { end.take() })
    }

    var nextEvent: Instant { min(wakesAt, slaves.nextEvent ?? .distantFuture) }

    func turn(at now: Instant) {
        end.fill { slaves.connect() }
        slaves.serve(at: now)
        wakesAt = max(bus.turn(at: now), now + Self.comesBackAfter)
        slaves.serve(at: now)
    }
}

/// The end of a socket pair that the master takes when it opens its way anew.
private final class HandedEnd: Sendable {
    private let descriptor = Mutex<Int32?>(nil)

    func take() -> Int32? { descriptor.withLock { $0.take() } }

    func fill(_ make: () -> Int32?) {
        descriptor.withLock { held in if held == nil { held = make() } }
    }

    deinit { if let left = take() { close(left) } }
}

/// What devices said and nobody has heard yet.
private final class Sayings: Inbox {
    private let events = Mutex<[Event]>([])

    func post(_ event: Event) { events.withLock { $0.append(event) } }

    func taken() -> [Event] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}

/// What the process asks of devices: whether it has since the buses were turned, and what becomes of a command that nobody takes.
private final class Asked {
    let sayings = Sayings()
    var isAsked = false

    func command(_ number: CommandNumber, _ send: () throws(DeviceError) -> Void) {
        isAsked = true
        do throws(DeviceError) { try send() } catch { sayings.post(.commandFinished(number, .refused)) }
    }
}

private final class AskedMeter: EnergyMeter {
    private let meter: ModbusMeter
    private let asked: Asked

    init(_ meter: ModbusMeter, _ asked: Asked) { (self.meter, self.asked) = (meter, asked) }

    func setFast(_ isFast: Bool) throws(DeviceError) {
        asked.isAsked = true
        try meter.setFast(isFast)
    }
}

private final class AskedInsulation: InsulationMonitor {
    private let monitor: ModbusInsulationMonitor
    private let asked: Asked

    init(_ monitor: ModbusInsulationMonitor, _ asked: Asked) { (self.monitor, self.asked) = (monitor, asked) }

    func send(_ command: InsulationCommand, number: CommandNumber) throws(DeviceError) {
        asked.command(number) { () throws(DeviceError) in try monitor.send(command, number: number) }
    }
}

private final class AskedStage: PowerStage {
    private let stage: ModbusPowerStage
    private let asked: Asked

    init(_ stage: ModbusPowerStage, _ asked: Asked) { (self.stage, self.asked) = (stage, asked) }

    func send(_ command: StageCommand, number: CommandNumber) throws(DeviceError) {
        asked.command(number) { () throws(DeviceError) in try stage.send(command, number: number) }
    }
}
