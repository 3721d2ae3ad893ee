// A scenario read back as prose, Given, When and Then, for the people who review it.

import Post
import Simulator
import StrictYAML

extension Scenario {
    /// The scenario as lines of prose.
    public var explanation: [String] {
        var lines = [title, "Given \(site.sentence)"]
        lines += drivers.sentences.map { "  and \($0)" }
        lines += vehicles.map { "  and the vehicle \($0.key): \($0.value.sentence)" }
        if let arrivals { lines.append("  and \(arrivals.sentence)") }
        var told = ""
        for step in timeline {
            var word = "When"
            if case .expect = step.deed { word = "Then" }
            lines.append("\(padded(word == told ? "  and" : word, 5)) \(step.time)\(step.deed.sentence)")
            told = word
        }
        lines += never.map { "Never \($0.value.sentence)" }
        lines += atEnd.map { "At the end, \($0.value.sentence)" }
        if let calmWithin { lines.append("And \(span(calmWithin)) after everything has healed, all is well again") }
        lines += compare.map { "Played \($0.hasList ? "with" : "without") the list: \($0.name)" }
        return lines
    }

    private func padded(_ word: String, _ width: Int) -> String {
        word + String(repeating: " ", count: max(0, width - word.count))
    }
}

extension SiteSetting {
    fileprivate var sentence: String {
        let sharing = sharesStage ? " that share one power stage" : ""
        return
            "\(counted(posts, "post")) with \(counted(connectors, "connector"))\(sharing), the plug held by the \(lock), at most \(kilowatts(limitWatts)) each"
    }
}

extension DriverSetting {
    fileprivate var sentences: [String] {
        guard hasList else { return ["no list is installed"] }
        func who(_ names: [String], _ what: String) -> [String] {
            names.isEmpty ? [] : ["\(names.joined(separator: ", ")) \(what)"]
        }
        return who(listed, "on the list") + who(expired, "on the list, no longer valid")
            + who(known, "known to the cloud only")
    }
}

extension VehicleSetting {
    fileprivate var sentence: String {
        "a \(profile.name) that comes with \(stateOfChargePercent) % and is content with \(stopsAtPercent) %"
    }
}

extension ArrivalSetting {
    fileprivate var sentence: String {
        "a driver every \(span(shortest)) to \(span(longest)), \(knownOfTen) of ten known, with \(counted(rushes.count, "rush"))"
    }
}

extension Step {
    fileprivate var time: String {
        var words: [String] = []
        if let at { words.append("at \(span(at))") }
        if after > 0 { words.append(since.map { "\(span(after)) after \($0)" } ?? "\(span(after)) later") }
        return words.isEmpty ? "" : words.joined(separator: ", ") + ": "
    }
}

extension Deed {
    fileprivate var sentence: String {
        switch self {
        case .plug(let vehicle, let place): "the vehicle \(vehicle) is plugged in at \(place.name)"
        case .unplug(let place, let byForce): "the plug is \(byForce ? "torn out" : "drawn") at \(place.name)"
        case .leave(let place): "the driver draws the plug once it is free at \(place.name), and goes"
        case .tap(let token, let reader, let post): "\(token) is shown to reader \(reader + 1) of post \(post + 1)"
        case .interlock(let interlock, let isAlarm, let post):
            "\(code("\(interlock)")) of post \(post + 1) \(isAlarm ? "trips" : "is good again")"
        case .stopButton(let place): "the driver presses stop at \(place.name)"
        case .network(let state): "the way to the cloud is \(code("\(state.word)"))"
        case .disk(let state, let post): "the disk of post \(post + 1) is \(code("\(state.word)"))"
        case .kill(let post): "the process of post \(post + 1) dies at once"
        case .cutPower(let post): "the computer of post \(post + 1) loses its supply"
        case .start(let post): "the process of post \(post + 1) starts"
        case .stopByHand(let place): "the operator ends the session at \(place.name)"
        case .inService(let isIn, let place): "the operator \(isIn ? "opens" : "closes") \(place.name)"
        case .clear(let fault, let place): "service clears \(fault.code) at \(place.name)"
        case .reserve(let token, let lasts, let place):
            "the operator keeps \(place.name) for \(token), for \(span(lasts))"
        case .revoke(let token): "the cloud no longer vouches for \(token)"
        case .newList(let new):
            (new.diesAfter == nil ? "a new list is sent: " : "the process dies while a new list is installed: ")
                + new.listed.joined(separator: ", ") + (new.flaw.map { " (\($0.help))" } ?? "")
        case .deny(let tokens): "the deny object names: \(tokens.joined(separator: ", "))"
        case .damageList(let token, let post): "the page of \(token) rots on the disk of post \(post + 1)"
        case .limit(let watts, let post):
            watts.map { "post \(post + 1) may take \(kilowatts($0))" } ?? "the limit of post \(post + 1) is lifted"
        case .inject(let setting):
            "\(setting.kind.name) begins at \(setting.place.name)\(setting.lasts.map { " for \(span($0))" } ?? "")"
        case .heal(let setting): "\(setting.kind.name) is over at \(setting.place.name)"
        case .milestone(let name): "it is counted what is owed: \(name)"
        case .expect(let expectation):
            (expectation.within > 0 ? "within \(span(expectation.within)) " : "") + expectation.check.sentence
        case .nothing: "only time passes"
        }
    }
}

extension Where {
    fileprivate var name: String { "post \(post + 1), connector \(connector + 1)" }
}

extension SimulatedNetwork.State {
    /// Its case without what it carries.
    fileprivate var word: String { String("\(self)".prefix { $0.isLetter }) }
}

extension SimulatedDisk.State {
    fileprivate var word: String { String("\(self)".prefix { $0.isLetter }) }
}

private func counted(_ count: Int, _ thing: String) -> String {
    "\(count) \(thing)\(count == 1 ? "" : thing.hasSuffix("h") ? "es" : "s")"
}

private func kilowatts(_ watts: Int64) -> String { "\(Double(watts) / 1_000) kW" }
