// The local interface: HTTP on a Unix socket for whoever may open it, and on loopback for reading only.

import Foundation
import HTTPTypes
public import Hummingbird
public import Logging
import NIOCore
import Post

/// Builds the local interface's routes.
public struct ConsoleRoutes: Sendable {
    fileprivate let source: any ConsoleSource
    private let extra: [ExtraRoute]
    /// See `StalledViewers`; a test has less patience.
    var cutsStalledAfter = StalledViewers.cutAfter
    /// The longest body of a command, in bytes. Engineering default: 64 KiB.
    static let bodyAtMost = 65_536

    /// Why an interface could not be served, in the system's words where it has some.
    public static func reason(of error: any Error) -> String {
        switch error {
        case let error as IOError: unsafe String(cString: strerror(error.errnoCode)).lowercased()
        case SocketAddressError.unixDomainSocketPathTooLong: "its path is longer than 107 bytes"
        default: "\(error)"
        }
    }

    /// Routes over a source, with those that a bench adds.
    public init(source: any ConsoleSource, extra: [ExtraRoute] = []) {
        self.source = source
        self.extra = extra
    }

    /// The application on a Unix socket: everything.
    ///
    /// - Parameter whenServing: Called once somebody may connect.
    public func onSocket(
        path: String, logger: Logger, whenServing: @escaping @Sendable () async -> Void = {}
    ) -> some ApplicationProtocol {
        let router = Router(context: LocalContext.self)
        router.add(
            middleware: ProblemsAsJSON(
                routes: LocalRoute.allCases.map(\.name) + extra.map { "POST /v1/\($0.path)" }, logger: logger))
        reading(router)
        records(router)
        commands(router)
        service(router, logger)
        return Application(
            router: router, server: StalledViewers.cut(after: cutsStalledAfter),
            configuration: .init(address: .unixDomainSocket(path: path), serverName: "holdfast"),
            onServerRunning: { _ in await whenServing() }, logger: logger)
    }

    /// The application on loopback: status, events and metrics, nothing that changes anything.
    ///
    /// - Parameters:
    ///   - port: 1...65535, or 0 for any that is free.
    ///   - whenServing: Called with the port once somebody may connect.
    public func onLoopback(
        port: Int, logger: Logger, whenServing: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let router = Router(context: LocalContext.self)
        let routes = LocalRoute.allCases.filter(\.row.isOnLoopback).map(\.name)
        router.add(middleware: ProblemsAsJSON(routes: routes, logger: logger))
        // Guards only the routes that come after it.
        router.add(middleware: LocalHostOnly())
        reading(router)
        return Application(
            router: router, server: StalledViewers.cut(after: cutsStalledAfter),
            configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "holdfast"),
            onServerRunning: { await whenServing($0.localAddress?.port ?? port) }, logger: logger)
    }

    /// What everybody on this machine may read.
    private func reading(_ router: Router<LocalContext>) {
        let source = source
        router.serve(.status) { _, _ in answer(json(StatusJSON(source.status()))) }
        router.serve(.events) { request, _ in
            try EventStream.response(source, after: HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] })
        }
        router.serve(.metrics) { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: Metrics.text(source.status()))))
        }
    }

    /// What only those may read who may open the socket.
    private func records(_ router: Router<LocalContext>) {
        let source = source
        router.serve(.sessions) { request, _ in
            answer(json(try await source.sessions(limit: try countAsked(request.uri.queryParameters["limit"]))))
        }
        router.serve(.clearings) { request, _ in
            answer(json(try await source.clearings(limit: try countAsked(request.uri.queryParameters["limit"]))))
        }
        router.serve(.faults) { _, _ in answer(json(Fault.allCases.map { FaultJSON($0) })) }
        router.serve(.fault) { _, context in
            answer(json(FaultJSON(try fault(called: try context.parameters.require("code")))))
        }
    }

    private func commands(_ router: Router<LocalContext>) {
        let source = source
        router.serve(.connector) { request, context in
            _ = try await body(of: request)
            let id = try connector(numbered: try context.parameters.require("number"))
            switch try context.parameters.require("verb") {
            case "start":
                return try await done(source, .start(id, TokenName(high: 0, low: UInt64(id.index) + 1)))
            case "stop": return try await done(source, .stop(id, .remote))
            case "available": return try await done(source, .setAvailable(id, true))
            case "unavailable": return try await done(source, .setAvailable(id, false))
            case let verb:
                throw ConsoleProblem(
                    status: 404, code: "no_such_verb", message: "A connector knows no \(verb).",
                    whatToDo: "Use start, stop, available or unavailable.")
            }
        }
        router.serve(.clear) { request, context in
            let fault = try fault(called: try context.parameters.require("code"))
            let wish = try ClearWish(await body(of: request))
            let number =
                request.uri.queryParameters["connector"].map { String($0) } ?? wish.connector.map { "\($0)" }
            let id = try number.map { try connector(numbered: $0) }
            let asked = ClearedByHand(
                fault: fault, connector: id, reason: try wish.reason(for: fault), by: await context.peer)
            let refusal = try await source.command(.clearFault(fault, id))
            source.note(asked, refusal)
            return try done(refusal)
        }
        for route in extra {
            router.post(RouterPath("v1/" + route.path)) { request, _ in
                answer(try await route.handle(try await body(of: request)))
            }
        }
    }
}

extension ConsoleRoutes {
    /// What changes the post as a whole: a new list, the configuration read again.
    private func service(_ router: Router<LocalContext>, _ logger: Logger) {
        let source = source
        router.serve(.allowList) { request, _ in
            let upload = try source.takeList(
                confirmed: request.uri.queryParameters["confirm"].map { String($0) })
            do {
                for try await part in request.body { try await upload.take(Array(part.readableBytesView)) }
                let said = try await upload.finish()
                await upload.abandon()
                return answer(said)
            } catch {
                await upload.abandon()
                throw error
            }
        }
        router.serve(.reload) { request, _ in
            _ = try await body(of: request)
            return answer(try await source.reload())
        }
    }
}

/// The body, if it is not longer than a command's may be.
private func body(of request: Request) async throws -> [UInt8] {
    do {
        return Array(try await request.body.collect(upTo: ConsoleRoutes.bodyAtMost).readableBytesView)
    } catch is NIOTooManyBytesError {
        throw ConsoleProblem(
            status: 413, code: "body_too_large",
            message: "The body is longer than \(ConsoleRoutes.bodyAtMost) bytes.", whatToDo: "Send a shorter one.")
    }
}

/// How many records are asked for.
private func countAsked(_ text: Substring?) throws(ConsoleProblem) -> Int {
    guard let text else { return 50 }
    guard let limit = Int(text), (1...1_000).contains(limit) else {
        throw ConsoleProblem(
            status: 422, code: "bad_value", message: "limit is \(text.prefix(60)).",
            whatToDo: "Take a number from 1 to 1000, or leave it out: the newest 50 are given then.")
    }
    return limit
}

/// The connector with this number, counted from 1.
private func connector(numbered text: String) throws(ConsoleProblem) -> ConnectorID {
    guard let number = UInt8(text), (1...8).contains(number) else {
        throw ConsoleProblem(
            status: 404, code: "no_such_connector", message: "There is no connector \(text).",
            whatToDo: "Name one that status shows, counted from 1.")
    }
    return ConnectorID(number - 1)
}

/// The fault with this code.
private func fault(called code: String) throws(ConsoleProblem) -> Fault {
    guard let fault = Fault.allCases.first(where: { $0.code == code }) else {
        throw ConsoleProblem(
            status: 404, code: "no_such_fault", message: "No fault is called \(code).",
            whatToDo: "Use a code that status shows, or one of GET /v1/faults.")
    }
    return fault
}

/// Carries out a command; a refusal is a conflict with its code.
private func done(_ source: any ConsoleSource, _ command: OperatorCommand) async throws -> Response {
    try done(try await source.command(command))
}

private func done(_ refusal: Refusal?) throws(ConsoleProblem) -> Response {
    if let refusal {
        let (what, whatToDo) = Wording.refusal(refusal)
        throw ConsoleProblem(status: 409, code: refusal.code, message: what, whatToDo: whatToDo)
    }
    return answer("{\"done\":true}")
}
