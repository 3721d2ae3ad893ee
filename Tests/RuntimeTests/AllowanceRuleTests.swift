// The risk ladder: each rung gives less than the one before, none gives nothing, and a strict profile stands.

import Post
import Runtime
import Testing

@Suite("The risk ladder")
struct AllowanceRuleTests {
    private func profile(isStrong: Bool, wattHours: Int64 = 200_000, sessions: Int32 = 9) -> TokenProfile {
        TokenProfile(
            isStrong: isStrong, sessionWattHours: wattHours, sessionsPerDay: sessions,
            wattHoursUntilContact: 500_000,
            powerWatts: 150_000)
    }

    @Test(
        "the rungs of a bare number",
        arguments: [
            (Freshness.fresh, Int64(60_000), Int32(3)), (.stale, 40_000, 2), (.timeUntrusted, 40_000, 2),
            (.expired, 20_000, 1),
        ])
    func bareNumber(_ freshness: Freshness, _ wattHours: Int64, _ sessions: Int32) {
        let allowance = AllowanceRule.allowance(profile(isStrong: false), freshness)
        #expect(allowance.sessionWattHours == wattHours)
        #expect(allowance.sessionsLeft == sessions)
        #expect(allowance.powerWatts == 150_000)
    }

    @Test(
        "the rungs of a token that proves itself",
        arguments: [
            (Freshness.fresh, Int64(200_000)), (.stale, 80_000), (.timeUntrusted, 80_000), (.expired, 60_000),
        ])
    func strong(_ freshness: Freshness, _ wattHours: Int64) {
        let allowance = AllowanceRule.allowance(profile(isStrong: true), freshness)
        #expect(allowance.sessionWattHours == wattHours)
        #expect(allowance.sessionsLeft == 9)
    }

    @Test("a profile stricter than the rung stands, and nonsense is nothing", arguments: Freshness.allCases)
    func strictProfile(_ freshness: Freshness) {
        let strict = AllowanceRule.allowance(profile(isStrong: false, wattHours: 5_000, sessions: 1), freshness)
        #expect(strict.sessionWattHours == 5_000)
        #expect(strict.sessionsLeft == 1)
        let nonsense = AllowanceRule.allowance(profile(isStrong: true, wattHours: -1, sessions: -1), freshness)
        #expect(nonsense.sessionWattHours == 0)
        #expect(nonsense.sessionsLeft == 0)
    }
}
