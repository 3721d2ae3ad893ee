// An incident as a scenario: anchored to what was reached and not to the clock, its causes found by trying.

import Post
import Runtime
import Simulator
import StrictYAML

/// A scenario made of a recording.
public struct IncidentScenario: Sendable {
    /// The file's text, comments included.
    public var text: String
    /// Whether playing it raised the faults of the recording, and no others.
    public var showsTheSame: Bool
    /// What was found out on the way, as sentences.
    public var notes: [String]
}

extension Recording {
    /// A scenario file that reproduces a life; nil for the newest.
    public func scenario(life number: Int? = nil) throws(RecordingProblem) -> IncidentScenario {
        let (number, life) = try life(number)
        guard life.state == nil else {
            throw RecordingProblem(
                "The beginning of life \(number) of \(path) is gone, and with it who was plugged in and what was broken: no scenario can be made of it. \(insteadOfScenario(life: number))"
            )
        }
        var incident = IncidentReader.read(life)
        guard incident.hasDeeds || incident.items.contains(where: \.isOfPeople) else {
            throw RecordingProblem("Nothing happened in life \(number) of \(path): there is no incident in it.")
        }
        let faults = incident.faults
        let title = title(incident, number)
        var notes = incident.hasDeeds ? [] : incident.findCauses()
        incident.leaveOutTheImpossible()
        if incident.hasDeeds { incident.leaveOutWhatDoesNotHold() }
        let scenario = incident.scenario(title: title)
        let played = Incident.play(scenario, isProved: true)
        var showsTheSame = played.faults == faults && played.verdict == .passed
        do { _ = try scenarioDocument.read(text: scenario.incidentText, file: "the file") } catch {
            showsTheSame = false
            notes += error.lines.prefix(3).map { "It cannot be played: \($0)" }
        }
        let missing = FaultSet(bits: faults.bits & ~played.faults.bits).codes
        let added = FaultSet(bits: played.faults.bits & ~faults.bits).codes
        if !missing.isEmpty {
            notes.append(
                "It does not show \(missing.joined(separator: ", ")): no cause that the world knows was found.")
        }
        if !added.isEmpty {
            notes.append("It also shows \(added.joined(separator: ", ")), which the post did not have.")
        }
        if missing.isEmpty, added.isEmpty, !showsTheSame {
            notes.append("It shows the same faults and does not pass: \(played.complaint)")
        }
        if !incident.notCarriedOver.isEmpty {
            notes.append("Not carried over: \(incident.notCarriedOver.joined(separator: "; ")).")
        }
        let origin = life.program.isEmpty ? "" : " by \(life.program)"
        var head = [
            "Made from life \(number) of a flight recording\(origin). Instants count from what was reached."
        ]
        head.append(
            incident.hasDeeds
                ? "The bench wrote down what was done to its world: it is done again here."
                : "A recording holds what sensors said, not why: causes were found by trying, and physics may differ."
        )
        let text = (head + notes).map { "# \($0)\n" }.joined() + scenario.incidentText
        return IncidentScenario(text: text, showsTheSame: showsTheSame, notes: notes)
    }

    /// What can be done with a life that is played from its middle.
    private func insteadOfScenario(life number: Int) -> String {
        let whole = lives.enumerated().compactMap { index, life in
            (try? life.get()).flatMap { $0.state == nil ? "\(index + 1)" : nil }
        }
        let play = "play it: holdfast replay \(shellWord(path)) --life \(number)"
        return whole.isEmpty
            ? "Take the next copy sooner after the incident, and \(play)"
            : "Name a life that is whole (--life \(whole.joined(separator: ", "))), or \(play)"
    }

    private func title(_ incident: Incident, _ number: Int) -> String {
        let faults = incident.faults.codes
        let what = faults.isEmpty ? "no fault" : faults.prefix(4).joined(separator: ", ")
        return "From a recording: \(what)"
    }
}

extension Incident {
    /// How a scenario went; `isProved` asks besides whether each of its faults had an effect.
    static func play(
        _ scenario: Scenario, isProved: Bool = false
    ) -> (verdict: Verdict, faults: FaultSet, complaint: String) {
        do {
            let result =
                try isProved
                ? ScenarioPlayer.play(scenario, path: "recording")
                : ScenarioPlayer(scenario, path: "recording").play()
            let unmet = result.checks.first { !$0.isMet }
            let complaint = unmet.map { "expected \($0.expected), found: \($0.found)" } ?? result.complaints.first
            return (result.verdict, result.exercise.faults, complaint ?? "")
        } catch {
            return (.error, FaultSet(), "\(error)")
        }
    }

    /// Looks for a cause in the world for every fault that nothing recorded explains; returns what it found out.
    mutating func findCauses() -> [String] {
        var notes: [String] = []
        for position in items.indices {
            guard case .raised(let fault) = items[position].kind else { continue }
            let shown = Incident.play(scenario(title: "trial")).faults
            guard !shown.contains(fault) else { continue }
            if let cause = cause(of: fault, raisedAt: position) {
                notes.append("Guessed: \(fault.code) came of \(cause).")
            }
        }
        return notes
    }

    /// Tries each cause that may raise the fault, at the moments at which it may have begun, and keeps the first that
    /// does and raises nothing else.
    private mutating func cause(of fault: Fault, raisedAt position: Int) -> String? {
        let raised = items[position]
        let before = items[..<position].reversed()
        let milestones = before.compactMap { item -> Int64? in
            if case .reached = item.kind, item.connector == raised.connector { return item.at } else { return nil }
        }
        let moments = [raised.at - 1_000] + milestones.prefix(3).map { min($0 + 1_000_000, raised.at - 1_000) }
        let whole = items
        for kind in FaultKind.all where kind.row.mayRaise.contains(fault) {
            for moment in moments where moment >= 0 {
                let place = Where(post: 0, connector: raised.connector)
                let setting = FaultSetting(kind: kind, place: place, lasts: nil)
                var tried = whole
                let spot = tried.firstIndex { $0.at > moment } ?? tried.endIndex
                tried.insert(
                    IncidentItem(at: moment, connector: raised.connector, kind: .deed(.inject(setting))),
                    at: spot)
                let cleared = whole[position...].first {
                    if case .cleared(fault) = $0.kind, $0.connector == raised.connector { true } else { false }
                }
                if let cleared, fault.row.release == .withCause {
                    let end = tried.firstIndex { $0.at >= cleared.at } ?? tried.endIndex
                    tried.insert(
                        IncidentItem(at: cleared.at, connector: raised.connector, kind: .deed(.heal(setting))),
                        at: end)
                }
                items = tried
                let shown = Incident.play(scenario(title: "trial")).faults
                let others = FaultSet(bits: shown.bits & ~faults.bits)
                if shown.contains(fault), others.isEmpty { return kind.name }
            }
        }
        items = whole
        return nil
    }

    /// The scenario: before each deed the state it was done in, after it the faults it brought about.
    func scenario(title: String) -> Scenario { story(title: title).scenario }

    /// The scenario, and for each of its steps the item that it was made of.
    func story(title: String) -> (scenario: Scenario, origins: [Int]) {
        var steps: [Step] = []
        var origins: [Int] = []
        var clock: Int64 = 0
        var reached: [Int: (item: Int, at: Int64, phase: ConnectorPhase)] = [:]
        func expect(_ item: Int, _ at: Int64, _ connector: Int, _ change: (inout Check) -> Void) {
            var check = Check(place: Where(post: 0, connector: connector))
            change(&check)
            let seconds = max(0, at - clock) / 1_000_000
            let expectation = Expectation(check: check, within: (seconds + seconds / 2 + 5) * 1_000_000)
            steps.append(Step(after: 0, at: nil, deed: .expect(expectation), position: .wholeFile))
            origins.append(item)
            clock = max(clock, at)
        }
        for (number, item) in items.enumerated() {
            switch item.kind {
            case .reached(let phase): reached[item.connector] = (number, item.at, phase)
            case .raised(let fault): expect(number, item.at, item.connector) { $0.fault = fault }
            case .cleared: break
            case .deed(let deed):
                // A guess stands where it stands: what was reached after it began must not hold it up.
                if let milestone = reached[item.connector], milestone.at <= item.at, milestone.at >= clock {
                    expect(milestone.item, milestone.at, item.connector) { $0.state = milestone.phase }
                    reached[item.connector] = nil
                }
                let after = max(0, item.at - clock) / 1_000 * 1_000
                steps.append(Step(after: after, at: nil, deed: deed, position: .wholeFile))
                origins.append(number)
                clock = max(clock, item.at)
            }
        }
        for (connector, milestone) in reached.sorted(by: { $0.key < $1.key }) {
            expect(milestone.item, milestone.at, connector) { $0.state = milestone.phase }
        }
        var end = Check(place: Where(post: 0, connector: 0))
        end.reason = stopReason
        let scenario = Scenario(
            title: title, seed: seed, site: site, drivers: drivers, vehicles: vehicles, arrivals: nil,
            timeline: steps, never: [],
            atEnd: stopReason == nil ? [] : [Located(end, at: .wholeFile)], compare: [],
            lastsAnother: 2_000_000, skipsImpossible: false, calmWithin: nil)
        return (scenario, origins)
    }
}

extension Scenario {
    /// The file's text: steps count from what was reached, expectations included.
    var incidentText: String {
        var text = "title: \(quoted(title))\nseed: \(seed)\nsite: {\(site.text)}\ndrivers: {\(drivers.text)}\n"
        if !vehicles.isEmpty { text += "vehicles:\n" }
        for (name, vehicle) in vehicles.map({ ($0.key, $0.value) }) {
            text += "  \(name): {\(vehicle.text)}\n"
        }
        text += "timeline:\n"
        for step in timeline {
            if case .expect(let expectation) = step.deed {
                text += "  - expect: {\(expectation.check.incidentText), within: \(duration(expectation.within))}\n"
            } else {
                text += "  - after: \(duration(step.after))\n    \(step.deed.text)\n"
            }
        }
        text += "lasts_another: \(duration(lastsAnother))\n"
        if let reason = atEnd.first?.value.reason { text += "at_end:\n  - {stop_reason: \(code("\(reason)"))}\n" }
        return text
    }
}

extension Check {
    /// The parts that incidents use.
    fileprivate var incidentText: String {
        var parts: [String] = []
        if place.connector > 0 { parts.append("connector: \(place.connector + 1)") }
        if let state { parts.append("state: \(code("\(state)"))") }
        if let fault { parts.append("fault: \(fault.code)") }
        return parts.joined(separator: ", ")
    }
}
