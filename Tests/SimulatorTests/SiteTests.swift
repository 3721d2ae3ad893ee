// A whole post in virtual time: the shipped core and runtime on simulated hardware.

import Post
import Runtime
import Testing

@testable import Simulator

/// Records and list in memory, for tests of the world alone.
final class TestMemory: PostMemory {
    var requests: [RecordRequest] = []
    var boots: UInt32 = 0
    var acknowledgedUpTo: Int64 = 0
    var listed: (String) -> Bool = { !$0.hasPrefix("unknown") }

    func boot() -> Restored {
        boots += 1
        return Restored(boot: BootFacts(bootNumber: boots, uncleanStarts: 0))
    }
    func stoppedCleanly() {}
    func perform(_ request: RecordRequest) -> RecordOutcome {
        requests.append(request)
        return .recorded
    }
    var outbox: (newest: Int64, acknowledged: Int64) {
        let count = requests.reduce(into: 0) { count, request in
            switch request {
            case .start, .stop: count += 1
            case .sample, .latch: break
            }
        }
        return (Int64(count), acknowledgedUpTo)
    }
    func acknowledged(_ number: Int64) { acknowledgedUpTo = max(acknowledgedUpTo, number) }
    func name(_ token: String) -> TokenName {
        TokenName(high: 1, low: token.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    }
    func lookUp(_ token: String, name: TokenName) -> TokenLookUp {
        TokenLookUp(
            token: name, verdict: listed(token) ? .listed : .notListed, group: 0, freshness: .fresh,
            allowance: .unlimited)
    }
}

/// Prints what a post reports; handy when a test fails.
final class Journal: StepObserver {
    var lines: [String] = []
    func didStep(_ event: Event, _ actions: Actions, at now: Instant) {
        for action in actions.list {
            switch action {
            case .report(let report): lines.append("\(Double(now.microseconds) / 1e6) \(report)")
            default: break
            }
        }
    }
}

@Suite("A site in virtual time")
struct SiteTests {
    @Test("plug, tap, charge to 80 %, unplug: energy told equals energy that flowed")
    func normalSession() throws {
        let memory = TestMemory()
        let site = VirtualSite(seed: 1, posts: [.twoConnectors]) { _ in memory }
        let journal = Journal()
        site.posts[0].observer = journal
        site.start()
        site.run(until: Instant(microseconds: 30_000_000))
        site.world.plug(Battery(stateOfCharge: 0.5), post: 0, connector: 0)
        site.run(until: Instant(microseconds: 32_000_000))
        site.posts[0].tap("card")
        site.run(until: Instant(microseconds: 90_000_000))
        let status = site.posts[0].runtime?.core.status(of: ConnectorID(0))
        #expect(status?.phase == .charging, "\(journal.lines)")
        #expect(site.world.physical(post: 0, connector: 0).amperes > 100, "\(journal.lines)")
        site.run(until: Instant(microseconds: 3_600_000_000))
        #expect(site.posts[0].runtime?.core.status(of: ConnectorID(0)).phase == .finishing, "\(journal.lines)")
        #expect(site.world.unplug(post: 0, connector: 0))
        site.run(until: Instant(microseconds: 3_610_000_000))
        #expect(site.posts[0].runtime?.core.status(of: ConnectorID(0)).phase == .available, "\(journal.lines)")
        site.world.closeBooks()
        #expect(site.world.judges[0].findings.isEmpty, "\(site.world.judges[0].findings)")
        let stops = memory.requests.compactMap { if case .stop(let stop) = $0 { stop } else { nil } }
        try #require(stops.count == 1)
        #expect(
            abs(Double(stops[0].energyWattHours) - site.world.physical(post: 0, connector: 0).deliveredWattHours)
                < 2)
        #expect(stops[0].energyWattHours > 20_000)
        #expect(!journal.lines.contains { $0.contains("defect") }, "\(journal.lines)")
        #expect(!journal.lines.contains { $0.contains("fault") }, "\(journal.lines)")
    }
}
