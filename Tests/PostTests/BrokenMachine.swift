// The seam of the supervisor's tests: a machine that wants whatever the test says, in front of the real supervisor.

@testable import Post

/// A supervisor at one moment of a plausible post's life, with a machine before it that is broken on purpose.
struct BrokenMachine {
    var supervisor: Supervisor
    var now: Instant
    let first = ConnectorID(0)

    /// The supervisor as it stands now.
    init(after post: PlausiblePost) { (supervisor, now) = (post.core.supervisor, post.now) }

    /// The supervisor as it stood when the machine of a sound post was about to allow this degree.
    init(before degree: PowerDegree, _ configuration: PostConfiguration = .twoConnectors) {
        let post = PlausiblePost(configuration, keepsMoments: true)
        post.charge()
        guard let moment = post.moments[degree] else { fatalError("the plausible post never allows \(degree)") }
        (supervisor, now) = (moment.supervisor, moment.at)
        supervisor.observe(moment.event, at: now)
    }

    /// One event, and what the broken machine wants done. Returns what is left of it and what the supervisor added.
    mutating func handle(_ event: Event = .timePassed, wants: [Action] = []) -> [Action] {
        var turn = Turn(now: now, actions: Actions(), lastCommand: 1_000)
        supervisor.observe(event, at: now)
        for action in wants { turn.act(action) }
        supervisor.review(&turn, from: 0)
        return turn.actions.list
    }

    /// Time passes; the machine sleeps.
    mutating func sleep(_ interval: Interval) -> [Action] {
        now = now + interval
        return handle()
    }
}

extension [Action] {
    /// Whether the supervisor told of this rule, and made the connector safe.
    func overrules(_ rule: Rule, at index: UInt8 = 0) -> Bool { tells(rule, at: index) && makesSafe(index) }

    func tells(_ rule: Rule, at index: UInt8? = 0) -> Bool {
        contains(.report(.defect(rule, index.map { ConnectorID($0) })))
    }

    func makesSafe(_ index: UInt8) -> Bool {
        let isOff = contains { if case .commandStage(StageID(index), _, .off) = $0 { true } else { false } }
        return isOff && contains(.withdrawPower(ConnectorID(index)))
            && contains(.setPilot(ConnectorID(index), .steady))
    }

    var defects: [Rule] { compactMap { if case .report(.defect(let rule, _)) = $0 { rule } else { nil } } }
}
