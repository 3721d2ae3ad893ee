// A document as a tree of places and texts: all that is left of YAML once its traps have been refused.

/// A value of a document and the place it stands at.
struct Tree {
    /// How a text was written, as far as it matters for what it may mean.
    enum Style {
        /// Without quotes: other readers may take it for a number, a truth value or nothing.
        case plain
        /// In quotes, or as a block: a text and nothing else.
        case quoted
        /// From the program's own table of defaults: whatever is wanted.
        case byTable
    }

    /// What the value is.
    enum Content {
        case scalar(String, Style)
        case list([Tree])
        case map([Entry])
        /// Already reported; nothing more is to be said about it.
        case refused
    }

    /// A key and its value.
    struct Entry {
        var key: String
        var keyPosition: SourcePosition
        var value: Tree
    }

    var position: SourcePosition
    var content: Content

    /// What to call this in a message, and the text to show.
    var found: (what: String, text: String?) {
        switch content {
        case .scalar("", .plain): ("no value", nil)
        case .scalar(let text, _): ("wrong value", text)
        case .list: ("a list", nil)
        case .map: ("a set of keys", nil)
        case .refused: ("refused", nil)
        }
    }

    /// The value that a default in a table stands for.
    static func ofDefault(_ text: String, at position: SourcePosition) -> Tree {
        switch text {
        case "[]": Tree(position: position, content: .list([]))
        case "{}": Tree(position: position, content: .map([]))
        default: Tree(position: position, content: .scalar(text, .byTable))
        }
    }
}
