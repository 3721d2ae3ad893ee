// Writes events and actions as bytes into a buffer that is used again and again.

/// An append-only buffer of encoded values. It allocates nothing once its buffer has grown to what a turn needs.
public struct CanonicalWriter: CanonicalSink, Sendable {
    /// What has been written since the buffer was last emptied.
    public private(set) var bytes: [UInt8] = []

    /// An empty buffer with room for `capacity` bytes. An event takes 15 to 40, a configuration about 350.
    public init(capacity: Int = 4_096) { bytes.reserveCapacity(capacity) }

    /// Empties the buffer and keeps its room.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Writes the version of the encoding: the first byte of a recording.
    public mutating func appendVersion() { bytes.append(CanonicalCoding.version) }

    /// Writes an event and the instant at which it was handed in.
    public mutating func append(_ event: Event, at instant: Instant) {
        instant.encode(into: &self)
        event.encode(into: &self)
    }

    /// Writes an instant by itself, as every event begins with one.
    public mutating func append(_ instant: Instant) { instant.encode(into: &self) }

    /// Writes an action.
    public mutating func append(_ action: Action) { action.encode(into: &self) }

    /// Writes a configuration: what a replay begins with.
    public mutating func append(_ configuration: PostConfiguration) { configuration.encode(into: &self) }

    /// Writes a number, in as few bytes as it needs.
    public mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes a number of either sign, in as few bytes as it needs.
    public mutating func signed(_ value: Int64) { value.encode(into: &self) }

    /// Writes eight bytes, the lowest first.
    public mutating func word(_ value: UInt64) {
        var rest = value
        for _ in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}
