// What no honest issuer writes: every length, every extreme value under a good signature, every weak key.

import Crypto
import Foundation
import Testing

@testable import AllowList

@Suite("Hostile lists")
struct HostileTests {
    @Test("a list cut at any length is refused, and as cut")
    func everyLength() throws {
        let office = try Office(count: 20)
        let file = try office.file()
        let audience = try office.audience()
        for length in file.indices {
            let cut = ListInMemory(Array(file[..<length]))
            var verdict: ListRefusal?
            do { _ = try ListReader(cut, for: audience, pepper: office.pepper) } catch { verdict = error }
            if verdict != .truncated {
                Issue.record("\(length) bytes: \(String(describing: verdict))")
            }
        }
    }

    @Test("no value in a signed header, however absurd, ends the process or opens a list of other sizes")
    func extremes() throws {
        let office = try Office(count: 20)
        let file = try office.file()
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: office.secret)
        let values: [UInt64] = [
            0, 1, 31, 32, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 62, .max >> 1, 1 << 63, .max - 1, .max,
        ]
        var opened = 0
        var refused = 0
        for position in stride(from: 8, to: 512, by: 4) {
            for width in [2, 4, 8] {
                for value in values {
                    var bytes = file
                    for index in 0..<width where position + index < 512 {
                        bytes[position + index] = UInt8(
                            truncatingIfNeeded: value >> UInt64(8 * (width - 1 - index)))
                    }
                    let signed = SignedObject.list.domain + bytes[..<512]
                    bytes.replaceSubrange(528..<592, with: Array(try key.signature(for: signed)))
                    do {
                        var reader = try office.open(bytes)
                        try reader.verifyEveryPage()
                        _ = reader.lookUp(office.entries[0].token, lowerBound: .max, trusted: .min)
                        _ = reader.header.freshness(at: .min)
                        #expect(reader.header.fileLength == UInt64(file.count))
                        #expect(reader.header.recordCount == UInt64(office.entries.count))
                        opened += 1
                    } catch is ListRefusal { refused += 1 }
                }
            }
        }
        // Both happen: other dates, salts and versions are good lists.
        #expect(opened > 100 && refused > 1_000)
    }

    @Test("no record in a signed page ends the process, whatever it holds")
    func records() throws {
        let office = try Office(count: 20)
        var reader = try office.open(try office.file())
        try reader.verifyEveryPage()
        let page = [UInt8](repeating: 0xFF, count: 4_096)
        let record = ListRecord(page, at: 127 * 32)
        #expect(record.notAfter == .max && record.notBefore == .max && record.group == .max)
        #expect(record.hasEnded(at: .max) && !record.hasEnded(at: .min))
        #expect(record.isEarly(at: .min) && !record.isEarly(at: .max))
    }

    @Test("every encoding of a point of small order is refused, with either sign")
    func smallOrder() throws {
        let low: [(first: UInt8, rest: UInt8, last: UInt8)] = [
            (0x00, 0x00, 0x00), (0x01, 0x00, 0x00), (0xEC, 0xFF, 0x7F), (0xED, 0xFF, 0x7F), (0xEE, 0xFF, 0x7F),
        ]
        var keys = low.map { [$0.first] + [UInt8](repeating: $0.rest, count: 30) + [$0.last] }
        for text in [
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        ] { keys.append(try #require(bytes(hexadecimal: text))) }
        for key in keys {
            for sign: UInt8 in [0, 0x80] {
                var key = key
                key[31] |= sign
                #expect(throws: ListRefusal.weakKey) { _ = try TrustedKey(key) }
            }
        }
    }

    @Test("the same order, entries and key give the bytes they always gave")
    func golden() throws {
        var office = try Office(version: 3, count: 3)
        office.order.pageSize = 1_024
        let file = try office.file()
        #expect(file.count == 13_312)
        #expect(
            hexadecimal(Array(SHA256.hash(data: file)))
                == "9c43746044735612ac501018b829d33dab2b7ddc3690f2d84263e1d302dbef8b")
    }
}
