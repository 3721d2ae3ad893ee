// Every reason for which a list is refused: a stable name, a sentence, an exit code.

/// Why a list, or one page of it, is not trusted. A refused list changes nothing: the one in use stays in use.
public enum ListRefusal: String, Error, CaseIterable, Sendable {
    case notAList = "not_a_list"
    case unknownFormat = "unknown_format"
    case badHeader = "bad_header"
    case unknownIssuer = "unknown_issuer"
    case badSignature = "bad_signature"
    case weakKey = "weak_key"
    case truncated
    case trailingBytes = "trailing_bytes"
    case wrongOperator = "wrong_operator"
    case wrongScope = "wrong_scope"
    case wrongList = "wrong_list"
    case rollback
    case equivocation
    case policyCorrupt = "policy_corrupt"
    case directoryCorrupt = "directory_corrupt"
    case pageCorrupt = "page_corrupt"
    case unsorted
    case unreadable

    /// One sentence for the operator: what happened and what to do.
    public var sentence: String {
        switch self {
        case .notAList: "The file does not begin like an allow-list: check that the right file was sent, in binary."
        case .unknownFormat:
            "The list has a format that this build does not know: update the post, or issue format 1."
        case .badHeader: "The header holds a value that no issuer writes: fetch the list again."
        case .unknownIssuer:
            "The list is signed by a key that this post does not trust: install the right key or list."
        case .badSignature: "The signature does not fit the header: the file was altered; fetch it again."
        case .weakKey: "The public key is one of the known weak ones and proves nothing: make a new key."
        case .truncated: "The file is shorter than its signed length: the download was cut; fetch it again."
        case .trailingBytes: "The file is longer than its signed length: fetch it again."
        case .wrongOperator: "The list was issued by another operator."
        case .wrongScope: "The list was issued for another site or post."
        case .wrongList: "The list belongs to another stream of versions than the one this post follows."
        case .rollback: "The list is older than the one installed: an old list is never taken back."
        case .equivocation: "Two different lists carry the same version: ask the issuing office at once."
        case .policyCorrupt: "The policy does not hash to its signed value: fetch the list again."
        case .directoryCorrupt: "The directory does not hash to its signed value: fetch the list again."
        case .pageCorrupt:
            "A page does not hash to its signed value: the disk may be failing; fetch the list again."
        case .unsorted: "The entries are not in ascending order, or one appears twice: issue the list again."
        case .unreadable: "The file cannot be read: check that it is there and that the daemon may read it."
        }
    }

    /// The exit code of a command that meets it: 65 bad data, 66 no input.
    public var exitCode: Int32 { self == .unreadable ? 66 : 65 }
}
