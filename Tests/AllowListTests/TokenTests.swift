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

    @Test(
        "a word before a colon that names no kind is refused, wherever the token is read; free: is the way around it",
        arguments: ["iso14443:04A1B2C3", "crad:04A1B2C3", ":04A1B2C3", "urn:driver:7", "00:11:22:33:44:55"])
    func unknownKind(_ text: String) throws {
        #expect(throws: TokenProblem.unknownKind) { _ = try CanonicalToken(parsing: text) }
        #expect(try CanonicalToken(parsing: "free:" + text) == CanonicalToken(.free, text))
    }

    @Test("words of OCPP, OCPI and daily use are known for the kind they mean")
    func otherNames() {
        let known: [(String, TokenKind)] = [
            ("ISO14443", .card), ("RFID", .card), ("eMAID", .contract), ("KeyCode", .pin), ("MacAddress", .vehicle),
            ("Central", .free), ("Local", .free), ("APP_USER", .free),
        ]
        for (word, kind) in known { #expect(TokenKind(otherName: word) == kind, "\(word)") }
        #expect(TokenKind(otherName: "colour") == nil)
    }

    @Test("a CSV tells every mistake with its line and column")
    func csv() {
        let (entries, problems) = ListCSV.entries(
            """
            token,valid_from
            free:A
            00000000
            free:B,x
            free:C,2026-01-01,2026-12-31,0,7
            crad:04A1B2C3,,
            free:D,2026-02-30,
            free:E,,20261231
            "free:F,G",,
            "free:H

            """)
        #expect(entries.count == 3)
        #expect(
            problems.map(\.place) == [
                "line 3, column 1", "line 4, column 8", "line 6, column 1", "line 7, column 8", "line 8, column 9",
                "line 10, column 1",
            ])
        #expect(entries[1].group == 7 && entries[1].validFrom == 1_767_225_600)
        #expect(entries[1].validUntil == 1_798_761_600, "the last day counts whole")
        #expect(entries[2].token.description == "free:F,G")
    }

    @Test(
        "a first line is a header only if it names the columns in their order",
        arguments: [
            ("token,valid_from,valid_until,profile,group\nfree:A\n", 1, 0), ("\u{FEFF}token\nfree:A\n", 1, 0),
            ("token;valid_from\nfree:A\n", 1, 1), ("token,profile\nfree:A\n", 1, 1), ("free:token7\n", 1, 0),
            ("TOKEN7\n", 0, 1), ("toekn\nfree:A\n", 1, 1), ("uid\nfree:A\n", 1, 1),
            ("Name,valid_until\nfree:A\n", 1, 1),
            ("free:UID\nfree:A\n", 2, 0), ("# exported\n\nuid\nfree:A\n", 1, 1), ("uid;name\nfree:A\n", 1, 1),
        ])
    func header(_ text: String, _ drivers: Int, _ mistakes: Int) {
        let (entries, problems) = ListCSV.entries(text)
        #expect(entries.count == drivers && problems.count == mistakes, "\(problems)")
    }

    @Test(
        "times are days, instants and seconds, the same on every machine",
        arguments: [
            ("1970-01-01", 0, 86_400), ("2000-02-29", 951_782_400, 951_868_800),
            ("1790000000", 1_790_000_000, 1_790_000_000),
            ("2026-12-31T18:00:00Z", 1_798_740_000, 1_798_740_000),
            ("2026-12-31T18:00Z", 1_798_740_000, 1_798_740_000),
            ("2026-12-31t18:00:00.750z", 1_798_740_000, 1_798_740_000),
            ("2026-12-31T20:00:00+02:00", 1_798_740_000, 1_798_740_000),
            ("2026-12-31T12:30:00-05:30", 1_798_740_000, 1_798_740_000),
            ("9999-12-31T23:59:59Z", WrittenTime.latest, WrittenTime.latest),
        ] as [(String, Int64, Int64)])
    func times(_ text: String, _ begin: Int64, _ end: Int64) throws {
        let time = try WrittenTime(text)
        #expect(time.begin == begin && time.end == end)
    }

    @Test(
        "what is no time is refused by name",
        arguments: [
            ("", WrittenTimeProblem.notATime), ("tomorrow", .notATime), ("31.12.2026", .notATime),
            ("2026-12-31 18:00:00Z", .notATime), ("2026-12-31T18Z", .notATime), ("-1", .notATime),
            ("2026-12-31T18:00:00Zx", .notATime), ("2026-12-31T18:00:00.Z", .notATime), ("2026-02-29", .noSuchTime),
            ("2100-02-29", .noSuchTime), ("2026-13-01", .noSuchTime), ("2026-12-31T24:00:00Z", .noSuchTime),
            ("2026-12-31T18:00:00", .noZone), ("1969-12-31", .outOfRange), ("0000-01-01", .outOfRange),
            ("99999999999999999999", .outOfRange), ("253402300800", .outOfRange),
        ])
    func noTime(_ text: String, _ problem: WrittenTimeProblem) {
        #expect(throws: problem) { _ = try WrittenTime(text) }
        #expect(problem.sentence.hasSuffix("."))
    }
}
