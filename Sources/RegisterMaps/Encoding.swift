// The way back: which words a device that measures this value has in its registers. For simulated devices and tests.

extension RegisterValue {
    /// The words that say this value, positive towards the vehicle or load; what does not fit is brought to the nearest that
    /// does. `power` is the exponent that multiplies the raw value.
    public func encoded(_ value: Int64, power: Int = 0) -> [UInt16] {
        let within = min(max(value, range.lowerBound), range.upperBound)
        let directed = Int128(countsExport ? -within : within)
        let bits: UInt64
        switch type {
        case .float32: bits = UInt64(Float(raw(directed, power)).bitPattern)
        case .float64: bits = raw(directed, power).bitPattern
        case .decade24, .signedDecade24: bits = decade(directed, power)
        case .int16, .int32, .int64, .uint16, .uint32, .uint64:
            let width = 16 * type.registers
            let isSigned = type == .int16 || type == .int32 || type == .int64
            // The ends of a type may mean "not available".
            let most = (Int128(1) << (isSigned ? width - 1 : width)) - 2
            let least = isSigned ? -most : 0
            let nearest = min(max(whole(directed, power), least), most)
            let words = words(UInt64(truncatingIfNeeded: nearest))
            // At an end of the plausible range the nearest may lie beyond it.
            if (try? decoded(words, power: power)) != nil { return words }
            bits = UInt64(truncatingIfNeeded: nearest - nearest.signum())
        }
        return words(bits)
    }

    private func words(_ bits: UInt64) -> [UInt16] {
        let words = (0..<type.registers).map { UInt16(truncatingIfNeeded: bits >> (16 * $0)) }
        return order == .little ? words : words.reversed()
    }

    private var factor: Int128 { Int128(scaleMillionths) * Int128(unitSize) }
    private var share: Int128 { Int128(divisor) * 1_000_000 }

    private func raw(_ value: Int128, _ power: Int) -> Double {
        var raw = Double(value) * Double(share) / Double(factor)
        for _ in 0..<abs(power) { raw = power > 0 ? raw / 10 : raw * 10 }
        return raw
    }

    private func whole(_ value: Int128, _ power: Int) -> Int128 {
        var (above, below) = (value * share, factor)
        for _ in 0..<abs(power) {
            if power > 0 { below *= 10 } else { above *= 10 }
        }
        let half = above < 0 ? -below / 2 : below / 2
        return (above + half) / below
    }

    /// The finest decade in which the value fits its 24 bits.
    private func decade(_ value: Int128, _ power: Int) -> UInt64 {
        let most: Int128 = type == .decade24 ? 0xFF_FFFF : 0x7F_FFFF
        for exponent in -6...6 {
            let mantissa = whole(value, power + exponent)
            guard abs(mantissa) <= most else { continue }
            return UInt64(UInt8(bitPattern: Int8(exponent))) << 24
                | UInt64(truncatingIfNeeded: mantissa) & 0xFF_FFFF
        }
        return 0
    }
}

/// What a device measures and does, to be put into its registers.
public struct DeviceContent: Sendable {
    /// Its values, in base units; what is missing reads zero.
    public var values: [Quantity: Int64]
    /// Its serial number.
    public var serial: UInt64
    /// Whether a self-test runs.
    public var isTesting = false
    /// Whether it reports a fault of its own: the first that its map has a name for.
    public var hasFault = false

    /// These values.
    public init(_ values: [Quantity: Int64], serial: UInt64 = 0) {
        self.values = values
        self.serial = serial
    }
}

extension RegisterMap {
    /// The registers of a device of this map: by function, then by address. What no value, condition or number needs is
    /// left out and reads zero.
    public func registers(_ content: DeviceContent) -> [RegisterFunction: [UInt16: UInt16]] {
        var image: [RegisterFunction: [UInt16: UInt16]] = [:]
        func put(_ words: [UInt16], _ function: RegisterFunction, _ address: UInt16) {
            for (offset, word) in words.enumerated() {
                image[function, default: [:]][address &+ UInt16(truncatingIfNeeded: offset)] = word
            }
        }
        for value in values {
            let content = content.values[value.quantity] ?? 0
            var power = 0
            if let exponent = value.exponent {
                power = Self.finestPower(value)
                put([UInt16(bitPattern: Int16(power - exponent.plus))], value.function, exponent.address)
            }
            put(value.encoded(content, power: power), value.function, value.address)
        }
        for expectation in expectations {
            if let word = expectation.oneOf.first {
                put([word], expectation.block.function, expectation.block.address)
            }
        }
        if let number = serialNumber {
            put(Self.words(content.serial, number), number.block.function, number.block.address)
        }
        let states = conditions + (content.isTesting ? testRuns : []) + (content.hasFault ? hasFault : [])
        for condition in states {
            let before = image[condition.function]?[condition.address] ?? 0
            guard !condition.holds(for: before) else { continue }
            // A bit of the mask the other way is enough to be something else.
            let bits = condition.isNegated ? ~condition.equals : condition.equals
            put([before & ~condition.mask | bits & condition.mask], condition.function, condition.address)
        }
        if content.hasFault, let fault = faultBits.first {
            let before = image[fault.function]?[fault.address] ?? 0
            put([before | 1 << UInt16(fault.bit)], fault.function, fault.address)
        }
        return image
    }

    /// The smallest power of ten with which the whole plausible range fits.
    private static func finestPower(_ value: RegisterValue) -> Int {
        (-6...6).first { power in
            [value.range.lowerBound, value.range.upperBound].allSatisfy { bound in
                let back = try? value.decoded(value.encoded(bound, power: power), power: power)
                return back.map { abs($0 - bound) <= max(1, abs(bound) / 1_000) } ?? false
            }
        } ?? 0
    }

    private static func words(_ serial: UInt64, _ number: SerialNumber) -> [UInt16] {
        guard number.isText else {
            return (0..<number.block.count).reversed().map {
                $0 < 4 ? UInt16(truncatingIfNeeded: serial >> (16 * $0)) : 0
            }
        }
        var text = Array("\(serial)".utf8.prefix(2 * number.block.count))
        text += Array(repeating: 0x20, count: 2 * number.block.count - text.count)
        return stride(from: 0, to: text.count, by: 2).map { UInt16(text[$0]) << 8 | UInt16(text[$0 + 1]) }
    }
}
