// Time without a clock: the clock-fault matrix, and the ladder that follows from it.

import AllowListProofs
import Testing

@testable import AllowList
@testable import AllowListProofs

@Suite("Time and freshness")
struct TimeTests {
    struct Clock: Sendable {
        var time: Int64?
        var quality: ClockQuality
        var isTrusted: Bool
        init(_ time: Int64?, _ quality: ClockQuality, _ isTrusted: Bool) {
            self.time = time
            self.quality = quality
            self.isTrusted = isTrusted
        }
    }
    private let signed: Int64 = 1_760_000_000

    @Test(
        "a clock is believed only while nothing speaks against it",
        arguments: [
            Clock(nil, .unauthenticated, false), Clock(0, .unauthenticated, false),
            Clock(-1, .unauthenticated, false), Clock(1_760_000_098, .unauthenticated, false),
            Clock(1_760_000_099, .unauthenticated, true), Clock(1_760_000_100, .none, false),
            Clock(1_760_086_500, .unauthenticated, true), Clock(1_760_086_501, .unauthenticated, false),
            Clock(.max, .unauthenticated, false), Clock(.min, .unauthenticated, false),
            Clock(.min, .authenticated, false), Clock(1_760_900_000, .authenticated, true),
        ])
    func believed(_ shown: Clock) {
        var floor = TimeFloor([0, signed, 5], monotonic: 7)
        let reading = floor.read(clock: shown.time, shown.quality, monotonic: 107)
        #expect((reading.trusted != nil) == shown.isTrusted)
        #expect(reading.lowerBound >= signed + 100)
    }

    @Test("whole seconds that turn at different moments are no clock that runs behind")
    func seconds() {
        var floor = TimeFloor([0], monotonic: 50)
        #expect(floor.read(clock: signed, .authenticated, monotonic: 50).trusted == signed)
        // The one clock's second has turned, the other's turns in a moment.
        let reading = floor.read(clock: signed, .authenticated, monotonic: 51)
        #expect(reading.trusted == signed && reading.best == signed + 1)
        #expect(floor.read(clock: signed - 1, .unauthenticated, monotonic: 51).isUntrusted)
    }

    @Test(
        "a mere clock never raises the floor; signed dates, elapsed time and vouched time do, and nothing lowers it"
    )
    func floor() {
        var floor = TimeFloor([signed], monotonic: 0)
        _ = floor.read(clock: signed + 80_000, .unauthenticated, monotonic: 1)
        #expect(floor.lowerBound(monotonic: 1) == signed + 1)
        floor.raise(to: signed + 50, monotonic: 10)
        #expect(floor.lowerBound(monotonic: 10) == signed + 50)
        floor.raise(to: 3, monotonic: 20)
        #expect(floor.lowerBound(monotonic: 20) == signed + 60)
        _ = floor.read(clock: signed + 1_000_000, .authenticated, monotonic: 20)
        #expect(floor.lowerBound(monotonic: 30) == signed + 1_000_010)
        // Vouched time that is lower is refused, and so is a clock that has stepped back.
        let reading = floor.read(clock: signed, .authenticated, monotonic: 30)
        #expect(reading.isUntrusted)
        #expect(floor.lowerBound(monotonic: 30) == signed + 1_000_010)
        // A monotonic clock that goes back (it cannot) takes nothing away.
        #expect(floor.lowerBound(monotonic: 0) >= signed + 1_000_000)
    }

    @Test("no reading, however absurd, traps or brings a lower bound down")
    func absurd() {
        let extremes: [Int64] = [.min, -1, 0, 1, signed, .max - 1, .max]
        for start in extremes {
            for raise in extremes {
                for clock in extremes {
                    for monotonic in extremes where monotonic >= 0 {
                        var floor = TimeFloor([start], monotonic: 0)
                        floor.raise(to: raise, monotonic: monotonic)
                        let before = floor.lowerBound(monotonic: monotonic)
                        let reading = floor.read(clock: clock, .authenticated, monotonic: monotonic)
                        #expect(reading.lowerBound >= before && reading.best >= reading.lowerBound)
                    }
                }
            }
        }
    }

    @Test("an entry has expired only when nobody can be before its end, whatever the clock says")
    func entries() throws {
        let end = signed + 30 * 86_400
        var office = try Office(count: 1)
        office.entries.append(ListEntry(token: try CanonicalToken(.free, "ENDS"), validUntil: end))
        office.entries.append(ListEntry(token: try CanonicalToken(.free, "BEGINS"), validFrom: end))
        var list = InstalledList(BootedList(alone: try office.open(try office.file())))
        func answer(_ token: String, _ time: TimeReading) throws -> ListAnswer {
            list.lookUp(try CanonicalToken(.free, token), time: time).answer
        }
        let listed = ListAnswer.listed(profile: .standard, group: 0)
        // The clock is a year ahead; nobody vouches for it, and only the floor counts.
        #expect(try answer("ENDS", TimeReading(lowerBound: signed, trusted: signed + 365 * 86_400)) == listed)
        #expect(try answer("ENDS", TimeReading(lowerBound: end - 60, trusted: nil)) == listed)
        #expect(try answer("ENDS", TimeReading(lowerBound: end, trusted: nil)) == .expired)
        #expect(try answer("BEGINS", TimeReading(lowerBound: signed, trusted: nil)) == listed)
        #expect(try answer("BEGINS", TimeReading(lowerBound: signed, trusted: signed)) == .notYetValid)
    }

    @Test("the ladder goes down with age, and no time at all means deny")
    func ladder() throws {
        let office = CorpusOffice()
        let audience = ListAudience(try TrustBundle(first: try office.bundle()))
        let bytes = try office.list(6)
        let reader = try ListReader(ListInMemory(bytes), for: audience, pepper: office.pepper)
        func rung(_ time: Int64, trusted: Bool = true, cloud: Bool = false, heartbeat: DenyObject? = nil)
            -> LadderRung
        {
            LadderRung(
                reader.header, hash: reader.headerHash,
                time: TimeReading(lowerBound: trusted ? signed : time, trusted: trusted ? time : nil),
                heartbeat: heartbeat, cloudIsThere: cloud)
        }
        let day: Int64 = 86_400
        #expect(rung(signed, cloud: true) == .confirmed)
        #expect(rung(signed + 7 * day - 1) == .fresh && rung(signed + 7 * day) == .stale)
        #expect(rung(signed + 35 * day - 1) == .stale && rung(signed + 35 * day) == .expired)
        #expect(rung(signed, trusted: false, cloud: true) == .timeUntrusted)
        #expect(rung(signed + 35 * day, trusted: false) == .expired)
        // A heartbeat keeps the list fresh, never beyond what the list's own key has said.
        let beat = try DenyObject(
            try office.deny(4) { $0.issuedAt = signed + 34 * day }, for: audience, pepper: office.pepper)
        #expect(rung(signed + 34 * day + 10, heartbeat: beat) == .fresh)
        #expect(rung(signed + 35 * day, heartbeat: beat) == .expired)
        for time in [Int64.min, 0, signed, .max] {
            for trusted in [true, false] {
                #expect(ListProfile.standard.limits(on: rung(time, trusted: trusted)).sessionWattHours >= 20_000)
            }
        }
    }
}
