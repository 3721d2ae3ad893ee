// How a scenario file is written: one reader that is also the schema and the reference page.

import Post
import Simulator
public import StrictYAML

/// The format of scenario files.
public let scenarioDocument = DocumentKind<Scenario>(
    title: "Holdfast scenario",
    summary: "A story of people, vehicles and faults at a simulated site, and what must come of it.",
    schemaIdentifier: "https://holdfast.example/schema/scenario.schema.json"
) { keys in
    var scenario = Scenario(
        title: keys.required("title", .text(1...120), "What is shown, in one line."),
        seed: keys.optional("seed", .integer(0...UInt64.max), default: "1", "Start of every draw of chance."),
        site: keys.optional("site", .record(SiteSetting.read), default: "{}", "The posts of the site."),
        drivers: keys.optional("drivers", .record(DriverSetting.read), default: "{}", "Who is on the list."),
        vehicles: keys.optional(
            "vehicles", .table(0...40, key: "a vehicle's name", of: .record(VehicleSetting.read)), default: "{}",
            "The vehicles of the story."),
        arrivals: keys.optional(
            "arrivals", .record(ArrivalSetting.read), "Drivers who come by chance, besides those of the timeline."),
        timeline: keys.required(
            "timeline", .list(1...500, of: Kind<Step>.record(Step.read).located), "What happens, in order."
        ).map { located in
            var step = located.value
            step.position = located.position
            return step
        },
        never: keys.optional(
            "never", .list(0...50, of: Kind<Check>.record(Check.read).located), default: "[]",
            "What must not be so at any moment."),
        atEnd: keys.optional(
            "at_end", .list(0...50, of: Kind<Check>.record(Check.read).located), default: "[]",
            "What must be so when the story is over."),
        compare: keys.optional(
            "compare", .list(0...4, of: Kind<Variant>.record(Variant.read).located), default: "[]",
            "Plays the same story once for each of these, and reports them side by side."
        ).map { located in
            var variant = located.value
            variant.position = located.position
            return variant
        },
        lastsAnother: keys.optional(
            "lasts_another", .duration(0...31_536_000_000_000), default: "10s",
            "How long the story goes on after its last step."),
        skipsImpossible: keys.optional(
            "skips_impossible", .boolean, default: "false",
            "Whether steps that cannot be done are left out instead of being an error, as storms need it."),
        calmWithin: keys.optional(
            "calm_within", .duration(1_000_000...31_536_000_000_000),
            "After the story faults heal (permanent ones stay), everybody goes, service comes: by then every connector must charge again, or say what keeps it."
        ),
        rows: keys.optional(
            "rows", .list(0...8, of: .integer(1...Catalogue.rows.count)), default: "[]",
            "Rows of the catalogue of faults that the story is about: see COVERAGE.md."),
        mustBe: keys.optional(
            "must_be",
            .words([
                WordMeaning("unsafe", Verdict.unsafe, "The world must find something wrong."),
                WordMeaning("defect", .defect, "The supervisor must have to step in."),
                WordMeaning("stuck", .stuck, "Something must not serve although all is calm."),
            ]), "A canary: the story passes only if it comes to this, which shows that the judges still look."))
    scenario.devices = keys.optional(
        "devices",
        .words([
            WordMeaning("called", DeviceForm.called, "The post's loop calls them: fast."),
            WordMeaning(
                "bytes", .bytes,
                "Behind Modbus, frame by frame: the post's own driver asks slaves that answer out of the world."),
        ]), default: "called",
        "How meters, insulation monitors and power stages are reached; `--modbus` plays every story by bytes.")
    scenario.refuseWhatCannotBeMeant(keys)
    return scenario
}

extension SiteSetting {
    @Sendable static func read(_ keys: RecordReader) -> SiteSetting {
        SiteSetting(
            posts: keys.optional("posts", .integer(1...16), default: "1", "How many posts."),
            connectors: keys.optional("connectors", .integer(1...8), default: "2", "Connectors of each post."),
            lock: keys.optional(
                "lock",
                .words([
                    WordMeaning("vehicle", LockHolder.vehicle, "The vehicle's inlet locks the plug (CCS, NACS)."),
                    WordMeaning("post", LockHolder.post, "The post locks it (GB/T, CHAdeMO)."),
                ]), default: "vehicle", "Who holds the plug."),
            sharesStage: keys.optional(
                "shares_stage", .boolean, default: "false", "Whether all connectors share one power stage."),
            limitWatts: keys.optional(
                "limit", .quantity(.power, 1_000...2_000_000), default: "300kW", "Each post's share of the site."),
            failSafeWatts: keys.optional(
                "fail_safe_limit", .quantity(.power, 0...2_000_000), default: "40kW",
                "What counts when the source of a lower limit falls silent."),
            guestFloorWattHours: keys.optional(
                "guest_floor", .quantity(.energy, 0...100_000), default: "0Wh",
                "What an unknown token may take when nobody can be asked."))
    }
}

extension DriverSetting {
    @Sendable static func read(_ keys: RecordReader) -> DriverSetting {
        DriverSetting(
            listed: keys.optional("listed", .list(0...200, of: .text(1...36)), default: "[]", "On the list."),
            expired: keys.optional(
                "expired", .list(0...200, of: .text(1...36)), default: "[]", "On the list, but no longer valid."),
            known: keys.optional(
                "known_to_cloud", .list(0...200, of: .text(1...36)), default: "[]",
                "Not on the list; the cloud vouches for them."),
            hasList: keys.optional(
                "list_installed", .boolean, default: "true", "Whether the posts have a list at all."),
            group: keys.optional(
                "one_group", .list(0...200, of: .text(1...36)), default: "[]",
                "Those of the listed who belong to one group: each may stop what another has started."),
            otherGroup: keys.optional(
                "another_group", .list(0...200, of: .text(1...36)), default: "[]",
                "Those of the listed, now or later, who belong to another group."),
            listAge: keys.optional(
                "list_age", .duration(0...31_536_000_000_000), default: "1h",
                "How old the list is when the story begins: stale from 7 days on, expired from 35.") / 1_000_000,
            hasUsualLimits: keys.optional(
                "usual_limits", .boolean, default: "false",
                "Whether a fresh list grants what lists usually do (60 kWh, 3 sessions a day) instead of more than anybody takes."
            ),
            atRiskWattHours: keys.optional(
                "at_risk_at_most", .quantity(.energy, 0...1_000_000),
                "Energy that a post may give without the cloud's knowledge: half of it on a stale list, a quarter on an expired one."
            ).map { UInt32(clamping: $0 as Int64) },
            guestsPerDay: keys.optional(
                "guests_per_day", .integer(0...1_000), default: "1000",
                "Sessions that the list allows strangers on one post within 24 hours."))
    }
}

extension VehicleSetting {
    @Sendable static func read(_ keys: RecordReader) -> VehicleSetting {
        VehicleSetting(
            profile: keys.optional(
                "profile",
                .words(VehicleProfile.all.map { WordMeaning($0.name, $0, "A typical one; see the simulator.") }),
                default: "sedan400", "What kind of vehicle."),
            capacityWattHours: keys.optional(
                "battery", .quantity(.energy, 1_000...1_000_000), "Usable energy, if not the profile's."),
            maximumMilliamperes: keys.optional(
                "maximum_current", .quantity(.current, 1_000...800_000),
                "Takes this current throughout, in place of the profile's curve."),
            stateOfChargePercent: keys.optional(
                "state_of_charge_percent", .integer(0...100, unit: "%"), default: "30", "When it is plugged in."),
            stopsAtPercent: keys.optional(
                "stops_at_percent", .integer(1...100, unit: "%"), default: "80",
                "When the vehicle ends the session."),
            manners: keys.optional(
                "manners", .words(VehicleManners.meanings), default: "polite", "How it behaves."))
    }
}

extension VehicleManners {
    /// The manners that a scenario can name. Faults of a vehicle on the way are injected.
    static var meanings: [WordMeaning<VehicleManners>] {
        words.map { WordMeaning($0.word, $0.manners, $0.summary) }
    }
}

extension Where {
    @Sendable static func read(_ keys: RecordReader) -> Where {
        Where(
            post: keys.optional("post", .integer(1...16), default: "1", "Which post, from 1.") - 1,
            connector: keys.optional("connector", .integer(1...8), default: "1", "Which connector, from 1.") - 1)
    }
}
