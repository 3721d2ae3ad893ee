// A 64-bit hash of everything a post was told and did: equal runs, equal numbers.

/// The rolling hash of events and actions, over the same numbers that the canonical encoding writes.
///
/// Equal for equal runs in every build and process, on every processor. It tells accidents apart, not forgeries.
public struct RollingHash: CanonicalSink, Hashable, Sendable {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The hash of nothing.
    public init() {}

    /// Takes in an event and the instant at which it was handed in.
    public mutating func absorb(_ event: Event, at instant: Instant) {
        word(Self.eventMark)
        instant.encode(into: &self)
        event.encode(into: &self)
    }

    /// Takes in an action.
    public mutating func absorb(_ action: Action) {
        word(Self.actionMark)
        action.encode(into: &self)
    }

    /// Takes in the hash of a part: of one life of a process, of one post of a site.
    public mutating func absorb(part: UInt64) { word(part) }

    /// The hash of everything so far.
    public var value: UInt64 {
        var mixed = state
        mixed ^= mixed >> 32
        mixed &*= 0xD6E8_FEB8_6659_FD93
        mixed ^= mixed >> 32
        mixed &*= 0xD6E8_FEB8_6659_FD93
        return mixed ^ (mixed >> 32)
    }

    // An event and an action of equal numbers must not hash alike.
    private static let eventMark: UInt64 = 0x0045_7665_6E74
    private static let actionMark: UInt64 = 0x4163_7469_6F6E

    @inline(__always)
    mutating func number(_ value: UInt64) { word(value) }

    // Every step is a bijection of the state, so nothing taken in is ever forgotten. The first product does not wait
    // for the state: a step costs a rotation, a product and two additions.
    @inline(__always)
    mutating func word(_ value: UInt64) {
        let mixed = state ^ (value &* 0x9E37_79B1_85EB_CA87)
        state = ((mixed << 31) | (mixed >> 33)) &* 0xC2B2_AE3D_27D4_EB4F &+ 0x1656_67B1_9E37_79F9
    }
}
