// Damage while in use: the list before answers, events name it, ten pages or one scrub condemn the list.

import AllowListProofs
import Testing

@testable import AllowList
@testable import AllowListProofs

@Suite("A list that rots while in use")
struct InstalledListTests {
    private let office = CorpusOffice()
    private let now = TimeReading(lowerBound: CorpusOffice.now, trusted: CorpusOffice.now)

    private func opened(_ bytes: [UInt8]) throws -> ListReader<ListInMemory> {
        let audience = ListAudience(try TrustBundle(first: try office.bundle()))
        return try ListReader(ListInMemory(bytes), for: audience, pepper: office.pepper)
    }
    /// A list of 20 pages with some of them damaged, and a whole one before it that has one driver more.
    private func rotten(_ pages: Range<Int>) throws -> InstalledList<ListInMemory> {
        var bytes = try office.list(6, 0..<640)
        let header = try opened(bytes).header
        for page in pages { bytes = bytes.flipped(Int(header.pagesOffset) + page * 1_024 + 9) }
        return InstalledList(
            BootedList(
                reader: try opened(bytes), slot: .a, demotion: nil,
                previous: try opened(try office.list(5, 0..<641))))
    }

    @Test("each answer of the list before is a named event, and on the stale step; others stay fresh")
    func events() throws {
        var list = try rotten(3..<4)
        var rungs: [LadderRung: Int] = [:]
        for driver in 0..<640 {
            let found = list.lookUp(try CanonicalToken(.free, "D\(driver)"), time: now)
            guard case .listed = found.answer else {
                Issue.record("driver \(driver) got \(found.answer)")
                return
            }
            rungs[found.rung, default: 0] += 1
        }
        #expect(rungs == [.fresh: 608, .stale: 32])
        let events = list.takeEvents()
        #expect(events.count == 32 && list.takeEvents().isEmpty)
        #expect(
            events.allSatisfy { $0 == .pageDamaged(page: 3, refusal: .pageCorrupt, answeredByPrevious: true) })
        // The same page over and over is one damaged page.
        #expect(list.damagedPages == [3] && !list.isDamaged)
    }

    @Test("ten damaged pages condemn the list, nine do not")
    func ten() throws {
        for (count, isDamaged) in [(9, false), (10, true)] {
            var list = try rotten(0..<count)
            for driver in 0..<640 { _ = list.lookUp(try CanonicalToken(.free, "D\(driver)"), time: now) }
            #expect(list.isDamaged == isDamaged && list.damagedPages.count == count)
            #expect(list.rung(now, cloudIsThere: true) == (isDamaged ? .stale : .confirmed))
            #expect(list.takeEvents().count == InstalledList<ListInMemory>.eventsAtMost && list.lostEvents > 0)
        }
    }

    @Test("what one copy has found damaged the next copy of the same list knows; another list begins whole")
    func inherited() throws {
        var found = try rotten(0..<10)
        for driver in 0..<640 { _ = found.lookUp(try CanonicalToken(.free, "D\(driver)"), time: now) }
        var next = try rotten(0..<10)
        next.inherit(damageOf: found)
        #expect(next.isDamaged && next.damagedPages == found.damagedPages)
        #expect(next.rung(now, cloudIsThere: true) == .stale)
        var other = InstalledList(BootedList(alone: try opened(try office.list(7, 0..<640))))
        other.inherit(damageOf: found)
        #expect(!other.isDamaged && other.damagedPages.isEmpty)
    }

    @Test("while nobody knows whom the newest deny object named, nothing counts as fresh; a new object ends that")
    func denyLost() throws {
        let booted = BootedList(alone: try opened(try office.list(6)))
        var list = InstalledList(booted, isDenyLost: true)
        #expect(list.rung(now, cloudIsThere: true) == .stale)
        let audience = ListAudience(try TrustBundle(first: try office.bundle()))
        list.deny = try DenyObject(try office.deny(4), for: audience, pepper: office.pepper)
        #expect(list.rung(now, cloudIsThere: true) == .confirmed)
    }

    @Test("a scrub in small steps finds one bad page and condemns the list; a whole list it finds whole")
    func scrub() throws {
        var good = try rotten(0..<0)
        for _ in 0..<7 { good.scrub(pages: 3) }
        #expect(good.takeEvents() == [.scrubbed(pages: 20)] && !good.isDamaged)
        var bad = try rotten(13..<14)
        for _ in 0..<7 { bad.scrub(pages: 3) }
        #expect(bad.isDamaged)
        #expect(
            bad.takeEvents() == [
                .pageDamaged(page: 13, refusal: .pageCorrupt, answeredByPrevious: false), .listDamaged,
            ])
    }
}
