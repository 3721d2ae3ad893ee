// One turn of the loop after another: what is due, what came in, what is owed, what others may see.

import Devices
import Post
import Threads

/// The loop's own state. Belongs to the loop's thread.
final class LoopDriver: StepObserver {
    /// Longest sleep, so that the hardware watchdog is fed in time. Engineering default: a quarter of a second.
    static let sleepAtMostMilliseconds: Int64 = 250
    /// Happenings of a simulated world in one turn at most; a world that cannot keep up falls behind, and others
    /// still get their turn.
    static let happeningsAtMost = 20_000
    /// Shortest time of the wall between two publications that only carry new figures, in nanoseconds.
    static let publishedEveryNanoseconds: Int64 = 50_000_000

    private let options: LiveOptions
    private let control: LiveControl
    private let records: any LiveRecords
    private let plant: any LivePlant
    private let shared: LiveLoop.SharedBox
    private let runtime: PostRuntime
    private var risk: RiskDesk
    private var outbox: Outbox
    private var batch = InboxBatch()
    private var figures = LoopFigures()
    private var reports: [NumberedReport] = []
    private var reached = Instant.zero
    private var endsAt: Instant?
    private var publishedAt: Int64 = 0
    private var beatAt: Int64 = 0
    private var isStale = true
    private var recorder: FlightRecorder?
    private var hasDecided = false

    init(
        _ options: LiveOptions, _ control: LiveControl, _ records: any LiveRecords, _ plant: any LivePlant,
        _ shared: LiveLoop.SharedBox
    ) {
        var options = options
        options.configuration.limits = options.clock.limits(options.configuration.limits)
        self.options = options
        self.control = control
        self.records = records
        self.plant = plant
        self.shared = shared
        risk = options.risk
        outbox = options.outbox
        runtime = PostRuntime(
            configuration: options.configuration, devices: plant.devices, records: records, cloud: plant.cloud)
        runtime.observer = self
        if let path = options.recording { record(path) }
        reports.reserveCapacity(LiveBoard.reportsAtMost)
    }

    /// A post that cannot record serves all the same, and says so.
    private func record(_ path: String) {
        do {
            let ring = try FlightRing(path: path, after: options.recordingAfter)
            recorder = FlightRecorder(
                ring, configuration: options.configuration, program: options.program, at: options.clock.now)
            runtime.recorder = recorder
        } catch {
            shared.notPermitted.append(error.description)
        }
    }

    /// Runs until told to stop.
    func run() {
        plant.connect(
            deliver: { [weak self] event, now in self?.timed { $0.step(event, at: now) } },
            linesChanged: { [weak self] now in self?.timed { $0.pollLines(at: now) } })
        reached = options.clock.now
        plant.advance(to: reached)
        timed { [restored = options.restored, reached] in $0.start(restored, at: reached) }
        var hasEdges = false
        while true {
            turn(hasEdges: hasEdges)
            if isOver { break }
            hasEdges = control.inbox.pipe.wait(milliseconds: sleep, others: plant.edgeDescriptors)
        }
        runtime.makeSafe()
        publish(isRunning: false)
        control.close()
    }

    private func turn(hasEdges: Bool) {
        let began = LoopClock.monotonicNanoseconds
        figures.turns += 1
        let target = options.clock.now
        if hasEdges {
            // Before anything else: an interlock may be among them. What is read now counts from where the post is, which may
            // be a little behind the clock: a reading from the future would be none when what is due is made up for.
            plant.takeEdges()
            timed { [reached] in $0.pollLines(at: reached) }
        }
        advancePlant(to: target)
        takeInbox()
        timed { [reached] in $0.timePassed(at: reached) }
        if let deadline = outbox.nextDeadline, deadline <= reached {
            carry(outbox.timePassed(at: reached, chance: UInt64.random(in: 0...UInt64.max)))
        }
        do {
            try plant.devices.watchdog.feed()
        } catch {
            figures.watchdogFailures += 1
        }
        // Every connector is idle where the post itself asks for it.
        let within = shared.stopWithin ?? (runtime.wantsRestart ? .zero : nil)
        if endsAt == nil, let within { beginEnd(within: within) }
        let ended = LoopClock.monotonicNanoseconds
        figures.longestTurnMicroseconds = max(figures.longestTurnMicroseconds, (ended - began) / 1_000)
        if ended - beatAt >= 1_000_000_000 {
            beatAt = ended
            options.beat?()
        }
        // A card's answer is shown at once, whatever it was.
        if !reports.isEmpty || hasDecided || (isStale && ended - publishedAt >= Self.publishedEveryNanoseconds) {
            publish(isRunning: true)
            publishedAt = ended
        }
    }

    /// A simulated world and the post's own deadlines take turns in the order of their instants, as in virtual
    /// time.
    private func advancePlant(to target: Instant) {
        var happenings = 0
        while let next = plant.nextEvent, happenings < Self.happeningsAtMost {
            let deadline = runtime.nextDeadline ?? .distantFuture
            let due = max(reached, min(next, deadline))
            guard due <= target else { break }
            happenings += 1
            reached = due
            // The world first, even where nothing happens in it: what the post then asks of it counts from this instant.
            plant.advance(to: due)
            if deadline < next { timed { $0.timePassed(at: due) } }
        }
        // Only who has done all that was due is where the clock is.
        if happenings < Self.happeningsAtMost {
            plant.advance(to: target)
            reached = max(reached, target)
        }
    }

    private func takeInbox() {
        batch.removeAll()
        control.inbox.take(into: &batch)
        figures.inbox = batch.counts
        for event in batch.events
        where plant.hears(event) && (endsAt == nil || !Self.beginsSomething(event)) {
            timed { [reached, event = paced(event)] in $0.step(event, at: reached) }
        }
        for (reader, answer, presentedAt) in batch.answers where endsAt == nil {
            let lookUp = risk.join(
                answer, at: reader, cloudIsThere: runtime.isCloudReachable, isOpen: runtime.hasOpenTap, now: reached
            )
            timed { [reached] in $0.step(.tokenLookedUp(reader, lookUp), at: reached) }
            figures.taps += 1
            figures.lastTapNanoseconds = LoopClock.monotonicNanoseconds - presentedAt
            figures.longestTapNanoseconds = max(figures.longestTapNanoseconds, figures.lastTapNanoseconds)
            hasDecided = true
        }
        if let news = batch.outbox { carry(outbox.recorded(news.newest, at: reached)) }
        for job in batch.jobs {
            job(
                LoopTurn(
                    now: reached, plant: plant,
                    post: { [self] event in timed { [reached] in $0.step(event, at: reached) } },
                    acknowledge: { [self] in acknowledged($0) },
                    writeDown: { [self] in recorder?.note($0, at: reached) }))
        }
    }

    /// A new configuration's limits count on this loop's clock, as those of the first did.
    private func paced(_ event: Event) -> Event {
        guard case .configured(var configuration) = event else { return event }
        configuration.limits = options.clock.limits(configuration.limits)
        return .configured(configuration)
    }

    /// While the post ends it takes up nothing new.
    private static func beginsSomething(_ event: Event) -> Bool {
        switch event {
        case .tokenPresented, .tokenLookedUp, .command, .configured: true
        default: false
        }
    }

    // The outbox

    private func carry(_ number: Int64?) {
        if let number { plant.carrier?.carry(number) }
    }

    private func acknowledged(_ number: Int64) {
        records.acknowledged(number)
        carry(outbox.acknowledge(number, at: reached))
        if outbox.owed == 0 { risk.cloudHeard() }
    }

    // Ending

    private func beginEnd(within interval: Interval) {
        endsAt = reached + interval
        for index in options.configuration.connectors.indices {
            let id = ConnectorID(UInt8(truncatingIfNeeded: index))
            // The number is of no caller: nobody waits for its answer.
            timed { [reached] in $0.step(.command(CommandNumber(0), .stop(id, .reboot)), at: reached) }
        }
    }

    private var isOver: Bool {
        guard let endsAt else { return false }
        if reached >= endsAt { return true }
        return options.configuration.connectors.indices.allSatisfy { index in
            let status = runtime.core.status(of: ConnectorID(UInt8(truncatingIfNeeded: index)))
            switch status.phase {
            case .preparing, .charging, .suspendedByVehicle, .suspendedByPost, .stopping: return false
            case .unavailable, .available, .reserved, .occupied, .authorized, .finishing, .faulted:
                return status.powerAllowed == nil
            }
        }
    }

    // Time

    /// How long to sleep, in milliseconds of the wall.
    private var sleep: Int64 {
        var next = runtime.nextDeadline ?? .distantFuture
        if let event = plant.nextEvent { next = min(next, event) }
        if let deadline = outbox.nextDeadline { next = min(next, deadline) }
        if let endsAt { next = min(next, endsAt) }
        let until = options.clock.wallMilliseconds(of: next - options.clock.now)
        // Something still to be shown keeps the loop from a long sleep.
        return min(until, isStale ? Self.publishedEveryNanoseconds / 1_000_000 : Self.sleepAtMostMilliseconds)
    }

    private func timed(_ body: (PostRuntime) -> Void) {
        let began = LoopClock.monotonicNanoseconds
        body(runtime)
        let took = (LoopClock.monotonicNanoseconds - began) / 1_000
        figures.longestStepMicroseconds = max(figures.longestStepMicroseconds, took)
    }

    // What others see

    /// Takes in what the core did.
    func didStep(_ event: Event, _ actions: Actions, at now: Instant) {
        figures.events += 1
        isStale = true
        risk.observe(event)
        if case .cloudLink(let isUp) = event { carry(outbox.link(isUp: isUp && plant.carrier != nil, at: now)) }
        for action in actions.list {
            risk.observe(action, at: now)
            if case .report(.refused(let refusal, _)) = action { figures.refused[Int(refusal.rawValue)] += 1 }
            switch action {
            case .answer(let number, let refusal): control.answered(number, refusal)
            case .report where reports.count >= LiveBoard.reportsAtMost: figures.reportsDropped += 1
            case .report(let report):
                reports.append(
                    NumberedReport(
                        number: 0, at: now, utcMilliseconds: WallTime.machineUTCMilliseconds, report: report))
            default: break
            }
        }
    }

    private func publish(isRunning: Bool) {
        var snapshot = PostSnapshot()
        snapshot.at = reached
        snapshot.connectors = options.configuration.connectors.indices.map {
            runtime.core.status(of: ConnectorID(UInt8(truncatingIfNeeded: $0)))
        }
        snapshot.isCloudReachable = runtime.core.isCloudReachable
        snapshot.isConfigurationPending = runtime.core.pendingConfiguration != nil
        snapshot.tariff = runtime.core.tariff
        snapshot.recordsOwed = outbox.owed
        snapshot.wattHoursAtRisk = risk.wattHoursAtRisk
        snapshot.residentBytes = runtime.core.residentBytes
        snapshot.wantsRestart = runtime.wantsRestart
        figures.recordingDropped = recorder?.dropped ?? 0
        snapshot.figures = figures
        snapshot.isRunning = isRunning
        control.board.publish(snapshot, reports)
        reports.removeAll(keepingCapacity: true)
        isStale = false
        hasDecided = false
    }
}
