// The operator's office in a story: signs lists and deny objects, and what somebody else sends in its name.

import AllowList

/// A list on its way to the posts.
struct NewList: Hashable, Sendable {
    /// Who is on it.
    var listed: [String]
    /// What is wrong with it.
    var flaw: ListFlaw?
    /// The post's process dies after so many changes of its folder, in the midst of the installation; nil: it lives.
    var diesAfter: Int?
}

/// What may be wrong with a list that is sent.
enum ListFlaw: String, CaseIterable, Sendable {
    /// Signed by a key that nobody trusts.
    case wrongKey
    /// A good signature, and a byte of its head changed afterwards.
    case altered
    /// The version before the one in use, signed as it was then.
    case older
    /// Another list of the version in use.
    case forked
    /// The second half is missing.
    case cutOff
    /// One byte too many: a stream without an end begins so.
    case endless
    /// The highest version that there is.
    case leaps
    /// Issued by another operator.
    case foreign

    /// In words.
    var help: String {
        switch self {
        case .wrongKey: "Signed by a key that nobody trusts."
        case .altered: "A byte was changed after it was signed."
        case .older: "The version before the one in use."
        case .forked: "Another list of the version in use."
        case .cutOff: "Its second half is missing."
        case .endless: "More comes than its header says."
        case .leaps: "Its version is the highest that there is."
        case .foreign: "Another operator's."
        }
    }
}

/// The office of one post's operator.
struct ScenarioOffice {
    private static let root = KeyMaker.signingKey()
    private static let listKey = KeyMaker.signingKey()
    private static let denyKey = KeyMaker.signingKey()
    private static let stranger = KeyMaker.signingKey()
    private static let listID = [UInt8](repeating: 2, count: 16)
    static let operatorID = [UInt8](repeating: 1, count: 16)
    static let pepper = [UInt8](repeating: 4, count: 32)

    /// Whom the posts of a story trust: a bundle with a root, a list key and a deny key. Versions rise by 1,000 at most.
    static func audience() throws -> ListAudience { try trusted.get() }

    /// Keys are drawn once a process, and so is the bundle signed that holds them.
    private static let trusted: Result<ListAudience, any Error> = Result {
        let bundle = TrustBundle(
            operatorID: operatorID, number: 1, issuedAt: 0, softExpiry: .max, threshold: 1,
            keys: [
                BundleKey(try TrustedKey(root.open), .root), BundleKey(try TrustedKey(listKey.open), .list),
                BundleKey(try TrustedKey(denyKey.open), .deny),
            ], streams: [BundleStream(listID: listID, largestStep: 1_000)])
        return ListAudience(try TrustBundle(first: try signed(bundle.unsigned(), root.secret)))
    }

    private static func signed(_ bytes: [UInt8], _ secret: [UInt8]) throws -> [UInt8] {
        var file = try SignedFile(bytes)
        try file.sign(secret)
        return file.bytes
    }

    /// A list of these drivers, with what is wrong with it. Each version has a salt of its own: other tags for everybody.
    static func list(
        _ drivers: DriverSetting, policy: ListPolicy, version: UInt64, issuedAt: Int64, flaw: ListFlaw?
    ) throws -> [UInt8] {
        let number: UInt64 =
            switch flaw {
            case .older: version - min(version, 2)
            case .forked: version - min(version, 1)
            case .leaps: .max
            default: version
            }
        var order = ListOrder(
            operatorID: flaw == .foreign ? [UInt8](repeating: 9, count: 16) : operatorID, listID: listID,
            version: number, issuedAt: issuedAt,
            salt: [UInt8](repeating: UInt8(truncatingIfNeeded: version), count: 32), pepper: pepper)
        order.policy = policy
        var groups = GroupNumbers(pepper: pepper)
        let valid = try drivers.listed.map { driver in
            ListEntry(
                token: try CanonicalToken(.free, driver),
                group: try groups.number(of: drivers.groupName(of: driver)))
        }
        let past = try drivers.expired.map {
            ListEntry(token: try CanonicalToken(.free, $0), validUntil: issuedAt - 30 * 86_400)
        }
        let key = flaw == .wrongKey ? stranger.secret : listKey.secret
        var bytes = try order.issue(valid + past, secretKey: key)
        switch flaw {
        case .altered: bytes[100] ^= 1
        case .cutOff: bytes.removeLast(bytes.count / 2)
        case .endless: bytes.append(0)
        case .wrongKey, .older, .forked, .leaps, .foreign, nil: break
        }
        return bytes
    }

    /// A deny object that names these tokens, and the newest list.
    static func deny(
        _ tokens: [String], sequence: UInt64, issuedAt: Int64, newest: (version: UInt64, hash: [UInt8])
    ) throws -> [UInt8] {
        let order = DenyOrder(
            operatorID: operatorID, listID: listID, sequence: sequence, issuedAt: issuedAt,
            listVersion: newest.version, listHash: newest.hash,
            salt: [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: 32),
            tokens: try tokens.map { try CanonicalToken(.free, $0) })
        return try signed(try order.unsigned(pepper: pepper), denyKey.secret)
    }
}
