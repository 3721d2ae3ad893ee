// One sentence for a status and for a line of the journal, in plain English.

import Catalog
public import Post

/// Puts states and reports into words.
public enum Wording {
    private static let sentences = Sentences(.english)

    /// Which state, why, and what next.
    public static func sentence(for status: ConnectorStatus, now: Instant) -> String {
        sentences.sentence(for: status, now: now).line
    }

    /// A report's code, its connector from 1, and a sentence.
    public static func line(_ report: Report) -> (code: String, connector: Int?, sentence: String) {
        switch report {
        case .stateChanged(let id, let from, let to):
            ("state", number(id), "\(plain(snakeCase("\(from)"))) -> \(plain(snakeCase("\(to)")))")
        case .faultRaised(let fault, let id):
            ("fault_raised", number(id), "fault \(fault.code): \(sentences.fault(fault).whatHappened)")
        case .faultCleared(let fault, let id): ("fault_cleared", number(id), "fault over: \(plain(fault.code))")
        case .refused(let refusal, let id):
            ("refused", number(id), "refused (\(refusal.code)): \(sentences.refusal(refusal).whatHappened)")
        case .sessionAuthorized(let session, let id, let source):
            (
                "authorized", number(id),
                "session \(name(of: session)) authorized by the \(plain(snakeCase("\(source)")))"
            )
        case .energyFlows(_, let id): ("energy_flows", number(id), "energy flows")
        case .sessionEnded(_, let id, let reason, let energy):
            ("session_ended", number(id), "session ended (\(plain(snakeCase("\(reason)")))), \(energy) Wh")
        case .openedUnderLoad(let id, let milliamperes):
            ("opened_under_load", number(id), "contactors opened under load, \(milliamperes / 1_000) A")
        case .restarts: ("restarts", nil, "the post starts itself anew to free memory; nobody is being served")
        case .defect(let rule, let id): ("defect", number(id), "the supervisor stepped in: rule \(rule.rawValue)")
        }
    }

    private static func number(_ id: ConnectorID?) -> Int? { id.map { Int($0.index) + 1 } }
    private static func plain(_ code: String) -> String { String(code.map { $0 == "_" ? " " : $0 }) }
}

extension Wording {
    /// Which state, why, and what next, each for itself.
    static func parts(of status: ConnectorStatus, now: Instant) -> StatusSentence {
        sentences.sentence(for: status, now: now)
    }

    /// A session as it is written everywhere: the boot it began in, and its number in that.
    static func name(of session: SessionID) -> String { "\(session.boot)-\(session.counter)" }

    /// Why a session ended.
    static func ended(_ reason: StopReason, _ fault: Fault?) -> String { sentences.ended(reason, fault: fault) }

    /// Everything there is to say about a fault.
    static func fault(_ fault: Fault, isOver: Bool = false) -> FaultSentences {
        sentences.fault(fault, isOver: isOver)
    }

    /// Why a person is refused, and what to do.
    static func refusal(_ refusal: Refusal) -> (what: String, whatToDo: String) {
        let words = sentences.refusal(refusal)
        return (words.whatHappened, words.operatorAction)
    }
}
