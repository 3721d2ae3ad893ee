// What is wrong with a document: one value a mistake, and all of a document's mistakes together.

/// A place in a document, as an editor counts it.
public struct SourcePosition: Hashable, Comparable, Sendable {
    /// The line, from 1; 0 when the whole file is meant.
    public var line: Int
    /// The column in characters, from 1; 0 when the whole file is meant.
    public var column: Int

    /// The place in that line and column.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Not a place in the text but the file as such.
    public static let wholeFile = SourcePosition(line: 0, column: 0)

    /// Whether `left` stands before `right`.
    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One mistake in a document: what, where, what was expected, what to do.
public struct Problem: Hashable, Sendable {
    /// The kinds of mistake; the raw values are stable and appear in the JSON form.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// There is no file of that name.
        case noSuchFile = "no-such-file"
        /// The file exists and may not, or cannot, be read.
        case unreadableFile = "unreadable-file"
        /// The document is larger than its bound.
        case tooLarge = "too-large"
        /// The bytes are not UTF-8, or hold characters that YAML forbids.
        case badCharacter = "bad-character"
        /// The text is not YAML.
        case syntax
        /// Collections stand in each other deeper than the bound.
        case tooDeep = "too-deep"
        /// An anchor, an alias or a merge key.
        case alias
        /// An explicit type tag.
        case tag
        /// More than one document in the file.
        case secondDocument = "second-document"
        /// A key that nothing reads.
        case unknownKey = "unknown-key"
        /// A key given twice.
        case duplicateKey = "duplicate-key"
        /// A key that has to be there and is not.
        case missingKey = "missing-key"
        /// Keys that exclude each other.
        case conflictingKeys = "conflicting-keys"
        /// A value of another type than the one expected.
        case wrongType = "wrong-type"
        /// A value of the right type that is not allowed.
        case badValue = "bad-value"
        /// Each value is allowed, together they are not.
        case inconsistent
    }

    /// The kind of mistake.
    public var code: Code
    /// Where it stands.
    public var position: SourcePosition
    /// The value it concerns, such as `connectors[1].stage`; empty for the document as a whole.
    public var path: String
    /// What is wrong, in a few words.
    public var what: String
    /// The offending text, shortened; nil where something is missing.
    public var found: String?
    /// What would have been right.
    public var expected: String
    /// What to do about it: a sentence.
    public var remedy: String

    /// A mistake; `found` is shortened and its control characters are made visible.
    public init(
        code: Code, position: SourcePosition, path: String, what: String, found: String? = nil, expected: String,
        remedy: String
    ) {
        self.code = code
        self.position = position
        self.path = path
        self.what = what
        self.found = found.map(Self.shown)
        self.expected = expected
        self.remedy = remedy
    }

    /// The mistake in one line, without its place.
    public var sentence: String {
        let quoted = found.map { " \"\($0)\"" } ?? ""
        let within = path.isEmpty ? "" : " at \(path)"
        return "\(what)\(quoted)\(within): expected \(expected). \(remedy)"
    }

    /// Longer offending text is cut: a message is one line of a terminal, a log or a status. Engineering default.
    static let shownCharactersAtMost = 60

    /// Text fit to be shown in one line: bounded, control characters as `\u{..}`.
    static func shown(_ text: String) -> String {
        var shown = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < shownCharactersAtMost else { return shown + "..." }
            switch scalar {
            case "\n": shown += "\\n"
            case "\t": shown += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}

/// Every mistake found in one document, in the order of the text. Never empty.
public struct Problems: Error, Hashable, Sendable {
    /// The file's name as the person gave it.
    public var file: String
    /// The mistakes, first line first; at most `Problems.atMost`.
    public var list: [Problem]
    /// How many more there were than the list holds.
    public var omitted: Int

    /// More mistakes than this are counted, not kept. Engineering default.
    public static let atMost = 200

    /// The mistakes of one file, put in the order of the text and bounded.
    public init(file: String, _ problems: [Problem]) {
        self.file = file
        // The sort has to be stable: two mistakes in one place stay in the order they were found.
        let ordered = problems.enumerated().sorted {
            ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
        }
        self.list = ordered.prefix(Self.atMost).map(\.element)
        self.omitted = max(0, problems.count - Self.atMost)
    }

    /// Whether the file could not be read at all, rather than being read and found wrong.
    public var isAboutTheFileItself: Bool {
        list.contains { $0.code == .noSuchFile || $0.code == .unreadableFile }
    }
}
