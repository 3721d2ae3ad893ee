// What a document may look like, as data: the schema and the reference page are written from it.

/// What a value may look like.
indirect enum Shape: Hashable, Sendable {
    /// A whole number; the bounds as digits, since no type holds them all.
    case integer(minimum: String, maximum: String, unit: String?)
    /// A number with decimals; the bounds as digits.
    case decimal(minimum: String, maximum: String, places: Int, unit: String?)
    /// `true` or `false`.
    case boolean
    /// A text of so many characters; the pattern is one that JSON Schema understands.
    case text(minimum: Int, maximum: Int, pattern: String?, expected: String, example: String?)
    /// One of these words. Where they are too many for a message, `listedBy` says what lists them.
    case words([Word], listedBy: String?)
    /// A list of so many values.
    case list(Shape, minimum: Int, maximum: Int)
    /// A set of known keys.
    case record(RecordShape)
    /// A set of keys that the author of the document chooses.
    case table(key: String, keyPattern: String, Shape, minimum: Int, maximum: Int)

    struct Word: Hashable, Sendable {
        var word: String
        var summary: String
    }

    /// What is expected, in a few words: "a whole number from 1 to 8".
    var expected: String {
        switch self {
        case .integer(let minimum, let maximum, let unit):
            "a whole number from \(minimum) to \(maximum)\(unit.map { " (\($0))" } ?? "")"
        case .decimal(let minimum, let maximum, let places, let unit):
            "a number from \(minimum) to \(maximum)\(unit.map { " (\($0))" } ?? "") with at most \(places) decimals"
        case .boolean: "true or false"
        case .text(_, _, _, let expected, _): expected
        case .words(let words, let listedBy):
            listedBy.map { "one of \(words.count) words; \($0) lists them" }
                ?? "one of \(words.map(\.word).joined(separator: ", "))"
        case .list(_, let minimum, let maximum): "a list of \(Shape.count(minimum, maximum, "value"))"
        case .record: "a set of keys"
        case .table(let key, _, _, let minimum, let maximum):
            "a set of \(Shape.count(minimum, maximum, "key")), each \(key)"
        }
    }

    static func count(_ minimum: Int, _ maximum: Int, _ noun: String) -> String {
        minimum == maximum
            ? "\(minimum) \(noun)\(minimum == 1 ? "" : "s")" : "\(minimum) to \(maximum) \(noun)s"
    }
}

/// A set of known keys.
struct RecordShape: Hashable, Sendable {
    var fields: [FieldShape] = []
    var variants: VariantsShape?
    var choice: ChoiceShape?

    /// Whether the record may be left empty.
    var needsNothing: Bool {
        !fields.contains { $0.presence == .required } && variants == nil && choice == nil
    }

    /// Every key that may stand in the record, variants included.
    var keys: [FieldShape] {
        fields + (choice?.fields ?? []) + (variants?.cases.flatMap(\.record.keys) ?? [])
    }
}

/// A key, what it holds and what it is for.
struct FieldShape: Hashable, Sendable {
    enum Presence: Hashable, Sendable {
        case required
        case optional
        /// Left out, it has this value.
        case defaulted(String)
    }

    var key: String
    var shape: Shape
    var presence: Presence
    var summary: String
}

/// Keys that depend on the word at one of them.
struct VariantsShape: Hashable, Sendable {
    struct Case: Hashable, Sendable {
        var word: String
        var summary: String
        var record: RecordShape
    }

    var key: String
    var summary: String
    var cases: [Case]
}

/// Keys of which exactly one is there.
struct ChoiceShape: Hashable, Sendable {
    var fields: [FieldShape]
    var summary: String
}
