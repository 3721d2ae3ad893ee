// The local interface: HTTP on a Unix socket for whoever may open it, and on loopback for reading only.

import Foundation
import HTTPTypes
public import Hummingbird
public import Logging
import NIOCore
import Post

/// Builds the local interface's routes.
public struct ConsoleRoutes: Sendable {
    private let source: any ConsoleSource
    private let extra: [ExtraRoute]
    /// Bodies are bounded.
    static let bodyAtMost = 65_536

    /// Routes over a source, with those that a bench adds.
    public init(source: any ConsoleSource, extra: [ExtraRoute] = []) {
        self.source = source
        self.extra = extra
    }

    /// The application on a Unix socket: everything.
    public func onSocket(path: String, logger: Logger) -> some ApplicationProtocol {
        let router = reading()
        commands(router)
        return Application(
            router: router, configuration: .init(address: .unixDomainSocket(path: path), serverName: "holdfast"),
            logger: logger)
    }

    /// The application on loopback: status and events, nothing that changes anything.
    public func onLoopback(port: Int, logger: Logger) -> some ApplicationProtocol {
        let router = reading()
        router.add(middleware: LocalHostOnly())
        return Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "holdfast"),
            logger: logger)
    }

    private func reading() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ProblemsAsJSON())
        let source = source
        router.get("v1/status") { _, _ in answer(json(StatusJSON(source.status()))) }
        router.get("v1/sessions") { request, _ in
            let limit = min(1_000, max(1, request.uri.queryParameters["limit"].flatMap { Int($0) } ?? 50))
            return answer(json(try await source.sessions(limit: limit)))
        }
        router.get("v1/events") { request, _ in
            try EventStream.response(source, after: request.headers[HTTPField.Name("Last-Event-ID") ?? .range])
        }
        router.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: Metrics.text(source.status()))))
        }
        return router
    }

    private func commands(_ router: Router<BasicRequestContext>) {
        let source = source
        router.post("v1/connectors/:number/:verb") { request, context in
            let verb = try context.parameters.require("verb")
            guard let number = Int(try context.parameters.require("number")), (1...8).contains(number) else {
                throw ConsoleProblem(
                    status: 404, code: "no_such_connector", message: "There is no such connector.",
                    whatToDo: "Name one that status shows.")
            }
            let id = ConnectorID(UInt8(number - 1))
            switch verb {
            case "start": return try await done(source, .start(id, TokenName(high: 0, low: UInt64(number))))
            case "stop": return try await done(source, .stop(id, .remote))
            case "available": return try await done(source, .setAvailable(id, true))
            case "unavailable": return try await done(source, .setAvailable(id, false))
            default:
                throw ConsoleProblem(
                    status: 404, code: "no_such_verb", message: "A connector knows no \(verb).",
                    whatToDo: "Use start, stop, available or unavailable.")
            }
        }
        router.post("v1/faults/:code/clear") { request, context in
            let code = try context.parameters.require("code")
            guard let fault = Fault.allCases.first(where: { $0.code == code }) else {
                throw ConsoleProblem(
                    status: 404, code: "no_such_fault", message: "No fault is called \(code).",
                    whatToDo: "Use a code that status shows.")
            }
            let connector = request.uri.queryParameters["connector"].flatMap { UInt8($0) }
            return try await done(source, .clearFault(fault, connector.map { ConnectorID($0 &- 1) }))
        }
        for route in extra {
            router.post(RouterPath("v1/" + route.path)) { request, _ in
                let body = try await request.body.collect(upTo: Self.bodyAtMost)
                return answer(try await route.handle(Array(body.readableBytesView)))
            }
        }
    }
}

/// Carries out a command; a refusal is a conflict with its code.
private func done(_ source: any ConsoleSource, _ command: OperatorCommand) async throws -> Response {
    if let refusal = try await source.command(command) {
        let (what, whatToDo) = Wording.refusal(refusal)
        throw ConsoleProblem(status: 409, code: refusal.code, message: what, whatToDo: whatToDo)
    }
    return answer("{\"done\":true}")
}

/// JSON with its type.
private func answer(_ json: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
        status: status, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(string: json + "\n")))
}

/// A problem's one shape.
struct ProblemJSON: Encodable {
    struct Inner: Encodable { var code, message, what_to_do: String }
    var error: Inner
}

/// Every problem leaves in one shape: code, what happened, what to do.
struct ProblemsAsJSON<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as ConsoleProblem {
            return shaped(problem)
        } catch let error as HTTPError {
            return shaped(
                ConsoleProblem(
                    status: error.status.code, code: error.status.code == 404 ? "no_such_route" : "bad_request",
                    message: error.body ?? error.status.reasonPhrase,
                    whatToDo: "See `holdfast help` for what there is."))
        }
    }

    private func shaped(_ problem: ConsoleProblem) -> Response {
        let body = ProblemJSON(
            error: .init(code: problem.code, message: problem.message, what_to_do: problem.whatToDo))
        return answer(json(body), status: .init(code: problem.status))
    }
}

/// A page in a technician's browser may not reach the post under another name (DNS rebinding).
struct LocalHostOnly<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let host = request.head.authority ?? ""
        let name = host.hasPrefix("[") ? String(host.prefix { $0 != "]" }) + "]" : String(host.prefix { $0 != ":" })
        guard ["127.0.0.1", "localhost", "[::1]"].contains(name) else {
            throw ConsoleProblem(
                status: 403, code: "foreign_host", message: "This interface answers to local names only.",
                whatToDo: "Use 127.0.0.1 or localhost.")
        }
        return try await next(request, context)
    }
}
