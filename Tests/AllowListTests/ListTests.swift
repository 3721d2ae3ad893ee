// A list from issue to look-up, and every way to damage or swap one.

import Foundation
import Testing

@testable import AllowList

/// A small office: keys, an order, some drivers. The same bytes every time.
struct Office {
    let secret = [UInt8](repeating: 7, count: 32)
    let pepper = [UInt8](repeating: 9, count: 32)
    let operatorID = [UInt8](repeating: 1, count: 16)
    var order: ListOrder
    var entries: [ListEntry]

    init(version: UInt64 = 5, count: Int = 300) throws {
        order = ListOrder(
            operatorID: operatorID, listID: [UInt8](repeating: 2, count: 16), version: version,
            issuedAt: 1_760_000_000, salt: [UInt8](repeating: 3, count: 32), pepper: pepper)
        entries = try (0..<count).map {
            ListEntry(token: try CanonicalToken(.free, "DRIVER\($0)"), group: UInt32($0 % 3))
        }
        entries.append(ListEntry(token: try CanonicalToken(.free, "OLD"), validUntil: 1_600_000_000))
        entries.append(ListEntry(token: try CanonicalToken(.free, "FUTURE"), validFrom: 1_900_000_000))
    }

    func file() throws -> [UInt8] { try order.issue(entries, secretKey: secret) }
    func audience() throws -> ListAudience {
        let open = try #require(KeyMaker.open(of: secret))
        return ListAudience(operatorID: operatorID, keys: [try TrustedKey(open)])
    }
    func open(_ file: [UInt8]) throws -> ListReader<ListInMemory> {
        try ListReader(ListInMemory(file), for: try audience(), pepper: pepper)
    }
}

@Suite("The signed list")
struct ListTests {
    @Test("says yes to those on it, no to others, and names what is expired or not yet valid")
    func answers() throws {
        let office = try Office()
        var reader = try office.open(try office.file())
        try reader.verifyEveryPage()
        for entry in office.entries.prefix(300) {
            let answer = reader.lookUp(entry.token, lowerBound: 1_760_000_000, trusted: 1_760_000_000)
            #expect(answer == .listed(profile: .standard, group: entry.group))
        }
        #expect(
            reader.lookUp(try CanonicalToken(.free, "OLD"), lowerBound: 1_760_000_000, trusted: nil) == .expired)
        #expect(
            reader.lookUp(try CanonicalToken(.free, "FUTURE"), lowerBound: 1_760_000_000, trusted: 1_760_000_000)
                == .notYetValid)
        // Without a clock that somebody vouches for, "not yet" cannot be known and is not held against anybody.
        #expect(
            reader.lookUp(try CanonicalToken(.free, "FUTURE"), lowerBound: 1_760_000_000, trusted: nil)
                == .listed(profile: .standard, group: 0))
        #expect(reader.lookUp(try CanonicalToken(.free, "NOBODY"), lowerBound: 0, trusted: nil) == .notListed)
        // The same text as another kind of token is another token.
        #expect(reader.lookUp(try CanonicalToken(.contract, "DRIVER1"), lowerBound: 0, trusted: nil) == .notListed)
    }

    @Test(
        "agrees with a plain dictionary on ten thousand random look-ups, at every page size",
        arguments: [1_024, 2_048, 4_096])
    func model(pageSize: Int) throws {
        var office = try Office(count: 0)
        office.order.pageSize = UInt32(pageSize)
        var state: UInt64 = 42
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        var model: [CanonicalToken: UInt32] = [:]
        for _ in 0..<3_000 { model[try CanonicalToken(.free, "T\(next() % 8_000)")] = UInt32(next() % 50) }
        office.entries = model.sorted { $0.key.description < $1.key.description }.map {
            ListEntry(token: $0.key, group: $0.value)
        }
        var reader = try office.open(try office.file())
        for _ in 0..<10_000 {
            let token = try CanonicalToken(.free, "T\(next() % 8_000)")
            let answer = reader.lookUp(token, lowerBound: 0, trusted: nil)
            if let group = model[token] {
                #expect(answer == .listed(profile: .standard, group: group))
            } else {
                #expect(answer == .notListed)
            }
        }
    }

    @Test("every single flipped byte is noticed: at opening, or at the page it is in")
    func everyByteFlipped() throws {
        let office = try Office(count: 20)
        let file = try office.file()
        for position in file.indices {
            var damaged = file
            damaged[position] ^= 0x20
            var isRefused = false
            do {
                var reader = try office.open(damaged)
                try reader.verifyEveryPage()
            } catch is ListRefusal { isRefused = true }
            #expect(isRefused, "byte \(position) was changed and nobody noticed")
        }
    }

    @Test("every truncation and every byte too many is refused")
    func lengths() throws {
        let office = try Office(count: 20)
        let file = try office.file()
        for length in stride(from: 0, to: file.count, by: 97) {
            #expect(throws: ListRefusal.self) { _ = try office.open(Array(file[..<length])) }
        }
        #expect(throws: ListRefusal.trailingBytes) { _ = try office.open(file + [0]) }
    }

    @Test("a wrong key, operator or scope, an older version and a fork are refused by name")
    func refusals() throws {
        var office = try Office()
        let file = try office.file()
        let stranger = try TrustedKey(try #require(KeyMaker.open(of: [UInt8](repeating: 8, count: 32))))
        func verdict(_ file: [UInt8], _ audience: ListAudience) -> ListRefusal? {
            do {
                _ = try ListReader(ListInMemory(file), for: audience, pepper: office.pepper)
                return nil
            } catch { return error }
        }
        #expect(verdict(file, ListAudience(operatorID: office.operatorID, keys: [stranger])) == .unknownIssuer)
        var other = try office.audience()
        other.operatorID = [UInt8](repeating: 5, count: 16)
        #expect(verdict(file, other) == .wrongOperator)
        func follows(_ version: UInt64, _ hash: [UInt8]) throws -> ListRefusal? {
            let reader = try office.open(file)
            let mark = HighWater(listID: reader.header.listID, version: version, headerHash: hash)
            let audience = try office.audience()
            do {
                try audience.judge(reader.header, hash: reader.headerHash, after: mark)
                return nil
            } catch { return error }
        }
        let hash = try office.open(file).headerHash
        #expect(try follows(6, hash) == .rollback)
        #expect(try follows(5, [UInt8](repeating: 0, count: 32)) == .equivocation)
        #expect(try follows(5, hash) == nil)
        #expect(try follows(4, [UInt8](repeating: 0, count: 32)) == nil)
        office.order.scopeID = [UInt8](repeating: 4, count: 32)
        let scoped = try office.file()
        #expect(verdict(scoped, try office.audience()) == .wrongScope)
        var member = try office.audience()
        member.scopeIDs = [office.order.scopeID]
        #expect(verdict(scoped, member) == nil)
        #expect(
            verdict(Array("PNG".utf8) + [UInt8](repeating: 0, count: 5_000), try office.audience()) == .notAList)
    }

    @Test("the known weak keys are refused")
    func weakKeys() {
        #expect(throws: ListRefusal.weakKey) { _ = try TrustedKey([UInt8](repeating: 0, count: 32)) }
        #expect(throws: ListRefusal.weakKey) { _ = try TrustedKey([1] + [UInt8](repeating: 0, count: 31)) }
        #expect(throws: ListRefusal.weakKey) {
            _ = try TrustedKey([0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0xFF])
        }
    }

    @Test("the same token twice cannot be issued")
    func duplicates() throws {
        var office = try Office(count: 2)
        office.entries.append(ListEntry(token: try CanonicalToken(.free, "driver1")))
        #expect(throws: IssueProblem.duplicate(try CanonicalToken(.free, "DRIVER1"))) { _ = try office.file() }
    }

    @Test("expiry shrinks, and never means deny all")
    func freshness() throws {
        let header = try Office().open(try Office().file()).header
        #expect(header.freshness(at: 1_760_000_000) == .fresh)
        #expect(header.freshness(at: 1_760_000_000 + 8 * 86_400) == .stale)
        #expect(header.freshness(at: 1_760_000_000 + 36 * 86_400) == .expired)
        #expect(header.freshness(at: nil) == .timeUntrusted)
        #expect(ListProfile.standard.limits(.expired).sessionWattHours == 20_000)
    }
}
