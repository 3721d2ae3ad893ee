// What every field of the local interface's answers means, with its unit: the page of the documentation is made of it.

/// A field of an answer.
struct InterfaceField: Sendable {
    /// Where it is: `connectors[].session.id`.
    var path: String
    /// Its unit, or what kind of value it is.
    var unit: String
    /// Whether it is left out where there is nothing to tell.
    var mayBeMissing: Bool
    /// What it means.
    var meaning: String

    init(_ path: String, _ unit: String, _ meaning: String) {
        (self.path, self.unit, mayBeMissing, self.meaning) = (path, unit, false, meaning)
    }

    /// One that is left out where there is nothing to tell.
    static func maybe(_ path: String, _ unit: String, _ meaning: String) -> InterfaceField {
        var field = InterfaceField(path, unit, meaning)
        field.mayBeMissing = true
        return field
    }

    private static let price = [
        maybe("price", "object", "What a kilowatt-hour costs in a session that begins now."),
        maybe("price.currency", "text", "ISO 4217 code."),
        maybe("price.minor_units_per_kwh", "number", "Cents, pence and so on for a kilowatt-hour."),
    ]

    private static func fault(_ place: String) -> [InterfaceField] {
        [
            InterfaceField(place + "code", "text", "Its stable code (Faults.md)."),
            InterfaceField(place + "title", "text", "A few words for a list."),
            InterfaceField(place + "what_happened", "text", "What happened, for anybody."),
            InterfaceField(place + "driver_action", "text", "What the driver does now."),
            InterfaceField(place + "operator_action", "text", "What the operator does."),
            InterfaceField(place + "who_may_clear", "text", "Who may clear it, and when it goes away."),
        ]
    }

    /// The status.
    static let status =
        post + price + list + clockAndFile + connector + faultOfConnector + readings + connectorSession

    private static let post: [InterfaceField] = [
        InterfaceField("name", "text", "The post's name."),
        InterfaceField("version", "text", "The build's version."),
        InterfaceField("backend", "text", "`hardware`, `simulated`, or `none` without a configuration."),
        InterfaceField("configuration_problems", "list of texts", "What is wrong with the configuration file."),
        InterfaceField("device_troubles", "list of texts", "Devices that do not answer, with what to do."),
        InterfaceField("warnings", "list of texts", "What works less well than it could, with what to do."),
        InterfaceField("utc_ms", "ms since 1970", "The wall clock at this answer."),
        .maybe("cloud_reachable", "true or false", "Whether the cloud answers; left out where nobody tries."),
        .maybe(
            "nobody_let_in", "object", "Why no card is accepted, whoever holds it; left out while cards are."),
        .maybe(
            "nobody_let_in.code", "text",
            "`not_configured`, or the refusal that every card would meet: `no_list`, `records_failing`, `unknown_token`."
        ),
        .maybe("nobody_let_in.sentence", "text", "The same for people."),
        .maybe("nobody_let_in.what_to_do", "text", "What the operator does."),
        .maybe(
            "records_owed", "number", "Records that the cloud does not have yet; left out if nobody looked."),
        .maybe("records_problem", "text", "Why the records cannot be used, with what to do."),
        .maybe("recording", "text", "The file of the flight recording; left out while nothing is recorded."),
        InterfaceField(
            "energy_at_risk_watt_hours", "Wh",
            "Taken, or granted to running sessions, and unknown to the cloud."),
        InterfaceField("longest_step_microseconds", "µs", "The longest step of the control loop so far."),
        InterfaceField("newest_report", "number", "The number of the newest entry of the event stream."),
        InterfaceField("allow_list", "text", "The signed list in one sentence."),
    ]

    private static let clockAndFile: [InterfaceField] = [
        InterfaceField("clock", "object", "The wall clock."),
        InterfaceField("clock.source", "text", "`network`, `battery_or_hand` or `none`."),
        InterfaceField("clock.quality", "number", "0: not trusted, 1: plausible, 2: synchronised."),
        .maybe("clock.error_microseconds", "µs", "The kernel's bound on its error, while synchronised."),
        .maybe("clock.is_believed", "true or false", "Whether it counts for the dates of lists and cards."),
        .maybe("clock.not_before", "s since 1970", "It cannot be earlier than this."),
        .maybe("clock.not_before_by", "text", "The key whose word that is; left out where it is no key's."),
        .maybe("memory", "object", "The memory of the daemon."),
        .maybe("memory.resident_bytes", "bytes", "How much of it is resident."),
        .maybe("memory.warning_bytes", "bytes", "With more the operator is told."),
        .maybe(
            "memory.restart_bytes", "bytes",
            "With more the daemon starts itself anew once every connector is idle."),
        .maybe("configuration", "object", "How the configuration stands."),
        .maybe("configuration.file", "text", "Where it is."),
        .maybe("configuration.is_pending", "true or false", "A newer one waits until every connector is idle."),
        .maybe(
            "configuration.needs_restart", "list of texts",
            "Keys of the newer one that count at the next start."),
        .maybe("configuration.refused", "list of texts", "What is wrong with the file that was read last."),
        .maybe("configuration.read_at", "s since 1970", "When the one in force was read."),
        InterfaceField("connectors", "list of objects", "The connectors, in their order."),
    ]

    private static let connector: [InterfaceField] = [
        InterfaceField("connectors[].connector", "number", "Counted from 1."),
        InterfaceField("connectors[].name", "text", "Its name."),
        InterfaceField(
            "connectors[].state", "text",
            "`unavailable`, `available`, `reserved`, `occupied`, `authorized`, `preparing`, `charging`, "
                + "`suspended_by_vehicle`, `suspended_by_post`, `stopping`, `finishing` or `faulted`."),
        InterfaceField("connectors[].sentence", "text", "Which state, why, and what next, for people."),
        InterfaceField("connectors[].why", "text", "Its second part: why."),
        InterfaceField("connectors[].next", "text", "Its third part: what the driver does next."),
        .maybe("connectors[].waits_for", "text", "What is awaited."),
        .maybe("connectors[].waits_for_connector", "number", "The connector that has the shared power stage."),
        .maybe("connectors[].waits_seconds_left", "s", "How much longer it waits; 0 once the time is over."),
        .maybe("connectors[].limited_by", "text", "Which party limits the power."),
        InterfaceField("connectors[].faults", "list of texts", "Codes of the faults that are present."),
        InterfaceField("connectors[].fault_details", "list of objects", "The same faults, explained."),
    ]

    private static let faultOfConnector = fault("connectors[].fault_details[].")

    private static let readings: [InterfaceField] = [
        .maybe(
            "connectors[].fault_details[].since_utc_ms", "ms since 1970",
            "Since when; unknown for one from before the start."),
        .maybe("connectors[].refused", "text", "Code of the refusal that is shown (Refusals.md)."),
        .maybe(
            "connectors[].power_allowed", "text",
            "How much the contactors are permitted: `test`, `match` or `charge`."),
        .maybe("connectors[].volts", "V", "At the contacts, by a young reading."),
        .maybe("connectors[].amperes", "A", "Towards the vehicle, by a young reading."),
        InterfaceField("connectors[].power_watts", "W", "Towards the vehicle."),
        InterfaceField("connectors[].granted_watts", "W", "What the vehicle may take now."),
        InterfaceField("connectors[].demanded_watts", "W", "What the vehicle asks for."),
        .maybe("connectors[].state_of_charge_percent", "%", "Of the vehicle's battery, if it says so."),
        InterfaceField("connectors[].indication", "text", "What the lamp shows."),
    ]

    private static let connectorSession: [InterfaceField] = [
        .maybe("connectors[].session", "object", "The running session."),
        .maybe("connectors[].session.id", "text", "The boot it began in, and its number in that: `3-12`."),
        .maybe("connectors[].session.source", "text", "Who let it begin: `list`, `cloud` and so on."),
        .maybe("connectors[].session.energy_watt_hours", "Wh", "Taken so far."),
        .maybe("connectors[].session.allowance_watt_hours", "Wh", "What it may take."),
        .maybe("connectors[].session.seconds", "s", "Since it was authorized, on the post's own clock."),
        .maybe("connectors[].session.is_recorded", "true or false", "Whether its start is on the disk."),
        .maybe("connectors[].session.price", "object", "What its energy costs: as `price` above."),
        .maybe("connectors[].session.price.currency", "text", "ISO 4217 code."),
        .maybe("connectors[].session.price.minor_units_per_kwh", "number", "For a kilowatt-hour."),
        .maybe("connectors[].session.cost_minor_units", "number", "What it has cost so far."),
        .maybe("connectors[].ended", "object", "A session that ends or has ended, until its plug is pulled."),
        .maybe("connectors[].ended.session", "text", "Which."),
        .maybe("connectors[].ended.reason", "text", "Why, in the words of OCPP 2.0.1 `ReasonEnumType`."),
        .maybe("connectors[].ended.fault", "text", "The fault that ended it, if one did."),
        .maybe("connectors[].ended.sentence", "text", "Why, for people."),
        .maybe("connectors[].ended.energy_watt_hours", "Wh", "What it has taken."),
    ]

    private static let list: [InterfaceField] = [
        InterfaceField("list", "object", "The signed list."),
        .maybe("list.version", "number", "Its version; left out while none is in use."),
        .maybe("list.fingerprint", "text", "SHA-256 of its signed bytes: one version has one, at every post."),
        .maybe("list.entries", "number", "How many entries it has."),
        .maybe("list.freshness", "text", "`fresh`, `stale`, `expired` or `time_untrusted`."),
        .maybe("list.step", "text", "The step of the risk ladder that limits come from."),
        .maybe("list.issued_at", "s since 1970", "When it was issued."),
        .maybe("list.stale_from", "s since 1970", "From when it counts as stale."),
        .maybe("list.expired_from", "s since 1970", "From when it counts as expired."),
        InterfaceField(
            "list.is_demoted", "true or false", "Whether it counts for less than its own dates say."),
        .maybe(
            "list.demotion", "text",
            "Why: `older_than_mark` (the newest that was installed is damaged or gone), `mark_unreadable` (nobody knows which was) "
                + "or `withdrawn` (by the trust bundle)."),
        InterfaceField("list.is_damaged", "true or false", "Whether it counts as damaged and is asked for anew."),
        InterfaceField("list.damaged_pages", "number", "Pages that were found damaged, ten at most."),
        .maybe("list.scrubbed_at", "s since 1970", "When it was last read whole and found good."),
        .maybe("list.trust_bundle", "number", "The trust bundle in force."),
        .maybe("list.trust_bundle_due_at", "s since 1970", "From when that is due to be replaced."),
        .maybe("list.deny_object", "number", "The sequence of the deny object in force."),
        .maybe("list.deny_object_issued_at", "s since 1970", "When that was issued."),
        .maybe("list.denied", "number", "How many tokens that refuses."),
        InterfaceField("list.lost", "list of objects", "Parts of the post's trust that are lost."),
        .maybe("list.lost[].code", "text", "Its stable name."),
        .maybe("list.lost[].sentence", "text", "What happened and what to do."),
        .maybe("list.refused", "object", "The last file that was refused; left out after one was installed."),
        .maybe("list.refused.code", "text", "The stable name of the reason."),
        .maybe("list.refused.sentence", "text", "What happened and what to do."),
        .maybe("list.refused.driver", "text", "What a driver at the post is told."),
        .maybe("list.refused.utc_ms", "ms since 1970", "When."),
        InterfaceField("list.mirrors", "list of objects", "How its mirrors do."),
        .maybe("list.mirrors[].address", "text", "Where it is."),
        .maybe("list.mirrors[].answered_at", "s since 1970", "When it last told all that it has."),
        .maybe("list.mirrors[].trouble", "text", "What is wrong with it."),
        InterfaceField("list.counts", "object", "Counted since the start."),
        InterfaceField("list.counts.refused", "object", "Refused files, by the name of the reason."),
        InterfaceField(
            "list.counts.answered_by_previous", "number",
            "Look-ups on a damaged page that the list before answered."),
        InterfaceField(
            "list.counts.answered_by_nobody", "number", "Look-ups on a damaged page that nobody could answer."),
        InterfaceField("list.counts.scrubs", "number", "Scrubs that found the list good."),
        InterfaceField("list.counts.scrubs_failed", "number", "Scrubs that found a damaged page."),
        InterfaceField("list.counts.lines_lost", "number", "Lines that the log was too slow for."),
    ]

    /// One of `GET /v1/sessions`.
    static let session: [InterfaceField] = [
        InterfaceField("id", "text", "The boot it began in, and its number in that: `3-12`."),
        InterfaceField("connector", "number", "Counted from 1."),
        InterfaceField("energy_watt_hours", "Wh", "What it has taken."),
        InterfaceField("started_utc_ms", "ms since 1970", "When it began."),
        .maybe("stopped_utc_ms", "ms since 1970", "When it ended; left out while it runs."),
        .maybe("stop_reason", "text", "Why it ended, in the words of OCPP 2.0.1 `ReasonEnumType`."),
        .maybe("stop_sentence", "text", "The same for people."),
        .maybe("fault", "text", "Code of the fault that ended it."),
        .maybe("price", "object", "What its energy costs, as it was when it began."),
        .maybe("price.currency", "text", "ISO 4217 code."),
        .maybe("price.minor_units_per_kwh", "number", "For a kilowatt-hour."),
        .maybe("cost_minor_units", "number", "What it has cost so far, or in the end."),
    ]

    /// One of `GET /v1/faults`.
    static let fault: [InterfaceField] = fault("")

    /// One of `GET /v1/clearings`.
    static let clearing: [InterfaceField] = [
        InterfaceField("fault", "text", "The fault's code."),
        .maybe("connector", "number", "Counted from 1; left out: wherever it was."),
        InterfaceField("utc_ms", "ms since 1970", "When."),
        InterfaceField("by", "text", "Who asked: the user at the other end of the socket."),
        InterfaceField("reason", "text", "What was found and done."),
        .maybe("refused", "text", "Code of the refusal (Refusals.md) where it was not cleared."),
    ]

    /// An `entry` of the event stream.
    static let entry: [InterfaceField] = [
        InterfaceField("number", "number", "Counts up from 1 in each run of the daemon."),
        InterfaceField("utc_ms", "ms since 1970", "When."),
        InterfaceField(
            "what", "text",
            "`state`, `fault_raised`, `fault_cleared`, `refused`, `authorized`, `energy_flows`, `session_ended`, "
                + "`opened_under_load`, `restarts` or `defect`."),
        .maybe("connector", "number", "Where, counted from 1; left out for the post as a whole."),
        InterfaceField("sentence", "text", "What happened, for people."),
    ]
}
