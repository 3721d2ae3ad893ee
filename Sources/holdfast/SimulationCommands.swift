// `holdfast sim`: what a bench engineer does around a simulated post. A real post knows none of it.

import ArgumentParser
import CommandOutput
import ControlClient
import Foundation
import Scenarios
import Simulator
import StrictYAML

struct SimulationGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sim",
        abstract: "Play the people, vehicles and faults around a simulated post (bench daemon only).",
        discussion: """
            EXAMPLES
              holdfast sim plug                    a driver plugs in
              holdfast sim tap free:ALICE          and shows a card
              holdfast sim look                    what is so in the world, whatever the post believes
              holdfast sim vehicle --asks 80A      the vehicle asks for less
              holdfast sim vehicle stops           and ends by itself
              holdfast sim unplug                  the driver goes
              holdfast sim inject meter.silent     something breaks: sim faults lists what can
              holdfast sim save morning.yaml       all of it, as a scenario
            """,
        subcommands: [
            Plug.self, Unplug.self, Tap.self, VehicleOrder.self, Press.self, Release.self, Look.self, Inject.self,
            Injected.self, Heal.self, WorldFaults.self, Save.self,
        ])
}

struct SimulationBody: Encodable {
    var connector: Int?
    var reader: Int?
    var token: String?
    var fault: String?
    var interlock: String?
    var state_of_charge_percent: Int?
    var stops_at_percent: Int?
    var profile: String?
    var by_force: Bool?
    var waits: Bool?
    var battery_watt_hours: Int64?
    var maximum_milliamperes: Int64?
    var manners: String?
    var does: String?
    var asks_milliamperes: Int64?
}

/// A quantity as scenario files write it; anything else ends the command with what would be right.
func quantity(_ text: String?, _ measure: StrictYAML.Measure, _ option: String, such example: String) throws
    -> Int64?
{
    guard let text else { return nil }
    guard let value = measure.parsed(text) else {
        throw ValidationError("\(option) \(text) is not \(measure.name) such as \(example).")
    }
    return value
}

struct Plug: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A driver plugs a vehicle in.",
        discussion: """
            Manners are those of scenarios:
            \(VehicleManners.words.map { padded("  " + $0.word, 16) + $0.summary }.joined(separator: "\n"))

            EXAMPLES
              holdfast sim plug
              holdfast sim plug 2 --state-of-charge 60 --vehicle sedan800
              holdfast sim plug --battery 20kWh --maximum-current 80A --manners pauses
            """)
    @OptionGroup var connection: Connection
    @Argument(help: "Which connector, from 1.") var connector = 1
    @Option(help: "Its battery, in percent.") var stateOfCharge = 35
    @Option(help: "When it is full enough, in percent.") var stopsAt = 80
    @Option(help: "What it is: sedan400, sedan800, compact400 or lorry.") var vehicle = "sedan400"
    @Option(help: ArgumentHelp("Its usable energy, if not its kind's.", valueName: "20kWh")) var battery: String?
    @Option(help: ArgumentHelp("Takes this current throughout, in place of its curve.", valueName: "80A"))
    var maximumCurrent: String?
    @Option(help: ArgumentHelp("How it behaves.", valueName: "word")) var manners: String?
    func run() async throws {
        try await connection.play(
            "plug",
            SimulationBody(
                connector: connector, state_of_charge_percent: stateOfCharge, stops_at_percent: stopsAt,
                profile: vehicle, battery_watt_hours: quantity(battery, .energy, "--battery", such: "20kWh"),
                maximum_milliamperes: quantity(maximumCurrent, .current, "--maximum-current", such: "80A"),
                manners: manners),
            done: "Plugged in at connector \(connector). Next: holdfast sim tap TOKEN")
    }
}

struct Unplug: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A driver draws the plug.", discussion: "EXAMPLES\n  holdfast sim unplug 1")
    @OptionGroup var connection: Connection
    @Argument(help: "Which connector, from 1.") var connector = 1
    @Flag(help: "Break the latch, as a car that drives off does.") var byForce = false
    func run() async throws {
        try await connection.play(
            "unplug", SimulationBody(connector: connector, by_force: byForce),
            done: "Connector \(connector) is free.")
    }
}

struct Tap: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A driver shows a card.",
        discussion: """
            Says what the post decides about it.

            EXAMPLES
              holdfast sim tap 04A1B2C3D4E5F6
              holdfast sim tap free:ALICE
            """)
    @OptionGroup var connection: Connection
    @Argument(help: "The card's token.") var token: String
    @Option(help: "Which reader, from 1.") var reader = 1

    private struct Decided: Decodable {
        struct Entry: Decodable {
            var connector: Int?
            var sentence: String
            var refused: String?
        }
        var entries: [Entry]?
    }

    func run() async throws {
        let answer = try await connection.simulated(
            "tap", SimulationBody(reader: reader, token: token, waits: true))
        if connection.json { return print(answer.text.trimmingCharacters(in: .newlines)) }
        let decided: Decided = try decoded(answer)
        let entries = decided.entries ?? []
        for entry in entries {
            print((entry.connector.map { "connector \($0): " } ?? "post: ") + entry.sentence)
        }
        if entries.isEmpty { print("The reader has the card.") }
        let refused = entries.lazy.compactMap(\.refused).first
        print("Next: holdfast " + (refused.map { "fault explain \($0)" } ?? "status"))
    }
}

struct Press: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Somebody presses or opens something.",
        discussion: "EXAMPLES\n  holdfast sim press emergency_stop")
    @OptionGroup var connection: Connection
    @Argument(help: "stop, emergency_stop, door, tilt, earth or grid.") var what: String
    @Option(help: "Which connector, from 1 (for stop).") var connector = 1
    func run() async throws {
        try await connection.play(
            "press", SimulationBody(connector: connector, interlock: what),
            done: what == "stop"
                ? "The stop button of connector \(connector) was pressed and let go."
                : "\(what): alarm. It stays until: holdfast sim release \(what)")
    }
}

struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Somebody lets it go again.", discussion: "EXAMPLES\n  holdfast sim release emergency_stop")
    @OptionGroup var connection: Connection
    @Argument(help: "emergency_stop, door, tilt, earth or grid. The stop button springs back by itself.")
    var what: String
    func run() async throws {
        try await connection.play("release", SimulationBody(interlock: what), done: "\(what): good.")
    }
}

struct Inject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give the world a fault.",
        discussion: """
            Each unit of the world has modes in which it breaks; `holdfast sim faults` says what each does.

            \(worldUnits.map { padded("  " + $0.unit, 22) + $0.modes.joined(separator: ", ") }.joined(separator: "\n"))

            EXAMPLES
              holdfast sim inject meter.silent
              holdfast sim inject contactor.plus.welded --connector 2
            """)
    @OptionGroup var connection: Connection
    @Argument(help: "Unit and mode, as scenarios write them.") var fault: String
    @Option(help: "Which connector, from 1.") var connector = 1
    func validate() throws { try refuseNoFault(fault, "inject") }
    func run() async throws {
        try await connection.play(
            "inject", SimulationBody(connector: connector, fault: fault),
            done: "\(fault) is there. See what the post makes of it: holdfast status")
    }
}

/// Refuses a fault without a name: an empty variable of a script.
private func refuseNoFault(_ fault: String, _ verb: String) throws {
    guard fault.trimmingCharacters(in: .whitespaces).isEmpty else { return }
    throw ValidationError(
        "Name a fault: holdfast sim \(verb) meter.silent. What there is: holdfast sim faults")
}

struct Injected: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the faults that the world was given and that are there still.",
        discussion: """
            Each with the connector, stage or reader that it was given to, and for how long it has been there in the post's own time. \
            A vehicle that goes takes its faults with it. A daemon that starts again finds welded contactors as they were, and all \
            else whole.

            EXAMPLES
              holdfast sim injected
              holdfast sim injected --json
            """)
    @OptionGroup var connection: Connection

    private struct Row: Decodable {
        var fault: String
        var connector: Int?
        var stage: Int?
        var reader: Int?
        var effect: String
        var seconds: Double

        var place: String {
            connector.map { "connector \($0)" } ?? stage.map { "stage \($0)" } ?? reader.map { "reader \($0)" }
                ?? "post"
        }
    }

    func run() async throws {
        let answer = try await connection.simulated("injected", SimulationBody())
        if connection.json { return print(answer.text.trimmingCharacters(in: .newlines)) }
        let rows: [Row] = try decoded(answer)
        if rows.isEmpty { print("Nothing is broken. Break something with: holdfast sim inject FAULT") }
        for row in rows {
            print(padded(row.fault, 34) + padded(row.place, 13) + padded("\(Int(row.seconds)) s", 9) + row.effect)
        }
    }
}

struct Heal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a fault away again: one that holdfast sim inject gave.",
        discussion: "EXAMPLES\n  holdfast sim heal meter.silent")
    @OptionGroup var connection: Connection
    @Argument(help: "Unit and mode, as scenarios write them.") var fault: String
    @Option(help: "Which connector, from 1.") var connector = 1
    func validate() throws { try refuseNoFault(fault, "heal") }
    func run() async throws {
        try await connection.play(
            "heal", SimulationBody(connector: connector, fault: fault), done: "\(fault) is gone.")
    }
}

struct Save: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Save what was done by hand as a scenario file.",
        discussion: """
            Takes what was done to this daemon's world since it started (plugs, cards, vehicles, buttons, faults) out of its \
            flight recording, anchors it to what the post had reached, plays it once and says whether it shows the same. Of a \
            life before, where the daemon was killed and started again, it names the command that makes a file of its own.

            Exit codes: 0 it does, 1 it does not, 65 nothing was done yet, 66 there is no recording, 73 the file is there \
            already.

            EXAMPLES
              holdfast sim save Simulations/found/door-while-charging.yaml
            """)
    @OptionGroup var connection: Connection
    @Argument(help: ArgumentHelp("Where the scenario goes.", valueName: "file")) var file: String
    @OptionGroup var overwriting: Overwriting
    @Option(help: "The recording; left out: the daemon's own.") var recording: String?

    func run() async throws {
        try overwriting.mayWrite(file)
        let path = if let recording { recording } else { try await connection.recordingPath }
        let found = try readRecording(path)
        do {
            var scenario = try found.scenario()
            scenario.notes += found.earlierLivesWithDeeds.map { life in
                let name = (file as NSString).deletingPathExtension + "-life-\(life).yaml"
                return
                    "What was done before the daemon started again (life \(life) of \(found.lifeCount)) is a file of its own: holdfast replay \(shellWord(path)) --life \(life) --to-scenario \(shellWord(name))"
            }
            try writeScenario(scenario, to: file, json: connection.json)
        } catch let problem as RecordingProblem {
            throw failed(problem)
        }
    }
}
