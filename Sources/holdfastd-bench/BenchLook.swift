// What is so in the world, whatever any device says of it: for the engineer, and for a meter outside that is to show it.

import Post
import Simulator

/// A fault that the world was given and that is there still.
struct InjectedFault: Encodable {
    var fault: String
    /// Counted from 1; of these three the one that the fault counts, none for one of the post or the site.
    var connector: Int?
    var stage: Int?
    var reader: Int?
    var effect: String
    var seconds: Double

    static func present(in world: World) -> [InjectedFault] {
        world.injectionsPresent.map { injection in
            var present = InjectedFault(
                fault: injection.kind.name, effect: "\(injection.kind.row.help)",
                seconds: Double((world.now - injection.at).microseconds / 1_000) / 1_000)
            switch injection.kind.row.scope {
            case .connector: present.connector = injection.instance + 1
            case .stage: present.stage = injection.instance + 1
            case .reader: present.reader = injection.instance + 1
            case .post, .site: break
            }
            return present
        }
    }
}

/// The truth at every connector.
struct WorldLook: Encodable {
    struct OfVehicle: Encodable {
        var profile: String
        /// Where it is in its sequence, in words.
        var step: String
        var state_of_charge_percent: Double
        var stops_at_percent: Double
        var asks_amperes: Double
        /// What it was told to ask for; left out where it asks for what its battery takes.
        var told_to_ask_amperes: Double?
        /// How it was told to behave, or came.
        var manners: String
    }
    struct OfConnector: Encodable {
        var connector: Int
        var contact_volts: Double
        var contact_amperes: Double
        var flowed_watt_hours: Double
        /// Both poles, physically.
        var contactors_closed: Bool
        var plug_held: Bool
        var vehicle: OfVehicle?
    }
    var connectors: [OfConnector]

    init(_ world: World) {
        connectors = world.posts[0].connectors.map { connector in
            OfConnector(
                connector: connector.index + 1, contact_volts: connector.contactVolts,
                contact_amperes: connector.contactAmperes, flowed_watt_hours: connector.flowedWattHours,
                contactors_closed: connector.isPathClosed, plug_held: connector.isPlugHeld,
                vehicle: connector.vehicle.map(OfVehicle.init))
        }
    }
}

extension WorldLook.OfVehicle {
    init(_ vehicle: Vehicle) {
        let named = VehicleManners.words.first { $0.manners == vehicle.usualManners }?.word
        self.init(
            profile: vehicle.profile.name, step: vehicle.step.name,
            state_of_charge_percent: Double(vehicle.stateOfChargePerMille) / 10,
            stops_at_percent: Double(vehicle.profile.targetPerMille) / 10, asks_amperes: vehicle.demandAmperes,
            told_to_ask_amperes: vehicle.toldToAskMilliamperes.map { Double($0) / 1_000 },
            manners: named ?? "polite")
    }
}
