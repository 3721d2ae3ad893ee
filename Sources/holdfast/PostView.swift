// The status as the tool reads it, and how a person sees it: a word and a sentence, never colour alone.

import Foundation

struct PostView: Decodable {
    struct Connector: Decodable {
        struct Session: Decodable {
            var id: String
            var energy_watt_hours: Int64
            var seconds: Double
            var source: String
            var price: Price?
            var cost_minor_units: Int64?
        }
        /// The session that ends or has ended; the sentence says why.
        struct Ended: Decodable {
            var session: String
            var energy_watt_hours: Int64
        }
        /// A fault and when it began.
        struct Fault: Decodable {
            var title: String
            var operator_action: String?
            var since_utc_ms: Int64?
        }
        var connector: Int
        var name: String
        var state: String
        var sentence: String
        var limited_by: String?
        var power_watts: Int64
        var demanded_watts: Int64
        var volts: Double?
        var amperes: Double?
        var state_of_charge_percent: Double?
        var session: Session?
        var ended: Ended?
        var fault_details: [Fault]?
    }
    struct Price: Codable {
        var currency: String
        var minor_units_per_kwh: Int64
    }
    struct Configuration: Decodable {
        var is_pending: Bool
        var file: String?
    }
    /// The memory of the daemon.
    struct Memory: Decodable { var resident_bytes, warning_bytes, restart_bytes: Int64 }
    /// Why no card is accepted.
    struct NobodyLetIn: Decodable { var sentence, what_to_do: String }
    /// The signed list in use.
    struct List: Decodable {
        struct Refused: Decodable { var sentence: String }
        var version: UInt64?
        var entries: UInt64?
        var freshness: String?
        var refused: Refused?
    }
    var name: String
    var version: String
    var backend: String
    var configuration_problems: [String]
    var device_troubles: [String]?
    var cloud_reachable: Bool?
    var nobody_let_in: NobodyLetIn?
    var records_owed: Int64?
    var records_problem: String?
    var recording: String?
    var allow_list: String
    var list: List?
    var memory: Memory?
    var price: Price?
    var configuration: Configuration?
    var warnings: [String]?
    var connectors: [Connector]

    /// Its absence is said so that nobody worries, where nobody needs to.
    private var cloudText: String {
        guard let cloud_reachable else { return "not asked" }
        if cloud_reachable { return "reachable" }
        return nobody_let_in == nil ? "out of reach; charging works without it" : "out of reach"
    }

    /// The post in lines.
    var lines: [String] {
        var lines = [
            "\(name)  (holdfast \(version), \(backend))",
            "  cloud: \(cloudText)   records owed: \(records_owed.map { "\($0)" } ?? "unknown")",
            "  list:  \(allow_list)",
        ]
        if let price { lines.append("  price: \(money(price.minor_units_per_kwh, price.currency)) per kWh") }
        if configuration?.is_pending == true {
            lines.append(
                "  PENDING: a new configuration waits until every connector is idle; lower limits count already")
        }
        if let none = nobody_let_in { lines.append("  NOBODY IS LET IN: \(none.sentence) \(none.what_to_do)") }
        if let records_problem { lines.append("  RECORDS: \(records_problem)") }
        lines += (warnings ?? []).map { "  WARNING: \($0)" }
        lines += configuration_problems.map { "  PROBLEM: \($0)" }
        lines += (device_troubles ?? []).map { "  DEVICE: \($0)" }
        for connector in connectors { lines += connector.lines(isOpen: nobody_let_in == nil) }
        return lines
    }
}

/// A moment of the wall clock, in UTC.
func moment(_ utcMilliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(utcMilliseconds) / 1_000).formatted(.iso8601)
}

/// An amount as people write it. Currencies without minor units by ISO 4217, as far as posts are likely to meet them.
func money(_ minorUnits: Int64, _ currency: String) -> String {
    if ["CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"].contains(currency) {
        return "\(minorUnits) \(currency)"
    }
    let cents = minorUnits % 100
    return "\(minorUnits / 100).\(cents < 10 ? "0" : "")\(cents) \(currency)"
}

extension PostView.Connector {
    private static let marks = [
        "available": "[ ready    ]", "occupied": "[ card?    ]", "authorized": "[ plug?    ]",
        "preparing": "[ prepare  ]",
        "charging": "[ CHARGING ]", "suspended_by_vehicle": "[ paused   ]", "suspended_by_post": "[ paused   ]",
        "stopping": "[ stopping ]", "finishing": "[ finished ]", "faulted": "[ FAULT    ]",
        "reserved": "[ reserved ]",
        "unavailable": "[ closed   ]",
    ]

    /// The connector in lines. Where nobody is let in it is not ready for anybody.
    func lines(isOpen: Bool) -> [String] {
        let mark = isOpen || state != "available" ? Self.marks[state] : "[ no entry ]"
        var lines = ["", "  \(connector) \(name)  \(mark ?? "[ \(state) ]")  \(sentence)"]
        lines += (fault_details ?? []).map { fault in
            "     FAULT: \(fault.title)" + (fault.since_utc_ms.map { ", since \(moment($0))" } ?? "")
        }
        guard let session else {
            return lines + (ended.map { ["     session \($0.session), \(energyText($0.energy_watt_hours))"] } ?? [])
        }
        let kilowatts = figure(Double(power_watts) / 1_000, digits: 1) + " kW"
        let energy = energyText(session.energy_watt_hours)
        let minutes = "\(Int(session.seconds) / 60) min \(Int(session.seconds) % 60) s"
        var figures = "     \(kilowatts)   \(energy)   \(minutes)"
        if let volts, let amperes { figures += "   \(figure(volts, digits: 0)) V  \(figure(amperes, digits: 0)) A" }
        if let price = session.price, let cost = session.cost_minor_units {
            figures += "   \(money(cost, price.currency))"
        }
        lines.append(figures)
        if let charge = state_of_charge_percent { lines.append("     battery \(bar(charge)) \(Int(charge)) %") }
        lines.append(
            "     session \(session.id), let in by the \(session.source.replacingOccurrences(of: "_", with: " "))"
                + (limited_by.map { "; power limited by the \($0.replacingOccurrences(of: "_", with: " "))" } ?? "")
        )
        return lines
    }

    private func energyText(_ wattHours: Int64) -> String { String(format: "%.2f kWh", Double(wattHours) / 1_000) }

    private func bar(_ percent: Double) -> String {
        let full = min(20, max(0, Int(percent / 5)))
        return String(repeating: "#", count: full) + String(repeating: ".", count: 20 - full)
    }
}

/// A figure with so many decimals; what rounds to nothing has no sign.
func figure(_ value: Double, digits: Int) -> String {
    let text = String(format: "%.\(digits)f", value)
    return Double(text) == 0 && text.hasPrefix("-") ? String(text.dropFirst()) : text
}
