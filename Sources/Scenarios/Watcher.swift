// Watches the steps of one post: the last things that happened, and every defect that the supervisor reported.

public import Post
import Runtime
import Simulator

/// What a run has put to the test: the measure of a storm.
public struct Exercise: Hashable, Sendable {
    /// Every fault that was raised.
    public var faults = FaultSet()
    /// Every refusal that was said, one bit each at the position of its raw value.
    public var refusals: UInt64 = 0
    /// Sessions in which energy flowed.
    public var sessions = 0
    /// How long connectors were charging, all together, in microseconds.
    public var chargingMicroseconds: Int64 = 0

    mutating func add(_ other: Exercise) {
        faults.bits |= other.faults.bits
        refusals |= other.refusals
        sessions += other.sessions
        chargingMicroseconds += other.chargingMicroseconds
    }
}

/// Keeps what a failing scenario has to show.
final class Watcher: StepObserver {
    private let post: Int
    private(set) var last: [String] = []
    private(set) var defects: [String] = []
    private(set) var exercise = Exercise()
    private var chargesSince = [Instant?](repeating: nil, count: PostConfiguration.connectorsAtMost)

    /// Who keeps the course of the run, and the post it looks at.
    var collector: TraceCollector?
    weak var virtualPost: VirtualPost?
    /// Whose drivers come, if a crowd does.
    var crowd: Crowd?

    init(post: Int) { self.post = post }

    func didStep(_ event: Event, _ actions: Actions, at now: Instant) {
        for action in actions.list {
            guard case .report(let report) = action else { continue }
            if case .defect(let rule, let connector) = report {
                defects.append(
                    "\(clock(now)) post \(post + 1): rule \(rule.rawValue) (\(rule)), connector \(connector.map { "\($0.index + 1)" } ?? "-"), at \(event)"
                )
            }
            count(report, at: now)
            collector?.note(report, report.words, post: post)
            last.append("\(clock(now)) post \(post + 1)  \(report.words)")
            if last.count > 20 { last.removeFirst() }
        }
        crowd?.look(at: post, event, actions, now)
        if let collector, let core = virtualPost?.runtime?.core { collector.look(at: post, core) }
    }

    private func count(_ report: Report, at now: Instant) {
        switch report {
        case .faultRaised(let fault, _): exercise.faults.insert(fault)
        case .refused(let refusal, _): exercise.refusals |= 1 << UInt64(refusal.rawValue)
        case .energyFlows: exercise.sessions += 1
        case .stateChanged(let id, let from, let to):
            if to == .charging { chargesSince[Int(id.index)] = now }
            guard from == .charging, let since = chargesSince[Int(id.index)] else { return }
            exercise.chargingMicroseconds += (now - since).microseconds
            chargesSince[Int(id.index)] = nil
        default: break
        }
    }
}

extension Report {
    /// What happened, in the words of a timeline.
    var words: String {
        switch self {
        case .stateChanged(let id, let from, let to): "connector \(id.index + 1)  \(from) -> \(to)"
        case .faultRaised(let fault, let id):
            "connector \(id.map { "\($0.index + 1)" } ?? "-")  fault \(fault.code)"
        case .faultCleared(let fault, let id):
            "connector \(id.map { "\($0.index + 1)" } ?? "-")  cleared \(fault.code)"
        case .refused(let reason, let id):
            "connector \(id.map { "\($0.index + 1)" } ?? "-")  refused \(reason.code)"
        case .sessionAuthorized(let session, let id, let source):
            "connector \(id.index + 1)  session \(session.boot)-\(session.counter) authorized by \(source)"
        case .energyFlows(_, let id): "connector \(id.index + 1)  energy flows"
        case .sessionEnded(_, let id, let reason, let energy):
            "connector \(id.index + 1)  ended by \(reason), \(energy) Wh"
        case .openedUnderLoad(let id, let milliamperes):
            "connector \(id.index + 1)  opened under load, \(milliamperes / 1_000) A"
        case .defect(let rule, _): "DEFECT rule \(rule.rawValue)"
        }
    }
}
