// The hashes of a tap's path against the library's own, and the published examples of HMAC-SHA-256.

import CAllocationCount
import Crypto
import Foundation
import Testing

@testable import AllowList
@testable import AllowListProofs

@Suite("Hashes on the path of a tap")
struct TapHashTests {
    @Test("SHA-256 is the library's, for every length around a block, and for a page")
    func hash() {
        var random = SeededRandom(1)
        for length in Array(0...200) + [1_024, 2_048, 4_096] {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(TapHash(of: bytes) == TapHash(Array(SHA256.hash(data: bytes)), at: 0))
        }
    }

    @Test("a warm look-up allocates nothing, in a file as in memory; one allocation would be seen")
    func allocations() throws {
        let office = CorpusOffice()
        let bytes = try office.order(1).issue(
            try office.drivers(Array(0..<1_000)), secretKey: CorpusOffice.listKeys[0])
        let path = "/tmp/holdfast-tap-\(getpid()).pal"
        defer { unlink(path) }
        try #require(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
        let audience = ListAudience(try TrustBundle(first: try office.bundle()))
        var reader = try ListReader(try ListFile(path: path), for: audience, pepper: office.pepper)
        let tokens = try (0..<2_000).map { try CanonicalToken(.free, "D\($0)") }
        var listed = 0
        let counts = (0..<20).map { _ in
            let before = allocation_count()
            // Not `for`: where nothing is optimised its iterator allocates at each turn.
            var turn = 0
            while turn < tokens.count {
                if case .listed = reader.lookUp(tokens[turn], lowerBound: CorpusOffice.now, trusted: nil) {
                    listed += 1
                }
                turn += 1
            }
            return allocation_count() - before
        }
        #expect(listed == 20 * 1_000)
        // Other threads of the tests allocate now and then; the path itself would do so every time.
        #expect(counts.min() == 0, "\(counts)")
        let before = allocation_count()
        _ = SHA256()
        #expect(allocation_count() > before)
    }

    @Test("HMAC-SHA-256 is the library's, and that of RFC 4231, test cases 1 and 2")
    func code() {
        var random = SeededRandom(2)
        for length in [1, 4, 31, 32, 63, 64] {
            let key = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let code = TapCode(key: key)
            for length in 0...38 {
                let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                let expected = HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key))
                #expect(code.code(bytes) == TapHash(Array(expected), at: 0))
            }
        }
        for (key, data, expected) in [
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
        ] {
            let bytes = AllowList.bytes(hexadecimal: expected) ?? []
            #expect(TapCode(key: key).code(Array(data.utf8)) == TapHash(bytes, at: 0))
        }
    }
}
