// The checksum of flight records: CRC-32 as in Ethernet and zlib, here to notice torn writes and not attackers.

/// CRC-32 (polynomial 0xEDB88320, reflected).
struct Checksum {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
    }
    private var state: UInt32 = .max

    /// The sum of what was absorbed so far.
    var value: UInt32 { ~state }

    mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes { absorb(byte) }
    }

    mutating func absorb(_ word: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { absorb(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
    }

    private mutating func absorb(_ byte: UInt8) {
        state = (state >> 8) ^ Self.table[Int(UInt8(truncatingIfNeeded: state) ^ byte)]
    }
}
