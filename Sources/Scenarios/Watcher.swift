// Watches the steps of one post: the last things that happened, and every defect that the supervisor reported.

import Post
import Runtime
import Simulator

/// Keeps what a failing scenario has to show.
final class Watcher: StepObserver {
    private let post: Int
    private(set) var last: [String] = []
    private(set) var defects: [String] = []

    /// Who keeps the course of the run, and the post it looks at.
    var collector: TraceCollector?
    weak var virtualPost: VirtualPost?

    init(post: Int) { self.post = post }

    func didStep(_ event: Event, _ actions: Actions, at now: Instant) {
        for action in actions.list {
            guard case .report(let report) = action else { continue }
            if case .defect(let rule, let connector) = report {
                defects.append(
                    "\(clock(now)) post \(post + 1): rule \(rule.rawValue) (\(rule)), connector \(connector.map { "\($0.index + 1)" } ?? "-"), at \(event)"
                )
            }
            collector?.note(report, words(report), post: post)
            last.append("\(clock(now)) post \(post + 1)  \(words(report))")
            if last.count > 20 { last.removeFirst() }
        }
        if let collector, let core = virtualPost?.runtime?.core { collector.look(at: post, core) }
    }

    private func words(_ report: Report) -> String {
        switch report {
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
