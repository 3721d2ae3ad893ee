// How every command finds the daemon, prints, and fails: one clear sentence and a stable exit code.

import ArgumentParser
import CommandOutput
import ControlClient
import Foundation
import Traces

/// What commands that talk to a daemon share.
struct Connection: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon's socket. Default: $HOLDFAST_SOCKET, else \(ControlClient.standardSocketPath).",
            valueName: "path"))
    var socket: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    var client: ControlClient {
        let named = socket ?? ProcessInfo.processInfo.environment["HOLDFAST_SOCKET"]
        return ControlClient(socketPath: named ?? ControlClient.standardSocketPath)
    }

    /// Performs an exchange; what goes wrong is said once, with its remedy, and ends the command.
    func exchange(_ body: (ControlClient) async throws(ControlError) -> ControlAnswer) async throws -> ControlAnswer
    {
        do {
            return try await body(client)
        } catch {
            throw failed(error)
        }
    }

    /// Has something done to the world around a simulated post. A post that is not simulated knows nothing of it,
    /// and that is told from a tool that is too new or too old.
    func play(_ verb: String, _ body: some Encodable, done: String) async throws {
        let answer = try await simulated(verb, body)
        print(json ? answer.text.trimmingCharacters(in: .newlines) : done)
    }

    /// What the world around a simulated post answers.
    func simulated(_ verb: String, _ body: some Encodable) async throws -> ControlAnswer {
        do throws(ControlError) {
            return try await client.post("/v1/sim/" + verb, json: Self.text(body))
        } catch .refused(let refusal) where refusal.code == "no_such_route" {
            let status = try? await client.get("/v1/status")
            let view = status.flatMap { try? JSONDecoder().decode(PostView.self, from: Data($0.body)) }
            guard view?.configuration_problems.isEmpty ?? true else {
                complain(
                    "The post's configuration cannot be used, so there is nothing to play with. See: holdfast status"
                )
                throw ExitCode(78)
            }
            complain(
                "This post is not simulated: its daemon is holdfastd, which knows no holdfast sim. Start holdfastd-bench, or name its socket with --socket or HOLDFAST_SOCKET."
            )
            throw ExitCode(69)
        } catch {
            throw failed(error)
        }
    }

    private static func text(_ body: some Encodable) -> String {
        (try? JSONStyle.encoder(isPretty: false).encode(body)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    func failed(_ error: ControlError) -> ExitCode {
        complain("\(error.message) \(error.remedy)")
        return ExitCode(error.exitCode)
    }

    /// Sends a command and says that it was done.
    func send(_ path: String, _ body: some Encodable, done: String) async throws {
        let text = Self.text(body)
        let answer = try await exchange { client throws(ControlError) in try await client.post(path, json: text) }
        print(json ? answer.text.trimmingCharacters(in: .newlines) : done)
    }
}

/// Prints any value as JSON.
func printJSON(_ value: some Encodable) {
    if let data = try? JSONStyle.encoder().encode(value) { print(String(decoding: data, as: UTF8.self)) }
}

/// What a daemon answered. One that is too new or too old for this tool ends the command.
func decoded<Value: Decodable>(_ answer: ControlAnswer) throws -> Value {
    do { return try JSONDecoder().decode(Value.self, from: Data(answer.body)) } catch {
        complain("The daemon's answer cannot be read: its version may differ from this tool's.")
        throw ExitCode(76)
    }
}
