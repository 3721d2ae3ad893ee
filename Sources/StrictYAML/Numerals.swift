// Digits into integers, exactly: no number of a document ever passes through floating point.

/// Reads and writes decimal digits.
enum Numerals {
    /// The digits of a plain scalar; nil, and reported, for anything else.
    static func plain(_ tree: Tree, _ reading: Reading, _ path: String, _ expected: String) -> String? {
        switch tree.content {
        case .scalar(let text, .plain) where !text.isEmpty: return text
        case .scalar(let text, .byTable): return text
        case .scalar(_, .quoted):
            reading.report(
                .wrongType, tree, path, expected: expected, remedy: "Write the number without quotes.")
        default:
            reading.report(.wrongType, tree, path, expected: expected)
        }
        return nil
    }

    /// Whether this is a whole number as every reader of YAML takes it: octal, hexadecimal, underscores and a plus
    /// sign are not.
    static func isWhole(_ text: String) -> Bool {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard let first = digits.first, digits.allSatisfy(isDigit) else { return false }
        return first != UInt8(ascii: "0") || digits.count == 1
    }

    /// `digits` (with or without a point and decimals) times `scale`; nil if that is not a whole number that fits.
    static func scaled(_ digits: String, by scale: Int64) -> Int64? {
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, isWhole(String(whole)) else { return nil }
        let isNegative = whole.utf8.first == UInt8(ascii: "-")
        let decimals = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !decimals.isEmpty, decimals.utf8.count <= 18,
            decimals.utf8.allSatisfy(isDigit), let units = Int64(whole)
        else { return nil }
        let (large, overflow) = units.multipliedReportingOverflow(by: scale)
        guard !overflow, let divisor = powerOfTen(decimals.utf8.count) else { return nil }
        let (product, tooLarge) = (Int64(decimals.isEmpty ? "0" : decimals) ?? 0).multipliedReportingOverflow(
            by: scale)
        guard !tooLarge, product % divisor == 0 else { return nil }
        let small = product / divisor
        let (sum, wraps) =
            isNegative ? large.subtractingReportingOverflow(small) : large.addingReportingOverflow(small)
        return wraps ? nil : sum
    }

    /// A whole number of the last decimal's units, with its point: the reverse of `scaled`.
    static func written(_ value: Int64, places: Int) -> String {
        guard let scale = powerOfTen(places), scale > 1 else { return String(value) }
        let magnitude = value.magnitude
        let sign = value < 0 ? "-" : ""
        let whole = magnitude / scale.magnitude
        let rest = magnitude % scale.magnitude
        guard rest > 0 else { return sign + String(whole) }
        var decimals = String(rest)
        decimals = String(repeating: "0", count: places - decimals.utf8.count) + decimals
        while decimals.last == "0" { decimals.removeLast() }
        return sign + String(whole) + "." + decimals
    }

    /// Ten to the power of `exponent`, 0...18; nil outside.
    static func powerOfTen(_ exponent: Int) -> Int64? {
        guard (0...18).contains(exponent) else { return nil }
        return (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
