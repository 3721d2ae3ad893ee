// The daemon's start: reads the configuration, opens the records, starts loop and console, stops them in reverse.

public import ArgumentParser
public import Console
public import DaemonConfiguration
import Foundation
import Glibc
import Ledger
import Logging
import Post
public import Runtime
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

    /// How log lines look.
    @Option(help: ArgumentHelp("How log lines look: text or json.", valueName: "form"))
    public var logFormat = LogFormat.text

    /// Options with their defaults.
    public init() {}
}

/// How log lines look.
public enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable { case text, json }

/// The devices of a post and what may be done to them from outside: what a program brings to the daemon.
public struct Backend: Sendable {
    /// `simulated` or `hardware`.
    public var word: String
    /// Times faster than the clock.
    public var speed: Int64
    /// Makes the plant, on the loop's thread.
    public var plant: @Sendable (LiveControl) -> any LivePlant
    /// Routes of its own.
    public var routes: @Sendable (LiveControl, LookUpThread) -> [ExtraRoute]

    /// A backend of these parts.
    public init(
        word: String, speed: Int64, plant: @escaping @Sendable (LiveControl) -> any LivePlant,
        routes: @escaping @Sendable (LiveControl, LookUpThread) -> [ExtraRoute]
    ) {
        self.word = word
        self.speed = speed
        self.plant = plant
        self.routes = routes
    }
}

/// A daemon.
public struct DaemonProgram: Sendable {
    /// The version of this build.
    public static let version = "0.1.0"
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
        let configuration: DaemonConfiguration
        do {
            configuration = try DaemonConfiguration.read(path: options.config)
        } catch {
            let text = error.written(as: .text)
            if options.check {
                FileHandle.standardError.write(Data((text + "\n").utf8))
                throw ExitCode(78)
            }
            return try await serveTrouble(text.split(separator: "\n").map { String($0) })
        }
        if options.check {
            for warning in configuration.warnings { print("\(options.config): warning: \(warning)") }
            return print("\(options.config): good.")
        }
        let logger = makeLogger(options.logFormat, level: configuration.logLevel)
        switch backend(configuration) {
        case .failure(let problem):
            logger.critical("\(problem.sentence)")
            try await serveTrouble([problem.sentence], configuration)
        case .success(let backend): try await serve(configuration, backend, logger)
        }
    }

    private func serve(_ configuration: DaemonConfiguration, _ backend: Backend, _ logger: Logger) async throws {
        for warning in configuration.warnings { logger.warning("\(warning)") }
        let parts = try LivePost(configuration, backend, logger)
        let console = ConsoleRoutes(source: parts, extra: backend.routes(parts.control, parts.lookUps))
        var services: [any Service] = [parts]
        services += try consoleServices(console, configuration, logger)
        let group = ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet(logger))
        logger.notice(
            "Holdfast \(Self.version) serves \(configuration.connectorNames.count) connectors (\(backend.word)); socket \(configuration.socketPath)")
        try await group.run()
        logger.notice("stopped; power is withdrawn everywhere")
    }

    /// The configuration cannot be used: outputs stay as their external pulls hold them, and status says why.
    private func serveTrouble(_ problems: [String], _ configuration: DaemonConfiguration? = nil) async throws {
        let logger = makeLogger(options.logFormat, level: "info")
        for problem in problems { logger.critical("\(problem)") }
        let path = configuration?.socketPath ?? ProcessInfo.processInfo.environment["HOLDFAST_SOCKET"]
            ?? "/run/holdfast/holdfast.sock"
        let console = ConsoleRoutes(source: TroubledPost(problems: problems))
        makeFolder(of: path)
        _ = unlink(path)
        let group = ServiceGroup(
            services: [SocketService(path: path, application: console.onSocket(path: path, logger: quiet(logger)))],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet(logger))
        logger.critical("no power is allowed; status is served on \(path) until the configuration is right")
        try await group.run()
    }

    private func consoleServices(
        _ console: ConsoleRoutes, _ configuration: DaemonConfiguration, _ logger: Logger
    ) throws -> [any Service] {
        let path = configuration.socketPath
        makeFolder(of: path)
        if isAnswered(path) {
            logger.critical("another daemon answers on \(path): stop it first")
            throw ExitCode(69)
        }
        _ = unlink(path)
        var services: [any Service] = [
            SocketService(path: path, application: console.onSocket(path: path, logger: quiet(logger)))
        ]
        if let port = configuration.loopbackPort {
            services.append(console.onLoopback(port: port, logger: quiet(logger)))
        }
        return services
    }
}

/// Why a program has no devices for a configuration.
public struct BackendProblem: Error, Sendable {
    /// One sentence: what and what to do.
    public var sentence: String
    /// A problem in one sentence.
    public init(_ sentence: String) { self.sentence = sentence }
}

/// The console on its socket, which only owner and group may open.
struct SocketService<Application: Service>: Service {
    let path: String
    let application: Application
    func run() async throws {
        let mask = umask(0o117)  // 0660: owner and group
        defer { _ = umask(mask) }
        try await application.run()
    }
}

/// Makes the folder a file is in, if it is missing.
func makeFolder(of path: String) {
    let folder = (path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
}

/// Whether somebody listens on a Unix socket.
func isAnswered(_ path: String) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { place in place.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }
}
