// `holdfast record`: takes the flight recording away from a post, running or dead.

import ArgumentParser
import CommandOutput
import ControlClient
import Foundation
import Scenarios

struct RecordGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Take a post's flight recording away, to play it again on a desk.",
        discussion: "EXAMPLES\n  holdfast record export --out incident.flight\n  holdfast replay incident.flight",
        subcommands: [Export.self])

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the flight recording of a running or dead daemon.",
            discussion: """
                The newest part lies in memory (tmpfs) and outlives the daemon, SIGKILL included, but not the machine; once \
                a second it is kept in the state folder as well, and a loss of power costs no more than that second. Both \
                are copied, as far as they can be played. After a loss of power name the folder by itself. It holds no \
                card: drivers are names that this post alone can make.

                Exit codes: 0 copied, 65 no recording or nothing playable, 66 none there, 73 the copy is there already or \
                cannot be made, 74 cannot write.

                EXAMPLES
                  holdfast record export --out incident.flight
                  holdfast record export /run/holdfast/flight --out incident.flight
                  holdfast record export /var/lib/holdfast/recording --out incident.flight
                  holdfast replay incident.flight
                """)
        @Argument(
            help:
                "The recording, or the folder in which it is kept; left out: that of the daemon, and what is kept of it. A daemon that does not answer is looked for by `flight` beside its socket."
        ) var recording: String?
        @Option(help: ArgumentHelp("Where the copy goes.", valueName: "file")) var out: String
        @OptionGroup var overwriting: Overwriting
        @OptionGroup var connection: Connection

        func run() async throws {
            try overwriting.mayWrite(out)
            try tryFile(out)
            let path = if let recording { recording } else { try await connection.recordingPath }
            let found = try readRecording(path)
            guard found.lifeCount > 0 else {
                complain(
                    "\(found.path) holds neither the start of a life of the daemon nor a state of its core, so nothing of it can be played: give the recorder a larger file."
                )
                throw ExitCode(65)
            }
            try writeFile(Data(found.bytes), to: out)
            struct Copy: Encodable {
                var out: String
                var bytes, lives: Int
                var damages: [String]
            }
            if connection.json {
                return printJSON(
                    Copy(out: out, bytes: found.bytes.count, lives: found.lifeCount, damages: found.damages))
            }
            found.damages.forEach { complain($0) }
            let lives = found.lifeCount == 1 ? "one life" : "\(found.lifeCount) lives"
            print("\(out): \(lives) of the daemon, \(found.bytes.count / 1_024) KiB. Next: holdfast replay \(out)")
        }
    }
}

extension Connection {
    /// Where the daemon of this socket records: by its own word, or if it does not answer where it does unless its configuration
    /// says otherwise. One that records nothing has a neighbour's file there, which is not to be taken for its own.
    var recordingPath: String {
        get async throws {
            let answer = try? await client.get("/v1/status")
            guard let view = answer.flatMap({ try? JSONDecoder().decode(PostView.self, from: Data($0.body)) })
            else {
                return recordingBesideSocket
            }
            // A post without a configuration lives no life: the one before lies where it was.
            if view.backend == "none" { return recordingBesideSocket }
            guard let recording = view.recording else {
                complain("This daemon records nothing. See why: holdfast status")
                throw ExitCode(66)
            }
            return recording
        }
    }

    /// Where a daemon records if its configuration does not say otherwise.
    var recordingBesideSocket: String {
        let path = client.socketPath
        return String(path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex)) + "flight"
    }
}

/// Reads a recording; what is wrong with it is said once and ends the command.
func readRecording(_ path: String) throws -> Recording {
    do {
        return try Recording(path: path)
    } catch {
        throw failed(error)
    }
}

/// Says what is wrong with a recording.
func failed(_ problem: RecordingProblem) -> ExitCode {
    complain(problem.description)
    return ExitCode(problem.isMissing ? 66 : 65)
}
