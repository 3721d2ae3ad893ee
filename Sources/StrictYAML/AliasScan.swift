// Looks for aliases before the parser does: they are what makes a small document large.

/// Finds what looks like an alias (`*name`) at a place where a value may begin. Yams hashes keys with all that they
/// alias, so a few hundred bytes could keep it busy for years; a document with more than a handful is refused unread.
enum AliasScan {
    /// With so few, a document can grow at most fourfold, and the exact reading says what is an alias and what is
    /// not. Engineering default.
    static let composedAtMost = 4
    /// More are not listed: the message is the same.
    private static let listedAtMost = 20

    /// What looks like aliases, first line first. Quotes are not followed: a text with five words such as `*this`,
    /// each where a value could begin, is taken for aliases too, and the message says to use quotes and says where.
    static func places(in text: String) -> [(word: String, position: SourcePosition)] {
        var places: [(word: String, position: SourcePosition)] = []
        var position = SourcePosition(line: 1, column: 1)
        var mayBegin = true
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst(), places.count < listedAtMost {
            if scalar == "*", mayBegin, let next = scalars.first, isNameLetter(next) {
                let name = scalars.prefix(while: isNameLetter)
                places.append(("*" + String(String.UnicodeScalarView(name)), position))
            }
            switch scalar {
            case "\n": mayBegin = true
            case " ", "\t": break
            case "[", "{", ",", ":", "-", "?": mayBegin = true
            default: mayBegin = false
            }
            position =
                scalar == "\n"
                ? SourcePosition(line: position.line + 1, column: 1)
                : SourcePosition(line: position.line, column: position.column + 1)
        }
        return places
    }

    private static func isNameLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "-" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }
}
