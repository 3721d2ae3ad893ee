// `holdfast status` and `watch`: what the post says of itself.

import ArgumentParser
import CommandOutput
import ControlClient
import Foundation

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which state the post is in, why, and what next.",
        discussion: "EXAMPLES\n  holdfast status\n  holdfast status --json | python3 -m json.tool")
    @OptionGroup var connection: Connection

    func run() async throws {
        let answer = try await connection.exchange { client throws(ControlError) in
            try await client.get("/v1/status")
        }
        if connection.json { return print(answer.text, terminator: "") }
        guard let view = try? JSONDecoder().decode(PostView.self, from: Data(answer.body)) else {
            complain("The daemon's status cannot be read: its version may differ from this tool's.")
            throw ExitCode(76)
        }
        let columns = isatty(STDOUT_FILENO) == 1 ? terminalColumns() : Int.max
        print(view.lines.flatMap { wrapped($0, to: columns) }.joined(separator: "\n"))
    }
}

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch the post live; end with Ctrl-C.",
        discussion: """
            Draws the status again whenever it changes. Off a terminal it prints the journal's entries line by line; with \
            --json, an object a line, the whole status at each change and each entry of the journal.

            EXAMPLES
              holdfast watch
              holdfast watch --json
            """
    )
    @OptionGroup var connection: Connection
    @Option(help: ArgumentHelp("Stop after this many seconds.", valueName: "seconds"))
    var seconds: Double?

    func validate() throws {
        guard let seconds, !(seconds >= 0 && seconds <= 31_536_000) else { return }
        throw ValidationError("--seconds \(seconds): a number from 0 to 31536000 (a year) is expected.")
    }

    func run() async throws {
        let isTerminal = isatty(STDOUT_FILENO) == 1 && !connection.json
        let (client, json) = (connection.client, connection.json)
        let limit = seconds
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let limit {
                group.addTask {
                    try await ContinuousClock().sleep(for: .seconds(limit))
                    throw CancellationError()
                }
            }
            group.addTask { try await follow(client, isTerminal: isTerminal, json: json) }
            do { try await group.next() } catch is CancellationError {}
            group.cancelAll()
        }
    }
}

/// Follows the event stream and shows what comes.
private func follow(_ client: ControlClient, isTerminal: Bool, json: Bool) async throws {
    var journal: [String] = []
    do {
        for try await element in client.events("/v1/events") {
            switch element {
            case .opened: break
            case .lost(let error): complain("\(error.message) Trying again ...")
            case .event(let event):
                if json {
                    say(event.data)
                } else if event.event == "entry" {
                    let line = entry(event.data)
                    journal = Array((journal + [line]).suffix(8))
                    if !isTerminal { say(line) }
                } else if isTerminal,
                    let view = try? JSONDecoder().decode(PostView.self, from: Data(event.data.utf8))
                {
                    let screen = view.lines + ["", "  lately:"] + journal.map { "    \($0)" }
                    let lines = screen.flatMap { wrapped($0, to: terminalColumns()) }
                    // From the top, each line to its end, then the rest: nothing flickers.
                    say("\u{1B}[H" + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
                }
            }
        }
    } catch {
        complain("\(error.message) \(error.remedy)")
        throw ExitCode(error.exitCode)
    }
}

private func entry(_ data: String) -> String {
    struct Entry: Decodable {
        var sentence: String
        var connector: Int?
        var utc_ms: Int64
    }
    guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(data.utf8)) else { return data }
    let time = moment(entry.utc_ms)
    return "\(time)  \(entry.connector.map { "connector \($0): " } ?? "")\(entry.sentence)"
}
