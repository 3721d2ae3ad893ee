// Time without a clock that can be trusted: a floor that only signed dates and elapsed time may raise.

/// Who vouches for a clock.
public enum ClockQuality: Int, CaseIterable, Sendable, Codable {
    /// Nobody, or the clock cannot be read.
    case none
    /// A battery, or a time server that anybody can play: good while nothing speaks against it.
    case unauthenticated
    /// Authenticated time (NTS), or a person on site.
    case authenticated
}

/// What a post may believe of the time at one moment.
public struct TimeReading: Hashable, Sendable {
    /// Nobody can be before this moment, in seconds since 1970.
    public var lowerBound: Int64
    /// The time by a clock that may be believed; nil: `time_untrusted`.
    public var trusted: Int64?
    /// The best guess: the trusted time, else the lower bound.
    public var best: Int64 { max(trusted ?? lowerBound, lowerBound) }
    /// Whether no clock may be believed.
    public var isUntrusted: Bool { trusted == nil }

    /// A reading.
    public init(lowerBound: Int64, trusted: Int64?) {
        self.lowerBound = lowerBound
        self.trusted = trusted
    }
}

/// The earliest that it can be now. Signed dates raise it, elapsed time raises it, a mere clock never does: a clock
/// that once showed the year 2100 would otherwise expire every card for good.
///
/// It has a part for each key that has raised it: a date stands only while the key that vouched for it is trusted, so
/// that a stolen key, or an office whose clock was wrong, cannot poison the time beyond the next trust bundle. Every part
/// runs on with elapsed time.
public struct TimeFloor: Hashable, Sendable {
    /// A clock without authentication that is further ahead of the floor than this is not believed; a deny key raises the
    /// floor by no more than this beyond what everybody else says; and what is dated further ahead of a clock that is
    /// vouched for is refused. 24 h.
    public static let longestJumpSeconds: Int64 = 86_400
    /// A clock that is behind the floor by no more than this is believed. 1 s: both are told in whole seconds that turn at
    /// different moments.
    public static let roundingSeconds: Int64 = 1

    private struct Part: Hashable, Sendable {
        var source: FloorSource
        var signedAt: Int64
        var time: Int64
        var raisedAt: Int64

        func bound(_ monotonic: Int64) -> Int64 {
            time.clampedSum(max(0, monotonic.subtractingReportingOverflow(raisedAt).partialValue))
        }
    }
    /// The first is what is known whatever becomes of a key; the others stand in the order in which they came.
    private var parts: [Part]
    /// Where an authenticated clock has been seen, and when: an unauthenticated one that goes on from there is believed.
    private var vouched: Vouched?
    private struct Vouched: Hashable, Sendable {
        var time: Int64
        var at: Int64
    }

    /// A floor at start-up: the latest of what is known by nobody's single word, such as the build's date.
    /// - Parameters:
    ///   - times: seconds since 1970.
    ///   - monotonic: the monotonic clock now, in seconds.
    public init(_ times: [Int64], monotonic: Int64) {
        let known = max(0, times.max() ?? 0)
        parts = [Part(source: .known, signedAt: known, time: known, raisedAt: monotonic)]
    }

    /// The earliest that it can be now.
    public func lowerBound(monotonic: Int64) -> Int64 { bound(monotonic) { _ in true } }

    /// The same without what deny keys say: what allowances are counted by, since a key that can only deny gives none back.
    public func lowerBoundWithoutDenials(monotonic: Int64) -> Int64 { bound(monotonic) { !$0.isDeny } }

    /// Whose word the floor is now.
    public func source(monotonic: Int64) -> FloorSource {
        let bound = lowerBound(monotonic: monotonic)
        return parts.first { $0.bound(monotonic) == bound }?.source ?? .known
    }

    private func bound(_ monotonic: Int64, _ counts: (FloorSource) -> Bool) -> Int64 {
        parts.reduce(0) { counts($1.source) ? max($0, $1.bound(monotonic)) : $0 }
    }

    /// Something carries this date that bears it out: it cannot be earlier. By default it is the word of the roots, of the
    /// build or of authenticated time; a deny key's word counts for 24 h beyond everybody else's at most.
    public mutating func raise(to signed: Int64, by source: FloorSource = .known, monotonic: Int64) {
        let limit = lowerBoundWithoutDenials(monotonic: monotonic).clampedSum(Self.longestJumpSeconds)
        let new = Part(
            source: source, signedAt: signed, time: source.isDeny ? min(signed, limit) : signed, raisedAt: monotonic
        )
        if let index = parts.firstIndex(where: { $0.source == source }) {
            if new.time > parts[index].bound(monotonic) { parts[index] = new }
        } else if new.time > 0 {
            parts.append(new)
        }
    }

    /// Takes back the word of every key that is no longer trusted for the date that it signed. What is known without keys
    /// stays, and has run on meanwhile.
    public mutating func keep(monotonic: Int64, where isTrusted: (FloorSource, _ signedAt: Int64) -> Bool) {
        parts.removeAll { $0.source != .known && !isTrusted($0.source, $0.signedAt) }
        // A deny key was allowed 24 h beyond a key whose word is gone now.
        let limit = lowerBoundWithoutDenials(monotonic: monotonic).clampedSum(Self.longestJumpSeconds)
        for index in parts.indices where parts[index].source.isDeny && parts[index].bound(monotonic) > limit {
            (parts[index].time, parts[index].raisedAt) = (limit, monotonic)
        }
    }

    /// What to believe, given a clock. An authenticated one raises the floor as well.
    public mutating func read(clock: Int64?, _ quality: ClockQuality, monotonic: Int64) -> TimeReading {
        guard let clock, quality != .none else {
            return TimeReading(lowerBound: lowerBound(monotonic: monotonic), trusted: nil)
        }
        if quality == .authenticated {
            raise(to: clock, monotonic: monotonic)
            vouched = Vouched(time: clock, at: monotonic)
        }
        let bound = lowerBound(monotonic: monotonic)
        let expected = max(bound, vouchedTime(monotonic: monotonic) ?? bound)
        let isBehind = clock < bound - Self.roundingSeconds
        let isAhead =
            quality != .authenticated
            && clock.subtractingReportingOverflow(expected).partialValue
                > Self.longestJumpSeconds
        return TimeReading(lowerBound: bound, trusted: isBehind || isAhead ? nil : clock)
    }

    private func vouchedTime(monotonic: Int64) -> Int64? {
        vouched.map { $0.time.clampedSum(max(0, monotonic.subtractingReportingOverflow($0.at).partialValue)) }
    }

    /// The time by the last clock that was vouched for, run on since: what nobody's date may be far ahead of. Nil where
    /// there was none since the start, or where the floor is over 48 h ahead of it: then one of the two is wrong. What `refuse` lets
    /// pass brings the floor 24 h ahead at most; as much again keeps it from the edge, where a second more would end the judging.
    public func judge(monotonic: Int64) -> Int64? {
        guard let time = vouchedTime(monotonic: monotonic),
            time.clampedSum(2 * Self.longestJumpSeconds) >= lowerBound(monotonic: monotonic)
        else { return nil }
        return time
    }

    /// Refuses what is dated more than 24 h ahead of a clock that somebody vouches for: whoever signed it has a wrong
    /// clock, or wants every post to have one.
    public static func refuse(issuedAt: Int64, aheadOf vouched: Int64?) throws(ListRefusal) {
        guard let vouched, issuedAt > vouched.clampedSum(longestJumpSeconds) else { return }
        throw .issuedInFuture
    }
}

/// Whose word a part of the floor is.
public enum FloorSource: Hashable, Sendable {
    /// Nobody's single word: the build, a trust bundle's roots, authenticated time, and what has passed since.
    case known
    /// What a build saved that did not keep keys apart: it stands until the next trust bundle.
    case unnamed
    /// A key in its role, by its 32 bytes.
    case key(KeyRole, [UInt8])

    var isDeny: Bool { if case .key(.deny, _) = self { true } else { false } }

    /// Its words for people: what to withdraw where the date is wrong; nil where no key has said it.
    public var name: String? {
        guard case .key(let role, let bytes) = self, let key = try? TrustedKey(bytes) else { return nil }
        return "\(role.name) key \(hexadecimal(key.identifier))"
    }
}

/// A part of the floor as it is written down: whose word, the date that was signed, and how far it has run on since.
public struct FloorPart: Hashable, Sendable {
    /// Whose word it is.
    public var source: FloorSource
    /// The date that was signed, in seconds since 1970.
    public var signedAt: Int64
    /// The earliest that it can be now by that word, in seconds since 1970.
    public var seconds: Int64

    /// A part with these values.
    public init(_ source: FloorSource, signedAt: Int64, seconds: Int64) {
        self.source = source
        self.signedAt = signedAt
        self.seconds = seconds
    }
}

extension TimeFloor {
    /// The parts as they stand now, to be written down.
    public func written(monotonic: Int64) -> [FloorPart] {
        parts.map { FloorPart($0.source, signedAt: $0.signedAt, seconds: $0.bound(monotonic)) }
    }

    /// Takes in what was written down by an earlier start.
    public mutating func restore(_ written: [FloorPart], monotonic: Int64) {
        // A deny key's word is measured by the others', so it comes last.
        for part in written.filter({ !$0.source.isDeny }) + written.filter(\.source.isDeny) {
            raise(to: part.seconds, by: part.source, monotonic: monotonic)
            // What a key may have signed is judged by the date that it signed.
            if let index = parts.firstIndex(where: { $0.source == part.source }), part.source != .known {
                parts[index].signedAt = part.signedAt
            }
        }
    }
}

extension ListAudience {
    /// Whether a date that has raised the floor still stands: its key is trusted in its role, for things of that date.
    /// `isNewBundle` says that the roots have spoken since, so that what nobody can name any more is taken back.
    public func vouches(for source: FloorSource, signedAt: Int64, isNewBundle: Bool = false) -> Bool {
        guard case .key(let role, let bytes) = source else { return source == .known || !isNewBundle }
        guard let bundle else { return role == .list && keys.contains { $0.bytes == bytes } }
        return bundle.keys.contains { $0.role == role && $0.key.bytes == bytes && $0.couldSign(at: signedAt) }
    }
}
