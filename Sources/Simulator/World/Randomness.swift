// Chance from a seed: the same numbers on every machine, a stream of its own for every component.

/// A small generator (SplitMix64): enough for dice, never for keys.
public struct Randomness: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The stream of a seed.
    public init(seed: UInt64) { state = seed }

    /// The stream of one component: changing how often another draws does not move this one.
    public init(seed: UInt64, component: String) {
        var mixed = seed ^ 0x9E37_79B9_7F4A_7C15
        for byte in component.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        state = mixed
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
    public mutating func chance(_ part: Int64, in whole: Int64) -> Bool { number(in: 1...max(1, whole)) <= part }
}
