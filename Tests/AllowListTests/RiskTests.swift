// The risk ladder: what a token may take, what bounds it, and that a site can only tighten.

import AllowListProofs
import Testing

@testable import AllowList

@Suite("The risk ladder")
struct RiskTests {
    private let policy = ListPolicy(
        profiles: [.standard], postExposure: ExposureCap(fresh: 200_000, stale: 100_000, expired: 30_000),
        siteExposure: ExposureCap(fresh: 1_000_000, stale: 500_000, expired: 100_000),
        guests: GuestFloor(sessionWattHours: 8_000, sessionsPerDay: 2))

    @Test("each step grants its own energy and sessions, less what was taken")
    func steps() throws {
        let ladder = RiskLadder(policy)
        for (rung, energy, sessions) in [
            (LadderRung.confirmed, UInt32(100_000), UInt32(6)), (.fresh, 60_000, 3), (.timeUntrusted, 40_000, 2),
            (.stale, 40_000, 2), (.expired, 20_000, 1),
        ] {
            let grant = try ladder.grant(.standard, on: rung, used: TokenUsage(), exposure: Exposure())
            #expect(grant.sessionWattHours == energy && grant.sessionsLeft == sessions && grant.bound == .session)
            #expect(throws: GrantRefusal.sessionsUsedUp) {
                try ladder.grant(.standard, on: rung, used: TokenUsage(sessions: sessions), exposure: Exposure())
            }
        }
        let used = TokenUsage(sessions: 1, wattHoursSinceContact: 1_770_000)
        let grant = try ladder.grant(.standard, on: .fresh, used: used, exposure: Exposure())
        #expect(grant.sessionWattHours == 30_000 && grant.bound == .contact)
        // While the cloud hears of everything, what it has not heard of does not count.
        #expect(try ladder.grant(.standard, on: .confirmed, used: used, exposure: Exposure()).bound == .session)
    }

    @Test("post and site never give more than their caps, to anybody")
    func caps() throws {
        let ladder = RiskLadder(policy)
        var exposure = Exposure(post: 170_000, site: 170_000)
        let grant = try ladder.grant(.standard, on: .fresh, used: TokenUsage(), exposure: exposure)
        #expect(grant.sessionWattHours == 30_000 && grant.bound == .postExposure)
        #expect(throws: GrantRefusal.postExposure) {
            try ladder.grant(.standard, on: .stale, used: TokenUsage(), exposure: exposure)
        }
        exposure = Exposure(post: 0, site: 999_900)
        #expect(throws: GrantRefusal.siteExposure) {
            try ladder.grant(.standard, on: .fresh, used: TokenUsage(), exposure: exposure)
        }
        #expect(throws: GrantRefusal.siteExposure) {
            try ladder.guestGrant(on: .fresh, guestsToday: 0, exposure: exposure, watts: 50_000)
        }
    }

    @Test("strangers get the floor where there is one, and by default nothing")
    func guests() throws {
        let ladder = RiskLadder(policy)
        let grant = try ladder.guestGrant(on: .stale, guestsToday: 1, exposure: Exposure(), watts: 50_000)
        #expect(grant.sessionWattHours == 8_000 && grant.sessionsLeft == 1 && grant.bound == .guest)
        #expect(throws: GrantRefusal.guestsRefused) {
            try ladder.guestGrant(on: .stale, guestsToday: 2, exposure: Exposure(), watts: 50_000)
        }
        #expect(throws: GrantRefusal.guestsRefused) {
            try RiskLadder(ListPolicy()).guestGrant(on: .fresh, guestsToday: 0, exposure: Exposure(), watts: 1)
        }
    }

    @Test("whitelist NEVER grants nothing, anywhere; a pause is kept")
    func profiles() throws {
        var profile = ListProfile.standard
        profile.whitelist = .never
        profile.pauseSeconds = 600
        let ladder = RiskLadder(ListPolicy(profiles: [profile]))
        for rung in LadderRung.allCases {
            #expect(throws: GrantRefusal.issuerForbids) {
                try ladder.grant(profile, on: rung, used: TokenUsage(), exposure: Exposure())
            }
        }
        #expect(ListFreshness.allCases.allSatisfy { profile.limits($0) == .none })
        profile.whitelist = .always
        let paused = RiskLadder(ListPolicy(profiles: [profile]))
        func grant(_ since: Int64) throws -> Grant {
            try paused.grant(
                profile, on: .fresh, used: TokenUsage(sessions: 1, secondsSinceLast: since), exposure: Exposure())
        }
        #expect(throws: GrantRefusal.tooSoon) { try grant(599) }
        #expect(try grant(600).sessionsLeft > 0)
    }

    @Test("a site can only tighten: a thousand random tightenings never grant more than the signed policy")
    func tightening() throws {
        var random = SeededRandom(7)
        func number() -> UInt32 { [0, 1, 10_000, 35_000, 80_000, 500_000, .max][random.below(7)] }
        func cap() -> ExposureCap { ExposureCap(fresh: number(), stale: number(), expired: number()) }
        for _ in 0..<1_000 {
            let site = SiteTightening(
                profile: ProfileLimits(
                    sessionWattHours: number(), sessionsPerDay: UInt16(random.below(9)), contactWattHours: number()),
                postExposure: cap(), siteExposure: cap(),
                guests: GuestFloor(sessionWattHours: number(), sessionsPerDay: UInt16(random.below(9))),
                guessing: GuessingLimits(misses: UInt16(random.below(30)), windowSeconds: UInt16(random.below(999)))
            )
            let rung = LadderRung.allCases[random.below(5)]
            let used = TokenUsage(
                sessions: UInt32(random.below(4)), wattHoursSinceContact: UInt64(random.below(200_000)))
            let exposure = Exposure(post: UInt64(random.below(200_000)), site: UInt64(random.below(900_000)))
            let signed = try? RiskLadder(policy).grant(.standard, on: rung, used: used, exposure: exposure)
            let tightened = try? RiskLadder(policy, site: site).grant(
                .standard, on: rung, used: used, exposure: exposure)
            #expect(tightened?.sessionWattHours ?? 0 <= signed?.sessionWattHours ?? 0)
            #expect(tightened?.sessionsLeft ?? 0 <= signed?.sessionsLeft ?? 0)
            let limits = policy.tightened(by: site).guessing
            #expect(limits.misses > 0 && limits.misses <= 10 && limits.windowSeconds >= 600)
        }
    }

    @Test(
        "counters take a session in when it is asked for, survive being written down, and bound the energy at risk")
    func counters() throws {
        var counters = RiskCounters<String, Int>()
        for _ in 0..<2 { counters.begin(1, "A", granted: 60_000, at: 0) }
        // A second tap sees the first, although nothing has flowed yet.
        #expect(
            counters.usage(of: "A", at: 10)
                == TokenUsage(sessions: 1, wattHoursSinceContact: 60_000, secondsSinceLast: 10))
        counters.take(1, wattHours: 20_000)
        counters.take(1, wattHours: 19_000)
        #expect(counters.exposure == 60_000)
        counters.end(1, wattHours: 21_000)
        #expect(counters.exposure == 21_000)
        var restored = RiskCounters<String, Int>(counters.entries)
        #expect(restored.usage(of: "A", at: 100).wattHoursSinceContact == 21_000)
        restored.settle(1)
        #expect(
            restored.usage(of: "A", at: 100)
                == TokenUsage(sessions: 1, wattHoursSinceContact: 0, secondsSinceLast: 100))
        #expect(restored.usage(of: "A", at: 86_400).sessions == 0)
        restored.begin(2, "B", granted: 1, isGuest: true, at: 5)
        #expect(restored.guests(at: 6) == 1 && restored.exposure == 1)
        restored.withdraw(2)
        #expect(restored.guests(at: 6) == 0 && restored.exposure == 0)
    }

    @Test("counters have a bound: the oldest that is over makes room, and what it took stays at risk")
    func bounded() {
        var counters = RiskCounters<Int, Int>(capacity: 10)
        for number in 0..<10 { counters.begin(number, number, granted: 1_000, at: 0) }
        for number in 2..<6 {
            counters.end(number, wattHours: 700)
            counters.close(number)
        }
        counters.begin(10, 10, granted: 1_000, at: 1)
        // 0 and 1 still run; 2 was the oldest that is over.
        #expect(counters.entries.map(\.session) == [0, 1, 3, 4, 5, 6, 7, 8, 9, 10])
        #expect(counters.forgotten == 1 && counters.exposure == 4 * 700 + 7 * 1_000)
        // The cloud has heard of all that is over; a day later that counts for nothing any more.
        counters.settleWhatIsOver()
        #expect(counters.exposure == 7_000 && counters.entries.count == 10)
        counters.begin(11, 11, granted: 1_000, at: 90_000)
        #expect(counters.entries.count == 8)
    }

    @Test("a reader that is guessed at pauses, longer each time, and a good card in between changes nothing")
    func guessing() {
        var guarded = ReaderGuard(GuessingLimits())
        var now: Int64 = 0
        var pauses: [Int64] = []
        for _ in 0..<2_000 {
            if guarded.missed(at: now) { pauses.append(guarded.secondsToWait(at: now)) }
            now += max(1, guarded.secondsToWait(at: now))
        }
        #expect(Array(pauses.prefix(7)) == [30, 60, 120, 240, 480, 900, 900])
        // An honest reader with a miss now and then never pauses, and a quiet spell forgives.
        var honest = ReaderGuard(GuessingLimits())
        for minute in 0..<1_000 where honest.missed(at: Int64(minute) * 67) { Issue.record("paused at \(minute)") }
        now += 10_000
        let alarms = (0..<10).map { _ in guarded.missed(at: now) }
        #expect(alarms == [Bool](repeating: false, count: 9) + [true] && guarded.secondsToWait(at: now) == 30)
        var off = ReaderGuard(GuessingLimits(misses: 0))
        for _ in 0..<100 where off.missed(at: 0) { Issue.record("a guard that is off has paused") }
    }

    @Test(
        "eight posts of a site, each asked until it gives no more, give what simulate counts, and no more than the site's cap"
    )
    func shares() throws {
        let header = try Office(count: 1).open(try Office(count: 1).file()).header
        let signed = ListPolicy(
            profiles: [.standard], siteExposure: ExposureCap(fresh: 200_000, stale: 100_000, expired: 0))
        func given(_ posts: Int, toldOf number: UInt32) -> UInt64 {
            let ladder = RiskLadder(signed, site: SiteTightening(postsOnSite: number))
            return (0..<posts).reduce(into: 0) { sum, _ in
                var post: UInt64 = 0
                while let grant = try? ladder.grant(
                    .standard, on: .fresh, used: TokenUsage(), exposure: Exposure(post: post, site: post))
                {
                    post += UInt64(grant.sessionWattHours)
                }
                sum += post
            }
        }
        for number in [1, 8] {
            let fleet = Fleet(
                posts: 8, postsPerSite: number, connectorsPerPost: 2, connectorWatts: 150_000,
                millisPerKilowattHour: 500)
            let loss = OutageLoss(signed, header, fleet: fleet, hours: 15)
            #expect(given(8, toldOf: UInt32(number)) == loss.wattHours)
            #expect(loss.wattHours == (number == 8 ? 200_000 : 1_600_000))
        }
        // No cap is no cap for anybody.
        #expect(ListPolicy().tightened(by: SiteTightening(postsOnSite: 8)).siteExposure == ExposureCap())
    }

    @Test("the worst case of an outage is what connectors can give, and never more than the caps")
    func loss() throws {
        let header = try Office(count: 1).open(try Office(count: 1).file()).header
        let fleet = Fleet(
            posts: 100, postsPerSite: 8, connectorsPerPost: 2, connectorWatts: 150_000, millisPerKilowattHour: 500)
        let short = OutageLoss(policy, header, fleet: fleet, hours: 1)
        // 100 posts x 2 x 150 kW x 1 h = 30 MWh; each post: its own 200 kWh, or its eighth of 1 MWh: 100 x 125 kWh.
        #expect(short.physicalWattHours == 30_000_000 && short.cappedWattHours == 12_500_000)
        #expect(short.wattHours == 12_500_000 && short.millis == 6_250_000)
        // A post that was not told of its neighbours gives the whole cap of the site alone, up to its own.
        var alone = fleet
        alone.postsPerSite = 1
        #expect(OutageLoss(policy, header, fleet: alone, hours: 1).cappedWattHours == 20_000_000)
        let none = OutageLoss(ListPolicy(), header, fleet: fleet, hours: 15)
        #expect(none.cappedWattHours == nil && none.wattHours == 450_000_000 && none.oneTokenWattHours == 180_000)
        let long = OutageLoss(policy, header, fleet: fleet, hours: 24 * 40)
        #expect(long.stretches.map(\.rung) == [.fresh, .stale, .expired] && long.wattHours == 12_500_000)
        #expect(OutageLoss(policy, header, fleet: fleet, hours: 0).wattHours == 0)
    }
}
