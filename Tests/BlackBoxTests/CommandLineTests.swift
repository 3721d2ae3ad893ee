// What the tool says to people who mistype, and what it tells without a daemon.

import Foundation
import Testing

@Suite("command line")
struct CommandLineTests {
    @Test(
        "a misspelt command gets its nearest neighbour, at every level",
        arguments: [
            (["statsu"], "holdfast status"), (["fault", "lst"], "holdfast fault list"),
            (["session", "shwo", "3-1"], "holdfast session show"),
            (["sim", "tpa", "free:ALICE"], "holdfast sim tap"),
            (["scenario", "chekc", "x.yaml"], "holdfast scenario check"),
            (["plug", "1"], "holdfast sim plug"),
        ])
    func misspelt(_ words: [String], _ meant: String) throws {
        let answer = try run("holdfast", words)
        #expect(answer.code == 64)
        #expect(answer.errors.contains("Did you mean \(meant)?"), "\(answer.errors)")
    }

    @Test("every command, whatever is added, answers as JSON if asked and shows by an example how it is used")
    func everyCommand() throws {
        let dump = try run("holdfast", ["--experimental-dump-help"])
        let tool = try JSONDecoder().decode(ToolHelp.self, from: Data(dump.output.utf8)).command
        let leaves = tool.leaves(under: "")
        #expect(leaves.count > 40)
        for (path, command) in leaves where path != "holdfast help" {
            #expect(command.takesJSON, "\(path) has no --json")
            #expect(command.discussion?.contains("  \(path)") == true, "\(path) has no example")
        }
        let groups = tool.groups(under: "")
        #expect(groups.count > 10)
        for (path, command) in groups {
            #expect(command.discussion?.contains("EXAMPLES\n  ") == true, "\(path) has no example")
            #expect(command.discussion?.contains("  \(path) ") == true, "\(path) has no example of its own")
        }
    }

    @Test(
        "the table of faults needs no daemon, and is JSON if asked; the faults of a post that is not there exit 69")
    func faults() throws {
        let all = try run("holdfast", ["fault", "list", "--all", "--json", "--language", "de"])
        let rows = try #require(
            JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [[String: Any]])
        #expect(rows.count > 50)
        #expect(rows.allSatisfy { ($0["driver_action"] as? String)?.isEmpty == false })
        #expect(try run("holdfast", ["fault", "list", "--socket", "/tmp/there-is-none.sock"]).code == 69)
        #expect(try run("holdfast", ["fault", "explain", "welded_plus", "--language", "xx"]).code == 64)
        let near = try run("holdfast", ["fault", "explain", "welded_pluss"])
        #expect(near.code == 64 && near.errors.contains("welded_plus?"))
    }

    @Test(
        "of a single cause the tool tells the faults, their classes, the limit, rows of the catalogue and stories")
    func cause() throws {
        let folder = root + "/Simulations"
        let answer = try run("holdfast", ["sim", "faults", "contactor.plus.welded", "--stories", folder])
        #expect(answer.code == 0, "\(answer.errors)")
        for part in [
            "welded_plus: emergency in a session, block while idle", "10: the plus contactor welds",
            "\(folder)/electrical/contactor-plus-welded.yaml (row 10)", "holdfast fault explain welded_plus",
        ] { #expect(answer.output.contains(part), "\(part) in \(answer.output)") }
        let pressed = try run(
            "holdfast", ["sim", "faults", "emergency_stop.pressed", "--stories", folder, "--json"])
        let rows = try #require(
            JSONSerialization.jsonObject(with: Data(pressed.output.utf8)) as? [[String: Any]])
        #expect(rows.count == 1 && rows[0]["opens_within_milliseconds"] as? Int == 100, "\(pressed.output)")
        let stories = try #require(rows[0]["stories"] as? [[String: Any]])
        #expect(
            stories.contains { ($0["scenario"] as? String)?.hasSuffix("electrical/emergency-stop.yaml") == true })
        let elsewhere = try run("holdfast", ["sim", "faults", "meter.silent", "--stories", "/nowhere"])
        #expect(elsewhere.code == 0 && elsewhere.output.contains("there is no folder /nowhere"), "\(elsewhere)")
        let several = try run("holdfast", ["sim", "faults", "meter"])
        #expect(!several.output.contains("may raise"))
    }

    @Test(
        "a new scenario passes unedited; a path where nothing is exits 66, and JUnit has an error for it beside the rest"
    )
    func newScenario() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (story, junit) = (folder + "/story.yaml", folder + "/junit.xml")
        #expect(try run("holdfast", ["scenario", "new", story]).code == 0)
        #expect(try run("holdfast", ["scenario", "new", story]).code == 73)
        #expect(try run("holdfast", ["scenario", "new", story, "--force"]).code == 0)
        #expect(try run("holdfast", ["replay", story]).code == 0)
        let answer = try run("holdfast", ["replay", folder + "/ghost", story, "--junit", junit])
        #expect(answer.code == 66)
        #expect(answer.output.contains("1 passed, 1 failed"))
        let told = try String(contentsOfFile: junit, encoding: .utf8)
        #expect(told.contains("errors=\"1\"") && told.contains("<error ") && told.contains("errors=\"0\""))
        let broken = try run("holdfast", ["replay", story, "--seed", "1", "--without", "emergency_stop"])
        #expect(broken.code == 1)
        #expect(broken.output.contains("repeat with: holdfast replay \(story) --seed 1 --without emergency_stop"))
    }

    @Test("a scenario is read back as Given, When and Then; a broken one says where, and exits 65")
    func scenarios() throws {
        let told = try run(
            "holdfast", ["scenario", "explain", root + "/Simulations/electrical/emergency-stop.yaml"])
        #expect(told.code == 0)
        for part in ["Given 1 post", "When ", "emergency_stop trips", "Then ", "within 100ms"] {
            #expect(told.output.contains(part), "\(part) in \(told.output)")
        }
        #expect(try run("holdfast", ["scenario", "check", root + "/Simulations"]).code == 0)
        let broken = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).yaml")
        try "title: idle\ntimelime: []\n".write(to: broken, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: broken) }
        let answer = try run("holdfast", ["scenario", "check", broken.path])
        #expect(answer.code == 65)
        #expect(answer.errors.contains(":2:1") && answer.errors.contains("timeline"))
        try "title: t\ntimeline:\n  - milestone: full power\n  - since: full powr\n    expect: {state: available}\n"
            .write(to: broken, atomically: true, encoding: .utf8)
        for words in [["scenario", "check"], ["replay"]] {
            let misspelt = try run("holdfast", words + [broken.path])
            #expect(misspelt.code == 65)
            let told = misspelt.errors + misspelt.output
            #expect(told.contains(":4:12: error: no milestone \"full powr\""), "\(told)")
            #expect(told.contains("Did you mean \"full power\"?"), "\(told)")
        }
        #expect(try run("holdfast", ["scenario", "check", "/tmp/there-is-none.yaml"]).code == 66)
    }
}

/// What the tool's parser tells of its commands.
private struct ToolHelp: Decodable {
    struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable { var name: String }
            var names: [Name]?
        }
        var commandName: String
        var discussion: String?
        var arguments: [Argument]?
        var subcommands: [Command]?

        var takesJSON: Bool { (arguments ?? []).contains { ($0.names ?? []).contains { $0.name == "json" } } }

        func leaves(under path: String) -> [(path: String, command: Command)] {
            let path = path.isEmpty ? commandName : path + " " + commandName
            guard let subcommands, !subcommands.isEmpty else { return [(path, self)] }
            return subcommands.flatMap { $0.leaves(under: path) }
        }

        /// The commands that have others below them.
        func groups(under path: String) -> [(path: String, command: Command)] {
            let path = path.isEmpty ? commandName : path + " " + commandName
            guard let subcommands, !subcommands.isEmpty else { return [] }
            return [(path, self)] + subcommands.flatMap { $0.groups(under: path) }
        }
    }
    var command: Command
}
