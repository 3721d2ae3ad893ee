// One live post: records, look-ups and control loop, started in this order and stopped in reverse.

import AllowList
import Console
import DaemonConfiguration
import Foundation
import Ledger
import Logging
import Post
import Runtime
import ServiceLifecycle

/// The running post as a service, and as what the console asks.
final class LivePost: Service, ConsoleSource {
    let control: LiveControl
    let lookUps: LookUpThread
    private let records: any LiveRecords
    private let recordThread: RecordThread?
    private let loop: LiveLoop
    private let configuration: DaemonConfiguration
    private let backend: Backend
    private let problems: [String]
    private let allowList: String
    private let logger: Logger

    init(_ configuration: DaemonConfiguration, _ backend: Backend, _ logger: Logger) throws {
        self.configuration = configuration
        self.backend = backend
        self.logger = logger
        let wall: @Sendable () -> WallClock = {
            WallClock(utcMilliseconds: WallTime.machineUTCMilliseconds, quality: 1)
        }
        control = try LiveControl()
        var problems: [String] = []
        try? FileManager.default.createDirectory(
            atPath: configuration.stateFolder, withIntermediateDirectories: true)
        let opened = Result { try OpenRecords(configuration.stateFolder + "/records.sqlite", wall()) }
        let known: OpenRecords?
        switch opened {
        case .success(let found):
            known = found
            if let aside = found.ledger.quarantined {
                logger.error("the records were damaged; they were kept as \(aside) and new ones begun")
            }
        case .failure(let error):
            known = nil
            problems.append("\(error)")
            logger.critical("\(error)")
        }
        let postKey = known?.postKey ?? KeyMaker.randomBytes()
        let naming = TokenNaming(key: postKey)
        lookUps = try LookUpThread(inbox: control.inbox, naming: { name(of: $0, naming) })
        (allowList, problems) = installList(configuration, lookUps, problems, logger)
        let restored = known?.restored ?? Restored(boot: BootFacts(bootNumber: 1, uncleanStarts: 0))
        let outbox = known.map { Outbox(acknowledged: $0.acknowledged, newest: $0.newest) }
        if let known {
            let thread = try RecordThread(ledger: known.ledger, inbox: control.inbox, wall: wall)
            (records, recordThread) = (thread, thread)
        } else {
            (records, recordThread) = (RefusingRecords(inbox: control.inbox), nil)
        }
        loop = try LiveLoop(
            options: LiveOptions(
                configuration: configuration.post, clock: LoopClock(speed: backend.speed), restored: restored,
                outbox: outbox ?? Outbox(acknowledged: 0, newest: 0)),
            control: control, records: records, plant: backend.plant)
        self.problems = problems
    }

    /// Lives until it is told to stop: sessions end in the orderly way, outputs are the last to go.
    func run() async throws {
        await withGracefulShutdownHandler {
            let journal = Task { await self.keepJournal() }
            try? await gracefulShutdown()
            journal.cancel()
        } onGracefulShutdown: {}
        let (loop, lookUps, recordThread) = (loop, lookUps, recordThread)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread {
                loop.stop(within: .seconds(5))
                lookUps.stop()
                recordThread?.stop(cleanly: true)
                continuation.resume()
            }
        }
    }

    /// Everything the post reports, as log lines.
    private func keepJournal() async {
        for sentence in loop.notPermitted { logger.warning("\(sentence)") }
        guard let changes = control.board.changes() else { return }
        var seen: UInt64 = 0
        for await _ in changes {
            for line in control.board.reports(after: seen).reports {
                seen = line.number
                let (code, connector, sentence) = Wording.line(line.report)
                let level: Logger.Level = code == "defect" ? .critical : code == "fault_raised" ? .warning : .info
                logger.log(
                    level: level, "\(sentence)",
                    metadata: ["event": "\(code)", "connector": connector.map { "\($0)" } ?? "-"])
            }
        }
    }

    // What the console asks

    func status() -> StatusView {
        let snapshot = control.board.snapshot
        return StatusView(
            name: configuration.name, version: DaemonProgram.version, backend: backend.word, problems: problems,
            now: snapshot.at, utcMilliseconds: WallTime.machineUTCMilliseconds,
            connectorNames: configuration.connectorNames, connectors: snapshot.connectors,
            isCloudReachable: snapshot.isCloudReachable, recordsOwed: snapshot.recordsOwed, allowList: allowList,
            longestStepMicroseconds: snapshot.figures.longestStepMicroseconds, newestReport: snapshot.newestReport)
    }

    func journal(after number: UInt64) -> (lines: [JournalLine], isGap: Bool) {
        let (reports, isGap) = control.board.reports(after: number)
        return (
            reports.map { JournalLine(number: $0.number, utcMilliseconds: $0.utcMilliseconds, report: $0.report) }, isGap
        )
    }

    func changes() -> AsyncStream<Void>? { control.board.changes() }

    func command(_ command: OperatorCommand) async throws(ConsoleProblem) -> Refusal? {
        do { return try await control.send(command) } catch {
            throw ConsoleProblem(
                status: 503, code: "busy", message: "\(error)", whatToDo: "Try again in a moment.")
        }
    }

    func sessions(limit: Int) async throws(ConsoleProblem) -> [SessionView] {
        guard let recordThread else { return [] }
        do {
            return try await recordThread.ask { ledger in
                try ledger.sessions(limit: limit).map { record in
                    SessionView(
                        id: "\(record.start.session.boot)-\(record.start.session.counter)",
                        connector: Int(record.start.connector.index) + 1, energyWattHours: record.energyWattHours,
                        startedUTC: record.startedUTCMilliseconds, stoppedUTC: record.stoppedUTCMilliseconds,
                        stopReason: record.stopReason.map { snakeCase("\($0)") }, fault: record.stopFault?.code)
                }
            }
        } catch {
            throw ConsoleProblem(
                status: 503, code: "records_failing", message: "\(error)", whatToDo: "Look at the daemon's log.")
        }
    }
}

/// The records, opened, and what they know.
struct OpenRecords {
    let ledger: Ledger
    let restored: Restored
    let postKey: [UInt8]
    let newest: Int64
    let acknowledged: Int64

    init(_ path: String, _ clock: WallClock) throws {
        ledger = try Ledger(path: path)
        let recovered = try ledger.begin(clock)
        restored = Restored(boot: recovered.boot, latches: recovered.latches, openSessions: recovered.openSessions)
        (newest, acknowledged) = try ledger.outbox()
        if let key = try ledger.fact("post_key") {
            postKey = key
        } else {
            postKey = KeyMaker.randomBytes()
            try ledger.keep(postKey, as: "post_key")
        }
    }
}

/// A post whose configuration cannot be used.
struct TroubledPost: ConsoleSource {
    let problems: [String]
    func status() -> StatusView {
        StatusView(
            name: "not configured", version: DaemonProgram.version, backend: "none", problems: problems, now: .zero,
            utcMilliseconds: WallTime.machineUTCMilliseconds, connectorNames: [], connectors: [],
            isCloudReachable: false, recordsOwed: 0, allowList: "none", longestStepMicroseconds: 0, newestReport: 0)
    }
    func journal(after number: UInt64) -> (lines: [JournalLine], isGap: Bool) { ([], false) }
    func changes() -> AsyncStream<Void>? { AsyncStream { _ in } }
    func command(_ command: OperatorCommand) async throws(ConsoleProblem) -> Refusal? { .notReadyYet }
    func sessions(limit: Int) async throws(ConsoleProblem) -> [SessionView] { [] }
}
