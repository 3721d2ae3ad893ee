// Keys given twice, without losing every other mistake of the document.

/// Yams stops at the first map with a key given twice and names the place of the first. To find the other mistakes of
/// the document as well, that key is given a name that nobody can have written, in the copy that is parsed, and the
/// document is read again; the tree gets the key's own name back.
struct RenamedKeys {
    /// More duplicates than this are not looked for: each costs one reading of the document. Engineering default.
    static let atMost = 32
    /// The first of the characters that stand in for a key's first letter: Unicode's private use area.
    private static let firstStandIn: UInt32 = 0xE000

    private var originals: [SourcePosition: String] = [:]

    /// The name that the key at this place really has, if it was renamed.
    func original(at position: SourcePosition) -> String? { originals[position] }

    /// The text with the key at `position` renamed; nil when that cannot be done or has been done often enough.
    mutating func renameKey(at position: SourcePosition, in text: String) -> String? {
        guard originals.count < Self.atMost, originals[position] == nil,
            let standIn = Unicode.Scalar(Self.firstStandIn + UInt32(originals.count))
        else { return nil }
        var scalars = Array(text.unicodeScalars)
        guard var start = Self.offset(of: position, in: scalars) else { return nil }
        let quote: Unicode.Scalar? = scalars[start] == "\"" || scalars[start] == "'" ? scalars[start] : nil
        if quote != nil { start += 1 }
        let end = scalars[start...].firstIndex { quote.map($0.isEqual) ?? ($0 == ":") || $0 == "\n" || $0 == "\\" }
        guard let end, end > start, scalars[end] != "\n", scalars[end] != "\\" else { return nil }
        var name = String(String.UnicodeScalarView(scalars[start..<end]))
        if quote == nil { while name.last == " " { name.removeLast() } }
        originals[position] = name
        scalars[start] = standIn
        return String(String.UnicodeScalarView(scalars))
    }

    private static func offset(of position: SourcePosition, in scalars: [Unicode.Scalar]) -> Int? {
        var line = 1
        var lineStart = 0
        for (offset, scalar) in scalars.enumerated() where scalar == "\n" {
            if line == position.line { break }
            line += 1
            lineStart = offset + 1
        }
        let offset = lineStart + position.column - 1
        return line == position.line && scalars.indices.contains(offset) ? offset : nil
    }
}

extension Unicode.Scalar {
    fileprivate func isEqual(_ other: Unicode.Scalar) -> Bool { self == other }
}
