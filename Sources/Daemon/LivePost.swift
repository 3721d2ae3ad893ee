// One live post: records, look-ups and control loop, started in this order and stopped in reverse.

import AllowList
import Console
import DaemonConfiguration
import Foundation
import Glibc
import Ledger
import Logging
import Post
import Runtime
import ServiceLifecycle
import Synchronization

/// The running post as a service, and as what the console asks.
final class LivePost: Service, ConsoleSource {
    /// What a post is given besides its configuration.
    struct Surroundings: Sendable {
        var file: String
        var backend: Backend
        var logger: Logger
        var level: LogLevel
        var manager: ServiceManager?
    }
    /// What changes when the configuration is read again.
    struct Current: Sendable {
        var configuration: DaemonConfiguration
        var view: ConfigurationView
    }

    let control: LiveControl
    let lookUps: LookUpThread
    let lists: ListKeeper
    let time: TimeKeeper
    let recordThread: RecordThread?
    let surroundings: Surroundings
    let current: Mutex<Current>
    let problems: [String]
    private let records: any LiveRecords
    private let loop: LiveLoop
    private let drain: FlightDrain?

    init(_ configuration: DaemonConfiguration, _ surroundings: Surroundings) throws {
        self.surroundings = surroundings
        let logger = surroundings.logger
        var view = ConfigurationView(file: surroundings.file)
        view.read_at = WallTime.machineUTCMilliseconds / 1_000
        current = Mutex(Current(configuration: configuration, view: view))
        control = try LiveControl()
        let time = TimeKeeper(
            known: [PostClock.plausibleFromMilliseconds / 1_000],
            isVouched: configuration.allowList.isClockAuthenticated, clock: { PostClock.reading })
        self.time = time
        let known = OpenRecords.open(configuration.stateFolder + "/records.sqlite", time, logger)
        problems = known.problem.map { [$0] } ?? []
        let naming = TokenNaming(key: known.records?.postKey ?? KeyMaker.randomBytes())
        lookUps = try LookUpThread(inbox: control.inbox, naming: { name(of: $0, naming) })
        lists = ListKeeper(in: configuration.stateFolder, lookUps, time, logger)
        if let ledger = known.records?.ledger {
            lists.begin(configuration.allowList, mark: ledger)
        } else {
            lists.begin(configuration.allowList, mark: NoMark())
        }
        let priority = Int32(configuration.realTime.priority)
        var options = LiveOptions(
            configuration: configuration.post, clock: surroundings.backend.clock,
            restored: known.records?.restored ?? Restored(boot: BootFacts(bootNumber: 1, uncleanStarts: 0)))
        options.risk = known.records?.risk ?? RiskDesk()
        options.outbox = Outbox(acknowledged: known.records?.acknowledged ?? 0, newest: known.records?.newest ?? 0)
        options.recording = configuration.flightRecording
        let kept = configuration.stateFolder + "/recording"
        options.recordingAfter = FlightDrain.newest(in: kept)
        options.program = "holdfast \(DaemonProgram.version)"
        options.privileges = LoopPrivileges(
            realtimePriority: priority == 0 ? nil : priority, locksMemory: configuration.realTime.locksMemory)
        if let manager = surroundings.manager, manager.watchdogMicroseconds != nil {
            options.beat = { manager.beat() }
        }
        if let known = known.records {
            let thread = try RecordThread(
                ledger: known.ledger, inbox: control.inbox, wall: { time.stamp }, floor: { time.lowerBound },
                holding: surroundings.backend.commitsHeldFor)
            (records, recordThread) = (thread, thread)
        } else {
            (records, recordThread) = (RefusingRecords(inbox: control.inbox), nil)
        }
        makeFolder(of: configuration.flightRecording)
        let plant = surroundings.backend.plant
        loop = try LiveLoop(
            options: options, control: control, records: records,
            plant: { [lookUps] control in plant(control, lookUps) })
        drain = Self.drain(configuration.flightRecording, into: kept, logger)
    }

    /// What the loop records in memory is kept on the disk by a thread of its own. A post that cannot keep it serves all
    /// the same, and says so.
    private static func drain(_ ring: String, into folder: String, _ logger: Logger) -> FlightDrain? {
        do throws(FlightArchive.Failure) {
            let drain = try FlightDrain.start(ring: ring, folder: folder)
            // Whoever takes the ring away finds the rest by this.
            let link = ring + FlightCopy.keptSuffix
            unlink(link)
            if symlink(folder, link) != 0 {
                logger.warning("\(link) cannot be made: `holdfast record export \(folder)` takes what is kept")
            }
            return drain
        } catch {
            logger.warning("\(error)")
            return nil
        }
    }

    /// Lives until it is told to stop: sessions end in the orderly way, outputs are the last to go.
    func run() async throws {
        let manager = surroundings.manager
        await withGracefulShutdownHandler {
            let journal = Task { await self.keepJournal() }
            try? await gracefulShutdown()
            journal.cancel()
        } onGracefulShutdown: {
            manager?.stopping()
        }
        let (loop, lookUps, recordThread, drain) = (loop, lookUps, recordThread, drain)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread {
                loop.stop(within: .seconds(5))
                lookUps.stop()
                recordThread?.stop(cleanly: true)
                drain?.stop()
                continuation.resume()
            }
        }
    }

    /// Returns once the loop has made its first turn.
    func untilRunning() async {
        guard let changes = control.board.changes() else { return }
        for await _ in changes where control.board.snapshot.isRunning { return }
    }

    /// What works less well than it could.
    var warnings: [String] { loop.notPermitted }

    /// Everything the post reports, as log lines, and the state in one sentence to the service manager.
    private func keepJournal() async {
        let logger = surroundings.logger
        guard let changes = control.board.changes() else { return }
        var seen: UInt64 = 0
        var told = ""
        var areWarningsTold = false
        var troubles: [String] = []
        for await _ in changes {
            if !areWarningsTold, control.board.snapshot.isRunning {
                for sentence in warnings { logger.warning("\(sentence)") }
                areWarningsTold = true
            }
            for line in control.board.reports(after: seen).reports {
                if line.number > seen + 1 {
                    logger.warning("the log is too slow: \(line.number - seen - 1) lines were left out")
                }
                seen = line.number
                let (code, connector, sentence) = Wording.line(line.report)
                let level: Logger.Level = code == "defect" ? .critical : code == "fault_raised" ? .warning : .info
                var fields: Logger.Metadata = ["event": "\(code)", "connector": connector.map { "\($0)" } ?? "-"]
                switch line.report {
                case .faultRaised(let fault, _), .faultCleared(let fault, _): fields["fault"] = "\(fault.code)"
                case .refused(let refusal, _): fields["refusal"] = "\(refusal.code)"
                default: break
                }
                logger.log(level: level, "\(sentence)", metadata: fields)
            }
            let present = surroundings.backend.troubles() + [drain?.figures.problem].compactMap { $0 }
            for sentence in present where !troubles.contains(sentence) {
                logger.warning("\(sentence)", metadata: ["event": "device_trouble"])
            }
            for sentence in troubles where !present.contains(sentence) {
                logger.notice("over: \(sentence)", metadata: ["event": "device_trouble_over"])
            }
            troubles = present
            let now = sentence
            if now != told {
                surroundings.manager?.status(now)
                told = now
            }
        }
    }
}

/// The records, opened, and what they know.
struct OpenRecords {
    let ledger: Ledger
    let restored: Restored
    let risk: RiskDesk
    let postKey: [UInt8]
    let newest: Int64
    let acknowledged: Int64

    /// The records at a path; where they cannot be used, the sentence that says why.
    static func open(
        _ path: String, _ time: TimeKeeper, _ logger: Logger
    ) -> (records: OpenRecords?, problem: String?) {
        do {
            let found = try OpenRecords(path, time)
            if let aside = found.ledger.quarantined {
                logger.error("the records were damaged; they were kept as \(aside) and new ones begun")
            }
            return (found, nil)
        } catch {
            logger.critical("\(error)")
            return (nil, "\(error)")
        }
    }

    private init(_ path: String, _ time: TimeKeeper) throws {
        ledger = try Ledger(path: path)
        if let saved = ledger.timeFloor() { time.raise(to: saved) }
        let clock = time.stamp
        let recovered = try ledger.begin(clock)
        restored = Restored(boot: recovered.boot, latches: recovered.latches, openSessions: recovered.openSessions)
        (newest, acknowledged) = try ledger.outbox()
        postKey = try ledger.secret("post_key")
        let since = clock.utcMilliseconds - Ledger.counterWindowMilliseconds
        risk = RiskDesk(
            try ledger.recentUse(since: since, limit: RiskDesk.sessionsAtMost),
            utcMilliseconds: clock.utcMilliseconds)
    }
}
