// The time of a running post: signed dates and elapsed time bound it, a mere clock does not, and nothing ends for good.

import AllowList
import Ledger
import Runtime
import Synchronization
import Testing

@Suite("The time that a post believes")
struct TimeKeeperTests {
    /// A machine whose clocks a test sets.
    private final class Machine: Sendable {
        let shown = Mutex(WallClock(utcMilliseconds: 0, quality: 0))
        let seconds = Mutex(Int64(0))
        func shows(_ utc: Int64, quality: Int = 2) {
            shown.withLock { $0 = WallClock(utcMilliseconds: utc * 1_000 + 999, quality: quality) }
        }
        func passes(_ more: Int64) { seconds.withLock { $0 += more } }
        func keeper(_ known: Int64..., isVouched: Bool = false) -> TimeKeeper {
            TimeKeeper(
                known: known, isVouched: isVouched, clock: { self.shown.withLock { $0 } },
                monotonicSeconds: { self.seconds.withLock { $0 } })
        }
    }
    private let signed: Int64 = 1_790_000_000
    private let day: Int64 = 86_400

    @Test("a post that starts in 1970 goes by its signed dates and by the time that has passed")
    func in1970() {
        let machine = Machine()
        machine.shows(17, quality: 0)
        let time = machine.keeper(signed - day)
        time.raise(to: signed)
        machine.passes(100)
        #expect(time.reading.isUntrusted && time.reading.lowerBound == signed + 100)
        // Records carry the earliest time that it can be, and say that nobody vouches for it.
        #expect(time.stamp == WallClock(utcMilliseconds: (signed + 100) * 1_000, quality: 0))
        machine.shows(-5, quality: 0)
        #expect(time.reading.lowerBound == signed + 100)
    }

    @Test("a synchronised clock a day ahead is believed, one further ahead is not, and neither moves the floor")
    func ahead() {
        let machine = Machine()
        let time = machine.keeper(signed)
        machine.shows(signed + day)
        #expect(time.reading.trusted == signed + day)
        machine.shows(signed + day + 1)
        #expect(time.reading.isUntrusted && time.lowerBound == signed)
        // Its hour is still what records are stamped with: it may be right, and says how far it is trusted.
        #expect(time.stamp.utcMilliseconds == (signed + day + 1) * 1_000 + 999)
        machine.shows(signed - 2)
        #expect(time.reading.isUntrusted && time.stamp.quality == 0)
    }

    @Test("a clock that is vouched for moves the floor, but only while it is synchronised")
    func vouched() {
        let machine = Machine()
        let time = machine.keeper(signed, isVouched: true)
        machine.shows(signed + 100 * day, quality: 1)
        #expect(time.reading.isUntrusted && time.lowerBound == signed)
        machine.shows(signed + 100 * day)
        #expect(time.reading.trusted == signed + 100 * day && time.lowerBound == signed + 100 * day)
        time.vouch(false)
        machine.shows(signed + 300 * day)
        #expect(time.reading.isUntrusted && time.lowerBound == signed + 100 * day)
    }

    @Test(
        "what a key has said of the time outlives a restart, and ends with the key; it gives nothing to those who count"
    )
    func byKeys() throws {
        let machine = Machine()
        machine.shows(signed + 60)
        let time = machine.keeper(signed)
        let (list, deny) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        time.raise(to: signed + 900 * day, by: .key(.deny, deny))
        #expect(time.reading.lowerBound == signed + day && time.floor.counted == signed)
        time.raise(to: signed + 900 * day, by: .key(.list, list))
        machine.passes(60)
        #expect(time.reading.isUntrusted && time.source == .key(.list, list))
        let again = machine.keeper(1)
        again.restore(time.floor.parts)
        #expect(again.lowerBound == signed + 900 * day + 60)
        let operatorID = [UInt8](repeating: 7, count: 16)
        again.trust(ListAudience(operatorID: operatorID, keys: [try TrustedKey(list)]), isNewBundle: false)
        #expect(again.lowerBound == signed + 900 * day + 60)
        again.trust(ListAudience(operatorID: operatorID, keys: []), isNewBundle: false)
        #expect(again.lowerBound == signed + 60 && again.reading.trusted == signed + 60)
    }

    @Test("dates are judged by the clock only while somebody vouches for it")
    func judged() {
        let machine = Machine()
        machine.shows(signed + day)
        let time = machine.keeper(signed)
        #expect(time.vouched == nil)
        time.vouch(true)
        machine.passes(5)
        #expect(time.vouched == signed + day)
        time.vouch(false)
        #expect(time.vouched == nil)
    }
}
