// The nearest known word to a misspelt one.

/// Finds what somebody may have meant.
public enum Nearest {
    /// Longer words are not compared: the work is the product of two lengths. Engineering default.
    static let comparedBytesAtMost = 64

    /// The candidate with the fewest typing mistakes from `word`; nil when none is near enough to be meant:
    /// more than one mistake in three letters. The first of equals.
    public static func word(to word: String, among candidates: [String]) -> String? {
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let distance = Self.distance(word, candidate)
            let allowed = max(1, max(word.utf8.count, candidate.utf8.count) / 3)
            if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    /// How many letters have to be put in, taken out, changed or swapped with their neighbour to make one word the
    /// other (optimal string alignment); a dash counts as an underscore and case is ignored.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = left.utf8.map(folded)
        let right = right.utf8.map(folded)
        guard left.count <= comparedBytesAtMost, right.count <= comparedBytesAtMost else { return .max }
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let same = left[row - 1] == right[column - 1]
                var cost = min(
                    previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
                let swapped =
                    row > 1 && column > 1 && left[row - 1] == right[column - 2]
                    && left[row - 2] == right[column - 1]
                if swapped { cost = min(cost, beforePrevious[column - 2] + 1) }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
        case UInt8(ascii: "-"): UInt8(ascii: "_")
        default: byte
        }
    }
}
