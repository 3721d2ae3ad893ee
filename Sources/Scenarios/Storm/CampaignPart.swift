// Which storms a sum holds and what played them: sums of unlike ones, or of one storm twice, would say nothing.

/// Seeds that one build played in one way.
public struct CampaignPart: Codable, Hashable, Sendable {
    /// The build that played, by its own identity.
    public var build: String
    /// Options that change how a storm is played.
    public var options: [String]
    /// The seeds, each range by its first and last; ascending, none twice.
    public var seeds: [Span]
    /// The seeds of the whole campaign, of which those that were played may be one job's share, or what was played before it
    /// was stopped; nil in shards of before this was told.
    public var asked: [Span]?
    /// Which share of them a job had to play: `2/64`; nil: all, or more than one share.
    public var shard: String?
    /// Whether it was stopped before it was done; nil in a sum.
    public var isStopped: Bool?

    /// Seeds from a first to a last.
    public struct Span: Codable, Hashable, Sendable, CustomStringConvertible {
        /// The first seed.
        public var first: UInt64
        /// The last seed, not below the first.
        public var last: UInt64
        /// As people write it.
        public var description: String { first == last ? "\(first)" : "\(first)..\(last)" }
        /// How many there are.
        public var count: Int { Int(last - first) + 1 }

        /// Every seed of a range.
        public init(_ range: ClosedRange<UInt64>) { (first, last) = (range.lowerBound, range.upperBound) }
    }

    /// The greatest seed: the greatest whole number that JSON's readers keep exactly (RFC 8259, section 6).
    public static let greatestSeed: UInt64 = 1 << 53

    /// What was played of a campaign: seeds in any order, none twice.
    /// - Parameters:
    ///   - asked: The seeds of the whole campaign.
    ///   - shard: Which share of them was to be played; nil: all.
    ///   - isStopped: Whether it was stopped before it was done.
    public init(
        build: String, options: [String], played: [Span], asked: ClosedRange<UInt64>, shard: String?,
        isStopped: Bool
    ) {
        (self.build, self.options, self.shard, self.isStopped) = (build, options, shard, isStopped)
        (seeds, self.asked) = (Self.joined(played), [Span(asked)])
    }

    /// Ranges in order, those that touch or overlap as one.
    fileprivate static func joined(_ spans: [Span]) -> [Span] {
        spans.sorted { $0.first < $1.first }.reduce(into: []) { joined, span in
            if let last = joined.last, last.last + 1 >= span.first {
                joined[joined.count - 1].last = max(last.last, span.last)
            } else {
                joined.append(span)
            }
        }
    }

    /// What of a range is in none of these spans, in order.
    public static func gaps(in range: ClosedRange<UInt64>, between spans: [Span]) -> [Span] {
        var gaps: [Span] = []
        var next = range.lowerBound
        for span in joined(spans) where span.last >= next && span.first <= range.upperBound {
            if span.first > next { gaps.append(Span(next...(span.first - 1))) }
            next = span.last + 1
        }
        if next <= range.upperBound { gaps.append(Span(next...range.upperBound)) }
        return gaps
    }

    /// Why two sums cannot be added.
    public enum Unlike: Error, Equatable, CustomStringConvertible {
        /// Both hold the same storms.
        case playedTwice(Span)
        /// They were played in different ways.
        case options([String], [String])
        /// They were played by different builds.
        case builds(String, String)

        /// What is wrong and what to do, for people.
        public var description: String {
            func words(_ options: [String]) -> String {
                options.isEmpty ? "no options" : options.joined(separator: " ")
            }
            switch self {
            case .playedTwice(let span):
                return "seeds \(span) are in it that are counted already: leave one of the files out"
            case .options(let one, let other):
                return
                    "its storms were played with \(words(other)), those before with \(words(one)): add up like with like"
            case .builds(let one, let other):
                return "its storms were played by build \(other.prefix(12)), those before by \(one.prefix(12)): "
                    + "play them by one program, or add them with --tally"
            }
        }
    }

    /// Adds what another sum holds.
    fileprivate mutating func add(_ other: CampaignPart) throws(Unlike) {
        let all = (seeds + other.seeds).sorted { $0.first < $1.first }
        for (one, next) in zip(all, all.dropFirst()) where next.first <= one.last {
            throw .playedTwice(Span(next.first...min(one.last, next.last)))
        }
        if asked != nil || other.asked != nil {
            asked = Self.joined((asked ?? seeds) + (other.asked ?? other.seeds))
        }
        seeds = Self.joined(all)
        // What was said of one shard says nothing of the sum: its gaps do.
        (shard, isStopped) = (nil, nil)
    }
}

extension Campaign {
    /// Adds the sum of another shard of one campaign, or, as a `tally`, that of another build.
    /// - Throws: `CampaignPart.Unlike`; the sum is then what it was.
    public mutating func merge(_ other: Campaign, isTally: Bool) throws(CampaignPart.Unlike) {
        var parts = parts
        for part in other.parts {
            if let first = parts.first, first.options != part.options {
                throw .options(first.options, part.options)
            }
            if let index = parts.firstIndex(where: { $0.build == part.build }) {
                try parts[index].add(part)
            } else {
                if let first = parts.first, !isTally { throw .builds(first.build, part.build) }
                parts.append(part)
            }
        }
        add(other)
        self.parts = parts
    }
}

extension Campaign {
    /// The seeds that the campaign was asked for, or that lie between those that were played, and that were not played.
    public var notPlayed: [CampaignPart.Span] {
        let played = parts.flatMap(\.seeds)
        let all = played + parts.flatMap { $0.asked ?? [] }
        guard let first = all.map(\.first).min(), let last = all.map(\.last).max() else { return [] }
        return CampaignPart.gaps(in: first...last, between: played)
    }

    /// What a file says that cannot be: seeds out of order or beyond what there is, and numbers that are not those of its seeds.
    public var contradiction: String? {
        for part in parts {
            for spans in [part.seeds, part.asked ?? []] {
                if let odd = spans.first(where: { $0.first > $0.last || $0.last > CampaignPart.greatestSeed }) {
                    return "seeds \(odd.first) to \(odd.last) are no range"
                }
                if zip(spans, spans.dropFirst()).contains(where: { $0.last >= $1.first }) {
                    return "its seeds are out of order, or in it twice"
                }
            }
        }
        let spans = parts.flatMap(\.seeds)
        let seeds = spans.reduce(0) { $0 &+ $1.count }
        if storms != seeds { return "it counts \(storms) storms and holds \(seeds) seeds" }
        if !(0...seeds).contains(playedTwice) {
            return "of \(seeds) seeds it counts \(playedTwice) as played twice"
        }
        let foreign = failures.first { failure in
            !spans.contains { ($0.first...$0.last).contains(failure.seed) }
        }
        return foreign.map { "it tells of seed \($0.seed), which is none of its own" }
    }
}
