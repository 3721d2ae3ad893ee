// One set of keys while it is read, or while it is described.

/// Reads the keys of one set. Whatever is asked for is thereby described, so nothing can be read that the schema
/// does not know, and the schema knows nothing that is not read. A wrong or missing value is reported and replaced
/// by a stand-in: reading goes on and every mistake of the document is found in one run.
public final class RecordReader {
    private enum Source {
        /// No document: the keys are being described.
        case none
        case entries([Tree.Entry], SourcePosition, Reading)
    }

    private let source: Source
    let path: String
    private(set) var shape = RecordShape()
    /// Which keys may be there is not known when the word that decides it is wrong.
    private var knowsItsKeys = true

    private init() {
        source = .none
        path = ""
    }

    init(_ entries: [Tree.Entry], at position: SourcePosition, _ reading: Reading, _ path: String) {
        source = .entries(entries, position, reading)
        self.path = path
    }

    /// What `body` asks for, and what it makes of stand-ins.
    static func describe<Value>(_ body: (RecordReader) -> Value) -> (shape: RecordShape, standIn: Value) {
        let reader = RecordReader()
        let value = body(reader)
        return (reader.shape, value)
    }

    /// Whether this run only describes: there is no document and every value is a stand-in. Checks of values
    /// against each other need not ask: what they refuse while describing is forgotten.
    public var isDescribing: Bool {
        if case .none = source { true } else { false }
    }

    // MARK: - Keys

    /// The value of a key that has to be there. `summary` says what the key is for: a sentence.
    public func required<Value>(_ key: String, _ kind: Kind<Value>, _ summary: String) -> Value {
        describe(key, kind, .required, summary)
        guard case .entries(_, let position, let reading) = source else { return kind.standIn() }
        guard let entry = entry(key) else {
            let expected = kind.shape().expected
            reading.report(
                Problem(
                    code: .missingKey, position: position, path: path, what: "missing key", found: key,
                    expected: expected, remedy: "Add \"\(key):\" with \(expected)."))
            return kind.standIn()
        }
        return kind.read(entry.value, reading, inner(key)) ?? kind.standIn()
    }

    /// The value of a key that may be left out; nil then.
    public func optional<Value>(_ key: String, _ kind: Kind<Value>, _ summary: String) -> Value? {
        describe(key, kind, .optional, summary)
        guard case .entries(_, _, let reading) = source, let entry = entry(key) else { return nil }
        return kind.read(entry.value, reading, inner(key)) ?? kind.standIn()
    }

    /// The value of a key that may be left out; then it is what `standard` stands for, written as in a document and
    /// read by the same rules. `[]` is an empty list, `{}` a set of keys that are all left out.
    public func optional<Value>(
        _ key: String, _ kind: Kind<Value>, default standard: String, _ summary: String
    ) -> Value {
        describe(key, kind, .defaulted(standard), summary)
        let reading: Reading
        let tree: Tree
        switch source {
        case .none:
            reading = Reading()
            tree = .ofDefault(standard, at: .wholeFile)
        case .entries(_, let position, let document):
            reading = document
            tree = entry(key)?.value ?? .ofDefault(standard, at: position)
        }
        let value = kind.read(tree, reading, inner(key))
        precondition(
            !isDescribing || value != nil || standard == "{}",
            "the default \(standard) of \(key) is not one of its own values")
        return value ?? kind.standIn()
    }

    /// What the word at `key` decides: each variant has keys of its own, which stand beside `key`. At most one such
    /// key in a set.
    public func variant<Value>(_ key: String, _ summary: String, _ variants: [Variant<Value>]) -> Value {
        precondition(!variants.isEmpty && shape.variants == nil, "one deciding key a set, with a variant at least")
        let described = VariantsShape(
            key: key, summary: summary,
            cases: variants.map {
                VariantsShape.Case(word: $0.word, summary: $0.summary, record: Self.describe($0.body).shape)
            })
        shape.variants = described
        guard case .entries(_, let position, let reading) = source else {
            return Self.describe(variants[0].body).standIn
        }
        reading.noteAsked(inner(key))
        let words = Kind<Int>.words(
            variants.enumerated().map { WordMeaning($0.element.word, $0.offset, $0.element.summary) })
        if let entry = entry(key) {
            if let index = words.read(entry.value, reading, inner(key)) {
                let value = variants[index].body(self)
                shape.variants = VariantsShape(key: key, summary: summary, cases: [])
                return value
            }
            // Misspelt: what it was meant to be says which keys belong to it, so that their mistakes are told too.
            if case .scalar(let word, _) = entry.value.content,
                let meant = Nearest.word(to: word, among: variants.map(\.word)),
                let variant = variants.first(where: { $0.word == meant })
            {
                knowsItsKeys = false
                return variant.body(self)
            }
        } else {
            reading.report(
                Problem(
                    code: .missingKey, position: position, path: path, what: "missing key", found: key,
                    expected: words.shape().expected, remedy: "Add \"\(key):\" with \(words.shape().expected)."))
        }
        knowsItsKeys = false
        return Self.describe(variants[0].body).standIn
    }

    /// The value of the one key, out of several, that is there. At most one such choice in a set.
    public func exactlyOne<Value>(_ summary: String, _ choices: [Choice<Value>]) -> Value {
        precondition(!choices.isEmpty && shape.choice == nil, "one choice of keys a set, with a key at least")
        let fields = choices.map {
            FieldShape(key: $0.key, shape: $0.shape(), presence: .optional, summary: $0.summary)
        }
        shape.choice = ChoiceShape(fields: fields, summary: summary)
        guard case .entries(let entries, let position, let reading) = source else { return choices[0].standIn() }
        let keys = choices.map(\.key)
        keys.forEach { reading.noteAsked(inner($0)) }
        let present = entries.filter { keys.contains($0.key) }
        for extra in present.dropFirst() {
            reading.report(
                Problem(
                    code: .conflictingKeys, position: extra.keyPosition, path: path, what: "one key too many",
                    found: extra.key, expected: "only one of \(keys.joined(separator: ", "))",
                    remedy: "Remove this one or \"\(present[0].key)\"."))
        }
        guard let entry = present.first, let choice = choices.first(where: { $0.key == entry.key }) else {
            // A misspelt one is the likely reason, and `finish` points at it.
            reading.report(
                Problem(
                    code: .missingKey, position: position, path: path, what: "missing key",
                    expected: "one of \(keys.joined(separator: ", "))", remedy: "Add one of them."))
            return choices[0].standIn()
        }
        return choice.read(entry.value, reading, inner(entry.key)) ?? choice.standIn()
    }

    // MARK: - Judging values together

    /// Where the value of a key stands; the set itself if the key is left out.
    public func position(of key: String) -> SourcePosition {
        guard case .entries(_, let position, _) = source else { return .wholeFile }
        return entry(key)?.value.position ?? position
    }

    /// Refuses a value that is right in itself but not together with others. `expected` completes "expected ...",
    /// `remedy` is a sentence.
    public func refuse(
        _ key: String, _ what: String, expected: String, remedy: String, at position: SourcePosition? = nil
    ) {
        guard case .entries(_, _, let reading) = source else { return }
        reading.report(
            Problem(
                code: .inconsistent, position: position ?? self.position(of: key), path: inner(key), what: what,
                expected: expected, remedy: remedy))
    }

    // MARK: - Afterwards

    /// Reports the keys that nobody asked for.
    func finish() {
        guard knowsItsKeys, case .entries(let entries, _, let reading) = source else { return }
        var known = shape.keys.map(\.key)
        if let variants = shape.variants { known.append(variants.key) }
        for entry in entries where !known.contains(entry.key) {
            let nearest = Nearest.word(to: entry.key, among: known)
            reading.report(
                Problem(
                    code: .unknownKey, position: entry.keyPosition, path: path, what: "unknown key",
                    found: entry.key,
                    expected: known.isEmpty ? "no key" : "one of \(known.joined(separator: ", "))",
                    remedy: nearest.map { "Did you mean \"\($0)\"?" } ?? "Remove it."))
        }
    }

    private func describe<Value>(
        _ key: String, _ kind: Kind<Value>, _ presence: FieldShape.Presence, _ summary: String
    ) {
        if case .entries(_, _, let reading) = source { reading.noteAsked(inner(key)) }
        // While reading, only the key's name is needed: describing the whole kind again would cost its depth.
        let described = isDescribing ? kind.shape() : .boolean
        shape.fields.append(FieldShape(key: key, shape: described, presence: presence, summary: summary))
    }

    private func entry(_ key: String) -> Tree.Entry? {
        guard case .entries(let entries, _, _) = source else { return nil }
        return entries.first { $0.key == key }
    }

    private func inner(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

/// What a deciding word means: the keys that come with it, and the value they make.
public struct Variant<Value: Sendable>: Sendable {
    let word: String
    let summary: String
    let body: @Sendable (RecordReader) -> Value

    /// The variant of that word; `summary` says what it is, `body` reads the keys that come with it.
    public init(_ word: String, _ summary: String, _ body: @escaping @Sendable (RecordReader) -> Value) {
        self.word = word
        self.summary = summary
        self.body = body
    }
}

/// One of several keys that exclude each other.
public struct Choice<Value: Sendable>: Sendable {
    let key: String
    let summary: String
    let shape: @Sendable () -> Shape
    let standIn: @Sendable () -> Value
    let read: @Sendable (Tree, Reading, String) -> Value?

    /// The choice of that key, whose value `meaning` turns into what all the choices have in common.
    public init<Held: Sendable>(
        _ key: String, _ kind: Kind<Held>, _ summary: String, _ meaning: @escaping @Sendable (Held) -> Value
    ) {
        let converted = kind.converted(meaning)
        self.key = key
        self.summary = summary
        self.shape = converted.shape
        self.standIn = converted.standIn
        self.read = converted.read
    }
}
