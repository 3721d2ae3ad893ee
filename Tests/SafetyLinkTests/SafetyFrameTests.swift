// The safety controller's frames: whatever is cut, torn or wrong between them, only what was sent is ever read.

import Post
import Testing

@testable import SafetyLink

/// A small generator of its own, so that a failing case can be had again.
private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 33
    }
}

private func frame(_ dice: inout Dice) -> SafetyFrame {
    let count = Int.random(in: 1...8, using: &dice)
    let number = UInt8.random(in: 0...255, using: &dice)
    if Bool.random(using: &dice) {
        return .post(
            PostFrame(
                number: number,
                pilots: (0..<count).map { _ in
                    PilotOutput.allCases.randomElement(using: &dice) ?? .steady
                }))
    }
    return .controller(
        ControllerFrame(
            number: number, isEmergencyStopClosed: Bool.random(using: &dice),
            areInterlocksClosed: Bool.random(using: &dice),
            connectors: (0..<count).map { _ in
                ControllerReading(
                    pilot: PilotState.allCases.randomElement(using: &dice) ?? .invalid,
                    proximity: Proximity.allCases.randomElement(using: &dice) ?? .invalid)
            }))
}

@Suite("The safety controller's frames")
struct SafetyFrameTests {
    @Test("The checksum is the published one")
    func published() { #expect(checksum("123456789".utf8) == 0x29B1) }

    @Test("What was sent is read, in whatever pieces it comes", arguments: 1...200)
    func pieces(seed: UInt64) {
        var dice = Dice(state: seed)
        let sent = (0..<20).map { _ in frame(&dice) }
        var rest = sent.flatMap(\.bytes)[...]
        var reader = SafetyFrameReader()
        var read: [SafetyFrame] = []
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...40, using: &dice))
            reader.take(piece) { read.append($0) }
            rest = rest.dropFirst(piece.count)
        }
        #expect(read == sent && reader.skipped == 0)
    }

    @Test("Every single wrong bit of a frame is seen, and the frame after it is read", arguments: 1...20)
    func wrongBits(seed: UInt64) {
        var dice = Dice(state: seed)
        let good = frame(&dice)
        for bit in 0..<(good.bytes.count * 8) {
            var bytes = good.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            var reader = SafetyFrameReader()
            var read: [SafetyFrame] = []
            // Enough good ones that a wrong length cannot swallow them all.
            for _ in 0..<4 { bytes += good.bytes }
            reader.take(bytes) { read.append($0) }
            #expect(read == [good, good, good, good], "bit \(bit)")
        }
    }

    @Test("Noise is never a frame that says all is well, and is bounded in what is kept")
    func noise() {
        var dice = Dice(state: 7)
        var reader = SafetyFrameReader()
        var read = 0
        let count = 200_000
        for _ in 0..<(count / 100) {
            reader.take((0..<100).map { _ in UInt8.random(in: 0...255, using: &dice) }) { _ in read += 1 }
        }
        #expect(read == 0)
        #expect(reader.skipped > count - 64)
    }

    @Test("A word or state that the page does not know is no frame")
    func unknown() {
        #expect(SafetyFrame(kind: 0x21, body: [0, 4, 0, 0]) == nil)
        #expect(SafetyFrame(kind: 0x21, body: [0, 3, 7, 0]) == nil)
        #expect(SafetyFrame(kind: 0x21, body: [0, 3]) == nil)
        #expect(SafetyFrame(kind: 0x11, body: [0]) == nil)
        #expect(SafetyFrame(kind: 0x31, body: [0, 0]) == nil)
    }
}
