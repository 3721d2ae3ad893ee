// The signed list behind the look-up thread: its words in the core's, its ladder as the allowance.

import AllowList
import Post
import Runtime
import Testing

@Suite("The signed list as the post asks it")
struct SignedListSourceTests {
    private static let issued: Int64 = 1_760_000_000
    private static let day: Int64 = 86_400

    private func source(lowerBound: Int64?, trusted: Int64? = nil) throws -> SignedListSource<ListInMemory> {
        let key = KeyMaker.signingKey()
        let pepper = [UInt8](repeating: 3, count: 32)
        let operatorID = [UInt8](repeating: 1, count: 16)
        let order = ListOrder(
            operatorID: operatorID, listID: [UInt8](repeating: 2, count: 16), version: 1, issuedAt: Self.issued,
            salt: [UInt8](repeating: 4, count: 32), pepper: pepper)
        let bytes = try order.issue(
            [
                ListEntry(token: try CanonicalToken(.card, "04A1B2C3"), group: 9),
                ListEntry(token: try CanonicalToken(.card, "04A1B2C4"), validUntil: Self.issued + Self.day),
                ListEntry(token: try CanonicalToken(.card, "04A1B2C5"), validFrom: Self.issued + 3 * Self.day),
            ], secretKey: key.secret)
        let audience = ListAudience(operatorID: operatorID, keys: [try TrustedKey(key.open)])
        return SignedListSource(try ListReader(ListInMemory(bytes), for: audience, pepper: pepper)) {
            ListTime(lowerBound: lowerBound, trusted: trusted)
        }
    }
    private let name = TokenName(high: 1, low: 2)

    @Test(
        "a listed card gets its rung of the ladder",
        arguments: [
            (Int64(0), Freshness.fresh, Int64(60_000), Int32(3)), (10, .stale, 40_000, 2),
            (40, .expired, 20_000, 1),
        ])
    func ladder(_ days: Int64, _ freshness: Freshness, _ wattHours: Int64, _ sessions: Int32) throws {
        let answer = try source(lowerBound: Self.issued + days * Self.day).lookUp("04a1b2c3", name: name)
        #expect(answer.lookUp.verdict == .listed)
        #expect(answer.lookUp.token == name)
        #expect(answer.lookUp.group == 9)
        #expect(answer.lookUp.freshness == freshness)
        #expect(answer.lookUp.allowance.sessionWattHours == wattHours)
        #expect(answer.lookUp.allowance.sessionsLeft == sessions)
        #expect(answer.wattHoursUntilContact == wattHours * Int64(sessions))
    }

    @Test(
        "a post that does not know the time serves at the stale rung, and lets nothing expire that may still be valid"
    )
    func noTime() throws {
        let source = try source(lowerBound: nil)
        #expect(source.lookUp("04A1B2C3", name: name).lookUp.allowance.sessionWattHours == 40_000)
        #expect(source.lookUp("04A1B2C3", name: name).lookUp.freshness == .timeUntrusted)
        #expect(source.lookUp("04A1B2C4", name: name).lookUp.verdict == .listed)
    }

    @Test("expired, not yet valid, not listed and garbage each have their word")
    func words() throws {
        let now = Self.issued + 2 * Self.day
        let source = try source(lowerBound: now, trusted: now)
        #expect(source.lookUp("04A1B2C4", name: name).lookUp.verdict == .refused(.expiredToken))
        #expect(source.lookUp("04A1B2C5", name: name).lookUp.verdict == .refused(.notYetValidToken))
        #expect(source.lookUp("04A1B2C6", name: name).lookUp.verdict == .notListed)
        #expect(source.lookUp("", name: name).lookUp.verdict == .refused(.readerGarbage))
        // A clock that nobody vouches for keeps nobody out whose time may have come.
        #expect(try self.source(lowerBound: now).lookUp("04A1B2C5", name: name).lookUp.verdict == .listed)
    }

    @Test("a token's name depends on the post's key and on nothing else; garbage has none")
    func names() {
        let naming = TokenNaming(key: [UInt8](repeating: 5, count: 32))
        let other = TokenNaming(key: [UInt8](repeating: 6, count: 32))
        #expect(TokenName(of: "04A1B2C3", by: naming) == TokenName(of: "card:04a1b2c3", by: naming))
        #expect(TokenName(of: "04A1B2C3", by: naming) != TokenName(of: "04A1B2C3", by: other))
        #expect(TokenName(of: " ", by: naming) == nil)
    }
}
