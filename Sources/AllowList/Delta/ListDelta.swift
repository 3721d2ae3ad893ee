// A delta: the few entries that changed. It is compression that nobody trusts; what counts is the signed target.

internal import Crypto

/// The file of a delta, taken apart and bounded, not believed.
public struct ListDelta: Sendable {
    static let magic: [UInt8] = [0x89, 0x50, 0x41, 0x44, 0x0D, 0x0A, 0x1A, 0x0A]
    static let headLength = 64
    /// SHA-256 of the 512 signed bytes of the list it starts from.
    public let baseHash: [UInt8]
    /// The target's first part, as signed: header, signatures, policy with its padding.
    let start: [UInt8]
    /// The target's header; its signature is checked by whoever reads the target.
    public let header: ListHeader
    let deletes: [Tag]
    let upserts: [ListRecord]

    /// How many entries it removes, and how many it adds or changes.
    public var changes: (deletes: Int, upserts: Int) { (deletes.count, upserts.count) }

    /// Takes a delta apart: lengths, order, nothing twice.
    public init(_ bytes: [UInt8]) throws(ListRefusal) {
        let (base, length, target) = try Self.announced(Array(bytes.prefix(Self.announcementLength)))
        baseHash = base
        header = try ListHeader(parsing: try SignedHead(.list, parsing: target).head)
        var reader = ByteReader(bytes, at: 48)
        let (deleteCount, upsertCount) = (UInt64(reader.u32()), UInt64(reader.u32()))
        guard UInt64(bytes.count) >= length else { throw .truncated }
        guard UInt64(bytes.count) == length else { throw .trailingBytes }
        let startLength = header.directoryOffset
        let firstDelete = Self.headLength + Int(startLength)
        start = Array(bytes[Self.headLength..<firstDelete])
        deletes = (0..<Int(deleteCount)).map { Tag(bytes, at: firstDelete + $0 * 16) }
        let firstUpsert = firstDelete + Int(deleteCount) * 16
        upserts = (0..<Int(upsertCount)).map { ListRecord(bytes, at: firstUpsert + $0 * 32) }
        guard zip(deletes, deletes.dropFirst()).allSatisfy({ $0 < $1 }),
            zip(upserts, upserts.dropFirst()).allSatisfy({ $0.tag < $1.tag })
        else { throw .unsorted }
    }

    /// The delta that leads from one list to another of the same salt, as a file.
    public static func make<Old: ListBytes, New: ListBytes>(
        from old: ListReader<Old>, to new: ListReader<New>
    ) throws(ListRefusal) -> [UInt8] {
        guard old.header.salt == new.header.salt, old.header.listID == new.header.listID,
            old.header.operatorID == new.header.operatorID
        else { throw .wrongBase }
        var before = RecordStream(old)
        var after = RecordStream(new)
        var deletes = ByteWriter(capacity: 0)
        var upserts = ByteWriter(capacity: 0)
        var (left, right) = (try before.next(), try after.next())
        while left != nil || right != nil {
            if let tag = left?.tag, right.map({ tag < $0.tag }) ?? true {
                deletes.put(tag.bytes)
                left = try before.next()
            } else if let record = right, left.map({ record.tag < $0.tag }) ?? true {
                record.write(to: &upserts)
                right = try after.next()
            } else {
                if let right, left != right { right.write(to: &upserts) }
                (left, right) = (try before.next(), try after.next())
            }
        }
        var start: [UInt8] = []
        guard new.source.read(Int(new.header.directoryOffset), at: 0, into: &start) else { throw .unreadable }
        return assembled(old.headerHash, start, deletes.bytes, upserts.bytes)
    }

    package static func assembled(
        _ baseHash: [UInt8], _ start: [UInt8], _ deletes: [UInt8], _ upserts: [UInt8]
    ) -> [UInt8] {
        var out = ByteWriter(capacity: headLength + start.count + deletes.count + upserts.count)
        out.put(magic)
        out.put(UInt16(1))
        out.put(UInt16(0))
        out.put(UInt32(headLength))
        out.put(baseHash)
        out.put(UInt32(deletes.count / 16))
        out.put(UInt32(upserts.count / 32))
        out.put(UInt64(headLength + start.count + deletes.count + upserts.count))
        out.put(start)
        out.put(deletes)
        out.put(upserts)
        return out.bytes
    }
}
