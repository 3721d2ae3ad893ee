// Issues a list: tags, sorted records, pages, directory, policy, header, signature.

import Crypto

/// One driver as the issuing office knows him.
public struct ListEntry: Hashable, Sendable {
    /// His token.
    public var token: CanonicalToken
    /// In seconds since 1970; nil: from the beginning, for ever.
    public var validFrom: Int64?
    /// In seconds since 1970; nil: for ever.
    public var validUntil: Int64?
    /// The number of his profile.
    public var profile: UInt16
    /// Members of a group may stop each other's sessions; 0: none.
    public var group: UInt32

    /// A driver with these values.
    public init(
        token: CanonicalToken, validFrom: Int64? = nil, validUntil: Int64? = nil, profile: UInt16 = 0,
        group: UInt32 = 0
    ) {
        self.token = token
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.profile = profile
        self.group = group
    }
}

/// What the issuing office decides about a list.
public struct ListOrder: Sendable {
    /// 16 bytes.
    public var operatorID: [UInt8]
    /// 16 bytes: the stream of versions.
    public var listID: [UInt8]
    /// Strictly rising.
    public var version: UInt64
    /// In seconds since 1970.
    public var issuedAt: Int64
    /// From then on it is stale. 7 days after issue by default.
    public var softExpiry: Int64
    /// From then on it is expired. 35 days after issue by default.
    public var hardExpiry: Int64
    /// 32 bytes; zeros: every post of the operator.
    public var scopeID: [UInt8]
    /// 32 bytes.
    public var salt: [UInt8]
    /// 32 bytes, known to issuer and posts, never in the file.
    public var pepper: [UInt8]
    /// The profiles entries may name; number 0 is always there.
    public var profiles: [ListProfile]
    /// Bytes of a page.
    public var pageSize: UInt32

    /// An order with the usual dates and the standard profile.
    public init(
        operatorID: [UInt8], listID: [UInt8], version: UInt64, issuedAt: Int64, salt: [UInt8], pepper: [UInt8],
        scopeID: [UInt8] = [UInt8](repeating: 0, count: 32), profiles: [ListProfile] = [.standard],
        pageSize: UInt32 = 4_096
    ) {
        self.operatorID = operatorID
        self.listID = listID
        self.version = version
        self.issuedAt = issuedAt
        softExpiry = issuedAt + 7 * 86_400
        hardExpiry = issuedAt + 35 * 86_400
        self.scopeID = scopeID
        self.salt = salt
        self.pepper = pepper
        self.profiles = profiles
        self.pageSize = pageSize
    }
}

/// Why a list cannot be issued.
public enum IssueProblem: Error, Hashable, Sendable {
    /// The same token stands twice: its line numbers, if it came from a file.
    case duplicate(CanonicalToken)
    /// An entry names a profile that the order does not have.
    case unknownProfile(UInt16)
    /// The secret key is not 32 bytes of Ed25519.
    case badKey
    /// An identifier, salt or pepper has another length than it must.
    case badOrder
}

extension ListOrder {
    /// The whole file, signed. The same order, entries and key give the same bytes.
    public func issue(
        _ entries: [ListEntry], secretKey: [UInt8], progress: ((Int) -> Void)? = nil
    ) throws(IssueProblem) -> [UInt8] {
        guard operatorID.count == 16, listID.count == 16, scopeID.count == 32, salt.count == 32, pepper.count == 32
        else {
            throw .badOrder
        }
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secretKey) else { throw .badKey }
        let records = try sortedRecords(entries, progress)
        var policy = ByteWriter(capacity: profiles.count * ListProfile.length)
        for profile in profiles { profile.write(to: &policy) }
        var header = ListHeader(
            operatorID: operatorID, listID: listID, version: version, issuedAt: issuedAt, softExpiry: softExpiry,
            hardExpiry: hardExpiry, scopeID: scopeID, salt: salt, recordCount: UInt64(records.count),
            pageSize: pageSize,
            policy: (Array(SHA256.hash(data: policy.bytes)), policy.bytes.count))
        let (pages, directory) = pagesAndDirectory(records, header)
        header.directoryHash = Array(SHA256.hash(data: directory))
        header.fileLength = header.pagesOffset + UInt64(pages.count)
        return assembled(header, policy.bytes, directory, pages, key)
    }

    private func sortedRecords(
        _ entries: [ListEntry], _ progress: ((Int) -> Void)?
    ) throws(IssueProblem) -> [ListRecord] {
        let maker = TagMaker(pepper: pepper, salt: salt, operatorID: operatorID, listID: listID)
        var tagged: [(record: ListRecord, token: CanonicalToken)] = []
        tagged.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            guard profiles.contains(where: { $0.number == entry.profile }) else {
                throw .unknownProfile(entry.profile)
            }
            tagged.append(
                (
                    ListRecord(
                        tag: maker.tag(entry.token), notBefore: minutes(entry.validFrom),
                        notAfter: minutes(entry.validUntil), profile: entry.profile, group: entry.group),
                    entry.token
                ))
            if index % 10_000 == 9_999 { progress?(index + 1) }
        }
        tagged.sort { $0.record.tag.lexicographicallyPrecedes($1.record.tag) }
        for index in tagged.indices.dropFirst() where tagged[index].record.tag == tagged[index - 1].record.tag {
            throw .duplicate(tagged[index].token)
        }
        return tagged.map(\.record)
    }

    private func minutes(_ seconds: Int64?) -> UInt32 {
        guard let seconds else { return 0 }
        return UInt32(clamping: max(1, (seconds - ListRecord.epoch) / 60))
    }

    private func pagesAndDirectory(_ records: [ListRecord], _ header: ListHeader) -> (
        pages: [UInt8], directory: [UInt8]
    ) {
        let perPage = Int(pageSize) / ListRecord.length
        var pages = ByteWriter(capacity: Int(header.pageCount) * Int(pageSize))
        var directory = ByteWriter(capacity: Int(header.directoryLength))
        for first in stride(from: 0, to: records.count, by: perPage) {
            var page = ByteWriter(capacity: Int(pageSize))
            for record in records[first..<min(first + perPage, records.count)] { record.write(to: &page) }
            page.pad(to: Int(pageSize))
            directory.put(records[first].tag)
            directory.put(Array(SHA256.hash(data: page.bytes)))
            pages.put(page.bytes)
        }
        return (pages.bytes, directory.bytes)
    }

    private func assembled(
        _ header: ListHeader, _ policy: [UInt8], _ directory: [UInt8], _ pages: [UInt8],
        _ key: Curve25519.Signing.PrivateKey
    ) -> [UInt8] {
        let head = header.encoded()
        var file = ByteWriter(capacity: Int(header.fileLength))
        file.put(head)
        file.put(UInt16(1))
        file.put([UInt8](repeating: 0, count: 6))
        file.put(Array(SHA256.hash(data: Array(key.publicKey.rawRepresentation)).prefix(8)))
        let signature = (try? key.signature(for: ListHeader.domain + head)).map { Array($0) } ?? []
        file.put(signature)
        file.pad(to: ListHeader.bodyOffset)
        file.put(policy)
        file.pad(to: Int(header.directoryOffset))
        file.put(directory)
        file.pad(to: Int(header.pagesOffset))
        file.put(pages)
        return file.bytes
    }
}
