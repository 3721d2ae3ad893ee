// Which storms a sum holds and what played them: sums of unlike ones, or of one storm twice, would say nothing.

/// Seeds that one build played in one way.
public struct CampaignPart: Codable, Hashable, Sendable {
    /// The build that played, by its own identity.
    public var build: String
    /// Options that change how a storm is played.
    public var options: [String]
    /// The seeds, each range by its first and last; ascending, none twice.
    public var seeds: [Span]

    /// Seeds from a first to a last.
    public struct Span: Codable, Hashable, Sendable, CustomStringConvertible {
        /// The first seed.
        public var first: UInt64
        /// The last seed, not below the first.
        public var last: UInt64
        /// As people write it.
        public var description: String { first == last ? "\(first)" : "\(first)..\(last)" }
    }

    /// One range that was played.
    public init(build: String, options: [String], seeds: ClosedRange<UInt64>) {
        (self.build, self.options) = (build, options)
        self.seeds = [Span(first: seeds.lowerBound, last: seeds.upperBound)]
    }

    /// The seeds that were played so far, in any order, none twice.
    public init(build: String, options: [String], played: [UInt64]) {
        (self.build, self.options) = (build, options)
        seeds = Self.joined(played.map { Span(first: $0, last: $0) })
    }

    /// Ranges in order, those that touch as one.
    private static func joined(_ spans: [Span]) -> [Span] {
        spans.sorted { $0.first < $1.first }.reduce(into: []) { joined, span in
            if let last = joined.last, last.last + 1 == span.first {
                joined[joined.count - 1].last = span.last
            } else {
                joined.append(span)
            }
        }
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
            throw .playedTwice(Span(first: next.first, last: min(one.last, next.last)))
        }
        seeds = Self.joined(all)
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
