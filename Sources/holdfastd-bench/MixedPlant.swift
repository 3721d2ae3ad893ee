// Real devices beside simulated ones: the world hears every command, and is believed only where the profile says so.

import BoardProfiles
import Devices
import HardwarePlant
import Post
import Runtime
import SimulatedBus
import Simulator

/// A plant that has a simulated world in it.
protocol WorldPlant: LivePlant {
    var world: World { get }
    /// What of the post is real, so that a fault of the world's twin is none of the post's.
    var realUnits: Set<FaultUnit> { get }
    /// Keeps what is so now for the next process, where anything is kept: a deed that was answered outlives a kill.
    func remember()
    /// Puts what is simulated of the far devices behind a bus.
    func speakModbus(
        _ maps: MapsOfWorld, _ inbox: LiveInbox, _ clock: LoopClock, _ troubles: PlantTroubles
    ) throws(NoPort)
}

extension WorldPlant {
    /// A bench keeps its records on the machine's disk and lives by the machine's clock; no cloud is behind it.
    static var machine: Set<FaultUnit> { [.disk, .clock, .network, .cloud] }
    var realUnits: Set<FaultUnit> { Self.machine }
    func remember() {}

    /// The same where maps were asked for; what it cannot have is a trouble of the post, and no end of it.
    func speakModbus(
        by maps: MapsOfWorld?, _ inbox: LiveInbox, _ clock: LoopClock, _ troubles: PlantTroubles
    ) {
        guard let maps else { return }
        do throws(NoPort) {
            try speakModbus(maps, inbox, clock, troubles)
        } catch {
            troubles.report(error.description)
        }
    }
}

/// A board whose profile names simulated devices.
///
/// The world holds a whole post, whose contactors, lock and pilot follow the orders that the real ones get: so a simulated
/// vehicle sees the path close when the post closes the real one.
final class MixedPlant: WorldPlant {
    let world: World
    private(set) var devices: PostDevices
    private let hardware: HardwarePlant
    private let simulated: Set<SimulatedDevice>
    /// Where simulated meters, monitors and stages speak Modbus; nil where they do not.
    private var bus: WorldOnBus?

    var realUnits: Set<FaultUnit> {
        let twins: [SimulatedDevice: Set<FaultUnit>] = [
            .stages: [.stage], .insulation: [.insulationMonitor], .meters: [.meter],
            .thermometers: [.pinSensor, .thermometers], .pilots: [.pilot, .proximity, .safetyController],
            .vehicle: [.vehicle],
        ]
        // What this process keeps in memory is read by a thread of its own.
        let own = Self.machine.union([.process])
        return twins.filter { !simulated.contains($0.key) }.reduce(into: own) { $0.formUnion($1.value) }
    }

    init(_ hardware: HardwarePlant, _ plan: HardwarePlan, seed: UInt64) {
        self.hardware = hardware
        world = World(WorldConfiguration(seed: seed, posts: [plan.post]))
        world.network.become(.down)
        simulated = Set(plan.profile.simulated)
        devices = Self.mixed(hardware.devices, world.posts[0].devices, simulated)
    }

    var cloud: any CloudPort { world.posts[0].cloudLink }
    var edgeDescriptors: [Int32] { hardware.edgeDescriptors + (bus?.descriptors ?? []) }
    func takeEdges() { hardware.takeEdges() }

    var nextEvent: Instant? { [hardware.nextEvent, world.nextEvent, bus?.nextEvent].compactMap(\.self).min() }

    func speakModbus(
        _ maps: MapsOfWorld, _ inbox: LiveInbox, _ clock: LoopClock, _ troubles: PlantTroubles
    ) throws(NoPort) {
        let kinds = simulated.intersection(WorldOnBus.everything)
        let joined = try WorldOnBus(world.posts[0], maps, inbox, clock, troubles, kinds)
        devices = joined.joined(devices)
        bus = joined
    }

    func advance(to instant: Instant) {
        world.advance(to: instant)
        hardware.advance(to: instant)
        bus?.serve(at: instant)
    }

    func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void) {
        hardware.connect(deliver: deliver, linesChanged: linesChanged)
        let heard = simulated
        let isOnBus = bus != nil
        world.posts[0].attach(
            PostProcess(
                onEvent: { event, now in
                    guard !isOnBus || WorldOnBus.isHeard(event) else { return }
                    if Self.isBelieved(event, heard) { deliver(event, now) }
                },
                onLinesChanged: { if heard.contains(.pilots) { linesChanged($0) } },
                onToken: { _, _, _ in }))
        world.posts[0].cloudLink.connect()
    }

    /// Whether the post hears this of the world.
    private static func isBelieved(_ event: Event, _ simulated: Set<SimulatedDevice>) -> Bool {
        switch event {
        case .vehicle: simulated.contains(.vehicle)
        case .stage: simulated.contains(.stages)
        case .insulation: simulated.contains(.insulation)
        case .meter: simulated.contains(.meters)
        case .temperature: simulated.contains(.thermometers)
        // The outcome of a copy is nobody's business.
        case .commandFinished(let number, _): number != copyNumber
        case .cloudLink: true
        default: false
        }
    }

    private static func mixed(
        _ real: PostDevices, _ world: PostDevices, _ simulated: Set<SimulatedDevice>
    ) -> PostDevices {
        var mixed = real
        for (index, twin) in world.connectors.enumerated() {
            let own = real.connectors[index]
            mixed.connectors[index].permissive = FollowedPermissive(own.permissive, twin.permissive)
            mixed.connectors[index].pilot = FollowedPilot(own.pilot, twin.pilot, simulated.contains(.pilots))
            mixed.connectors[index].lock = own.lock.map { FollowedLock($0, twin.lock) }
            mixed.connectors[index].discharge = own.discharge.map { FollowedDischarge($0, twin.discharge) }
            if simulated.contains(.vehicle) { mixed.connectors[index].vehicle = twin.vehicle }
            mixed.connectors[index].meter = simulated.contains(.meters) ? twin.meter : own.meter
            if simulated.contains(.thermometers) { mixed.connectors[index].thermometers = twin.thermometers }
            mixed.connectors[index].insulation =
                simulated.contains(.insulation)
                ? twin.insulation : FollowedInsulation(own.insulation, twin.insulation)
        }
        for (index, twin) in world.stages.enumerated() {
            mixed.stages[index].upstream = FollowedTrip(real.stages[index].upstream, twin.upstream)
            mixed.stages[index].stage =
                simulated.contains(.stages) ? twin.stage : FollowedStage(real.stages[index].stage, twin.stage)
        }
        mixed.watchdog = FollowedWatchdog(real.watchdog, world.watchdog)
        return mixed
    }
}
