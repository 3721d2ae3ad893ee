// The fixed header of an allow-list: 512 bytes, big-endian, signed. Nothing is parsed before its signature is good.

/// The header's values.
public struct ListHeader: Hashable, Sendable {
    /// The header's length in bytes.
    public static let length = SignedObject.headLength
    /// Where the policy begins: header and signatures come before it.
    package static let bodyOffset = SignedObject.bodyOffset
    /// Entries at most.
    static let recordsAtMost: UInt64 = 100_000_000

    /// The operator that issued it.
    public var operatorID: [UInt8]
    /// The stream of versions it belongs to.
    public var listID: [UInt8]
    /// Strictly rising within the stream.
    public var version: UInt64
    /// The trust bundle that a post must have at least; 0: any, or none.
    public var minimumBundle: UInt64
    /// When it was issued, in seconds since 1970.
    public var issuedAt: Int64
    /// From when it counts as stale.
    public var softExpiry: Int64
    /// From when it counts as expired. It never means "deny all".
    public var hardExpiry: Int64
    /// What the scope is: 0 the whole operator, 1 a group of sites, 2 a site, 3 a post.
    public var scopeType: UInt32
    /// Whom it is for; all zero: every post of the operator.
    public var scopeID: [UInt8]
    /// Mixed into every tag: other lists have other tags for the same driver.
    public var salt: [UInt8]
    /// Which pepper hides its tokens; 0 is never used.
    public var pepperNumber: UInt32
    /// How many entries it has.
    public var recordCount: UInt64
    /// Bytes of a page: 1,024, 2,048 or 4,096.
    public var pageSize: UInt32
    /// How many pages.
    public var pageCount: UInt32
    /// Bytes of the whole file.
    public var fileLength: UInt64
    /// What the directory hashes to.
    public var directoryHash: [UInt8]
    /// What the policy hashes to.
    public var policyHash: [UInt8]
    /// Bytes of the policy without its padding.
    public var policyLength: UInt32
    /// SHA-256 of the 512 signed bytes of the list before; zeros: the issuer does not say.
    public var previousHash: [UInt8]
    /// Drivers that the list before lacks.
    public var added: UInt64
    /// Drivers of the list before that this one lacks.
    public var removed: UInt64

    /// The header as bytes.
    public func encoded() -> [UInt8] {
        var out = ByteWriter(capacity: Self.length)
        out.put(SignedObject.list.magic)
        out.put(UInt16(1))
        out.put(UInt16(0))
        out.put(UInt32(Self.length))
        out.put(operatorID)
        out.put(listID)
        out.put(version)
        out.put(minimumBundle)
        out.put(UInt64(bitPattern: issuedAt))
        out.put(UInt64(bitPattern: softExpiry))
        out.put(UInt64(bitPattern: hardExpiry))
        out.put(scopeType)
        out.put(UInt32(0))  // flags
        out.put(scopeID)
        out.put(salt)
        out.put(pepperNumber)
        out.put(UInt16(16))
        out.put(UInt16(UInt32(ListRecord.length)))
        out.put(recordCount)
        out.put(pageSize)
        out.put(pageCount)
        out.put(fileLength)
        out.put(directoryHash)
        out.put(policyHash)
        out.put(policyLength)
        out.put(UInt32(1))  // suite: Ed25519, SHA-256, HMAC-SHA-256 cut to 128 bits
        out.put(previousHash)
        out.put(added)
        out.put(removed)
        out.pad(to: Self.length)
        return out.bytes
    }

    /// Reads a header whose signature is good already. Sizes are checked against each other with no overflow.
    package init(parsing bytes: [UInt8]) throws(ListRefusal) {
        guard bytes.count >= Self.length else { throw .truncated }
        var reader = ByteReader(bytes, at: 8)
        guard reader.u16() == 1 else { throw .unknownFormat }
        _ = reader.u16()
        guard reader.u32() == UInt32(Self.length) else { throw .badHeader }
        operatorID = reader.take(16)
        listID = reader.take(16)
        version = reader.u64()
        minimumBundle = reader.u64()
        issuedAt = reader.time()
        softExpiry = reader.time()
        hardExpiry = reader.time()
        scopeType = reader.u32()
        let flags = reader.u32()
        scopeID = reader.take(32)
        salt = reader.take(32)
        pepperNumber = reader.u32()
        let (tagLength, recordLength) = (reader.u16(), reader.u16())
        recordCount = reader.u64()
        pageSize = reader.u32()
        pageCount = reader.u32()
        fileLength = reader.u64()
        directoryHash = reader.take(32)
        policyHash = reader.take(32)
        policyLength = reader.u32()
        let suite = reader.u32()
        previousHash = reader.take(32)
        added = reader.u64()
        removed = reader.u64()
        // The low 16 flags change what a list means: none of them is known yet. The high 16 may be ignored.
        guard scopeType <= 3, flags & 0xFFFF == 0, tagLength == 16, recordLength == 32, suite == 1 else {
            throw .unknownFormat
        }
        guard reader.zeros(Self.length - reader.position),
            (scopeType == 0) == scopeID.allSatisfy({ $0 == 0 })
        else { throw .badHeader }
        try checkSizes()
    }

    private func checkSizes() throws(ListRefusal) {
        guard [1_024, 2_048, 4_096].contains(pageSize), recordCount <= Self.recordsAtMost, policyLength <= 65_536,
            0 <= issuedAt, issuedAt <= softExpiry, softExpiry <= hardExpiry
        else { throw .badHeader }
        guard UInt64(pageCount) == (recordCount + recordsPerPage - 1) / recordsPerPage,
            fileLength == pagesOffset + UInt64(pageCount) * UInt64(pageSize)
        else { throw .badHeader }
    }

    package var recordsPerPage: UInt64 { UInt64(pageSize) / UInt64(ListRecord.length) }
    /// How many entries a page holds.
    package func records(onPage number: Int) -> Int {
        Int(min(recordCount - min(recordCount, UInt64(number) * recordsPerPage), recordsPerPage))
    }
    package var directoryOffset: UInt64 { UInt64(Self.bodyOffset) + rounded(UInt64(policyLength)) }
    package var directoryLength: UInt64 { UInt64(pageCount) * 48 }
    package var pagesOffset: UInt64 { directoryOffset + rounded(directoryLength) }

    /// How current the list is at a lower bound of the time; nil means that the time is not known at all.
    public func freshness(at lowerBound: Int64?) -> ListFreshness {
        guard let lowerBound else { return .timeUntrusted }
        return lowerBound < softExpiry ? .fresh : lowerBound < hardExpiry ? .stale : .expired
    }
}

/// Up to the next multiple of 4,096.
func rounded(_ length: UInt64) -> UInt64 { (length + 4_095) / 4_096 * 4_096 }
