// The simulated meters, insulation monitors and stages behind a Modbus bus: read and commanded as on a real post.

import BoardProfiles
import Devices
import Foundation
import HardwarePlant
import Post
import RegisterMaps
import Runtime
import SimulatedBus
import Simulator
import StrictYAML

/// The register maps by which simulated devices speak. Checked once, when the configuration is read.
struct MapsOfWorld: Sendable {
    let meter: RegisterMap
    let insulation: RegisterMap
    /// One a stage: the model of the series that gives what the configuration says.
    let stages: [RegisterMap]

    /// Reads each from the first of these folders that has it; throws what is wrong with it.
    init(_ folders: [String], _ post: PostConfiguration) throws(Problems) {
        func read(_ name: String) throws(Problems) -> RegisterMap {
            let paths = folders.map { "\($0)/\(name).yaml" }
            return try registerMapDocument.read(
                path: paths.first { FileManager.default.fileExists(atPath: $0) } ?? paths[0])
        }
        meter = try read("eastron-dcm230")
        insulation = try read("bender-isocha425hv")
        let series = try read("ea-psb-11000-80")
        stages = post.stages.map { series.rated($0) }
    }
}

extension RegisterMap {
    /// Another model of a series whose set and actual values are fractions of its rating.
    fileprivate func rated(_ stage: StageConfiguration) -> RegisterMap {
        var model = self
        let (volts, amperes) = (Int64(stage.maximumMillivolts), Int64(stage.maximumMilliamperes))
        model.controls.voltage?.full = volts
        model.controls.current?.full = amperes
        model.ratedWatts = stage.ratedWatts
        for index in model.values.indices {
            let full = model.values[index].quantity == .voltage ? volts : amperes
            // The map's unit is the volt or the ampere; the rating is in thousandths.
            model.values[index].scaleMillionths = full * 1_000_000 / model.values[index].unitSize
            model.values[index].range = 0...full * 11 / 10
        }
        return model
    }
}

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
            if let meter { sensors.add(Self.unit(meter.unit, maps.meter, connector.meter)) }
            if let insulation {
                sensors.add(Self.unit(insulation.unit, maps.insulation, connector.insulation))
            }
            return (meter, insulation, nil)
        }
        let stages = zip(post.stages, maps.stages).enumerated().map { index, stage -> BusDeviceWiring? in
            guard kinds.contains(.stages) else { return nil }
            let name = "\(stage.1.name)-\(index + 1)"
            named[name] = stage.1
            let wiring = next(name, on: 1)
            power.add(Self.unit(wiring.unit, stage.1, stage.0))
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
    static func isHeard(_ event: Event) -> Bool {
        switch event {
        case .meter, .insulation, .stage: false
        default: true
        }
    }

    private static func unit(_ number: UInt8, _ map: RegisterMap, _ meter: SimulatedMeter) -> SimulatedUnit {
        SimulatedUnit(number, map) {
            meter.answer.map { sample, after in
                let watts = Int64(sample.millivolts) * Int64(sample.milliamperes) / 1_000_000
                return SimulatedUnit.Answer(
                    DeviceContent(
                        [
                            .voltage: Int64(sample.millivolts), .current: Int64(sample.milliamperes), .power: watts,
                            .energyImport: sample.energyWattHours,
                        ], serial: sample.serial), after: after)
            }
        }
    }

    private static func unit(_ number: UInt8, _ map: RegisterMap, _ monitor: SimulatedInsulation) -> SimulatedUnit {
        SimulatedUnit(number, map) {
            monitor.answer.map { sample, isTesting in
                var content = DeviceContent([
                    .insulation: Int64(sample.ohms), .voltage: Int64(sample.millivolts),
                ])
                content.isTesting = isTesting
                content.hasFault = sample.selfTest == .failed
                return SimulatedUnit.Answer(content)
            }
        } obey: { order in
            switch order {
            case .test: monitor.obey(.test)
            case .output(let isOn, _, _): monitor.obey(isOn ? .monitor : .rest)
            }
            return true
        }
    }

    private static func unit(_ number: UInt8, _ map: RegisterMap, _ stage: SimulatedStage) -> SimulatedUnit {
        SimulatedUnit(number, map) {
            stage.answer.map { sample, after in
                var content = DeviceContent([
                    .voltage: Int64(sample.millivolts), .current: Int64(sample.milliamperes),
                ])
                content.hasFault = sample.hasFault
                return SimulatedUnit.Answer(content, isOn: sample.isOn, after: after)
            }
        } obey: { order in
            guard case .output(let isOn, let millivolts, let milliamperes) = order else { return false }
            return stage.takes(
                isOn
                    ? .on(millivolts: Int32(clamping: millivolts), milliamperes: Int32(clamping: milliamperes))
                    : .off)
        }
    }
}
