// A JSON value that is written the same way every time: keys stay in the order they were put in.

/// A JSON value. Numbers are kept as text, so no digit is lost.
indirect enum JSONText: Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([JSONText])
    case members([Member])

    struct Member: Hashable, Sendable {
        var key: String
        var value: JSONText
    }

    /// An object of these members, in this order.
    static func object(_ members: [(String, JSONText)]) -> JSONText {
        .members(members.map { Member(key: $0.0, value: $0.1) })
    }

    /// In one line.
    var compact: String { written(indent: nil, depth: 0) }

    /// In many lines, two spaces a level, without a newline at the end.
    var indented: String { written(indent: "  ", depth: 0) }

    private func written(indent: String?, depth: Int) -> String {
        switch self {
        case .null: return "null"
        case .boolean(let value): return value ? "true" : "false"
        case .number(let digits): return digits
        case .string(let text): return Self.quoted(text)
        case .array(let elements):
            return Self.enclosed(
                "[", elements.map { $0.written(indent: indent, depth: depth + 1) }, "]", indent, depth)
        case .members(let members):
            let colon = indent == nil ? ":" : ": "
            let parts = members.map {
                Self.quoted($0.key) + colon + $0.value.written(indent: indent, depth: depth + 1)
            }
            return Self.enclosed("{", parts, "}", indent, depth)
        }
    }

    private static func enclosed(
        _ opening: String, _ parts: [String], _ closing: String, _ indent: String?, _ depth: Int
    ) -> String {
        guard let indent, !parts.isEmpty else { return opening + parts.joined(separator: ",") + closing }
        let inner = "\n" + String(repeating: indent, count: depth + 1)
        let outer = "\n" + String(repeating: indent, count: depth)
        return opening + inner + parts.joined(separator: "," + inner) + outer + closing
    }

    /// The text as a JSON string.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
