// A statement about the world in words, each part with the place that it is about.

import AllowList
import Catalog
import Post
import Simulator

extension Check {
    /// The statement in words.
    var sentence: String { told(ofConnector: words, ofRecords: wordsOfRecords, ofPost: wordsOfPost, between: ", ") }

    /// A statement with the place that each part of it is about: what the records hold is of the whole post unless a connector
    /// was named, and some things are never one connector's.
    func told(
        ofConnector own: [String], ofRecords records: [String], ofPost whole: [String], between separator: String
    ) -> String {
        let own = own + (namesConnector ? records : [])
        let whole = (namesConnector ? [] : records) + whole
        var parts: [String] = []
        if !own.isEmpty || whole.isEmpty { parts.append("\(place.name): " + own.joined(separator: separator)) }
        if !whole.isEmpty { parts.append("post \(place.post + 1): " + whole.joined(separator: separator)) }
        return parts.joined(separator: "; ")
    }

    private var words: [String] {
        var parts: [String] = []
        if let event { parts.append("event \(event.rawValue)") }
        if let state { parts.append("state \(code("\(state)"))") }
        if let waiting { parts.append("waits for \(code("\(waiting)"))") }
        if let fault { parts.append("fault \(fault.code)") }
        if let faultClass { parts.append("met by class \(code("\(faultClass)"))") }
        if let driverTold { parts.append("the driver reads \"\(driverTold)\"") }
        if let operatorTold { parts.append("the operator is told \"\(operatorTold)\"") }
        if let noFault { parts.append("no fault \(noFault.code)") }
        if let refusal { parts.append("refused: \(refusal.code)") }
        if let limitedBy { parts.append("limited by \(code("\(limitedBy)"))") }
        if let allowanceWattHours { parts.append("granted \(allowanceWattHours) Wh") }
        if let power { parts.append("power \(power)") }
        if let isPlugHeld { parts.append(isPlugHeld ? "plug held" : "plug free") }
        if let isPathClosed { parts.append(isPathClosed ? "contactors closed" : "contactors open") }
        if let amperesAbove { parts.append("more than \(amperesAbove / 1_000) A") }
        if let amperesBelow { parts.append("less than \(amperesBelow / 1_000) A") }
        if let voltsBelow { parts.append("less than \(voltsBelow / 1_000) V") }
        if let voltsAbove { parts.append("more than \(voltsAbove / 1_000) V") }
        return parts
    }

    private var wordsOfRecords: [String] {
        var parts: [String] = []
        if let energyAboveWattHours { parts.append("more than \(energyAboveWattHours) Wh") }
        if let sessions { parts.append(counted(sessions, "session")) }
        if let openSessions { parts.append(counted(openSessions, "open session")) }
        if let reason { parts.append("newest session ended by \(code("\(reason)"))") }
        if isToldEqualToFlowed == true { parts.append("energy told is energy that flowed") }
        return parts
    }

    private var wordsOfPost: [String] {
        var parts: [String] = []
        if let listRefusal { parts.append("the last list is refused: \(listRefusal.rawValue)") }
        if let rung { parts.append("the list counts as \(rung.name)") }
        if let atRiskWattHours { parts.append("\(atRiskWattHours) Wh at risk") }
        if let owed { parts.append("\(counted(Int(owed), "record")) owed") }
        if let least = deliveredAgainAtLeast {
            parts.append("at least \(counted(least, "record")) delivered again")
        }
        return parts
    }
}
