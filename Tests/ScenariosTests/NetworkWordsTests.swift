// The words of the network's table in scenario files: read, written, refused, explained and documented by one table.

import Foundation
import Simulator
import StrictYAML
import Testing

@testable import Scenarios

@Suite("The network in scenario files")
struct NetworkWordsTests {
    private func read(_ deed: String) throws -> Scenario {
        try scenarioDocument.read(
            text: "title: A line\ntimeline:\n  - \(deed)\n  - expect: {state: available, within: 5s}\n",
            file: "line.yaml")
    }

    private func state(_ deed: String) throws -> NetworkState? {
        switch try read(deed).timeline.first?.deed {
        case .network(let state), .cloud(let state): state
        default: nil
        }
    }

    @Test("every word, as drawn and as injected, is read back as it is written, and explained")
    func everyWord() throws {
        for row in NetworkTable.rows {
            let drawn = NetworkImpairment(row.mode, row.parameters.map(\.drawn.upperBound))
            let besides = row.needs.isEmpty ? [] : row.injected
            for impairments in [row.injected, besides + [drawn]] {
                let wanted = NetworkState(impairments)
                let text = "\(row.unit.rawValue): {\(wanted.text)}"
                #expect(try state(text) == wanted, "\(text)")
                let told = try read(text).explanation.joined(separator: "\n")
                #expect(told.contains(row.help) && told.contains(row.mode.rawValue), "\(told)")
            }
        }
    }

    @Test("what is left out of several parameters is what the table says")
    func standards() throws {
        #expect(
            try state("network: {delay: {time: 2s}}") == NetworkState([NetworkImpairment(.delay, [2_000_000, 0])]))
        #expect(
            try state("network: {loss: 30%, delay: {time: 2s, jitter: 500ms}, reorder: 25%, rate: 9600bit}")
                == NetworkState([
                    NetworkImpairment(.loss, [30]), NetworkImpairment(.delay, [2_000_000, 500_000]),
                    NetworkImpairment(.reorder, [25]), NetworkImpairment(.rate, [9_600]),
                ]))
        #expect(try state("cloud: {up: true}") == .up)
    }

    @Test(
        "what has no effect, contradicts itself or belongs elsewhere is refused",
        arguments: [
            ("network: {}", "nothing is named"), ("network: {up: true, loss: 30%}", "something is wrong"),
            ("network: {up: false}", "up"), ("network: {down: false}", "down"),
            ("network: {reorder: 50%}", "delay beside it"), ("network: {limit: 2}", "delay or rate beside it"),
            ("network: {loss: 0%}", "loss"), ("network: {loss: 0.5%}", "loss"), ("network: {loss: 30}", "%"),
            ("network: {throttled: 30%}", "throttled"), ("cloud: {loss: 30%}", "loss"),
            ("network: {is: down}", "unknown key"), ("network: {slow_close: 2s}", "unknown key"),
            ("network: {delay: {jitter: 2s}}", "time"), ("inject: {fault: network.slow}", "network.slow"),
        ])
    func refused(_ deed: String, _ complaint: String) {
        let error = #expect(throws: Problems.self) { try read(deed) }
        let said = error?.list.map(\.sentence).joined(separator: "\n") ?? ""
        #expect(said.contains(complaint), "\(deed): \(said)")
    }

    @Test("Simulations/NETWORK.md is what the table generates")
    func page() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Simulations/NETWORK.md")
        if ProcessInfo.processInfo.environment["HOLDFAST_WRITE_REFERENCE"] != nil {
            try networkReference.write(to: page, atomically: true, encoding: .utf8)
        }
        #expect(
            try String(contentsOf: page, encoding: .utf8) == networkReference,
            "run the tests once with HOLDFAST_WRITE_REFERENCE=1")
    }
}
