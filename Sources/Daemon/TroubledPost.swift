// A post whose configuration cannot be used: it serves status that says why, and tries again when it is asked to.

import Console
import DaemonConfiguration
import Foundation
import Logging
import Post
import Runtime
import ServiceLifecycle
import StrictYAML
import Synchronization
import UnixSignals

/// What the console asks while there is no post to run. As a service it ends once the file has been mended.
final class TroubledPost: Service, ConsoleSource {
    private struct State {
        var problems: [String]
        var isMended = false
    }
    /// Whether loopback is served.
    let loopback = LoopbackState()
    private let file: String
    /// What becomes of the outputs meanwhile: a sentence.
    private let outputs: String
    private let state: Mutex<State>
    private let mended = AsyncStream.makeStream(of: Void.self)

    init(file: String, problems: [String], outputs: String) {
        self.file = file
        self.outputs = outputs
        state = Mutex(State(problems: problems))
    }

    var isMended: Bool { state.withLock { $0.isMended } }

    func run() async throws {
        for await _ in mended.stream.cancelOnGracefulShutdown() { return }
    }

    func status() -> StatusView {
        let problems = state.withLock { $0.problems }
        var view = StatusView(
            name: "not configured", version: DaemonProgram.version, backend: "none", problems: problems, now: .zero,
            utcMilliseconds: WallTime.machineUTCMilliseconds, connectorNames: [], connectors: [],
            isCloudReachable: nil, recordsOwed: nil, allowList: "not looked at until the configuration is right",
            longestStepMicroseconds: 0, newestReport: 0)
        view.nobodyLetIn = .notConfigured(file, outputs: outputs)
        view.warnings = loopback.trouble.map { [$0] } ?? []
        view.clock = PostClock.view
        view.configuration = ConfigurationView(file: file)
        view.configuration?.refused = problems
        return view
    }

    func journal(after number: UInt64) -> (lines: [JournalLine], isGap: Bool) { ([], false) }
    func changes() -> AsyncStream<Void>? { AsyncStream { _ in } }
    func command(_ command: OperatorCommand) async throws(ConsoleProblem) -> Refusal? {
        let problems = state.withLock { $0.problems }
        throw ConsoleProblem(
            status: 503, code: "not_configured",
            message: "The post allows no power: its configuration cannot be used. \(problems.first ?? "")",
            whatToDo: "See every mistake with holdfast status, mend \(file), then: systemctl reload holdfastd")
    }
    func note(_ asked: ClearedByHand, _ refusal: Refusal?) {}
    func sessions(limit: Int) async throws(ConsoleProblem) -> [SessionView] { throw recordsClosed }
    func clearings(limit: Int) async throws(ConsoleProblem) -> [ClearingView] { throw recordsClosed }
    private var recordsClosed: ConsoleProblem {
        ConsoleProblem(
            status: 503, code: "not_configured",
            message: "The records are not opened until the configuration is right.",
            whatToDo: "Mend \(file), then: systemctl reload holdfastd")
    }
    func takeList(confirmed: String?) throws(ConsoleProblem) -> any ListUpload {
        throw ConsoleProblem(
            status: 409, code: "not_configured", message: "The post has no configuration to accept a list by.",
            whatToDo: "Mend \(file) first.")
    }

    func reload() async throws(ConsoleProblem) -> String {
        do {
            _ = try DaemonConfiguration.read(path: file)
        } catch {
            let lines = error.lines
            state.withLock { $0.problems = lines }
            throw ConsoleProblem.badConfiguration(file, lines)
        }
        state.withLock { $0.isMended = true }
        mended.continuation.yield()
        return "{\"outcome\":\"serving\"}"
    }
}

extension ConsoleProblem {
    /// The file is bad; nothing changed.
    static func badConfiguration(_ file: String, _ lines: [String]) -> ConsoleProblem {
        ConsoleProblem(
            status: 422, code: "bad_configuration", message: lines.joined(separator: "\n"),
            whatToDo:
                "Nothing changed. Mend the file, then try again; holdfastd --check --config \(file) shows the same."
        )
    }
}

/// SIGHUP reads the configuration again.
struct ReloadOnHangup: Service {
    let post: any ConsoleSource
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do throws(ConsoleProblem) {
                let answer = try await post.reload()
                logger.notice("SIGHUP: configuration read again: \(answer)")
            } catch {
                for line in error.message.split(separator: "\n") { logger.error("\(line)") }
                logger.error("\(error.whatToDo)")
            }
        }
    }
}
