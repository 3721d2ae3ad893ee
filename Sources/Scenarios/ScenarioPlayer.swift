// Plays a scenario in virtual time and says what held and what did not.

public import Runtime
import Simulator
import StrictYAML
import Traces

#if HOLDFAST_SEAMS
    // The seam alone has a type of the core in what is public.
    public import Post
#else
    import Post
#endif

/// Why a story cannot be played where it is: what, and what to do.
public struct UnplayableStory: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String
    init(_ description: String) { self.description = description }
}

/// Plays one scenario.
public final class ScenarioPlayer {
    let scenario: Scenario
    let path: String
    let site: VirtualSite
    let memories: [ScenarioMemory]
    /// What the play with every fault came to, if this is the one without one of them.
    var pattern: StoryCourse?
    /// What this play comes to, step by step.
    var course = StoryCourse()
    /// The line of each injection, by its number.
    var injectionLines: [Int] = []
    let watchers: [Watcher]
    /// Every connector of the site: asked for after each happening while a storm calms down.
    let everyPlace: [Place]
    var checks: [CheckResult] = []
    var complaints: [String] = []
    /// When each of them was found, in microseconds, where that was before the end.
    private var complaintInstants: [String: Int64] = [:]
    var isErroneous = false
    /// The moments with a name that are past.
    var milestones: [SiteDay.Milestone] = []
    /// When they were.
    var passed: [(name: String, at: Instant)] = []
    /// When the story last did something: events are asked for since then.
    var deedAt = Instant.zero
    private let crowd: Crowd?
    /// Whether a fault, an alarm, a death or a bad disk or network is part of the story so far.
    private var isDisturbed: Bool { !site.world.injections.isEmpty || hasBeenDisturbed }
    var hasBeenDisturbed = false
    /// What is not well although all is calm.
    var stuck: [String] = []
    private var brokenNever: Set<Int> = []
    /// What is wrong with the books of a post.
    var books: [(post: Int, finding: BookFinding)] = []
    /// Classes that were found to be right so far: what they promise must have come true at the end.
    var promises: [ReactionPromise] = []
    let collector: TraceCollector?
    /// Where the first post keeps its flight recording, if it was asked for.
    private var flight: FlightRing?

    /// A player of a scenario that was read from `path`. `isTraced` asks for the course of the run as well.
    public init(_ scenario: Scenario, path: String, isTraced: Bool = false) throws {
        guard scenario.devices == .called || scenario.farLink != nil else {
            throw UnplayableStory(
                "\(path): its devices answer as bytes, and there is no bus to ask them over: play it by `holdfast replay`."
            )
        }
        self.scenario = scenario
        self.path = path
        var drivers = scenario.drivers
        let arrivals =
            scenario.arrivals?.drawn(
                seed: scenario.seed, posts: scenario.site.posts, connectors: scenario.site.connectors) ?? []
        let known = arrivals.filter(\.isKnown).map(\.driver)
        if drivers.hasList { drivers.listed += known }
        drivers.known += known
        let count = scenario.site.posts
        var memories: [ScenarioMemory] = []
        for post in 0..<count { memories.append(try ScenarioMemory(drivers: drivers, post: post)) }
        self.memories = memories
        watchers = (0..<count).map { Watcher(post: $0) }
        everyPlace = (0..<count).flatMap { post in
            (0..<scenario.site.connectors).map { Place(post: post, connector: $0) }
        }
        let posts = Array(repeating: scenario.site.configuration, count: count)
        site = VirtualSite(
            WorldConfiguration(seed: scenario.seed, posts: posts), farLink: scenario.farLink
        ) { memories[$0] }
        site.world.cloud.vouch(for: drivers.known.map { memories[0].name($0) })
        let vehicle = scenario.vehicles.first { $0.key == scenario.arrivals?.vehicle }?.value.vehicle
        let site = self.site
        crowd = scenario.arrivals.map { Crowd(site, $0, arrivals, vehicle ?? .sedan400) }
        collector = isTraced ? TraceCollector(site.world) : nil
        for post in 0..<count {
            watchers[post].collector = collector
            watchers[post].crowd = crowd
            watchers[post].virtualPost = site.posts[post]
            watchers[post].judge = site.world.judge
            if scenario.asksForClasses { watchers[post].reactions = ReactionLog(site.posts[post].hardware) }
            site.posts[post].observer = watchers[post]
            let world = site.world
            memories[post].now = { world.now }
            memories[post].wallClock = { world.posts[post].clock }
            site.posts[post].whenRestarted = { [weak self] in self?.processDied(post) }
            site.posts[post].nextRecorder = { [weak self] in
                self?.collector?.processStarted(post)
                return self?.recorder(post: post)
            }
        }
    }

    #if HOLDFAST_SEAMS
        /// Plays without these rows of the fault table: whoever relies on them must fail. Not in release builds.
        public func disarm(_ faults: FaultSet) { for post in site.posts { post.disarmed = faults } }
        /// Plays with posts that lack this habit, beyond its limit: that is the scenario's. Not in release builds.
        func drop(_ habit: Habit) {
            for memory in memories { memory.forgetsOpenSessions = habit == .closesOpenSessions }
        }
        /// Plays with somebody at the books of every post: their judge must find it. Not in release builds.
        func tamper(_ tampering: BooksTampering) { for memory in memories { memory.tampering = tampering } }
        /// Plays with a defect put into every post: some judge must find it. Not in release builds.
        public func seed(_ defect: SeededDefect) {
            for post in site.posts { post.seeded = defect }
            for memory in memories { memory.ignoresDenials = defect == .denyListIgnored }
        }
    #endif

    /// Plays it with a flight recorder on the first post, as every daemon has one; returns the recording besides.
    /// - Parameter size: Of the ring, in bytes: what is older than that is lost.
    public func playRecorded(size: Int = 16 << 20) throws -> (result: ScenarioResult, recording: [UInt8]) {
        let flight = try FlightRing(size: size)
        record(into: flight)
        let result = play()
        return (result, FlightCopy.trimmed(flight.copy()))
    }

    /// The first post's flight recorder writes into this ring from now on.
    public func record(into ring: FlightRing) { flight = ring }

    /// A recorder for the next life of a post's process.
    func recorder(post: Int) -> FlightRecorder? {
        guard post == 0, let flight else { return nil }
        return FlightRecorder(
            flight, configuration: site.posts[0].hardware.configuration, program: "a simulation", at: site.world.now
        )
    }

    /// Plays it to the end, or to the first expectation that does not come true.
    public func play() -> ScenarioResult {
        if let arrivals = scenario.arrivals, !scenario.vehicles.contains(where: { $0.key == arrivals.vehicle }) {
            _ = error("no vehicle is named \(arrivals.vehicle); add it under vehicles.", line: 1)
            return result()
        }
        crowd?.setOut()
        site.start(recorder: recorder(post: 0))
        var goesOn = true
        for step in scenario.timeline where goesOn {
            guard let start = beginning(of: step) else {
                goesOn = false
                continue
            }
            let due = start + Interval(microseconds: step.after)
            let at = step.at.map { Instant(microseconds: $0) } ?? due
            goesOn = comesInTime(step, at) && pass(until: max(due, at, site.world.now)) && perform(step)
            course.stepDone(at: site.world.now, hash: site.hash)
            if let pattern, !course.isBeginning(of: pattern) { goesOn = false }
        }
        if goesOn { goesOn = pass(until: site.world.now + Interval(microseconds: scenario.lastsAnother)) }
        if goesOn, let bound = scenario.calmWithin { becomeCalm(within: Interval(microseconds: bound)) }
        if goesOn { checkEnd() }
        site.world.judgeBooks()
        if goesOn { judgeBooks() }
        return result()
    }

    /// From when a step's `after` counts; nil: its milestone has not been passed, which is an error of the story.
    private func beginning(of step: Step) -> Instant? {
        guard let since = step.since else { return site.world.now }
        if let found = passed.last(where: { $0.name == since }) { return found.at }
        _ = error("no milestone \(since) has been passed by then.", line: step.position.line)
        return nil
    }

    /// Whether a step is not too late already; in a storm that is nobody's error.
    private func comesInTime(_ step: Step, _ due: Instant) -> Bool {
        guard due < site.world.now, !scenario.skipsImpossible else { return true }
        return error(
            "this step is due at \(clock(due)), and the step before was over at \(clock(site.world.now)).",
            line: step.position.line)
    }

    /// The last milestone and how long ago it was, for a sentence; empty before the first.
    private var sinceMilestone: String {
        guard let last = passed.last else { return "" }
        return " (milestone \(last.name) + \(span((site.world.now - last.at).microseconds)))"
    }

    private func pass(until instant: Instant) -> Bool {
        guard !scenario.never.isEmpty || collector != nil else {
            site.run(until: instant)
            return !isErroneous
        }
        site.run(until: instant) { [self] in
            lookAtTheDead()
            return lookForNever()
        }
        return brokenNever.isEmpty && !isErroneous
    }

    /// A trace goes on where a process has died: nobody's step brings its post to be looked at.
    private func lookAtTheDead() {
        guard let collector else { return }
        for post in site.posts.indices where site.posts[post].runtime == nil { collector.lookAtElectrics(post) }
    }

    /// Whether something that must never be so is so now.
    private func lookForNever() -> Bool {
        for (index, located) in scenario.never.enumerated() where !brokenNever.contains(index) {
            guard mismatch(located.value) == nil else { continue }
            brokenNever.insert(index)
            checks.append(
                CheckResult(
                    expected: "never: \(located.value.sentence)", line: located.position.line, isMet: false,
                    found: "it was so at \(clock(site.world.now))\(sinceMilestone)", at: site.world.now.microseconds
                ))
        }
        return !brokenNever.isEmpty
    }

    /// Waits for an expectation; the clock stops when it is met.
    func wait(for expectation: Expectation, line: Int) -> Bool {
        let began = site.world.now
        var isMet = mismatch(expectation.check) == nil
        if !isMet, expectation.within > 0 {
            // Where the play with every fault had met it, this one has, or is another.
            let limit = began + Interval(microseconds: expectation.within)
            site.run(until: pattern?.end(ofStep: course.count).map { min($0, limit) } ?? limit) { [self] in
                lookAtTheDead()
                isMet = !isPlainlyElsewhere(expectation.check) && mismatch(expectation.check) == nil
                return isMet || (!scenario.never.isEmpty && lookForNever())
            }
            isMet = mismatch(expectation.check) == nil
        }
        checks.append(
            CheckResult(
                expected: expectation.check.sentence, line: line, isMet: isMet,
                found: mismatch(expectation.check).map { $0 + sinceMilestone } ?? "",
                at: site.world.now.microseconds,
                measured: (site.world.now - began).microseconds,
                limit: expectation.within > 0 ? expectation.within : nil,
                isReaction: isDisturbed && expectation.check.isAboutReaction))
        if isMet { promise(expectation.check, line) }
        return isMet && brokenNever.isEmpty
    }

    private func checkEnd() {
        deedAt = .zero
        for located in scenario.atEnd {
            let difference = mismatch(located.value)
            checks.append(
                CheckResult(
                    expected: "at the end: \(located.value.sentence)", line: located.position.line,
                    isMet: difference == nil, found: difference ?? "", at: site.world.now.microseconds))
        }
        checkPromises()
    }

    /// The scenario cannot be what its author meant.
    func error(_ sentence: String, line: Int) -> Bool {
        complaints.append("\(path):\(line): \(sentence)")
        complaintInstants["\(path):\(line): \(sentence)"] = site.world.now.microseconds
        isErroneous = true
        return false
    }

    private func result() -> ScenarioResult {
        let findings = site.world.judge.findings
        for finding in findings {
            complaints.append("the world, \(clock(finding.at)): \(finding.sentence)")
            complaintInstants["the world, \(clock(finding.at)): \(finding.sentence)"] = finding.at.microseconds
        }
        complaints += books.map { "the books of post \($0.post + 1): \($0.finding.sentence)" }
        let defects = watchers.flatMap(\.defects)
        for defect in defects {
            complaints.append("the supervisor had to step in: \(defect.text)")
            complaintInstants["the supervisor had to step in: \(defect.text)"] = defect.at.microseconds
        }
        complaints += stuck.map { "stuck: \($0)" }
        var verdict: Verdict =
            isErroneous
            ? .error
            : !findings.isEmpty || !books.isEmpty
                ? .unsafe
                : !defects.isEmpty
                    ? .defect : !stuck.isEmpty ? .stuck : checks.allSatisfy(\.isMet) ? .passed : .failed
        if let wanted = scenario.mustBe, verdict != .error {
            complaints = verdict == wanted ? [] : ["a canary: it must be \(wanted), and is \(verdict)"] + complaints
            verdict = verdict == wanted ? .passed : .failed
        }
        var exercise = Exercise()
        for watcher in watchers { exercise.add(watcher.exercise) }
        let signs =
            findings.map(\.kind.rawValue) + books.map(\.finding.kind.rawValue) + watchers.flatMap(\.signs)
            + stuck.map { $0.contains("owes") ? "records_owed" : "stuck" }
        var whole = ScenarioResult(
            path: path, title: scenario.title, verdict: verdict, checks: checks, complaints: complaints,
            lastEvents: watchers.flatMap(\.last).suffix(10).map { $0 },
            virtualMicroseconds: site.world.now.microseconds, hash: site.hash,
            day: day(findings: findings.count + defects.count), exercise: exercise, signs: signs,
            traces: collector.map { [(nil, $0.trace(scenario, path: path))] } ?? [])
        (whole.unreached, whole.neverSo, whole.seed) = (unreached, neverSo, scenario.seed)
        whole.complaintInstants = complaintInstants
        whole.tellTraces()
        return whole
    }

    /// Expectations that the play did not come to.
    private var unreached: [Statement] {
        let reached = Set(checks.map(\.line))
        let all =
            scenario.timeline.compactMap { step -> Statement? in
                guard case .expect(let expectation) = step.deed else { return nil }
                return Statement(expected: expectation.check.sentence, line: step.position.line)
            }
            + scenario.atEnd.map {
                Statement(expected: "at the end: \($0.value.sentence)", line: $0.position.line)
            }
        return all.filter { !reached.contains($0.line) }
    }

    private var neverSo: [Statement] {
        scenario.never.indices.filter { !brokenNever.contains($0) }.map {
            Statement(expected: scenario.never[$0].value.sentence, line: scenario.never[$0].position.line)
        }
    }
}

extension ScenarioPlayer {
    /// Records of all posts that the cloud does not have yet.
    var recordsOwed: Int64 { memories.reduce(0) { $0 + $1.recordsOwed } }

    /// What the day came to, if there was a crowd.
    private func day(findings: Int) -> SiteDay? {
        guard var day = crowd?.day else { return nil }
        for memory in memories { day.take(memory.sessions()) }
        day.owed = milestones
        day.owedAtTheEnd = recordsOwed
        day.findings = findings
        if let last = site.world.cloud.lastRecordAt { day.lastRecordDelivered = timeOfDay(last) }
        return day
    }
}

/// The time of day of an instant, UTC: stories begin at midnight.
func timeOfDay(_ instant: Instant) -> String {
    String(clock(Instant(microseconds: instant.microseconds % 86_400_000_000)).prefix(5))
}

/// An instant as hours, minutes, seconds and milliseconds.
func clock(_ instant: Instant) -> String {
    let milliseconds = instant.microseconds / 1_000
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let rest = "\(1_000 + milliseconds % 1_000)".dropFirst()
    return
        "\(two(milliseconds / 3_600_000)):\(two(milliseconds / 60_000 % 60)):\(two(milliseconds / 1_000 % 60)).\(rest)"
}
