// What Yams says about broken syntax, in our words and with our places.

import Yams

extension Composer {
    /// The mistake that this error of the parser stands for.
    static func problem(of error: YamlError, in text: String) -> Problem {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            return syntax(problem, context?.text, SourcePosition(mark), in: text)
        case .composer(let context, let problem, let mark, _):
            if problem.contains("undefined alias") {
                return Problem(
                    code: .alias, position: SourcePosition(mark), path: "", what: "anchor, alias or merge key",
                    found: word(at: SourcePosition(mark), in: text), expected: "the value itself",
                    remedy: "Write the value out, or put the text in quotes.")
            }
            if problem.contains("another document") {
                return Problem(
                    code: .secondDocument, position: SourcePosition(mark), path: "", what: "a second document",
                    found: "---", expected: "one document in a file",
                    remedy: "Remove the line, or move what follows to a file of its own.")
            }
            return syntax(problem, context?.text, SourcePosition(mark), in: text)
        case .reader(let problem, let offset, let value, _):
            return Problem(
                code: .badCharacter, position: offset.map { position(ofCharacter: $0, in: text) } ?? .wholeFile,
                path: "", what: "\(problem)", found: Unicode.Scalar(UInt32(bitPattern: value)).map { String($0) },
                expected: "printable UTF-8 text", remedy: "Remove the character.")
        case .duplicatedKeysInMapping(let keys, let context):
            return Problem(
                code: .duplicateKey, position: SourcePosition(context.mark), path: "", what: "duplicate key",
                found: keys.first, expected: "each key once", remedy: "Remove one of the two.")
        default:
            return unexplained("\(error)")
        }
    }

    /// A mistake that cannot be placed.
    static func unexplained(_ description: String) -> Problem {
        Problem(
            code: .syntax, position: .wholeFile, path: "", what: "unreadable as YAML", found: description,
            expected: "YAML", remedy: "Compare the file with an example from the documentation.")
    }

    private static func syntax(
        _ problem: String, _ context: String?, _ position: SourcePosition, in text: String
    ) -> Problem {
        let isNesting = problem.contains("nesting level")
        let remedy =
            switch problem {
            case _ where problem.contains("'\\t'") || problem.contains("tab"): "Indent with spaces, not with tabs."
            case _ where problem.contains("mapping values"):
                "Put the text in quotes, or start a new line before it."
            case _ where problem.contains("end of stream"): "Close the quote or the bracket that is open."
            default: "Check indentation, colons, quotes and brackets here and in the line before."
            }
        return Problem(
            code: isNesting ? .tooDeep : .syntax, position: position, path: "",
            what: isNesting ? "nesting too deep" : "not YAML: \(problem)",
            found: word(at: position, in: text),
            expected: context.map { "well-formed YAML (\($0))" } ?? "well-formed YAML",
            remedy: remedy)
    }

    /// The text from that place to the end of its line; nil when there is none.
    private static func word(at position: SourcePosition, in text: String) -> String? {
        let lines = text.unicodeScalars.split(
            separator: "\n", maxSplits: position.line, omittingEmptySubsequences: false)
        guard position.line >= 1, position.line <= lines.count else { return nil }
        let rest = lines[position.line - 1].dropFirst(max(0, position.column - 1))
        return rest.isEmpty ? nil : String(String.UnicodeScalarView(rest))
    }

    private static func position(ofCharacter offset: Int, in text: String) -> SourcePosition {
        var position = SourcePosition(line: 1, column: 1)
        for character in text.prefix(offset) {
            position =
                character.isNewline
                ? SourcePosition(line: position.line + 1, column: 1)
                : SourcePosition(line: position.line, column: position.column + 1)
        }
        return position
    }
}
