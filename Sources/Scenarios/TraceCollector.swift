// Looks at a post after each of its steps and keeps what a report shows: what is so, not what the post believes.

import Post
import Simulator
import Traces

/// Collects the trace of every post of a site.
final class TraceCollector {
    private let world: World
    private var recorder = TraceRecorder()
    private var tracks: [[ConnectorTracks]] = []
    private let hasManyPosts: Bool
    /// What is wrong around the posts now (the network, a disk, a process that is gone), and since when; then what was.
    private var troubles: [String: (name: String, from: Int64)] = [:]
    private var pastTroubles: [FaultSpan] = []

    /// The numbers of one connector's tracks.
    private struct ConnectorTracks {
        var group: String
        var state, waits: Int
        var plus, permit, plug: Int
        var volts, amperes, watts, celsius, granted: Int
        /// When the electrics were looked at last, and the words told last: making a word costs more than comparing.
        var lastLook = Instant(microseconds: .min)
        var lastPhase: ConnectorPhase?
        var lastWaiting: Waiting?
    }

    init(_ world: World) {
        self.world = world
        hasManyPosts = world.posts.count > 1
        for post in world.posts {
            tracks.append(post.connectors.map { addTracks(post.number, $0.index) })
        }
    }

    private func addTracks(_ post: Int, _ connector: Int) -> ConnectorTracks {
        let group = groupName(post, connector)
        return ConnectorTracks(
            group: group, state: recorder.addLane(group, "state"), waits: recorder.addLane(group, "waits_for"),
            plus: recorder.addLine(group, "path_closed"), permit: recorder.addLine(group, "power_allowed"),
            plug: recorder.addLine(group, "plug_held"),
            volts: recorder.addFigure(group, "voltage", unit: "V", resolution: 0.5),
            amperes: recorder.addFigure(group, "current", unit: "A", resolution: 0.5),
            watts: recorder.addFigure(group, "power", unit: "kW", resolution: 0.1),
            celsius: recorder.addFigure(group, "contacts", unit: "°C", resolution: 0.1),
            granted: recorder.addFigure(group, "granted", unit: "kW", resolution: 0.1))
    }

    private func groupName(_ post: Int, _ connector: Int) -> String {
        hasManyPosts ? "post \(post + 1) connector \(connector + 1)" : "connector \(connector + 1)"
    }

    /// A post has taken a step. Electrics are looked at a hundred times a second at most.
    func look(at post: Int, _ core: PostCore) {
        let now = world.now
        for index in tracks[post].indices {
            let track = tracks[post][index]
            let status = core.status(of: ConnectorID(UInt8(index)))
            if track.lastPhase != status.phase {
                tracks[post][index].lastPhase = status.phase
                recorder.lane(track.state, snakeCase("\(status.phase)"), at: now.microseconds)
            }
            if track.lastWaiting != status.waiting {
                tracks[post][index].lastWaiting = status.waiting
                recorder.lane(track.waits, snakeCase("\(status.waiting)"), at: now.microseconds)
            }
            recorder.line(track.permit, status.powerAllowed != nil, at: now.microseconds)
            lookAtElectrics(post, index, grantedWatts: status.grantedWatts)
        }
    }

    private func lookAtElectrics(_ post: Int, _ index: Int, grantedWatts: Int64) {
        let (now, track) = (world.now, tracks[post][index])
        let connector = world.posts[post].connectors[index]
        recorder.line(track.plus, connector.isPathClosed, at: now.microseconds)
        guard track.lastLook.microseconds == .min || now - track.lastLook >= .milliseconds(10) else { return }
        tracks[post][index].lastLook = now
        let (volts, amperes) = (connector.contactVolts, connector.contactAmperes)
        recorder.line(track.plug, connector.isPlugHeld, at: now.microseconds)
        recorder.figure(track.volts, volts, at: now.microseconds)
        recorder.figure(track.amperes, amperes, at: now.microseconds)
        recorder.figure(track.watts, volts * amperes / 1_000, at: now.microseconds)
        recorder.figure(track.celsius, connector.pinCelsius, at: now.microseconds)
        recorder.figure(track.granted, Double(grantedWatts) / 1_000, at: now.microseconds)
    }

    /// A process is gone: its post says nothing, and the world goes on.
    func processDied(_ post: Int) {
        for index in tracks[post].indices {
            tracks[post][index].lastPhase = nil
            tracks[post][index].lastWaiting = nil
            recorder.lane(tracks[post][index].state, "no_process", at: world.now.microseconds)
            recorder.lane(tracks[post][index].waits, "nothing", at: world.now.microseconds)
            recorder.line(tracks[post][index].permit, false, at: world.now.microseconds)
        }
        note(trouble: "no process\(suffix(post))", at: "process \(post)")
        lookAtElectrics(post)
    }

    /// A process has started.
    func processStarted(_ post: Int) { note(trouble: nil, at: "process \(post)") }

    /// Looks at a post whose process is gone: contactors fall and currents end without it.
    func lookAtElectrics(_ post: Int) {
        for index in tracks[post].indices { lookAtElectrics(post, index, grantedWatts: 0) }
    }

    /// Somebody did something.
    func note(deed: Deed) {
        recorder.mark(Mark(at: world.now.microseconds, group: nil, kind: .deed, text: deed.sentence))
        switch deed {
        case .network(let state): note(trouble: state == .up ? nil : "network: \(state.label)", at: "network")
        case .cloud(let state): note(trouble: state == .up ? nil : "cloud: \(state.label)", at: "cloud")
        case .disk(let state, let post):
            note(trouble: state == .well ? nil : "disk: \(code(state.word))\(suffix(post))", at: "disk \(post)")
        default: break
        }
    }

    private func suffix(_ post: Int) -> String { hasManyPosts ? " of post \(post + 1)" : "" }

    /// Something around the posts is wrong from now on, or well again (nil).
    private func note(trouble name: String?, at place: String) {
        if let before = troubles.removeValue(forKey: place) {
            pastTroubles.append(
                FaultSpan(group: nil, name: before.name, from: before.from, to: world.now.microseconds))
        }
        if let name { troubles[place] = (name, world.now.microseconds) }
    }

    /// Something happened that the post reported.
    func note(_ report: Report, _ sentence: String, post: Int) {
        let kind: Mark.Kind
        switch report {
        case .faultRaised: kind = .fault
        case .defect: kind = .finding
        default: kind = .report
        }
        let group = report.connector.map { groupName(post, Int($0.index)) }
        recorder.mark(Mark(at: world.now.microseconds, group: group, kind: kind, text: sentence))
    }

    /// The trace of a run that is over.
    func trace(_ scenario: Scenario, path: String) -> Trace {
        var trace = Trace(
            title: scenario.title, source: path, seed: scenario.seed, verdict: "", ends: world.now.microseconds)
        recorder.fill(&trace)
        trace.faults = world.injections.filter(\.changedWorld).map { injection in
            let isConnector = injection.kind.row.scope == .connector
            return FaultSpan(
                group: isConnector ? groupName(injection.post, injection.instance) : nil, name: injection.kind.name,
                from: injection.at.microseconds, to: injection.healedAt?.microseconds)
        }
        trace.faults += pastTroubles
        // By place: a dictionary has no order of its own.
        for (_, trouble) in troubles.sorted(by: { $0.key < $1.key }) {
            trace.faults.append(FaultSpan(group: nil, name: trouble.name, from: trouble.from, to: nil))
        }
        for finding in world.judge.findings {
            trace.marks.append(
                Mark(
                    at: finding.at.microseconds, group: groupName(finding.place.post, finding.place.connector),
                    kind: .finding, text: finding.sentence))
        }
        // Findings were told at the end; they belong where they happened. Equal instants keep their order.
        trace.marks = trace.marks.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        return trace
    }
}

extension Report {
    /// The connector a report is about, if it is about one.
    var connector: ConnectorID? {
        switch self {
        case .stateChanged(let id, _, _), .sessionAuthorized(_, let id, _), .energyFlows(_, let id),
            .sessionEnded(_, let id, _, _), .openedUnderLoad(let id, _):
            id
        case .faultRaised(_, let id), .faultCleared(_, let id), .refused(_, let id), .defect(_, let id): id
        case .restarts: nil
        }
    }
}
