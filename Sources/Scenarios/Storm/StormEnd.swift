// How one storm ended, as a worker tells it, and when two storms ended in the same way.

/// How a storm, or what is left of one, ended.
public struct StormEnd: Codable, Hashable, Sendable {
    /// Its ending.
    public var ending: StormEnding
    /// The code of what was found first; nil where there is none.
    public var sign: String?
    /// The first thing that was wrong; empty for a storm that ended well.
    public var complaint: String

    /// An ending with the first thing that was wrong.
    public init(_ ending: StormEnding, sign: String? = nil, _ complaint: String) {
        (self.ending, self.sign, self.complaint) = (ending, sign, complaint)
    }

    /// That a storm did not end the same when it was played again.
    public static let diverged = StormEnd(.diverged, "played twice it was not the same")

    /// Whether another storm failed in this way: the same ending and code, the same words, and every number within a factor of two.
    /// A gap of three seconds must not become one of ten.
    func isLike(_ other: StormEnd) -> Bool {
        guard ending == other.ending, sign == other.sign else { return false }
        // The supervisor tells the event as well, with each of its readings: the rule is what counts.
        guard ending != .defect else { return true }
        let (own, others) = (Self.parts(complaint), Self.parts(other.complaint))
        return own.words == others.words && own.numbers.count == others.numbers.count
            && zip(own.numbers, others.numbers).allSatisfy { abs($0 - $1) <= max(1, max($0, $1) / 2) }
    }

    /// The complaint without the instant at which it was made.
    public var headline: String {
        let words = complaint.split(separator: " ")
        let clock = words.firstIndex { $0.first?.isNumber == true && $0.filter { $0 == ":" }.count >= 2 }
        let rest = clock.map { words[($0 + 1)...] } ?? words[...]
        return rest.joined(separator: " ")
    }

    /// The words and numbers of a complaint. What is neither, such as a clock or a session's name, says when and not what.
    private static func parts(_ text: String) -> (words: [Substring], numbers: [Double]) {
        var (words, numbers): ([Substring], [Double]) = ([], [])
        for raw in text.split(separator: " ") {
            let isOutside = { (character: Character) in "(),;:.".contains(character) }
            var token = raw.drop(while: isOutside)
            while let last = token.last, isOutside(last) { token.removeLast() }
            if let number = Double(token) {
                numbers.append(number)
            } else if !token.contains(where: \.isNumber) {
                words.append(token)
            }
        }
        return (words, numbers)
    }
}

extension StormOutcome {
    /// How it ended, in short.
    public var end: StormEnd { StormEnd(ending, sign: signs.first, complaints.first ?? "") }
}
