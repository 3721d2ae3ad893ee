// What the exploration found in the session machine, and the supervisor caught: each its shortest course, mended since.

import Testing

@testable import Post

@Suite("What the exploration found in the machine")
struct ExplorationFindings {
    @Test("no session begins before the interlocks have been read since the start")
    func interlocksUnknown() {
        var core = PostCore(configuration: .twoConnectors)
        var actions = Actions()
        let id = ConnectorID(0)
        let plugged = ConnectorLines(
            pilot: .c, proximity: .seated, lock: .unknown, contactorPlus: .open, contactorMinus: .open,
            stopPressed: false)
        core.handle(.booted(BootFacts(bootNumber: 2, uncleanStarts: 0)), at: .zero, into: &actions)
        core.handle(.restored, at: .zero, into: &actions)
        core.handle(.lines(id, plugged), at: .zero, into: &actions)
        core.handle(
            .meter(
                id, MeterSample(measuredAt: .zero, millivolts: 0, milliamperes: 0, energyWattHours: 1, serial: 1)),
            at: .zero, into: &actions)
        core.handle(
            .insulation(
                id, InsulationSample(measuredAt: .zero, ohms: 10_000_000, millivolts: 0, selfTest: .passed)),
            at: .zero, into: &actions)
        #expect(core.status(of: id).phase == .unavailable)
        core.handle(.interlocks(.allGood), at: .zero, into: &actions)
        #expect(core.status(of: id).phase == .occupied)
    }

    @Test("lines that were lost before anything was read from them are a fault, not silence")
    func linesLostAtStart() {
        var core = PostCore(configuration: .twoConnectors)
        var actions = Actions()
        core.handle(.booted(BootFacts(bootNumber: 2, uncleanStarts: 0)), at: .zero, into: &actions)
        core.handle(.restored, at: .zero, into: &actions)
        core.handle(.linesLost(nil), at: .zero, into: &actions)
        #expect(core.status(of: ConnectorID(0)).faults.contains(.linesLost))
    }

    @Test("the next degree is not given while a mirror contact cannot be read")
    func mirrorContactUnknown() {
        let post = PlausiblePost()
        post.recordsAnswer = nil
        post.charge()
        let id = ConnectorID(0)
        #expect(post.status().waiting == .startRecord)
        post.lines[0].contactorPlus = .unknown
        post.handle(.lines(id, post.lines[0]))
        for case .recordStart(let start) in post.log.map(\.action) {
            post.handle(.startRecorded(start.session, .recorded))
        }
        #expect(post.status().powerAllowed != .match)
        #expect(post.defects.isEmpty)
    }

    @Test("a lock that reads closed only because it has not opened yet does not count as closed again")
    func boltOnItsWayOut() {
        var configuration = PostConfiguration.twoConnectors
        for index in configuration.connectors.indices { configuration.connectors[index].lockHolder = .post }
        let post = PlausiblePost(configuration)
        post.run(.seconds(1))
        post.lines[0].lock = .closed
        post.lines[0].proximity = .seated
        post.lines[0].pilot = .b
        post.phases[0] = .parameters
        post.sample()
        post.tap()
        #expect(post.status().waiting == .lock)
        post.run(.seconds(4))
        #expect(post.status().phase == .charging)
        #expect(post.defects.isEmpty)
    }
}
