// The routes of the local interface in one table: what serves them, the 404 and the page of the documentation read it.

import HTTPTypes
import Hummingbird

/// A route of the local interface.
enum LocalRoute: CaseIterable, Sendable {
    case status, events, metrics, sessions, faults, fault, clearings, connector, clear, allowList, reload

    /// What is to be known of a route.
    struct Row: Sendable {
        var method: HTTPRequest.Method
        /// As the router takes it: `v1/faults/:code`.
        var path: String
        /// Whether it is served on loopback too, to everybody on the machine.
        var isOnLoopback = false
        /// What is sent: query and body.
        var takes = "nothing"
        /// What comes back.
        var gives: String
    }

    var row: Row {
        switch self {
        case .status:
            Row(method: .get, path: "v1/status", isOnLoopback: true, gives: "The status, see below.")
        case .events:
            Row(
                method: .get, path: "v1/events", isOnLoopback: true,
                takes: "header `Last-Event-ID`: the number of the last entry that was seen",
                gives: "A stream of server-sent events, see below.")
        case .metrics:
            Row(
                method: .get, path: "metrics", isOnLoopback: true,
                gives: "Prometheus text; every family is explained in its `# HELP` line.")
        case .sessions:
            Row(
                method: .get, path: "v1/sessions", takes: "query `limit`: how many, 1 to 1000; 50 if left out",
                gives: "A list of the newest sessions, newest first, see below.")
        case .faults:
            Row(method: .get, path: "v1/faults", gives: "Every fault that there can be, see Faults.md.")
        case .fault:
            Row(method: .get, path: "v1/faults/:code", gives: "One fault, see below.")
        case .clearings:
            Row(
                method: .get, path: "v1/clearings", takes: "query `limit`: how many, 1 to 1000; 50 if left out",
                gives: "Who has cleared which fault by hand and why, newest first, see below.")
        case .connector:
            Row(
                method: .post, path: "v1/connectors/:number/:verb",
                takes: "number: from 1; verb: `start`, `stop`, `available` or `unavailable`",
                gives: "`{\"done\":true}` once the core has obeyed; 409 with the code of a refusal (Refusals.md). "
                    + "What is `unavailable` stays so over restarts, until it is `available`.")
        case .clear:
            Row(
                method: .post, path: "v1/faults/:code/clear",
                takes: "body `{\"reason\":\"...\",\"connector\":1}`: what was found and done, in one line of 1 to "
                    + "\(ClearWish.reasonAtMost) characters; the connector (or the query `connector`) may be left out: wherever it is",
                gives: "`{\"done\":true}`; 409 with the code of a refusal. Log and records keep who asked, and why."
            )
        case .allowList:
            Row(
                method: .put, path: "v1/allow-list",
                takes: "body: the bytes of a signed list, delta, trust bundle or deny object; query `confirm`: the "
                    + "fingerprint of a list that a person has confirmed although it changes unusually much",
                gives:
                    "What was installed; 409 with the code of the reason (AllowListFormat.md). Nothing changes then."
            )
        case .reload:
            Row(
                method: .post, path: "v1/configuration/reload",
                gives:
                    "`{\"outcome\":\"taken\",\"needs_restart\":[]}`: `taken`, `taken_in_part` (the keys that need a "
                    + "start are named), or `serving` where the post had no configuration before; 422 with every mistake."
            )
        }
    }

    /// As people write it: `GET /v1/faults/{code}`.
    var name: String { "\(row.method.rawValue) \(path)" }

    /// The path alone: `/v1/faults/{code}`.
    var path: String {
        "/"
            + row.path.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : "\($0)" }
            .joined(separator: "/")
    }
}

extension Router<LocalContext> {
    /// Serves a route of the table.
    func serve(
        _ route: LocalRoute, _ handle: @escaping @Sendable (Request, LocalContext) async throws -> Response
    ) { on(RouterPath(route.row.path), method: route.row.method, use: handle) }
}
