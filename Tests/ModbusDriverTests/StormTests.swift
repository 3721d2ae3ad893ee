// Hours of misbehaving slaves in virtual time: no sample ever shows a value that was not true when it says.

import Devices
import Post
import RegisterMaps
import Testing

@testable import ModbusDriver

/// A small generator of chance with a seed, so that a storm can be played again.
struct Chance {
    var state: UInt64
    mutating func next(_ below: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(below))
    }
}

@Suite("Storms of misbehaving slaves, in virtual time")
struct StormTests {
    /// The voltage that a meter shows says when it was measured: 100 V and a millivolt for each ten milliseconds.
    private func answer(_ heard: Heard) -> [UInt8] {
        let volts = Float(100) + Float(heard.at.microseconds / 1_000 / 10) / 1_000
        let registers = Registers()
        show(registers, volts: volts, amperes: Float(heard.unit), kilowattHours: 0, unit: heard.unit)
        return registers.answer(heard)
    }

    /// Some wrong bits: anywhere on a serial line, in the header over TCP, whose own checksum guards the rest.
    private func spoilt(_ frame: [UInt8], _ framing: ModbusFraming, _ chance: inout Chance) -> [UInt8] {
        var frame = frame
        let reach = framing == .tcp ? 8 : frame.count
        for _ in 0...chance.next(3) { frame[chance.next(reach)] ^= UInt8(1 << chance.next(8)) }
        return frame
    }

    /// What a slave with such luck sends, and when.
    private func misbehave(_ heard: Heard, _ chance: inout Chance) -> [Planned] {
        let right = answer(heard)
        let isTCP = heard.framing == .tcp
        switch chance.next(12) {
        case 0: return []
        case 1: return [Planned(.milliseconds(Int64(450 + chance.next(900))), right)]
        case 2: return [Planned(.milliseconds(8), spoilt(right, heard.framing, &chance))]
        case 3: return [Planned(.milliseconds(8), Array(right.prefix(chance.next(right.count))), closes: isTCP)]
        case 4: return [Planned(.milliseconds(8), heard.exception(UInt8(1 + chance.next(11))))]
        case 5:
            let again = Planned(.milliseconds(Int64(8 + chance.next(400))), right)
            return [Planned(.milliseconds(8), right), again]
        case 6:
            // Byte by byte; over TCP nothing else comes in between.
            let pause: Int64 = isTCP ? 0 : 1
            return right.enumerated().map { Planned(.milliseconds(8 + Int64($0.offset) * pause), [$0.element]) }
        default: return [Planned(.milliseconds(Int64(5 + chance.next(30))), right)]
        }
    }

    @Test(
        "late by up to a cycle, garbled, torn, foreign, doubled", arguments: [ModbusFraming.tcp, .rtu], [1, 2, 3])
    func storm(_ framing: ModbusFraming, _ seed: UInt64) throws {
        var chance = Chance(state: seed &* 0x9E37_79B9_7F4A_7C15)
        var busyUntil = Array(repeating: Instant.zero, count: 4)
        let line = VirtualLine(framing) { heard in
            // A slave answers one request after the other, however late.
            let wait = max(.zero, busyUntil[Int(heard.unit)] - heard.at)
            let ordered = misbehave(heard, &chance).map { part in
                Planned(
                    Interval(microseconds: part.after.microseconds + wait.microseconds), part.bytes,
                    closes: part.closes)
            }
            busyUntil[Int(heard.unit)] = ordered.map { heard.at + $0.after }.max() ?? .zero
            return ordered
        }
        let inbox = RecordingInbox()
        let bus = try ModbusBus(line.endpoint)
        let dcm = try map("eastron-dcm230")
        for unit: UInt8 in 1...3 {
            let meter = try ModbusMeter(dcm, unit: unit, connector: ConnectorID(unit), inbox: inbox, on: bus)
            try meter.setFast(true)
        }
        // A garbled TCP header ends the connection: somebody plugs a new one in each second.
        for second in 1...900 {
            line.run(bus, until: .zero + .seconds(Int64(second)))
            if bus.failure != nil { line.plugIn() }
        }
        for case .meter(let connector, let sample) in inbox.all {
            let measured = sample.measuredAt.microseconds / 1_000
            let shown = Int64(sample.millivolts - 100_000) * 10
            #expect(sample.milliamperes == Int32(connector.index) * 1_000)
            // Shown before the request that it answers: an old value taken for a new one.
            #expect(shown >= measured - 20 && shown <= measured + 2_500, "\(sample)")
        }
        #expect(inbox.meters.count > 300)
    }
}
