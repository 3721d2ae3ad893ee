// The shapes of answers, the one shape of problems, and who may ask over the network.

import Hummingbird
import Logging
import NIOCore

/// JSON with its type.
func answer(_ json: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
        status: status, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(string: json + "\n")))
}

/// A problem's one shape.
struct ProblemJSON: Encodable {
    struct Inner: Encodable {
        var code, message, what_to_do: String
        var driver: String?
    }
    var error: Inner
}

/// Every problem leaves in one shape: code, what happened, what to do.
struct ProblemsAsJSON<Context: RequestContext>: RouterMiddleware {
    /// What there is, for whoever asks for what there is not.
    let routes: [String]
    let logger: Logger

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as ConsoleProblem {
            return shaped(problem)
        } catch let error as HTTPError {
            return shaped(explained(error, request))
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.error("\(request.method) \(request.uri.path): \(error)")
            return shaped(
                ConsoleProblem(
                    status: 500, code: "internal", message: "The daemon could not answer this request.",
                    whatToDo: "Look at the daemon's log."))
        }
    }

    private func explained(_ error: HTTPError, _ request: Request) -> ConsoleProblem {
        switch error.status.code {
        case 404:
            ConsoleProblem(
                status: 404, code: "no_such_route",
                message: "Nothing answers \(request.method) \(request.uri.path) here.",
                whatToDo: "There are: \(routes.joined(separator: ", ")). Documentation/API.md explains them.")
        default:
            ConsoleProblem(
                status: error.status.code, code: "bad_request", message: error.body ?? error.status.reasonPhrase,
                whatToDo: "Documentation/API.md says what each route takes.")
        }
    }

    private func shaped(_ problem: ConsoleProblem) -> Response {
        let body = ProblemJSON(
            error: .init(
                code: problem.code, message: problem.message, what_to_do: problem.whatToDo, driver: problem.driver))
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
