// The schema of a kind of document, for editors: JSON Schema draft-07, the same text every time.

extension DocumentKind {
    /// The JSON Schema (draft-07) of the document, indented, with a newline at the end. Editors complete keys from
    /// it once a document's first line is `# yaml-language-server: $schema=...`.
    public var jsonSchema: String {
        var members: [(String, JSONText)] = [
            ("$schema", .string("http://json-schema.org/draft-07/schema#")),
            ("$id", .string(schemaIdentifier)),
            ("title", .string(title)),
            ("description", .string(summary)),
        ]
        members += root.shape().schemaMembers
        return JSONText.object(members).indented + "\n"
    }
}

extension Shape {
    fileprivate var schemaMembers: [(String, JSONText)] {
        switch self {
        case .integer(let minimum, let maximum, _):
            [("type", .string("integer")), ("minimum", .number(minimum)), ("maximum", .number(maximum))]
        case .decimal(let minimum, let maximum, _, _):
            [("type", .string("number")), ("minimum", .number(minimum)), ("maximum", .number(maximum))]
        case .boolean: [("type", .string("boolean"))]
        case .text(let minimum, let maximum, let pattern, _, let example):
            [
                ("type", .string("string")), ("minLength", .number(String(minimum))),
                ("maxLength", .number(String(maximum))),
            ] + (pattern.map { [("pattern", .string($0))] } ?? [])
                + (example.map { [("examples", .array([.string($0)]))] } ?? [])
        case .words(let words, _):
            [
                ("enum", .array(words.map { .string($0.word) })),
                ("markdownEnumDescriptions", .array(words.map { .string($0.summary) })),
            ]
        case .list(let element, let minimum, let maximum):
            [
                ("type", .string("array")), ("minItems", .number(String(minimum))),
                ("maxItems", .number(String(maximum))), ("items", .object(element.schemaMembers)),
            ]
        case .record(let record): record.schemaMembers
        case .table(_, let keyPattern, let element, let minimum, let maximum):
            [
                ("type", .string("object")), ("minProperties", .number(String(minimum))),
                ("maxProperties", .number(String(maximum))),
                ("propertyNames", .object([("pattern", .string(keyPattern))])),
                ("additionalProperties", .object(element.schemaMembers)),
            ]
        }
    }

    /// A default as the schema writes it: texts in quotes, everything else as it stands.
    fileprivate func schemaDefault(_ text: String) -> JSONText {
        switch self {
        case .integer, .decimal, .boolean: .number(text)
        case .list where text == "[]": .array([])
        case .record where text == "{}": .object([])
        case .table where text == "{}": .object([])
        default: .string(text)
        }
    }
}

extension RecordShape {
    fileprivate var schemaMembers: [(String, JSONText)] {
        guard let variants else { return objectMembers([]) }
        // Draft-07 cannot close an object that is described in two places: each variant repeats the common keys.
        let cases = variants.cases.map { variant -> JSONText in
            var whole = self
            whole.variants = nil
            whole.fields += variant.record.fields
            whole.choice = whole.choice ?? variant.record.choice
            let word = JSONText.object([
                ("const", .string(variant.word)),
                ("description", .string("\(variants.summary) \(variant.word): \(variant.summary)")),
            ])
            return .object(whole.objectMembers([(variants.key, word)]))
        }
        return [("type", .string("object")), ("oneOf", .array(cases))]
    }

    /// One closed object; the keys in `leading` are required and come first.
    private func objectMembers(_ leading: [(String, JSONText)]) -> [(String, JSONText)] {
        let properties = leading + (fields + (choice?.fields ?? [])).map { ($0.key, $0.schema) }
        let required = leading.map(\.0) + fields.filter(\.hasToBeThere).map(\.key)
        var members: [(String, JSONText)] = [
            ("type", .string("object")), ("additionalProperties", .boolean(false)),
            ("properties", .object(properties)),
        ]
        if !required.isEmpty { members.append(("required", .array(required.map(JSONText.string)))) }
        guard let choice else { return members }
        let one = choice.fields.map { JSONText.object([("required", .array([.string($0.key)]))]) }
        members.append(("oneOf", .array(one)))
        return members
    }
}

extension FieldShape {
    fileprivate var hasToBeThere: Bool {
        switch presence {
        case .required: return true
        case .optional: return false
        case .defaulted(let text):
            if text == "{}", case .record(let record) = shape { return !record.needsNothing }
            return false
        }
    }

    fileprivate var schema: JSONText {
        var members: [(String, JSONText)] = [("description", .string(described))]
        members += shape.schemaMembers
        if case .defaulted(let text) = presence { members.append(("default", shape.schemaDefault(text))) }
        return .object(members)
    }

    private var described: String {
        switch shape {
        case .integer(_, _, .some(let unit)), .decimal(_, _, _, .some(let unit)): "\(summary) Unit: \(unit)."
        default: summary
        }
    }
}
