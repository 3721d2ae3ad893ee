// Texts and words, with the traps of YAML 1.1 closed.

/// What a text may consist of.
public enum TextRule: Hashable, Sendable {
    /// Anything that fits in one line.
    case line
    /// Anything.
    case free
    /// A name for machines: a small letter, then small letters, digits, dashes and underscores.
    case name
    /// Hexadecimal digits, an even number of them.
    case hexadecimal
    /// A path that starts at the root.
    case absolutePath

    var pattern: String? {
        switch self {
        case .line: "^[^\\r\\n]*$"
        case .free: nil
        case .name: "^[a-z][a-z0-9_-]*$"
        case .hexadecimal: "^([0-9A-Fa-f][0-9A-Fa-f])*$"
        case .absolutePath: "^/[^\\r\\n]*$"
        }
    }

    var noun: String {
        switch self {
        case .line: "a text in one line"
        case .free: "a text"
        case .name: "a name (small letters, digits, dashes)"
        case .hexadecimal: "pairs of hexadecimal digits"
        case .absolutePath: "a path that starts with /"
        }
    }

    func allows(_ text: String) -> Bool {
        let bytes = text.utf8
        let isOneLine = !bytes.contains(10) && !bytes.contains(13)
        switch self {
        case .free: return true
        case .line: return isOneLine
        case .absolutePath: return isOneLine && bytes.first == UInt8(ascii: "/")
        case .hexadecimal:
            return bytes.count % 2 == 0 && text.unicodeScalars.allSatisfy { $0.properties.isASCIIHexDigit }
        case .name:
            let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
            return bytes.first.map(isLetter) == true
                && bytes.allSatisfy {
                    isLetter($0) || Numerals.isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
        }
    }
}

extension Kind where Value == String {
    /// A text of that many characters (Unicode scalars) that follows the rule.
    public static func text(_ lengths: ClosedRange<Int>, _ rule: TextRule = .line) -> Kind {
        let expected = "\(rule.noun) of \(Shape.count(lengths.lowerBound, lengths.upperBound, "character"))"
        let shape = Shape.text(
            minimum: lengths.lowerBound, maximum: lengths.upperBound, pattern: rule.pattern, expected: expected,
            example: nil)
        return Kind(
            shape: { shape }, standIn: { "" },
            read: { tree, reading, path in
                guard let text = Texts.text(tree, reading, path, expected) else { return nil }
                guard lengths.contains(text.unicodeScalars.count), rule.allows(text) else {
                    reading.report(.badValue, tree, path, expected: expected)
                    return nil
                }
                return text
            })
    }
}

extension Kind {
    /// A text with a meaning of its own: `parse` makes a value of it or says no.
    /// - Parameters:
    ///   - expected: completes "expected ...".
    ///   - example: a text that `parse` takes.
    ///   - pattern: what JSON Schema readers check, not stricter than `parse`.
    ///   - standIn: a value to go on with when the text is wrong, so that other mistakes are found too.
    public static func parsed(
        expected: String, example: String, pattern: String? = nil, standIn: Value,
        _ parse: @escaping @Sendable (String) -> Value?
    ) -> Kind {
        let shape = Shape.text(minimum: 1, maximum: 1_024, pattern: pattern, expected: expected, example: example)
        return Kind(
            shape: { shape }, standIn: { standIn },
            read: { tree, reading, path in
                guard let text = Texts.text(tree, reading, path, expected) else { return nil }
                guard text.utf8.count <= 1_024, let value = parse(text) else {
                    reading.report(
                        .badValue, tree, path, expected: expected, remedy: "Write it as in \(example).")
                    return nil
                }
                return value
            })
    }

    /// One word of a closed set, each with the value it stands for and a sentence that says what it does. Where there are
    /// more than a message should name, `listedBy` is the command that lists them.
    public static func words(_ words: [WordMeaning<Value>], listedBy: String? = nil) -> Kind {
        precondition(!words.isEmpty, "a set of words needs a word")
        let shape = Shape.words(
            words.map { Shape.Word(word: $0.word, summary: $0.summary) }, listedBy: listedBy)
        return Kind(
            shape: { shape }, standIn: { words[0].value },
            read: { tree, reading, path in
                guard let text = Texts.text(tree, reading, path, shape.expected) else { return nil }
                guard let meaning = words.first(where: { $0.word == text }) else {
                    let nearest = Nearest.word(to: text, among: words.map(\.word))
                    reading.report(
                        .badValue, tree, path, expected: shape.expected, remedy: nearest.map { "Write \($0)." })
                    return nil
                }
                return meaning.value
            })
    }
}

/// A word of a closed set.
public struct WordMeaning<Value: Sendable>: Sendable {
    /// As written.
    public var word: String
    /// What it stands for.
    public var value: Value
    /// What it does: a sentence.
    public var summary: String

    /// A word, its value and a sentence on what it does.
    public init(_ word: String, _ value: Value, _ summary: String) {
        self.word = word
        self.value = value
        self.summary = summary
    }
}

/// Reads scalars as texts.
enum Texts {
    /// The text of a scalar; nil, and reported, if it is none or if other readers would not take it for one.
    static func text(_ tree: Tree, _ reading: Reading, _ path: String, _ expected: String) -> String? {
        guard case .scalar(let text, let style) = tree.content, style != .plain || !text.isEmpty else {
            reading.report(.wrongType, tree, path, expected: expected)
            return nil
        }
        if style == .plain, let taken = otherMeaning(of: text) {
            reading.report(
                .wrongType, tree, path, expected: expected,
                remedy: "Put it in quotes: without them YAML readers take it for \(taken).")
            return nil
        }
        return text
    }

    /// What some reader of YAML 1.1 or 1.2 takes this plain text for, if not for a text.
    static func otherMeaning(of text: String) -> String? {
        switch text.lowercased() {
        case "yes", "no", "on", "off", "y", "n", "true", "false": return "a truth value"
        case "null", "~": return "nothing"
        case ".inf", "-.inf", "+.inf", ".nan": return "a number"
        default: break
        }
        guard let first = text.utf8.first, Numerals.isDigit(first) || "+-.".utf8.contains(first),
            text.utf8.contains(where: Numerals.isDigit), text.utf8.count(where: { $0 == UInt8(ascii: ".") }) < 2
        else { return nil }
        // Hexadecimal, octal, underscores, exponents, 12:30 (base 60) and 2025-10-20 (a date) are all in here.
        let prefix = text.utf8.prefix(2)
        let isHexadecimal = prefix.elementsEqual("0x".utf8)
        let isNumeral = text.utf8.allSatisfy { byte in
            Numerals.isDigit(byte) || "+-._:eEoTtzZ ".utf8.contains(byte)
                || isHexadecimal && ("xX".utf8.contains(byte) || Unicode.Scalar(byte).properties.isASCIIHexDigit)
        }
        return isNumeral ? "a number or a date" : nil
    }
}
