// Why a list, trust bundle, deny object or delta was not taken, or is lost: a closed table of its own beside the driver's refusals.

/// One reason. Its raw value is the code by which the post tells it: in the status, in the metrics and in the journal.
public enum DeliveryRefusal: String, CaseIterable, Sendable {
    case notAList = "not_a_list"
    case notABundle = "not_a_bundle"
    case notADenyObject = "not_a_deny_object"
    case notADelta = "not_a_delta"
    case unknownFormat = "unknown_format"
    case formatTooOld = "format_too_old"
    case badHeader = "bad_header"
    case unsigned
    case unknownIssuer = "unknown_issuer"
    case badSignature = "bad_signature"
    case wrongRole = "wrong_role"
    case tooFewSignatures = "too_few_signatures"
    case badKey = "bad_key"
    case weakKey = "weak_key"
    case keyOutOfDate = "key_out_of_date"
    case issuedInFuture = "issued_in_future"
    case beyondKeyScope = "beyond_key_scope"
    case aboveCeiling = "above_ceiling"
    case truncated
    case trailingBytes = "trailing_bytes"
    case wrongOperator = "wrong_operator"
    case wrongScope = "wrong_scope"
    case wrongList = "wrong_list"
    case bundleTooOld = "bundle_too_old"
    case bundleGap = "bundle_gap"
    case badBundle = "bad_bundle"
    case belowMinimum = "below_minimum"
    case versionJump = "version_jump"
    case rollback
    case equivocation
    case bodyCorrupt = "body_corrupt"
    case policyCorrupt = "policy_corrupt"
    case badPolicy = "bad_policy"
    case directoryCorrupt = "directory_corrupt"
    case pageCorrupt = "page_corrupt"
    case unsorted
    case badRecord = "bad_record"
    case miscounted
    case suspiciousShrinkage = "suspicious_shrinkage"
    case suspiciousGrowth = "suspicious_growth"
    case wrongBase = "wrong_base"
    case deltaMismatch = "delta_mismatch"
    case unreadable
    case diskFailed = "disk_failed"
    case markNotWritten = "mark_not_written"
    case markDamaged = "mark_damaged"
    case bundleDamaged = "bundle_damaged"
    case bundleMissing = "bundle_missing"
    case bundleNotTheNewest = "bundle_not_the_newest"
    case denyDamaged = "deny_damaged"
    case denyMissing = "deny_missing"
    case denyNotTheNewest = "deny_not_the_newest"
    case listDamaged = "list_damaged"
    case listMissing = "list_missing"
    case busy
    case noOperator = "no_operator"
    case tooLarge = "too_large"

    /// Its stable name.
    public var code: String { rawValue }

    /// What a driver who stands before the post does.
    var advice: DriverAdvice {
        switch self {
        case .bundleDamaged, .bundleMissing, .bundleNotTheNewest, .denyDamaged, .denyMissing, .denyNotTheNewest:
            .smallerLimits
        case .listDamaged, .listMissing: .useAnother
        default: .nothingChanged
        }
    }
}

/// What is said about a delivery that was not taken.
public struct DeliverySentences: Hashable, Sendable {
    /// What happened.
    public var whatHappened: String
    /// What drivers are told.
    public var driverAction: String
    /// What the operator does.
    public var operatorAction: String
}
