// Reads encoded values from bytes that may be anything.

/// Reads what `CanonicalWriter` wrote, and refuses everything else with a reason and an offset.
public struct CanonicalReader: Sendable {
    private let bytes: [UInt8]
    /// The offset of the next byte.
    public private(set) var offset: Int

    /// A reader of these bytes from `offset` on; an offset outside them counts as their end.
    public init(_ bytes: [UInt8], offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset < 0 || offset > bytes.count ? bytes.count : offset
    }

    /// Whether every byte has been read.
    public var isAtEnd: Bool { offset >= bytes.count }

    /// Reads the version and refuses another than this program's.
    public mutating func readVersion() throws(CanonicalError) {
        let start = offset
        guard try byte() == CanonicalCoding.version else { throw CanonicalError(.otherVersion, at: start) }
    }

    /// Reads an event and its instant.
    public mutating func readEvent() throws(CanonicalError) -> (event: Event, at: Instant) {
        let instant: Instant = try take()
        return (try take(), instant)
    }

    /// Reads an action.
    public mutating func readAction() throws(CanonicalError) -> Action { try take() }

    /// Reads a configuration.
    public mutating func readConfiguration() throws(CanonicalError) -> PostConfiguration { try take() }

    /// Reads a number.
    public mutating func number() throws(CanonicalError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            let bits = UInt64(next & 0x7F)
            // The tenth byte holds the 64th bit and nothing more.
            guard shift < 63 || (shift == 63 && bits <= 1) else { throw CanonicalError(.outOfRange, at: start) }
            value |= bits << shift
            if next & 0x80 == 0 {
                guard next != 0 || shift == 0 else { throw CanonicalError(.notMinimal, at: start) }
                return value
            }
            shift += 7
        }
    }

    /// Reads a number of either sign.
    public mutating func signed() throws(CanonicalError) -> Int64 { try take() }

    /// Reads eight bytes, the lowest first.
    public mutating func word() throws(CanonicalError) -> UInt64 {
        guard bytes.count - offset >= 8 else { throw CanonicalError(.tooShort, at: bytes.count) }
        var value: UInt64 = 0
        for position in 0..<8 { value |= UInt64(bytes[offset + position]) << UInt64(8 * position) }
        offset += 8
        return value
    }

    private mutating func byte() throws(CanonicalError) -> UInt8 {
        guard offset < bytes.count else { throw CanonicalError(.tooShort, at: bytes.count) }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// Reads a value of the type that is asked for.
    mutating func take<Value: Canonical>() throws(CanonicalError) -> Value { try Value.decode(from: &self) }

    /// Reads the number of a case.
    mutating func code<Code: RawRepresentable<UInt8>>(_ type: Code.Type) throws(CanonicalError) -> Code {
        let start = offset
        guard let raw = UInt8(exactly: try number()), let code = Code(rawValue: raw) else {
            throw CanonicalError(.unknownCase, at: start)
        }
        return code
    }

    /// Reads a number that must fit `Value`.
    mutating func fitting<Value: FixedWidthInteger>(_ type: Value.Type) throws(CanonicalError) -> Value {
        let start = offset
        guard let value = Value(exactly: try number()) else { throw CanonicalError(.outOfRange, at: start) }
        return value
    }

    /// Reads a folded signed number that must fit `Value`.
    mutating func fittingSigned<Value: FixedWidthInteger>(_ type: Value.Type) throws(CanonicalError) -> Value {
        let start = offset
        let folded = try number()
        let signed = Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
        guard let value = Value(exactly: signed) else { throw CanonicalError(.outOfRange, at: start) }
        return value
    }
}
