// Starts, clean and unclean, with good clocks and bad; damaged and foreign files.

import Foundation
import Post
import Testing

@testable import Ledger

@Suite("Starts and damaged files")
struct BootTests {
    @Test("boots count up; the first start and one after a goodbye are clean")
    func cleanStarts() throws {
        let ledger = try Ledger()
        #expect(try ledger.begin(noon).boot == BootFacts(bootNumber: 1, uncleanStarts: 0))
        try ledger.stopCleanly()
        #expect(try ledger.begin(clock(60)).boot == BootFacts(bootNumber: 2, uncleanStarts: 0))
        #expect(try ledger.begin(clock(61)).boot == BootFacts(bootNumber: 3, uncleanStarts: 1))
    }

    @Test(
        "an open session tells whether the machine has started anew since it began, or the process alone",
        arguments: [
            ([nil], nil, true), (["a"], nil, true), ([nil], "a", true), (["a"], "a", false), (["a"], "b", true),
            // Cut off, and dead again before its books were closed.
            (["a", "b"], "b", true), (["a", "a"], "a", false),
        ] as [([String?], String?, Bool)])
    func machine(_ before: [String?], _ now: String?, _ hasRestarted: Bool) throws {
        let ledger = try Ledger()
        for (index, kernel) in before.enumerated() {
            let boot = try ledger.begin(noon, kernel: kernel).boot.bootNumber
            guard index == 0 else { continue }
            var begun = start(1)
            begun.session = SessionID(boot: boot, counter: 1)
            #expect(try ledger.record(begun, noon) == .recorded)
        }
        let open = try ledger.begin(noon, kernel: now).openSessions
        #expect(open.map(\.hasMachineRestarted) == [hasRestarted])
        #expect(open.map(\.stopReason) == [hasRestarted ? .powerLoss : .reboot])
    }

    @Test("a crash loop is counted, and ten calm minutes end the count")
    func crashLoop() throws {
        let ledger = try Ledger()
        var last = BootFacts(bootNumber: 0, uncleanStarts: 0)
        for crash in 0...5 { last = try ledger.begin(clock(Int64(crash) * 5)).boot }
        #expect(last.uncleanStarts == 5)
        #expect(try ledger.begin(clock(1_000)).boot.uncleanStarts == 1)
    }

    @Test("a post whose clock begins at 1970 each time does not take last month's power cuts for a crash loop")
    func powerCutsWithoutClock() throws {
        let ledger = try Ledger()
        let beginning = WallClock(utcMilliseconds: 3_000, quality: 0)
        for _ in 0..<8 {
            #expect(try ledger.begin(beginning).boot.uncleanStarts <= 1)
            try ledger.lived(milliseconds: 660_000)
        }
        // The same clock, but boots that never lived a minute: a crash loop after all.
        for _ in 0..<5 { _ = try ledger.begin(beginning) }
        #expect(try ledger.begin(beginning).boot.uncleanStarts >= 5)
    }

    @Test("a clock that has gone back does not hide a crash loop, nor make one")
    func clockGoneBack() throws {
        let ledger = try Ledger()
        for boot in 0..<4 {
            _ = try ledger.begin(clock(Int64(boot) * 1_000))
            try ledger.lived(milliseconds: 660_000)
        }
        #expect(try ledger.begin(clock(-100_000)).boot.uncleanStarts == 1)
        for crash in 1...4 { _ = try ledger.begin(clock(-100_000 + Int64(crash))) }
        #expect(try ledger.begin(clock(-99_990)).boot.uncleanStarts == 6)
    }

    @Test(
        "a damaged file is set aside whole, never deleted, and fresh records begin",
        arguments: ["header", "middle", "text"])
    func quarantine(_ damage: String) throws {
        let folder = try TemporaryFolder()
        do {
            let ledger = try Ledger(path: folder.records)
            _ = try ledger.begin(noon)
            for counter in UInt32(1)...400 { _ = try ledger.record(start(counter), noon) }
        }
        let url = URL(fileURLWithPath: folder.records)
        try? FileManager.default.removeItem(atPath: folder.records + "-wal")
        var bytes = try Data(contentsOf: url)
        switch damage {
        case "header": bytes.replaceSubrange(0..<100, with: Data(repeating: 0xFF, count: 100))
        case "middle":
            bytes.replaceSubrange(4_096..<bytes.count, with: Data(repeating: 0xA5, count: bytes.count - 4_096))
        default:
            bytes =
                Data("this is no database, and it is longer than a header of one hundred bytes is. ".utf8) + bytes
        }
        try bytes.write(to: url)
        let ledger = try Ledger(path: folder.records)
        let aside = try #require(ledger.quarantined)
        // Opening may have touched the first page, before the damage was seen; the rest is the evidence.
        let kept = try Data(contentsOf: URL(fileURLWithPath: aside))
        #expect(kept.count >= bytes.count)
        #expect(kept[4_096..<bytes.count] == bytes[4_096..<bytes.count])
        // No number of a session is given twice.
        #expect(try ledger.begin(noon).boot.bootNumber > 1 << 20)
        #expect(try ledger.record(start(1), noon) == .recorded)
        // Nothing is wrong with what came after.
        #expect(try Ledger(path: folder.records).quarantined == nil)
    }

    @Test(
        "one bad bit in the log cuts nothing off unnoticed: a copy is kept, what stands before it goes on, no number is given twice",
        arguments: [0, 5, 10, 17, 40, 60, 2_000, 6_000, 40_000, 400_000])
    func badBit(_ place: Int) throws {
        let folder = try TemporaryFolder()
        let other = try TemporaryFolder()
        do {
            let ledger = try Ledger(path: folder.records)
            _ = try ledger.begin(noon)
            for counter in UInt32(1)...40 { _ = try ledger.record(start(counter), noon) }
            try folder.leave(to: other)
        }
        #expect(!LogDamage.isCutShort(other.records + "-wal"))
        let log = URL(fileURLWithPath: other.records + "-wal")
        var bytes = try Data(contentsOf: log)
        bytes[place] ^= 0x10
        try bytes.write(to: log)
        let ledger = try Ledger(path: other.records)
        let aside = try #require(ledger.quarantined)
        #expect(try Data(contentsOf: URL(fileURLWithPath: aside + "-wal")) == bytes)
        #expect(try ledger.begin(noon).boot.bootNumber > 1 << 20)
        // What stands before the bad frame is all there, and nothing of what stands behind it.
        let kept = try ledger.sessions(limit: 100).count
        #expect(place < 400_000 ? kept == 0 : (1..<40).contains(kept), "\(kept)")
        // Nothing is wrong with what comes after.
        #expect(try Ledger(path: other.records).quarantined == nil)
    }

    @Test("what was taken over stands in the file: nothing that comes to its log lays an older page over it")
    func takenOver() throws {
        let folder = try TemporaryFolder()
        let other = try TemporaryFolder()
        do {
            let ledger = try Ledger(path: folder.records)
            _ = try ledger.begin(noon)
            _ = try ledger.record(start(1), noon)
            for energy in Int64(1)...30 { _ = try ledger.record(sample(1, energy * 100)) }
            #expect(ledger.logBytes > 100_000)
            ledger.takeOverLog()
            #expect(ledger.logBytes == 0)
            for energy in Int64(31)...40 { _ = try ledger.record(sample(1, energy * 100)) }
            try folder.leave(to: other)
        }
        let log = URL(fileURLWithPath: other.records + "-wal")
        var bytes = try Data(contentsOf: log)
        bytes[6_000] ^= 1
        try bytes.write(to: log)
        let ledger = try Ledger(path: other.records)
        #expect(ledger.quarantined != nil)
        #expect(try ledger.sessions(limit: 1).first?.energyWattHours ?? 0 >= 3_000)
    }

    @Test("a torn end of the log is no damage: it was never durable")
    func tornEnd() throws {
        let folder = try TemporaryFolder()
        let other = try TemporaryFolder()
        do {
            let ledger = try Ledger(path: folder.records)
            _ = try ledger.begin(noon)
            for counter in UInt32(1)...10 { _ = try ledger.record(start(counter), noon) }
            try folder.leave(to: other)
        }
        let log = URL(fileURLWithPath: other.records + "-wal")
        let whole = try Data(contentsOf: log)
        for cut in stride(from: 1, to: 4_120, by: 111) {
            try whole.dropLast(cut).write(to: log)
            #expect(!LogDamage.isCutShort(other.records + "-wal"), "\(cut) bytes")
        }
        // Room was made, and nothing was written into it.
        try Data(count: 40_000).write(to: log)
        #expect(!LogDamage.isCutShort(other.records + "-wal"))
        // The last frame was written, and the one before it was not yet.
        var bytes = whole
        bytes[bytes.count - 4_120 - 1] ^= 1
        try bytes.write(to: log)
        #expect(!LogDamage.isCutShort(other.records + "-wal"))
    }

    @Test("a file of a newer build is refused with one sentence and left as it is")
    func newerVersion() throws {
        let folder = try TemporaryFolder()
        do { _ = try Ledger(path: folder.records).record(start(1), noon) }
        try folder.change("PRAGMA user_version = 99")
        let error = #expect(throws: LedgerError.self) { _ = try Ledger(path: folder.records) }
        #expect(error == .newerVersion(found: 99, known: Schema.version, path: folder.records))
        #expect(try folder.count("SELECT count(*) FROM session") == 1)
        #expect(try folder.count("PRAGMA user_version") == 99)
    }

    @Test("a folder that is not there is an error with a sentence, not a quarantine")
    func noFolder() throws {
        let error = #expect(throws: LedgerError.self) { _ = try Ledger(path: "/nowhere/at/all/records.sqlite") }
        #expect(error?.isDamage == false)
        #expect(error?.description.contains("/nowhere/at/all/records.sqlite") == true)
    }
}
