// The languages that the post speaks to people.

/// A language of screens, terminal and journal.
public enum Language: String, CaseIterable, Sendable {
    /// English.
    case english = "en"
    /// French.
    case french = "fr"
    /// German.
    case german = "de"

    /// The language of a tag such as `de`, `fr-CH` or `en_GB.UTF-8`; nil if the post does not speak it.
    public init?(tag: String) {
        let primary = tag.lowercased().prefix { $0.isLetter }
        self.init(rawValue: String(primary))
    }

    /// Where its words are.
    var words: any Words.Type {
        switch self {
        case .english: English.self
        case .french: French.self
        case .german: German.self
        }
    }
}
