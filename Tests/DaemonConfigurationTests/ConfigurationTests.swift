// The daemon's configuration file: what it takes, what it refuses, and that its documents are those of this build.

import DaemonConfiguration
import Foundation
import Post
import StrictYAML
import Testing

/// The repository's root, three folders above this file.
private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// The least that a file must say.
private let least = """
    connectors: [{name: left}]
    stages: [{rated_power: 150kW}]
    backend: {kind: simulated}

    """

private func read(_ text: String) throws(Problems) -> DaemonConfiguration {
    try daemonConfigurationDocument.read(text: text, file: "post.yaml")
}

/// The mistakes in a text.
private func wrongs(_ text: String) -> [Problem] {
    do {
        _ = try read(text)
        Issue.record("taken: \(text)")
        return []
    } catch {
        return error.list
    }
}

@Suite("The daemon's configuration")
struct ConfigurationTests {
    @Test("the least file is a whole post with the core's own defaults")
    func defaults() throws {
        let configuration = try read(least)
        #expect(configuration.post.limits == SafetyLimits())
        #expect(configuration.post.readers == [.wholePost])
        #expect(configuration.post.siteLimitWatts == 300_000 && configuration.post.failSafeLimitWatts == 40_000)
        #expect(configuration.post.connectors[0].maximumMilliamperes == 400_000)
        #expect(configuration.stateFolder == "/var/lib/holdfast")
        #expect(configuration.socketPath == "/run/holdfast/holdfast.sock")
        #expect(configuration.flightRecording == "/run/holdfast/flight")
        #expect(configuration.realTime.priority == 50 && configuration.realTime.locksMemory)
        #expect(configuration.allowList.operatorID.isEmpty)
        #expect(configuration.price == nil && configuration.warnings.count == 1)
    }

    @Test(
        "a refused socket is one mistake where it stands, and nothing else goes wrong by it",
        arguments: [
            "relative.sock", "\"\"", "[a]", "{a: 1}", "7", "/\(String(repeating: "x", count: 100))",
            "/\(String(repeating: "é", count: 60))",
        ])
    func socket(_ value: String) {
        let found = wrongs(least + "socket: \(value)\n")
        #expect(found.count == 1)
        #expect(found.first?.position == SourcePosition(line: 4, column: 9) && found.first?.path == "socket")
        #expect(found.first?.expected.contains("/") == true)
    }

    @Test("a reader serves a connector that is there; operator and scopes are whole pairs of hexadecimal digits")
    func references() {
        let reader = wrongs(least + "readers:\n  - {connector: 1}\n  - {connector: 2}\n")
        #expect(reader.map(\.position.line) == [6] && reader.first?.code == .inconsistent)
        for text in [
            "operator: zz", "operator: 00112233445566778899aabbccddee",
            "scopes: [\(String(repeating: "z", count: 64))]",
        ] {
            #expect(wrongs(least + "allow_list: {\(text)}\n").map(\.position.line) == [4], "\(text)")
        }
    }

    @Test("the recording lies beside the socket unless it is told where")
    func flightRecording() throws {
        #expect(try read(least + "socket: /tmp/a/h.sock\n").flightRecording == "/tmp/a/flight")
        #expect(try read(least + "flight_recording: /dev/shm/f\n").flightRecording == "/dev/shm/f")
    }

    @Test("quantities carry their unit, and each unit means what it says")
    func units() throws {
        let limits = try read(
            least + "limits: {safe_opening_current: 2500mA, pre_charge: 0.015kV, insulation_floor: 0.2Mohm, "
                + "pause_at_most: 90m, pilot_invalid_for: 40000us, pin_hot_celsius: 85, lock_tries: 5}\n"
        ).post.limits
        #expect(limits.safeOpeningMilliamperes == 2_500 && limits.preChargeMillivolts == 15_000)
        #expect(limits.insulationFloorOhms == 200_000 && limits.pauseAtMost == .minutes(90))
        #expect(limits.pilotInvalidFor == .milliseconds(40) && limits.pinHotMillidegrees == 85_000)
        #expect(limits.lockTries == 5)
        let site = try read(least + "site: {limit: 0.25MW, silent_after: 2m}\n").post
        #expect(site.siteLimitWatts == 250_000 && site.limits.limitSilentAfter == .minutes(2))
    }

    @Test("every limit of the core has a key of its own, or stands elsewhere in the file")
    func everyLimit() throws {
        let row = try Regex(#"\| `limits\.(\w+)` \| [^|]* from (\S+) to (\S+) \|"#)
        let limits = daemonConfigurationDocument.reference.matches(of: row).compactMap { match in
            (match.output.compactMap { $0.substring.map { String($0) } }).dropFirst()
        }
        // `limitSilentAfter` is `site.silent_after`.
        let elsewhere = 1
        #expect(limits.count == Mirror(reflecting: SafetyLimits()).children.count - elsewhere)
        // Each key set alone changes one limit, and no two change the same one.
        var changed: [String: String] = [:]
        for row in limits.map({ Array($0) }) {
            try #require(row.count == 3)
            let key = row[0]
            // The end of the range that is not the default.
            let isLowest = (try? read(least + "limits: {\(key): \(row[1])}\n").post.limits) == SafetyLimits()
            let value = isLowest ? row[2] : row[1]
            var text = least + "limits: {\(key): \(value)"
            if key == "cable_check_within" { text += ", insulation_test_within: 5s" }
            if key == "pin_hot_celsius" { text += ", pin_warm_celsius: 50" }
            if key == "cabinet_hot_celsius" { text += ", cabinet_warm_celsius: 35" }
            if key == "handle_hot_celsius" { text += ", handle_warm_celsius: 35" }
            if key == "memory_restart" { text += ", memory_warning: 64MiB" }
            let found = try read(text + "}\n").post.limits
            let differing = zip(
                Mirror(reflecting: SafetyLimits()).children, Mirror(reflecting: found).children
            ).filter { "\($0.value)" != "\($1.value)" }.compactMap(\.0.label)
            #expect(!differing.isEmpty, "\(key) changes nothing")
            for name in differing where differing.count == 1 {
                #expect(changed[name] == nil, "\(key) and \(changed[name] ?? "") set the same limit")
                changed[name] = key
            }
        }
    }

    @Test(
        "a limit outside its range, without its unit or in another is refused with what would be right",
        arguments: [
            ("touch_safe: 80V", "from 30V to 60V"), ("touch_safe: 50", "a voltage"),
            ("touch_safe: 50A", "a voltage"), ("over_voltage_for: 5s", "from 50ms to 400ms"),
            ("pin_hot_celsius: 95", "90"), ("lock_tries: 0", "1"), ("pause_at_most: forever", "a duration"),
        ])
    func limitsOutOfRange(_ line: String, _ expected: String) {
        let found = wrongs(least + "limits:\n  \(line)\n")
        #expect(found.filter { $0.code != .inconsistent }.count == 1)
        #expect(found.first?.position.line == 5)
        #expect(found.first?.expected.contains(expected) == true, "\(found.first?.expected ?? "")")
        #expect(found.first?.remedy.isEmpty == false)
    }

    @Test("every mistake of a file is told at once, each where it stands and with what was expected")
    func everyMistake() {
        let found = wrongs(
            """
            connectors:
              - {name: left, stage: 3}
              - {name: left, lock: welded}
            stages: [{rated_power: 150}]
            backend: {kind: simulated, sped: 3}
            pirce: {currency: EUR}
            limits: {pin_hot_celsius: 60, pin_warm_celsius: 70}
            site: {limit: 10kW, fail_safe_limit: 20kW}
            """)
        let told = found.map { "\($0.position.line):\($0.position.column) \($0.code.rawValue)" }
        #expect(
            told == [
                "2:5 inconsistent", "3:5 inconsistent", "3:24 bad-value", "4:24 wrong-type", "5:28 unknown-key",
                "6:1 unknown-key", "7:27 inconsistent", "8:38 inconsistent",
            ], "\(told)")
        #expect(found.first { $0.found == "sped" }?.remedy == "Did you mean \"speed\"?")
        #expect(found.first { $0.found == "pirce" }?.remedy == "Did you mean \"price\"?")
        #expect(found.allSatisfy { !$0.expected.isEmpty && !$0.remedy.isEmpty })
    }

    @Test(
        "what hides meaning is refused: aliases, tags, a key given twice, a second document, other bytes",
        arguments: [
            ("x: &a 1\ny: *a\n", Problem.Code.alias), ("name: !!str x\n", .tag),
            ("name: a\nname: b\n", .duplicateKey), ("---\nname: b\n", .secondDocument),
        ])
    func hidden(_ lines: String, _ code: Problem.Code) {
        #expect(wrongs(least + lines).contains { $0.code == code })
    }

    @Test("an oversized file, one that is not text and one that is not there are each one clear mistake")
    func wholeFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("c-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func code(_ name: String, _ data: Data?) throws -> [Problem.Code] {
            let path = folder.appendingPathComponent(name)
            try data?.write(to: path)
            do throws(Problems) {
                _ = try DaemonConfiguration.read(path: path.path)
                return []
            } catch { return error.list.map(\.code) }
        }
        #expect(try code("large", Data(repeating: 35, count: 300_000)) == [.tooLarge])
        #expect(try code("bytes", Data([0x61, 0x3A, 0xFF, 0xFE])) == [.badCharacter])
        #expect(try code("none", nil) == [.noSuchFile])
        #expect(try code("good", Data(least.utf8)) == [])
    }

    @Test("reading asks for no key that schema and reference do not know")
    func described() {
        #expect(daemonConfigurationDocument.undescribedKeys(in: least).isEmpty)
        let hardware = least.replacingOccurrences(
            of: "{kind: simulated}", with: "{kind: hardware, profile: /etc/holdfast/board.yaml}")
        #expect(daemonConfigurationDocument.undescribedKeys(in: hardware).isEmpty)
    }

    @Test("the files that users start from are good", arguments: ["hardware/demo.yaml"])
    func examples(_ path: String) throws {
        _ = try DaemonConfiguration.read(path: root.appendingPathComponent(path).path)
    }

    @Test(
        "the committed reference and schema are those of this build",
        arguments: [
            ("Documentation/Configuration.md", daemonConfigurationDocument.reference, "--reference"),
            ("Documentation/holdfast.schema.json", daemonConfigurationDocument.jsonSchema, "--schema"),
        ])
    func documents(_ path: String, _ text: String, _ flag: String) throws {
        let committed = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
        #expect(committed == text, "stale: .build/debug/holdfastd \(flag) > \(path)")
    }
}
