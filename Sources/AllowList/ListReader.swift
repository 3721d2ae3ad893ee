// Opens, verifies and asks a list: the header and directory once, one page a look-up, into a private buffer.

import Crypto

/// Where the bytes of a list come from. Reading never maps: a file cut under the daemon's feet is a short read, not a crash.
public protocol ListBytes {
    /// How long it is, in bytes.
    var count: UInt64 { get }
    /// Reads exactly `length` bytes at `offset` into `buffer` (replacing what is in it); false if they are not there.
    func read(_ length: Int, at offset: UInt64, into buffer: inout [UInt8]) -> Bool
}

/// Which posts a post is: what it accepts lists for.
public struct ListAudience: Hashable, Sendable {
    /// The operator, 16 bytes.
    public var operatorID: [UInt8]
    /// The scopes this post belongs to (post, site), 32 bytes each; a list for all posts needs none.
    public var scopeIDs: [[UInt8]]
    /// Keys that may sign.
    public var keys: [TrustedKey]
    /// The newest version ever installed and what its directory hashed to; nil before the first.
    public var highWater: (version: UInt64, directoryHash: [UInt8])?

    /// An audience with these values.
    public init(
        operatorID: [UInt8], scopeIDs: [[UInt8]] = [], keys: [TrustedKey],
        highWater: (version: UInt64, directoryHash: [UInt8])? = nil
    ) {
        self.operatorID = operatorID
        self.scopeIDs = scopeIDs
        self.keys = keys
        self.highWater = highWater
    }

    /// Whether two audiences are the same.
    public static func == (left: ListAudience, right: ListAudience) -> Bool {
        left.operatorID == right.operatorID && left.scopeIDs == right.scopeIDs && left.keys == right.keys
            && left.highWater?.version == right.highWater?.version
            && left.highWater?.directoryHash == right.highWater?.directoryHash
    }
    /// Hashes what tells audiences apart soonest.
    public func hash(into hasher: inout Hasher) { hasher.combine(operatorID) }
}

/// What a list says of a token.
public enum ListAnswer: Hashable, Sendable {
    /// Listed and valid: its profile and group.
    case listed(profile: ListProfile, group: UInt32)
    /// Listed, and no longer valid by any possible time.
    case expired
    /// Listed, and not valid yet by a trusted clock.
    case notYetValid
    /// Not listed.
    case notListed
    /// The page that would hold it is damaged.
    case refused(ListRefusal)
}

/// An open list. It belongs to one thread; a look-up allocates no buffer of its own once warm.
public struct ListReader<Source: ListBytes> {
    /// The signed header.
    public let header: ListHeader
    /// The profiles of its policy.
    public let profiles: [ListProfile]
    /// Which key signed it.
    public let signer: TrustedKey
    private let source: Source
    private let directory: [UInt8]
    private let maker: TagMaker
    private var page: [UInt8] = []

    /// Opens a list: signature, audience, sizes, policy and directory; pages are checked as they are read.
    public init(_ source: Source, for audience: ListAudience, pepper: [UInt8]) throws(ListRefusal) {
        var head: [UInt8] = []
        guard source.read(ListHeader.bodyOffset, at: 0, into: &head) else {
            throw source.count == 0 ? .unreadable : .truncated
        }
        guard Array(head[0..<8]) == ListHeader.magic else { throw .notAList }
        signer = try Self.signer(of: head, audience.keys)
        let header = try ListHeader(parsing: head)
        guard header.operatorID == audience.operatorID else { throw .wrongOperator }
        guard header.scopeID.allSatisfy({ $0 == 0 }) || audience.scopeIDs.contains(header.scopeID) else {
            throw .wrongScope
        }
        if let highWater = audience.highWater {
            guard header.version >= highWater.version else { throw .rollback }
            guard header.version > highWater.version || header.directoryHash == highWater.directoryHash else {
                throw .equivocation
            }
        }
        guard source.count >= header.fileLength else { throw .truncated }
        guard source.count == header.fileLength else { throw .trailingBytes }
        profiles = try Self.profiles(source, header)
        var directory: [UInt8] = []
        guard source.read(Int(header.directoryLength), at: header.directoryOffset, into: &directory) else {
            throw .truncated
        }
        guard Array(SHA256.hash(data: directory)) == header.directoryHash else { throw .directoryCorrupt }
        try Self.checkPadding(source, header, head)
        self.header = header
        self.source = source
        self.directory = directory
        maker = TagMaker(pepper: pepper, salt: header.salt, operatorID: header.operatorID, listID: header.listID)
        page.reserveCapacity(Int(header.pageSize))
    }

    /// The trusted key whose signature is good. A known key whose signature fails refuses all.
    private static func signer(of head: [UInt8], _ keys: [TrustedKey]) throws(ListRefusal) -> TrustedKey {
        var reader = ByteReader(head, at: ListHeader.length)
        let count = reader.u16()
        guard reader.take(6).allSatisfy({ $0 == 0 }), (1...4).contains(count) else { throw .badHeader }
        var good: TrustedKey?
        for _ in 0..<count {
            let identifier = reader.take(8)
            let signature = reader.take(64)
            guard let key = keys.first(where: { $0.identifier == identifier }) else { continue }
            let isGood =
                (try? Curve25519.Signing.PublicKey(rawRepresentation: key.bytes))?
                .isValidSignature(signature, for: ListHeader.domain + head[0..<ListHeader.length]) ?? false
            guard isGood else { throw .badSignature }
            good = key
        }
        guard let good else { throw .unknownIssuer }
        return good
    }

    private static func profiles(_ source: Source, _ header: ListHeader) throws(ListRefusal) -> [ListProfile] {
        var policy: [UInt8] = []
        guard source.read(Int(header.policyLength), at: UInt64(ListHeader.bodyOffset), into: &policy) else {
            throw .truncated
        }
        guard Array(SHA256.hash(data: policy)) == header.policyHash, policy.count % ListProfile.length == 0 else {
            throw .policyCorrupt
        }
        return (0..<policy.count / ListProfile.length).map { ListProfile(policy, at: $0) }
    }

    /// Padding is zero: nothing rides along unsigned.
    private static func checkPadding(
        _ source: Source, _ header: ListHeader, _ head: [UInt8]
    ) throws(ListRefusal) {
        let signatures = Int(ByteReader.count(head))
        guard head[(ListHeader.length + 8 + signatures * 72)...].allSatisfy({ $0 == 0 }) else { throw .badHeader }
        let gaps = [
            (UInt64(ListHeader.bodyOffset) + UInt64(header.policyLength), header.directoryOffset),
            (header.directoryOffset + header.directoryLength, header.pagesOffset),
        ]
        var gap: [UInt8] = []
        for (start, end) in gaps where end > start {
            guard source.read(Int(end - start), at: start, into: &gap) else { throw .truncated }
            guard gap.allSatisfy({ $0 == 0 }) else { throw .badHeader }
        }
    }

    /// What the list says of a token. `lowerBound` is the earliest that it can be now, in seconds since 1970;
    /// `trusted` is the time by a clock that somebody vouches for, or nil.
    public mutating func lookUp(_ token: CanonicalToken, lowerBound: Int64, trusted: Int64?) -> ListAnswer {
        let tag = maker.tag(token)
        guard let number = pageNumber(for: tag) else { return .notListed }
        if let refusal = load(page: number) { return .refused(refusal) }
        guard let record = find(tag) else { return .notListed }
        let limit = ListRecord.epoch + Int64(record.notAfter) * 60
        if record.notAfter != 0, lowerBound >= limit { return .expired }
        if let trusted, record.notBefore != 0, trusted < ListRecord.epoch + Int64(record.notBefore) * 60 {
            return .notYetValid
        }
        let profile = profiles.first { $0.number == record.profile } ?? .standard
        return .listed(profile: profile, group: record.group)
    }

    /// Reads one page, hashes that very buffer, keeps it.
    private mutating func load(page number: Int) -> ListRefusal? {
        let offset = header.pagesOffset + UInt64(number) * UInt64(header.pageSize)
        guard source.read(Int(header.pageSize), at: offset, into: &page) else { return .truncated }
        let expected = directory[(number * 48 + 16)..<(number * 48 + 48)]
        return SHA256.hash(data: page).elementsEqual(expected) ? nil : .pageCorrupt
    }

    /// The last page whose first tag is not above the tag.
    private func pageNumber(for tag: [UInt8]) -> Int? {
        var low = 0
        var high = Int(header.pageCount)
        while low < high {
            let middle = (low + high) / 2
            if isBelow(tag, directory, middle * 48) { high = middle } else { low = middle + 1 }
        }
        return low == 0 ? nil : low - 1
    }

    private func find(_ tag: [UInt8]) -> ListRecord? {
        let perPage = page.count / ListRecord.length
        var low = 0
        var high = perPage
        while low < high {
            let middle = (low + high) / 2
            let offset = middle * ListRecord.length
            // The zeros behind the last entry sort first by bytes; they count as beyond every tag.
            let isEmpty = page[offset..<offset + ListRecord.length].allSatisfy { $0 == 0 }
            if isEmpty || isBelow(tag, page, offset) { high = middle } else { low = middle + 1 }
        }
        guard low > 0 else { return nil }
        let record = ListRecord(page, at: low - 1)
        return record.tag == tag ? record : nil
    }

    /// Whether a tag sorts before the 16 bytes at an offset.
    private func isBelow(_ tag: [UInt8], _ bytes: [UInt8], _ offset: Int) -> Bool {
        for index in 0..<16 where tag[index] != bytes[offset + index] { return tag[index] < bytes[offset + index] }
        return false
    }

    /// Checks every page and the order of every entry: what an installation and a scrub do. Reports pages done.
    public mutating func verifyEveryPage(progress: ((Int) -> Void)? = nil) throws(ListRefusal) {
        var previous: [UInt8]?
        var left = header.recordCount
        let perPage = UInt64(header.pageSize) / UInt64(ListRecord.length)
        for number in 0..<Int(header.pageCount) {
            if let refusal = load(page: number) { throw refusal }
            guard Array(directory[number * 48..<number * 48 + 16]) == Array(page[0..<16]) else {
                throw .directoryCorrupt
            }
            let here = min(left, perPage)
            for index in 0..<Int(here) {
                let tag = ListRecord(page, at: index).tag
                if let previous, !previous.lexicographicallyPrecedes(tag) { throw .unsorted }
                previous = tag
            }
            guard page[(Int(here) * ListRecord.length)...].allSatisfy({ $0 == 0 }) else { throw .pageCorrupt }
            left -= here
            progress?(number + 1)
        }
    }
}

extension ByteReader {
    /// How many signatures a header page says it has.
    static func count(_ head: [UInt8]) -> UInt16 {
        var reader = ByteReader(head, at: ListHeader.length)
        return min(reader.u16(), 4)
    }
}
