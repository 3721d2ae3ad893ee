// JUnit: a case an expectation, with what is known of it; what was not reached is skipped, what is judged unasked is a case too.

import Foundation
import FoundationXML
import Simulator
import StrictYAML
import Testing

@testable import Scenarios

@Suite("JUnit")
struct JUnitTests {
    private func suites(_ text: String) throws -> XMLCounts {
        var run = ScenarioRun()
        run.results.append(try ScenarioPlayer.play(readStory(text), path: "story.yaml"))
        let xml = run.junit(seconds: [0.5])
        let counts = XMLCounts()
        let parser = XMLParser(data: Data(xml.utf8))
        parser.delegate = counts
        #expect(parser.parse(), "\(xml)")
        return counts
    }

    @Test(
        "each expectation is a case with its line, its instant and its margin; the suite has seed, virtual time and hash"
    )
    func cases() throws {
        let story = chargingStory(
            then: """
                  - expect: {state: charging, within: 30s}
                  - after: 20s
                    alarm: {interlock: emergency_stop}
                  - expect: {contactors_closed: false, within: 100ms}
                never:
                  - {connector: 2, state: charging}
                at_end:
                  - {sessions: 1}
                """)
        let told = try suites("seed: 7\n" + story)
        #expect(
            told.suites == [
                [
                    "name": "story.yaml", "tests": "5", "failures": "0", "errors": "0", "skipped": "0",
                    "time": "0.500",
                ]
            ])
        #expect(told.suiteProperties["seed"] == "7" && told.suiteProperties["virtual_seconds"] != nil)
        #expect(told.suiteProperties["hash"]?.isEmpty == false)
        let open = try #require(told.cases.first { $0["name"]?.contains("contactors open") == true })
        #expect(open["file"] == "story.yaml" && open["line"] == "13" && open["classname"] == "story.yaml")
        let properties = told.properties[try #require(told.cases.firstIndex(of: open))]
        #expect(
            properties["required_seconds"] == "0.100" && properties["margin_percent"].flatMap(Int.init) ?? 0 > 50)
        #expect(properties["virtual_seconds"] != nil && properties["measured_seconds"] != nil)
        #expect(told.cases.contains { $0["name"]?.hasPrefix("never: ") == true })
        #expect(told.cases.last?["name"] == "the rules, the laws of physics and the books")
    }

    @Test("what failed says how late it came; what was not reached is skipped and does not count as good")
    func failed() throws {
        let told = try suites(
            chargingStory(
                then: """
                      - expect: {state: charging, within: 2s}
                      - expect: {current_above: 100A, within: 30s}
                    at_end:
                      - {sessions: 1}
                    """))
        #expect(told.suites[0]["failures"] == "1" && told.suites[0]["skipped"] == "2", "\(told.suites)")
        #expect(
            told.messages[0].contains("found: ") && told.messages[0].contains("; it came after 8."),
            "\(told.messages)")
        #expect(told.properties[0]["margin_percent"].flatMap(Int.init) ?? 0 < 0)
        // What never comes is said as well.
        let never = try suites(chargingStory(then: "  - expect: {state: faulted, within: 2s}"))
        #expect(never.messages[0].contains("nor did it come within 20.0 s"), "\(never.messages)")
    }

    @Test("a title with every sign that XML does not take is still XML")
    func signs() throws {
        _ = try suites(
            chargingStory(then: "  - expect: {driver_told: \"<&>\\\"\\u0007\", within: 1s}"))
    }
}

/// What a reader of XML finds.
private final class XMLCounts: NSObject, XMLParserDelegate {
    var suites: [[String: String]] = []
    var suiteProperties: [String: String] = [:]
    var cases: [[String: String]] = []
    var properties: [[String: String]] = []
    var messages: [String] = []

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        switch element {
        case "testsuite": suites.append(attributes)
        case "testcase":
            cases.append(attributes)
            properties.append([:])
        case "property":
            let (name, value) = (attributes["name"] ?? "", attributes["value"] ?? "")
            if cases.isEmpty { suiteProperties[name] = value } else { properties[cases.count - 1][name] = value }
        case "failure", "error": messages.append(attributes["message"] ?? "")
        default: break
        }
    }
}
