// A silent device beside one that is commanded, on one line: whoever answers is not held up by whoever does not.

import Devices
import Post
import RegisterMaps
import Testing

@testable import ModbusDriver

@Suite("Neighbours on one line")
struct NeighbourTests {
    let registers = Registers()
    let inbox = RecordingInbox()
    private let silent = Lines()

    /// The units that do not answer now.
    private final class Lines { var units: Set<UInt8> = [] }

    private func line(_ framing: ModbusFraming) -> VirtualLine {
        VirtualLine(framing) { [registers, silent] in
            silent.units.contains($0.unit) ? [] : [Planned(.milliseconds(8), registers.answer($0))]
        }
    }

    private func stage(_ bus: ModbusBus) throws -> ModbusPowerStage {
        try ModbusPowerStage(
            map("ea-psb-11000-80"), stage: StageID(0), maximumMilliamperes: 80_000, inbox: inbox, on: bus)
    }

    /// A meter at unit 2, of a map whose device may take as long as that for an answer.
    private func meter(_ bus: ModbusBus, answersWithin: Interval) throws -> ModbusMeter {
        var slow = try map("eastron-dcm230")
        slow.answersWithinMicroseconds = answersWithin.microseconds
        return try ModbusMeter(slow, unit: 2, connector: left, inbox: inbox, on: bus)
    }

    /// Longest time between two samples, the first and the last of a stretch among them.
    private func longestGap(_ samples: [Instant], _ from: Instant, _ to: Instant) -> Interval {
        let inside = [from] + samples.filter { $0 > from && $0 < to } + [to]
        return zip(inside, inside.dropFirst()).map { $1 - $0 }.max() ?? .zero
    }

    @Test(
        "a setpoint is written and read back while the meter beside is silent, in every phase of its being asked",
        arguments: [ModbusFraming.tcp, .rtu], [500, 1_500])
    func setpoints(_ framing: ModbusFraming, _ answersWithin: Int64) throws {
        let line = line(framing)
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        let meter = try meter(bus, answersWithin: .milliseconds(answersWithin))
        try meter.setFast(true)
        line.run(bus, until: .zero + .seconds(2))
        #expect(!inbox.meters.isEmpty)
        silent.units = [2]
        while !(meter.health.lastFailure == .silent) { line.run(bus, until: line.now + .milliseconds(10)) }
        let since = line.now
        for number: UInt32 in 1...300 {
            try stage.send(
                .on(millivolts: 400_000, milliamperes: Int32(number) * 100), number: CommandNumber(number))
            let asked = line.now
            while inbox.outcomes.count < number, line.now < asked + .seconds(5) {
                line.run(bus, until: line.now + .milliseconds(1))
            }
            // The neighbour is listened to for 100 ms; then two writes of coils, two of setpoints, each read back.
            #expect(line.now - asked <= .milliseconds(220), "\(number)")
            #expect(inbox.outcomes.last == "\(number) done")
            // Another phase each time.
            line.run(bus, until: line.now + .milliseconds(Int64(number) * 37 % 1_009))
        }
        #expect(longestGap(inbox.stages.map(\.measuredAt), since, line.now) <= .milliseconds(500))
        // It is still asked, and heard as soon as it is back, although the stage is told something all the time.
        let before = inbox.meters.count
        silent.units = []
        line.run(bus, until: line.now + .seconds(6))
        #expect(inbox.meters.count > before)
    }

    @Test(
        "a setpoint is written in time beside a meter that sends a byte now and then",
        arguments: [500, 1_500])
    func setpointsBesideTrickle(_ answersWithin: Int64) throws {
        let line = VirtualLine(.rtu) { [registers, silent] heard in
            let answer = registers.answer(heard)
            guard silent.units.contains(heard.unit) else { return [Planned(.milliseconds(8), answer)] }
            // A byte each 170 ms: two seconds and more for an answer.
            return answer.enumerated().map { Planned(.milliseconds(Int64($0.offset) * 170 + 8), [$0.element]) }
        }
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        let meter = try meter(bus, answersWithin: .milliseconds(answersWithin))
        try meter.setFast(true)
        line.run(bus, until: .zero + .seconds(2))
        silent.units = [2]
        while meter.health.missesInARow == 0 { line.run(bus, until: line.now + .milliseconds(10)) }
        var longest = Interval.zero
        for number: UInt32 in 1...60 {
            try stage.send(
                .on(millivolts: 400_000, milliamperes: Int32(number) * 100), number: CommandNumber(number))
            let asked = line.now
            while inbox.outcomes.count < number, line.now < asked + .seconds(5) {
                line.run(bus, until: line.now + .milliseconds(1))
            }
            longest = max(longest, line.now - asked)
            // Another phase each time.
            line.run(bus, until: line.now + .milliseconds(Int64(number) * 37 % 1_009))
        }
        let missed = inbox.outcomes.filter { !$0.hasSuffix("done") }
        #expect(missed.isEmpty && inbox.outcomes.count == 60, "\(missed)")
        // The neighbour is listened to for 100 ms; a byte of its that falls into an answer costs an attempt.
        #expect(longest <= .milliseconds(500), "\(longest.milliseconds) ms")
    }

    @Test(
        "a line with noise costs attempts, not setpoints: each exchange has three",
        arguments: zip([1, 5, 20], [0, 3, 30]))
    func noise(_ percent: Int, _ missedAtMost: Int) throws {
        var chance = Chance(state: UInt64(percent) &* 0x9E37_79B9_7F4A_7C15)
        let line = VirtualLine(.rtu) { [registers] heard in
            var answer = registers.answer(heard)
            if chance.next(100) < percent { answer[chance.next(answer.count)] ^= 1 << UInt8(chance.next(8)) }
            return [Planned(.milliseconds(8), answer)]
        }
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        let meter = try meter(bus, answersWithin: .milliseconds(500))
        try meter.setFast(true)
        for number: UInt32 in 1...300 {
            try stage.send(
                .on(millivolts: 400_000, milliamperes: Int32(number) * 100), number: CommandNumber(number))
            let asked = line.now
            while inbox.outcomes.count < number, line.now < asked + .seconds(5) {
                line.run(bus, until: line.now + .milliseconds(1))
            }
            line.run(bus, until: line.now + .milliseconds(100))
        }
        // Six exchanges of three attempts each: one in 21 commands is given up at 20 % of noise, told again by the core.
        let missed = inbox.outcomes.filter { !$0.hasSuffix("done") }.count
        #expect(missed <= missedAtMost)
        // A meter's sample may be 3 s old: below 5 % of noise no session ends for it (row 78).
        let gap = longestGap(inbox.meters.map(\.measuredAt), .zero, line.now)
        #expect(percent > 5 || gap < .seconds(3), "\(gap.milliseconds) ms")
        print(
            "noise of \(percent) %: \(missed) of 300 setpoints given up, longest gap of the meter \(gap.milliseconds) ms"
        )
    }

    @Test("a live stage that nobody commands is read in time beside a meter that falls silent and comes back")
    func reads() throws {
        let line = line(.rtu)
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        let meter = try meter(bus, answersWithin: .milliseconds(1_500))
        try meter.setFast(true)
        try stage.send(.on(millivolts: 400_000, milliamperes: 10_000), number: CommandNumber(1))
        line.run(bus, until: .zero + .seconds(10))
        let since = line.now
        for second in 1...120 {
            silent.units = second % 20 < 12 ? [2] : []
            line.run(bus, until: since + .seconds(Int64(second)))
        }
        // Its first silence takes what an answer may take; a stage's sample may be 2 s old.
        #expect(longestGap(inbox.stages.map(\.measuredAt), since, line.now) <= .milliseconds(1_800))
        #expect(inbox.meters.count > 100)
    }

    @Test(
        "a stage that takes no command, and is told off again and again, does not keep the meter beside from being read"
    )
    func deafStage() throws {
        let line = line(.rtu)
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        let meter = try meter(bus, answersWithin: .milliseconds(500))
        try meter.setFast(true)
        try stage.send(.on(millivolts: 400_000, milliamperes: 10_000), number: CommandNumber(1))
        line.run(bus, until: .zero + .seconds(2))
        silent.units = [1]
        line.run(bus, until: line.now + .milliseconds(300))
        // What the core does: a command that was not taken is told again every 250 ms.
        let since = line.now
        var number: UInt32 = 1
        while line.now < since + .seconds(60) {
            number += 1
            try stage.send(.off, number: CommandNumber(number))
            line.run(bus, until: line.now + .milliseconds(250))
        }
        // Three attempts at once, half a second each, then in turn.
        #expect(longestGap(inbox.meters.map(\.measuredAt), since, line.now) <= .milliseconds(2_600))
        silent.units = []
        let back = line.now
        line.run(bus, until: back + .milliseconds(700))
        #expect(!registers.coil(1, 405))
    }
}
