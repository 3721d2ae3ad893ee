// `holdfast fault`: what is wrong with the post now, what a fault means, and clearing it once its cause is gone.

import ArgumentParser
import Catalog
import CommandOutput
import ControlClient
import Foundation
import Post
import StrictYAML

struct FaultGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault", abstract: "The post's faults: which are there, what they mean, and clearing them.",
        discussion: """
            EXAMPLES
              holdfast fault list
              holdfast fault explain welded_plus
              holdfast fault clear welded_plus --reason "contactor K1 replaced"
            """,
        subcommands: [List.self, Explain.self, Clear.self, Cleared.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the faults that the post has now, and who may clear them.",
            discussion: "EXAMPLES\n  holdfast fault list\n  holdfast fault list --all --language de")
        @OptionGroup var connection: Connection
        @Flag(help: "List every fault that a post can have; needs no daemon.") var all = false
        @Option(help: "en, fr or de.", transform: spoken) var language: Language = .english

        func run() async throws {
            let sentences = Sentences(language)
            guard !all else {
                if connection.json { return printJSON(Fault.allCases.map { FaultWords($0, sentences) }) }
                for fault in Fault.allCases {
                    print("\(padded(fault.code, 28)) \(sentences.fault(fault).title)")
                }
                return
            }
            let answer = try await connection.exchange { client throws(ControlError) in
                try await client.get("/v1/status")
            }
            guard let status = try? JSONDecoder().decode(FaultsOfPost.self, from: Data(answer.body)) else {
                complain("The daemon's status cannot be read: its version may differ from this tool's.")
                throw ExitCode(76)
            }
            let present = status.connectors.flatMap { connector in
                connector.faults.compactMap { code in
                    Fault.allCases.first { $0.code == code }.map {
                        FaultWords($0, sentences, connector: connector.connector)
                    }
                }
            }
            if connection.json { return printJSON(present) }
            if present.isEmpty { print(sentences.label(.noFault)) }
            for fault in present { print(fault.lines(sentences).joined(separator: "\n")) }
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a fault or refusal means and what to do.",
            discussion:
                "EXAMPLES\n  holdfast fault explain welded_plus\n  holdfast fault explain unknown_token --language fr"
        )
        @Argument(help: "Its code, as status shows it.") var code: String
        @Option(help: "en, fr or de.", transform: spoken) var language: Language = .english
        @Flag(help: "Print the answer as JSON.") var json = false

        func run() throws {
            let sentences = Sentences(language)
            let words: FaultWords
            if let fault = Fault.allCases.first(where: { $0.code == code }) {
                words = FaultWords(fault, sentences)
            } else if let refusal = Refusal.allCases.first(where: { $0.code == code }) {
                words = FaultWords(refusal, sentences)
            } else {
                let known = Fault.allCases.map(\.code) + Refusal.allCases.map(\.code)
                complain(unknown(code, "fault or refusal", known))
                throw ExitCode(64)
            }
            if json { printJSON(words) } else { print(words.lines(sentences).joined(separator: "\n")) }
        }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Clear a fault that only service may clear. Its cause must be gone, and the reason is kept.",
            discussion: """
                The reason goes into the daemon's log and the post's records with the name of the user who asked: say what \
                was found and done. `holdfast fault cleared` tells it again.

                EXAMPLES
                  holdfast fault clear welded_plus --connector 1 --reason "contactor K1 replaced, tested open"
                """)
        @OptionGroup var connection: Connection
        @Argument(help: "The fault's code, as status shows it.") var code: String
        @Option(help: "Which connector, from 1; left out: wherever it is.") var connector: Int?
        @Option(help: ArgumentHelp("What was found and done, in 1 to 200 characters.", valueName: "text"))
        var reason: String

        private struct Wish: Encodable {
            var connector: Int?
            var reason: String
        }

        func validate() throws {
            guard !reason.trimmingCharacters(in: .whitespaces).isEmpty, reason.count <= 200 else {
                throw ValidationError("--reason has \(reason.count) characters; 1 to 200 are taken.")
            }
            guard Fault.allCases.contains(where: { $0.code == code }) else {
                throw ValidationError(unknown(code, "fault", Fault.allCases.map(\.code)))
            }
        }

        func run() async throws {
            try await connection.send(
                "/v1/faults/\(code)/clear", Wish(connector: connector, reason: reason), done: "\(code) is cleared.")
        }
    }
}

extension FaultGroup {
    struct Cleared: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List who has cleared which fault by hand, when and why; who was refused, too.",
            discussion: "EXAMPLES\n  holdfast fault cleared\n  holdfast fault cleared --limit 5 --json")
        @OptionGroup var connection: Connection
        @Option(help: "How many, newest first: 1 to 1000.") var limit = 20

        private struct Row: Decodable {
            var fault: String
            var connector: Int?
            var utc_ms: Int64
            var by: String
            var reason: String
            var refused: String?
        }

        func validate() throws {
            guard !(1...1_000).contains(limit) else { return }
            throw ValidationError("--limit \(limit): a number from 1 to 1000 is expected.")
        }

        func run() async throws {
            let answer = try await connection.exchange { client throws(ControlError) in
                try await client.get("/v1/clearings?limit=\(limit)")
            }
            if connection.json { return print(answer.text.trimmingCharacters(in: .newlines)) }
            let rows: [Row] = try decoded(answer)
            if rows.isEmpty { print("Nobody has cleared a fault by hand here.") }
            for row in rows {
                let place = row.connector.map { " on connector \($0)" } ?? ""
                let outcome = row.refused.map { " (NOT cleared: \($0))" } ?? ""
                print("\(moment(row.utc_ms))  \(row.fault)\(place)\(outcome)")
                print("  by \(row.by): \(row.reason)")
            }
        }
    }
}

/// That there is no such word, and which was meant.
private func unknown(_ word: String, _ what: String, _ known: [String]) -> String {
    let hint = Nearest.word(to: word, among: known).map { " Did you mean \($0)?" } ?? ""
    return "There is no \(what) called \(word).\(hint) See: holdfast fault list --all"
}

/// What the list of faults needs of the status.
private struct FaultsOfPost: Decodable {
    struct Connector: Decodable {
        var connector: Int
        var faults: [String]
    }
    var connectors: [Connector]
}

/// A fault or refusal in words, for people and as JSON.
private struct FaultWords: Encodable {
    var code: String
    var connector: Int?
    var title: String?
    var what_happened: String
    var driver_action: String
    var operator_action: String
    var who_may_clear: String?

    init(_ fault: Fault, _ sentences: Sentences, connector: Int? = nil) {
        let words = sentences.fault(fault)
        (code, title, what_happened) = (fault.code, words.title, words.whatHappened)
        (driver_action, operator_action) = (words.driverAction, words.operatorAction)
        (who_may_clear, self.connector) = (words.whoMayClear, connector)
    }

    init(_ refusal: Refusal, _ sentences: Sentences) {
        let words = sentences.refusal(refusal)
        (code, what_happened) = (refusal.code, words.whatHappened)
        (driver_action, operator_action) = (words.driverAction, words.operatorAction)
    }

    func lines(_ sentences: Sentences) -> [String] {
        let place = connector.map { "\(sentences.label(.connector)) \($0): " } ?? ""
        var rows = [(Label.driver, driver_action), (.operator, operator_action)]
        if let who_may_clear { rows.append((.cleared, who_may_clear)) }
        let names = rows.map { sentences.label($0.0) + ":" }
        let width = (names.map(\.count).max() ?? 0) + 1
        return ["\(place)\(code)\(title.map { ": \($0)" } ?? "")", "  \(what_happened)"]
            + zip(names, rows).map { "  \(padded($0, width))\($1.1)" }
    }
}

/// The language of a tag such as `de` or `fr-CH`; an unknown language is an error, not English.
@Sendable func spoken(_ tag: String) throws -> Language {
    guard let language = Language(tag: tag) else {
        throw ValidationError("The post speaks en, fr and de, not \(tag).")
    }
    return language
}

/// The text with blanks up to a column.
func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
}
