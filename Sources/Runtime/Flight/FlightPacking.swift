// Packs a block of a recording to a tenth of its size: what changed since the last event of its kind, deflated by zlib.

import CZlib
import Post

/// What one block of a recording holds, whether it lies in a ring or packed in a file.
struct FlightContent: Hashable {
    /// The number of the block, from 1.
    var sequence: UInt64
    /// Its records.
    var records: [FlightRecord] = []
    /// Whether a record that was torn, or damaged, follows them.
    var isTorn = false
    /// Whether it was packed whole and cannot be unpacked: its records are lost, and how many there were.
    var isDamaged = false
}

/// A packed block, a *frame*: sequence (UInt64), count of the packed bytes (UInt32), checksum of sequence and packed bytes
/// (UInt32), and the packed bytes, little-endian throughout.
///
/// Readings come often and differ little from the ones before. An event is written as the differences of its numbers to
/// those of the last event of the same kind and place in the same block; zlib makes little of many small numbers. Each
/// frame is read by itself: a damaged one costs its own records and no others.
enum FlightPacking {
    static let frameHeader = 16
    /// zlib's own default, 6: measured on a charge it packs as small as 9 does, within 3 %.
    private static let effort: Int32 = 6
    /// A record in its plain form is no longer than in a block, and a block is no longer than this.
    private static let contentAtMost = 2 * FlightFormat.blockSize

    /// The longest frame: what zlib makes at most of the longest plain form (its manual's bound, rounded up), and the header.
    static let frameAtMost = contentAtMost + contentAtMost / 500 + 64 + frameHeader

    /// The frame of a block; nil only if zlib has no memory.
    static func frame(of content: FlightContent) -> [UInt8]? {
        var writer = FlightPackingWriter()
        let plain = writer.write(content)
        var packed = [UInt8](repeating: 0, count: Int(compressBound(uLong(plain.count))))
        var count = uLongf(packed.count)
        guard compress2(&packed, &count, plain, uLong(plain.count), effort) == Z_OK else { return nil }
        packed.removeLast(packed.count - Int(count))
        var frame: [UInt8] = []
        frame.reserveCapacity(frameHeader + packed.count)
        append(content.sequence, bytes: 8, to: &frame)
        append(UInt64(packed.count), bytes: 4, to: &frame)
        append(UInt64(checksum(content.sequence, packed[...])), bytes: 4, to: &frame)
        return frame + packed
    }

    /// Where the frame at an offset ends, and its sequence; nil where none lies or it is damaged.
    static func extent(of bytes: [UInt8], at offset: Int) -> (sequence: UInt64, end: Int)? {
        guard let end = claimedEnd(of: bytes, at: offset) else { return nil }
        let sequence = number(bytes, offset, 8)
        let sum = checksum(sequence, bytes[(offset + frameHeader)..<end])
        guard sequence != 0, UInt64(sum) == number(bytes, offset + 12, 4) else { return nil }
        return (sequence, end)
    }

    /// Where a frame says that it ends, damaged or not.
    static func claimedEnd(of bytes: [UInt8], at offset: Int) -> Int? {
        guard offset >= 0, bytes.count - offset > frameHeader else { return nil }
        let count = Int(number(bytes, offset + 8, 4))
        let start = offset + frameHeader
        return count > 0 && count <= bytes.count - start ? start + count : nil
    }

    /// What a frame holds, given where it lies; nil if it cannot be unpacked.
    static func content(of frame: ArraySlice<UInt8>) -> FlightContent? {
        guard frame.count > frameHeader else { return nil }
        let packed = [UInt8](frame.dropFirst(frameHeader))
        var plain = [UInt8](repeating: 0, count: contentAtMost)
        var count = uLongf(plain.count)
        guard uncompress(&plain, &count, packed, uLong(packed.count)) == Z_OK else { return nil }
        plain.removeLast(plain.count - Int(count))
        var reader = FlightPackingReader(plain)
        return try? reader.read(sequence: number([UInt8](frame.prefix(8)), 0, 8))
    }

    private static func checksum(_ sequence: UInt64, _ packed: ArraySlice<UInt8>) -> UInt32 {
        var sum = Checksum()
        sum.absorb(sequence)
        packed.withUnsafeBytes { sum.absorb($0) }
        return sum.value
    }

    private static func append(_ value: UInt64, bytes: Int, to frame: inout [UInt8]) {
        for place in 0..<bytes { frame.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place))) }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }
}

/// How a record is written: the kind, and what is left out because it follows from what came before.
private struct FlightForm {
    static let kinds: UInt8 = 0x07
    /// At the instant of the record before.
    static let sameInstant: UInt8 = 0x08
    /// The digest of no actions.
    static let noActions: UInt8 = 0x10
    /// The event begins with the record's own instant, which is not written again.
    static let ownInstant: UInt8 = 0x20
    /// Differences to the last event that began with the same two bytes.
    static let differences: UInt8 = 0x40

    static let digestOfNothing: [UInt8] = {
        var writer = CanonicalWriter(capacity: 8)
        writer.word(FlightRecorder.digest(of: Actions()))
        return writer.bytes
    }()

    /// The last numbers of each kind and place of event. The key is an event's first two bytes.
    var numbers: [UInt16: [UInt64]] = [:]

    static func key(_ event: ArraySlice<UInt8>) -> UInt16? {
        guard event.count >= 2 else { return nil }
        return UInt16(event[event.startIndex]) << 8 | UInt16(event[event.startIndex + 1])
    }

    /// The numbers of an event behind its first two bytes; nil if it is not made of numbers in their shortest form, so
    /// that writing them again gives the same bytes.
    static func numbers(of event: ArraySlice<UInt8>) -> [UInt64]? {
        var reader = CanonicalReader([UInt8](event.dropFirst(2)))
        var numbers: [UInt64] = []
        while !reader.isAtEnd {
            guard let number = try? reader.number() else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}

private struct FlightPackingWriter {
    private var writer = CanonicalWriter(capacity: FlightFormat.blockSize)
    private var form = FlightForm()
    private var last: Int64 = 0

    mutating func write(_ content: FlightContent) -> [UInt8] {
        writer.number(content.isTorn ? 1 : 0)
        for record in content.records { write(record) }
        return writer.bytes
    }

    private mutating func write(_ record: FlightRecord) {
        var head = record.kind.rawValue
        var body = record.bytes[...]
        let at = record.at.microseconds
        if at == last { head |= FlightForm.sameInstant }
        if record.kind == .actions, record.bytes == FlightForm.digestOfNothing { head |= FlightForm.noActions }
        var differences: (key: ArraySlice<UInt8>, numbers: [Int64])?
        if record.kind == .event {
            if let rest = Self.without(record.at, body) {
                head |= FlightForm.ownInstant
                body = rest
            }
            differences = note(body)
            if differences != nil { head |= FlightForm.differences }
        }
        writer.number(UInt64(head))
        if at != last { writer.signed(at &- last) }
        last = at
        if let differences {
            for byte in differences.key { writer.number(UInt64(byte)) }
            for difference in differences.numbers { writer.signed(difference) }
        } else if head & FlightForm.noActions == 0 {
            writer.number(UInt64(body.count))
            for byte in body { writer.number(UInt64(byte)) }
        }
    }

    /// The differences of an event to the one before of its kind, where it can be told by them; it is the next one's base.
    private mutating func note(_ event: ArraySlice<UInt8>) -> (key: ArraySlice<UInt8>, numbers: [Int64])? {
        guard let key = FlightForm.key(event) else { return nil }
        let numbers = FlightForm.numbers(of: event)
        let base = form.numbers.updateValue(numbers ?? [], forKey: key)
        guard let numbers, let base, !base.isEmpty, base.count == numbers.count else { return nil }
        return (event.prefix(2), zip(numbers, base).map { Int64(bitPattern: $0 &- $1) })
    }

    private static func without(_ at: Instant, _ event: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var writer = CanonicalWriter(capacity: 10)
        writer.append(at)
        return event.starts(with: writer.bytes) ? event.dropFirst(writer.bytes.count) : nil
    }
}

/// The packed bytes are none that were written.
private struct FlightDamage: Error {}

private struct FlightPackingReader {
    private var reader: CanonicalReader
    private var form = FlightForm()
    private var last: Int64 = 0

    init(_ plain: [UInt8]) { reader = CanonicalReader(plain) }

    mutating func read(sequence: UInt64) throws -> FlightContent {
        var content = FlightContent(sequence: sequence)
        content.isTorn = try reader.number() != 0
        while !reader.isAtEnd { content.records.append(try readRecord()) }
        return content
    }

    private mutating func readRecord() throws -> FlightRecord {
        let head = UInt8(truncatingIfNeeded: try reader.number())
        guard let kind = FlightKind(rawValue: head & FlightForm.kinds) else {
            throw FlightDamage()
        }
        if head & FlightForm.sameInstant == 0 { last = last &+ (try reader.signed()) }
        let at = Instant(microseconds: last)
        if head & FlightForm.noActions != 0 {
            return FlightRecord(kind: kind, at: at, bytes: FlightForm.digestOfNothing)
        }
        let body = head & FlightForm.differences != 0 ? try readDifferences() : try readBytes()
        if kind == .event, let key = FlightForm.key(body[...]) {
            form.numbers[key] = FlightForm.numbers(of: body[...]) ?? []
        }
        guard head & FlightForm.ownInstant != 0 else { return FlightRecord(kind: kind, at: at, bytes: body) }
        var writer = CanonicalWriter(capacity: 10 + body.count)
        writer.append(at)
        return FlightRecord(kind: kind, at: at, bytes: writer.bytes + body)
    }

    private mutating func readBytes() throws -> [UInt8] {
        let count = try reader.number()
        guard count <= UInt64(FlightFormat.blockSize) else { throw FlightDamage() }
        var bytes: [UInt8] = []
        for _ in 0..<count { bytes.append(UInt8(truncatingIfNeeded: try reader.number())) }
        return bytes
    }

    private mutating func readDifferences() throws -> [UInt8] {
        let key = [UInt8(truncatingIfNeeded: try reader.number()), UInt8(truncatingIfNeeded: try reader.number())]
        guard let place = FlightForm.key(key[...]), let base = form.numbers[place] else {
            throw FlightDamage()
        }
        var writer = CanonicalWriter(capacity: 64)
        for number in base { writer.number(number &+ UInt64(bitPattern: try reader.signed())) }
        return key + writer.bytes
    }
}
