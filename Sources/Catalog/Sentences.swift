// Everything that is said to people about faults, refusals, waits and states, in one language.

public import Post

/// What is said about a fault.
public struct FaultSentences: Hashable, Sendable {
    /// A few words for a list; no full stop.
    public var title: String
    /// What happened, for anybody.
    public var whatHappened: String
    /// What the driver does now.
    public var driverAction: String
    /// What the operator does.
    public var operatorAction: String
    /// Who may clear it, and when it goes away.
    public var whoMayClear: String
}

/// What is said about a refusal.
public struct RefusalSentences: Hashable, Sendable {
    /// What happened, for the one who was refused.
    public var whatHappened: String
    /// What they do now.
    public var driverAction: String
    /// What the operator does.
    public var operatorAction: String
}

/// What is said about a refusal on the bench.
public struct BenchSentences: Hashable, Sendable {
    /// What keeps the contactor open.
    public var whatHappened: String
    /// What the engineer does now.
    public var remedy: String
}

/// What is said to people, in one language.
public struct Sentences: Sendable {
    /// The language.
    public let language: Language
    let words: any Words.Type

    /// The sentences of `language`.
    public init(_ language: Language) {
        self.language = language
        words = language.words
    }

    /// What is said about a fault; `isOver` where its cause is gone, and only the plug or service is waited for.
    public func fault(_ fault: Fault, isOver: Bool = false) -> FaultSentences {
        let row = words.faults.first { $0.fault == fault }
        return FaultSentences(
            title: row?.title ?? "", whatHappened: row?.whatHappened ?? "",
            driverAction: words.advice(isOver ? fault.adviceOnceOver : fault.advice),
            operatorAction: row?.remedy ?? "",
            whoMayClear: words.mayClear(fault.row.release))
    }

    /// What is said about a refusal.
    public func refusal(_ refusal: Refusal) -> RefusalSentences {
        let row = words.refusals.first { $0.refusal == refusal }
        return RefusalSentences(
            whatHappened: row?.whatHappened ?? "", driverAction: words.advice(refusal.advice),
            operatorAction: row?.remedy ?? "")
    }

    /// What is said about a refusal on the bench.
    public func bench(_ refusal: BenchRefusal) -> BenchSentences {
        let text = words.bench(refusal)
        return BenchSentences(whatHappened: text.whatHappened, remedy: text.remedy)
    }

    /// What is said about a list, or what belongs to it, that was not taken.
    public func delivery(_ refusal: DeliveryRefusal) -> DeliverySentences {
        let text = words.delivery(refusal)
        return DeliverySentences(
            whatHappened: text.whatHappened, driverAction: words.advice(refusal.advice), operatorAction: text.remedy
        )
    }

    /// The word that stands before a sentence or a number.
    public func label(_ label: Label) -> String { words.label(label) }

    /// How grave a fault is: what the post does about it.
    public func gravity(_ gravity: FaultClass) -> String { words.gravity(gravity) }

    /// Which state.
    public func state(_ phase: ConnectorPhase) -> String { words.state(phase) }

    /// What is awaited, and how long that may still take. Without a deadline the time is left out; past it, the
    /// sentence says that it takes longer than it should.
    /// A shared stage is waited for with the connector that has it.
    public func waiting(_ waiting: Waiting, for connector: ConnectorID? = nil, left: Interval? = nil) -> String {
        let holder = waiting == .stage ? connector : nil
        let clause = holder.map { words.waitingForStage(of: Int($0.index) + 1) } ?? words.waiting(waiting)
        guard waiting != .nothing, let left else { return clause + "." }
        return left > .zero ? words.waiting(clause, left: SpokenTime(left)) : words.overdue(clause)
    }

    /// Who limits the power.
    public func limiting(_ party: LimitingParty) -> String { words.limiting(party) }

    /// Why a session ended. Where the reason is only that a fault did it, it is said what happened.
    public func ended(_ reason: StopReason, fault: Fault? = nil) -> String {
        guard reason == .other, let fault else { return words.ended(reason) }
        return self.fault(fault).whatHappened
    }

    /// A rule that is always true.
    public func rule(_ rule: Rule) -> String { words.rule(rule) }

    /// Whether the internet is there. Its absence is said so that nobody worries: charging works without it.
    public func internet(isUp: Bool) -> String { words.internet(isUp: isUp) }
}
