// A scenario read back as prose, Given, When and Then, for the people who review it.

import Catalog
import Post
import Simulator
import StrictYAML

extension Scenario {
    /// The scenario as lines of prose.
    public var explanation: [String] {
        var lines = [title] + about
        lines += ["Given \(site.sentence)"]
        lines += (site.asides + drivers.sentences).map { "  and \($0)" }
        lines += vehicles.map { "  and the vehicle \($0.key): \($0.value.sentence)" }
        if let arrivals { lines.append("  and \(arrivals.sentence)") }
        var told = ""
        var life = ProcessLives(site.posts)
        for step in timeline {
            let word = step.deed.isLook ? "Then" : "When"
            var sentence = step.deed.sentence
            if case .start(let post) = step.deed, life.isAlive(post) {
                sentence = "the process of post \(post + 1) is started anew while it lives: the one before dies"
            }
            life.take(step.deed)
            lines.append("\(padded(word == told ? "  and" : word, 5)) \(step.time)\(sentence)")
            told = word
        }
        lines += never.map { "Never \($0.value.clause)" }
        lines += atEnd.map { "At the end, \(spoken(lastsAnother)) after the last step, \($0.value.clause)" }
        if let calmWithin {
            lines.append(
                "And once every fault but the permanent ones has healed and everybody has gone, every connector charges again within \(spoken(calmWithin)) or says what keeps it"
            )
        }
        lines += compare.map { "Played \($0.sentence)" }
        guard site.posts == 1 else { return lines }
        // With one post nobody asks which.
        return lines.map {
            $0.replacing("post 1, connector", with: "connector").replacing(" of post 1", with: "").replacing(
                "post 1: ", with: "the post: ")
        }
    }

    private var about: [String] {
        var lines = rows.compactMap { number in
            Catalogue.rows.first { $0.number == number }.map {
                "About row \(number) of the catalogue of faults: \($0.cause)."
            }
        }
        if let mustBe {
            lines.append(
                "A canary: it passes only if the judges find it \(mustBe), which shows that they still look.")
        }
        if devices == .bytes {
            lines.append(
                "Meters, insulation monitors and power stages answer as bytes, frame by frame over Modbus.")
        }
        if skipsImpossible { lines.append("Steps that cannot be done when they are due are left out.") }
        return lines
    }

    private func padded(_ word: String, _ width: Int) -> String {
        word + String(repeating: " ", count: max(0, width - word.count))
    }
}

extension SiteSetting {
    fileprivate var sentence: String {
        let sharing = sharesStage ? " that share one power stage" : ""
        let holder = lock == .post ? "the post holds the plug" : "the vehicle holds the plug"
        return
            "\(counted(posts, "post")) with \(counted(connectors, "connector"))\(sharing); \(holder); at most \(Measure.power.written(limitWatts)) for each post"
    }

    /// What is not as it usually is.
    fileprivate var asides: [String] {
        guestFloorWattHours > 0
            ? ["strangers get \(written(wattHours: guestFloorWattHours)) where nobody can be asked about them"] : []
    }
}

extension DriverSetting {
    fileprivate var sentences: [String] {
        func who(_ names: [String], _ what: String) -> [String] {
            names.isEmpty ? [] : ["\(names.joined(separator: ", ")) \(what)"]
        }
        guard hasList else { return ["no list is installed"] + who(known, "known to the cloud only") }
        var sentences =
            who(listed, "on the list") + who(expired, "on the list, no longer valid")
            + who(known, "known to the cloud only")
            + who(group, "of one group: each may stop what another has started")
            + who(otherGroup, "of another group")
        if listAge != 3_600 { sentences.append("the list is \(spoken(listAge * 1_000_000)) old") }
        if hasUsualLimits { sentences.append("the list grants what lists usually do") }
        if let atRiskWattHours {
            sentences.append(
                "each post may give \(written(wattHours: Int64(atRiskWattHours))) of which the cloud does not know yet"
            )
        }
        if guestsPerDay < 1_000 {
            sentences.append("the list lets \(counted(Int(guestsPerDay), "stranger")) charge at each post in a day")
        }
        return sentences
    }
}

extension VehicleSetting {
    fileprivate var sentence: String {
        var words = ["a \(profile.name)"]
        if let capacityWattHours { words.append("with a battery of \(written(wattHours: capacityWattHours))") }
        words.append("that comes with \(stateOfChargePercent) % and is content with \(stopsAtPercent) %")
        if let maximumMilliamperes {
            words.append("taking \(Measure.current.written(maximumMilliamperes)) throughout")
        }
        let word = VehicleManners.words.first { $0.manners == manners }
        if let word, word.manners != VehicleManners() { words.append("(\(word.word): \(asClause(word.summary)))") }
        return words.joined(separator: " ")
    }
}

extension ArrivalSetting {
    fileprivate var sentence: String {
        "a driver every \(spoken(shortest)) to \(spoken(longest)) from \(spoken(from)) to \(spoken(until)), \(knownOfTen) of ten known, with \(counted(rushes.count, "rush"))"
    }
}

extension Variant {
    fileprivate var sentence: String {
        var words = ["\(hasList ? "with" : "without") the list on the posts (\(name))"]
        if let refused = expectation.knownRefused { words.append("\(counted(refused, "known driver")) refused") }
        if let wait = expectation.knownWaitAtMost {
            words.append("no known driver waits longer than \(spoken(wait))")
        }
        if expectation.isEverythingDelivered == true { words.append("the cloud has every record at the end") }
        if let other = expectation.beats { words.append("more sessions and more energy than \(other)") }
        return words.joined(separator: "; ")
    }
}

/// So many of a thing.
func counted(_ count: Int, _ thing: String) -> String {
    "\(count) \(thing)\(count == 1 ? "" : thing.hasSuffix("h") ? "es" : "s")"
}

/// An energy in the largest unit that holds it whole.
func written(wattHours: Int64) -> String { Measure.energy.written(wattHours) }

/// A sentence as part of another one: no capital, no full stop.
func asClause(_ sentence: String) -> String {
    let rest = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
    return rest.prefix(1).lowercased() + rest.dropFirst()
}
