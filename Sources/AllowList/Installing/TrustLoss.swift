// What of a post's trust is not what its marks say, by name, and how it is brought back.

/// How a post has lost a part of its trust: what is stored is not what its mark says. Recoverable by a delivery.
public struct TrustLoss: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Kind: String, CaseIterable, Sendable {
        /// The stored bundle cannot be read.
        case bundleDamaged = "bundle_damaged"
        /// There is no stored bundle, and there was one.
        case bundleMissing = "bundle_missing"
        /// The stored bundle is an older one, or another one, than was adopted last.
        case bundleNotTheNewest = "bundle_not_the_newest"
        /// No stored list can be read.
        case listDamaged = "list_damaged"
        /// There is no stored list, and there was one.
        case listMissing = "list_missing"
        /// The stored deny object cannot be read.
        case denyDamaged = "deny_damaged"
        /// There is no stored deny object, and there was one.
        case denyMissing = "deny_missing"
        /// The stored deny object is an older one, or another one, than was adopted last.
        case denyNotTheNewest = "deny_not_the_newest"
    }
    /// What is wrong.
    public var kind: Kind
    /// The number of the bundle, the version of the list, or the sequence of the deny object that was adopted last; nil where nobody knows.
    public var newest: UInt64?
    /// The fingerprint of that object.
    public var fingerprint: [UInt8]

    /// A loss.
    public init(kind: Kind, newest: UInt64? = nil, fingerprint: [UInt8] = []) {
        self.kind = kind
        self.newest = newest
        self.fingerprint = fingerprint
    }

    /// What happened and what to do.
    public var sentence: String {
        let name = newest.map { " \($0)" + (fingerprint.isEmpty ? "" : " (\(hexadecimal(fingerprint)))") } ?? ""
        return switch kind {
        case .bundleDamaged, .bundleMissing, .bundleNotTheNewest:
            "The stored trust bundle is \(word), so that the list in use counts as expired and none is taken: send trust bundle\(name) again, or every bundle from the first on."
        case .listDamaged, .listMissing:
            "The stored list is \(word), so that no card is known: send list\(name) again, or a newer one."
        case .denyDamaged, .denyMissing, .denyNotTheNewest:
            "The stored deny object is \(word), so that the list counts as stale at most: send deny object\(name) again, or a newer one."
        }
    }

    /// One sentence for the driver who stands before the post.
    public var driverSentence: String {
        switch kind {
        case .listDamaged, .listMissing:
            "Your card could not be checked because this post has lost its list; the operator has been told."
        default: "Cards on this post's list work, some for less energy than usual; the operator has been told."
        }
    }

    private var word: String {
        switch kind {
        case .bundleDamaged, .denyDamaged, .listDamaged: "damaged"
        case .bundleMissing, .denyMissing, .listMissing: "gone"
        case .bundleNotTheNewest, .denyNotTheNewest: "not the one that was adopted last"
        }
    }
}
