// Fixed offsets, big-endian, checked: the only way bytes of a list become values and back.

/// Writes big-endian values one after the other.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []
    package init(capacity: Int) { bytes.reserveCapacity(capacity) }
    package mutating func put(_ more: [UInt8]) { bytes += more }
    package mutating func put<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
    }
    package mutating func pad(to length: Int) {
        if bytes.count < length { bytes += [UInt8](repeating: 0, count: length - bytes.count) }
    }
    /// Zeros, `count` of them.
    package mutating func zeros(_ count: Int) { pad(to: bytes.count + count) }
}

/// Reads big-endian values; past the end it reads zeros, so that no length from outside can trap.
package struct ByteReader {
    private let bytes: [UInt8]
    package private(set) var position: Int
    package init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }
    package mutating func u8() -> UInt8 { UInt8(truncatingIfNeeded: value(1)) }
    package mutating func u16() -> UInt16 { UInt16(truncatingIfNeeded: value(2)) }
    package mutating func u32() -> UInt32 { UInt32(truncatingIfNeeded: value(4)) }
    package mutating func u64() -> UInt64 { value(8) }
    package mutating func time() -> Int64 { Int64(bitPattern: value(8)) }
    package mutating func take(_ count: Int) -> [UInt8] {
        defer { position += count }
        return (0..<count).map { position + $0 < bytes.count ? bytes[position + $0] : 0 }
    }
    /// Whether the next bytes are all zero; steps over them.
    package mutating func zeros(_ count: Int) -> Bool { take(count).allSatisfy { $0 == 0 } }
    private mutating func value(_ count: Int) -> UInt64 {
        defer { position += count }
        var result: UInt64 = 0
        for offset in 0..<count {
            result = result << 8 | UInt64(position + offset < bytes.count ? bytes[position + offset] : 0)
        }
        return result
    }
}

/// The 16 bytes that stand for a token in a list: two numbers, so that comparing allocates nothing.
package struct Tag: Hashable, Comparable, Sendable {
    package var high: UInt64
    package var low: UInt64
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
    /// The tag at an offset, which the caller has checked to lie 16 bytes before the end.
    package init(_ bytes: [UInt8], at offset: Int) {
        (high, low) = bytes.withUnsafeBytes { raw in
            (
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
            )
        }
    }
    package static func < (left: Tag, right: Tag) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
    /// Its 16 bytes.
    package var bytes: [UInt8] {
        var out = ByteWriter(capacity: 16)
        out.put(high)
        out.put(low)
        return out.bytes
    }
}

/// Whether all the bytes in a range are zero.
func areZero(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    bytes.withUnsafeBytes { raw in raw[range].allSatisfy { $0 == 0 } }
}
