// The steps of a story and the statements about the world, as a scenario file writes them.

import AllowList
import Post
import Simulator
import StrictYAML

extension Step {
    @Sendable static func read(_ keys: RecordReader) -> Step {
        let utc: Int64? = keys.optional(
            "at_utc", Kind<Int64>.timeOfDay,
            "When, as a time of day: stories begin at 00:00 UTC on 20 October 2025.")
        let at: Int64? = keys.optional(
            "at", .duration(0...31_536_000_000_000), "When, from the beginning of the story.")
        if at != nil, utc != nil {
            keys.refuse(
                "at_utc", "a second instant", expected: "one of at and at_utc", remedy: "Remove one of them.")
        }
        return Step(
            after: keys.optional(
                "after", .duration(0...31_536_000_000_000), default: "0s",
                "How long after the step before; after an expectation, from when it was met."),
            at: at ?? utc, deed: keys.exactlyOne("What happens.", Deed.choices), position: .wholeFile,
            since: keys.optional(
                "since", .text(1...40),
                "The milestone from which `after` counts, instead of the step before."),
            timePosition: keys.position(of: at == nil && utc != nil ? "at_utc" : "at"),
            sincePosition: keys.position(of: "since"))
    }
}

extension Kind<Int64> {
    /// `06:48` as microseconds since midnight.
    fileprivate static var timeOfDay: Kind<Int64> {
        .parsed(
            expected: "a time of day", example: "06:48", pattern: "^[0-2][0-9]:[0-5][0-9]$", standIn: 0
        ) { text -> Int64? in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hours = Int64(parts[0]),
                let minutes = Int64(parts[1]), (0...23).contains(hours), (0...59).contains(minutes)
            else { return nil }
            return (hours * 60 + minutes) * 60_000_000
        }
    }
}

extension Deed {
    @Sendable private static func post(_ keys: RecordReader) -> Int {
        keys.optional("post", .integer(1...16), default: "1", "Which post, from 1.") - 1
    }

    private static let interlocks: Kind<Interlock> = .words([
        WordMeaning("emergency_stop", .emergencyStop, "The red button."), WordMeaning("door", .door, "A door."),
        WordMeaning("tilt", .tilt, "Tilt or water sensor."),
        WordMeaning("earth", .earth, "Protective earth monitor."),
        WordMeaning("grid", .grid, "The supply."),
    ])

    static var choices: [Choice<Deed>] {
        people + surroundings + authority + [
            Choice("inject", .record(FaultSetting.read), "A fault begins.") { .inject($0) },
            Choice("heal", .record(FaultSetting.read), "A fault is over.") { .heal($0) },
            Choice("expect", .record(Expectation.read), "Must come true in time; the story waits for it.") {
                .expect($0)
            },
            Choice(
                "milestone", .text(1...40),
                "A moment with a name: the report counts what is owed then, and later steps can count from it."
            ) {
                .milestone($0)
            },
            Choice("nothing", .boolean, "Only time passes.") { _ in .nothing },
        ]
    }

    private static var people: [Choice<Deed>] {
        [
            Choice(
                "plug",
                .record {
                    Deed.plug(vehicle: $0.required("vehicle", .text(1...40), "Which vehicle."), Where.read($0))
                }, "A driver plugs in."
            ) { $0 },
            Choice(
                "unplug",
                .record { (keys: RecordReader) -> Deed in
                    let place = Where.read(keys)
                    return .unplug(
                        place,
                        byForce: keys.optional(
                            "by_force", .boolean, default: "false", "Breaks the latch: drives off."))
                }, "A driver draws the plug."
            ) { $0 },
            Choice(
                "leave", .record { Deed.leave(Where.read($0)) },
                "A driver waits for the plug to come free, draws it and goes."
            ) { $0 },
            Choice(
                "tap",
                .record { (keys: RecordReader) -> Deed in
                    .tap(
                        token: keys.required("token", .text(1...36), "Whose card."),
                        reader: keys.optional("reader", .integer(1...8), default: "1", "Which reader.") - 1,
                        post: post(keys))
                }, "A driver shows a card."
            ) { $0 },
            Choice(
                "press_stop", .record { Deed.stopButton(Where.read($0)) },
                "The driver presses the stop button."
            ) { $0 },
            Choice(
                "vehicle", .record { Deed.order(VehicleWish.read($0), Where.read($0)) },
                "The vehicle that is plugged in does something by itself."
            ) { $0 },
            Choice(
                "alarm",
                .record { (keys: RecordReader) -> Deed in
                    .interlock(keys.required("interlock", interlocks, "Which."), isAlarm: true, post: post(keys))
                }, "An interlock trips."
            ) { $0 },
            Choice(
                "all_clear",
                .record { (keys: RecordReader) -> Deed in
                    .interlock(keys.required("interlock", interlocks, "Which."), isAlarm: false, post: post(keys))
                }, "An interlock is good again."
            ) { $0 },
        ]
    }

    private static var surroundings: [Choice<Deed>] {
        [
            Choice(
                "network", .record(NetworkState.reader(of: .network)),
                "All that is wrong with the line to the cloud and its connections from now on."
            ) { .network($0) },
            Choice(
                "cloud", .record(NetworkState.reader(of: .cloud)),
                "All that is wrong with the service at their end from now on."
            ) { .cloud($0) },
            Choice(
                "disk",
                .record { (keys: RecordReader) -> Deed in .disk(readDisk(keys), post: post(keys)) },
                "The disk changes its manners."
            ) { $0 },
            Choice("kill", .record { Deed.kill(post: post($0)) }, "The post's process dies at once.") { $0 },
            Choice(
                "cut_power", .record { Deed.cutPower(post: post($0)) },
                "The post's computer loses its supply: its process dies at once, and the next start is one of the machine."
            ) { $0 },
            Choice("start", .record { Deed.start(post: post($0)) }, "The post's process starts.") { $0 },
        ]
    }

    private static var authority: [Choice<Deed>] {
        [
            Choice("stop_by_hand", .record { Deed.stopByHand(Where.read($0)) }, "The operator ends a session.") {
                $0
            },
            Choice("out_of_service", .record { Deed.inService(false, Where.read($0)) }, "The operator closes it.") {
                $0
            },
            Choice("in_service", .record { Deed.inService(true, Where.read($0)) }, "The operator opens it.") { $0 },
            Choice(
                "reserve",
                .record { (keys: RecordReader) -> Deed in
                    let token = keys.required("token", .text(1...36), "For whose card.")
                    let lasts: Int64 = keys.optional(
                        "for", .duration(1_000_000...86_400_000_000), default: "15m", "How long.")
                    return .reserve(token: token, lasts: lasts, Where.read(keys))
                }, "The operator keeps a connector for somebody."
            ) { $0 },
            Choice(
                "clear",
                .record { (keys: RecordReader) -> Deed in
                    let fault = keys.required("fault", Vocabulary.faults, "Which.")
                    return .clear(fault, Where.read(keys))
                }, "Service clears a fault on site."
            ) { $0 },
            Choice(
                "revoke", .record { Deed.revoke(token: $0.required("token", .text(1...36), "Whose card.")) },
                "The cloud no longer vouches for a token."
            ) { $0 },
            Choice(
                "new_list", .record { Deed.newList(NewList.read($0)) },
                "The operator's next list is sent to every post: another salt, so every card has another tag."
            ) { $0 },
            Choice(
                "deny",
                .record { Deed.deny($0.required("tokens", .list(0...200, of: .text(1...36)), "Whom it names.")) },
                "The operator's next deny object is sent to every post; it names everybody who is denied."
            ) { $0 },
            Choice(
                "damage_list",
                .record { (keys: RecordReader) -> Deed in
                    .damageList(
                        token: keys.required("token", .text(1...36), "The page that would hold it."),
                        post: post(keys))
                }, "A bit turns on the disk, in one page of the list in use."
            ) { $0 },
            Choice(
                "limit",
                .record { (keys: RecordReader) -> Deed in
                    .limit(
                        watts: keys.optional(
                            "power", .quantity(.power, 0...2_000_000), "The limit; none lifts it."),
                        post: post(keys))
                }, "The site's energy manager says its limit."
            ) { $0 },
        ]
    }
}

extension VehicleWish {
    @Sendable fileprivate static func read(_ keys: RecordReader) -> VehicleWish {
        keys.exactlyOne(
            "What the vehicle does.",
            [
                Choice(
                    "does", .words(words.map { WordMeaning($0.word, $0.wish, $0.summary) }),
                    "What it does, or no longer does."
                ) { $0 },
                Choice(
                    "asks", .quantity(.current, 0...800_000),
                    "The current that it asks for from now on, in place of what its battery takes."
                ) { .asks(milliamperes: $0) },
                Choice("manners", .words(VehicleManners.meanings), "How it behaves from now on.") {
                    .behaves($0)
                },
            ])
    }
}

extension NewList {
    @Sendable static func read(_ keys: RecordReader) -> NewList {
        NewList(
            listed: keys.required("listed", .list(0...200, of: .text(1...36)), "Who is on it."),
            flaw: keys.optional(
                "flaw", .words(ListFlaw.allCases.map { WordMeaning(code($0.rawValue), $0, "\($0.help)") }),
                "What is wrong with it; left out: nothing."),
            diesAfter: keys.optional(
                "dies_after", .integer(0...20),
                "The post's process dies in the midst of the installation, after so many changes of its folder."))
    }
}

/// The state of the disk.
private func readDisk(_ keys: RecordReader) -> SimulatedDisk.State {
    let by = Interval(
        microseconds: keys.optional("by", .duration(0...600_000_000), default: "3s", "How long a request takes."))
    enum Word: Sendable { case well, slow, commitsSlow, full, failing, hanging }
    let word = keys.required(
        "is",
        .words([
            WordMeaning("well", Word.well, "A few milliseconds a request."),
            WordMeaning("slow", .slow, "This long."),
            WordMeaning("commits_slow", .commitsSlow, "A write takes this long; reads come from memory."),
            WordMeaning("full", .full, "Writes are refused."),
            WordMeaning("failing", .failing, "Everything fails."),
            WordMeaning("hanging", .hanging, "Nothing is answered."),
        ]), "How the disk is.")
    switch word {
    case .well: return .well
    case .slow: return .slow(by)
    case .commitsSlow: return .commitsSlow(by)
    case .full: return .full
    case .failing: return .failing
    case .hanging: return .hanging
    }
}

extension Expectation {
    @Sendable static func read(_ keys: RecordReader) -> Expectation {
        Expectation(
            check: Check.read(keys),
            within: keys.optional("within", .duration(0...31_536_000_000_000), default: "0s", "How soon."))
    }
}

extension Check {
    @Sendable static func read(_ keys: RecordReader) -> Check {
        let post = keys.optional("post", .integer(1...16), default: "1", "Which post, from 1.") - 1
        let connector: Int? = keys.optional(
            "connector", .integer(1...8),
            "Which connector, from 1. Left out: the first, and the whole post for what its records hold.")
        var check = Check(place: Where(post: post, connector: (connector ?? 1) - 1))
        check.namesConnector = connector != nil
        check.state = keys.optional(
            "state", Vocabulary.states, "The connector's state.")
        check.waiting = keys.optional(
            "waits_for", Vocabulary.waitings, "What it waits for.")
        check.fault = keys.optional("fault", Vocabulary.faults, "A fault that is present.")
        check.noFault = keys.optional(
            "no_fault", Vocabulary.faults, "A fault that is not present.")
        check.faultClass = keys.optional(
            "class", Vocabulary.classes,
            "How the post was seen to meet the fault named beside it or, without one, the last deed of the story. What was begun must be finished within the class's time when the story is over."
        )
        check.driverTold = keys.optional(
            "driver_told", .text(1...400), "Part of what the driver reads on the screen now, in English.")
        check.operatorTold = keys.optional(
            "operator_told", .text(1...400),
            "Part of what the operator is told to do about what is present now, in English.")
        check.refusal = keys.optional(
            "refused", Vocabulary.refusals, "A refusal that is shown.")
        check.limitedBy = keys.optional(
            "limited_by", Vocabulary.parties, "Who limits the power.")
        check.rung = keys.optional(
            "list_counts_as",
            .words(LadderRung.allCases.map { WordMeaning($0.name, $0, "A step of the risk ladder.") }),
            "The step of the ladder that the list stands on.")
        check.listRefusal = keys.optional(
            "list_refused",
            .words(ListRefusal.allCases.map { WordMeaning($0.rawValue, $0, "\($0.sentence)") }),
            "Why the last list that was sent was refused.")
        check.allowanceWattHours = keys.optional(
            "granted", .quantity(.energy, 0...1_000_000_000), "Energy that the session was granted.")
        check.atRiskWattHours = keys.optional(
            "at_risk", .quantity(.energy, 0...1_000_000_000),
            "Energy that the cloud does not know of, granted or taken, to half a percent.")
        check.power = keys.optional(
            "power",
            .words([
                WordMeaning("none", PowerWord.none, "Withdrawn."), WordMeaning("test", .test, "Cable check."),
                WordMeaning("match", .match, "Pre-charge."), WordMeaning("charge", .charge, "Energy."),
            ]), "The degree of power allowed.")
        check.isPlugHeld = keys.optional("plug_held", .boolean, "Whether the plug is held in the inlet.")
        check.isPathClosed = keys.optional(
            "contactors_closed", .boolean, "Whether both poles are closed, physically.")
        check.amperesAbove = keys.optional("current_above", .quantity(.current, 0...1_000_000), "Physical current.")
        check.amperesBelow = keys.optional("current_below", .quantity(.current, 0...1_000_000), "Physical current.")
        check.voltsBelow = keys.optional("voltage_below", .quantity(.voltage, 0...1_500_000), "At the contacts.")
        check.voltsAbove = keys.optional("voltage_above", .quantity(.voltage, 0...1_500_000), "At the contacts.")
        check.energyAboveWattHours = keys.optional(
            "energy_above", .quantity(.energy, 0...1_000_000), "Energy of the sessions together.")
        check.sessions = keys.optional("sessions", .integer(0...100_000), "Sessions in the records.")
        check.openSessions = keys.optional("open_sessions", .integer(0...100), "Sessions without a stop.")
        check.owed = keys.optional("owed", .integer(0...1_000_000), "Records that the cloud does not have yet.")
        check.deliveredAgainAtLeast = keys.optional(
            "delivered_again_at_least", .integer(0...1_000_000),
            "Records that came to the cloud although it had them, from all posts: it books each once.")
        check.reason = keys.optional(
            "stop_reason", Vocabulary.reasons, "Why the newest session ended.")
        check.isToldEqualToFlowed = keys.optional(
            "energy_told_is_energy_flowed", .boolean,
            "Whether the records' energy equals what flowed, to 0.5 % and 35 Wh.")
        check.event = keys.optional(
            "event", .words(ReportWord.allCases.map { WordMeaning($0.rawValue, $0, "\($0.help)") }),
            "Something that the post has reported since the last deed of the story; at the end: ever.")
        return check
    }
}

/// The code of a case: its name in snake case.
func code(_ name: String) -> String { snakeCase(name) }

extension FaultSetting {
    @Sendable static func read(_ keys: RecordReader) -> FaultSetting {
        let setting = FaultSetting(
            kind: keys.required("fault", Vocabulary.causes, "Unit and mode, as in contactor.plus.welded."),
            place: Where.read(keys),
            lasts: keys.optional(
                "for", .duration(0...31_536_000_000_000), "How long; left out: until it is healed."),
            isPermanent: keys.optional(
                "permanent", .boolean, default: "false", "Whether the calm after the story leaves it."))
        if setting.isPermanent, setting.lasts != nil {
            keys.refuse(
                "permanent", "a permanent fault that heals", expected: "either for or permanent",
                remedy:
                    "Remove \"for:\" for one that nothing heals, or \"permanent:\" for one that heals by itself.")
        }
        return setting
    }
}
