// Tokens in canonical form, and what is refused.

import Testing

@testable import AllowList

@Suite("Canonical tokens")
struct TokenTests {
    @Test(
        "are folded to upper case and nothing else",
        arguments: [
            (TokenKind.card, "04a1b2c3d4e5f6", "card:04A1B2C3D4E5F6"), (.free, "abcD-1", "free:ABCD-1"),
            (.pin, "1234", "pin:1234"),
            (.vehicle, "0011aabbccdd", "vehicle:0011AABBCCDD"), (.contract, "deabcc00001", "contract:DEABCC00001"),
        ])
    func canonical(_ kind: TokenKind, _ text: String, _ expected: String) throws {
        #expect(try CanonicalToken(kind, text).description == expected)
    }

    @Test(
        "are refused by name",
        arguments: [
            (TokenKind.card, "", TokenProblem.empty), (.card, "00000000", .allZero), (.card, "04A1", .wrongLength),
            (.card, "04:A1:B2", .notHexadecimal), (.pin, "12a4", .notDigits), (.pin, "123", .wrongLength),
            (.free, "a b", .notPrintable), (.free, "ä", .notPrintable),
            (.free, String(repeating: "x", count: 37), .tooLong),
        ])
    func refused(_ kind: TokenKind, _ text: String, _ problem: TokenProblem) {
        #expect(throws: problem) { _ = try CanonicalToken(kind, text) }
    }

    @Test("a post's name for a token follows its own key, not the list's")
    func names() throws {
        let token = try CanonicalToken(.free, "ALICE")
        let one = TokenNaming(key: [UInt8](repeating: 1, count: 32)).name(token)
        let two = TokenNaming(key: [UInt8](repeating: 2, count: 32)).name(token)
        #expect(one.high != two.high)
        #expect(TokenNaming(key: [UInt8](repeating: 1, count: 32)).name(try CanonicalToken(.free, "alice")) == one)
    }

    @Test("a CSV tells every mistake with its line")
    func csv() {
        let (entries, problems) = ListCSV.entries("token,valid_from\nfree:A\n00000000\nfree:B,x\nfree:C,1,2,0,7\n")
        #expect(entries.count == 2)
        #expect(problems.map(\.line) == [3, 4])
        #expect(entries.last?.group == 7)
    }
}
