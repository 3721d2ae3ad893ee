// What an operator does to a post: start, stop, open, close.

import ArgumentParser

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
        discussion: "EXAMPLES\n  holdfast connector close 2\n  holdfast connector open 2",
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
            abstract: "Take a connector out of service, over restarts too; a running session goes on to its end.",
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
