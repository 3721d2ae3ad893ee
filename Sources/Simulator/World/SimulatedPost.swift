// One post of the world: builds its devices, routes what happens to them, and hands what they say to the runtime.

public import Devices
public import Post

/// A post in the world. The runtime that runs on it may die and be started again; the post's hardware goes on.
public final class SimulatedPost {
    /// The post's place in the world, from 0.
    public let number: Int
    /// What it is made of.
    public let configuration: PostConfiguration
    /// Where what devices say goes; nil while no runtime is attached (crashed, starting).
    public var deliver: ((Event, Instant) -> Void)?
    /// Called when a line may have changed, as an edge would wake the loop.
    public var linesChanged: ((Instant) -> Void)?

    /// Whether the disk leaves look-ups unanswered.
    var hangsLookUps = false

    let connectors: [SimulatedConnector]
    let stages: [SimulatedStage]
    let enclosure = SimulatedEnclosure()
    let readers: [SimulatedReader]
    unowned let world: World

    init(number: Int, configuration: PostConfiguration, world: World) {
        self.number = number
        self.configuration = configuration
        self.world = world
        readers = configuration.readers.map { _ in SimulatedReader() }
        let bench = Bench(number: number, world: world)
        stages = configuration.stages.indices.map { bench.stage($0, configuration.stages[$0]) }
        connectors = configuration.connectors.indices.map { bench.connector($0, configuration.connectors[$0]) }
    }

    /// The devices, for a runtime.
    public var devices: PostDevices {
        PostDevices(
            connectors: connectors.map(\.devices), stages: stages.map { StageDevices(stage: $0, upstream: $0) },
            interlocks: enclosure, cooling: enclosure, watchdog: enclosure, readers: readers)
    }

    /// The process died: its outputs fall to what their external pulls say. Vehicle, meter and contacts go on.
    public func outputsFall(at now: Instant) {
        for connector in connectors {
            world.excuse(connector.place, until: now + .seconds(1))
            connector.contactors.drive(false)
            connector.pilot.output = .steady
            connector.vehicle?.pilotChanged(to: .steady)
        }
        for stage in stages.indices { world.stageWillFallSilent(post: number, stage: stage, at: now) }
        deliver = nil
        linesChanged = nil
    }

    func stage(of connector: Int) -> Int { Int(configuration.connectors[connector].stage.index) }

    /// The connector that a stage's output is led to: the one whose path is closed, else the first that names it.
    func connectorFed(by stage: Int) -> Int {
        let own = connectors.indices.filter { self.stage(of: $0) == stage }
        return own.first { connectors[$0].circuit.isPathClosed } ?? own.first { connectors[$0].contactors.isDriven }
            ?? own.first ?? 0
    }
}

/// Builds the devices of one post and wires them to the world.
struct Bench {
    let number: Int
    unowned let world: World

    func stage(_ index: Int, _ configuration: StageConfiguration) -> SimulatedStage {
        let stage = SimulatedStage { [unowned world, number] command in
            world.stageChanged(post: number, stage: index, command)
        }
        stage.rating.maximumWatts = Double(configuration.ratedWatts)
        stage.rating.maximumVolts = Double(configuration.maximumMillivolts) / 1_000
        stage.rating.maximumAmperes = Double(configuration.maximumMilliamperes) / 1_000
        return stage
    }

    func connector(_ index: Int, _ configuration: ConnectorConfiguration) -> SimulatedConnector {
        let place = Place(post: number, connector: index)
        let world = world
        let contactors = SimulatedContactors { [unowned world] milliseconds, generation in
            world.plan(
                .contactors(post: place.post, connector: place.connector, generation: generation),
                after: .milliseconds(milliseconds))
        }
        let lock = SimulatedLock { [unowned world] milliseconds, generation in
            world.plan(
                .lock(post: place.post, connector: place.connector, generation: generation),
                after: .milliseconds(milliseconds))
        }
        return SimulatedConnector(
            place: place, contactors: contactors, lock: configuration.lockHolder == .post ? lock : nil,
            discharge: SimulatedDischarge { [unowned world] isOn in world.dischargeSwitched(place, isOn) },
            meter: SimulatedMeter(
                serial: 0x4D45_5445_0000 + UInt64(number * 16 + index) + 1,
                baseWattHours: 1_000_000 + Int64(number * 16 + index) * 10_000
            ) { [unowned world] meter in
                world.restartSampling(place, .meter, meter.generation)
            },
            monitor: SimulatedMonitor(now: { [unowned world] in world.now }) { [unowned world] monitor, command in
                world.answered(place, command)
                world.restartSampling(place, .insulation, monitor.generation)
            },
            thermometers: SimulatedThermometers { [unowned world] thermometers in
                world.restartSampling(place, .temperature, thermometers.generation)
            },
            link: SimulatedLink { [unowned world] in world.now })
    }
}
