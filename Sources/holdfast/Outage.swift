// `holdfast outage`: the day the cloud was gone, side by side.

import ArgumentParser
import Foundation
import Scenarios

struct Outage: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play 20 October 2025 on a site of 8 posts, with the signed list and without one.",
        discussion: """
            06:48 UTC the names of a cloud region are gone, 09:25 they are back, errors and throttling until 22:01. \
            The same arrivals twice, through the same core and runtime: once each token is unknown to the post and asks \
            the cloud within 30 seconds, once the operator's signed list lies on the post.

            EXAMPLES
              holdfast outage
              holdfast outage --seed 7 --json
            """)
    @Option(help: "Start of every draw of chance.") var seed: UInt64 = 1
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let began = ContinuousClock.now
        let days = try OutageStudy.run(seed: seed)
        let took = (ContinuousClock.now - began) / .seconds(1)
        if json { printJSON(days) } else { table(days, took) }
        let listed = days[1]
        let refusedListed = listed.refused.filter { $0.key != "unknown_token" && !$0.key.hasPrefix("cloud") }.values
            .reduce(0, +)
        if days.contains(where: { $0.findings > 0 }) || refusedListed > 0 { throw ExitCode(1) }
    }

    private func table(_ days: [OutageDay], _ took: Double) {
        func row(_ name: String, _ value: (OutageDay) -> String) {
            let cells = days.map { value($0).padding(toLength: 18, withPad: " ", startingAt: 0) }.joined()
            print(name.padding(toLength: 38, withPad: " ", startingAt: 0) + cells)
        }
        print("20 October 2025, 00:00 to 22:01 UTC and after; 8 posts x 2 connectors, seed \(seed)\n")
        row("") { $0.policy }
        row("drivers who came (known to operator)") { "\($0.drivers) (\($0.knownDrivers))" }
        row("sessions started") { "\($0.sessionsStarted)" }
        row("refusals") { "\($0.refused.values.reduce(0, +))" }
        for reason in Set(days.flatMap(\.refused.keys)).sorted() {
            row("  \(reason)") { "\($0.refused[reason] ?? 0)" }
        }
        row("minutes waited for an answer, all") { String(format: "%.1f", $0.minutesWaitedForAnAnswer) }
        row("longest wait for an answer") { String(format: "%.1f s", $0.longestWaitSeconds) }
        row("energy delivered") { String(format: "%.0f kWh", $0.deliveredKilowattHours) }
        row("records owed at 22:01") { "\($0.recordsOwedAtTheEnd)" }
        row("last record delivered (UTC)") { $0.lastRecordDelivered }
        row("unsafe findings and defects") { "\($0.findings)" }
        print(
            String(
                format: "\nboth days in %.1f s; %.0f connector-hours in session", took,
                days.map(\.energisedHours).reduce(0, +)))
    }
}
