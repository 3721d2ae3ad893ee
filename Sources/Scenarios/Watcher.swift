// Watches the steps of one post: the last things that happened, and every defect that the supervisor reported.

public import Post
import Runtime
import Simulator

/// What a run has put to the test: the measure of a storm.
public struct Exercise: Hashable, Sendable {
    /// Every fault that was raised.
    public var faults = FaultSet()
    /// Every fault that was raised where a session was under way, or left open by a process that died: the post had to do
    /// something about it.
    public var reactions = FaultSet()
    /// Every refusal that was said, one bit each at the position of its raw value.
    public var refusals: UInt64 = 0
    /// Sessions in which energy flowed.
    public var sessions = 0
    /// How long connectors were charging, all together, in microseconds.
    public var chargingMicroseconds: Int64 = 0

    mutating func add(_ other: Exercise) {
        faults.bits |= other.faults.bits
        reactions.bits |= other.reactions.bits
        refusals |= other.refusals
        sessions += other.sessions
        chargingMicroseconds += other.chargingMicroseconds
    }
}

/// Keeps what a failing scenario has to show.
final class Watcher: StepObserver {
    private let post: Int
    /// The last reports; put into words when somebody asks for them, which few do.
    private var lastReports: [(report: Report, at: Instant)] = []
    /// Whether the world's judge or the supervisor has found something.
    private var isFound = false
    private(set) var defects: [String] = []
    private(set) var exercise = Exercise()
    private var phases = [ConnectorPhase](repeating: .unavailable, count: PostConfiguration.connectorsAtMost)
    /// Connectors at which the records tell of a session that a process before this one left open.
    private var isLeftOpen = [Bool](repeating: false, count: PostConfiguration.connectorsAtMost)
    private var chargesSince = [Instant?](repeating: nil, count: PostConfiguration.connectorsAtMost)

    /// Cards that the office has denied, and since when.
    var denied: [(token: TokenName, at: Instant)] = []
    /// A card that was accepted before it was denied may wait so long for its plug. 120 s: `SafetyLimits.connectWithin`.
    private static let grantWaits: Interval = .seconds(125)
    /// The rules that the supervisor had to enforce, by name.
    private(set) var signs: [String] = []
    /// Who is told of what the office finds in the records.
    var judge: Judge?

    /// Who keeps the course of the run, and the post it looks at, which does not hold its watcher.
    var collector: TraceCollector?
    var virtualPost: VirtualPost?
    /// Whose drivers come, if a crowd does.
    var crowd: Crowd?
    /// Who keeps what every step gave, where two plays are compared.
    var log: StepLog?
    /// The last report of each kind at each connector.
    private var reported: [(word: ReportWord, connector: Int, at: Instant)] = []
    /// The faults of the last moments.
    private var flaps = FlapWatch()
    /// What was seen of the sessions.
    private(set) var journal = SessionJournal()
    /// Who keeps how each fault was met, where a story asks for classes.
    var reactions: ReactionLog?

    init(post: Int) { self.post = post }

    func didStep(_ event: Event, _ actions: Actions, at now: Instant) {
        if case .sessionRestored(let restored) = event { isLeftOpen[Int(restored.start.connector.index)] = true }
        for action in actions.list {
            if case .recordStart(let start) = action { lookForDenied(start, at: now) }
            guard case .report(let report) = action else { continue }
            if case .defect(let rule, let connector) = report {
                signs.append("\(rule)")
                defects.append(
                    "\(clock(now)) post \(post + 1): rule \(rule.rawValue) (\(rule)), connector \(connector.map { "\($0.index + 1)" } ?? "-"), at \(event)"
                )
            }
            count(report, at: now)
            note(report, at: now)
            collector?.note(report, report.words, post: post)
            keep(report, at: now)
        }
        journal.take(event, actions.list, at: now)
        log?.take(post: post, event, actions, now)
        reactions?.take(actions.list, status: { virtualPost?.runtime?.core.status(of: $0) }, at: now)
        crowd?.look(at: post, event, actions, now)
        if let collector, let core = virtualPost?.runtime?.core { collector.look(at: post, core) }
    }

    /// Keeps the last reports until something is found: what led to it is not to be pushed out by what came of it.
    private func keep(_ report: Report, at now: Instant) {
        guard !isFound else { return }
        isFound = judge?.findings.isEmpty == false
        guard !isFound else { return }
        if lastReports.count >= 20 { lastReports.removeFirst() }
        lastReports.append((report, now))
        if case .defect = report { isFound = true }
    }

    /// The last things that happened, oldest first; where something was found, the last before that.
    var last: [String] { lastReports.map { "\(clock($0.at)) post \(post + 1)  \($0.report.words)" } }

    /// The office reads in the records whom a post has served.
    private func lookForDenied(_ start: SessionStart, at now: Instant) {
        guard denied.contains(where: { $0.token == start.token && now - $0.at > Self.grantWaits }) else { return }
        judge?.servesDenied(Place(post: post, connector: Int(start.connector.index)), at: now)
    }

    /// When the post last reported something of this kind at a connector; nil: never.
    func lastReport(_ word: ReportWord, at connector: Int) -> Instant? {
        reported.last { $0.word == word && $0.connector == connector }?.at
    }

    private func note(_ report: Report, at now: Instant) {
        let (word, place): (ReportWord, ConnectorID?)
        switch report {
        case .sessionAuthorized(_, let id, _): (word, place) = (.sessionAuthorized, id)
        case .energyFlows(_, let id): (word, place) = (.energyFlows, id)
        case .sessionEnded(_, let id, _, _): (word, place) = (.sessionEnded, id)
        case .openedUnderLoad(let id, _): (word, place) = (.openedUnderLoad, id)
        case .faultRaised(_, let id): (word, place) = (.faultRaised, id)
        case .faultCleared(_, let id): (word, place) = (.faultCleared, id)
        case .refused(_, let id): (word, place) = (.refused, id)
        case .restarts: (word, place) = (.restarts, nil)
        case .stateChanged, .defect: return
        }
        for connector in place.map({ Int($0.index)...Int($0.index) }) ?? 0...(phases.count - 1) {
            reported.removeAll { $0.word == word && $0.connector == connector }
            reported.append((word, connector, now))
        }
    }

    /// The process is dead.
    func processDied() {
        for index in phases.indices { (phases[index], isLeftOpen[index]) = (.unavailable, false) }
        journal.processDied()
        reactions?.processDied()
    }

    private func count(_ report: Report, at now: Instant) {
        switch report {
        case .faultRaised(let fault, let id):
            exercise.faults.insert(fault)
            if let times = flaps.tooOften(fault, id, at: now) {
                judge?.faultFlaps(
                    fault.code, Place(post: post, connector: id.map { Int($0.index) } ?? 0), times, at: now)
            }
            guard let id, phases[Int(id.index)].hasSession || isLeftOpen[Int(id.index)] else { return }
            exercise.reactions.insert(fault)
        case .refused(let refusal, _): exercise.refusals |= 1 << UInt64(refusal.rawValue)
        case .energyFlows: exercise.sessions += 1
        case .stateChanged(let id, let from, let to):
            (phases[Int(id.index)], isLeftOpen[Int(id.index)]) = (to, false)
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
        case .restarts: "post restarts"
        case .defect(let rule, _): "DEFECT rule \(rule.rawValue)"
        }
    }
}

extension ConnectorPhase {
    /// Whether a session is under way in this state.
    var hasSession: Bool {
        switch self {
        case .preparing, .charging, .suspendedByVehicle, .suspendedByPost, .stopping: true
        case .unavailable, .faulted, .available, .reserved, .occupied, .authorized, .finishing: false
        }
    }
}
