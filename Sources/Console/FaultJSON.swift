// A fault as JSON, with what it means to a driver and an operator; and the wish to clear one.

import Catalog
import Foundation
import Post

struct FaultJSON: Encodable {
    var code: String
    var title: String
    var what_happened: String
    var driver_action: String
    var operator_action: String
    var who_may_clear: String
    /// Milliseconds since 1970; left out for a latch from before the start, and where a fault is only explained.
    var since_utc_ms: Int64?

    init(_ fault: Fault, since: Int64? = nil, isOver: Bool = false) {
        let words = Wording.fault(fault, isOver: isOver)
        code = fault.code
        title = words.title
        what_happened = words.whatHappened
        driver_action = words.driverAction
        operator_action = words.operatorAction
        who_may_clear = words.whoMayClear
        since_utc_ms = since
    }
}

/// The body of a wish to clear a fault. Without a connector: wherever it is.
struct ClearWish: Decodable {
    /// Counted from 1.
    var connector: Int?
    var reason: String?

    init(_ body: [UInt8]) throws(ConsoleProblem) {
        guard !body.isEmpty else { return }
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(body))
        } catch {
            throw ConsoleProblem(
                status: 400, code: "bad_request", message: "The body is not what clearing a fault takes.",
                whatToDo: #"Send {"connector":1,"reason":"..."}; the connector may be left out."#)
        }
    }

    /// How long a reason may be, in characters. Engineering default: enough for a sentence, and a line of a log.
    static let reasonAtMost = 200

    /// The reason, in one line. A latch goes only by a person who has looked and says what was done.
    func reason(for fault: Fault) throws(ConsoleProblem) -> String {
        let words = (reason ?? "").trimmingCharacters(in: .whitespaces)
        let isLine = words.unicodeScalars.allSatisfy { !CharacterSet.controlCharacters.contains($0) }
        guard !words.isEmpty, words.count <= Self.reasonAtMost, isLine else {
            throw ConsoleProblem(
                status: 400, code: "no_reason",
                message:
                    "\(fault.code) is cleared only with a reason: 1 to \(Self.reasonAtMost) characters in one line.",
                whatToDo: #"Say what was found and done: {"reason":"contactor replaced"}."#)
        }
        return words
    }
}
