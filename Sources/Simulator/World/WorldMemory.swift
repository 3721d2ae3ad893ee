// What of a post's hardware outlives a process that simulates it: as real meters, plugs and welds would.

import Post

/// The physical state of one connector that a restart of the simulation must not undo.
public struct ConnectorMemory: Hashable, Sendable {
    /// Energy through the contacts since the world was made, in joules: the meter's register follows from it.
    public var contactJoules: Double
    /// The position of the plugged vehicle in `VehicleProfile.all`, or nil.
    public var vehicle: Int?
    /// Its state of charge, 0...1.
    public var share: Double
    /// State of charge at which it asks for the end, in tenths of a percent.
    public var targetPerMille: Int
    /// The usable energy of its battery in watt-hours; nil: its profile's.
    public var wattHours: Int64?
    /// The current that it takes throughout, in milliamperes; nil: its profile's curve.
    public var steadyMilliamperes: Int64?
    /// The current that it was told to ask for, in milliamperes; nil: what its battery takes.
    public var asksMilliamperes: Int64?
    /// The position of its manners in `VehicleManners.words`.
    public var manners: Int
    /// Whether the plus pole is welded shut.
    public var isPlusWelded: Bool
    /// The same of the minus pole.
    public var isMinusWelded: Bool

    /// The vehicle's profile as it is plugged in; nil where none is.
    public var profile: VehicleProfile? {
        guard let vehicle, VehicleProfile.all.indices.contains(vehicle) else { return nil }
        var profile = VehicleProfile.all[vehicle].with(wattHours: wattHours, steadyMilliamperes: steadyMilliamperes)
        profile.targetPerMille = targetPerMille
        if VehicleManners.words.indices.contains(manners) {
            profile.manners = VehicleManners.words[manners].manners
        }
        return profile
    }

    /// A connector with nothing plugged in and nothing counted.
    public init() {
        contactJoules = 0
        vehicle = nil
        share = 0
        targetPerMille = 0
        manners = 0
        isPlusWelded = false
        isMinusWelded = false
    }
}

extension World {
    /// What to remember of a connector now.
    public func memory(of place: Place) -> ConnectorMemory {
        let connector = posts[place.post].connectors[place.connector]
        connector.settle()
        var memory = ConnectorMemory()
        memory.contactJoules = connector.branch.contactJoules
        if let vehicle = connector.vehicle {
            let profile = vehicle.profile
            memory.vehicle = VehicleProfile.all.firstIndex { $0.name == profile.name }
            memory.share = connector.branch.battery?.share ?? 0
            memory.targetPerMille = profile.targetPerMille
            let usual = memory.vehicle.map { VehicleProfile.all[$0] }
            memory.wattHours = usual?.ampereHours == profile.ampereHours ? nil : profile.wattHours
            memory.steadyMilliamperes = profile.steadyMilliamperes
            memory.asksMilliamperes = vehicle.toldToAskMilliamperes
            memory.manners = VehicleManners.words.firstIndex { $0.manners == vehicle.usualManners } ?? 0
        }
        memory.isPlusWelded = connector.contactors.poles[0].isWelded
        memory.isMinusWelded = connector.contactors.poles[1].isWelded
        return memory
    }

    /// Takes up a connector where an earlier process left it: in a world of the same seed that has just been made.
    /// Contactors have fallen open with the process that held them, welded poles apart; the vehicle is asleep.
    public func restore(_ memory: ConnectorMemory, at place: Place) {
        let connector = posts[place.post].connectors[place.connector]
        connector.branch.contactJoules = memory.contactJoules
        if let profile = memory.profile {
            connector.plug(profile)
            if let asked = memory.asksMilliamperes { _ = connector.vehicle?.ask(milliamperes: asked) }
            connector.branch.battery = Battery(
                cells: profile.cells, ampereHours: profile.ampereHours, ohms: profile.milliohms / 1_000,
                share: memory.share)
        }
        for (pole, isWelded) in [memory.isPlusWelded, memory.isMinusWelded].enumerated() where isWelded {
            connector.contactors.poles[pole].isWelded = true
            connector.contactors.poles[pole].isClosed = true
            // It is there to be seen and to be mended, as one that was injected in this life.
            if let kind = FaultKind(pole == 0 ? .contactorPlus : .contactorMinus, .welded) {
                injections.append(
                    Injection(
                        number: injections.count, kind: kind, post: place.post, instance: place.connector, at: now,
                        until: nil, isPermanent: false, changedWorld: true, healedAt: nil))
            }
        }
        connector.branch.isPlusClosed = connector.contactors.poles[0].isClosed
        connector.branch.isMinusClosed = connector.contactors.poles[1].isClosed
        connector.branch.isStuckClosed = memory.isPlusWelded && memory.isMinusWelded
        if connector.branch.isPathClosed { connector.island.join(connector.terminals.position) }
    }
}
