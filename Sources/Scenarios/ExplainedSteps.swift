// The steps of a story and the statements about the world, in clauses that need no knowledge of the file's words.

import AllowList
import Catalog
import Post
import Simulator
import StrictYAML

extension Step {
    /// When it happens, as the beginning of a sentence.
    var time: String {
        var words: [String] = []
        // Stories begin at midnight: what is hours away is easier to find by the clock.
        if let at {
            words.append(
                "at \(at < 3_600_000_000 ? spoken(at) : timeOfDay(Instant(microseconds: at)) + " of the story's clock")"
            )
        }
        if let since {
            words.append(
                after > 0 ? "\(spoken(after)) after the moment \"\(since)\"" : "at the moment \"\(since)\"")
        } else if after > 0 {
            words.append("\(spoken(after)) later")
        }
        if words.isEmpty, case .expect(let expectation) = deed, expectation.within == 0 { return "at once " }
        return words.isEmpty ? "" : words.joined(separator: ", ") + ": "
    }
}

extension Deed {
    /// Whether it looks at the world and changes nothing in it.
    var isLook: Bool {
        if case .expect = self { true } else { false }
    }

    /// What happens.
    var sentence: String {
        switch self {
        case .plug(let vehicle, let place): "the vehicle \(vehicle) is plugged in at \(place.name)"
        case .unplug(let place, let byForce): "the plug is \(byForce ? "torn out" : "drawn") at \(place.name)"
        case .leave(let place): "the driver draws the plug of \(place.name) as soon as it is free, and goes"
        case .tap(let token, let reader, let post):
            "the card of \(token) is held to reader \(reader + 1) of post \(post + 1)"
        case .interlock(let interlock, let isAlarm, let post):
            "\(code("\(interlock)")) of post \(post + 1) \(isAlarm ? "trips" : "is good again")"
        case .stopButton(let place): "the driver presses stop at \(place.name)"
        case .order(let wish, let place): "the vehicle at \(place.name) \(wish.clause)"
        case .network(let state): "the way to the cloud is \(state.clause)"
        case .cloud(let state): "the cloud's service is \(state.clause)"
        case .disk(let state, let post): "the disk of post \(post + 1) is \(code("\(state.word)"))\(state.size)"
        case .kill(let post): "the process of post \(post + 1) dies at once"
        case .cutPower(let post): "the computer of post \(post + 1) loses its supply"
        case .start(let post): "the process of post \(post + 1) starts"
        case .stopByHand(let place): "the operator ends the session at \(place.name)"
        case .inService(let isIn, let place): "the operator \(isIn ? "opens" : "closes") \(place.name)"
        case .clear(let fault, let place): "service clears the fault \(fault.code) at \(place.name)"
        case .reserve(let token, let lasts, let place):
            "the operator keeps \(place.name) for \(token), for \(spoken(lasts))"
        case .revoke(let token): "the cloud no longer vouches for \(token)"
        case .newList(let new):
            (new.diesAfter == nil ? "a new list is sent: " : "the process dies while a new list is installed: ")
                + new.listed.joined(separator: ", ") + (new.flaw.map { " (\(asClause($0.help)))" } ?? "")
        case .deny(let tokens):
            tokens.isEmpty
                ? "the deny object names nobody" : "the deny object names \(tokens.joined(separator: ", "))"
        case .damageList(let token, let post):
            "the page of the list that holds \(token) rots on the disk of post \(post + 1)"
        case .limit(let watts, let post):
            watts.map { "the site's energy manager lets post \(post + 1) take \(Measure.power.written($0))" }
                ?? "the site's energy manager lifts the limit of post \(post + 1)"
        case .inject(let setting):
            "\(setting.kind.row.help) (\(setting.kind.name) at \(setting.placeName)\(setting.length))"
        case .heal(let setting): "\(setting.kind.name) is over at \(setting.placeName)"
        case .milestone(let name):
            "this moment is called \"\(name)\", and the records owed to the cloud are counted"
        case .expect(let expectation):
            (expectation.within > 0 ? "within \(spoken(expectation.within)) " : "") + expectation.check.clause
        case .nothing: "only time passes"
        }
    }
}

extension Where {
    /// Where, for people.
    var name: String { "post \(post + 1), connector \(connector + 1)" }
}

extension VehicleWish {
    /// What the vehicle does, after its name.
    fileprivate var clause: String {
        switch self {
        case .asks(let milliamperes): "asks for \(Measure.current.written(milliamperes)) from now on"
        case .behaves(let manners):
            VehicleManners.words.first { $0.manners == manners }.map { "\(asClause($0.summary)) (\($0.word))" }
                ?? "changes its manners"
        case .asksAsUsual, .pauses, .goesOn, .stops, .drivesOff:
            Self.words.first { $0.wish == self }.map { asClause($0.summary) } ?? "does something"
        }
    }
}

extension FaultSetting {
    /// Where, by what the fault's number counts.
    fileprivate var placeName: String {
        switch kind.row.scope {
        case .connector: place.name
        case .stage: "the stage of \(place.name)"
        case .reader: "reader \(place.connector + 1) of post \(place.post + 1)"
        case .post: "post \(place.post + 1)"
        case .site: "the site"
        }
    }
    fileprivate var length: String {
        isPermanent ? ", for good" : lasts.map { ", for \(spoken($0))" } ?? ""
    }
}

extension SimulatedDisk.State {
    /// Its case without what it carries.
    var word: String { String("\(self)".prefix { $0.isLetter }) }
    fileprivate var size: String {
        switch self {
        case .slow(let by): ": a request takes \(spoken(by.microseconds))"
        case .commitsSlow(let by): ": a write takes \(spoken(by.microseconds))"
        case .well, .full, .failing, .hanging: ""
        }
    }
}

extension Check {
    /// The statement as a clause.
    var clause: String {
        told(ofConnector: told + done + measured, ofRecords: recorded, ofPost: ofThePost, between: "; ")
    }

    /// What the post says of itself.
    private var told: [String] {
        var parts: [String] = []
        if let event { parts.append("\(event.rawValue) has been reported (\(asClause(event.help)))") }
        if let state { parts.append("its state is \(code("\(state)"))") }
        if let waiting { parts.append("it waits for \(code("\(waiting)"))") }
        if let fault { parts.append("the fault \(fault.code) is present") }
        if let noFault { parts.append("the fault \(noFault.code) is not present") }
        if let refusal { parts.append("somebody is refused: \(refusal.code)") }
        if let driverTold { parts.append("the driver reads \"\(driverTold)\"") }
        if let operatorTold { parts.append("the operator is told \"\(operatorTold)\"") }
        if let limitedBy { parts.append("the power is limited by \(code("\(limitedBy)"))") }
        if let allowanceWattHours {
            parts.append("the session is granted \(written(wattHours: allowanceWattHours))")
        }
        return parts
    }

    /// How it was met.
    private var done: [String] {
        guard let faultClass else { return [] }
        // The sentence begins with the class's own name.
        let sentence = Sentences(.english).gravity(faultClass)
        let meaning = asClause(sentence.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? sentence)
        let met = fault == nil ? "what has just happened" : "it"
        return ["\(met) is seen to be met as class \(code("\(faultClass)")) (\(meaning))"]
    }

    /// What is physically so.
    private var measured: [String] {
        var parts: [String] = []
        switch power {
        case .some(.none): parts.append("no power is allowed")
        case .test: parts.append("power is allowed for the cable check")
        case .match: parts.append("power is allowed for pre-charge")
        case .charge: parts.append("power is allowed for charging")
        case nil: break
        }
        if let isPlugHeld { parts.append(isPlugHeld ? "the plug is held" : "the plug is free") }
        if let isPathClosed { parts.append(isPathClosed ? "both contactors are closed" : "a contactor is open") }
        if let amperesAbove { parts.append("more than \(Measure.current.written(amperesAbove)) flow") }
        if let amperesBelow { parts.append("less than \(Measure.current.written(amperesBelow)) flow") }
        if let voltsBelow { parts.append("less than \(Measure.voltage.written(voltsBelow)) at the contacts") }
        if let voltsAbove { parts.append("more than \(Measure.voltage.written(voltsAbove)) at the contacts") }
        return parts
    }

    /// What the records hold.
    private var recorded: [String] {
        var parts: [String] = []
        if let energyAboveWattHours {
            parts.append("its sessions took more than \(written(wattHours: energyAboveWattHours))")
        }
        if let sessions { parts.append("the records hold \(counted(sessions, "session"))") }
        if let openSessions { parts.append("\(counted(openSessions, "session")) without an end") }
        if let reason { parts.append("the newest session ended by \(code("\(reason)"))") }
        if isToldEqualToFlowed == true { parts.append("the energy in the records is what flowed") }
        return parts
    }

    /// What is no connector's own.
    private var ofThePost: [String] {
        var parts: [String] = []
        if let listRefusal { parts.append("the last list that was sent is refused: \(listRefusal.rawValue)") }
        if let rung { parts.append("the list counts as \(rung.name)") }
        if let atRiskWattHours { parts.append("the cloud does not know of \(written(wattHours: atRiskWattHours))") }
        if let owed { parts.append("\(counted(Int(owed), "record")) owed to the cloud") }
        if let least = deliveredAgainAtLeast {
            parts.append("at least \(counted(least, "record")) came to the cloud although it had them")
        }
        return parts
    }
}
