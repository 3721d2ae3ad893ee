// What a session may rest on: its records, its meter, its card; and how it is closed after a restart.

import Testing

@testable import Post

@Suite("Sessions, meters and cards")
struct SessionRulesTests {
    private func stops(_ post: PlausiblePost) -> [SessionStop] {
        post.log.compactMap { if case .recordStop(let stop) = $0.action { stop } else { nil } }
    }

    @Test("a long wait before first energy is no lack of samples")
    func longWait() {
        var configuration = PostConfiguration.twoConnectors
        configuration.limits.vehicleReadyWithin = .seconds(600)
        let post = PlausiblePost(configuration)
        post.recordsAnswer = nil
        post.plug()
        post.tap()
        post.run(.seconds(2))
        guard case .preparing(let session, _) = post.core.connectors[0].state else {
            Issue.record("not preparing")
            return
        }
        // The vehicle takes its time after the cable check, with the start long recorded.
        post.phases[0] = .cableCheck
        post.run(.milliseconds(100))
        post.handle(.startRecorded(session.id, .recorded))
        post.recordsAnswer = .recorded
        post.run(.seconds(90))
        #expect(post.status().phase == .preparing)
        post.phases[0] = .preCharge
        post.run(.seconds(5))
        #expect(post.status().phase == .charging)
        #expect(!post.status().faults.contains(.samplesNotDurable))
    }

    @Test("a register that jumps ahead of what the stage can give is not billed")
    func jump() {
        let post = PlausiblePost()
        post.charge()
        post.run(.seconds(5))
        let before = post.status().session?.energyWattHours ?? 0
        post.registers[0] += 5_000
        post.run(.seconds(1))
        #expect(post.status().faults.contains(.meterJumped))
        #expect((post.status().session?.energyWattHours ?? 0) <= before + 5)
        post.handle(.command(CommandNumber(1), .stop(ConnectorID(0), .remote)))
        post.run(.seconds(3))
        #expect(stops(post).first?.energyIsLastKnown == true)
        #expect(post.defects.isEmpty)
    }

    @Test("a card that is revoked while it waits for a plug does not start")
    func revoked() {
        let post = PlausiblePost()
        post.tap(1)
        #expect(post.status().phase == .authorized)
        post.handle(.tokenRevoked(TokenName(high: 9, low: 1)))
        #expect(post.status().refusal == .cloudRefused)
        post.plug()
        post.run(.seconds(3))
        #expect(post.status().phase == .occupied)
        #expect(post.status().session == nil)
    }

    @Test(
        "a denied card ends its session in the orderly way, whatever the site says of revocation; others charge on")
    func denied() {
        var configuration = PostConfiguration.twoConnectors
        configuration.authorization.stopsWhenRevoked = false
        let post = PlausiblePost(configuration)
        post.charge(0, token: 1)
        post.charge(1, token: 2)
        post.handle(.tokenDenied(TokenName(high: 9, low: 1)))
        #expect(post.status(0).phase == .stopping && post.status(1).phase == .charging)
        #expect(post.status(0).refusal == .deniedInSession)
        post.run(.seconds(3))
        #expect(stops(post).map(\.reason) == [.deAuthorized] && stops(post).first?.energyIsLastKnown == false)
        #expect(post.status(1).phase == .charging && post.defects.isEmpty)
    }

    @Test("a card that is denied while it waits for a plug does not start")
    func deniedWhileItWaits() {
        let post = PlausiblePost()
        post.tap(1)
        post.handle(.tokenDenied(TokenName(high: 9, low: 1)))
        #expect(post.status().refusal == .blockedToken)
        post.plug()
        post.run(.seconds(3))
        #expect(post.status().phase == .occupied && post.status().session == nil)
    }

    @Test("what the cloud said lapses: shown again while it is silent, a card gets what strangers may have")
    func acceptanceLapses() {
        var configuration = PostConfiguration.twoConnectors
        configuration.authorization.guestFloorWattHours = 5_000
        let post = PlausiblePost(configuration)
        post.handle(.cloudLink(isUp: true))
        post.tap(1, verdict: .notListed)
        for case .askCloud(let number, _, _) in post.log.map(\.action) {
            post.handle(.cloudAnswered(number, .accepted(sessionWattHours: 20_000)))
        }
        #expect(post.status().phase == .authorized)
        // The plug never comes; minutes later the cloud is out of reach.
        post.run(.seconds(300))
        post.handle(.cloudLink(isUp: false))
        post.plug()
        post.tap(1, verdict: .notListed)
        post.run(.seconds(4))
        #expect(post.status().phase == .charging && post.defects.isEmpty)
        #expect(post.status().session?.source == .guestFloor)
    }

    @Test("a card that is shown again makes no acceptance of the cloud younger")
    func acceptanceGrowsOld() {
        let post = PlausiblePost()
        let token = TokenName(high: 9, low: 1)
        let unknown = Event.tokenLookedUp(
            ReaderID(0),
            TokenLookUp(token: token, verdict: .notListed, group: 0, freshness: .fresh, allowance: .unlimited))
        var machine = BrokenMachine(after: post)
        _ = machine.handle(unknown, wants: [.askCloud(CommandNumber(7), token, nil)])
        _ = machine.handle(.cloudAnswered(CommandNumber(7), .accepted(sessionWattHours: 20_000)))
        machine.now = machine.now + .seconds(300)
        var start = post.start(token: 1, source: .cloud)
        start.allowance.sessionWattHours = 5_000
        #expect(machine.handle(unknown, wants: [.recordStart(start)]).overrules(.decidedLocally))
    }

    @Test("a card that lies on the reader does not stop its own session; taken away and shown again it does")
    func cardLeft() {
        let post = PlausiblePost()
        let token = TokenName(high: 9, low: 1)
        post.plug()
        post.tap(1)
        for _ in 0..<20 {
            post.run(.milliseconds(500))
            post.handle(.tokenPresented(ReaderID(0), token))
        }
        #expect(post.status().phase == .charging)
        post.run(.seconds(3))
        post.handle(.tokenPresented(ReaderID(0), token))
        post.run(.seconds(3))
        #expect(post.status().phase == .finishing)
    }

    private func restored(_ post: PlausiblePost, at connector: UInt8) -> RestoredSession {
        var start = post.start(token: 5, source: .list)
        start.session = SessionID(boot: 3, counter: 4)
        start.connector = ConnectorID(connector)
        return RestoredSession(
            start: start, lastRegisterWattHours: start.registerWattHours + 100, lastEnergyWattHours: 100)
    }

    @Test("a restored session of a connector that is gone is closed, and asked for until it is durable")
    func gone() {
        let session = restored(PlausiblePost(), at: 200)
        let post = PlausiblePost(rebootingWith: session, meterAdds: 0, serial: 4711, recordsAnswer: .failed)
        post.run(.seconds(11))
        #expect(stops(post).count == 3)
        post.recordsAnswer = .recorded
        post.run(.seconds(11))
        #expect(stops(post).count == 4)
        #expect(Set(stops(post)).count == 1)
        #expect(stops(post).first?.energyWattHours == 100)
        #expect(stops(post).first?.energyIsLastKnown == true)
        #expect(post.defects.isEmpty)
    }

    @Test(
        "after a restart the same meter's own register counts, if it answers plausibly",
        arguments: [(150, UInt64(4711), 150), (150, 9, 100), (50, 4711, 100), (900_000, 4711, 100)])
    func closedByMeter(_ added: Int64, _ serial: UInt64, _ expected: Int64) {
        let post = PlausiblePost()
        let session = restored(post, at: 0)
        let fresh = PlausiblePost(rebootingWith: session, meterAdds: added, serial: serial)
        fresh.run(.seconds(3))
        #expect(stops(fresh).first?.energyWattHours == expected)
        #expect(stops(fresh).first?.energyIsLastKnown == (expected == 100))
        #expect(fresh.defects.isEmpty)
    }

    @Test("a meter that stays silent after a restart is waited for, and no longer than its time")
    func silentMeter() {
        let post = PlausiblePost()
        let session = restored(post, at: 0)
        let fresh = PlausiblePost(rebootingWith: session, meterAdds: 0, serial: 4711, meterSilent: true)
        #expect(fresh.status().waiting == .meterAfterRestart)
        fresh.run(.seconds(29))
        #expect(stops(fresh).isEmpty)
        fresh.run(.seconds(3))
        #expect(stops(fresh).first?.energyWattHours == 100)
    }

    @Test("a session keeps the tariff it began with")
    func tariff() {
        var configuration = PostConfiguration.twoConnectors
        configuration.tariff = Tariff(currency: Tariff.packed("EUR") ?? 0, minorUnitsPerKilowattHour: 59)
        let post = PlausiblePost(configuration)
        post.charge()
        let starts = post.log.compactMap { if case .recordStart(let start) = $0.action { start } else { nil } }
        #expect(starts.first?.tariff == configuration.tariff)
        #expect(Tariff.packed("eur") == nil)
        #expect(Tariff.packed("EURO") == nil)
        #expect(Tariff.packed("EUR") == 0x45_5552)
    }
}

extension PlausiblePost {
    /// A post that died in a session and has just come back: no device but its lines has spoken yet.
    convenience init(
        rebootingWith session: RestoredSession, meterAdds added: Int64, serial: UInt64, meterSilent: Bool = false,
        recordsAnswer: RecordOutcome = .recorded
    ) {
        self.init()
        core = PostCore(configuration: .twoConnectors)
        registers[0] = session.start.registerWattHours + added
        serials[0] = serial
        self.meterSilent = meterSilent
        self.recordsAnswer = recordsAnswer
        handle(.booted(BootFacts(bootNumber: 8, uncleanStarts: 1)))
        handle(.sessionRestored(session))
        handle(.restored)
        sample()
    }
}
