// The trust bundle: the keys a post trusts, signed by a threshold of offline roots, each bundle by the one before.

internal import Crypto

/// The keys and streams that a post trusts.
public struct TrustBundle: Hashable, Sendable {
    /// Key rows at most, and stream rows at most.
    static let rowsAtMost = 64
    /// The longest bundle: head and signatures, 64 keys, 64 streams.
    public static let lengthAtMost = SignedObject.bodyOffset + rowsAtMost * (BundleKey.length + BundleStream.length)

    /// The operator, 16 bytes.
    public var operatorID: [UInt8]
    /// Rises by one from bundle to bundle, from 1.
    public var number: UInt64
    /// When it was issued, in seconds since 1970.
    public var issuedAt: Int64
    /// From then on the operator is told to make a new one. It never stops a post.
    public var softExpiry: Int64
    /// How many roots must sign.
    public var threshold: UInt32
    /// Lists of older formats are not installed any more.
    public var minimumFormat: UInt32
    /// SHA-256 of the 512 signed bytes of the bundle before; zeros for the first.
    public var previousHash: [UInt8]
    /// Every key, each once.
    public var keys: [BundleKey]
    /// The streams of lists that are alive; none: whatever the first installed list belongs to.
    public var streams: [BundleStream]
    /// SHA-256 of its 512 signed bytes: its name.
    public private(set) var headerHash: [UInt8] = []
    /// The mark that it leaves once it is adopted.
    public var mark: BundleMark { BundleMark(number: number, headerHash: headerHash) }

    /// A bundle that is to be signed.
    public init(
        operatorID: [UInt8], number: UInt64, issuedAt: Int64, softExpiry: Int64, threshold: UInt32,
        minimumFormat: UInt32 = 1, previousHash: [UInt8] = [UInt8](repeating: 0, count: 32), keys: [BundleKey],
        streams: [BundleStream] = []
    ) {
        self.operatorID = operatorID
        self.number = number
        self.issuedAt = issuedAt
        self.softExpiry = softExpiry
        self.threshold = threshold
        self.minimumFormat = minimumFormat
        self.previousHash = previousHash
        self.keys = keys
        self.streams = streams
    }

    /// The keys of a role.
    public func keys(_ role: KeyRole) -> [BundleKey] { keys.filter { $0.role == role } }

    /// The first bundle of a post, which came with its image or was put there by hand.
    ///
    /// It must be signed by its own roots; `pin`, if given, is what its 512 signed bytes must hash to.
    public init(first bytes: [UInt8], pin: [UInt8]? = nil) throws(ListRefusal) {
        let start = try SignedHead(.bundle, parsing: bytes)
        if let pin, start.hash != pin { throw .unknownIssuer }
        self = try Self.opened(bytes, start)
    }

    /// The bundle after this one: signed by a threshold of this one's roots and of its own.
    ///
    /// The same bundle again is returned as it is; an older one is `rollback`, one too far ahead `bundle_gap`. `vouched` is
    /// the time by a clock that somebody vouches for, in seconds since 1970, if there is one.
    public func next(_ bytes: [UInt8], vouched: Int64? = nil) throws(ListRefusal) -> TrustBundle {
        let start = try SignedHead(.bundle, parsing: bytes)
        if start.hash == headerHash { return self }
        try quorum(start)
        let next: TrustBundle
        do { next = try Self.opened(bytes, start) } catch {
            // The present roots have signed it; what is missing are its own.
            throw error == .unknownIssuer || error == .wrongRole ? .tooFewSignatures : error
        }
        guard next.operatorID == operatorID else { throw .wrongOperator }
        guard next.number >= number else { throw .rollback }
        guard next.number > number else { throw .equivocation }
        guard next.number == number + 1 else { throw .bundleGap }
        guard next.previousHash == headerHash else { throw .equivocation }
        guard next.issuedAt >= issuedAt else { throw .rollback }
        try TimeFloor.refuse(issuedAt: next.issuedAt, aheadOf: vouched)
        return next
    }

    /// Enough of this bundle's roots have signed; another of its keys counts as unknown, but may not fail.
    private func quorum(_ start: SignedHead) throws(ListRefusal) {
        let signers = try start.signers(among: keys.map(\.key))
        guard !signers.isEmpty else { throw .unknownIssuer }
        let roots = signers.filter { signer in keys.contains { $0.key == signer && $0.role == .root } }
        guard !roots.isEmpty else { throw .wrongRole }
        guard roots.count >= Int(threshold) else { throw .tooFewSignatures }
    }

    private static func opened(_ bytes: [UInt8], _ start: SignedHead) throws(ListRefusal) -> TrustBundle {
        let bundle = try TrustBundle(parsing: bytes, start)
        try bundle.quorum(start)
        return bundle
    }
}

extension TrustBundle {
    /// The 512 bytes to sign.
    private func head(_ body: [UInt8]) -> [UInt8] {
        var out = ByteWriter(capacity: SignedObject.headLength)
        out.put(SignedObject.bundle.magic)
        out.put(UInt16(1))
        out.put(UInt16(0))
        out.put(UInt32(SignedObject.headLength))
        out.put(operatorID)
        out.put(number)
        out.put(UInt64(bitPattern: issuedAt))
        out.put(UInt64(bitPattern: softExpiry))
        out.put(threshold)
        out.put(UInt32(keys.count))
        out.put(UInt32(streams.count))
        out.put(minimumFormat)
        out.put(Array(SHA256.hash(data: body)))
        out.put(UInt64(SignedObject.bodyOffset + body.count))
        out.put(previousHash)
        out.put(UInt32(1))  // suite
        out.pad(to: SignedObject.headLength)
        return out.bytes
    }

    /// The whole file, without a signature.
    public func unsigned() -> [UInt8] {
        var body = ByteWriter(capacity: keys.count * BundleKey.length + streams.count * BundleStream.length)
        for key in keys { key.write(to: &body) }
        for stream in streams { stream.write(to: &body) }
        return SignedHead(.bundle, head(body.bytes)).encoded + body.bytes
    }

    private init(parsing bytes: [UInt8], _ start: SignedHead) throws(ListRefusal) {
        var reader = ByteReader(start.head, at: 8)
        guard reader.u16() == 1 else { throw .unknownFormat }
        _ = reader.u16()
        guard reader.u32() == UInt32(SignedObject.headLength) else { throw .badHeader }
        operatorID = reader.take(16)
        number = reader.u64()
        issuedAt = reader.time()
        softExpiry = reader.time()
        threshold = reader.u32()
        let keyCount = Int(reader.u32())
        let streamCount = Int(reader.u32())
        minimumFormat = reader.u32()
        let bodyHash = reader.take(32)
        let length = reader.u64()
        previousHash = reader.take(32)
        guard reader.u32() == 1 else { throw .unknownFormat }
        guard reader.zeros(SignedObject.headLength - reader.position), keyCount <= Self.rowsAtMost,
            streamCount <= Self.rowsAtMost, issuedAt >= 0, issuedAt <= softExpiry, number > 0,
            length
                == UInt64(
                    SignedObject.bodyOffset + keyCount * BundleKey.length + streamCount * BundleStream.length)
        else { throw .badHeader }
        guard bytes.count >= Int(length) else { throw .truncated }
        guard bytes.count == Int(length) else { throw .trailingBytes }
        guard Array(SHA256.hash(data: bytes[SignedObject.bodyOffset...])) == bodyHash else { throw .bodyCorrupt }
        var rows = ByteReader(bytes, at: SignedObject.bodyOffset)
        keys = []
        streams = []
        for _ in 0..<keyCount { keys.append(try BundleKey(&rows)) }
        for _ in 0..<streamCount { streams.append(try BundleStream(&rows)) }
        headerHash = start.hash
        try checkRows()
    }

    /// Each key once (a stolen key in two roles would be two keys), and roots enough for the threshold.
    private func checkRows() throws(ListRefusal) {
        for (index, row) in keys.enumerated() {
            guard !keys[..<index].contains(where: { $0.key.identifier == row.key.identifier }) else {
                throw .badBundle
            }
            guard row.role == .list || row.role == .voucher || row.ceiling == .nothing else { throw .badBundle }
        }
        for (index, stream) in streams.enumerated()
        where streams[..<index].contains(where: { $0.listID == stream.listID }) {
            throw .badBundle
        }
        guard threshold >= 1, Int(threshold) <= keys(.root).count else { throw .badBundle }
    }
}
