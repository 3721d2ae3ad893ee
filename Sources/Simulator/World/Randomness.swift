// Chance from a seed: the same numbers on every machine, a stream of its own for every component.

/// A small generator (SplitMix64, Steele, Lea and Flood 2014): enough for dice, never for keys.
///
/// Chances are ratios of whole numbers, so no rounding differs between processors.
public struct Randomness: Sendable {
    private var state: UInt64

    /// The stream of a seed.
    public init(seed: UInt64) { state = seed }

    /// The stream of one component of a seed's world. How often another component draws does not move this one.
    ///
    /// - Parameters:
    ///   - seed: The seed of the world.
    ///   - component: The component's name.
    ///   - index: Its number among its like.
    public init(seed: UInt64, component: StaticString, index: Int = 0) {
        var mixed = seed ^ 0xCBF2_9CE4_8422_2325
        component.withUTF8Buffer { bytes in
            for byte in bytes { mixed = (mixed ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        mixed ^= UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15
        state = mixed
        state = next()
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A whole number in the range, both ends included.
    public mutating func number(in range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(bitPattern: range.upperBound &- range.lowerBound) &+ 1
        guard width != 0 else { return Int64(bitPattern: next()) }
        return range.lowerBound &+ Int64(bitPattern: next().multipliedFullWidth(by: width).high)
    }

    /// Whether a chance of `part` in `whole` came true.
    public mutating func chance(_ part: Int64, in whole: Int64) -> Bool {
        number(in: 1...max(1, whole)) <= part
    }
}
