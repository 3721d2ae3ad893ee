// Commands at a bus: order, read-back, the newest wins, "off" overtakes, one outcome each, a lost connection.

import Devices
import Post
import RegisterMaps
import Testing

@testable import ModbusDriver

@Suite("Commands at a bus, in virtual time")
struct CommandTests {
    let registers = Registers()
    let inbox = RecordingInbox()

    private func line() -> VirtualLine {
        VirtualLine(.rtu) { [registers] in [Planned(.milliseconds(8), registers.answer($0))] }
    }

    private func stage(_ bus: ModbusBus) throws -> ModbusPowerStage {
        try ModbusPowerStage(
            map("ea-psb-11000-80"), stage: StageID(0), maximumMilliamperes: 80_000, inbox: inbox, on: bus)
    }

    private func writes(_ line: VirtualLine) -> [String] {
        line.heard.filter { $0.function > 4 }.map { heard in
            heard.function == 5
                ? "coil \(heard.address) \(heard.body[4] == 0xFF ? "on" : "off")" : "registers \(heard.address)"
        }
    }

    @Test("setpoints are written in one go and read back before the output is switched on")
    func on() throws {
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        try stage.send(.on(millivolts: 500_000, milliamperes: 40_000), number: CommandNumber(7))
        line.run(bus, until: .zero + .seconds(1))
        #expect(inbox.outcomes == ["7 done"])
        #expect(writes(line) == ["coil 402 on", "registers 500", "coil 405 on"])
        #expect(registers.get(1, 500) == 26_214 && registers.get(1, 501) == 26_214)
        let switchedOn = line.heard.firstIndex { $0.function == 5 && $0.address == 405 } ?? 0
        #expect(line.heard[..<switchedOn].contains { $0.function == 3 && $0.address == 500 && $0.count == 2 })
        #expect(inbox.stages.last?.isOn == true)
        registers.set(1, 507, UInt16(26_214))
        line.run(bus, until: .zero + .seconds(2))
        #expect(inbox.stages.last?.millivolts == 500_000)
    }

    @Test("a stage that reports a fault of its own is heard, by name, until it is over")
    func ownFault() throws {
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        try stage.send(.on(millivolts: 500_000, milliamperes: 40_000), number: CommandNumber(7))
        line.run(bus, until: .zero + .seconds(1))
        #expect(inbox.stages.last?.hasFault == false && stage.health.faults.isEmpty)
        registers.set(1, 506, UInt16(0x8883))
        line.run(bus, until: .zero + .milliseconds(1_300))
        let heard = try #require(inbox.stages.last)
        #expect(heard.hasFault && heard.availableMilliamperes == 0)
        #expect(stage.health.faults == ["alarm"])
        registers.set(1, 506, UInt16(0x0883))
        line.run(bus, until: .zero + .seconds(2))
        #expect(inbox.stages.last?.hasFault == false && stage.health.faults.isEmpty)
    }

    @Test("a write that is confirmed and not taken is refused after one more try, and the output stays off")
    func notTaken() throws {
        registers.stubborn = [500]
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        try stage.send(.on(millivolts: 500_000, milliamperes: 40_000), number: CommandNumber(7))
        line.run(bus, until: .zero + .seconds(2))
        #expect(inbox.outcomes == ["7 refused"])
        #expect(!writes(line).contains("coil 405 on"))
        #expect(stage.health.samples > 0)
    }

    @Test("the newest setpoint wins, off overtakes all, each command has one outcome")
    func newest() throws {
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        line.run(bus, until: .zero + .milliseconds(100))
        for number: UInt32 in 1...5 {
            try stage.send(
                .on(millivolts: 400_000, milliamperes: Int32(number) * 1_000), number: CommandNumber(number))
        }
        line.run(bus, until: line.now + .milliseconds(30))
        try stage.send(.off, number: CommandNumber(6))
        let sent = line.heard.count
        line.run(bus, until: line.now + .seconds(1))
        #expect(inbox.outcomes == ["1 refused", "2 refused", "3 refused", "4 refused", "5 refused", "6 done"])
        #expect(line.heard[sent].function == 5 && line.heard[sent].address == 405 && line.heard[sent].body[4] == 0)
        #expect(!registers.coil(1, 405))
        #expect(inbox.stages.last?.isOn == false)
    }

    @Test("what becomes of off is looked at as often as what flows, and then as rarely as a stage that rests")
    func afterOff() throws {
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        try stage.send(.on(millivolts: 400_000, milliamperes: 10_000), number: CommandNumber(1))
        line.run(bus, until: .zero + .seconds(3))
        try stage.send(.off, number: CommandNumber(2))
        line.run(bus, until: line.now + .milliseconds(100))
        let told = inbox.stages.count
        line.run(bus, until: line.now + .seconds(2))
        #expect(inbox.stages.count - told >= 15, "\(inbox.stages.count - told) samples in 2 s")
        line.run(bus, until: line.now + .seconds(2))
        let rested = inbox.stages.count
        line.run(bus, until: line.now + .seconds(4))
        #expect((3...5).contains(inbox.stages.count - rested), "\(inbox.stages.count - rested) samples in 4 s")
    }

    @Test("what became of off is read at once, wherever in the stage's turns it falls")
    func readAfterOff() throws {
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        for turn in 0..<10 {
            try stage.send(.on(millivolts: 400_000, milliamperes: 10_000), number: CommandNumber(1))
            line.run(bus, until: line.now + .milliseconds(3_000 + Int64(turn) * 10))
            try stage.send(.off, number: CommandNumber(2))
            line.run(bus, until: line.now + .milliseconds(200))
            let told = try #require(line.heard.lastIndex { $0.function == 5 && $0.address == 405 })
            let read = try #require(line.heard[told...].first { $0.function == 3 && $0.address > 501 })
            let waited = read.at - line.heard[told].at
            #expect(waited <= .milliseconds(30), "turn \(turn): \(waited)")
        }
    }

    @Test("off does not wait for a quarantine that another device's silence has caused")
    func offInQuarantine() throws {
        let line = VirtualLine(.rtu) { [registers] in
            $0.unit == 2 ? [] : [Planned(.milliseconds(8), registers.answer($0))]
        }
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        let meter = try ModbusMeter(map("eastron-dcm230"), unit: 2, connector: left, inbox: inbox, on: bus)
        try meter.setFast(true)
        // Until the meter has just been given up on.
        while meter.health.lastFailure == nil { line.run(bus, until: line.now + .milliseconds(10)) }
        let sent = line.heard.count
        let now = line.now
        try stage.send(.off, number: CommandNumber(1))
        line.run(bus, until: now + .milliseconds(50))
        #expect(line.heard.count > sent)
        #expect(line.heard[sent].function == 5 && line.heard[sent].at - now <= .milliseconds(10))
    }

    @Test("an exception refuses, silence times out, and neither is retried for ever")
    func fails() throws {
        for (answer, outcome) in [(UInt8?.some(2), "refused"), (nil, "timedOut")] {
            let inbox = RecordingInbox()
            let line = VirtualLine(.rtu) { [registers] heard in
                if heard.function != 5 { return [Planned(.milliseconds(8), registers.answer(heard))] }
                return answer.map { [Planned(.milliseconds(8), heard.exception($0))] } ?? []
            }
            let bus = try ModbusBus(line.endpoint)
            let stage = try ModbusPowerStage(
                map("ea-psb-11000-80"), stage: StageID(0), maximumMilliamperes: 80_000, inbox: inbox, on: bus)
            try stage.send(.on(millivolts: 400_000, milliamperes: 1_000), number: CommandNumber(3))
            line.run(bus, until: .zero + .seconds(10))
            #expect(inbox.outcomes == ["3 \(outcome)"])
            #expect(line.heard.filter { $0.function == 5 }.count <= PolledDevice.attemptsAtMost)
        }
    }

    @Test("without a connection a command is answered after two seconds; off is sent again once there is one")
    func lost() throws {
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let stage = try stage(bus)
        try stage.send(.on(millivolts: 400_000, milliamperes: 1_000), number: CommandNumber(1))
        line.run(bus, until: .zero + .seconds(1))
        #expect(registers.coil(1, 405))
        line.unplug()
        line.run(bus, until: line.now + .milliseconds(200))
        #expect(bus.failure == .closed || bus.failure == .refused)
        try stage.send(.off, number: CommandNumber(2))
        let asked = line.now
        line.run(bus, until: asked + .milliseconds(1_900))
        #expect(inbox.outcomes == ["1 done"])
        line.run(bus, until: asked + .milliseconds(2_100))
        #expect(inbox.outcomes == ["1 done", "2 timedOut"])
        line.plugIn()
        line.run(bus, until: line.now + .seconds(9))
        #expect(!registers.coil(1, 405))
        #expect(inbox.outcomes == ["1 done", "2 timedOut"])
        #expect(bus.failure == nil)
    }

    @Test("attempts to connect become rarer, up to one in eight seconds")
    func backOff() throws {
        let link = try ModbusLink(.given(.tcp) { nil })
        var now = Instant.zero
        var pauses: [Int64] = []
        for _ in 0..<8 {
            link.turn(at: now)
            let next = try #require(link.wakeAt)
            pauses.append((next - now).milliseconds)
            now = next
        }
        #expect(pauses == [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000])
    }
}
