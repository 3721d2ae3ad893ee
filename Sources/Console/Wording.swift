// One sentence for a status and for a line of the journal, in plain English.

public import Post

/// Puts states and reports into words.
public enum Wording {
    /// Which state, why, and what next.
    public static func sentence(for status: ConnectorStatus, now: Instant) -> String {
        var words = phase(status)
        if let refusal = status.refusal { words += " Refused: \(plain(refusal.code))." }
        status.faults.forEach { words += " Fault: \(plain($0.code))." }
        if status.waiting != .nothing {
            words += " Waits for \(plain(snakeCase("\(status.waiting)")))"
            if let until = status.waitsUntil, until > now { words += ", \((until - now).microseconds / 1_000_000 + 1) s at most" }
            words += "."
        }
        return words
    }

    private static func phase(_ status: ConnectorStatus) -> String {
        switch status.phase {
        case .unavailable: "Not available."
        case .available: "Ready: plug in or show your card."
        case .reserved: "Reserved."
        case .occupied: "Plugged in: show your card."
        case .authorized: "Card accepted: plug in."
        case .preparing: "Preparing."
        case .charging: "Charging."
        case .suspendedByVehicle: "Paused by the vehicle."
        case .suspendedByPost: "Paused: no power to give at the moment."
        case .stopping: "Stopping."
        case .finishing: "Finished: unplug."
        case .faulted: "Out of order."
        }
    }

    /// A report's code, its connector from 1, and a sentence.
    public static func line(_ report: Report) -> (code: String, connector: Int?, sentence: String) {
        switch report {
        case .stateChanged(let id, let from, let to):
            ("state", number(id), "\(plain(snakeCase("\(from)"))) -> \(plain(snakeCase("\(to)")))")
        case .faultRaised(let fault, let id): ("fault_raised", number(id), "fault \(plain(fault.code))")
        case .faultCleared(let fault, let id): ("fault_cleared", number(id), "fault over: \(plain(fault.code))")
        case .refused(let refusal, let id): ("refused", number(id), "refused: \(plain(refusal.code))")
        case .sessionAuthorized(let session, let id, let source):
            ("authorized", number(id), "session \(session.boot)-\(session.counter) authorized by the \(plain(snakeCase("\(source)")))")
        case .energyFlows(_, let id): ("energy_flows", number(id), "energy flows")
        case .sessionEnded(_, let id, let reason, let energy):
            ("session_ended", number(id), "session ended (\(plain(snakeCase("\(reason)")))), \(energy) Wh")
        case .openedUnderLoad(let id, let milliamperes):
            ("opened_under_load", number(id), "contactors opened under load, \(milliamperes / 1_000) A")
        case .defect(let rule, let id): ("defect", number(id), "the supervisor stepped in: rule \(rule.rawValue)")
        }
    }

    private static func number(_ id: ConnectorID?) -> Int? { id.map { Int($0.index) + 1 } }
    private static func plain(_ code: String) -> String { String(code.map { $0 == "_" ? " " : $0 }) }
}
