// The fixed header of an allow-list: 512 bytes, big-endian, signed. Nothing is parsed before its signature is good.

/// How current a list is, by its own dates and a lower bound of the time.
public enum ListFreshness: String, CaseIterable, Sendable, Codable {
    case fresh, stale, expired, timeUntrusted = "time_untrusted"
}

/// The header's values.
public struct ListHeader: Hashable, Sendable {
    /// `\x89PAL\r\n\x1A\n`: detects transfers that damage binary files.
    public static let magic: [UInt8] = [0x89, 0x50, 0x41, 0x4C, 0x0D, 0x0A, 0x1A, 0x0A]
    /// The header's length in bytes.
    public static let length = 512
    /// Where the policy begins: header and signatures fill one page.
    static let bodyOffset = 4_096
    /// What precedes the header where it is signed, so that no other object's signature fits.
    static let domain: [UInt8] = Array("PAL-list-v1\0".utf8)

    /// The operator that issued it.
    public var operatorID: [UInt8]
    /// The stream of versions it belongs to.
    public var listID: [UInt8]
    /// Strictly rising within the stream.
    public var version: UInt64
    /// When it was issued, in seconds since 1970.
    public var issuedAt: Int64
    /// From when it counts as stale.
    public var softExpiry: Int64
    /// From when it counts as expired. It never means "deny all".
    public var hardExpiry: Int64
    /// Whom it is for; all zero: every post of the operator.
    public var scopeID: [UInt8]
    /// Mixed into every tag: other lists have other tags for the same driver.
    public var salt: [UInt8]
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

    /// The header as bytes.
    public func encoded() -> [UInt8] {
        var out = ByteWriter(capacity: Self.length)
        out.put(Self.magic)
        out.put(UInt16(1))
        out.put(UInt16(0))
        out.put(UInt32(Self.length))
        out.put(operatorID)
        out.put(listID)
        out.put(version)
        out.put(UInt64(0))  // trust bundle needed: none before bundles exist
        out.put(UInt64(bitPattern: issuedAt))
        out.put(UInt64(bitPattern: softExpiry))
        out.put(UInt64(bitPattern: hardExpiry))
        out.put(UInt32(scopeID.allSatisfy { $0 == 0 } ? 0 : 1))
        out.put(UInt32(0))  // flags
        out.put(scopeID)
        out.put(salt)
        out.put(UInt32(1))  // pepper number
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
        out.pad(to: Self.length)
        return out.bytes
    }

    /// Reads a header whose signature is good already. Sizes are checked against each other with no overflow.
    init(parsing bytes: [UInt8]) throws(ListRefusal) {
        guard bytes.count >= Self.length else { throw .truncated }
        guard Array(bytes[0..<8]) == Self.magic else { throw .notAList }
        var reader = ByteReader(bytes, at: 8)
        guard reader.u16() == 1 else { throw .unknownFormat }
        _ = reader.u16()
        guard reader.u32() == UInt32(Self.length) else { throw .badHeader }
        operatorID = reader.take(16)
        listID = reader.take(16)
        version = reader.u64()
        guard reader.u64() == 0 else { throw .unknownFormat }
        issuedAt = Int64(bitPattern: reader.u64())
        softExpiry = Int64(bitPattern: reader.u64())
        hardExpiry = Int64(bitPattern: reader.u64())
        let scopeType = reader.u32()
        let flags = reader.u32()
        scopeID = reader.take(32)
        salt = reader.take(32)
        _ = reader.u32()
        let (tagLength, recordLength) = (reader.u16(), reader.u16())
        recordCount = reader.u64()
        pageSize = reader.u32()
        pageCount = reader.u32()
        fileLength = reader.u64()
        directoryHash = reader.take(32)
        policyHash = reader.take(32)
        policyLength = reader.u32()
        let suite = reader.u32()
        guard scopeType <= 1, flags == 0, tagLength == 16, recordLength == 32, suite == 1 else {
            throw .unknownFormat
        }
        guard bytes[264..<Self.length].allSatisfy({ $0 == 0 }) else { throw .badHeader }
        try checkSizes()
    }

    private func checkSizes() throws(ListRefusal) {
        guard [1_024, 2_048, 4_096].contains(pageSize), recordCount <= 100_000_000, policyLength <= 65_536,
            issuedAt <= softExpiry, softExpiry <= hardExpiry
        else { throw .badHeader }
        let perPage = UInt64(pageSize) / UInt64(ListRecord.length)
        guard UInt64(pageCount) == (recordCount + perPage - 1) / perPage,
            fileLength == pagesOffset + UInt64(pageCount) * UInt64(pageSize)
        else { throw .badHeader }
    }

    var directoryOffset: UInt64 { UInt64(Self.bodyOffset) + rounded(UInt64(policyLength)) }
    var directoryLength: UInt64 { UInt64(pageCount) * 48 }
    var pagesOffset: UInt64 { directoryOffset + rounded(directoryLength) }

    /// How current the list is at a lower bound of the time; nil means that the time is not known at all.
    public func freshness(at lowerBound: Int64?) -> ListFreshness {
        guard let lowerBound else { return .timeUntrusted }
        return lowerBound < softExpiry ? .fresh : lowerBound < hardExpiry ? .stale : .expired
    }
}

/// Up to the next multiple of 4,096.
func rounded(_ length: UInt64) -> UInt64 { (length + 4_095) / 4_096 * 4_096 }

extension ListHeader {
    init(
        operatorID: [UInt8], listID: [UInt8], version: UInt64, issuedAt: Int64, softExpiry: Int64,
        hardExpiry: Int64,
        scopeID: [UInt8], salt: [UInt8], recordCount: UInt64, pageSize: UInt32, policy: (hash: [UInt8], length: Int)
    ) {
        self.operatorID = operatorID
        self.listID = listID
        self.version = version
        self.issuedAt = issuedAt
        self.softExpiry = softExpiry
        self.hardExpiry = hardExpiry
        self.scopeID = scopeID
        self.salt = salt
        self.recordCount = recordCount
        self.pageSize = pageSize
        let perPage = UInt64(pageSize) / UInt64(ListRecord.length)
        pageCount = UInt32((recordCount + perPage - 1) / perPage)
        policyHash = policy.hash
        policyLength = UInt32(policy.length)
        directoryHash = []
        fileLength = 0
    }
}
