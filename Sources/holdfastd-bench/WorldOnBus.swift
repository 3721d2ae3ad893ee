// The simulated meters, insulation monitors and stages behind a Modbus bus: read and commanded as on a real post.

import BoardProfiles
import Devices
import HardwarePlant
import Post
import RegisterMaps
import Runtime
import SimulatedBus
import Simulator

/// No port can be had for the simulated buses.
struct NoPort: Error, CustomStringConvertible {
    var description: String {
        "No port on 127.0.0.1 can be had for the simulated bus: end a program that listens."
    }
}

/// The slaves in the world and the masters in the post, with a TCP connection on the loopback interface between them.
final class WorldOnBus {
    private static let names = ["simulated meters", "simulated stages"]

    /// Meters and monitors hang on one, stages on the other: one that is silent takes no time from the others' kind.
    private let slaves: [SimulatedBus]
    private let masters: BusDevices
    private let kinds: Set<SimulatedDevice>

    /// What hangs on a bus of all that can be simulated.
    static let everything: Set<SimulatedDevice> = [.meters, .insulation, .stages]

    /// - Parameter kinds: What is simulated, and so behind these buses.
    init(
        _ post: SimulatedPost, _ maps: MapsOfWorld, _ inbox: LiveInbox, _ clock: LoopClock,
        _ troubles: PlantTroubles, _ kinds: Set<SimulatedDevice> = everything
    ) throws(NoPort) {
        guard let sensors = SimulatedBus(), let power = SimulatedBus() else { throw NoPort() }
        slaves = [sensors, power]
        self.kinds = kinds
        var unit: UInt8 = 0
        var named: [String: RegisterMap] = [maps.meter.name: maps.meter, maps.insulation.name: maps.insulation]
        func next(_ map: String, on bus: Int = 0) -> BusDeviceWiring {
            unit += 1
            return BusDeviceWiring(bus: Self.names[bus], unit: unit, map: map)
        }
        let connectors = post.connectors.map { connector -> BusPlan.OfConnector in
            let meter = kinds.contains(.meters) ? next(maps.meter.name) : nil
            let insulation = kinds.contains(.insulation) ? next(maps.insulation.name) : nil
            if let meter { sensors.add(SimulatedUnit(meter.unit, maps.meter, of: connector.meter)) }
            if let insulation {
                sensors.add(SimulatedUnit(insulation.unit, maps.insulation, of: connector.insulation))
            }
            return (meter, insulation, nil)
        }
        let stages = zip(post.stages, post.configuration.stages.map(maps.stage)).enumerated().map {
            index, stage -> BusDeviceWiring? in
            guard kinds.contains(.stages) else { return nil }
            let name = "\(stage.1.name)-\(index + 1)"
            named[name] = stage.1
            let wiring = next(name, on: 1)
            power.add(SimulatedUnit(wiring.unit, stage.1, of: stage.0))
            return wiring
        }
        masters = BusDevices(
            BusPlan(
                buses: zip(Self.names, slaves).map { name, bus in
                    BusWiring(name: name, kind: .tcp(address: "127.0.0.1", port: bus.port))
                },
                connectors: connectors, stages: stages,
                maximumMilliamperes: post.configuration.stages.map(\.maximumMilliamperes), maps: named),
            inbox, places: inbox, clock, troubles)
    }

    deinit { masters.stop() }

    /// The devices of a post, those of the bus among them.
    func joined(_ devices: PostDevices) -> PostDevices {
        var joined = devices
        for index in joined.connectors.indices {
            if kinds.contains(.meters) { joined.connectors[index].meter = masters.meters[index] }
            if kinds.contains(.insulation) { joined.connectors[index].insulation = masters.insulation[index] }
        }
        for index in joined.stages.indices where kinds.contains(.stages) {
            joined.stages[index].stage = masters.stages[index]
        }
        return joined
    }

    /// Readable when there is something to serve.
    var descriptors: [Int32] { slaves.flatMap(\.descriptors) }

    /// When the next answer that takes its time is due.
    var nextEvent: Instant? { slaves.compactMap(\.nextEvent).min() }

    /// Takes what has come in, and answers.
    func serve(at now: Instant) { for bus in slaves { bus.serve(at: now) } }

    /// Whether the post hears this from the world itself: what is on the bus it hears from there.
    static func isHeard(_ event: Event) -> Bool { !SimulatedBus.carries(event) }
}
