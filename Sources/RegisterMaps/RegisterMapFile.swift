// The format of a register map's file: each reader is its own description.

public import StrictYAML

/// The format of the files in `hardware/meters`.
public let registerMapDocument = DocumentKind<RegisterMap>(
    title: "Register map",
    summary: """
        What one kind of Modbus device says in which registers. Addresses are those on the wire, from 0: where a \
        manual prints 30001 or 40001 for the first one, subtract that.
        """,
    schemaIdentifier: "https://holdfast.example/schema/register-map.schema.json"
) { keys in
    let line = keys.optional(
        "serial", .record(readLine), default: "{}", "The factory setting of the device's serial line.")
    let registersAtMost = keys.optional(
        "registers_at_most", .integer(1...125), default: "125", "The most registers it hands over at once.")
    let conditions = Kind<[RegisterCondition]>.list(1...8, of: .record(readCondition))
    let map = RegisterMap(
        name: keys.required("name", .text(1...60, .name), "What profiles call it: the file's name."),
        title: keys.required("title", .text(1...100), "Maker and model."),
        kind: keys.required("kind", words(DeviceKind.allCases), "What kind of device."),
        sources: keys.required("sources", .list(1...8, of: .text(8...300)), "Where the map was published."),
        checked: keys.required("checked", .text(3...200), "Against what the map was checked."),
        baud: line.baud, parity: line.parity, stopBits: line.stopBits,
        unit: keys.optional("unit", .integer(1...247), default: "1", "Its factory unit number."),
        answersWithinMicroseconds: keys.optional(
            "answers_within", .duration(10_000...5_000_000), default: "500ms", "The longest it takes to answer."),
        registersAtMost: registersAtMost,
        step: keys.optional(
            "step", .integer(1...4), default: "1", "In which steps of registers requests may grow: 2 for pairs."),
        readable: keys.optional(
            "readable", .list(0...16, of: .record(readSpan)), default: "[]",
            "Registers that may be read in one go although not every one is used."),
        expectations: keys.optional(
            "expect", .list(0...4, of: .record(readExpectation)), default: "[]",
            "What makes sure that this is the device."),
        serialNumber: keys.optional("serial_number", .record(readSerialNumber), "Where its serial number is."),
        values: keys.required("values", .list(1...24, of: .record(readValue)), "The values."),
        conditions: keys.optional("only_if", conditions, "What must hold for the values to count.") ?? [],
        testRuns: keys.optional("test_runs_while", conditions, "While these hold, a self-test runs.") ?? [],
        hasFault: keys.optional("fault_if", conditions, "If these hold, the device reports a fault.") ?? [],
        faultBits: keys.optional(
            "fault_bits", .list(1...32, of: .record(readFaultBit)),
            "Status bits with a name: while any of them is set, the device reports that fault.") ?? [],
        rollsOverAtWattHours: keys.optional(
            "rolls_over_at", .quantity(.energy, 1_000...Int64.max / 4), "Where its import register begins anew."),
        ratedWatts: keys.required(
            "rated_power", .quantity(.power, 100...5_000_000), "More than this passes through no such device."),
        controls: keys.optional("controls", .record(readControls), default: "{}", "What is told to it."))
    check(map, keys)
    return map
}

/// Refuses what no device can be like.
private func check(_ map: RegisterMap, _ keys: RecordReader) {
    for (index, value) in map.values.enumerated()
    where map.values[..<index].contains(where: { $0.quantity == value.quantity }) {
        keys.refuse(
            "values", "\(value.quantity.rawValue) is there twice", expected: "each quantity once",
            remedy: "Remove one of them.")
    }
    for (index, fault) in map.faultBits.enumerated() {
        let before = map.faultBits[..<index]
        let isNamedTwice = before.contains { $0.name == fault.name }
        let isSameBit = before.contains {
            ($0.function, $0.address, $0.bit) == (fault.function, fault.address, fault.bit)
        }
        guard isNamedTwice || isSameBit else { continue }
        keys.refuse(
            "fault_bits",
            isNamedTwice
                ? "\(fault.name) is there twice" : "bit \(fault.bit) of register \(fault.address) has two names",
            expected: "each name and each bit once", remedy: "Remove one of them.")
    }
    let needed: [Quantity] =
        switch map.kind {
        case .dcMeter: [.voltage, .current, .energyImport]
        case .acMeter: [.energyImport]
        case .insulationMonitor: [.insulation, .voltage]
        case .powerStage: [.voltage, .current]
        case .thermometers: []
        }
    for quantity in needed where map.value(quantity) == nil {
        keys.refuse(
            "values", "\(quantity.rawValue) is missing", expected: "it in every \(map.kind.rawValue)",
            remedy: "Add it, or name another kind.")
    }
    if map.kind == .powerStage,
        map.controls.output == nil || map.controls.voltage == nil || map.controls.current == nil
    {
        keys.refuse(
            "controls", "a power stage that cannot be told", expected: "output, voltage and current",
            remedy: "Add them.")
    }
    if !keys.isDescribing, !map.values.isEmpty, !ReadPlan(map, map.values.map(\.quantity)).canAlternate {
        keys.refuse(
            "values", "every request would have the same length", expected: "two lengths at least",
            remedy:
                "Say under readable which further registers may be read: an answer that comes late is told by its length."
        )
    }
}

private struct LineSetting: Sendable {
    var baud: Int32
    var parity: String
    var stopBits: Int32
}

@Sendable private func readLine(_ keys: RecordReader) -> LineSetting {
    LineSetting(
        baud: keys.optional("baud", .integer(1_200...921_600), default: "9600", "Bits a second."),
        parity: keys.optional(
            "parity",
            .words(["none", "even", "odd"].map { WordMeaning($0, $0, "The guard bit.") }), default: "none",
            "The guard bit."),
        stopBits: keys.optional("stop_bits", .integer(1...2), default: "1", "Stop bits."))
}

private func words<Value: CaseIterable & RawRepresentable & Sendable>(_ values: Value.AllCases) -> Kind<Value>
where Value.RawValue == String {
    .words(values.map { WordMeaning($0.rawValue, $0, "As it says.") })
}

private let functionKind = Kind<RegisterFunction>.words([
    WordMeaning("input", .input, "Input registers, function 4, printed 3xxxx."),
    WordMeaning("holding", .holding, "Holding registers, function 3, printed 4xxxx."),
])
private let addressKind = Kind<UInt16>.integer(0...65_535)

private func readFunction(_ keys: RecordReader) -> RegisterFunction {
    keys.required("function", functionKind, "Which kind of register.")
}

@Sendable private func readSpan(_ keys: RecordReader) -> RegisterBlock {
    let function = readFunction(keys)
    let from = keys.required("from", addressKind, "The first address.")
    let to = keys.required("to", addressKind, "The last address.")
    if to < from {
        keys.refuse("to", "the last address is before the first", expected: "at least from", remedy: "Swap them.")
    }
    return RegisterBlock(function, from, count: max(1, Int(to) - Int(from) + 1))
}

@Sendable private func readExpectation(_ keys: RecordReader) -> RegisterMap.Expectation {
    RegisterMap.Expectation(
        block: RegisterBlock(readFunction(keys), keys.required("address", addressKind, "The register."), count: 1),
        oneOf: keys.required("one_of", .list(1...32, of: addressKind), "The values it may have."))
}

@Sendable private func readSerialNumber(_ keys: RecordReader) -> SerialNumber {
    SerialNumber(
        block: RegisterBlock(
            readFunction(keys), keys.required("address", addressKind, "The first register."),
            count: keys.required("registers", .integer(1...20), "How many registers.")),
        isText: keys.optional("text", .boolean, default: "false", "Whether they hold characters."))
}

@Sendable private func readCondition(_ keys: RecordReader) -> RegisterCondition {
    let function = readFunction(keys)
    let address = keys.required("address", addressKind, "The register.")
    let mask = keys.required("mask", Kind<UInt16>.integer(1...65_535), "The bits that count.")
    let (equals, isNegated) = keys.exactlyOne(
        "What the bits must be.",
        [
            Choice("is", addressKind, "What they must be.") { ($0, false) },
            Choice("is_not", addressKind, "What they must not be.") { ($0, true) },
        ])
    return RegisterCondition(function: function, address: address, mask: mask, equals: equals, isNegated: isNegated)
}

@Sendable private func readFaultBit(_ keys: RecordReader) -> FaultBit {
    FaultBit(
        name: keys.required("name", .text(1...40, .name), "What it says, such as over-temperature."),
        function: readFunction(keys), address: keys.required("address", addressKind, "The register."),
        bit: keys.required("bit", .integer(0...15), "Which bit, from 0, the least significant."))
}

@Sendable private func readSwitch(_ keys: RecordReader) -> ControlMap.Switch {
    keys.variant(
        "by", "What is written.",
        [
            Variant("coil", "A coil: 1 is on.") { .coil($0.required("address", addressKind, "The coil.")) },
            Variant("register", "A holding register.") {
                .register(
                    $0.required("address", addressKind, "The register."),
                    on: $0.required("on", addressKind, "What is on."),
                    off: $0.required("off", addressKind, "What is off."))
            },
        ])
}

private func readSetpoint(_ measure: Measure) -> @Sendable (RecordReader) -> ControlMap.Setpoint {
    { keys in
        ControlMap.Setpoint(
            address: keys.required("address", addressKind, "The holding register."),
            rawAtFull: keys.required("raw", Kind<UInt16>.integer(1...65_535), "The raw value at `full`."),
            full: keys.required("full", .quantity(measure, 1...2_000_000_000), "The physical value at `raw`."))
    }
}

private struct TestWrite: Sendable {
    var address: UInt16
    var value: UInt16
}

@Sendable private func readControls(_ keys: RecordReader) -> ControlMap {
    let test = keys.optional(
        "test",
        Kind<TestWrite>.record { keys in
            TestWrite(
                address: keys.required("address", addressKind, "The holding register."),
                value: keys.required("value", addressKind, "What is written."))
        }, "What starts a self-test.")
    return ControlMap(
        remote: keys.optional("remote", .record(readSwitch), "What hands the device over to the bus."),
        output: keys.optional("output", .record(readSwitch), "The output, or the measurement."),
        voltage: keys.optional("voltage", .record(readSetpoint(.voltage)), "Voltage to hold."),
        current: keys.optional("current", .record(readSetpoint(.current)), "Current to give at most."),
        test: test.map { ($0.address, $0.value) })
}
