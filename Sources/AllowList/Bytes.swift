// Fixed offsets, big-endian, checked: the only way bytes of a list become values and back.

/// Writes big-endian values one after the other.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []
    init(capacity: Int) { bytes.reserveCapacity(capacity) }
    mutating func put(_ more: [UInt8]) { bytes += more }
    mutating func put<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
    }
    mutating func pad(to length: Int) {
        if bytes.count < length { bytes += [UInt8](repeating: 0, count: length - bytes.count) }
    }
}

/// Reads big-endian values; past the end it reads zeros, so that no length from outside can trap.
struct ByteReader {
    private let bytes: [UInt8]
    private var position: Int
    init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }
    mutating func u16() -> UInt16 { UInt16(truncatingIfNeeded: value(2)) }
    mutating func u32() -> UInt32 { UInt32(truncatingIfNeeded: value(4)) }
    mutating func u64() -> UInt64 { value(8) }
    mutating func take(_ count: Int) -> [UInt8] {
        defer { position += count }
        return (0..<count).map { position + $0 < bytes.count ? bytes[position + $0] : 0 }
    }
    private mutating func value(_ count: Int) -> UInt64 {
        defer { position += count }
        var result: UInt64 = 0
        for offset in 0..<count {
            result = result << 8 | UInt64(position + offset < bytes.count ? bytes[position + offset] : 0)
        }
        return result
    }
}
