// What the issuing office decides about a list, and who is on it.

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
    /// Members of a group may stop each other's sessions; 0: none. A number means the same fleet in every list of a stream.
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
    /// What the scope is: 1 a group of sites, 2 a site, 3 a post. Not used while the scope is all zero.
    public var scopeType: UInt32
    /// 32 bytes.
    public var salt: [UInt8]
    /// 32 bytes, known to issuer and posts, never in the file.
    public var pepper: [UInt8]
    /// The policy: limits, and the profiles entries may name; number 0 is always there.
    public var policy: ListPolicy
    /// Bytes of a page. See `Documentation/Decisions/0005-pages-of-the-list.md`.
    public var pageSize: UInt32
    /// The trust bundle that posts must have; 0: any.
    public var minimumBundle: UInt64
    /// The list before: the hash of its header, and what has changed since. Zeros: not said.
    public var previousHash: [UInt8]
    /// Drivers that the list before lacks.
    public var added: UInt64
    /// Drivers of the list before that this one lacks.
    public var removed: UInt64

    /// The profiles entries may name.
    public var profiles: [ListProfile] {
        get { policy.profiles }
        set { policy.profiles = newValue }
    }

    /// An order with the usual dates and the standard profile.
    public init(
        operatorID: [UInt8], listID: [UInt8], version: UInt64, issuedAt: Int64, salt: [UInt8], pepper: [UInt8],
        scopeID: [UInt8] = [UInt8](repeating: 0, count: 32), policy: ListPolicy = ListPolicy(),
        pageSize: UInt32 = 2_048
    ) {
        self.operatorID = operatorID
        self.listID = listID
        self.version = version
        self.issuedAt = issuedAt
        softExpiry = issuedAt + 7 * 86_400
        hardExpiry = issuedAt + 35 * 86_400
        self.scopeID = scopeID
        scopeType = 2
        self.salt = salt
        self.pepper = pepper
        self.policy = policy
        self.pageSize = pageSize
        minimumBundle = 0
        previousHash = [UInt8](repeating: 0, count: 32)
        added = 0
        removed = 0
    }
}

/// Why a list cannot be issued.
public enum IssueProblem: Error, Hashable, Sendable {
    /// The same token stands twice.
    case duplicate(CanonicalToken)
    /// An entry names a profile that the order does not have.
    case unknownProfile(UInt16)
    /// An entry ends before it begins.
    case endsBeforeItBegins(CanonicalToken)
    /// The secret key is not 32 bytes of Ed25519.
    case badKey
    /// An identifier, salt or pepper has another length than it must, dates run backwards, or the page size is none.
    case badOrder
    /// The policy holds what no post would accept.
    case badPolicy
    /// More entries than a list may have.
    case tooMany
    /// Two groups have one number: these names.
    case sameGroupNumber(String, String)

    /// One sentence: what, and what to do.
    public var sentence: String {
        switch self {
        case .duplicate(let token): "\(token) stands twice: remove one of the lines."
        case .unknownProfile(let number):
            "An entry names profile \(number), which the policy does not have: add it, or use another."
        case .endsBeforeItBegins(let token): "\(token) ends before it begins: correct its dates."
        case .badKey: "The secret key is no Ed25519 key: make keys with holdfast allowlist keygen."
        case .badOrder:
            "An identifier or pepper has the wrong length, the dates run backwards, or the page size is not 1024, 2048 or 4096."
        case .badPolicy: "The policy grants more on a staler step, or has a profile twice, or none."
        case .tooMany: "A list holds at most 100,000,000 entries: split it by scope."
        case .sameGroupNumber(let one, let other):
            "The groups \(one) and \(other) have the same number, and their members could stop each other's sessions: give one of them another name."
        }
    }
}
