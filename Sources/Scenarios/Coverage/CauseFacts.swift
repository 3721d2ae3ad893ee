// What the tables and the stories say of one cause: the faults that it may raise, how fast the post must be, the rows of the catalogue.

import Foundation
import Post
public import Simulator
import StrictYAML

/// A cause of the world, as the tables know it and the stories show it.
public struct CauseFacts: Encodable, Sendable {
    /// A fault that the post may raise, and how it meets it.
    public struct Raised: Encodable, Sendable {
        /// Its code.
        public var fault: String
        /// The class of the reaction while power flows or may flow.
        public var inASession: String
        /// The class while the connector is idle.
        public var idle: String
    }

    /// A row of the catalogue.
    public struct Row: Encodable, Hashable, Sendable {
        /// Its number.
        public var number: Int
        /// What happens.
        public var cause: String
    }

    /// A story in which the cause is there.
    public struct Story: Encodable, Sendable {
        /// Its file.
        public var scenario: String
        /// Rows of the catalogue that it is about.
        public var rows: [Int]
    }

    /// Faults that it may raise, depending on the moment.
    public var raises: [Raised]
    /// How long the path may stay closed while it is there, in milliseconds; nil: for as long as it will.
    public var opensWithinMilliseconds: Int64?
    /// The same in words.
    public var limit: String
    /// Rows of the catalogue that stories with it are about.
    public var rows: [Row]
    /// Stories in which it is there, those about a row first.
    public var stories: [Story]

    /// Looks a cause up.
    /// - Parameter folder: Where the stories are; a file that is none is passed over.
    public init(of kind: FaultKind, storiesIn folder: String) {
        raises = kind.row.mayRaise.map { fault in
            Raised(
                fault: fault.code, inASession: code("\(fault.row.whileEnergised)"),
                idle: code("\(fault.row.whileIdle)"))
        }
        opensWithinMilliseconds = kind.row.reaction.map { $0.within.microseconds / 1_000 }
        limit =
            kind.row.reaction.map { "the path opens within \(span($0.within.microseconds))\($0.premise.words)" }
            ?? "none: the path may stay closed"
        let found = ScenarioRun.files(at: folder).compactMap { file -> Story? in
            guard let text = try? String(contentsOfFile: file, encoding: .utf8), kind.mayBe(in: text),
                let scenario = try? scenarioDocument.read(text: text, file: file), scenario.holds(kind)
            else { return nil }
            return Story(scenario: file, rows: scenario.rows)
        }
        stories = found.filter { !$0.rows.isEmpty } + found.filter(\.rows.isEmpty)
        let numbers = Set(stories.flatMap(\.rows))
        rows = Catalogue.rows.filter { numbers.contains($0.number) }.map { Row(number: $0.number, cause: $0.cause) }
    }
}

extension FaultKind {
    /// Whether a story may hold it, by its text: most need not be read.
    fileprivate func mayBe(in text: String) -> Bool { text.contains(name) || text.contains("alarm:") }
}

extension Scenario {
    /// Whether the cause is brought about, by its own word or as the alarm of an interlock.
    fileprivate func holds(_ kind: FaultKind) -> Bool {
        timeline.contains { step in
            switch step.deed {
            case .inject(let setting): setting.kind.name == kind.name
            case .interlock(let interlock, isAlarm: true, _): interlock.cause?.name == kind.name
            default: false
            }
        }
    }
}

extension ReactionLimit.Premise {
    /// What must be so meanwhile, behind the limit.
    fileprivate var words: String {
        switch self {
        case .pathClosed: ""
        case .joined: ", once the vehicle has closed its own contactors"
        case .powerFlows: ", while more than 1.5 kW flow"
        case .flowsBack: ", while more than 2.5 A flow out of the vehicle"
        case .contactsTooHot: ", once the contacts are hotter than they may be"
        case .handleTooHot: ", once the handle is hotter than it may be"
        }
    }
}
