// The bus in virtual time: cadences, priorities, commands, losses, and storms of late answers.

import Devices
import Post
import RegisterMaps
import StrictYAML
import Testing

@testable import ModbusDriver

private let answerTakes = Interval.milliseconds(8)

@Suite("A bus and its devices, in virtual time")
struct BusTests {
    let registers = Registers()
    let inbox = RecordingInbox()

    private func line(_ framing: ModbusFraming = .rtu) -> VirtualLine {
        VirtualLine(framing) { [registers] in [Planned(answerTakes, registers.answer($0))] }
    }

    @Test(
        "samples carry what the meter shows and the instant of the request", arguments: [ModbusFraming.tcp, .rtu])
    func samples(_ framing: ModbusFraming) throws {
        show(registers, volts: 401.25, amperes: -12.5, kilowattHours: 1_234.5)
        let line = line(framing)
        let bus = try ModbusBus(line.endpoint)
        let meter = try ModbusMeter(map("eastron-dcm230"), connector: left, inbox: inbox, on: bus)
        try meter.setFast(true)
        line.run(bus, until: .zero + .seconds(2))
        let samples = inbox.meters
        #expect((9...11).contains(samples.count))
        #expect(
            samples.allSatisfy {
                $0.millivolts == 401_250 && $0.milliamperes == -12_500 && $0.energyWattHours == 1_234_500
            })
        // One request a sample, and the sample is as old as its request.
        #expect(samples.map(\.measuredAt) == line.heard.prefix(samples.count).map(\.at))
        try meter.setFast(false)
        let before = inbox.meters.count
        line.run(bus, until: .zero + .seconds(42))
        #expect((4...5).contains(inbox.meters.count - before))
    }

    @Test("a meter that falls silent says nothing: no old value is published again")
    func silence() throws {
        show(registers, volts: 400, amperes: 10, kilowattHours: 5)
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let meter = try ModbusMeter(map("eastron-dcm230"), connector: left, inbox: inbox, on: bus)
        try meter.setFast(true)
        line.run(bus, until: .zero + .seconds(1))
        line.behave { _ in [] }
        line.run(bus, until: .zero + .milliseconds(1_200))
        let before = inbox.all.count
        line.run(bus, until: .zero + .seconds(60))
        #expect(inbox.all.count == before)
        #expect(meter.health.missesInARow >= 3)
        #expect(meter.health.lastFailure == .silent)
        line.behave { [registers] in [Planned(answerTakes, registers.answer($0))] }
        line.run(bus, until: .zero + .seconds(70))
        #expect(inbox.all.count > before)
    }

    @Test("a dead device does not take the bus from the others")
    func deadNeighbour() throws {
        show(registers, volts: 400, amperes: 10, kilowattHours: 5)
        let line = VirtualLine(.rtu) { [registers] in
            $0.unit == 2 ? [] : [Planned(answerTakes, registers.answer($0))]
        }
        let bus = try ModbusBus(line.endpoint)
        let alive = try ModbusMeter(map("eastron-dcm230"), unit: 1, connector: left, inbox: inbox, on: bus)
        let dead = try ModbusMeter(map("eastron-dcm230"), unit: 2, connector: ConnectorID(1), inbox: inbox, on: bus)
        try alive.setFast(true)
        try dead.setFast(true)
        line.run(bus, until: .zero + .seconds(100))
        // A second and a little (answer missing, quarantine) of every six are lost to the dead one, at most.
        #expect(inbox.meters.count > 380)
        let gaps = zip(inbox.meters, inbox.meters.dropFirst()).map { $1.measuredAt - $0.measuredAt }
        #expect((gaps.max() ?? .zero) <= .milliseconds(1_300))
    }

    @Test("two devices with one number are refused, and so are numbers that do not exist")
    func numbers() throws {
        let bus = try ModbusBus(line().endpoint)
        let dcm = try map("eastron-dcm230")
        _ = try ModbusMeter(dcm, unit: 1, connector: left, inbox: inbox, on: bus)
        for unit: UInt8 in [0, 1, 248, 255] {
            #expect(throws: ModbusFailure.badRequest) {
                try ModbusMeter(dcm, unit: unit, connector: left, inbox: inbox, on: bus)
            }
        }
    }

    @Test("not a number, out of range, another device: no sample, and the reason is kept")
    func refused() throws {
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let meter = try ModbusMeter(map("eastron-dcm230"), connector: left, inbox: inbox, on: bus)
        try meter.setFast(true)
        for volts in [Float.nan, .infinity, 5_000, -500] {
            show(registers, volts: volts, amperes: 1, kilowattHours: 1)
            line.run(bus, until: line.now + .seconds(2))
            #expect(meter.health.lastDoubt?.contains("voltage") == true)
        }
        #expect(inbox.meters.isEmpty)
        show(registers, volts: 400, amperes: 1, kilowattHours: 1)
        line.run(bus, until: line.now + .seconds(2))
        #expect(!inbox.meters.isEmpty)
    }

    @Test("the map of another device gives no sample")
    func otherDevice() throws {
        let mapText = """
            name: guarded
            title: A meter that is asked who it is
            kind: dc_meter
            sources: [made up for this test]
            checked: made up for this test
            rated_power: 100kW
            readable: [{function: holding, from: 0, to: 20}]
            expect: [{function: holding, address: 30, one_of: [340]}]
            values:
              - {quantity: voltage, function: holding, address: 0, type: uint16, unit: V, least: 0V, most: 1000V}
              - {quantity: current, function: holding, address: 1, type: int16, unit: A, least: -100A, most: 100A}
              - {quantity: energy_import, function: holding, address: 2, type: uint32, unit: Wh, least: 0Wh, most: 1MWh}
            """
        let guarded = try registerMapDocument.read(text: mapText, file: "guarded.yaml")
        registers.set(1, 0, UInt16(400))
        registers.set(1, 30, UInt16(341))
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let meter = try ModbusMeter(guarded, connector: left, inbox: inbox, on: bus)
        try meter.setFast(true)
        line.run(bus, until: .zero + .seconds(3))
        #expect(inbox.meters.isEmpty)
        #expect(meter.health.lastDoubt?.contains("another device") == true)
        registers.set(1, 30, UInt16(340))
        line.run(bus, until: .zero + .seconds(9))
        #expect(inbox.meters.last?.millivolts == 400_000)
    }

    @Test("insulation monitor: invalid marks give no sample, a self-test is asked for, waited for and told")
    func insulation() throws {
        let line = line()
        let bus = try ModbusBus(line.endpoint)
        let monitor = try ModbusInsulationMonitor(map("bender-isocha425hv"), connector: left, inbox: inbox, on: bus)
        registers.set(3, 1_000, Float(850_000))
        registers.set(3, 1_002, UInt16(0x0002))
        registers.set(3, 1_008, Float(500))
        registers.set(3, 1_010, UInt16(0x0004))
        try monitor.send(.test, number: CommandNumber(1))
        line.run(bus, until: .zero + .seconds(1))
        #expect(inbox.outcomes == ["1 done"])
        #expect(registers.get(3, 3_026) == 1)
        #expect(registers.get(3, 8_005) == 0x5445)
        #expect(
            inbox.insulation.last.map { $0.ohms == 850_000 && $0.millivolts == 500_000 && $0.selfTest == .pending }
                == true)
        registers.set(3, 1_002, UInt16(0x8002))
        line.run(bus, until: .zero + .seconds(3))
        let during = inbox.insulation.count
        line.run(bus, until: .zero + .seconds(5))
        #expect(inbox.insulation.count == during)
        registers.set(3, 1_002, UInt16(0x0002))
        line.run(bus, until: .zero + .seconds(6))
        #expect(inbox.insulation.last?.selfTest == .passed)
        // The value is marked as invalid: silence, not a number.
        registers.set(3, 1_002, UInt16(0x00C2))
        let valid = inbox.insulation.count
        line.run(bus, until: .zero + .seconds(9))
        #expect(inbox.insulation.count == valid)
        // A device fault after the test.
        registers.set(3, 1_002, UInt16(0x0202))
        line.run(bus, until: .zero + .seconds(10))
        #expect(inbox.insulation.last?.selfTest == .failed)
    }
}
