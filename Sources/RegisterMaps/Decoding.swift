// From registers to whole numbers of a base unit, exactly where the device counts in whole numbers.

extension RegisterValue {
    /// The value in base units, positive towards the vehicle or load.
    func decoded(_ words: [UInt16], power: Int) throws(ValueProblem) -> Int64 {
        // No meter scales by more; a garbled exponent must not overflow.
        guard (-12...12).contains(power) else { throw .badExponent(quantity) }
        let bits = (order == .big ? words : words.reversed()).reduce(into: UInt64(0)) { $0 = $0 << 16 | UInt64($1) }
        switch type {
        case .float32: return try finite(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))), power)
        case .float64: return try finite(Double(bitPattern: bits), power)
        case .decade24, .signedDecade24:
            let decade = Int(Int8(truncatingIfNeeded: bits >> 24))
            guard (-12...12).contains(decade + power) else { throw .badExponent(quantity) }
            let low = UInt32(truncatingIfNeeded: bits) & 0xFF_FFFF
            // Shifting up and down again carries the sign of the 24 bits into the 32.
            let signed = Int32(bitPattern: low << 8) >> 8
            return try whole(type == .decade24 ? Int128(low) : Int128(signed), decade + power)
        case .int16, .int32, .int64, .uint16, .uint32, .uint64:
            let width = 16 * type.registers
            let isSigned = type == .int16 || type == .int32 || type == .int64
            let raw = isSigned ? Int128(Int64(bitPattern: bits << (64 - width)) >> (64 - width)) : Int128(bits)
            let bounds: (least: Int128, most: Int128) =
                isSigned
                ? (-(Int128(1) << (width - 1)), (Int128(1) << (width - 1)) - 1) : (0, (Int128(1) << width) - 1)
            if missing == .highest && raw == bounds.most || missing == .lowest && raw == bounds.least {
                throw .notAvailable(quantity)
            }
            return try whole(raw, power)
        }
    }

    private func whole(_ raw: Int128, _ power: Int) throws(ValueProblem) -> Int64 {
        var above = Int128(scaleMillionths) * Int128(unitSize)
        var below = Int128(divisor) * 1_000_000
        for _ in 0..<abs(power) {
            if power > 0 { above *= 10 } else { below *= 10 }
        }
        let (product, overflow) = raw.multipliedReportingOverflow(by: above)
        guard !overflow else { throw .outOfRange(quantity) }
        // Rounded to the nearest, halves away from zero.
        let half = product < 0 ? -below / 2 : below / 2
        return try ranged((product + half) / below)
    }

    private func finite(_ raw: Double, _ power: Int) throws(ValueProblem) -> Int64 {
        guard raw.isFinite else { throw .notFinite(quantity) }
        var scaled = raw * (Double(scaleMillionths) * Double(unitSize)) / (Double(divisor) * 1_000_000)
        for _ in 0..<abs(power) { scaled = power > 0 ? scaled * 10 : scaled / 10 }
        scaled = scaled.rounded(.toNearestOrAwayFromZero)
        // 2^62: far inside what Int64 holds, far beyond every range of a map.
        guard scaled.isFinite, abs(scaled) < 4.6e18 else { throw .outOfRange(quantity) }
        return try ranged(Int128(Int64(scaled)))
    }

    private func ranged(_ value: Int128) throws(ValueProblem) -> Int64 {
        let directed = countsExport ? -value : value
        guard directed >= Int128(range.lowerBound), directed <= Int128(range.upperBound) else {
            throw .outOfRange(quantity)
        }
        return Int64(directed)
    }
}
