// Numbers and truth values.

extension Kind where Value: FixedWidthInteger {
    /// A whole number in that range, in decimal digits without quotes. `unit` is for people; it belongs in the key's
    /// name too.
    public static func integer(_ range: ClosedRange<Value>, unit: String? = nil) -> Kind {
        let shape = Shape.integer(
            minimum: String(range.lowerBound), maximum: String(range.upperBound), unit: unit)
        return Kind(
            shape: { shape }, standIn: { range.lowerBound },
            read: { tree, reading, path in
                guard let digits = Numerals.plain(tree, reading, path, shape.expected) else { return nil }
                guard Numerals.isWhole(digits) else {
                    reading.report(
                        .wrongType, tree, path, expected: shape.expected,
                        remedy: "Write decimal digits only: no unit, no point, no leading zero, no separators.")
                    return nil
                }
                guard let value = Value(digits), range.contains(value) else {
                    reading.report(.badValue, tree, path, expected: shape.expected)
                    return nil
                }
                return value
            })
    }
}

extension Kind where Value == Int64 {
    /// A number with at most that many decimals, read exactly into whole units of the last decimal: with three
    /// places `62.5` is 62,500. `range` is in those small units; `unit` names the large one.
    public static func decimal(places: Int, _ range: ClosedRange<Int64>, unit: String? = nil) -> Kind {
        let shape = Shape.decimal(
            minimum: Numerals.written(range.lowerBound, places: places),
            maximum: Numerals.written(range.upperBound, places: places), places: places, unit: unit)
        return Kind(
            shape: { shape }, standIn: { range.lowerBound },
            read: { tree, reading, path in
                guard let digits = Numerals.plain(tree, reading, path, shape.expected) else { return nil }
                guard let scale = Numerals.powerOfTen(places), let value = Numerals.scaled(digits, by: scale) else {
                    reading.report(
                        .wrongType, tree, path, expected: shape.expected,
                        remedy: "Write decimal digits, with a point and at most \(places) decimals; no unit.")
                    return nil
                }
                guard range.contains(value) else {
                    reading.report(.badValue, tree, path, expected: shape.expected)
                    return nil
                }
                return value
            })
    }
}

extension Kind where Value == Bool {
    /// `true` or `false`, and no other spelling.
    public static var boolean: Kind {
        Kind(
            shape: { .boolean }, standIn: { false },
            read: { tree, reading, path in
                switch tree.content {
                case .scalar("true", .plain), .scalar("true", .byTable): return true
                case .scalar("false", .plain), .scalar("false", .byTable): return false
                default:
                    reading.report(
                        .wrongType, tree, path, expected: "true or false",
                        remedy: "Write true or false, without quotes.")
                    return nil
                }
            })
    }
}
