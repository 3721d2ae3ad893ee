// What a run looked like over time: figures, states, lines and marks on one axis, ready to be told to other tools.

/// The course of one run. All instants are microseconds since its beginning and never fall within a track.
public struct Trace: Hashable, Sendable {
    /// What the run was about.
    public var title: String
    /// Where it came from: a scenario's file, a recording.
    public var source: String
    /// The seed of every chance in it.
    public var seed: UInt64
    /// The program that played it, with its build; empty where nobody says.
    public var program = ""
    /// How it ended, as one word.
    public var verdict: String
    /// Its length in microseconds.
    public var ends: Int64
    /// Quantities, such as a connector's voltage.
    public var figures: [Figure] = []
    /// States, such as a connector's phase.
    public var lanes: [Lane] = []
    /// Signals of one bit, such as a mirror contact.
    public var lines: [Line] = []
    /// Causes that were there for a while.
    public var faults: [FaultSpan] = []
    /// Things that happened at an instant.
    public var marks: [Mark] = []
    /// What was wrong with the run, a line each; empty where nothing was.
    public var complaints: [String] = []
    /// When that was, in microseconds, by its line; what is not among them was found out at the end.
    public var complaintInstants: [String: Int64] = [:]
    /// What the run came to, side by side with others: rows of cells, the first is the head; empty where nothing is compared.
    public var table: [[String]] = []
    /// What a reader must know of the plots; empty where nothing is out of the ordinary.
    public var note = ""
    /// Whether a post recorded it: then there is no seed, and what it shows is what the post believed.
    public var isRecorded = false
    /// What was expected, and how it came out.
    public var expectations: [ExpectationRow] = []

    /// A run of which nothing is told yet.
    public init(title: String, source: String, seed: UInt64, verdict: String, ends: Int64) {
        self.title = title
        self.source = source
        self.seed = seed
        self.verdict = verdict
        self.ends = ends
    }

    /// Without its course: what it was and how it ended.
    public var emptied: Trace {
        Trace(title: title, source: source, seed: seed, verdict: verdict, ends: ends)
    }

    /// The groups (one a connector) in the order in which tracks name them.
    public var groups: [String] {
        var seen: [String] = []
        for group in lanes.map(\.group) + figures.map(\.group) + lines.map(\.group) where !seen.contains(group) {
            seen.append(group)
        }
        return seen
    }
}

/// A quantity over time. Between two points it is a straight line.
public struct Figure: Hashable, Sendable {
    /// A value at an instant.
    public struct Point: Hashable, Sendable {
        /// Microseconds since the beginning.
        public var at: Int64
        /// The value, in the figure's unit.
        public var value: Double
        /// That value then.
        public init(at: Int64, value: Double) {
            self.at = at
            self.value = value
        }
    }
    /// Whose it is: the connector's name.
    public var group: String
    /// What it is: `voltage`.
    public var name: String
    /// Its unit: `V`.
    public var unit: String
    /// Its course.
    public var points: [Point] = []

    /// A figure without points.
    public init(group: String, name: String, unit: String) {
        self.group = group
        self.name = name
        self.unit = unit
    }
}

/// A state over time.
public struct Lane: Hashable, Sendable {
    /// From when a state was in force; it lasts until the next.
    public struct Step: Hashable, Sendable {
        /// Microseconds since the beginning.
        public var at: Int64
        /// The state's word.
        public var word: String
        /// That state from then on.
        public init(at: Int64, word: String) {
            self.at = at
            self.word = word
        }
    }
    /// Whose it is.
    public var group: String
    /// What it is: `state`.
    public var name: String
    /// Its course.
    public var steps: [Step] = []

    /// A lane without steps.
    public init(group: String, name: String) {
        self.group = group
        self.name = name
    }
}

/// A signal of one bit over time.
public struct Line: Hashable, Sendable {
    /// A level from an instant on.
    public struct Edge: Hashable, Sendable {
        /// Microseconds since the beginning.
        public var at: Int64
        /// Whether it is high.
        public var isHigh: Bool
        /// That level from then on.
        public init(at: Int64, isHigh: Bool) {
            self.at = at
            self.isHigh = isHigh
        }
    }
    /// Whose it is.
    public var group: String
    /// What it is: `contactor_plus`.
    public var name: String
    /// Its course.
    public var edges: [Edge] = []

    /// A line without edges.
    public init(group: String, name: String) {
        self.group = group
        self.name = name
    }
}

/// A cause that was there for a while: injected, not concluded.
public struct FaultSpan: Hashable, Sendable {
    /// Where: the connector's name, or nil for the whole post or site.
    public var group: String?
    /// The fault's words: `contactor.plus.welded`.
    public var name: String
    /// When it was injected, in microseconds.
    public var from: Int64
    /// When it was taken away, or nil if it stayed.
    public var to: Int64?

    /// A cause from `from` to `to`.
    public init(group: String?, name: String, from: Int64, to: Int64?) {
        self.group = group
        self.name = name
        self.from = from
        self.to = to
    }
}

/// Something that happened at an instant.
public struct Mark: Hashable, Sendable {
    /// What kind of thing.
    public enum Kind: String, CaseIterable, Sendable {
        /// Somebody did something: plugged, tapped, pressed.
        case deed
        /// The post reported something.
        case report
        /// The post raised a fault.
        case fault
        /// The supervisor or the world's judge found something.
        case finding
    }
    /// Microseconds since the beginning.
    public var at: Int64
    /// Where, or nil.
    public var group: String?
    /// What kind.
    public var kind: Kind
    /// What happened, as a short sentence.
    public var text: String

    /// Something of that kind then.
    public init(at: Int64, group: String?, kind: Kind, text: String) {
        self.at = at
        self.group = group
        self.kind = kind
        self.text = text
    }
}

/// One expectation and how it came out.
public struct ExpectationRow: Hashable, Sendable {
    /// When it was met or given up, in microseconds.
    public var at: Int64
    /// What was expected, as a sentence.
    public var expected: String
    /// Whether it came true.
    public var isMet: Bool
    /// What was so instead; empty if it came true.
    public var found: String
    /// How long it took, in microseconds, where there was a limit.
    public var measured: Int64?
    /// The limit, in microseconds.
    public var limit: Int64?
    /// How long it took in the end, in microseconds, where it came too late.
    public var cameAfter: Int64?
    /// Whether the run came to it at all; what it did not come to is neither met nor missed.
    public var isReached = true
    /// Its line in the file, from 1; nil where nobody says.
    public var line: Int?

    /// A row with these values.
    public init(at: Int64, expected: String, isMet: Bool, found: String, measured: Int64?, limit: Int64?) {
        self.at = at
        self.expected = expected
        self.isMet = isMet
        self.found = found
        self.measured = measured
        self.limit = limit
    }
}
