// Every reason for which a list, bundle, deny object or delta is refused: a stable name, sentences, an exit code.

/// Why an object, or one page of a list, is not trusted. What is refused changes nothing: the list in use stays.
public enum ListRefusal: String, Error, CaseIterable, Sendable {
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

    /// One sentence for the operator: what happened and what to do.
    public var sentence: String {
        switch self {
        case .notAList: "The file does not begin like an allow-list: check that the right file was sent, in binary."
        case .notABundle:
            "The file does not begin like a trust bundle: check that the right file was sent, in binary."
        case .notADenyObject:
            "The file does not begin like a deny object: check that the right file was sent, in binary."
        case .notADelta: "The file is no delta that this build can read: make it again, or send the full list."
        case .unknownFormat: "The format is one that this build does not know: update the post, or issue format 1."
        case .formatTooOld:
            "The trust bundle no longer accepts lists of this format: issue the list in a newer one."
        case .badHeader: "The header holds a value that no issuer writes: fetch the file again."
        case .unsigned: "Nobody has signed it yet: sign it, or attach the signature that the signer returned."
        case .unknownIssuer: "It is signed by no key that this post trusts: install the right trust bundle or list."
        case .badSignature: "A signature does not fit the header: the file was altered; fetch it again."
        case .wrongRole: "It is signed by a key that may not sign this: use the key of the right role."
        case .tooFewSignatures:
            "Too few root keys have signed the bundle: collect the missing signatures and combine them."
        case .badKey: "The key is not 32 bytes of Ed25519: make keys with holdfast allowlist keygen."
        case .weakKey: "The public key is one of the known weak ones and proves nothing: make a new key."
        case .keyOutOfDate: "It was issued outside the time for which its key is valid: sign with the present key."
        case .issuedInFuture:
            "It is dated more than a day ahead of the time that this post is sure of: set the clock of the office that signed it, and issue it again; if the office did not, its key is stolen."
        case .beyondKeyScope: "Its key may only sign for another site: sign with the key of this scope."
        case .aboveCeiling:
            "A profile grants more than the trust bundle lets this key grant: lower it, or raise the ceiling."
        case .truncated: "The file is shorter than its signed length: the download was cut; fetch it again."
        case .trailingBytes: "The file is longer than its signed length: fetch it again."
        case .wrongOperator: "It was issued by another operator: fetch your own."
        case .wrongScope: "The list was issued for another site or post: fetch the one for this post."
        case .wrongList:
            "The list belongs to another stream of versions than the one this post follows: fetch the list of its own stream, or first install the bundle that gives that stream up."
        case .bundleTooOld:
            "The list needs a newer trust bundle than the post has: install the bundles in between first."
        case .bundleGap: "A bundle is missing in between: install the trust bundles one by one, in order."
        case .badBundle:
            "The trust bundle contradicts itself (keys twice, threshold above its roots): make it again."
        case .belowMinimum: "The trust bundle has withdrawn lists of this version: fetch the newest."
        case .versionJump:
            "The version is too far above the installed one: ask the issuing office before anything else."
        case .rollback: "It is older than what is installed: nothing older is ever taken back."
        case .equivocation: "Two different ones carry the same version: ask the issuing office at once."
        case .bodyCorrupt: "The body does not hash to its signed value: fetch the file again."
        case .policyCorrupt: "The policy does not hash to its signed value: fetch the list again."
        case .badPolicy:
            "The policy holds a limit that makes no sense (staler grants more, or a profile twice): issue it again."
        case .directoryCorrupt: "The directory does not hash to its signed value: fetch the list again."
        case .pageCorrupt:
            "A page does not hash to its signed value: the disk may be failing; fetch the list again."
        case .unsorted: "The entries are not in ascending order, or one appears twice: issue the list again."
        case .badRecord:
            "An entry names a profile that the policy lacks, or ends before it begins: issue the list again."
        case .miscounted: "The list says it adds or removes other numbers of drivers than it does: issue it again."
        case .suspiciousShrinkage:
            "The list would remove unusually many drivers: have a second list key sign it, or confirm it by its fingerprint."
        case .suspiciousGrowth:
            "The list would add unusually many drivers: have a second list key sign it, or confirm it by its fingerprint."
        case .wrongBase:
            "The delta starts from another list than the one given: fetch the right delta or the full list."
        case .deltaMismatch: "The delta does not lead to the list that was signed: fetch the full list."
        case .unreadable: "The file cannot be read: check that it is there and that you may read it."
        }
    }

    /// One sentence for the driver at a post whose list *in use* is found so; what a driver is told of an object that
    /// was merely not taken stands with `InstallProblem`.
    public var driverSentence: String {
        isDamage
            ? "Your card could not be checked because this post's list is damaged; the operator has been told."
            : "Your card could not be checked because this post has no list that it may use; the operator has been told."
    }

    /// Whether what was once verified cannot be found like this by anything but damage.
    public var isDamage: Bool {
        switch self {
        case .notAList, .badHeader, .unsigned, .badSignature, .pageCorrupt, .truncated, .trailingBytes, .unreadable,
            .directoryCorrupt, .policyCorrupt, .badPolicy, .bodyCorrupt, .unsorted, .badRecord:
            true
        default: false
        }
    }

    /// The exit code of a command that meets it: 65 bad data, 66 no input, 77 held back until somebody confirms.
    public var exitCode: Int32 {
        switch self {
        case .unreadable: 66
        case .suspiciousShrinkage, .suspiciousGrowth: 77
        default: 65
        }
    }
}
