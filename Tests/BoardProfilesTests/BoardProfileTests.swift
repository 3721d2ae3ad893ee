// Tests of board profiles: ours are right, and what cannot be right is refused with its line and column.

import BoardProfiles
import Foundation
import Post
import StrictYAML
import Testing

private let boards = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("hardware/boards")

/// The rig's profile with one passage replaced.
private func rig(_ passage: String, _ replacement: String) throws -> String {
    let text = try String(contentsOf: boards.appendingPathComponent("rig.yaml"), encoding: .utf8)
    try #require(text.contains(passage), "the rig's profile no longer says \(passage)")
    return text.replacingOccurrences(of: passage, with: replacement)
}

/// The problems of a text, as line and sentence; the line's own text is given to make sure that it is the right one.
private func problems(_ text: String) -> [(line: String, problem: Problem)] {
    do {
        _ = try boardProfileDocument.read(text: text, file: "board.yaml")
        return []
    } catch {
        let lines = text.components(separatedBy: "\n")
        return error.list.map { problem in
            let number = problem.position.line
            let line = number > 0 && number <= lines.count ? lines[number - 1] : ""
            return (String(line.dropFirst(max(0, problem.position.column - 1))), problem)
        }
    }
}

@Suite("Board profiles")
struct BoardProfileTests {
    @Test("every profile of the repository is right", arguments: ["rig", "raspberry-pi-cm4-cm5", "beagle-am62"])
    func oursAreRight(_ name: String) throws {
        do {
            let profile = try BoardProfile.read(path: boards.appendingPathComponent("\(name).yaml").path)
            #expect(!profile.connectors.isEmpty)
            #expect(profile.warnings.isEmpty)
        } catch {
            Issue.record("\(error.list.map { "\($0.position): \($0.sentence)" })")
        }
    }

    @Test("a profile says which level each line has when nobody drives it")
    func levelsAtRest() throws {
        let profile = try BoardProfile.read(path: boards.appendingPathComponent("rig.yaml").path)
        #expect(profile.connectors[0].plus.drive.levelAtRest == false)
        #expect(profile.interlocks.tiltOrWater?.line.isActiveLow == true)
        #expect(profile.interlocks.tiltOrWater?.line.levelAtRest == false)
        #expect(profile.cooling?.levelAtRest == true, "a dead machine is a cooled one")
        #expect(profile.connectors[0].lamp?.red.levelAtRest == nil)
        #expect(profile.interlocks.door.debounce == .milliseconds(5), "left out: 5 ms")
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var passage: String
        var replacement: String
        /// What stands at the place that the message names.
        var at: String
        var says: String
    }

    static let wrongs = [
        Wrong(
            testDescription: "a line used twice", passage: "mirror: {line: K1_MIRROR",
            replacement: "mirror: {line: K1_DRIVE", at: "K1_DRIVE, active: low", says: "K1_DRIVE is used twice"),
        Wrong(
            testDescription: "a line used twice, once with its chip named", passage: "cooling: {line: FAN,",
            replacement: "cooling: {line: DOOR_OK, chip: holdfast-rig,", at: "DOOR_OK, chip",
            says: "DOOR_OK is used twice"),
        Wrong(
            testDescription: "a contactor without feedback",
            passage: "\n      mirror: {line: K2_MIRROR, active: low, pull: down}", replacement: "",
            at: "drive: {line: K2",
            says: "missing key \"mirror\""),
        Wrong(
            testDescription: "no watchdog and nobody says so",
            passage: "  kind: line\n  line: {line: WATCHDOG, pull: external-down}\n  toggle_every: 20ms\n"
                + "  gate_opens_after: 500ms\n",
            replacement: "  kind: none\n", at: "kind: none", says: "missing key \"reason\""),
        Wrong(
            testDescription: "a gate slower to feed than to open", passage: "toggle_every: 20ms",
            replacement: "toggle_every: 400ms", at: "400ms", says: "a single missed edge opens the gate"),
        Wrong(
            testDescription: "a contactor drive that nothing holds open in reset",
            passage: "drive: {line: K1_DRIVE, pull: external-down}",
            replacement: "drive: {line: K1_DRIVE, pull: down}", at: "down}", says: "nothing holds this output"),
        Wrong(
            testDescription: "a contactor drive that is pulled closed",
            passage: "drive: {line: K1_DRIVE, pull: external-down}",
            replacement: "drive: {line: K1_DRIVE, pull: external-up}", at: "external-up}",
            says: "nothing holds this output"),
        Wrong(
            testDescription: "a mirror contact whose cut wire hides a weld",
            passage: "mirror: {line: K1_MIRROR, active: low, pull: down}",
            replacement: "mirror: {line: K1_MIRROR, pull: down}", at: "down}", says: "hide a weld"),
        Wrong(
            testDescription: "an emergency stop whose cut wire reads as good",
            passage: "emergency_stop: {line: ESTOP_OK, pull: down}",
            replacement: "emergency_stop: {line: ESTOP_OK, pull: up}", at: "up}", says: "a cut wire would not read"),
        Wrong(
            testDescription: "an emergency stop that floats when cut",
            passage: "emergency_stop: {line: ESTOP_OK, pull: down}",
            replacement: "emergency_stop: {line: ESTOP_OK, pull: none}", at: "none}",
            says: "a cut wire would not read"),
        Wrong(
            testDescription: "rows 39 and 40: a pilot filter that eats the 100 ms", passage: "filter: 20ms",
            replacement: "filter: 21ms", at: "21ms", says: "its vehicle leaves state C (row 39)"),
        Wrong(
            testDescription: "row 49: a proximity debounce that eats the 100 ms",
            passage: "opens_within: 30ms", replacement: "opens_within: 86ms", at: "",
            says: "its proximity is lost (row 49)"),
        Wrong(
            testDescription: "a debounce beyond what any input may take",
            passage: "proximity: {line: PROXIMITY, pull: down}",
            replacement: "proximity: {line: PROXIMITY, pull: down, debounce: 51ms}", at: "51ms",
            says: "from 0us to 50ms"),
        Wrong(
            testDescription: "a meter on a bus that is not there", passage: "meter: {bus: meters",
            replacement: "meter: {bus: metres", at: "metres", says: "there is no bus named metres"),
        Wrong(
            testDescription: "two devices with one unit",
            passage: "    meter: {bus: meters, unit: 1, map: eastron-dcm230}",
            replacement: "    meter: {bus: meters, unit: 1, map: eastron-dcm230}\n"
                + "    insulation: {bus: meters, unit: 1, map: bender-isometer}",
            at: "meters, unit: 1, map: bender", says: "unit 1 of bus meters is used twice"),
        Wrong(
            testDescription: "one port for two users", passage: "safety_link: {device: /dev/ttyS1, filter: 20ms}",
            replacement: "safety_link: {device: /dev/ttyS1, filter: 20ms}\nreaders:\n"
                + "  - {kind: serial, device: /dev/ttyS1}", at: "/dev/ttyS1}", says: "/dev/ttyS1 is used twice"),
        Wrong(
            testDescription: "a bus address that would have to be looked up", passage: "address: 127.0.0.1",
            replacement: "address: meter.local", at: "meter.local", says: "an address in numbers"),
    ]

    @Test("what cannot be right is refused where it stands", arguments: wrongs)
    func refused(_ wrong: Wrong) throws {
        let found = problems(try rig(wrong.passage, wrong.replacement))
        let match = found.first { $0.problem.sentence.contains(wrong.says) && $0.line.hasPrefix(wrong.at) }
        #expect(match != nil, "said instead: \(found.map { "\($0.problem.position) \($0.problem.sentence)" })")
        #expect(match?.problem.position.line ?? 0 > 0)
        #expect(match?.problem.position.column ?? 0 > 0)
    }

    @Test("what just fits is accepted: 10 filter + 10 sent + 10 read + 30 for the current + 40 opening = 100 ms")
    func justFits() throws {
        let slower = try rig("opens_within: 30ms", "opens_within: 40ms")
        #expect(problems(slower.replacingOccurrences(of: "filter: 20ms", with: "filter: 10ms")).isEmpty)
        #expect(!problems(slower.replacingOccurrences(of: "filter: 20ms", with: "filter: 11ms")).isEmpty)
    }

    @Test("a board without a watchdog is accepted when somebody says why, and the operator is told")
    func noWatchdog() throws {
        let text = try rig(
            "  kind: line\n  line: {line: WATCHDOG, pull: external-down}\n  toggle_every: 20ms\n"
                + "  gate_opens_after: 500ms\n",
            "  kind: none\n  reason: the safety controller counts our frames itself\n")
        let profile = try boardProfileDocument.read(text: text, file: "board.yaml")
        #expect(profile.warnings.count == 1)
    }

    @Test("nothing is read that the schema does not know")
    func schemaKnowsAll() throws {
        for name in ["rig", "raspberry-pi-cm4-cm5", "beagle-am62"] {
            let text = try String(contentsOf: boards.appendingPathComponent("\(name).yaml"), encoding: .utf8)
            #expect(boardProfileDocument.undescribedKeys(in: text).isEmpty)
        }
    }

    @Test("schema and reference in the repository are what the reader says; HOLDFAST_WRITE_REFERENCE=1 writes them")
    func writtenReference() throws {
        let written = [
            ("board.schema.json", boardProfileDocument.jsonSchema),
            ("REFERENCE.md", boardProfileDocument.reference),
        ]
        for (name, text) in written {
            let file = boards.appendingPathComponent(name)
            if ProcessInfo.processInfo.environment["HOLDFAST_WRITE_REFERENCE"] == "1" {
                try text.write(to: file, atomically: true, encoding: .utf8)
            }
            #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name) is out of date")
        }
    }
}
