// What a play came to: its verdict, each thing that was asked, and the command that repeats it.

public import Traces

/// One thing that was asked of the world, and whether it came true.
public struct CheckResult: Sendable {
    /// What was expected, as a sentence.
    public var expected: String
    /// Where it stands in the file: line.
    public var line: Int
    /// Whether it held.
    public var isMet: Bool
    /// What was so instead, if it did not hold.
    public var found: String
    /// When it was met or given up, in microseconds since the beginning.
    public var at: Int64
    /// How long it took, in microseconds, where there was a limit.
    public var measured: Int64?
    /// The limit, in microseconds.
    public var limit: Int64?
    /// How long it took in the end, in microseconds, where it came too late.
    public var cameAfter: Int64?
    /// Whether it was asked after a fault or an alarm, of what the post makes of it: its time is that of a reaction.
    public var isReaction = false

    /// How long it took where there is a limit, in microseconds: in time or too late; nil where it did not come.
    public var took: Int64? { limit == nil ? nil : isMet ? measured : cameAfter }
    /// What is left of the limit, in percent of it, rounded down; below zero where it came too late.
    public var marginPercent: Int? {
        guard let limit, limit > 0, let took else { return nil }
        let (share, rest) = ((limit - took) * 100).quotientAndRemainder(dividingBy: limit)
        return Int(share) - (rest < 0 ? 1 : 0)
    }
}

/// Something that a story says of the world, and the line of the file where it does.
struct Statement: Sendable {
    var expected: String
    var line: Int
}

/// How a scenario ended.
public enum Verdict: String, Sendable {
    /// Everything held.
    case passed
    /// An expectation did not come true.
    case failed
    /// The world says that something physically unsafe happened, or that the books are wrong.
    case unsafe
    /// The supervisor had to step in.
    case defect
    /// Faults are gone, and the site does not serve as before, or owes records.
    case stuck
    /// The scenario itself cannot be what its author meant: a fault that changed nothing, an unknown vehicle.
    case error
}

/// The outcome of one scenario.
public struct ScenarioResult: Sendable {
    /// The file.
    public var path: String
    /// Its title.
    public var title: String
    /// How it ended.
    public var verdict: Verdict
    /// Every expectation that was reached.
    public var checks: [CheckResult]
    /// What is wrong besides expectations: findings of the judge, defects, errors of the file.
    public var complaints: [String]
    /// The last things that happened, oldest first.
    public var lastEvents: [String]
    /// How much virtual time passed, in microseconds.
    public var virtualMicroseconds: Int64
    /// The rolling hash of every event and action of every post, in all its lives.
    public var hash: UInt64
    /// What the day of a crowd came to; nil without one.
    public var day: SiteDay?
    /// The same for every variant of a scenario that compares.
    public var days: [SiteDay] = []
    /// What the run has put to the test.
    public var exercise = Exercise()
    /// The codes of what was found: kinds of findings, names of rules, what is owed or stuck.
    public var signs: [String] = []
    /// What the run looked like, if it was asked for: one of each variant, by its name.
    public var traces: [(variant: String?, trace: Trace)] = []
    /// Where chance started; nil for a file that could not be read.
    public var seed: UInt64?
    /// The one command that repeats the run.
    public var repeatCommand: String {
        "holdfast replay \(shellWord(path))" + (isSeedOverridden ? " --seed \(seed ?? 0)" : "")
            + (isOverBytes ? " --modbus" : "")
            + without.map { " --without \($0)" }.joined() + (defect.map { " --with \($0)" } ?? "")
    }
    /// Whether another seed than the file's own was asked for.
    var isSeedOverridden = false
    /// Whether far devices were behind buses.
    var isOverBytes = false
    /// Codes of the rows of the fault table that were switched off.
    var without: [String] = []
    /// The number of the defect that was put into every post.
    var defect: Int?
    /// Expectations that the play did not come to, in the order of the file.
    var unreached: [Statement] = []
    /// What must never be so and never was.
    var neverSo: [Statement] = []
    /// Whether there is no such file.
    public internal(set) var isMissing = false
    /// When something was found to be wrong, in microseconds, by its line among the complaints.
    var complaintInstants: [String: Int64] = [:]
}

extension ScenarioResult {
    /// Something more is wrong, found out when the play was over.
    public mutating func add(complaints more: [String], _ verdict: Verdict) {
        complaints += more
        self.verdict = verdict
        tellTraces()
    }

    /// Brings into the course of the run what was found out after it: how late something came, what had no effect, what was never
    /// reached. Of several variants each has its own.
    mutating func tellTraces() {
        guard traces.count == 1, traces[0].variant == nil else { return }
        traces[0].trace.verdict = verdict.rawValue
        traces[0].trace.complaints = complaints
        traces[0].trace.complaintInstants = complaintInstants
        traces[0].trace.expectations = checks.map(\.row) + unreached.map(\.row)
        traces[0].trace.table = rows
    }
}

extension CheckResult {
    /// As a course tells it.
    var row: ExpectationRow {
        var row = ExpectationRow(
            at: at, expected: expected, isMet: isMet, found: found, measured: measured, limit: limit)
        (row.cameAfter, row.line) = (cameAfter, line)
        return row
    }
}

extension Statement {
    /// As a course tells what it did not come to.
    fileprivate var row: ExpectationRow {
        var row = ExpectationRow(at: 0, expected: expected, isMet: false, found: "", measured: nil, limit: nil)
        (row.isReached, row.line) = (false, line)
        return row
    }
}
