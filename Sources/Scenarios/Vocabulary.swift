// The words that a story may use for what a post is and says, each with what it means: the post's own tables, in English.

import Catalog
import Post
import Simulator
import StrictYAML

/// The closed sets of words of scenario files. Made once: every statement of a story is read by them.
enum Vocabulary {
    private static let sentences = Sentences(.english)

    static let causes = Kind<FaultKind>.words(
        FaultKind.all.map { WordMeaning($0.name, $0, "\($0.row.help)") }, listedBy: "holdfast sim faults")
    static let faults = Kind<Fault>.words(
        words { ($0.code, sentences.fault($0).title) }, listedBy: "holdfast fault list --all")
    static let refusals = Kind<Refusal>.words(
        words { ($0.code, sentences.refusal($0).whatHappened) }, listedBy: "holdfast replay --reference")
    static let states = Kind<ConnectorPhase>.words(words { (code("\($0)"), sentences.state($0)) })
    static let waitings = Kind<Waiting>.words(words { (code("\($0)"), sentences.waiting($0)) })
    static let classes = Kind<FaultClass>.words(words { (code("\($0)"), sentences.gravity($0)) })
    static let parties = Kind<LimitingParty>.words(words { (code("\($0)"), sentences.limiting($0)) })
    static let reasons = Kind<StopReason>.words(words { (code("\($0)"), sentences.ended($0)) })

    private static func words<Value: CaseIterable & Sendable>(
        _ word: (Value) -> (code: String, meaning: String)
    ) -> [WordMeaning<Value>] {
        Value.allCases.map { value in
            let (code, meaning) = word(value)
            return WordMeaning(code, value, meaning)
        }
    }
}
