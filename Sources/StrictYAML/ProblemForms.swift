// How mistakes are written: for terminals and editors, for programs, for GitHub's pages.

/// The forms in which mistakes can be written.
public enum ProblemForm: String, Sendable, CaseIterable {
    /// `file:line:column: error: ...`, one line each, as compilers write: editors and terminals make it a link.
    case text
    /// One JSON object with `file`, `problems` and `omitted`.
    case json
    /// Workflow commands that GitHub shows beside the line, ten at most: it shows no more of a kind in a step.
    case github
}

extension Problems: CustomStringConvertible {
    /// The mistakes in the compilers' form, one a line.
    public var description: String { written(as: .text) }

    /// The mistakes in that form, without a newline at the end.
    public func written(as form: ProblemForm) -> String {
        switch form {
        case .text: lines.joined(separator: "\n")
        case .json: jsonForm.compact
        case .github: githubForm
        }
    }

    /// The mistakes in the compilers' form, each for itself.
    public var lines: [String] {
        var lines = list.map { problem in
            problem.position == .wholeFile
                ? "\(file): error: \(problem.sentence)"
                : "\(file):\(problem.position.line):\(problem.position.column): error: \(problem.sentence)"
        }
        if omitted > 0 { lines.append("\(file): error: \(omitted) more mistakes are not shown.") }
        return lines
    }

    private var jsonForm: JSONText {
        .object([
            ("file", .string(file)),
            (
                "problems",
                .array(
                    list.map { problem in
                        .object([
                            ("code", .string(problem.code.rawValue)),
                            ("line", .number(String(problem.position.line))),
                            ("column", .number(String(problem.position.column))),
                            ("path", .string(problem.path)),
                            ("what", .string(problem.what)),
                            ("found", problem.found.map(JSONText.string) ?? .null),
                            ("expected", .string(problem.expected)),
                            ("what_to_do", .string(problem.remedy)),
                        ])
                    })
            ),
            ("omitted", .number(String(omitted))),
        ])
    }

    private var githubForm: String {
        let shown = list.prefix(10).map { problem in
            let place =
                problem.position == .wholeFile
                ? "" : ",line=\(problem.position.line),col=\(problem.position.column)"
            let title = Self.escaped(problem.what, inProperty: true)
            return "::error file=\(Self.escaped(file, inProperty: true))\(place),title=\(title)::"
                + Self.escaped(problem.sentence, inProperty: false)
        }
        return shown.joined(separator: "\n")
    }

    /// GitHub's own escapes: per cent and line ends everywhere, colon and comma in properties as well.
    private static func escaped(_ text: String, inProperty: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where inProperty: escaped += "%3A"
            case "," where inProperty: escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
