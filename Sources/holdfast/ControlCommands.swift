// What an operator does to a post: start, stop, open, close, clear.

import ArgumentParser
import Catalog
import Foundation
import Post
import StrictYAML

/// An empty body.
struct Nothing: Encodable {}

struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Begin a session without a card, on the operator's word.",
        discussion: "EXAMPLES\n  holdfast start 1")
    @OptionGroup var connection: Connection
    @Argument(help: "Which connector, from 1.") var connector: Int
    func run() async throws {
        try await connection.send(
            "/v1/connectors/\(connector)/start", Nothing(), done: "Connector \(connector) starts.")
    }
}

struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End the session on a connector.", discussion: "EXAMPLES\n  holdfast stop 1")
    @OptionGroup var connection: Connection
    @Argument(help: "Which connector, from 1.") var connector: Int
    func run() async throws {
        try await connection.send(
            "/v1/connectors/\(connector)/stop", Nothing(), done: "Connector \(connector) stops.")
    }
}

struct ConnectorGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connector", abstract: "Take a connector out of service, or back in.",
        subcommands: [Open.self, Close.self])

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a connector back in service.", discussion: "EXAMPLES\n  holdfast connector open 2")
        @OptionGroup var connection: Connection
        @Argument(help: "Which connector, from 1.") var connector: Int
        func run() async throws {
            try await connection.send(
                "/v1/connectors/\(connector)/available", Nothing(), done: "Connector \(connector) is in service.")
        }
    }
    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a connector out of service; a running session goes on to its end.",
            discussion: "EXAMPLES\n  holdfast connector close 2")
        @OptionGroup var connection: Connection
        @Argument(help: "Which connector, from 1.") var connector: Int
        func run() async throws {
            try await connection.send(
                "/v1/connectors/\(connector)/unavailable", Nothing(),
                done: "Connector \(connector) is out of service.")
        }
    }
}

struct FaultGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault", abstract: "The post's faults: what they mean, and clearing them.",
        subcommands: [List.self, Explain.self, Clear.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List every fault a post can have.",
            discussion: "EXAMPLES\n  holdfast fault list --language de")
        @Option(help: "en, fr or de.") var language = "en"
        func run() throws {
            let sentences = Sentences(Language(tag: language) ?? .english)
            for fault in Fault.allCases {
                print(
                    "\(fault.code.padding(toLength: 28, withPad: " ", startingAt: 0)) \(sentences.fault(fault).title)"
                )
            }
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a fault or refusal means and what to do.",
            discussion:
                "EXAMPLES\n  holdfast fault explain welded_plus\n  holdfast fault explain unknown_token --language fr"
        )
        @Argument(help: "Its code, as status shows it.") var code: String
        @Option(help: "en, fr or de.") var language = "en"
        func run() throws {
            let sentences = Sentences(Language(tag: language) ?? .english)
            if let fault = Fault.allCases.first(where: { $0.code == code }) {
                let words = sentences.fault(fault)
                print(
                    "\(words.title)\n  \(words.whatHappened)\n  driver:   \(words.driverAction)\n  operator: \(words.operatorAction)\n  cleared:  \(words.whoMayClear)"
                )
            } else if let refusal = Refusal.allCases.first(where: { $0.code == code }) {
                let words = sentences.refusal(refusal)
                print(
                    "\(words.whatHappened)\n  driver:   \(words.driverAction)\n  operator: \(words.operatorAction)")
            } else {
                let known = Fault.allCases.map(\.code) + Refusal.allCases.map(\.code)
                let hint = Nearest.word(to: code, among: known).map { " Did you mean \($0)?" } ?? ""
                complain("There is no fault or refusal called \(code).\(hint) See: holdfast fault list")
                throw ExitCode(64)
            }
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
