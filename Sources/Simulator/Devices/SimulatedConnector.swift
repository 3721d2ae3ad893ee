// One connector of a simulated post: its devices, its circuit, and whatever is plugged into it.

import Devices
import Post

/// A connector. Its parts meet at the terminals of its circuit and nowhere else.
public final class SimulatedConnector {
    let terminals: Terminals
    private let seed: UInt64
    private let hasLock: Bool
    /// The vehicle that is plugged in, or nil.
    public private(set) var vehicle: Vehicle?
    /// Whether the plug sits in an inlet.
    public private(set) var isPlugSeated = false

    // The devices. Some are lazy because they need the connector to exist first.

    /// The contactors.
    public private(set) lazy var contactors = SimulatedContactors(self, seed: seed)
    /// Pilot and proximity.
    public private(set) lazy var pilot = SimulatedPilot(self)
    /// The lock, where the post holds it.
    public private(set) lazy var lock: SimulatedLock? = hasLock ? SimulatedLock(self) : nil
    /// The discharge resistor.
    public private(set) lazy var discharge = SimulatedDischarge(self)
    /// The stop button.
    public let stopButton = SimulatedStopButton()
    /// The lamp.
    public let indicator = SimulatedIndicator()
    /// The energy meter.
    public let meter: SimulatedMeter
    /// The insulation monitor.
    public let insulation: SimulatedInsulation
    /// The link to the vehicle.
    public private(set) lazy var link = SimulatedVehicleLink(self)
    /// The thermometers.
    public let thermometers: SimulatedThermometers

    init(_ terminals: Terminals, hasLock: Bool, seed: UInt64, ambientCelsius: Double) {
        self.terminals = terminals
        self.hasLock = hasLock
        self.seed = seed
        meter = SimulatedMeter(terminals, seed: seed)
        insulation = SimulatedInsulation(terminals, seed: seed)
        thermometers = SimulatedThermometers(terminals, ambientCelsius: ambientCelsius)
    }

    /// Which connector of its post it is, from 0.
    public var index: Int { place.connector }
    var place: Place { terminals.place }
    var branch: Branch {
        get { terminals.branch }
        set { terminals.branch = newValue }
    }
    var island: Island { terminals.island }
    var post: SimulatedPost { terminals.post }
    var world: World { post.world }

    /// Moves the circuit to now, so that what is read is of now.
    func settle() { terminals.settle() }

    /// Whether the contacts carry what may not be touched.
    var isLive: Bool { abs(branch.contactVolts) > Judge.touchSafeVolts }

    var devices: ConnectorDevices {
        ConnectorDevices(
            permissive: contactors, pilot: pilot, lock: lock, discharge: discharge, stopButton: stopButton,
            indicator: indicator, meter: meter, insulation: insulation, vehicle: link, thermometers: thermometers)
    }

    func beginSampling() {
        meter.beginSampling()
        insulation.beginSampling()
        thermometers.beginSampling()
    }

    // What is so, for screens and expectations

    /// Voltage at the contacts now, in volts: the truth, not a reading.
    public var contactVolts: Double {
        settle()
        return branch.contactVolts
    }
    /// Current through the contacts now, in amperes, positive towards the vehicle.
    public var contactAmperes: Double {
        settle()
        return branch.amperes
    }
    /// Energy through the contacts since the start of the world, in watt-hours.
    public var flowedWattHours: Double {
        settle()
        return branch.contactJoules / 3_600
    }
    /// Whether the contactors join the contacts to the power stage.
    public var isPathClosed: Bool { branch.isPathClosed }
    /// Temperature of the contacts in degrees Celsius.
    public var pinCelsius: Double {
        thermometers.settleHeat()
        return thermometers.pinCelsius
    }
    /// Whether something still holds the plug in the inlet.
    public var isPlugHeld: Bool {
        settle()
        return isPlugSeated && (lock?.isLocked ?? vehicle?.holdsPlug ?? false)
    }

    // The plug

    /// The plug goes into a vehicle's inlet. Returns false if one is in already.
    @discardableResult
    func plug(_ profile: VehicleProfile) -> Bool {
        guard vehicle == nil else { return false }
        settle()
        island.disturb()
        let arrived = Vehicle(profile, at: self)
        branch.battery = Battery(
            cells: profile.cells, ampereHours: profile.ampereHours, ohms: profile.milliohms / 1_000,
            share: Double(profile.arrivesAtPerMille) / 1_000)
        branch.isVehicleClosed = false
        vehicle = arrived
        isPlugSeated = true
        world.judge.plugChanged(place, isSeated: true, isTornOut: false, at: world.now)
        if isVehicleWelded { setVehicleContactors(isClosed: true) }
        if pilot.output == .digital { arrived.pilotChanged() }
        post.touchLines()
        return true
    }

    /// The plug comes out. A plug that is held comes out only by force.
    @discardableResult
    func unplug(byForce: Bool) -> Bool {
        guard vehicle != nil, byForce || !isPlugHeld else { return false }
        settle()
        if byForce { world.judge.excuse(place, until: world.now + Judge.emergencyLasts) }
        island.disturb()
        branch.isVehicleClosed = false
        branch.isVehicleShorted = false
        branch.battery = nil
        branch.amperes = 0
        branch.dropVolts = 0
        vehicle = nil
        isPlugSeated = false
        link.unplugged()
        // Past a bolt that no longer moves, or has just fallen back, a plug comes out live: nobody could hold it, and the post has the
        // time of a torn one.
        let isUnheld = lock.map { $0.isStuck || $0.hasFallenBack } ?? false
        world.judge.plugChanged(place, isSeated: false, isTornOut: byForce || isUnheld, at: world.now)
        post.touchLines()
        return true
    }

    // The vehicle's own contactors

    /// They stay closed whatever the vehicle wants; its contacts are live as soon as it is plugged in.
    var isVehicleWelded = false {
        didSet { if isVehicleWelded, vehicle != nil { setVehicleContactors(isClosed: true) } }
    }

    func setVehicleContactors(isClosed: Bool) {
        let closes = isClosed && vehicle?.hasDroppedLoad != true || isVehicleWelded
        guard vehicle != nil, branch.isVehicleClosed != closes else { return }
        settle()
        island.disturb()
        branch.isVehicleClosed = closes
        if closes {
            island.meetBattery(of: terminals.position)
        } else {
            branch.amperes = 0
            branch.dropVolts = 0
        }
        checkForJoinedBatteries()
    }

    // What the judge is told at the moment it happens

    /// - Parameter isTold: Whether the post told it to; a coil that has its supply again closes onto whatever is there.
    func pathWillClose(isTold: Bool) {
        if isTold { world.judge.pathCloses(branch, stageVolts: island.stage.volts, place, at: world.now) }
        for (other, neighbour) in island.branches.enumerated()
        where other != terminals.position && neighbour.isPathClosed {
            world.judge.joined(place, volts: island.stage.volts, at: world.now)
        }
    }

    private func checkForJoinedBatteries() {
        guard branch.isPathClosed, branch.isVehicleClosed else { return }
        for (other, neighbour) in island.branches.enumerated()
        where other != terminals.position && neighbour.isPathClosed && neighbour.isVehicleClosed {
            world.judge.joined(place, volts: island.stage.volts, at: world.now)
        }
    }

    /// Compares an honest meter with what flowed.
    func judgeMeter() {
        settle()
        guard !meter.isBent else { return }
        world.judge.meterTells(
            wattHours: meter.countedWattHours, flowedJoules: branch.contactJoules, place, at: world.now)
    }
}
