// The one byte encoding of events and actions: its version, its rules, and what can be wrong with bytes.

/// The byte encoding that hash, recorder and replay share.
///
/// A value is the number of its case, if it has cases, followed by its fields in the order in which they are declared:
/// - unsigned numbers: seven bits a byte, the lowest first, the top bit set on all but the last byte, no byte more than
///   needed;
/// - signed numbers: folded to 0, -1, 1, -2 ... and then the same;
/// - random words (token names, groups, serial numbers): eight bytes, the lowest first;
/// - optionals: 0, or 1 and the value; lists: a count and the elements.
///
/// A value has one encoding only, so equal values are equal bytes on every machine. Numbers of cases are never reused;
/// a change of any number or order raises `version`.
public enum CanonicalCoding {
    /// The version of the encoding; a recording carries it in its first byte.
    public static let version: UInt8 = 7
    /// The most elements of a list that a reader accepts. Engineering default: 64, far beyond any post.
    public static let listAtMost: UInt64 = 64
}

/// Why bytes are not an encoded value. Bytes from outside may be anything: none of them traps.
public struct CanonicalError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: UInt8, CaseIterable, Sendable {
        /// The bytes end within a value.
        case tooShort
        /// No case has that number.
        case unknownCase
        /// A number does not fit its field.
        case outOfRange
        /// A number takes more bytes than it needs, so it was not written by this encoding.
        case notMinimal
        /// A list is longer than `CanonicalCoding.listAtMost`.
        case tooMany
        /// The bytes were written by another version.
        case otherVersion
    }

    /// What is wrong.
    public var reason: Reason
    /// Where: the offset of the first byte that was not understood.
    public var offset: Int

    /// That reason at that offset.
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension CanonicalError: CustomStringConvertible {
    /// One sentence: what, where, what to do.
    public var description: String {
        switch reason {
        case .tooShort: "The recording ends within a value at byte \(offset); use what came before."
        case .unknownCase:
            "Byte \(offset) names a case that this version does not have; the bytes are damaged or newer."
        case .outOfRange: "The number at byte \(offset) does not fit its field; the bytes are damaged."
        case .notMinimal: "The number at byte \(offset) is longer than needed; the bytes are damaged."
        case .tooMany: "The list at byte \(offset) is longer than any post's; the bytes are damaged."
        case .otherVersion:
            "Byte \(offset) is not version \(CanonicalCoding.version); read it with the program that wrote it."
        }
    }
}

/// Where encoded numbers go: a buffer of bytes or a hash.
protocol CanonicalSink {
    /// Takes a number that is usually small.
    mutating func number(_ value: UInt64)
    /// Takes a number whose bits are random.
    mutating func word(_ value: UInt64)
}

/// A value that has a canonical encoding.
protocol Canonical {
    /// Gives its numbers to `sink`, in order.
    func encode(into sink: inout some CanonicalSink)
    /// Reads what `encode` wrote.
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Self
}

extension CanonicalSink {
    /// The number of a case without fields.
    @inline(__always)
    mutating func put(_ code: some RawRepresentable<UInt8>) { number(UInt64(code.rawValue)) }

    /// The number of a case and its field.
    @inline(__always)
    mutating func put(_ code: some RawRepresentable<UInt8>, _ first: some Canonical) {
        number(UInt64(code.rawValue))
        first.encode(into: &self)
    }

    /// The number of a case and its two fields.
    @inline(__always)
    mutating func put(_ code: some RawRepresentable<UInt8>, _ first: some Canonical, _ second: some Canonical) {
        put(code, first)
        second.encode(into: &self)
    }

    /// The number of a case and its three fields.
    @inline(__always)
    mutating func put(
        _ code: some RawRepresentable<UInt8>, _ first: some Canonical, _ second: some Canonical,
        _ third: some Canonical
    ) {
        put(code, first, second)
        third.encode(into: &self)
    }

    /// The number of a case and its four fields.
    @inline(__always)
    mutating func put(
        _ code: some RawRepresentable<UInt8>, _ first: some Canonical, _ second: some Canonical,
        _ third: some Canonical, _ fourth: some Canonical
    ) {
        put(code, first, second, third)
        fourth.encode(into: &self)
    }
}
