// The deny object, also the heartbeat: revokes tokens at once and proves that a list is the newest. It grants nothing.

internal import Crypto

/// What the issuing office puts into a deny object.
public struct DenyOrder: Sendable {
    /// The operator, 16 bytes.
    public var operatorID: [UInt8]
    /// The stream of lists whose newest version it names, 16 bytes.
    public var listID: [UInt8]
    /// Rises strictly from object to object of one key.
    public var sequence: UInt64
    /// In seconds since 1970.
    public var issuedAt: Int64
    /// The newest version of the list.
    public var listVersion: UInt64
    /// SHA-256 of that list's 512 signed bytes.
    public var listHash: [UInt8]
    /// 32 bytes: other objects have other tags for the same driver.
    public var salt: [UInt8]
    /// Whom to refuse, whatever the list says.
    public var tokens: [CanonicalToken]

    /// An order.
    public init(
        operatorID: [UInt8], listID: [UInt8], sequence: UInt64, issuedAt: Int64, listVersion: UInt64,
        listHash: [UInt8], salt: [UInt8], tokens: [CanonicalToken] = []
    ) {
        self.operatorID = operatorID
        self.listID = listID
        self.sequence = sequence
        self.issuedAt = issuedAt
        self.listVersion = listVersion
        self.listHash = listHash
        self.salt = salt
        self.tokens = tokens
    }

    /// The whole file, without a signature; a token that stands twice counts once.
    public func unsigned(pepper: [UInt8]) throws(IssueProblem) -> [UInt8] {
        guard operatorID.count == 16, listID.count == 16, listHash.count == 32, salt.count == 32,
            pepper.count == 32, issuedAt >= 0
        else { throw .badOrder }
        let maker = TagMaker(denying: pepper, salt: salt, operatorID: operatorID, listID: listID)
        let tags = Set(tokens.map(maker.code)).sorted()
        guard tags.count <= DenyObject.tagsAtMost else { throw .tooMany }
        return assembled(tags)
    }

    package func assembled(_ tags: [Tag]) -> [UInt8] {
        let body = tags.flatMap(\.bytes)
        var out = ByteWriter(capacity: SignedObject.headLength)
        out.put(SignedObject.deny.magic)
        out.put(UInt16(1))
        out.put(UInt16(0))
        out.put(UInt32(SignedObject.headLength))
        out.put(operatorID)
        out.put(listID)
        out.put(sequence)
        out.put(UInt64(bitPattern: issuedAt))
        out.put(listVersion)
        out.put(listHash)
        out.put(salt)
        out.put(UInt32(1))  // pepper number
        out.put(UInt32(tags.count))
        out.put(Array(SHA256.hash(data: body)))
        out.put(UInt64(SignedObject.bodyOffset + body.count))
        out.put(UInt32(1))  // suite
        out.pad(to: SignedObject.headLength)
        return SignedHead(.deny, out.bytes).encoded + body
    }
}

/// A deny object that a post has verified.
public struct DenyObject: Sendable {
    /// The longest object, in bytes: 64 KiB.
    public static let lengthAtMost = 65_536
    /// Tokens at most.
    public static let tagsAtMost = (lengthAtMost - SignedObject.bodyOffset) / 16
    /// The stream whose newest version it names.
    public let listID: [UInt8]
    /// Rises strictly from object to object of one key.
    public let sequence: UInt64
    /// In seconds since 1970: nobody can live before this moment.
    public let issuedAt: Int64
    /// The newest version of the list.
    public let listVersion: UInt64
    /// SHA-256 of that list's 512 signed bytes.
    public let listHash: [UInt8]
    /// Its own name: SHA-256 of its 512 signed bytes.
    public let headerHash: [UInt8]
    /// The key that signed it.
    public let signer: TrustedKey
    private let tags: [Tag]
    private let maker: TagMaker

    /// How many tokens it refuses.
    public var count: Int { tags.count }

    /// The mark that it leaves once it is adopted.
    public var mark: DenyMark { DenyMark(signer: signer.bytes, sequence: sequence, headerHash: headerHash) }

    /// Verifies an object, and that it may follow the one that left this mark. `vouched` is the time by a clock that
    /// somebody vouches for, in seconds since 1970, if there is one.
    public init(
        _ bytes: [UInt8], for audience: ListAudience, pepper: [UInt8], after present: DenyMark? = nil,
        vouched: Int64? = nil
    ) throws(ListRefusal) {
        guard bytes.count <= Self.lengthAtMost else { throw .trailingBytes }
        let start = try SignedHead(.deny, parsing: bytes)
        guard let signer = try audience.signers(of: start, as: .deny).first else { throw .unknownIssuer }
        var reader = ByteReader(start.head, at: 8)
        guard reader.u16() == 1 else { throw .unknownFormat }
        _ = reader.u16()
        guard reader.u32() == UInt32(SignedObject.headLength) else { throw .badHeader }
        let operatorID = reader.take(16)
        listID = reader.take(16)
        sequence = reader.u64()
        issuedAt = reader.time()
        listVersion = reader.u64()
        listHash = reader.take(32)
        let salt = reader.take(32)
        _ = reader.u32()
        let count = Int(reader.u32())
        let bodyHash = reader.take(32)
        let length = reader.u64()
        guard reader.u32() == 1 else { throw .unknownFormat }
        guard reader.zeros(SignedObject.headLength - reader.position), count <= Self.tagsAtMost, issuedAt >= 0,
            length == UInt64(SignedObject.bodyOffset + count * 16)
        else { throw .badHeader }
        guard operatorID == audience.operatorID else { throw .wrongOperator }
        for row in audience.rows([signer]) where !row.couldSign(at: issuedAt) { throw .keyOutOfDate }
        try TimeFloor.refuse(issuedAt: issuedAt, aheadOf: vouched)
        headerHash = start.hash
        self.signer = signer
        try Self.judge((sequence, headerHash, signer), after: present, audience)
        guard bytes.count >= Int(length) else { throw .truncated }
        guard bytes.count == Int(length) else { throw .trailingBytes }
        guard Array(SHA256.hash(data: bytes[SignedObject.bodyOffset...])) == bodyHash else { throw .bodyCorrupt }
        tags = (0..<count).map { Tag(bytes, at: SignedObject.bodyOffset + $0 * 16) }
        guard zip(tags, tags.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .unsorted }
        maker = TagMaker(denying: pepper, salt: salt, operatorID: operatorID, listID: listID)
    }

    /// The count runs per key, so that a stolen key cannot exhaust it: once a bundle has dropped the key, the next
    /// key's count begins anew.
    private static func judge(
        _ new: (sequence: UInt64, hash: [UInt8], signer: TrustedKey), after present: DenyMark?,
        _ audience: ListAudience
    ) throws(ListRefusal) {
        guard let present, new.hash != present.headerHash, audience.canDeny(present) else { return }
        guard new.sequence >= present.sequence else { throw .rollback }
        guard new.sequence > present.sequence else { throw .equivocation }
    }

    /// Whether a token is refused, whatever any list says.
    public func denies(_ token: CanonicalToken) -> Bool {
        guard !tags.isEmpty else { return false }
        let tag = maker.code(token)
        var (low, high) = (0, tags.count)
        while low < high {
            let middle = (low + high) / 2
            if tags[middle] < tag { low = middle + 1 } else { high = middle }
        }
        return low < tags.count && tags[low] == tag
    }

    /// Whether a list is the newest that the office has issued; nil: it speaks of another stream, or is older than
    /// the list. Another list of the same version is a fork, and not confirmed.
    public func confirms(_ header: ListHeader, hash: [UInt8]) -> Bool? {
        guard header.listID == listID, header.version <= listVersion else { return nil }
        return header.version == listVersion && hash == listHash
    }
}

extension DenyObject {
    /// The object that was in use; nil where its key has been withdrawn since: then its denials are too.
    public init?(
        present bytes: [UInt8], for audience: ListAudience, pepper: [UInt8], after mark: DenyMark? = nil
    ) throws(ListRefusal) {
        do { self = try DenyObject(bytes, for: audience, pepper: pepper, after: mark) } catch {
            guard [.unknownIssuer, .wrongRole, .keyOutOfDate].contains(error) else { throw error }
            return nil
        }
    }
}

extension ListAudience {
    /// Whether the key of an adopted deny object may still deny: with the key its mark ends.
    package func canDeny(_ mark: DenyMark) -> Bool {
        bundle?.keys.contains { $0.key.bytes == mark.signer && $0.role == .deny } ?? true
    }
}
