// Which posts a post is: whose lists it accepts, by which keys, for which scopes.

/// Which posts a post is: what it accepts lists for.
public struct ListAudience: Hashable, Sendable {
    /// The operator, 16 bytes.
    public var operatorID: [UInt8]
    /// The scopes this post belongs to (post, site, group), 32 bytes each; a list for all posts needs none.
    public var scopeIDs: [[UInt8]]
    /// Keys that may sign lists.
    public var keys: [TrustedKey]
    /// The trust bundle that the keys come from; nil: the keys were given one by one and have no bounds.
    public let bundle: TrustBundle?

    /// An audience that trusts these keys without bounds: benches, and posts that have no bundle yet.
    public init(operatorID: [UInt8], scopeIDs: [[UInt8]] = [], keys: [TrustedKey]) {
        self.operatorID = operatorID
        self.scopeIDs = scopeIDs
        self.keys = keys
        bundle = nil
    }

    /// An audience that trusts what a bundle says.
    public init(_ bundle: TrustBundle, scopeIDs: [[UInt8]] = []) {
        operatorID = bundle.operatorID
        self.scopeIDs = scopeIDs
        keys = bundle.keys(.list).map(\.key)
        self.bundle = bundle
    }

    /// The keys that may have signed a head, each once. A known key of another role may not fail either.
    func signers(of start: SignedHead, as role: KeyRole) throws(ListRefusal) -> [TrustedKey] {
        guard let bundle else {
            guard role == .list else { throw .unknownIssuer }
            let signers = try start.signers(among: keys)
            guard !signers.isEmpty else { throw .unknownIssuer }
            return signers
        }
        let all = try start.signers(among: bundle.keys.map(\.key))
        let fitting = all.filter { key in bundle.keys.contains { $0.key == key && $0.role == role } }
        guard !all.isEmpty else { throw .unknownIssuer }
        guard !fitting.isEmpty else { throw .wrongRole }
        return fitting
    }

    /// The rows of keys in the bundle; empty without one.
    func rows(_ signers: [TrustedKey]) -> [BundleKey] {
        bundle?.keys.filter { signers.contains($0.key) } ?? []
    }

    /// Checks what a bundle has to say of a list: formats, number, dates and scopes of keys, streams.
    func admit(_ header: ListHeader, signedBy signers: [TrustedKey]) throws(ListRefusal) {
        guard header.operatorID == operatorID else { throw .wrongOperator }
        guard header.minimumBundle <= bundle?.number ?? .max else { throw .bundleTooOld }
        for row in rows(signers) {
            guard row.couldSign(at: header.issuedAt) else { throw .keyOutOfDate }
            guard areZero(row.scopeID, 0..<32) || row.scopeID == header.scopeID else { throw .beyondKeyScope }
        }
        guard header.scopeType == 0 || scopeIDs.contains(header.scopeID) else { throw .wrongScope }
        if let bundle, !bundle.streams.isEmpty {
            guard let stream = bundle.streams.first(where: { $0.listID == header.listID }) else {
                throw .wrongList
            }
            guard header.version >= stream.minimumVersion else { throw .belowMinimum }
        }
    }

    /// Checks that no profile grants more than its signers may.
    func limit(_ policy: ListPolicy, signedBy signers: [TrustedKey]) throws(ListRefusal) {
        for row in rows(signers) where !policy.profiles.allSatisfy(row.ceiling.allows) {
            throw .aboveCeiling
        }
    }

    /// Whether a list may follow what was installed before: an older one is a rollback, another of the same version
    /// a fork. Another stream may follow only where the bundle has given up the present one.
    package func judge(_ header: ListHeader, hash: [UInt8], after known: HighWater?) throws(ListRefusal) {
        guard let known else { return }
        if header.listID != known.listID {
            guard let bundle, bundle.streams.contains(where: { $0.listID == header.listID }),
                !bundle.streams.contains(where: { $0.listID == known.listID })
            else { throw .wrongList }
            return
        }
        guard header.version >= known.version else { throw .rollback }
        guard header.version > known.version || hash == known.headerHash else { throw .equivocation }
        let step = header.version - known.version
        if step == 1, !areZero(header.previousHash, 0..<32), header.previousHash != known.headerHash {
            throw .equivocation
        }
        if let largest = bundle?.streams.first(where: { $0.listID == header.listID })?.largestStep, largest != 0 {
            guard step <= UInt64(largest) else { throw .versionJump }
        }
    }
}
