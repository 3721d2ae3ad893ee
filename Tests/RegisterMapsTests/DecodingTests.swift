// From registers to whole numbers: exact, or refused.

import Post
import StrictYAML
import Testing

@testable import RegisterMaps

private func value(
    _ type: RegisterType, _ quantity: Quantity = .voltage, order: WordOrder = .big, scale: Int64 = 1_000_000,
    divisor: Int64 = 1, unitSize: Int64 = 1_000, countsExport: Bool = false,
    missing: RegisterValue.Missing = .none, range: ClosedRange<Int64> = -10_000_000_000...10_000_000_000
) -> RegisterValue {
    RegisterValue(
        quantity: quantity, function: .holding, address: 0, type: type, order: order, scaleMillionths: scale,
        divisor: divisor, unitSize: unitSize, exponent: nil, countsExport: countsExport, missing: missing,
        range: range)
}

private func words(_ float: Float) -> [UInt16] {
    [UInt16(float.bitPattern >> 16), UInt16(float.bitPattern & 0xFFFF)]
}

@Suite("Decoding")
struct DecodingTests {
    @Test("whole numbers are scaled exactly and rounded to the nearest")
    func whole() throws {
        #expect(try value(.uint16, scale: 100_000).decoded([4_012], power: 0) == 401_200)
        #expect(try value(.int16, scale: 10_000).decoded([0xFFFF], power: 0) == -10)
        #expect(try value(.uint32).decoded([0x0001, 0x0002], power: 0) == 65_538_000)
        #expect(try value(.uint32, order: .little).decoded([0x0002, 0x0001], power: 0) == 65_538_000)
        #expect(try value(.int32).decoded([0xFFFF, 0xFFFE], power: 0) == -2_000)
        #expect(try value(.int64, order: .little).decoded([5, 0, 0, 0], power: 0) == 5_000)
        #expect(try value(.uint16, scale: 1_000_000_000, divisor: 52_428).decoded([52_428], power: 0) == 1_000_000)
        #expect(try value(.uint16, scale: 1_000_000_000, divisor: 52_428).decoded([1], power: 0) == 19)
        #expect(try value(.int16, scale: 500, unitSize: 1_000).decoded([1], power: 0) == 1)
        #expect(try value(.int16, scale: 500, unitSize: 1_000).decoded([0xFFFF], power: 0) == -1)
        #expect(try value(.int16).decoded([12], power: -1) == 1_200)
        #expect(try value(.int16, countsExport: true).decoded([12], power: 0) == -12_000)
    }

    @Test("Iskra's formats: a decimal exponent and 24 bits")
    func decades() throws {
        // 2300 x 10^-1 V, and -150 x 10^-2 A
        #expect(try value(.decade24).decoded([0xFF00, 2_300], power: 0) == 230_000)
        #expect(try value(.signedDecade24).decoded([0xFEFF, UInt16(bitPattern: -150)], power: 0) == -1_500)
        #expect(throws: ValueProblem.badExponent(.voltage)) { try value(.decade24).decoded([0x7F00, 1], power: 0) }
    }

    @Test(
        "floats that are no numbers never become whole numbers",
        arguments: [Float.nan, .infinity, -.infinity, .signalingNaN])
    func notFinite(_ float: Float) {
        #expect(throws: ValueProblem.notFinite(.voltage)) { try value(.float32).decoded(words(float), power: 0) }
    }

    @Test("what is out of range is refused, however far")
    func outOfRange() throws {
        let bounded = value(.float32, range: -10_000...1_200_000)
        #expect(try bounded.decoded(words(401.25), power: 0) == 401_250)
        #expect(try bounded.decoded(words(1_200), power: 0) == 1_200_000)
        for float: Float in [1_200.01, -10.01, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e12] {
            #expect(throws: ValueProblem.outOfRange(.voltage)) { try bounded.decoded(words(float), power: 0) }
        }
        #expect(throws: ValueProblem.outOfRange(.voltage)) {
            try value(.uint64).decoded([0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF], power: 12)
        }
        #expect(throws: ValueProblem.badExponent(.voltage)) { try value(.uint16).decoded([1], power: 13) }
    }

    @Test("the value that means nothing is no value")
    func missing() {
        #expect(throws: ValueProblem.notAvailable(.voltage)) {
            try value(.uint32, missing: .highest).decoded([0xFFFF, 0xFFFF], power: 0)
        }
        #expect(throws: ValueProblem.notAvailable(.voltage)) {
            try value(.int32, missing: .highest).decoded([0x7FFF, 0xFFFF], power: 0)
        }
        #expect(throws: ValueProblem.notAvailable(.voltage)) {
            try value(.int16, missing: .lowest).decoded([0x8000], power: 0)
        }
    }

    @Test("quantities are written for people")
    func written() {
        #expect(Quantity.voltage.written(401_200) == "401.200 V")
        #expect(Quantity.current.written(-50) == "-0.050 A")
        #expect(Quantity.power.written(60_000) == "60000 W")
        #expect(Quantity.energyImport.written(1_234_567) == "1234.567 kWh")
    }
}

@Suite("Plausibility of a meter")
struct PlausibilityTests {
    private func checks(rollsOverAt: Int64? = nil) throws -> MeterPlausibility {
        let rolls = rollsOverAt.map { "rolls_over_at: \($0)Wh" } ?? ""
        return MeterPlausibility(
            try registerMapDocument.read(
                text: """
                    name: test
                    title: Test
                    kind: thermometers
                    sources: [nowhere at all]
                    checked: not at all
                    rated_power: 100kW
                    \(rolls)
                    readable: [{function: holding, from: 0, to: 9}]
                    values:
                      - {quantity: temperature, function: holding, address: 0, type: int16, unit: degC, least: 0degC, most: 1degC}
                    """, file: "map.yaml"))
    }

    private func judge(
        _ checks: inout MeterPlausibility, _ energy: Int64, at second: Int64, serial: UInt64 = 1
    ) -> MeterPlausibility.Verdict {
        checks.judge(energyWattHours: energy, serial: serial, at: .zero + .seconds(second))
    }

    @Test("one wrong reading is withheld, and the next right one goes on as if nothing had been")
    func single() throws {
        var checks = try checks()
        #expect(judge(&checks, 100_000, at: 0) == .good(energyWattHours: 100_000))
        #expect(judge(&checks, 50, at: 1) == .withheld(.wentBack))
        #expect(judge(&checks, 100_020, at: 2) == .good(energyWattHours: 100_020))
        #expect(judge(&checks, 9_000_000, at: 3) == .withheld(.jumped))
        #expect(judge(&checks, 100_030, at: 4, serial: 9) == .withheld(.swapped))
        #expect(judge(&checks, 100_050, at: 5) == .good(energyWattHours: 100_050))
        #expect(checks.withheld == 3)
    }

    @Test("a meter that really changed is believed the third time, and handed on as it is")
    func changed() throws {
        var checks = try checks()
        _ = judge(&checks, 100_000, at: 0)
        #expect(judge(&checks, 70, at: 1, serial: 2) == .withheld(.swapped))
        #expect(judge(&checks, 71, at: 2, serial: 2) == .withheld(.swapped))
        #expect(judge(&checks, 72, at: 3, serial: 2) == .good(energyWattHours: 72))
    }

    @Test("different wrong readings one after the other are never believed")
    func noise() throws {
        var checks = try checks()
        _ = judge(&checks, 5_000_000, at: 0)
        for second in 1...50 {
            let energy = Int64(second * 7_919 % 4_000) * 1_000
            #expect(
                judge(&checks, second % 2 == 0 ? energy : 4_000_000 - energy, at: Int64(second))
                    != .good(energyWattHours: energy) || energy >= 5_000_000)
        }
    }

    @Test("a register that begins anew goes on rising for the post")
    func rollOver() throws {
        var checks = try checks(rollsOverAt: 10_000_000)
        #expect(judge(&checks, 9_999_990, at: 0) == .good(energyWattHours: 9_999_990))
        _ = judge(&checks, 5, at: 1)
        _ = judge(&checks, 10, at: 2)
        #expect(judge(&checks, 15, at: 3) == .good(energyWattHours: 10_000_015))
        #expect(judge(&checks, 40, at: 4) == .good(energyWattHours: 10_000_040))
    }
}
