// A scenario as the text of a scenario file: what the shrinker leaves becomes a file for `Simulations`.

import Post
import Simulator
import StrictYAML

extension Scenario {
    /// The file's text; read again it is the same scenario.
    public var text: String {
        var text = "title: \(quoted(title))\nseed: \(seed)\n"
        if devices == .bytes { text += "devices: \(devices.rawValue)\n" }
        text += "site: {\(site.text)}\n"
        text += "drivers: {\(drivers.text)}\n"
        let used = vehicles.filter { entry in timeline.contains { $0.deed.vehicle == entry.key } }
        if !used.isEmpty { text += "vehicles:\n" }
        for entry in used {
            text += "  \(entry.key): {\(entry.value.text)}\n"
        }
        text += "timeline:\n"
        for step in timeline {
            text += "  - at: \(duration(step.at ?? 0))\n    \(step.deed.text)\n"
        }
        text += "lasts_another: \(duration(lastsAnother))\n"
        if skipsImpossible { text += "skips_impossible: true\n" }
        if let calmWithin { text += "calm_within: \(duration(calmWithin))\n" }
        return text
    }
}

extension SiteSetting {
    var text: String {
        "posts: \(posts), connectors: \(connectors), lock: \(lock == .post ? "post" : "vehicle"), shares_stage: \(sharesStage), limit: \(limitWatts)W, fail_safe_limit: \(failSafeWatts)W, guest_floor: \(guestFloorWattHours)Wh"
    }
}

extension DriverSetting {
    var text: String {
        func list(_ names: [String]) -> String { "[" + names.joined(separator: ", ") + "]" }
        return
            "listed: \(list(listed)), expired: \(list(expired)), known_to_cloud: \(list(known)), list_installed: \(hasList)"
    }
}

extension VehicleSetting {
    /// The vehicle as a story names it; what is as usual is left out.
    var text: String {
        var parts = ["profile: \(profile.name)"]
        if let capacityWattHours { parts.append("battery: \(Measure.energy.written(capacityWattHours))") }
        if let maximumMilliamperes {
            parts.append("maximum_current: \(Measure.current.written(maximumMilliamperes))")
        }
        parts.append("state_of_charge_percent: \(stateOfChargePercent), stops_at_percent: \(stopsAtPercent)")
        let word = VehicleManners.words.first { $0.manners == manners }?.word
        if let word, manners != VehicleManners() { parts.append("manners: \(word)") }
        return parts.joined(separator: ", ")
    }
}

extension VehicleWish {
    /// What the vehicle does as a story writes it.
    var text: String {
        switch self {
        case .asks(let milliamperes): "asks: \(Measure.current.written(milliamperes))"
        case .behaves(let manners):
            "manners: \(VehicleManners.words.first { $0.manners == manners }?.word ?? "polite")"
        case .asksAsUsual, .pauses, .goesOn, .stops, .drivesOff:
            "does: \(Self.words.first { $0.wish == self }?.word ?? "")"
        }
    }
}

extension Deed {
    var vehicle: String? {
        if case .plug(let vehicle, _) = self { return vehicle }
        return nil
    }

    var text: String {
        switch self {
        case .plug(let vehicle, let place): "plug: {vehicle: \(vehicle), \(place.text)}"
        case .unplug(let place, let byForce): "unplug: {\(place.text), by_force: \(byForce)}"
        case .leave(let place): "leave: {\(place.text)}"
        case .tap(let token, let reader, let post):
            "tap: {token: \(token), reader: \(reader + 1), post: \(post + 1)}"
        case .interlock(let interlock, let isAlarm, let post):
            "\(isAlarm ? "alarm" : "all_clear"): {interlock: \(code("\(interlock)")), post: \(post + 1)}"
        case .stopButton(let place): "press_stop: {\(place.text)}"
        case .order(let wish, let place): "vehicle: {\(wish.text), \(place.text)}"
        case .network(let state): "network: {\(state.text)}"
        case .cloud(let state): "cloud: {\(state.text)}"
        case .disk(let state, let post): "disk: {\(state.text), post: \(post + 1)}"
        case .kill(let post): "kill: {post: \(post + 1)}"
        case .cutPower(let post): "cut_power: {post: \(post + 1)}"
        case .start(let post): "start: {post: \(post + 1)}"
        case .stopByHand(let place): "stop_by_hand: {\(place.text)}"
        case .inService(let isIn, let place): "\(isIn ? "in_service" : "out_of_service"): {\(place.text)}"
        case .clear(let fault, let place): "clear: {fault: \(fault.code), \(place.text)}"
        case .reserve(let token, let lasts, let place):
            "reserve: {token: \(token), for: \(lasts / 1_000)ms, \(place.text)}"
        case .revoke(let token): "revoke: {token: \(token)}"
        case .newList(let new): "new_list: {\(new.text)}"
        case .deny(let tokens): "deny: {tokens: [\(tokens.joined(separator: ", "))]}"
        case .damageList(let token, let post): "damage_list: {token: \(token), post: \(post + 1)}"
        case .limit(let watts, let post): "limit: {\(watts.map { "power: \($0)W, " } ?? "")post: \(post + 1)}"
        case .inject(let setting): "inject: {\(setting.text)}"
        case .heal(let setting): "heal: {fault: \(setting.kind.name)\(setting.placeText)}"
        case .expect, .milestone, .nothing: "nothing: true"
        }
    }
}

extension NewList {
    var text: String {
        "listed: [\(listed.joined(separator: ", "))]" + (flaw.map { ", flaw: \(code($0.rawValue))" } ?? "")
            + (diesAfter.map { ", dies_after: \($0)" } ?? "")
    }
}

extension Where {
    var text: String { "post: \(post + 1), connector: \(connector + 1)" }
}

extension FaultSetting {
    var text: String {
        let length = lasts.map { ", for: \(duration($0))" } ?? ""
        return "fault: \(kind.name)\(placeText)\(length)\(isPermanent ? ", permanent: true" : "")"
    }

    /// Where, as far as its kind asks for it: what is of the whole post has no connector.
    var placeText: String {
        switch kind.row.scope {
        case .connector, .stage, .reader: ", \(place.text)"
        case .post: ", post: \(place.post + 1)"
        case .site: ""
        }
    }
}

extension SimulatedDisk.State {
    var text: String {
        switch self {
        case .well: "is: well"
        case .slow(let by): "is: slow, by: \(duration(by.microseconds))"
        case .commitsSlow(let by): "is: commits_slow, by: \(duration(by.microseconds))"
        case .full: "is: full"
        case .failing: "is: failing"
        case .hanging: "is: hanging"
        }
    }
}

/// A length of time in the largest unit that holds it whole.
func duration(_ microseconds: Int64) -> String { Measure.duration.written(microseconds) }

/// Text that YAML reads as text.
func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
}
