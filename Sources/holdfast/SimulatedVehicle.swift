// `holdfast sim vehicle` and `sim look`: the vehicle under the engineer's hand, and what is so at the contacts.

import ArgumentParser
import CommandOutput
import ControlClient
import Foundation
import Simulator
import StrictYAML

struct VehicleOrder: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vehicle", abstract: "Tell the vehicle that is plugged in what to do.",
        discussion: """
            The words are those of scenario files (vehicle:, manners:), and what was told stands in what sim save writes. It does:
            \(VehicleWish.words.map { padded("  " + $0.word, 16) + $0.summary }.joined(separator: "\n"))

            Or it asks for a current (--asks): a limit of the post holds all the same, and a vehicle never asks for more than its kind \
            does. Or its manners change (--manners):
            \(VehicleManners.words.map { padded("  " + $0.word, 16) + $0.summary }.joined(separator: "\n"))

            Faults of a vehicle (it falls silent, leaves state C, ignores limits) are injected: holdfast sim faults vehicle.

            Exit codes: 0 it does, 65 there is no such word, connector or current, 75 it cannot now, and why.

            EXAMPLES
              holdfast sim vehicle pauses
              holdfast sim vehicle goes_on
              holdfast sim vehicle 2 --asks 80A
              holdfast sim vehicle asks_as_usual
              holdfast sim vehicle --manners ignores_stop
              holdfast sim vehicle stops
              holdfast sim vehicle drives_off
            """)
    @OptionGroup var connection: Connection
    @Argument(help: ArgumentHelp("Which connector, from 1, and what it does.", valueName: "connector|word"))
    var words: [String] = []
    @Option(help: ArgumentHelp("The current that it asks for from now on.", valueName: "80A")) var asks: String?
    @Option(help: ArgumentHelp("How it behaves from now on.", valueName: "word")) var manners: String?
    @Option(name: .customLong("connector"), help: "Which connector, from 1; the same as its number by itself.")
    var named: Int?

    /// Its number where one stands by itself, as `sim plug 2` takes it.
    private var number: Int? { words.lazy.compactMap { Int($0) }.first }
    private var connector: Int { number ?? named ?? 1 }
    private var does: String? { words.first { Int($0) == nil } }

    func validate() throws {
        guard words.count == [number.map { "\($0)" }, does].compactMap(\.self).count else {
            throw ValidationError(
                "Name one connector and one thing that it does: not \(words.joined(separator: " ")).")
        }
        if let number, let named, number != named {
            throw ValidationError("Connector \(number) or --connector \(named)? Name one.")
        }
        guard [does, asks, manners].compactMap(\.self).count == 1 else {
            throw ValidationError("Name one thing: what it does, --asks or --manners.")
        }
        _ = try current
    }

    private var current: Int64? { get throws { try quantity(asks, .current, "--asks", such: "80A") } }

    func run() async throws {
        try await connection.play(
            "vehicle",
            SimulationBody(
                connector: connector, manners: manners, does: does, asks_milliamperes: current),
            done: done)
    }

    private var done: String {
        let who = "The vehicle at connector \(connector)"
        if let asks { return "\(who) asks for \(asks). See what it gets: holdfast sim look" }
        if let manners { return "\(who) behaves: \(manners)." }
        return switch does {
        case "pauses": "\(who) pauses. It goes on with: holdfast sim vehicle goes_on --connector \(connector)"
        case "goes_on": "\(who) goes on."
        case "stops": "\(who) ends the charging. Next: holdfast sim unplug \(connector)"
        case "drives_off": "\(who) has driven off. See what the post makes of it: holdfast status"
        default: "\(who) does it: \(does ?? "")."
        }
    }
}

struct Look: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is so in the world, whatever any device says of it.",
        discussion: """
            The vehicle and what it asks for, voltage and current at the contacts, contactors and plug: physically. What the post \
            believes is told by holdfast status.

            EXAMPLES
              holdfast sim look
              holdfast sim look --json
            """)
    @OptionGroup var connection: Connection

    private struct World: Decodable {
        struct OfVehicle: Decodable {
            var profile: String
            var step: String
            var state_of_charge_percent: Double
            var stops_at_percent: Double
            var asks_amperes: Double
            var told_to_ask_amperes: Double?
            var manners: String
        }
        struct OfConnector: Decodable {
            var connector: Int
            var contact_volts: Double
            var contact_amperes: Double
            var flowed_watt_hours: Double
            var contactors_closed: Bool
            var plug_held: Bool
            var vehicle: OfVehicle?
        }
        var connectors: [OfConnector]
    }

    func run() async throws {
        let answer = try await connection.simulated("look", SimulationBody())
        if connection.json { return print(answer.text.trimmingCharacters(in: .newlines)) }
        let world: World = try decoded(answer)
        for connector in world.connectors {
            let vehicle = connector.vehicle.map(sentence)
            print(
                padded("connector \(connector.connector)", 14)
                    + (vehicle ?? "nobody is plugged in. Next: holdfast sim plug \(connector.connector)"))
            let path = connector.contactors_closed ? "contactors closed" : "contactors open"
            let plug = connector.vehicle == nil ? "no plug" : connector.plug_held ? "plug held" : "plug free"
            let (volts, amperes) = (connector.contact_volts, connector.contact_amperes)
            let figures = "\(figure(volts, digits: 1)) V, \(figure(amperes, digits: 1)) A"
            let energy = figure(connector.flowed_watt_hours / 1_000, digits: 3)
            print(padded("", 14) + "\(path), \(plug); \(figures), \(energy) kWh so far")
        }
    }

    private func sentence(_ vehicle: World.OfVehicle) -> String {
        let charge = figure(vehicle.state_of_charge_percent, digits: 1)
        var words = "\(vehicle.profile), \(vehicle.step), \(charge) % of charge"
        words += ", content with \(figure(vehicle.stops_at_percent, digits: 0)) %"
        words += ", asks for \(figure(vehicle.asks_amperes, digits: 0)) A"
        if let told = vehicle.told_to_ask_amperes { words += " (told to: \(figure(told, digits: 0)) A)" }
        if vehicle.manners != "polite" { words += "; \(vehicle.manners)" }
        return words
    }
}
