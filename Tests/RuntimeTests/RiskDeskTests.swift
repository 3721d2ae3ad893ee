// What is joined to a look-up: two taps never spend one allowance, whatever the disk is doing and who is asked.

import AllowList
import Ledger
import Post
import Runtime
import Testing

@Suite("The risk desk")
struct RiskDeskTests {
    private let token = TokenName(high: 1, low: 2)
    private let left = ReaderID(0)
    private let right = ReaderID(1)
    private var policy: ListPolicy {
        ListPolicy(
            postExposure: ExposureCap(fresh: 150_000, stale: 75_000, expired: 30_000),
            guests: GuestFloor(sessionWattHours: 8_000, sessionsPerDay: 2))
    }

    private func name(_ number: UInt64) -> TokenName { TokenName(high: 7, low: number) }
    private func answer(
        _ token: TokenName, _ verdict: LookUpAnswer.Verdict = .listed(.standard), on rung: LadderRung = .fresh,
        _ policy: ListPolicy? = nil
    ) -> LookUpAnswer {
        LookUpAnswer(
            token: token, verdict: verdict, group: 5, rung: rung, ladder: RiskLadder(policy ?? self.policy))
    }
    private func start(
        _ counter: UInt32, _ token: TokenName, granted: Int64 = 60_000, source: AuthorizationSource = .list
    ) -> Action {
        .recordStart(
            SessionStart(
                session: SessionID(boot: 1, counter: counter), connector: ConnectorID(0), token: token, group: 0,
                source: source, freshness: .fresh, startedAt: .zero, registerWattHours: 0, meterSerial: 1,
                allowance: Allowance(sessionWattHours: granted, powerWatts: 1, sessionsLeft: 1)))
    }
    private func stop(_ counter: UInt32, _ wattHours: Int64) -> Action {
        .recordStop(
            SessionStop(
                session: SessionID(boot: 1, counter: counter), endedAt: .zero, reason: .local, fault: nil,
                registerWattHours: 0, energyWattHours: wattHours, energyIsLastKnown: false))
    }
    private func tap(
        _ desk: inout RiskDesk, _ answer: LookUpAnswer, at reader: ReaderID? = nil, cloud: Bool = false,
        isOpen: Bool = true, after now: Instant = .zero
    ) -> TokenLookUp {
        desk.join(answer, at: reader ?? left, cloudIsThere: cloud, isOpen: { _ in isOpen }, now: now)
    }

    @Test("a start counts from the moment it is asked for, and no more if the disk refuses it")
    func askedCounts() {
        var desk = RiskDesk()
        desk.observe(start(1, token), at: .zero)
        desk.observe(start(1, token), at: .zero)
        #expect(tap(&desk, answer(token)).allowance.sessionsLeft == 2)
        #expect(desk.wattHoursAtRisk == 60_000)
        desk.observe(Event.startRecorded(SessionID(boot: 1, counter: 1), .failed))
        #expect(tap(&desk, answer(token)).allowance.sessionsLeft == 3)
        #expect(desk.wattHoursAtRisk == 0)
    }

    @Test(
        "a running session counts with all it was granted, one that is over with what it took, until the cloud has it"
    )
    func settled() {
        var desk = RiskDesk()
        desk.observe(start(1, token), at: .zero)
        desk.observe(stop(1, 41_000), at: .zero)
        #expect(desk.wattHoursAtRisk == 41_000)
        // The cloud has all that it is owed, but the stop is not on the disk yet.
        desk.cloudHeard()
        #expect(desk.wattHoursAtRisk == 41_000)
        desk.observe(Event.stopRecorded(SessionID(boot: 1, counter: 1), .recorded))
        desk.cloudHeard()
        #expect(desk.wattHoursAtRisk == 0)
        // What was taken has been heard of; that there was a session stays for its day.
        #expect(tap(&desk, answer(token)).allowance.sessionsLeft == 2)
        #expect(tap(&desk, answer(token), at: left, after: .zero + .hours(24)).allowance.sessionsLeft == 3)
    }

    @Test("with the cloud there the list is confirmed, and what it has not heard of limits nobody")
    func confirmed() {
        var desk = RiskDesk()
        desk.observe(start(1, name(9), granted: 149_900), at: .zero)
        let apart = tap(&desk, answer(token))
        #expect(apart.verdict == .limited(.exposureUsedUp) && apart.group == 5 && apart.allowance == .none)
        #expect(tap(&desk, answer(token), cloud: true).allowance.sessionWattHours == 100_000)
        // A stale list stays stale, whoever is there.
        #expect(tap(&desk, answer(token, on: .stale), cloud: true).verdict == .limited(.exposureUsedUp))
    }

    @Test("two open taps never share one allowance, and a tap that came to nothing keeps nobody out")
    func promises() {
        var desk = RiskDesk()
        #expect(tap(&desk, answer(name(1)), at: left).allowance.sessionWattHours == 60_000)
        desk.observe(start(1, name(1)), at: .zero)
        #expect(tap(&desk, answer(name(2)), at: left).allowance.sessionWattHours == 60_000)
        // 60 kWh run and 60 kWh wait for a plug at the other reader: 30 of 150 kWh are left.
        #expect(tap(&desk, answer(name(3)), at: right).allowance.sessionWattHours == 30_000)
        #expect(tap(&desk, answer(name(3)), at: right, isOpen: false).allowance.sessionWattHours == 60_000)
    }

    @Test("strangers get what the policy gives them, so many a day, and by default nothing")
    func guests() {
        var desk = RiskDesk()
        #expect(tap(&desk, answer(name(1), .notListed), at: left).allowance.sessionWattHours == 8_000)
        // One waits, one begins: there is no third.
        desk.observe(start(1, name(2), granted: 8_000, source: .guestFloor), at: .zero)
        #expect(tap(&desk, answer(name(3), .notListed), at: right).allowance == .none)
        let verdict = tap(&desk, answer(name(4), .notListed, ListPolicy()), at: right)
        #expect(verdict.verdict == .notListed && verdict.allowance == .none)
        #expect(tap(&desk, LookUpAnswer(token: token, verdict: .noList)).allowance == .none)
    }

    @Test("sessions of cloud and operator are known to them: they use up sessions, and are not at risk")
    func knownElsewhere() {
        var desk = RiskDesk()
        desk.observe(start(1, token, granted: 1_000_000, source: .cloud), at: .zero)
        desk.observe(start(2, token, granted: 1_000_000, source: .operatorCommand), at: .zero)
        #expect(desk.wattHoursAtRisk == 0)
        #expect(tap(&desk, answer(token)).allowance.sessionsLeft == 1)
    }

    @Test("a profile that wants its provider asked is asked about, and refused where nobody can ask")
    func mustAsk() {
        var desk = RiskDesk()
        var profile = ListProfile.standard
        profile.whitelist = .never
        let never = answer(token, .listed(profile), ListPolicy(profiles: [profile]))
        #expect(tap(&desk, never).verdict == .limited(.mustAskProvider))
        #expect(tap(&desk, never, cloud: true).verdict == .notListed)
        profile.whitelist = .always
        profile.pauseSeconds = 600
        desk.observe(start(1, token), at: .zero)
        let paused = answer(token, .listed(profile), ListPolicy(profiles: [profile]))
        #expect(tap(&desk, paused, at: left, after: .zero + .seconds(599)).verdict == .limited(.tokenTooSoon))
        #expect(tap(&desk, paused, at: left, after: .zero + .seconds(600)).verdict == .listed)
    }

    @Test("a reader pauses for everybody after ten different unknown cards; the same card again is no new guess")
    func guessing() {
        var desk = RiskDesk()
        for _ in 0..<50 { #expect(tap(&desk, answer(name(1), .notListed)).verdict == .notListed) }
        for number in 2..<10 {
            #expect(tap(&desk, answer(name(UInt64(number)), .notListed)).verdict == .notListed)
        }
        #expect(tap(&desk, answer(name(10), .notListed)).verdict == .refused(.readerPaused))
        // Who guesses must not learn from the answers: known cards wait as well, at this reader.
        #expect(tap(&desk, answer(token), at: left, after: .zero + .seconds(29)).verdict == .refused(.readerPaused))
        #expect(tap(&desk, answer(token), at: right).verdict == .listed)
        #expect(tap(&desk, answer(token), at: left, after: .zero + .seconds(30)).verdict == .listed)
    }

    @Test("cards for which the cloud vouches are no guesses")
    func vouched() {
        var desk = RiskDesk()
        for number in UInt32(1)...40 {
            #expect(tap(&desk, answer(name(UInt64(number)), .notListed), cloud: true).verdict == .notListed)
            desk.observe(start(number, name(UInt64(number)), source: .cloud), at: .zero)
        }
    }

    private func use(
        _ counter: UInt32, _ token: TokenName, hoursAgo: Int64, _ wattHours: Int64, isOver: Bool = true,
        isSettled: Bool = false
    ) -> TokenUse {
        TokenUse(
            session: SessionID(boot: 1, counter: counter), token: token,
            startedFloorSeconds: (1_000_000 - hoursAgo) * 3_600, wattHours: wattHours,
            grantedWattHours: 60_000, source: .list, isOver: isOver, isSettled: isSettled)
    }

    @Test("sessions of an earlier boot count as if there had been no restart, and no clock step gives one back")
    func restored() {
        let uses = [
            use(1, token, hoursAgo: 23, 50_000), use(2, token, hoursAgo: 1, 10_000, isOver: false),
            use(3, name(9), hoursAgo: 2, 90_000, isSettled: true), use(4, name(8), hoursAgo: -900_000, 1_000),
        ]
        var desk = RiskDesk(uses, floor: 1_000_000 * 3_600, at: .zero)
        #expect(desk.wattHoursAtRisk == 50_000 + 60_000 + 1_000)
        #expect(tap(&desk, answer(token)).allowance.sessionsLeft == 1)
        #expect(tap(&desk, answer(name(8)), at: right, isOpen: false).allowance.sessionsLeft == 2)
        #expect(
            tap(&desk, answer(token), at: left, isOpen: false, after: .zero + .hours(1)).allowance.sessionsLeft == 2
        )
    }
}
