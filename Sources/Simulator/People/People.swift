// What people do at a post: plug, unplug, press, open. A tap is handed to whoever runs the post, with the raw token.

public import Post

extension World {
    /// A driver plugs a vehicle in.
    public func plug(
        _ battery: Battery, manners: Manners = .polite, stopsAt: Double = 0.8, post: Int, connector: Int
    ) {
        advance(post, connector)
        let own = posts[post].connectors[connector]
        guard own.vehicle == nil else { return }
        let vehicle = SimulatedVehicle(battery: battery, manners: manners, stopsAt: stopsAt)
        vehicle.pilotChanged(to: own.pilot.output)
        own.vehicle = vehicle
        own.link.vehicle = vehicle
        own.pilot.vehicle = vehicle
        own.pilot.isSeated = true
        judges[post].isSeated[connector] = true
        own.takeInVehicle()
        own.vehicleGeneration &+= 1
        startSampling(post, .vehicle, connector, own.vehicleGeneration)
        posts[post].linesChanged?(now)
    }

    /// A driver draws the plug, if it is not held; `byForce` breaks the latch, as a car that drives off does.
    /// Returns whether the plug is out.
    @discardableResult
    public func unplug(post: Int, connector: Int, byForce: Bool = false) -> Bool {
        advance(post, connector)
        let own = posts[post].connectors[connector]
        guard own.vehicle != nil, byForce || !own.isPlugHeld else { return false }
        if byForce { excuse(own.place, until: now + .seconds(1)) }
        own.vehicle = nil
        own.link.vehicle = nil
        own.pilot.vehicle = nil
        own.pilot.isSeated = false
        own.vehicleGeneration &+= 1
        own.takeInVehicle()
        // A broken connection ends the current at once; the contacts are dead to the touch only once they are.
        own.circuit.contactAmperes = 0
        judges[post].isSeated[connector] = byForce
        if !byForce, own.circuit.contactVolts > 60 {
            judges[post].find(.releasedLive, own.place, own.circuit.contactVolts, at: now)
        }
        posts[post].linesChanged?(now)
        return true
    }

    /// A vehicle at a connector, if there is one: its state of charge, 0...1.
    public func stateOfCharge(post: Int, connector: Int) -> Double? {
        advance(post, connector)
        return posts[post].connectors[connector].vehicle?.battery.stateOfCharge
    }

    /// The driver holds or lets go the stop button.
    public func stopButton(_ isPressed: Bool, post: Int, connector: Int) {
        posts[post].connectors[connector].button.pressed = isPressed
        posts[post].linesChanged?(now)
    }

    /// Somebody changes an interlock: presses the emergency stop, opens the door.
    public func interlocks(post: Int, _ change: (inout InterlockLevels) -> Void) {
        for connector in posts[post].connectors { excuse(connector.place, until: now + .seconds(1)) }
        change(&posts[post].enclosure.levels)
        for stage in posts[post].stages.indices { feed(post, stage) }
        posts[post].linesChanged?(now)
    }

    /// What physically is so at a connector, for expectations and screens.
    public func physical(post: Int, connector: Int) -> Physical {
        advance(post, connector)
        let own = posts[post].connectors[connector]
        return Physical(
            volts: own.circuit.contactVolts, amperes: own.circuit.contactAmperes,
            isPathClosed: own.circuit.isPathClosed, isPlugHeld: own.isPlugHeld, isPlugged: own.pilot.isSeated,
            deliveredWattHours: own.circuit.books.contactJoules / 3_600, pinCelsius: own.circuit.pinCelsius,
            registerWattHours: own.meter.baseWattHours + Int64(own.circuit.books.contactJoules / 3_600))
    }
}

/// What physically is so at a connector.
public struct Physical: Sendable {
    /// Voltage at the contacts, in volts.
    public var volts: Double
    /// Current towards the vehicle, in amperes.
    public var amperes: Double
    /// Whether both poles are closed.
    public var isPathClosed: Bool
    /// Whether the plug is held in the inlet.
    public var isPlugHeld: Bool
    /// Whether a plug is in the inlet.
    public var isPlugged: Bool
    /// Energy that flowed out of the contacts since the world began, in watt-hours.
    public var deliveredWattHours: Double
    /// Temperature of the contacts.
    public var pinCelsius: Double
    /// What an honest meter shows.
    public var registerWattHours: Int64
}
