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

    func boot(kernel: String) -> Restored {
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
            case .sample, .latch, .meter, .availability: break
            }
        }
        return (Int64(count), acknowledgedUpTo)
    }
    func acknowledged(_ number: Int64) { acknowledgedUpTo = max(acknowledgedUpTo, number) }
    func name(_ token: String) -> TokenName {
        TokenName(high: 1, low: token.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    }
    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        .unlimited(name, isListed: listed(token))
    }
}

/// Prints what a post reports; handy when a test fails.
final class Journal: StepObserver {
    var lines: [String] = []
    var raised = FaultSet()
    func didStep(_ event: Event, _ actions: Actions, at now: Instant) {
        for action in actions.list {
            switch action {
            case .report(let report):
                if case .faultRaised(let fault, _) = report { raised.insert(fault) }
                lines.append("\(Double(now.microseconds) / 1e6) \(report)")
            default: break
            }
        }
    }
}

/// A site of one post with two connectors, its memory and its journal.
final class Bench {
    let memory = TestMemory()
    let site: VirtualSite
    let journal = Journal()
    var world: World { site.world }
    let first = Place(post: 0, connector: 0)

    init(seed: UInt64 = 1, _ configuration: PostConfiguration = .twoConnectors) {
        let memory = memory
        site = VirtualSite(WorldConfiguration(seed: seed, posts: [configuration])) { _ in memory }
        site.posts[0].observer = journal
        site.start()
        pass(.seconds(30))
    }

    func pass(_ interval: Interval) { site.run(until: world.now + interval) }
    var status: ConnectorStatus { status(0) }
    func status(_ connector: UInt8) -> ConnectorStatus {
        site.posts[0].runtime?.core.status(of: ConnectorID(connector)) ?? ConnectorStatus()
    }
    var connector: SimulatedConnector { world.posts[0].connectors[0] }
    var stops: [SessionStop] { memory.requests.compactMap { if case .stop(let stop) = $0 { stop } else { nil } } }
    var starts: [SessionStart] {
        memory.requests.compactMap { if case .start(let start) = $0 { start } else { nil } }
    }

    /// Plugged, tapped, and energy flows.
    func charge(_ vehicle: VehicleProfile = .sedan400, until limit: Interval = .seconds(60)) {
        world.plug(vehicle, at: first)
        pass(.seconds(2))
        site.posts[0].tap("card")
        site.run(until: world.now + limit) { [self] in connector.branch.amperes > 50 }
        pass(.seconds(3))
    }

    /// Runs until a fault is there; returns whether it came.
    func meets(_ fault: Fault, within interval: Interval = .seconds(60)) -> Bool {
        site.run(until: world.now + interval) { [self] in status.faults.contains(fault) }
        return status.faults.contains(fault)
    }
}

@Suite("A site in virtual time")
struct SiteTests {
    @Test("plug, tap, charge to 80 %, unplug: energy told equals energy that flowed")
    func normalSession() throws {
        let bench = Bench()
        #expect(bench.status.phase == .available, "\(bench.journal.lines)")
        bench.charge()
        #expect(bench.status.phase == .charging, "\(bench.journal.lines)")
        #expect(bench.connector.contactAmperes > 200, "\(bench.journal.lines)")
        #expect(bench.connector.isPlugHeld)
        #expect(!bench.world.unplug(at: bench.first))
        bench.site.run(until: bench.world.now + .hours(1)) { bench.status.phase == .finishing }
        #expect(bench.status.phase == .finishing, "\(bench.journal.lines)")
        bench.pass(.seconds(2))
        #expect((799...802).contains(bench.connector.vehicle?.stateOfChargePerMille ?? 0))
        #expect(bench.world.unplug(at: bench.first))
        bench.pass(.seconds(10))
        #expect(bench.status.phase == .available, "\(bench.journal.lines)")
        bench.world.judgeBooks()
        #expect(bench.world.judge.findings.isEmpty, "\(bench.world.judge.findings.map(\.sentence))")
        try #require(bench.stops.count == 1)
        #expect(bench.starts.count == 1)
        #expect(abs(Double(bench.stops[0].energyWattHours) - bench.connector.flowedWattHours) < 2)
        #expect(bench.stops[0].energyWattHours > 40_000)
        #expect(bench.stops[0].reason == .stoppedByEV)
        #expect(
            !bench.journal.lines.contains { $0.contains("defect") || $0.contains("fault") },
            "\(bench.journal.lines)")
    }
}
