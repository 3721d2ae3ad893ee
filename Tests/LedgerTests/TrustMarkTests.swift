// What must not go back, in the records: it outlives the process, and a damaged mark is never "no mark".

import AllowList
import GRDB
import Testing

@testable import Ledger

@Suite("Marks in the records")
struct TrustMarkTests {
    private let mark = HighWater(
        listID: [UInt8](repeating: 7, count: 16), version: 0x0102_0304_0506_0708,
        headerHash: [UInt8](repeating: 9, count: 32))

    @Test("a mark comes back from the file as it went in, and a newer one takes its place")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        do {
            let ledger = try Ledger(path: folder.records)
            #expect(try ledger.highWater() == nil)
            try ledger.commit(mark)
        }
        let again = try Ledger(path: folder.records)
        #expect(try again.highWater() == mark)
        var newer = mark
        newer.version += 1
        try again.commit(newer)
        #expect(try again.highWater() == newer)
    }

    @Test(
        "a mark that cannot be read is a problem: an old list would pass for the first",
        arguments: ["", "07", "zz"])
    func damaged(_ text: String) throws {
        let ledger = try Ledger()
        try ledger.commit(mark)
        try ledger.database.write { try $0.execute(sql: "UPDATE fact SET value = ?", arguments: [text]) }
        #expect(throws: FileProblem.self) { try ledger.highWater() }
    }

    @Test("each mark has a place of its own: none is read for another, and none is lost with another")
    func kinds() throws {
        let folder = try TemporaryFolder()
        let bundle = BundleMark(number: 7, headerHash: [UInt8](repeating: 3, count: 32))
        let deny = DenyMark(
            signer: [UInt8](repeating: 5, count: 32), sequence: .max, headerHash: [UInt8](repeating: 4, count: 32))
        do {
            let ledger = try Ledger(path: folder.records)
            #expect(try ledger.bundleMark() == nil && ledger.denyMark() == nil)
            try ledger.commit(bundle)
            try ledger.commit(deny)
            #expect(try ledger.highWater() == nil)
            try ledger.commit(mark)
        }
        let again = try Ledger(path: folder.records)
        #expect(try again.highWater() == mark && again.bundleMark() == bundle && again.denyMark() == deny)
        try again.database.write {
            try $0.execute(sql: "UPDATE fact SET value = '07' WHERE name = 'deny_mark'")
        }
        #expect(throws: FileProblem.self) { try again.denyMark() }
        #expect(try again.bundleMark() == bundle)
    }

    @Test("the time floor comes back from the file; one that cannot be read is none: signed dates bound it too")
    func floor() throws {
        let folder = try TemporaryFolder()
        let parts = [
            FloorPart(.known, signedAt: 0, seconds: 1_800_000_000),
            FloorPart(
                .key(.list, [UInt8](repeating: 3, count: 32)), signedAt: 1_800_000_100, seconds: 1_800_000_200),
            FloorPart(.key(.deny, [UInt8](repeating: 4, count: 32)), signedAt: .max, seconds: 1_800_086_600),
        ]
        do {
            let ledger = try Ledger(path: folder.records)
            #expect(ledger.timeFloor() == [])
            try ledger.keep(timeFloor: [FloorPart(.unnamed, signedAt: 1, seconds: 2)])
            try ledger.keep(timeFloor: parts)
        }
        let again = try Ledger(path: folder.records)
        #expect(Set(again.timeFloor()) == Set(parts))
        try again.database.write { try $0.execute(sql: "UPDATE time_floor SET key = '07' WHERE source = 2") }
        #expect(Set(again.timeFloor()) == [parts[0], parts[2]])
    }
}
