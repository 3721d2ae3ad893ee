// How a connector and a stage are written in a profile.

import Post
import StrictYAML

/// A contactor and its places.
struct PlacedContactor: Sendable {
    var drive: PlacedLine
    var mirror: PlacedInput
    var wiring: ContactorWiring { ContactorWiring(drive: drive.wiring, mirror: mirror.wiring) }

    @Sendable static func read(_ keys: RecordReader) -> PlacedContactor {
        PlacedContactor(
            drive: keys.required("drive", .heldOutput, "The line of its coil."),
            mirror: keys.required(
                "mirror", .mirrorContact,
                "Its mirror contact, a wire of its own: active while the contactor is closed."))
    }
}

/// A lock and its places.
struct PlacedLock: Sendable {
    var lock: PlacedLine
    var release: PlacedLine
    var pulse: Interval
    var sense: PlacedInput
    var wiring: LockWiring {
        LockWiring(lock: lock.wiring, release: release.wiring, pulse: pulse, sense: sense.wiring)
    }

    @Sendable static func read(_ keys: RecordReader) -> PlacedLock {
        PlacedLock(
            lock: keys.required("lock", .heldOutput, "Drives the motor towards locked."),
            release: keys.required("release", .heldOutput, "Drives the motor towards released."),
            pulse: keys.optional(
                "pulse", .interval(50_000...5_000_000), default: "600ms", "How long the motor is driven."),
            sense: keys.required("sense", .closedCircuit, "Its sense contact: active while locked."))
    }
}

/// A lamp and its places.
struct PlacedLamp: Sendable {
    var red: PlacedLine
    var green: PlacedLine
    var blue: PlacedLine
    var wiring: LampWiring { LampWiring(red: red.wiring, green: green.wiring, blue: blue.wiring) }

    @Sendable static func read(_ keys: RecordReader) -> PlacedLamp {
        PlacedLamp(
            red: keys.required("red", .output, "Red."), green: keys.required("green", .output, "Green."),
            blue: keys.required("blue", .output, "Blue."))
    }
}

/// A device on a bus and the place of its bus's name.
struct PlacedDevice: Sendable {
    var bus: Located<String>
    var unit: UInt8
    var map: String
    var wiring: BusDeviceWiring { BusDeviceWiring(bus: bus.value, unit: unit, map: map) }

    @Sendable static func read(_ keys: RecordReader) -> PlacedDevice {
        PlacedDevice(
            bus: keys.required(
                "bus", Kind<String>.text(1...31, .name).located, "The name of a bus of this profile."),
            unit: keys.required("unit", .integer(1...247), "Its Modbus unit."),
            map: keys.required("map", .text(1...63, .name), "The name of its register map."))
    }
}

/// A connector and its places.
struct PlacedConnector: Sendable {
    var plus: PlacedContactor
    var minus: PlacedContactor
    var opensWithin: Located<Interval>
    var lock: PlacedLock?
    var discharge: PlacedLine?
    var stopButton: PlacedInput?
    var lamp: PlacedLamp?
    var proximity: PlacedInput?
    var meter: PlacedDevice?
    var insulation: PlacedDevice?
    var thermometers: PlacedDevice?

    var wiring: ConnectorWiring {
        ConnectorWiring(
            plus: plus.wiring, minus: minus.wiring, opensWithin: opensWithin.value, lock: lock?.wiring,
            discharge: discharge?.wiring, stopButton: stopButton?.wiring, lamp: lamp?.wiring,
            proximity: proximity?.wiring, meter: meter?.wiring, insulation: insulation?.wiring,
            thermometers: thermometers?.wiring)
    }

    /// Every line of it.
    var lines: [PlacedLine] {
        var lines = [plus.drive, plus.mirror.line, minus.drive, minus.mirror.line]
        if let lock { lines += [lock.lock, lock.release, lock.sense.line] }
        if let lamp { lines += [lamp.red, lamp.green, lamp.blue] }
        return lines + [discharge, stopButton?.line, proximity?.line].compactMap(\.self)
    }

    @Sendable static func read(_ keys: RecordReader) -> PlacedConnector {
        PlacedConnector(
            plus: keys.required("plus", .record(PlacedContactor.read), "The positive contactor."),
            minus: keys.required("minus", .record(PlacedContactor.read), "The negative contactor."),
            opensWithin: keys.required(
                "opens_within", Kind<Interval>.interval(1_000...100_000).located,
                "How long a contactor takes to open, coil and suppression and all, at most."),
            lock: keys.optional(
                "lock", .record(PlacedLock.read), "The lock; left out: the vehicle holds the plug."),
            discharge: keys.optional(
                "discharge", .heldOutput, "Connects the discharge resistor; left out: the stage discharges."),
            stopButton: keys.optional(
                "stop_button", .closedCircuit, "The stop button, active while not pressed; left out: none."),
            lamp: keys.optional("lamp", .record(PlacedLamp.read), "The lamp; left out: none."),
            proximity: keys.optional(
                "proximity", .closedCircuit,
                "The proximity contact, active while the plug sits; left out: the safety controller measures it."),
            meter: keys.optional("meter", .record(PlacedDevice.read), "The energy meter."),
            insulation: keys.optional("insulation", .record(PlacedDevice.read), "The insulation monitor."),
            thermometers: keys.optional(
                "thermometers", .record(PlacedDevice.read), "The thermometers at the contacts."))
    }
}

/// A stage and its places.
struct PlacedStage: Sendable {
    var upstreamTrip: PlacedLine
    var device: PlacedDevice?
    var wiring: StageWiring { StageWiring(upstreamTrip: upstreamTrip.wiring, device: device?.wiring) }

    @Sendable static func read(_ keys: RecordReader) -> PlacedStage {
        PlacedStage(
            upstreamTrip: keys.required(
                "upstream_trip", .heldOutput, "The shunt trip that cuts the stage off from its supply."),
            device: keys.optional("device", .record(PlacedDevice.read), "Where the stage is reached."))
    }
}
