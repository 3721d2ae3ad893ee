// Counters of tokens: two taps never spend one allowance, whatever the disk is doing.

import Post
import Runtime
import Testing

@Suite("Counters of tokens")
struct TokenCountersTests {
    private let token = TokenName(high: 1, low: 2)
    private func answer(sessions: Int32 = 3, wattHours: Int64 = 60_000, untilContact: Int64 = 100_000)
        -> LookUpAnswer
    {
        LookUpAnswer(
            lookUp: TokenLookUp(
                token: token, verdict: .listed, group: 0, freshness: .fresh,
                allowance: Allowance(sessionWattHours: wattHours, powerWatts: 50_000, sessionsLeft: sessions)),
            wattHoursUntilContact: untilContact)
    }
    private func start(_ counter: UInt32) -> SessionStart {
        SessionStart(
            session: SessionID(boot: 1, counter: counter), connector: ConnectorID(0), token: token, group: 0,
            source: .list, freshness: .fresh, startedAt: .zero, registerWattHours: 0, meterSerial: 1,
            allowance: .unlimited)
    }
    private func sample(_ counter: UInt32, _ wattHours: Int64) -> SessionSample {
        SessionSample(
            session: SessionID(boot: 1, counter: counter), measuredAt: .zero, registerWattHours: 0,
            energyWattHours: wattHours)
    }

    @Test("a start counts from the moment it is asked for, and no more if the disk refuses it")
    func askedCounts() {
        var counters = TokenCounters()
        counters.observe(.recordStart(start(1)), at: .zero)
        #expect(counters.join(answer(), at: .zero).allowance.sessionsLeft == 2)
        counters.observe(.recordStart(start(1)), at: .zero)
        #expect(counters.join(answer(), at: .zero).allowance.sessionsLeft == 2)
        counters.observe(Event.startRecorded(SessionID(boot: 1, counter: 1), .failed))
        #expect(counters.join(answer(), at: .zero).allowance.sessionsLeft == 3)
    }

    @Test("sessions leave the window after 24 hours; energy stays until the cloud has heard of it")
    func window() {
        var counters = TokenCounters()
        counters.observe(.recordStart(start(1)), at: .zero)
        counters.observe(.recordSample(sample(1, 70_000)), at: .zero)
        let later = Instant.zero + .hours(24)
        let joined = counters.join(answer(), at: later)
        #expect(joined.allowance.sessionsLeft == 3)
        #expect(joined.allowance.sessionWattHours == 30_000)
        counters.cloudHeard()
        #expect(counters.join(answer(), at: later).allowance.sessionWattHours == 60_000)
        // What the running session takes after that counts again.
        counters.observe(.recordSample(sample(1, 130_000)), at: later)
        #expect(counters.join(answer(), at: later).allowance.sessionWattHours == 40_000)
    }

    @Test("sessions of an earlier boot count by how long ago they began")
    func restored() {
        var counters = TokenCounters()
        counters.restore(SessionID(boot: 1, counter: 1), token, ago: .hours(23), wattHours: 95_000, at: .zero)
        #expect(counters.join(answer(), at: .zero).allowance.sessionsLeft == 2)
        #expect(counters.join(answer(), at: .zero).allowance.sessionWattHours == 5_000)
        #expect(counters.join(answer(), at: .zero + .hours(1)).allowance.sessionsLeft == 3)
    }

    @Test("what the cloud has heard of is settled, and a clock that went back gives no session back")
    func restoredSettled() {
        var counters = TokenCounters()
        counters.restore(
            SessionID(boot: 1, counter: 1), token, ago: .hours(1), wattHours: 95_000, isSettled: true, at: .zero)
        #expect(counters.join(answer(), at: .zero).allowance.sessionWattHours == 60_000)
        counters.restore(
            SessionID(boot: 1, counter: 2), token, ago: .hours(-900_000), wattHours: 0, at: .zero)
        #expect(counters.join(answer(), at: .zero).allowance.sessionsLeft == 1)
        #expect(counters.join(answer(), at: .zero + .hours(24)).allowance.sessionsLeft == 3)
    }

    @Test("a pause that the list asks for counts from the begin of the last session, and not for other tokens")
    func pause() {
        var counters = TokenCounters()
        var asked = answer()
        asked.pause = .seconds(600)
        #expect(counters.join(asked, at: .zero).verdict == .listed)
        counters.observe(.recordStart(start(1)), at: .zero)
        #expect(counters.join(asked, at: .zero + .seconds(599)).verdict == .refused(.tokenTooSoon))
        #expect(counters.join(asked, at: .zero + .seconds(600)).verdict == .listed)
        #expect(counters.join(answer(), at: .zero + .seconds(1)).verdict == .listed)
        asked.lookUp.token = TokenName(high: 9, low: 9)
        #expect(counters.join(asked, at: .zero + .seconds(1)).verdict == .listed)
        // A start that the disk refused was no session.
        asked.lookUp.token = token
        counters.observe(Event.startRecorded(SessionID(boot: 1, counter: 1), .failed))
        #expect(counters.join(asked, at: .zero + .seconds(1)).verdict == .listed)
    }

    @Test("nothing goes below zero, other tokens are untouched, and the number of sessions kept is bounded")
    func bounds() {
        var counters = TokenCounters()
        for counter in UInt32(1)...5_000 { counters.observe(.recordStart(start(counter)), at: .zero) }
        #expect(counters.join(answer(), at: .zero).allowance.sessionsLeft == 0)
        #expect(counters.forgotten == 904)
        var other = answer()
        other.lookUp.token = TokenName(high: 9, low: 9)
        #expect(counters.join(other, at: .zero).allowance.sessionsLeft == 3)
    }
}
