// The post's own name for a group: it outlasts the list under which a session began, and is nobody's in another stream.

import AllowList
import Post
import Runtime
import Testing

@Suite("The look-up")
struct ListLookUpTests {
    private let pepper = [UInt8](repeating: 4, count: 32)

    /// The group of a token on a list of this stream, version and salt.
    private func group(_ token: String, stream: UInt8, version: UInt64) throws -> UInt64 {
        var order = ListOrder(
            operatorID: [UInt8](repeating: 1, count: 16), listID: [UInt8](repeating: stream, count: 16),
            version: version, issuedAt: 1_760_000_000, salt: [UInt8](repeating: UInt8(version), count: 32),
            pepper: pepper)
        order.pageSize = 1_024
        let (secret, open) = KeyMaker.signingKey()
        let bytes = try order.issue(
            [
                ListEntry(token: try CanonicalToken(.free, "BOB"), group: 7),
                ListEntry(token: try CanonicalToken(.free, "EVE")),
            ], secretKey: secret)
        let audience = ListAudience(operatorID: order.operatorID, keys: [try TrustedKey(open)])
        let reader = try ListReader(ListInMemory(bytes), for: audience, pepper: pepper)
        var lookUp = ListLookUp(InstalledList(BootedList(alone: reader)))
        let answer = lookUp.lookUp(
            try CanonicalToken(.free, token), name: TokenName(high: 1, low: 2),
            TimeReading(lowerBound: 1_760_000_000, trusted: 1_760_000_000))
        #expect(answer.verdict == .listed(.standard))
        return answer.group
    }

    @Test(
        "a group is the same in every list of a stream, another in every other stream, and nobody's where there is none"
    )
    func groups() throws {
        let first = try group("BOB", stream: 1, version: 1)
        #expect(first != 0)
        #expect(try group("BOB", stream: 1, version: 2) == first)
        #expect(try group("BOB", stream: 2, version: 2) != first)
        #expect(try group("EVE", stream: 1, version: 1) == 0)
    }
}
