// `holdfast fault`: what is wrong with the post now, what a fault means, and clearing it once its cause is gone.

import ArgumentParser
import Catalog
import ControlClient
import Foundation
import Post
import StrictYAML

struct FaultGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault", abstract: "The post's faults: which are there, what they mean, and clearing them.",
        subcommands: [List.self, Explain.self, Clear.self])

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
            if present.isEmpty { print("No fault is present.") }
            for fault in present { print(fault.lines.joined(separator: "\n")) }
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
                let hint = Nearest.word(to: code, among: known).map { " Did you mean \($0)?" } ?? ""
                complain("There is no fault or refusal called \(code).\(hint) See: holdfast fault list --all")
                throw ExitCode(64)
            }
            if json { printJSON(words) } else { print(words.lines.joined(separator: "\n")) }
        }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Clear a fault that only service may clear. Its cause must be gone.",
            discussion: "EXAMPLES\n  holdfast fault clear welded_plus --connector 1")
        @OptionGroup var connection: Connection
        @Argument(help: "The fault's code, as status shows it.") var code: String
        @Option(help: "Which connector, from 1; left out: wherever it is.") var connector: Int?
        func run() async throws {
            let place = connector.map { "?connector=\($0)" } ?? ""
            try await connection.send("/v1/faults/\(code)/clear\(place)", Nothing(), done: "\(code) is cleared.")
        }
    }
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

    var lines: [String] {
        let place = connector.map { "connector \($0): " } ?? ""
        return [
            "\(place)\(code)\(title.map { ": \($0)" } ?? "")", "  \(what_happened)", "  driver:   \(driver_action)",
            "  operator: \(operator_action)",
        ] + (who_may_clear.map { ["  cleared:  \($0)"] } ?? [])
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
