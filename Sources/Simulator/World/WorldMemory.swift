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
    /// Whether the plus and the minus pole are welded shut.
    public var isPlusWelded: Bool
    /// The same of the minus pole.
    public var isMinusWelded: Bool

    /// A connector with nothing plugged in and nothing counted.
    public init() {
        contactJoules = 0
        vehicle = nil
        share = 0
        targetPerMille = 0
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
            memory.vehicle = VehicleProfile.all.firstIndex { $0.name == vehicle.profile.name }
            memory.share = connector.branch.battery?.share ?? 0
            memory.targetPerMille = vehicle.profile.targetPerMille
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
        if let number = memory.vehicle, VehicleProfile.all.indices.contains(number) {
            var profile = VehicleProfile.all[number]
            profile.targetPerMille = memory.targetPerMille
            connector.plug(profile)
            connector.branch.battery = Battery(
                cells: profile.cells, ampereHours: profile.ampereHours, ohms: profile.milliohms / 1_000,
                share: memory.share)
        }
        for (pole, isWelded) in [memory.isPlusWelded, memory.isMinusWelded].enumerated() where isWelded {
            connector.contactors.poles[pole].isWelded = true
            connector.contactors.poles[pole].isClosed = true
        }
        connector.branch.isPlusClosed = connector.contactors.poles[0].isClosed
        connector.branch.isMinusClosed = connector.contactors.poles[1].isClosed
        connector.branch.isStuckClosed = memory.isPlusWelded && memory.isMinusWelded
        if connector.branch.isPathClosed { connector.island.join(connector.terminals.position) }
    }
}
