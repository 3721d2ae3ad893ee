// The daemon's start: reads the configuration, opens the records, starts loop and console, stops them in reverse.

public import ArgumentParser
import CommandOutput
import Console
public import DaemonConfiguration
import Foundation
import Glibc
import Ledger
import Logging
import Post
import Runtime
import ServiceLifecycle
import StrictYAML
import UnixSignals

/// What both programs understand on their command line.
public struct DaemonOptions: ParsableArguments, Sendable {
    /// Where the configuration is.
    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    public var config = "/etc/holdfast/holdfast.yaml"

    /// Whether to check the configuration and stop.
    @Flag(help: "Check the configuration, say every mistake, and stop.")
    public var check = false

    /// Whether to print the JSON Schema and stop.
    @Flag(help: "Print the JSON Schema of the configuration and stop.")
    public var schema = false

    /// Whether to print the reference of the configuration and stop.
    @Flag(help: "Print the reference of the configuration in Markdown and stop.")
    public var reference = false

    /// How log lines look.
    @Option(
        help: ArgumentHelp(
            "How log lines look: text, json, or journal (with fields to search by); left out: journal where standard error leads to the system's journal, else text.",
            valueName: "form"))
    public var logFormat: LogFormat?

    /// Options with their defaults.
    public init() {}
}

/// How log lines look.
public enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable { case text, json, journal }

/// A daemon.
public struct DaemonProgram: Sendable {
    /// The version of this build.
    public static let version = "0.1.0"
    /// Which program this is: version and build.
    static let identity = ProgramIdentity(running: "holdfast \(version)")
    /// What `--version` answers: `0.1.0 (build 5c1e07ad92f4)`.
    public static var versionAndBuild: String { identity.versionAndBuild }
    /// How long the end waits for whoever reads the log. 1 s: engineering default; the unit's `TimeoutStopSec` is 20.
    private static let logEndsWithin: Int64 = 1_000
    /// The exit code of a daemon that wants to be started again: EX_TEMPFAIL of sysexits.
    static let restartCode: Int32 = 75
    let options: DaemonOptions
    let backend: @Sendable (DaemonConfiguration) -> Result<Backend, BackendProblem>

    /// A daemon that drives what `backend` gives for a configuration.
    public init(
        _ options: DaemonOptions,
        backend: @escaping @Sendable (DaemonConfiguration) -> Result<Backend, BackendProblem>
    ) {
        self.options = options
        self.backend = backend
    }

    /// Runs until it is told to stop. Never leaves a dark post: with a bad configuration it serves status that says so.
    public func run() async throws {
        if options.schema { return print(daemonConfigurationDocument.jsonSchema, terminator: "") }
        if options.reference { return print(daemonConfigurationDocument.reference, terminator: "") }
        // Who reads the log or the answers may go away at any time: that is an error of one write, and no end of a post.
        signal(SIGPIPE, SIG_IGN)
        defer { LogSink.standardError.drain(milliseconds: Self.logEndsWithin) }
        if options.check { return try check() }
        // Whatever this process makes is for its user and group: set before anything is made, never changed after.
        umask(0o007)
        let manager = ServiceManager(ProcessInfo.processInfo.environment)
        // A file that is mended while its mistakes are shown is served without another start.
        while try await serveOnce(manager) == .mended {}
    }

    private enum Ended { case stopped, mended }

    private func serveOnce(_ manager: ServiceManager?) async throws -> Ended {
        let level = LogLevel("info")
        let logger = makeLogger(options.logFormat, level: level)
        do {
            let configuration = try DaemonConfiguration.read(path: options.config)
            level.change(to: configuration.logLevel)
            switch backend(configuration) {
            case .failure(let problem):
                return try await serveTrouble([problem.sentence], configuration, manager, logger)
            case .success(let backend):
                try await serve(configuration, backend, manager, logger, level)
                return .stopped
            }
        } catch let problems as Problems {
            return try await serveTrouble(problems.lines, nil, manager, logger)
        }
    }

    private func check() throws {
        do {
            let configuration = try DaemonConfiguration.read(path: options.config)
            for warning in configuration.warnings { print("\(options.config): warning: \(warning)") }
            var isBoardWrong = false
            if case .failure(let problem) = backend(configuration) {
                let lines = problem.sentence.split(separator: "\n")
                // A configuration is written before its board; until there is one the post allows no power.
                if !isBoardYetToCome(configuration) {
                    isBoardWrong = true
                    for line in lines { complain("\(options.config): error: no power is allowed: \(line)") }
                } else {
                    for line in lines { print("\(options.config): warning: no power is allowed: \(line)") }
                }
            }
            // A file that this user may not read is no mistake: whoever checks need not be the daemon's user.
            let files = configuration.allowList.fileProblems
            for problem in files where problem.kind == .notPermitted {
                print("\(options.config): warning: \(problem.key): \(problem.sentence)")
            }
            let wrong = files.filter { $0.kind != .notPermitted }
            for problem in wrong { complain("\(options.config): error: \(problem.key): \(problem.sentence).") }
            if isBoardWrong || !wrong.isEmpty { throw ExitCode(78) }
            print("\(options.config): good.")
        } catch let problems as Problems {
            complain(problems.written(as: .text))
            throw ExitCode(78)
        }
    }

    private func isBoardYetToCome(_ configuration: DaemonConfiguration) -> Bool {
        guard case .hardware(let profile) = configuration.backend else { return false }
        return !FileManager.default.fileExists(atPath: profile)
    }

    private func complain(_ lines: String) { LogSink.standardError.take(lines + "\n") }

    private func serve(
        _ configuration: DaemonConfiguration, _ backend: Backend, _ manager: ServiceManager?, _ logger: Logger,
        _ level: LogLevel
    ) async throws {
        for warning in configuration.warnings { logger.warning("\(warning)") }
        if let complaint = manager?.complaint { logger.warning("\(complaint)") }
        // Both before anything is opened: a second daemon must not touch what the first one has.
        let path = configuration.socketPath
        try claimSocket(path, logger)
        let state = try claimStateFolder(configuration.stateFolder, logger)
        let post = try LivePost(
            configuration,
            LivePost.Surroundings(
                file: options.config, backend: backend, logger: logger, level: level, manager: manager,
                judgeBoard: { [make = self.backend] configuration in
                    guard case .failure(let problem) = make(configuration) else { return [] }
                    return problem.sentence.split(separator: "\n").map(String.init)
                }))
        LastGood.keep(options.config, backend.boardFiles, in: configuration.stateFolder)
        let console = ConsoleRoutes(source: post, extra: backend.routes(post.control, post.lookUps))
        var others: [any Service] = [
            ReloadOnHangup(post: post, logger: logger),
            console.onSocket(path: path, logger: quiet(logger)) {
                giveToGroup(path, logger)
                await post.untilRunning()
                manager?.ready(post.sentence)
            },
        ]
        others += configuration.allowList.folders.map { WatchedFolder(post.lists, $0) } as [any Service]
        others.append(ListMirrors(keeper: post.lists, configuration.allowList.mirrors))
        if let port = configuration.loopbackPort {
            others.append(LoopbackService(routes: console, port: port, state: post.loopback, logger: logger))
        }
        let services: [ServiceGroupConfiguration.ServiceConfiguration] =
            [.init(service: post, successTerminationBehavior: .gracefullyShutdownGroup)]
            + others.map { .init(service: $0) }
        let group = ServiceGroup(
            configuration: .init(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet(logger)))
        logger.notice(
            "Holdfast \(Self.version) serves \(configuration.connectorNames.count) connectors (\(backend.word)); socket \(path)"
        )
        do {
            try await group.run()
        } catch {
            // Nothing else ends it with an error; the post has stopped in the orderly way by now.
            throw cannotServe(path, error, logger)
        }
        withExtendedLifetime(state) {}
        logger.notice("stopped; power is withdrawn everywhere")
        if post.wantsRestart {
            logger.warning("memory runs short: ends with code \(Self.restartCode), to be started again")
            throw ExitCode(Self.restartCode)
        }
    }

    /// The configuration cannot be used: outputs are held safe by what was good before, and status says why.
    private func serveTrouble(
        _ problems: [String], _ configuration: DaemonConfiguration?, _ manager: ServiceManager?, _ logger: Logger
    ) async throws -> Ended {
        for problem in problems { logger.critical("\(problem)") }
        let environment = ProcessInfo.processInfo.environment
        let folders = [
            configuration?.stateFolder, LastGood.line("state_folder", of: options.config),
            environment["STATE_DIRECTORY"], "/var/lib/holdfast",
        ].compactMap { $0 }
        // What the file says now, if only its board is broken; else what was good last; each with the board as it is,
        // then with the copy of it.
        let candidates = ([configuration].compactMap { $0 } + LastGood.find(in: folders)).flatMap {
            [$0, LastGood.withKeptBoard($0)].compactMap { $0 }
        }
        let held = candidates.lazy.compactMap { candidate in
            (try? backend(candidate).get().plant).map { (board: candidate, plant: $0) }
        }.first
        let board = held?.board ?? candidates.first
        let path =
            environment["HOLDFAST_SOCKET"] ?? LastGood.line("socket", of: options.config) ?? board?.socketPath
            ?? "/run/holdfast/holdfast.sock"
        try claimSocket(path, logger)
        let state = try board.map { try claimStateFolder($0.stateFolder, logger) }
        let outputs =
            held == nil
            ? "No board is known: only the external pulls hold the outputs safe."
            : "The board of the last good configuration is known: its outputs are held safe."
        logger.critical("no power is allowed until the configuration is right. \(outputs)")
        let control = try LiveControl()
        let beat: @Sendable () -> Void = { manager?.beat() }
        var make: (@Sendable () -> any LivePlant)?
        if let plant = held?.plant { make = { plant(control, nil) } }
        let holder = try OutputHolder(plant: make, beat: beat)
        let post = TroubledPost(file: options.config, problems: problems, outputs: outputs)
        let console = ConsoleRoutes(source: post)
        let serving = console.onSocket(path: path, logger: quiet(logger)) {
            giveToGroup(path, logger)
            logger.critical("status is served on \(path)")
            manager?.ready("the configuration cannot be used: no power is allowed")
        }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: serving),
            .init(service: post, successTerminationBehavior: .gracefullyShutdownGroup),
            .init(service: ReloadOnHangup(post: post, logger: logger)),
        ]
        // Whoever scrapes must see what is wrong, above all now.
        if let port = configuration?.loopbackPort ?? LastGood.loopbackPort(of: options.config)
            ?? board?.loopbackPort
        {
            services.append(
                .init(service: LoopbackService(routes: console, port: port, state: post.loopback, logger: logger)))
        }
        let group = ServiceGroup(
            configuration: .init(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet(logger)))
        let ending: (any Error)?
        do {
            try await group.run()
            ending = nil
        } catch { ending = error }
        holder.stop()
        control.close()
        withExtendedLifetime(state) {}
        if let ending { throw cannotServe(path, ending, logger) }
        return post.isMended ? .mended : .stopped
    }
}
