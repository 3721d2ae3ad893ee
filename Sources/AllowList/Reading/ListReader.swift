// Opens, verifies and asks a list: the header and directory once, one page a look-up, into a private buffer.

internal import Crypto

/// Where the bytes of a list come from. Reading never maps: a file cut under the daemon's feet is a short read, not a crash.
public protocol ListBytes {
    /// How long it is, in bytes.
    var count: UInt64 { get }
    /// Reads exactly `length` bytes at `offset` into `buffer` (replacing what is in it); false if they are not there.
    func read(_ length: Int, at offset: UInt64, into buffer: inout [UInt8]) -> Bool
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

/// An open list. It belongs to one thread; once warm, a look-up allocates nothing.
public struct ListReader<Source: ListBytes> {
    /// The signed header.
    public let header: ListHeader
    /// The signed policy.
    public let policy: ListPolicy
    /// SHA-256 of the 512 signed bytes: the list's name.
    public let headerHash: [UInt8]
    /// The keys that signed it, each once; empty where the list was opened because it was installed before.
    public let signers: [TrustedKey]
    /// Which key signed it first.
    public var signer: TrustedKey? { signers.first }
    /// The profiles of its policy.
    public var profiles: [ListProfile] { policy.profiles }
    let source: Source
    private let directory: [UInt8]
    private let maker: TagMaker
    private var page: [UInt8] = []

    /// Opens a list: signature, audience, sizes, policy and directory; pages are checked as they are read.
    ///
    /// `installedAs` is the hash of the header that was verified when it was installed: a list of that very header is
    /// opened although its key, its stream or its bundle have been withdrawn since, and counts as expired.
    public init(
        _ source: Source, for audience: ListAudience, pepper: [UInt8], installedAs: [UInt8]? = nil
    ) throws(ListRefusal) {
        var first: [UInt8] = []
        guard source.read(Int(min(source.count, UInt64(ListHeader.bodyOffset))), at: 0, into: &first) else {
            throw .unreadable
        }
        let announced = try ListAnnouncement(first, for: audience, installedAs: installedAs)
        (header, headerHash, signers) = (announced.header, announced.headerHash, announced.signers)
        guard source.count >= header.fileLength else { throw .truncated }
        guard source.count == header.fileLength else { throw .trailingBytes }
        policy = try Self.policy(source, header)
        directory = try Self.directory(source, header)
        try Self.checkPadding(source, header)
        try audience.limit(policy, signedBy: signers)
        self.source = source
        maker = TagMaker(pepper: pepper, salt: header.salt, operatorID: header.operatorID, listID: header.listID)
        page.reserveCapacity(Int(header.pageSize))
    }

    private static func policy(_ source: Source, _ header: ListHeader) throws(ListRefusal) -> ListPolicy {
        var bytes: [UInt8] = []
        guard source.read(Int(header.policyLength), at: UInt64(ListHeader.bodyOffset), into: &bytes) else {
            throw .truncated
        }
        guard Array(SHA256.hash(data: bytes)) == header.policyHash else { throw .policyCorrupt }
        return try ListPolicy(parsing: bytes)
    }

    private static func directory(_ source: Source, _ header: ListHeader) throws(ListRefusal) -> [UInt8] {
        var bytes: [UInt8] = []
        guard source.read(Int(header.directoryLength), at: header.directoryOffset, into: &bytes) else {
            throw .truncated
        }
        guard Array(SHA256.hash(data: bytes)) == header.directoryHash else { throw .directoryCorrupt }
        return bytes
    }

    /// Padding is zero: nothing rides along unsigned.
    private static func checkPadding(_ source: Source, _ header: ListHeader) throws(ListRefusal) {
        let gaps = [
            (UInt64(ListHeader.bodyOffset) + UInt64(header.policyLength), header.directoryOffset),
            (header.directoryOffset + header.directoryLength, header.pagesOffset),
        ]
        var gap: [UInt8] = []
        for (start, end) in gaps where end > start {
            guard source.read(Int(end - start), at: start, into: &gap) else { throw .truncated }
            guard areZero(gap, 0..<gap.count) else { throw .badHeader }
        }
    }

    /// What the list says of a token. `lowerBound` is the earliest that it can be now, in seconds since 1970;
    /// `trusted` is the time by a clock that somebody vouches for, or nil.
    public mutating func lookUp(_ token: CanonicalToken, lowerBound: Int64, trusted: Int64?) -> ListAnswer {
        let tag = maker.code(token)
        guard let number = pageNumber(for: tag) else { return .notListed }
        if let refusal = load(page: number) { return .refused(refusal) }
        guard let record = find(tag, onPage: number) else { return .notListed }
        if record.hasEnded(at: lowerBound) { return .expired }
        if record.isEarly(at: trusted) { return .notYetValid }
        guard let profile = policy.profiles.first(where: { $0.number == record.profile }) else {
            return .refused(.badRecord)
        }
        return .listed(profile: profile, group: record.group)
    }

    /// The page that would hold a token; nil when it sorts before them all.
    public func page(of token: CanonicalToken) -> Int? { pageNumber(for: maker.code(token)) }

    /// The 16 bytes that stand for a token in this list.
    public func tag(of token: CanonicalToken) -> [UInt8] { maker.tag(token) }

    /// Reads one page, hashes that very buffer, keeps it.
    mutating func load(page number: Int) -> ListRefusal? {
        let offset = header.pagesOffset + UInt64(number) * UInt64(header.pageSize)
        guard source.read(Int(header.pageSize), at: offset, into: &page) else { return .unreadable }
        return TapHash(of: page) == TapHash(directory, at: number * 48 + 16) ? nil : .pageCorrupt
    }

    /// The last page whose first tag is not above the tag.
    private func pageNumber(for tag: Tag) -> Int? {
        var low = 0
        var high = Int(header.pageCount)
        while low < high {
            let middle = (low + high) / 2
            if tag < Tag(directory, at: middle * 48) { high = middle } else { low = middle + 1 }
        }
        return low == 0 ? nil : low - 1
    }

    private func find(_ tag: Tag, onPage number: Int) -> ListRecord? {
        var low = 0
        var high = header.records(onPage: number)
        while low < high {
            let middle = (low + high) / 2
            if tag < Tag(page, at: middle * ListRecord.length) { high = middle } else { low = middle + 1 }
        }
        guard low > 0 else { return nil }
        let record = ListRecord(page, at: (low - 1) * ListRecord.length)
        return record.tag == tag ? record : nil
    }
}

extension ListReader: Sendable where Source: Sendable {}

extension ListReader {
    /// Checks every page and every entry: what an installation and a scrub do. Reports pages done.
    public mutating func verifyEveryPage(progress: ((Int) -> Void)? = nil) throws(ListRefusal) {
        var last: Tag?
        for number in 0..<Int(header.pageCount) {
            last = try verify(page: number, after: last)
            progress?(number + 1)
        }
    }

    /// Checks one page: its hash, its place in the directory, the order and sense of its entries, its padding.
    /// - Returns: its last tag.
    package mutating func verify(page number: Int, after last: Tag?) throws(ListRefusal) -> Tag? {
        if let refusal = load(page: number) { throw refusal }
        guard Tag(directory, at: number * 48) == Tag(page, at: 0) else { throw .directoryCorrupt }
        var last = last
        let here = header.records(onPage: number)
        for index in 0..<here {
            let record = ListRecord(page, at: index * ListRecord.length)
            if let last, record.tag <= last { throw .unsorted }
            last = record.tag
            guard isSensible(record, at: index * ListRecord.length) else { throw .badRecord }
        }
        guard areZero(page, here * ListRecord.length..<page.count) else { throw .badRecord }
        return last
    }

    private func isSensible(_ record: ListRecord, at offset: Int) -> Bool {
        page[offset + 26] == 0 && page[offset + 27] == 0
            && (record.notAfter == 0 || record.notBefore < record.notAfter)
            && policy.profiles.contains { $0.number == record.profile }
    }

    /// Every page that is not what was signed, and why. Reports pages done.
    public mutating func damagedPages(progress: ((Int) -> Void)? = nil) -> [(page: Int, refusal: ListRefusal)] {
        var damaged: [(page: Int, refusal: ListRefusal)] = []
        var last: Tag?
        for number in 0..<Int(header.pageCount) {
            do { last = try verify(page: number, after: last) } catch { damaged.append((number, error)) }
            progress?(number + 1)
        }
        return damaged
    }

    /// The entries of a page that is loaded and verified, in order.
    package mutating func records(onPage number: Int) throws(ListRefusal) -> [ListRecord] {
        if let refusal = load(page: number) { throw refusal }
        return (0..<header.records(onPage: number)).map { ListRecord(page, at: $0 * ListRecord.length) }
    }
}
