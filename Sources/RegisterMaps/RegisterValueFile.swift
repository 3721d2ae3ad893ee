// One value of a register map, as it is written in its file.

import StrictYAML

private let addressKind = Kind<UInt16>.integer(0...65_535)

/// The units that manuals use, each of one measure.
private let unitNames = [
    "mV", "V", "kV", "mA", "A", "kA", "W", "kW", "MW", "Wh", "kWh", "MWh", "mHz", "Hz", "mdegC", "degC",
    "ohm", "kohm", "Mohm",
]

@Sendable func readValue(_ keys: RecordReader) -> RegisterValue {
    let quantity = keys.required(
        "quantity", .words(Quantity.allCases.map { WordMeaning($0.rawValue, $0, "As it says.") }), "What it tells.")
    let unit = keys.required(
        "unit", .words(unitNames.map { WordMeaning($0, $0, "As it says.") }),
        "The unit in which the manual gives it.")
    let size = quantity.measure.units.first { $0.symbol == unit }?.size
    if size == nil {
        keys.refuse(
            "unit", "\(unit) is no unit of \(quantity.rawValue)",
            expected: "one of \(quantity.measure.units.map(\.symbol).joined(separator: ", "))",
            remedy: "Name the unit that the manual gives.")
    }
    let least = readBound(keys, "least", quantity, "Less than this is refused.")
    let most = readBound(keys, "most", quantity, "More than this is refused.")
    if least > most, !keys.isDescribing {
        keys.refuse("most", "most is less than least", expected: "at least least", remedy: "Swap them.")
    }
    let positive = keys.optional(
        "positive",
        .words([
            WordMeaning("import", false, "Positive flows to the vehicle or load."),
            WordMeaning("export", true, "Positive flows from the vehicle or load."),
        ]), default: "import", "Which way a positive raw value flows.")
    if positive, !quantity.hasDirection, !keys.isDescribing {
        keys.refuse(
            "positive", "\(quantity.rawValue) has no direction", expected: "no such key", remedy: "Remove it.")
    }
    return RegisterValue(
        quantity: quantity,
        function: keys.required(
            "function",
            .words([
                WordMeaning("input", RegisterFunction.input, "Function 4."),
                WordMeaning("holding", .holding, "Function 3."),
            ]), "Which kind of register."),
        address: keys.required("address", addressKind, "The first register's address on the wire."),
        type: keys.required(
            "type", .words(RegisterType.allCases.map { WordMeaning($0.rawValue, $0, "As it says.") }),
            "How it lies there."),
        order: keys.optional(
            "word_order",
            .words([
                WordMeaning("big", WordOrder.big, "The most significant register first."),
                WordMeaning("little", .little, "The least significant register first."),
            ]), default: "big", "Which register comes first."),
        scaleMillionths: keys.optional(
            "scale", .decimal(places: 6, 1...1_000_000_000_000), default: "1", "Units in one raw unit."),
        divisor: keys.optional("divisor", .integer(1...1_000_000), default: "1", "By which it is divided as well."),
        unitSize: size ?? 1,
        exponent: keys.optional(
            "exponent",
            .record { keys in
                RegisterValue.Exponent(
                    address: keys.required("address", addressKind, "The register, two's complement."),
                    plus: keys.optional("plus", .integer(-9...9), default: "0", "What is added to it."))
            }, "A register whose value is a power of ten that multiplies the raw value."),
        countsExport: positive,
        missing: keys.optional(
            "not_available",
            .words([
                WordMeaning("none", RegisterValue.Missing.none, "Every raw value means what it says."),
                WordMeaning("highest", .highest, "The type's highest value means: not available."),
                WordMeaning("lowest", .lowest, "The type's lowest value means: not available."),
            ]), default: "none", "A raw value that means: not available."),
        range: least <= most ? least...most : most...least)
}

private func readBound(_ keys: RecordReader, _ key: String, _ quantity: Quantity, _ summary: String) -> Int64 {
    let text = keys.required(key, .text(1...30), summary + " A number with its unit.")
    guard let bound = quantity.measure.parsed(text) else {
        let units = quantity.measure.units.map(\.symbol).joined(separator: ", ")
        keys.refuse(
            key, "\"\(text)\" is no \(quantity.measure.name.split(separator: " ").last ?? "value")",
            expected: "a number with its unit (\(units))",
            remedy: "Write it as in \(quantity.measure.written(1_000)).")
        return 0
    }
    return bound
}
