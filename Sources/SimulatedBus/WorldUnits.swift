// Meters, monitors and stages of the world as Modbus units: which maps they speak by, and what their registers hold.

import Foundation
public import Post
public import RegisterMaps
public import Simulator
public import StrictYAML

/// The register maps by which simulated devices speak. Checked once, when they are read.
public struct MapsOfWorld: Sendable {
    /// Of every meter.
    public let meter: RegisterMap
    /// Of every insulation monitor.
    public let insulation: RegisterMap
    private let series: RegisterMap

    /// Reads each from the first of these folders that has it; throws what is wrong with it.
    public init(_ folders: [String]) throws(Problems) {
        func read(_ name: String) throws(Problems) -> RegisterMap {
            let paths = folders.map { "\($0)/\(name).yaml" }
            return try registerMapDocument.read(
                path: paths.first { FileManager.default.fileExists(atPath: $0) } ?? paths[0])
        }
        meter = try read("eastron-dcm230")
        insulation = try read("bender-isocha425hv")
        series = try read("ea-psb-11000-80")
    }

    /// Of a power stage: the model of the series that gives what the configuration says.
    public func stage(_ configuration: StageConfiguration) -> RegisterMap { series.rated(configuration) }
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

extension SimulatedUnit {
    /// A meter of the world as a unit of that number and map.
    public convenience init(_ number: UInt8, _ map: RegisterMap, of meter: SimulatedMeter) {
        self.init(number, map) {
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

    /// An insulation monitor of the world as a unit of that number and map.
    public convenience init(_ number: UInt8, _ map: RegisterMap, of monitor: SimulatedInsulation) {
        self.init(number, map) {
            monitor.answer.map { sample, isTesting in
                var content = DeviceContent([
                    .insulation: Int64(sample.ohms), .voltage: Int64(sample.millivolts),
                    .voltagePlusToEarth: Int64(sample.plusToEarthMillivolts ?? 0),
                    .voltageMinusToEarth: Int64(sample.minusToEarthMillivolts ?? 0),
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

    /// A power stage of the world as a unit of that number and map.
    public convenience init(_ number: UInt8, _ map: RegisterMap, of stage: SimulatedStage) {
        self.init(number, map) {
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

extension SimulatedBus {
    /// Whether this comes over a bus where simulated devices are behind one.
    public static func carries(_ event: Event) -> Bool {
        switch event {
        case .meter, .insulation, .stage: true
        default: false
        }
    }
}
