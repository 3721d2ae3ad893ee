// A misspelt command gets its nearest neighbour, at every level of the tree of commands.

import ArgumentParser
import StrictYAML

/// A word where the name of a command belongs, and that names none.
struct Misspelling {
    /// The words before it, which do name commands: `holdfast fault`.
    var path: String
    var word: String
    var nearest: String?

    /// Commands that release builds do not have.
    private static let ofDebugBuilds: Set<String> = ["holdfast storm defects", "holdfast scenario coverage"]

    /// What is said about it.
    var sentence: String {
        if Self.ofDebugBuilds.contains("\(path) \(word)") {
            return
                "\(path) \(word) needs a debug build, which this is not: swift build --product holdfast, then .build/debug/\(path) \(word)"
        }
        let hint = nearest.map { " Did you mean \(path) \($0)?" } ?? ""
        return "\(path) has no command \(word).\(hint) See: \(path) --help"
    }

    /// The first misspelt word of these arguments; nil if there is none, or only what the parser says better.
    static func first(in arguments: [String], of root: any ParsableCommand.Type) -> Misspelling? {
        var command = root
        var path = root._commandName
        for word in arguments {
            let below = command.configuration.subcommands
            guard !below.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            if let next = below.first(where: { $0._commandName == word || $0.configuration.aliases.contains(word) })
            {
                command = next
                path += " \(word)"
                continue
            }
            let nearest = oneLevelDown(word, below) ?? Nearest.word(to: word, among: below.map { $0._commandName })
            if ofDebugBuilds.contains("\(path) \(word)") { return Misspelling(path: path, word: word) }
            // Where a command is the default, the word may be its argument.
            if command.configuration.defaultSubcommand != nil, nearest == nil { return nil }
            return Misspelling(path: path, word: word, nearest: nearest)
        }
        return nil
    }

    /// Where exactly one of these commands has the word below it, both: `plug` is found as `sim plug`.
    private static func oneLevelDown(_ word: String, _ commands: [any ParsableCommand.Type]) -> String? {
        let owners = commands.filter { $0.configuration.subcommands.contains { $0._commandName == word } }
        return owners.count == 1 ? "\(owners[0]._commandName) \(word)" : nil
    }
}
