// `holdfast session`: what the post has recorded of its sessions.

import ArgumentParser
import CommandOutput
import ControlClient
import Foundation
import StrictYAML

struct SessionGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "The post's sessions.",
        discussion: "EXAMPLES\n  holdfast session list --limit 5\n  holdfast session show 3-12",
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the newest sessions.", discussion: "EXAMPLES\n  holdfast session list --limit 10")
        @OptionGroup var connection: Connection
        @Option(help: "How many, newest first: 1 to 1000.") var limit = 20

        func validate() throws {
            guard !(1...1_000).contains(limit) else { return }
            throw ValidationError("--limit \(limit): a number from 1 to 1000 is expected.")
        }

        func run() async throws {
            let (answer, rows) = try await sessions(connection, limit: limit)
            if connection.json { return print(answer.text, terminator: "") }
            if rows.isEmpty {
                return print("No session yet. On a simulated post: holdfast sim plug, then holdfast sim tap TOKEN.")
            }
            print("session   connector   energy        cost         started (UTC)          ended by")
            for row in rows {
                print(
                    padded(row.id, 10) + padded("\(row.connector)", 12) + padded(row.energy, 14)
                        + padded(row.cost ?? "-", 13) + padded(moment(row.started_utc_ms), 23) + row.end)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one session.",
            discussion: "EXAMPLES\n  holdfast session show 3-12\n  holdfast session show 3-12 --json")
        @OptionGroup var connection: Connection
        @Argument(help: "Its number, as status and session list show it.") var id: String

        func run() async throws {
            // The daemon's own bound on one answer.
            let (_, rows) = try await sessions(connection, limit: 1_000)
            guard let row = rows.first(where: { $0.id == id }) else {
                let near = Nearest.word(to: id, among: rows.map(\.id)).map { " Did you mean \($0)?" } ?? ""
                complain("None of the newest \(rows.count) sessions is \(id).\(near) See: holdfast session list")
                throw ExitCode(66)
            }
            if connection.json { return printJSON(row) }
            print("session    \(row.id), connector \(row.connector)")
            print("started    \(moment(row.started_utc_ms))")
            print("ended      \(row.stopped_utc_ms.map(moment) ?? "still open")")
            if row.stop_reason != nil { print("ended by   \(row.end)") }
            print("energy     \(row.energy)")
            if let cost = row.cost { print("cost       \(cost)") }
            if let fault = row.fault { print("next       holdfast fault explain \(fault)") }
        }
    }
}

/// A session as the daemon tells it.
private struct SessionRow: Codable {
    var id: String
    var connector: Int
    var energy_watt_hours: Int64
    var started_utc_ms: Int64
    var stopped_utc_ms: Int64?
    var stop_reason: String?
    var stop_sentence: String?
    var fault: String?
    var price: PostView.Price?
    var cost_minor_units: Int64?

    var energy: String { String(format: "%.3f kWh", Double(energy_watt_hours) / 1_000) }
    var cost: String? { price.flatMap { price in cost_minor_units.map { money($0, price.currency) } } }
    /// The code for whoever searches, the sentence for whoever reads.
    var end: String {
        guard let stop_reason else { return "still open" }
        let code = stop_reason + (fault.map { " (\($0))" } ?? "")
        return stop_sentence.map { "\(code): \($0)" } ?? code
    }
}

private func sessions(
    _ connection: Connection, limit: Int
) async throws -> (answer: ControlAnswer, rows: [SessionRow]) {
    let answer = try await connection.exchange { client throws(ControlError) in
        try await client.get("/v1/sessions?limit=\(limit)")
    }
    guard let rows = try? JSONDecoder().decode([SessionRow].self, from: Data(answer.body)) else {
        complain("The daemon's sessions cannot be read: its version may differ from this tool's.")
        throw ExitCode(76)
    }
    return (answer, rows)
}
