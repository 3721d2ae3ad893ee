// What a language must have words for. A language that lacks one does not compile, or fails a test.

import Post

/// A language's row of the fault table.
struct FaultText: Sendable {
    var fault: Fault
    var title: String
    var whatHappened: String
    var remedy: String

    init(_ fault: Fault, _ title: String, _ whatHappened: String, _ remedy: String) {
        self.fault = fault
        self.title = title
        self.whatHappened = whatHappened
        self.remedy = remedy
    }
}

/// A language's row of the refusal table.
struct RefusalText: Sendable {
    var refusal: Refusal
    var whatHappened: String
    var remedy: String

    init(_ refusal: Refusal, _ whatHappened: String, _ remedy: String) {
        self.refusal = refusal
        self.whatHappened = whatHappened
        self.remedy = remedy
    }
}

/// What is said to an engineer who is refused something on the bench.
struct BenchText: Sendable {
    var whatHappened: String
    var remedy: String

    init(_ whatHappened: String, _ remedy: String) {
        self.whatHappened = whatHappened
        self.remedy = remedy
    }
}

/// Why a connector is as it is, in the states in which nothing is awaited.
enum Calm: CaseIterable, Sendable { case outOfService, nobodyThere, energyFlows }

/// A length of time as it is said to people: rounded to the unit that matters.
enum SpokenTime: Hashable, Sendable {
    case seconds(Int64)
    case minutes(Int64)
    case hours(Int64)

    /// Seconds up to 90, minutes up to 90, then hours; never less than one second.
    init(_ interval: Interval) {
        let seconds = max(1, interval.microseconds / 1_000_000)
        switch seconds {
        case ...90: self = .seconds(seconds)
        case ...5_400: self = .minutes((seconds + 30) / 60)
        default: self = .hours((seconds + 1_800) / 3_600)
        }
    }
}

/// What stands before a sentence or a number, so that its reader knows what it is.
public enum Label: CaseIterable, Sendable {
    /// What the driver does.
    case driver
    /// What the operator does.
    case `operator`
    /// Who clears a fault.
    case cleared
    /// A connector, before its number.
    case connector
    /// There is nothing to tell: a whole sentence.
    case noFault
}

/// The words of one language.
protocol Words: Sendable {
    /// Every fault: title, what happened, what the operator does.
    static var faults: [FaultText] { get }
    /// Every refusal: what happened, what the operator does.
    static var refusals: [RefusalText] { get }
    /// What a driver does next.
    static func advice(_ advice: DriverAdvice) -> String
    /// Who may clear a fault, and when it goes.
    static func mayClear(_ release: FaultRelease) -> String
    /// A word before a sentence; without a colon.
    static func label(_ label: Label) -> String
    /// How grave a fault is.
    static func gravity(_ gravity: FaultClass) -> String
    /// Which state.
    static func state(_ phase: ConnectorPhase) -> String
    /// Why it is as it is, where nothing is awaited.
    static func reason(_ calm: Calm) -> String
    /// What it waits for: a clause without its full stop, so that the time left can follow.
    static func waiting(_ waiting: Waiting) -> String
    /// The same for a shared stage, with the number on the connector that has it.
    static func waitingForStage(of connector: Int) -> String
    /// That clause with the time that is left.
    static func waiting(_ clause: String, left: SpokenTime) -> String
    /// That clause when the time has run out.
    static func overdue(_ clause: String) -> String
    /// When a pause ends the session.
    static func pauseEnds(left: SpokenTime) -> String
    /// Who limits the power.
    static func limiting(_ party: LimitingParty) -> String
    /// Why a session ended.
    static func ended(_ reason: StopReason) -> String
    /// A session is over in which no energy has flowed.
    static var nothingCharged: String { get }
    /// A rule that is always true.
    static func rule(_ rule: Rule) -> String
    /// The vehicle charges with this many kilowatts.
    static func charging(kilowatts: String) -> String
    /// The sign between a number's whole part and its tenths.
    static var decimalSign: String { get }
    /// Whether the internet is there.
    static func internet(isUp: Bool) -> String
    /// Why a list or what belongs to it was not taken: what happened, what the operator does.
    static func delivery(_ refusal: DeliveryRefusal) -> BenchText
    /// Why a contactor may not be closed by hand: what happened, what the engineer does.
    static func bench(_ refusal: BenchRefusal) -> BenchText
}
