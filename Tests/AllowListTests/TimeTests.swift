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

    private let listKey = FloorSource.key(.list, [UInt8](repeating: 1, count: 32))
    private let denyKey = FloorSource.key(.deny, [UInt8](repeating: 2, count: 32))
    private let day: Int64 = 86_400

    @Test("a key's date stands while the key is trusted, and falls with it; what has passed meanwhile does not")
    func poisoned() {
        var floor = TimeFloor([signed], monotonic: 0)
        floor.raise(to: signed + 70 * 365 * day, by: listKey, monotonic: 10)
        #expect(
            floor.lowerBound(monotonic: 20) == signed + 70 * 365 * day + 10
                && floor.source(monotonic: 20) == listKey)
        // An honest date changes nothing until the key is gone.
        let honest = FloorSource.key(.list, [UInt8](repeating: 3, count: 32))
        floor.raise(to: signed + 60, by: honest, monotonic: 20)
        floor.keep(monotonic: 30) { source, _ in source != listKey }
        #expect(floor.lowerBound(monotonic: 30) == signed + 70 && floor.source(monotonic: 30) == honest)
        floor.keep(monotonic: 40) { _, _ in false }
        #expect(floor.lowerBound(monotonic: 40) == signed + 40 && floor.source(monotonic: 40) == .known)
    }

    @Test("a deny key lifts the time by a day at most, however often it tries and whoever falls away beside it")
    func denying() {
        var floor = TimeFloor([signed], monotonic: 0)
        floor.raise(to: signed + 3_600, by: denyKey, monotonic: 0)
        #expect(floor.lowerBound(monotonic: 0) == signed + 3_600)
        for attempt in Int64(1)...5 {
            floor.raise(to: signed + 400 * day + attempt, by: denyKey, monotonic: attempt)
            #expect(floor.lowerBound(monotonic: attempt) == signed + attempt + day)
        }
        #expect(floor.lowerBoundWithoutDenials(monotonic: 5) == signed + 5)
        floor.raise(to: signed + 900 * day, by: listKey, monotonic: 5)
        floor.raise(to: signed + 800 * day, by: denyKey, monotonic: 5)
        floor.keep(monotonic: 6) { source, _ in source == denyKey }
        #expect(floor.lowerBound(monotonic: 6) == signed + 6 + day)
        floor.keep(monotonic: 7) { _, _ in false }
        #expect(floor.lowerBound(monotonic: 7) == signed + 7)
    }

    @Test("what is written down and read again is the same floor, by the same words")
    func written() {
        var floor = TimeFloor([signed], monotonic: 0)
        floor.raise(to: signed + 50, by: listKey, monotonic: 5)
        floor.raise(to: signed + 400 * day, by: denyKey, monotonic: 5)
        var again = TimeFloor([1], monotonic: 1_000)
        again.restore(floor.written(monotonic: 20), monotonic: 1_000)
        #expect(again.lowerBound(monotonic: 1_000) == floor.lowerBound(monotonic: 20))
        #expect(again.lowerBoundWithoutDenials(monotonic: 1_007) == floor.lowerBoundWithoutDenials(monotonic: 27))
        var dates: [FloorSource: Int64] = [:]
        again.keep(monotonic: 1_000) { source, signedAt in
            dates[source] = signedAt
            return source == listKey
        }
        #expect(dates == [listKey: signed + 50, denyKey: signed + 400 * day])
        #expect(again.lowerBound(monotonic: 1_000) == signed + 65 && again.source(monotonic: 1_000) == listKey)
        // Another start without the list's key.
        again.keep(monotonic: 1_000) { _, _ in false }
        #expect(again.lowerBound(monotonic: 1_000) == signed + 20)
    }

    @Test(
        "a bundle says whose word stands: the key, in its role, for things of that date; what nobody signed ends with it"
    )
    func vouching() throws {
        let office = CorpusOffice()
        let bundle = try TrustBundle(
            first: try office.bundle {
                $0.keys[3].notAfter = signed + 10
            })
        let audience = ListAudience(bundle)
        let (dated, plain, deny) = (bundle.keys[3].key.bytes, bundle.keys[4].key.bytes, bundle.keys[5].key.bytes)
        func stands(_ role: KeyRole, _ key: [UInt8], _ date: Int64) -> Bool {
            audience.vouches(for: .key(role, key), signedAt: date)
        }
        #expect(stands(.list, dated, signed + 9) && !stands(.list, dated, signed + 10))
        #expect(stands(.list, plain, signed + 10) && !stands(.deny, plain, signed) && stands(.deny, deny, signed))
        #expect(!stands(.list, [UInt8](repeating: 9, count: 32), signed))
        for isNew in [true, false] {
            #expect(audience.vouches(for: .known, signedAt: signed, isNewBundle: isNew))
            #expect(audience.vouches(for: .unnamed, signedAt: signed, isNewBundle: isNew) == !isNew)
        }
        let plainKeys = ListAudience(operatorID: office.operatorID, keys: [bundle.keys[4].key])
        #expect(plainKeys.vouches(for: .key(.list, plain), signedAt: .max))
        #expect(!plainKeys.vouches(for: .key(.list, dated), signedAt: signed))
    }

    @Test("what may be dated is judged by a clock that somebody vouches for, and by no other")
    func judging() {
        var floor = TimeFloor([signed], monotonic: 0)
        _ = floor.read(clock: signed + 5, .unauthenticated, monotonic: 1)
        #expect(floor.judge(monotonic: 1) == nil)
        _ = floor.read(clock: signed + 100 * day, .authenticated, monotonic: 1)
        // It goes on where nobody vouches for a moment.
        _ = floor.read(clock: nil, .none, monotonic: 61)
        #expect(floor.judge(monotonic: 61) == signed + 100 * day + 60)
        floor.raise(to: signed + 101 * day, by: listKey, monotonic: 61)
        #expect(floor.judge(monotonic: 61) != nil)
        // A date on the very edge of what passes does not end the judging, whichever second has begun.
        floor.raise(to: signed + 101 * day + 61, by: listKey, monotonic: 61)
        #expect(floor.judge(monotonic: 61) != nil)
        // One of the two is wrong.
        floor.raise(to: signed + 103 * day, by: listKey, monotonic: 61)
        #expect(floor.judge(monotonic: 61) == nil)
        for (ahead, isRefused) in [(day, false), (day + 1, true), (-day, false)] {
            var refusal: ListRefusal?
            do { try TimeFloor.refuse(issuedAt: signed + ahead, aheadOf: signed) } catch { refusal = error }
            #expect(refusal == (isRefused ? .issuedInFuture : nil))
        }
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
                        floor.raise(to: raise, by: listKey, monotonic: monotonic)
                        floor.raise(to: clock, by: denyKey, monotonic: monotonic)
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
