// One connector of the world: its circuit and the devices around it, advanced together.

import Devices
import Post

/// Circuit and devices of one connector. Whoever looks at it first lets its time pass.
final class SimulatedConnector {
    let place: Place
    var circuit = Circuit()
    let contactors: SimulatedContactors
    let pilot = SimulatedPilot()
    let lock: SimulatedLock?
    let button = SimulatedButton()
    let indicator = SimulatedIndicator()
    let discharge: SimulatedDischarge
    let meter: SimulatedMeter
    let monitor: SimulatedMonitor
    let thermometers: SimulatedThermometers
    let link: SimulatedLink
    var vehicle: SimulatedVehicle?
    var vehicleGeneration: UInt32 = 0

    init(
        place: Place, contactors: SimulatedContactors, lock: SimulatedLock?, discharge: SimulatedDischarge,
        meter: SimulatedMeter, monitor: SimulatedMonitor, thermometers: SimulatedThermometers, link: SimulatedLink
    ) {
        self.place = place
        self.contactors = contactors
        self.lock = lock
        self.discharge = discharge
        self.meter = meter
        self.monitor = monitor
        self.thermometers = thermometers
        self.link = link
    }

    var devices: ConnectorDevices {
        ConnectorDevices(
            permissive: contactors, pilot: pilot, lock: lock, discharge: discharge, stopButton: button,
            indicator: indicator, meter: meter, insulation: monitor, vehicle: link, thermometers: thermometers)
    }

    /// Whether the plug is held in the inlet: by the post's lock, or by the vehicle while its session lasts.
    var isPlugHeld: Bool {
        guard pilot.isSeated else { return false }
        if let lock { return lock.isLocked }
        guard let vehicle else { return false }
        switch vehicle.phase {
        case .cableCheck, .preCharge, .charge, .pause, .stop: return true
        case .silent, .parameters, .ended: return false
        }
    }

    /// Lets the circuit's time pass up to now, with the vehicle's battery and contactors in it.
    func advance(to now: Instant, _ judge: inout Judge) {
        circuit.advance(to: now, &judge, place)
        if let pack = circuit.battery { vehicle?.battery = pack }
    }

    /// The vehicle's contactors have moved, or a vehicle came or went.
    func takeInVehicle() {
        circuit.battery = vehicle?.battery
        let isClosed = vehicle?.isClosed ?? false
        if circuit.isVehicleClosed != isClosed {
            circuit.isVehicleClosed = isClosed
            circuit.touch()
        }
    }

    /// The poles have moved: opens or closes the path, after the judge has had a look.
    func takeInContactors(_ judge: inout Judge) {
        contactors.settle()
        let isPath = contactors.plus.isClosed && contactors.minus.isClosed
        if isPath != circuit.isPathClosed { judge.switching(circuit, place, closes: isPath) }
        if isPath, !circuit.isPathClosed, !circuit.isVehicleClosed {
            // Two capacitors meet: charge is shared, the difference is heat in the contacts.
            let charge = Circuit.stageFarads * circuit.stageVolts + Circuit.contactFarads * circuit.contactVolts
            let volts = charge / (Circuit.stageFarads + Circuit.contactFarads)
            circuit.stageVolts = volts
            circuit.contactVolts = volts
        }
        circuit.plusClosed = contactors.plus.isClosed
        circuit.minusClosed = contactors.minus.isClosed
        if !isPath { circuit.contactAmperes = 0 }
        circuit.touch()
    }
}
