// What the first 4,096 bytes of a list say, once their signature is good: enough to refuse most of what should not be fetched.

/// The head of a list, verified: nothing else of the list has been read.
public struct ListAnnouncement: Hashable, Sendable {
    /// How much of a list there must be before it can be judged, in bytes.
    public static let length = SignedObject.bodyOffset
    /// The signed header; it says how long the list is.
    public let header: ListHeader
    /// SHA-256 of its 512 signed bytes: the list's name.
    public let headerHash: [UInt8]
    /// The keys that signed it, each once; empty where it is known because it was installed before.
    public let signers: [TrustedKey]

    /// Judges the first bytes of a list: signature, format, whose it is, whose keys, which stream.
    ///
    /// `installedAs` is the name of the list that was installed: that one is known although its key, its stream or its
    /// bundle have been withdrawn since.
    public init(
        _ first: [UInt8], for audience: ListAudience, installedAs: [UInt8]? = nil
    ) throws(ListRefusal) {
        let start = try SignedHead(.list, parsing: first)
        headerHash = start.hash
        let wasInstalled = installedAs == start.hash
        signers = wasInstalled ? [] : try audience.signers(of: start, as: .list)
        header = try ListHeader(parsing: start.head)
        guard !wasInstalled else { return }
        guard audience.bundle?.minimumFormat ?? 1 <= 1 else { throw .formatTooOld }
        try audience.admit(header, signedBy: signers)
    }

    /// The mark that the list leaves once it is installed.
    public var mark: HighWater {
        HighWater(listID: header.listID, version: header.version, headerHash: headerHash)
    }
}

extension ListAudience {
    /// Whether a list may follow the one that left this mark: not older, not a fork, not of another living stream; and
    /// not dated ahead of a clock that somebody vouches for, if there is one.
    public func admits(
        _ announced: ListAnnouncement, after mark: HighWater?, vouched: Int64? = nil
    ) throws(ListRefusal) {
        try TimeFloor.refuse(issuedAt: announced.header.issuedAt, aheadOf: vouched)
        try judge(announced.header, hash: announced.headerHash, after: mark)
    }

    /// Judges the first 4,096 bytes of a deny object: whether a key that may deny has signed it. Returns its name.
    public func admitsDenyObject(_ first: [UInt8]) throws(ListRefusal) -> [UInt8] {
        let start = try SignedHead(.deny, parsing: first)
        _ = try signers(of: start, as: .deny)
        return start.hash
    }
}

extension ListDelta {
    /// How much of a delta there must be before it can be judged: its own head, and the head of the list it leads to.
    public static let announcementLength = headLength + SignedObject.bodyOffset

    /// What the first bytes of a delta say: the name of its base, its length, and the first bytes of its target.
    public static func announced(
        _ first: [UInt8]
    ) throws(ListRefusal) -> (base: [UInt8], length: UInt64, target: [UInt8]) {
        guard first.starts(with: magic) else { throw first.count < 8 ? .truncated : .notADelta }
        guard first.count >= announcementLength else { throw .truncated }
        var reader = ByteReader(first, at: 8)
        guard reader.u16() == 1, reader.u16() == 0, reader.u32() == UInt32(headLength) else { throw .notADelta }
        let base = reader.take(32)
        let (deletes, upserts) = (UInt64(reader.u32()), UInt64(reader.u32()))
        let length = reader.u64()
        let target = Array(first[headLength..<announcementLength])
        let header = try ListHeader(parsing: try SignedHead(.list, parsing: target).head)
        guard length == UInt64(headLength) + header.directoryOffset + deletes * 16 + upserts * 32 else {
            throw .notADelta
        }
        return (base, length, target)
    }
}

/// What a file, or something that is sent, says it is.
public enum DeliveredKind: String, Hashable, Sendable {
    case list, bundle, deny, delta

    /// By its first eight bytes; what is none of the others is judged as a list.
    public init(_ first: [UInt8]) {
        if let object = SignedObject(of: first) {
            self =
                switch object {
                case .list: .list
                case .bundle: .bundle
                case .deny: .deny
                }
        } else {
            self = first.starts(with: ListDelta.magic) ? .delta : .list
        }
    }

    /// How much must be there before it can be judged, in bytes.
    public var announcementLength: Int {
        self == .delta ? ListDelta.announcementLength : SignedObject.bodyOffset
    }
}
