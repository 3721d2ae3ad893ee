// The page of the documentation about the local interface, made from the tables that serve it.

/// The local interface as a page.
enum InterfaceDocument {
    /// A code of an error that is not in Refusals.md or AllowListFormat.md.
    struct Problem: Sendable {
        var code: String
        var status: Int
        var meaning: String

        init(_ code: String, _ status: Int, _ meaning: String) {
            (self.code, self.status, self.meaning) = (code, status, meaning)
        }
    }

    /// Every code of the interface's own.
    static let problems: [Problem] = [
        Problem("bad_configuration", 422, "The configuration file has mistakes; nothing changed."),
        Problem("bad_request", 400, "The request or its body is not what this route takes."),
        Problem("bad_value", 422, "A field of a bench verb is out of its range."),
        Problem("body_too_large", 413, "The body of a command is longer than 65536 bytes."),
        Problem("busy", 409, "Another list is being installed."),
        Problem("busy", 503, "The control loop did not answer in time."),
        Problem("disk_failed", 507, "The disk refused a list; nothing changed."),
        Problem("foreign_host", 403, "Loopback answers to local names only."),
        Problem("internal", 500, "The daemon could not answer; see its log."),
        Problem("no_operator", 409, "This post accepts no list."),
        Problem("no_reason", 400, "A fault is cleared only with a reason."),
        Problem("no_such_connector", 404, "There is no connector of that number."),
        Problem("no_such_fault", 404, "No fault has that code."),
        Problem("no_such_route", 404, "There is no such route; the answer names those that there are."),
        Problem("no_such_verb", 404, "A connector knows no such verb."),
        Problem("not_configured", 409, "The configuration cannot be used, so no list is accepted."),
        Problem("not_configured", 503, "The configuration cannot be used, so nothing is commanded."),
        Problem("not_possible", 409, "The simulated world cannot do that now."),
        Problem("nothing_new", 409, "The post has this list already."),
        Problem("reader_busy", 409, "The simulated reader still looks up an earlier card."),
        Problem("records_failing", 503, "The records cannot be read."),
        Problem("too_large", 413, "The delta is longer than any that a post takes."),
        Problem("too_many_viewers", 503, "Too many viewers follow the event stream."),
    ]

    /// The verbs that a simulated post has besides; each is `POST /v1/sim/` and the verb.
    static let benchVerbs: [(verb: String, takes: String, does: String)] = [
        (
            "plug",
            "`connector`, `profile`, `state_of_charge_percent`, `stops_at_percent`, `battery_watt_hours`, `maximum_milliamperes`, `manners`",
            "A vehicle plugs in."
        ),
        ("unplug", "`connector`, `by_force`", "The plug is drawn, or torn out."),
        (
            "tap", "`token`, `reader`, `waits`",
            "A card is shown; with `waits` the answer comes with the decision and what the post reported (`entries`)."
        ),
        (
            "vehicle", "`connector`, and one of `does`, `asks_milliamperes` and `manners`",
            "The vehicle that is plugged in does it, asks for that current, or behaves so from now on."
        ),
        ("press", "`interlock`, `connector`", "A button is pressed, a door opened, and so on."),
        ("release", "`interlock`", "It is as before."),
        ("inject", "`fault`, `connector`", "A fault begins in the world."),
        ("heal", "`fault`, `connector`", "It is over."),
        ("injected", "nothing", "The faults that `inject` and `press` gave and that are there still, as a list."),
        (
            "look", "nothing",
            "What is so at the contacts, whatever any device says of it, and the vehicle with what it asks for."
        ),
    ]

    /// The page.
    static var text: String {
        var text = """
            # The local interface

            HTTP/1.1 on the Unix socket of the configuration's key `socket`, for the daemon's user and group; and, where
            `loopback_port` is set, on 127.0.0.1, for reading only. `holdfast` uses nothing else:

            ```
            curl --unix-socket /run/holdfast/holdfast.sock http://post/v1/status
            ```

            This page is made from the tables that serve the interface; a test fails when it is out of date. To write it
            anew: `HOLDFAST_WRITE_DOCUMENTATION=1 swift test --filter ConsoleTests`. Fields and codes are added, never
            renamed or given another meaning within `v1`: ignore what you do not know.

            ## Routes

            | Route | Loopback | Takes | Answers |
            |---|---|---|---|

            """
        for route in LocalRoute.allCases {
            let row = route.row
            text += "| `\(route.name)` | \(row.isOnLoopback ? "yes" : "") | \(row.takes) | \(row.gives) |\n"
        }
        text += """

            Answers are JSON in UTF-8, but for metrics and events. A command's body is at most \(ConsoleRoutes.bodyAtMost)
            bytes.

            ## Errors

            Every error has a status of HTTP and this body: `{"error":{"code":"...","message":"...","what_to_do":"..."}}`.
            The code is one of these, a refusal (Refusals.md, status 409), or the reason why a list was refused
            (AllowListFormat.md, status 409). Where a driver has to be told of it, `driver` is the sentence.

            | Code | Status | Meaning |
            |---|---|---|

            """
        for problem in problems { text += "| `\(problem.code)` | \(problem.status) | \(problem.meaning) |\n" }
        text += "\n## The status\n\n" + table(InterfaceField.status)
        text += "\n## A session\n\n" + table(InterfaceField.session)
        text += "\n## A fault\n\n" + table(InterfaceField.fault)
        text += "\n## Who cleared a fault\n\n" + table(InterfaceField.clearing)
        text += """

            ## The event stream

            Server-sent events. First comes a `snapshot`: the status, with the number of the newest entry as its id. Then
            each `entry` of the journal with its number as its id, and a `status` after each change, at least every two
            seconds: a stream that is silent for longer is broken. Whoever comes back with `Last-Event-ID` goes on where
            it left off, or gets a `snapshot` where entries are gone. Who does not read for ten seconds is cut off.

            An `entry`:


            """
        text += table(InterfaceField.entry)
        text += """

            ## A simulated post

            `holdfastd-bench` with `backend: {kind: simulated}` serves these besides, on the socket. Each takes an object
            of JSON; what is left out is the first connector, the first reader, or the usual vehicle.

            | Route | Fields | What happens |
            |---|---|---|

            """
        for verb in benchVerbs { text += "| `POST /v1/sim/\(verb.verb)` | \(verb.takes) | \(verb.does) |\n" }
        return text
    }

    private static func table(_ fields: [InterfaceField]) -> String {
        "| Field | Unit or kind | Meaning |\n|---|---|---|\n"
            + fields.map { field in
                "| `\(field.path)` | \(field.unit)\(field.mayBeMissing ? ", or left out" : "") | \(field.meaning) |\n"
            }.joined()
    }
}
