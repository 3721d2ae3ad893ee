// What is packed is unpacked to the last bit, whatever it was; what is damaged is never unpacked to something else.

import Foundation
import Post
import Testing

@testable import Runtime

@Suite("Packed recordings")
struct FlightPackingTests {
    @Test("whatever records a block holds, the same come out, bit for bit", arguments: 0..<200)
    func roundTrip(_ seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &+ 11)
        var content = FlightContent(sequence: dice.next() | 1, isTorn: seed % 5 == 0)
        for _ in 0..<Int(dice.next() % 180) { content.records.append(record(&dice)) }
        let frame = try #require(FlightPacking.frame(of: content))
        let extent = try #require(FlightPacking.extent(of: frame, at: 0))
        #expect(extent.sequence == content.sequence && extent.end == frame.count)
        #expect(FlightPacking.content(of: frame[...]) == content)
    }

    /// Events as a post has them and bytes that are none; instants in order, far apart, back, and at the ends.
    private func record(_ dice: inout Dice) -> FlightRecord {
        let instants: [Int64] = [.min, -1, 0, 1, .max, Int64(truncatingIfNeeded: dice.next() % 1_000_000)]
        let at = Instant(microseconds: instants[Int(dice.next() % 6)])
        var writer = CanonicalWriter()
        switch dice.next() % 5 {
        case 0:
            writer.append(.linesLost(ConnectorID(UInt8(dice.next() % 3))), at: at)
        case 1:
            writer.append(.timePassed, at: dice.next() % 2 == 0 ? at : Instant(microseconds: 5))
        case 2:
            // A kind and a place, then numbers of every size.
            writer.append(at)
            writer.number(20)
            writer.number(dice.next() % 2)
            for _ in 0..<dice.next() % 6 { writer.number(dice.next() >> (dice.next() % 64)) }
        case 3:
            let bytes = (0..<dice.next() % 40).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
            return FlightRecord(kind: .event, at: at, bytes: bytes)
        default:
            let digest = dice.next() % 2 == 0 ? FlightRecorder.digest(of: Actions()) : dice.next()
            writer.word(digest)
            return FlightRecord(kind: .actions, at: at, bytes: writer.bytes)
        }
        return FlightRecord(kind: .event, at: at, bytes: writer.bytes)
    }

    @Test("a frame with a flipped bit is no frame, and packed bytes that are none give nothing")
    func damaged() throws {
        var dice = Dice(state: 3)
        var content = FlightContent(sequence: 9)
        for _ in 0..<60 { content.records.append(record(&dice)) }
        let frame = try #require(FlightPacking.frame(of: content))
        for place in frame.indices {
            var damaged = frame
            damaged[place] ^= 1 << UInt8(place % 8)
            #expect(FlightPacking.extent(of: damaged, at: 0) == nil, "byte \(place)")
        }
        for length in 0..<frame.count {
            #expect(FlightPacking.extent(of: Array(frame.prefix(length)), at: 0) == nil)
        }
        for _ in 0..<2_000 {
            let noise = (0..<40).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
            // Whatever it is, it does not trap.
            _ = FlightPacking.content(of: noise[...])
        }
    }

    @Test("the records of a charge are packed to less than a sixth of the ring's")
    func small() throws {
        var content = FlightContent(sequence: 1)
        for second in 0..<9 {
            for tenth in 0..<10 {
                let at = Instant(microseconds: Int64(second * 1_000_000 + tenth * 100_000 + second % 3))
                var writer = CanonicalWriter()
                writer.append(at)
                for number in [
                    20, 0, 736_000 + UInt64(tenth * 37 % 11), 490_000 + UInt64(second * 13 % 7), 1_234, 0,
                ] {
                    writer.number(number)
                }
                content.records.append(FlightRecord(kind: .event, at: at, bytes: writer.bytes))
                writer.removeAll()
                writer.word(FlightRecorder.digest(of: Actions()))
                content.records.append(FlightRecord(kind: .actions, at: at, bytes: writer.bytes))
            }
        }
        let plain = content.records.reduce(0) { $0 + 16 + $1.bytes.count }
        let frame = try #require(FlightPacking.frame(of: content))
        #expect(frame.count * 6 < plain, "\(frame.count) of \(plain)")
    }
}
