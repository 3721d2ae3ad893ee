// Quantities for people: as scenario files write them where that is short, rounded to three decimals where it is a row of digits.

import StrictYAML

/// More digits than this are no longer read at a glance.
private let digitsAtMost = 4

/// A duration in microseconds.
func spoken(_ microseconds: Int64) -> String {
    let exact = Measure.duration.written(microseconds)
    guard exact.count(where: \.isNumber) > digitsAtMost, microseconds >= 3_600_000_000 else {
        return spoken(microseconds, Measure.durationUpToSeconds, exact)
    }
    let (seconds, minutes) = (microseconds / 1_000_000 % 60, microseconds / 60_000_000 % 60)
    return "\(microseconds / 3_600_000_000)h \(minutes)m \(seconds)s"
}

/// A quantity in base units of its measure.
func spoken(_ value: Int64, _ measure: Measure) -> String { spoken(value, measure, measure.written(value)) }

private func spoken(_ value: Int64, _ measure: Measure, _ exact: String) -> String {
    guard exact.count(where: \.isNumber) > digitsAtMost,
        let unit = measure.units.last(where: { value >= $0.size }), unit.size >= 1_000
    else { return exact }
    let thousandths = (value + unit.size / 2_000) / (unit.size / 1_000)
    let decimals = "\(1_000 + thousandths % 1_000)".dropFirst()
    let rest = String(decimals.reversed().drop { $0 == "0" }.reversed())
    return "\(thousandths / 1_000)" + (rest.isEmpty ? "" : ".\(rest)") + unit.symbol
}

extension Measure {
    /// People count seconds with decimals, and minutes without.
    fileprivate static let durationUpToSeconds = Measure(
        duration.name, duration.units.filter { $0.size <= 1_000_000 })
}
