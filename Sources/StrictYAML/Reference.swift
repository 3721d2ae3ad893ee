// The reference page of a kind of document, in Markdown: every key, what it holds, what it is for.

extension DocumentKind {
    /// The reference as Markdown: one table, a row a key, in the order of the description, with a newline at the
    /// end.
    public var reference: String {
        var rows: [String] = []
        root.shape().addRows(to: &rows, under: "")
        return """
            # \(title)

            \(summary)

            | key | value | left out | what it is for |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }
}

extension Shape {
    fileprivate func addRows(to rows: inout [String], under path: String) {
        switch self {
        case .list(let element, _, _): element.addRows(to: &rows, under: path + "[]")
        case .table(_, _, let element, _, _): element.addRows(to: &rows, under: path + ".*")
        case .record(let record): record.addRows(to: &rows, under: path, when: "")
        case .words(let words, _):
            for word in words { rows.append("| | `\(word.word)` | | \(Self.cell(word.summary)) |") }
        default: break
        }
    }

    fileprivate static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}

extension RecordShape {
    fileprivate func addRows(to rows: inout [String], under path: String, when condition: String) {
        for field in fields { field.addRows(to: &rows, under: path, when: condition, leftOut: nil) }
        if let choice {
            for field in choice.fields {
                field.addRows(to: &rows, under: path, when: condition, leftOut: "one of these")
            }
        }
        guard let variants else { return }
        let key = path.isEmpty ? variants.key : "\(path).\(variants.key)"
        rows.append("| `\(key)` | a word | required | \(Shape.cell(condition + variants.summary)) |")
        for variant in variants.cases {
            rows.append("| | `\(variant.word)` | | \(Shape.cell(variant.summary)) |")
            variant.record.addRows(to: &rows, under: path, when: "With `\(variants.key): \(variant.word)`: ")
        }
    }
}

extension FieldShape {
    fileprivate func addRows(to rows: inout [String], under path: String, when condition: String, leftOut: String?)
    {
        let full = path.isEmpty ? key : "\(path).\(key)"
        let absent =
            switch presence {
            case .required: "required"
            case .optional: leftOut ?? "nothing"
            case .defaulted(let text): "`\(text)`"
            }
        let held =
            if case .words = shape { "a word" } else { Shape.cell(shape.expected) }
        rows.append("| `\(full)` | \(held) | \(absent) | \(Shape.cell(condition + summary)) |")
        shape.addRows(to: &rows, under: full)
    }
}
