// The freshness ladder: on which step a list stands, from its dates, a heartbeat, the cloud and the time.

/// The steps, from the most that is granted to the least. None of them is "deny all".
public enum LadderRung: Int, CaseIterable, Comparable, Sendable, Codable {
    /// The cloud is there and can stop what it does not like.
    case confirmed
    /// The cloud is not there; the list is within its dates.
    case fresh
    /// Nobody knows the time: as stale.
    case timeUntrusted
    /// Past the soft expiry, or a newer list exists, or a page had to be answered by the list before.
    case stale
    /// Past the hard expiry: enough to get to the next site.
    case expired

    /// Whether the left one grants more.
    public static func < (left: LadderRung, right: LadderRung) -> Bool { left.rawValue < right.rawValue }
    /// Its word in status and journal.
    public var name: String { self == .timeUntrusted ? "time_untrusted" : "\(self)" }

    /// The step of a list.
    /// - Parameters:
    ///   - header: the list's dates.
    ///   - hash: the list's name.
    ///   - time: what the post may believe of the time.
    ///   - heartbeat: the newest deny object, if there is one.
    ///   - cloudIsThere: the cloud has answered lately.
    ///   - demotion: why the list counts for less, if it does.
    public init(
        _ header: ListHeader, hash: [UInt8], time: TimeReading, heartbeat: DenyObject? = nil,
        cloudIsThere: Bool = false, demotion: Demotion? = nil
    ) {
        if demotion == .withdrawn || time.best >= header.hardExpiry {
            self = .expired
            return
        }
        let isStale =
            demotion != nil || heartbeat?.confirms(header, hash: hash) == false
            || time.best >= Self.freshUntil(header, hash: hash, heartbeat: heartbeat)
        self = isStale ? .stale : time.isUntrusted ? .timeUntrusted : cloudIsThere ? .confirmed : .fresh
    }

    /// Until when a list is fresh, in seconds since 1970. A heartbeat that confirms it lengthens that by its own age; only the list's
    /// own key says when it ends for good.
    public static func freshUntil(_ header: ListHeader, hash: [UInt8], heartbeat: DenyObject? = nil) -> Int64 {
        guard let heartbeat, heartbeat.confirms(header, hash: hash) == true else { return header.softExpiry }
        return max(
            header.softExpiry, min(header.hardExpiry, heartbeat.issuedAt.clampedSum(header.freshSeconds)))
    }

    /// The freshness that the core of a post knows.
    public var freshness: ListFreshness {
        switch self {
        case .confirmed, .fresh: .fresh
        case .timeUntrusted: .timeUntrusted
        case .stale: .stale
        case .expired: .expired
        }
    }

    /// This step, or a lower one.
    public func atMost(_ other: LadderRung) -> LadderRung { max(self, other) }
}

extension ListHeader {
    /// For how long it is fresh from its issue on, in seconds.
    var freshSeconds: Int64 { softExpiry - issuedAt }
}

extension Int64 {
    /// The sum, or the largest number there is.
    func clampedSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension ListProfile {
    /// The limits on a step of the ladder; none where the issuer permits no answer from a list.
    public func limits(on rung: LadderRung) -> ProfileLimits {
        guard whitelist != .never else { return .none }
        return switch rung {
        case .confirmed: confirmed
        case .fresh: fresh
        case .timeUntrusted, .stale: stale
        case .expired: expired
        }
    }
}

extension ExposureCap {
    /// The cap on a step; none while the cloud hears of everything.
    public func wattHours(on rung: LadderRung) -> UInt32 {
        switch rung {
        case .confirmed: .max
        case .fresh: fresh
        case .timeUntrusted, .stale: stale
        case .expired: expired
        }
    }
}
