// The signed list in the status: which is in use, what was refused, what is damaged or lost, and how its sources do.

/// The signed list in use, and what became of the last one that was offered.
public struct ListView: Sendable, Codable {
    /// A list that was refused, by the stable name of the reason.
    public struct Refused: Sendable, Codable {
        /// Stable name, such as `rollback`.
        public var code: String
        /// What happened and what to do.
        public var sentence: String
        /// What a driver at the post is told.
        public var driver: String
        /// Milliseconds since 1970.
        public var utc_ms: Int64

        /// A refusal with these words.
        public init(code: String, sentence: String, driver: String, utcMilliseconds: Int64) {
            self.code = code
            self.sentence = sentence
            self.driver = driver
            utc_ms = utcMilliseconds
        }
    }
    /// A part of the post's trust that is not what it was.
    public struct Lost: Sendable, Codable {
        /// Stable name, such as `bundle_damaged`.
        public var code: String
        /// What happened and what to do.
        public var sentence: String

        /// A loss with these words.
        public init(code: String, sentence: String) {
            self.code = code
            self.sentence = sentence
        }
    }
    /// A mirror.
    public struct Mirror: Sendable, Codable {
        /// Its address.
        public var address: String
        /// When it last told all that it has, in seconds since 1970.
        public var answered_at: Int64?
        /// What is wrong with it; nil while nothing is.
        public var trouble: String?

        /// A mirror that has not been asked yet.
        public init(address: String) { self.address = address }
    }
    /// Number of the trust bundle in force; nil without one.
    public var trust_bundle: UInt64?
    /// From when that bundle is due to be replaced, in seconds since 1970.
    public var trust_bundle_due_at: Int64?
    /// When the deny object in force was issued, in seconds since 1970.
    public var deny_object_issued_at: Int64?
    /// Sequence of the deny object in force; nil without one.
    public var deny_object: UInt64?
    /// How many tokens it refuses.
    public var denied: Int?
    /// What of the post's trust is lost, and how to bring it back.
    public var lost: [Lost] = []
    /// Its version; nil while none is in use.
    public var version: UInt64?
    /// SHA-256 of its signed bytes, in hexadecimal digits: posts of one site that have one version have one fingerprint.
    public var fingerprint: String?
    /// How many entries it has.
    public var entries: UInt64?
    /// `fresh`, `stale`, `expired` or `time_untrusted`.
    public var freshness: String?
    /// Every step of the risk ladder, from the most that is granted to the least.
    static let steps = ["confirmed", "fresh", "time_untrusted", "stale", "expired"]
    /// The step of the risk ladder that limits come from: `confirmed`, `fresh`, `time_untrusted`, `stale`, `expired`.
    public var step: String?
    /// Seconds since 1970.
    public var issued_at: Int64?
    /// From when it counts as stale, in seconds since 1970.
    public var stale_from: Int64?
    /// From when it counts as expired, in seconds since 1970.
    public var expired_from: Int64?
    /// Whether it counts for less than its own dates say: see `demotion`.
    public var is_demoted = false
    /// Why: `older_than_mark`, `mark_unreadable` or `withdrawn`; nil while it counts as it says.
    public var demotion: String?
    /// Ten of its pages, or its last scrub, have been found damaged: it is asked for anew, and counts as stale at most.
    public var is_damaged = false
    /// Pages of it that have been found damaged, ten at most.
    public var damaged_pages = 0
    /// When it was last read whole and found good, in seconds since 1970.
    public var scrubbed_at: Int64?
    /// The last list that was refused; nil after one was installed.
    public var refused: Refused?
    /// How its mirrors do.
    public var mirrors: [Mirror] = []
    /// What has been counted since the start.
    public var counts = ListCounts()

    /// No list.
    public init() {}
}

/// What has been counted about lists since the start.
public struct ListCounts: Sendable, Codable {
    /// Lists, bundles, deny objects and deltas that were refused, by the stable name of the reason.
    public var refused: [String: UInt64] = [:]
    /// Look-ups on a damaged page that the list before has answered.
    public var answeredByPrevious: UInt64 = 0
    /// Look-ups on a damaged page that nobody could answer.
    public var answeredByNobody: UInt64 = 0
    /// Scrubs that found the list good.
    public var scrubs: UInt64 = 0
    /// Scrubs that found a damaged page.
    public var scrubsFailed: UInt64 = 0
    /// Lines that the log was too slow for.
    public var linesLost: UInt64 = 0

    /// Nothing yet.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case refused, scrubs
        case answeredByPrevious = "answered_by_previous", answeredByNobody = "answered_by_nobody"
        case scrubsFailed = "scrubs_failed", linesLost = "lines_lost"
    }
}
