// Quantities that carry their unit in the value: `500ms`, `50 kW`.

/// A kind of quantity and the units it may be written in.
public struct Measure: Hashable, Sendable {
    /// A unit as it is written, and how many of the base unit it makes.
    public struct Unit: Hashable, Sendable {
        /// As written after the number.
        public var symbol: String
        /// How many base units one of these is.
        public var size: Int64

        /// A unit of that symbol and size.
        public init(_ symbol: String, _ size: Int64) {
            self.symbol = symbol
            self.size = size
        }
    }

    /// What is measured, with its article: "a duration".
    public var name: String
    /// The units, smallest first.
    public var units: [Unit]

    /// A measure of that name in those units, smallest first.
    public init(_ name: String, _ units: [Unit]) {
        self.name = name
        self.units = units
    }

    /// Time, read into microseconds.
    public static let duration = Measure(
        "a duration",
        [
            Unit("us", 1), Unit("ms", 1_000), Unit("s", 1_000_000), Unit("m", 60_000_000), Unit("h", 3_600_000_000),
            Unit("d", 86_400_000_000),
        ])
    /// Electrical tension, read into millivolts.
    public static let voltage = Measure("a voltage", [Unit("mV", 1), Unit("V", 1_000), Unit("kV", 1_000_000)])
    /// Electrical current, read into milliamperes.
    public static let current = Measure("a current", [Unit("mA", 1), Unit("A", 1_000), Unit("kA", 1_000_000)])
    /// Power, read into watts.
    public static let power = Measure("a power", [Unit("W", 1), Unit("kW", 1_000), Unit("MW", 1_000_000)])
    /// Energy, read into watt-hours.
    public static let energy = Measure("an energy", [Unit("Wh", 1), Unit("kWh", 1_000), Unit("MWh", 1_000_000)])
    /// Electrical resistance, read into ohms.
    public static let resistance = Measure(
        "a resistance", [Unit("ohm", 1), Unit("kohm", 1_000), Unit("Mohm", 1_000_000)])

    /// Memory, read into mebibytes.
    public static let memory = Measure("an amount of memory", [Unit("MiB", 1), Unit("GiB", 1_024)])

    /// The largest unit in which `value` is whole, as it would be written.
    public func written(_ value: Int64) -> String {
        guard let unit = units.last(where: { value != 0 && value % $0.size == 0 }) ?? units.first else {
            return String(value)
        }
        return String(value / unit.size) + unit.symbol
    }

    /// The quantity in base units; nil if it is not a number with a known unit, or not a whole number of base
    /// units.
    public func parsed(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
        let rest = text.dropFirst(digits.count)
        let symbol = rest.first == " " ? rest.dropFirst() : rest
        guard let unit = units.first(where: { $0.symbol == symbol }) else { return nil }
        return Numerals.scaled(String(digits), by: unit.size)
    }

    /// The pattern that JSON Schema readers check.
    var pattern: String {
        "^-?(0|[1-9][0-9]*)(\\.[0-9]+)? ?(\(units.map(\.symbol).joined(separator: "|")))$"
    }
}

extension Kind where Value == Int64 {
    /// A number with its unit, such as `500ms` or `62.5 kWh`, in base units of the measure; `range` is in base
    /// units.
    public static func quantity(_ measure: Measure, _ range: ClosedRange<Int64>) -> Kind {
        let symbols = measure.units.map(\.symbol).joined(separator: ", ")
        let expected =
            "\(measure.name) from \(measure.written(range.lowerBound)) to \(measure.written(range.upperBound))"
        let shape = Shape.text(
            minimum: 2, maximum: 32, pattern: measure.pattern, expected: expected,
            example: measure.written(range.upperBound))
        return Kind(
            shape: { shape }, standIn: { range.lowerBound },
            read: { tree, reading, path in
                guard case .scalar(let text, _) = tree.content, let value = measure.parsed(text) else {
                    reading.report(
                        .wrongType, tree, path, expected: expected,
                        remedy:
                            "Write a number with its unit (\(symbols)), as in \(measure.written(range.upperBound))."
                    )
                    return nil
                }
                guard range.contains(value) else {
                    reading.report(.badValue, tree, path, expected: expected)
                    return nil
                }
                return value
            })
    }

    /// A time such as `500ms`, `12s`, `30m`, `2h` or `30d`, in microseconds; `range` is in microseconds too.
    public static func duration(_ range: ClosedRange<Int64>) -> Kind { quantity(.duration, range) }
}
