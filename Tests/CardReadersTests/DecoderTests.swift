// What readers send, in whatever pieces: a card is read whole or not at all.

import Post
import Testing

@testable import CardReaders

private func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

private func read(_ decoder: inout some CardDecoder, _ bytes: some Sequence<UInt8>, at now: Instant)
    -> [CardReading]
{
    decoder.take(bytes, at: now)
}

/// Keys as the kernel writes them: press and release of each, with a synchronization after it.
func keys(_ codes: [UInt16], kind: UInt16 = 1, values: [Int32] = [1, 0]) -> [UInt8] {
    func event(_ kind: UInt16, _ code: UInt16, _ value: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0x5A, count: 2 * MemoryLayout<Int>.size)
        for word in [kind, code] { bytes += [UInt8(word & 0xFF), UInt8(word >> 8)] }
        for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value >> Int32(shift))) }
        return bytes
    }
    return codes.flatMap { code in values.flatMap { event(kind, code, $0) + event(0, 0, 0) } }
}

/// 04A2B3C4, then Enter.
let cardKeys: [UInt16] = [11, 5, 30, 3, 48, 4, 46, 5, 28]

@Suite("A serial card reader's bytes")
struct SerialDecoderTests {
    @Test(
        "A line in any of its endings and a frame give the same card",
        arguments: ["04a2b3c4\r", "04A2B3C4\n", "04A2b3c4\r\n", "\u{2}04A2B3C4\u{3}", "\u{2}04A2B3C4\r\n\u{3}"])
    func forms(text: String) {
        var decoder = SerialCardDecoder()
        #expect(read(&decoder, text.utf8, at: at(0)) == [.card("card:04A2B3C4")])
    }

    @Test("Cut anywhere, it is the same card; two in a row are two", arguments: 1..<20)
    func pieces(cut: Int) {
        var decoder = SerialCardDecoder()
        let bytes = Array("\u{2}04A2B3C4\u{3}04112233445566\r\n".utf8)
        let readings = decoder.take(bytes[..<cut], at: at(0)) + decoder.take(bytes[cut...], at: at(20))
        #expect(readings == [.card("card:04A2B3C4"), .card("card:04112233445566")])
    }

    @Test(
        "What is no UID is garbage: wrong length, no digit, zeros, too long, a control byte",
        arguments: ["04A2B3\r", "04A2B3CX\r", "00000000\r", "04 A2 B3 C4\r", "04A2\u{7}B3C4\r"] + [
            String(repeating: "A", count: 99) + "\r"
        ])
    func garbage(text: String) {
        var decoder = SerialCardDecoder()
        #expect(read(&decoder, text.utf8, at: at(0)) == [.garbage])
        #expect(read(&decoder, "04A2B3C4\r".utf8, at: at(1)) == [.card("card:04A2B3C4")])
    }

    @Test("A torn piece is never glued to the next card")
    func torn() {
        var decoder = SerialCardDecoder()
        #expect(read(&decoder, "04A2B3".utf8, at: at(0)).isEmpty)
        #expect(read(&decoder, "04A2B3C4\r".utf8, at: at(1_500)) == [.card("card:04A2B3C4")])
        #expect(read(&decoder, "04A2".utf8, at: at(2_000)).isEmpty)
        #expect(read(&decoder, "\u{2}04A2B3C4\u{3}".utf8, at: at(2_100)) == [.garbage, .card("card:04A2B3C4")])
    }
}

@Suite("A keyboard card reader's keys")
struct KeyboardDecoderTests {
    @Test("Digits and Enter give a card, whole events or not", arguments: [1, 7, 24, 500])
    func card(piece: Int) {
        var decoder = KeyboardCardDecoder()
        var rest = keys(cardKeys)[...]
        var readings: [CardReading] = []
        while !rest.isEmpty {
            readings += decoder.take(rest.prefix(piece), at: at(0))
            rest = rest.dropFirst(piece)
        }
        #expect(readings == [.card("card:04A2B3C4")])
    }

    @Test("Shift changes nothing, a held key counts once, the number pad counts")
    func otherKeys() {
        var decoder = KeyboardCardDecoder()
        let bytes =
            keys([42, 82, 75, 30], values: [1, 2, 2, 0]) + keys([80, 48, 81, 46, 75, 96])
        #expect(read(&decoder, bytes, at: at(0)) == [.card("card:04A2B3C4")])
    }

    @Test("Another key, and keys that the kernel left out, spoil the card and not the next one")
    func spoilt() {
        var decoder = KeyboardCardDecoder()
        #expect(read(&decoder, keys([11, 5, 34, 28]), at: at(0)) == [.garbage])
        let dropped = keys([11, 5]) + keys([3], kind: 0, values: [0]) + keys(cardKeys)
        #expect(read(&decoder, dropped, at: at(1)) == [.garbage, .card("card:04A2B3C4")])
    }
}

@Suite("One tap or two")
struct SameCardTests {
    @Test("A card that lies on the reader is one tap; taken away and shown again it is another")
    func lying() {
        var same = SameCard()
        var taps: [Int64] = []
        let seen =
            stride(from: Int64(0), to: 6_000, by: 300).map { ($0, "card:04A2B3C4") } + [
                (6_100, "card:04112233"), (6_200, "card:04A2B3C4"), (8_200, "card:04A2B3C4"),
            ]
        for (time, card) in seen where same.isNew(card, at: at(time)) { taps.append(time) }
        #expect(taps == [0, 6_100, 6_200, 8_200])
    }
}
