// Compares a statement with the world: what the post says of itself, what is physically so, what the records hold.

import AllowList
import Catalog
import Ledger
import Post
import Runtime
import Simulator

extension ScenarioPlayer {
    /// What is so instead of what the check says, or nil if all of it holds.
    func mismatch(_ check: Check) -> String? {
        let place = check.place
        if let event = check.event, let objection = eventMismatch(event, place) { return objection }
        guard let core = site.posts[place.post].runtime?.core else {
            return checksStatus(check) ? "the process is dead" : physicalMismatch(check) ?? recordMismatch(check)
        }
        let status = core.status(of: ConnectorID(UInt8(place.connector)))
        return statusMismatch(check, status) ?? trustMismatch(check, core, status) ?? physicalMismatch(check)
            ?? recordMismatch(check)
    }

    private func eventMismatch(_ event: ReportWord, _ place: Where) -> String? {
        guard let last = watchers[place.post].lastReport(event, at: place.connector) else {
            return "\(event.rawValue) has never been reported"
        }
        return last >= deedAt ? nil : "\(event.rawValue) was last reported at \(clock(last)), before the last deed"
    }

    private func checksStatus(_ check: Check) -> Bool {
        check.state != nil || check.waiting != nil || check.fault != nil || check.refusal != nil
            || check.power != nil || check.driverTold != nil || check.operatorTold != nil
            || check.limitedBy != nil || check.allowanceWattHours != nil || check.faultClass != nil
            || check.atRiskWattHours != nil
    }

    private func statusMismatch(_ check: Check, _ status: ConnectorStatus) -> String? {
        if let state = check.state, status.phase != state { return "state is \(code("\(status.phase)"))" }
        if let waiting = check.waiting, status.waiting != waiting {
            return "waits for \(code("\(status.waiting)"))"
        }
        if let fault = check.fault, !status.faults.contains(fault) {
            let present = status.faults.codes
            return present.isEmpty ? "no fault is present" : "faults present: \(present.joined(separator: ", "))"
        }
        if let fault = check.noFault, status.faults.contains(fault) { return "the fault is present" }
        if let expected = check.faultClass, let objection = objection(to: expected, check, status.phase) {
            return objection
        }
        if let text = check.driverTold, !driverReads(status).contains(text) {
            return "the driver reads: \(driverReads(status))"
        }
        if let text = check.operatorTold, !operatorReads(status).contains(text) {
            return "the operator is told: \(operatorReads(status))"
        }
        if let refusal = check.refusal, status.refusal != refusal {
            return status.refusal.map { "refused: \($0.code)" } ?? "nobody is refused"
        }
        if let party = check.limitedBy, status.limitedBy != party {
            return "limited by \(code("\(status.limitedBy)"))"
        }
        if let power = check.power, power.degree != status.powerAllowed {
            return "power allowed: \(status.powerAllowed.map { "\($0)" } ?? "none")"
        }
        return nil
    }

    /// What was seen to be done about the fault named beside a class, or about the last deed, and is not of that class.
    private func objection(to expected: FaultClass, _ check: Check, _ phase: ConnectorPhase) -> String? {
        guard let seen = watchers[check.place.post].reactions?.reaction(to: check.fault, at: check.place.connector)
        else { return "it was not raised while anybody looked" }
        return seen.objection(to: expected, phase, now: site.world.now)
    }

    private func trustMismatch(_ check: Check, _ core: PostCore, _ status: ConnectorStatus) -> String? {
        if let rung = check.rung {
            let found = memories[check.place.post].rung(cloudIsThere: core.isCloudReachable)
            if found != rung { return "the list counts as \(found?.name ?? "none")" }
        }
        if let refusal = check.listRefusal {
            let found = memories[check.place.post].refused
            if found != refusal { return "the last list was \(found.map { "refused: \($0.rawValue)" } ?? "taken")" }
        }
        if let energy = check.allowanceWattHours, status.session?.allowanceWattHours != energy {
            return status.session.map { "granted: \($0.allowanceWattHours) Wh" } ?? "there is no session"
        }
        let atRisk = Int64(clamping: site.posts[check.place.post].risk.wattHoursAtRisk)
        if let energy = check.atRiskWattHours, abs(atRisk - energy) > energy / 200 + 35 {
            return "at risk: \(atRisk) Wh"
        }
        return nil
    }

    /// The line on the connector's screen.
    func driverReads(_ status: ConnectorStatus) -> String {
        Sentences(.english).sentence(for: status, now: site.world.now).line
    }

    /// What is to be done about every fault that is present, and about the refusal that is shown.
    func operatorReads(_ status: ConnectorStatus) -> String {
        let sentences = Sentences(.english)
        var told: [String] = []
        status.faults.forEach { told.append(sentences.fault($0).operatorAction) }
        if let refusal = status.refusal { told.append(sentences.refusal(refusal).operatorAction) }
        return told.joined(separator: " ")
    }

    private func physicalMismatch(_ check: Check) -> String? {
        let connector = site.world.posts[check.place.post].connectors[check.place.connector]
        let (volts, amperes) = (connector.contactVolts, connector.contactAmperes)
        if let isHeld = check.isPlugHeld, connector.isPlugHeld != isHeld {
            return connector.isPlugHeld ? "the plug is held" : "the plug is free"
        }
        if let isClosed = check.isPathClosed, connector.isPathClosed != isClosed {
            return connector.isPathClosed ? "the contactors are closed" : "the contactors are open"
        }
        let (milliamperes, millivolts) = (Int64(amperes * 1_000), Int64(volts * 1_000))
        if let above = check.amperesAbove, milliamperes <= above { return "\(amperes.rounded()) A flow" }
        if let below = check.amperesBelow, abs(milliamperes) >= below {
            return "\(amperes.rounded()) A flow"
        }
        if let below = check.voltsBelow, millivolts >= below {
            return "\(volts.rounded()) V at the contacts"
        }
        if let above = check.voltsAbove, millivolts <= above {
            return "\(volts.rounded()) V at the contacts"
        }
        return nil
    }

    /// What the records hold: of the connector that was named, of the whole post where none was.
    private func recordMismatch(_ check: Check) -> String? {
        guard check.readsRecords else { return nil }
        let memory = memories[check.place.post]
        let own = check.namesConnector ? check.place.connector : nil
        let sessions = memory.sessions().filter { own == nil || Int($0.start.connector.index) == own }
        let whose = own.map { " at connector \($0 + 1)" } ?? ""
        if let count = check.sessions, sessions.count != count {
            return "\(counted(sessions.count, "session"))\(whose)"
        }
        let open = sessions.filter { $0.stopReason == nil }.count
        if let count = check.openSessions, open != count { return "\(counted(open, "open session"))\(whose)" }
        let energy = sessions.reduce(0) { $0 + $1.energyWattHours }
        if let above = check.energyAboveWattHours, energy <= above { return "\(energy) Wh\(whose)" }
        if let reason = check.reason, sessions.first?.stopReason != reason {
            guard let newest = sessions.first else { return "no session\(whose)" }
            let end = newest.stopReason.map { "ended by \(code("\($0)"))" } ?? "has not ended"
            return "the newest session\(whose) \(end)"
        }
        if let owed = check.owed {
            if memory.recordsOwed != owed { return "\(memory.recordsOwed) are owed" }
        }
        let again = site.world.cloud.duplicates
        if let least = check.deliveredAgainAtLeast, again < least { return "\(again) came again" }
        if check.isToldEqualToFlowed == true {
            var flowed = 0.0
            for connector in 0..<scenario.site.connectors where own == nil || connector == own {
                flowed += site.world.posts[check.place.post].connectors[connector].flowedWattHours
            }
            let difference = abs(Double(energy) - flowed)
            if difference > flowed * 0.005 + 35 { return "told \(energy) Wh, flowed \(flowed.rounded()) Wh" }
        }
        return nil
    }
}

extension FaultSet {
    /// The codes of its faults, in the order of the table.
    var codes: [String] {
        var codes: [String] = []
        forEach { codes.append($0.code) }
        return codes
    }
}

extension Check {
    /// Whether it is about what a post does against a trouble, and not about the way to it or its end.
    var isAboutReaction: Bool {
        let endings: [ReportWord] = [.sessionEnded, .openedUnderLoad, .faultRaised, .refused]
        return fault != nil || faultClass != nil || refusal != nil || listRefusal != nil || limitedBy != nil
            || reason != nil || rung != nil || PowerWord.none == power || isPathClosed == false
            || amperesBelow != nil || voltsBelow != nil || state == .faulted || state == .unavailable
            || event.map(endings.contains) == true
    }

    var readsRecords: Bool {
        sessions != nil || openSessions != nil || energyAboveWattHours != nil || owed != nil || reason != nil
            || isToldEqualToFlowed != nil || deliveredAgainAtLeast != nil
    }
}

extension PowerWord {
    var degree: PowerDegree? {
        switch self {
        case .none: nil
        case .test: .test
        case .match: .match
        case .charge: .charge
        }
    }
}
