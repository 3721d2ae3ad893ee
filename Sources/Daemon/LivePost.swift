// One live post: records, look-ups and control loop, started in this order and stopped in reverse.

import AllowList
import CommandOutput
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
        /// What is wrong with the board of a configuration, a line each: as a start would find it.
        var judgeBoard: @Sendable (DaemonConfiguration) -> [String] = { _ in [] }
    }
    /// What changes when the configuration is read again.
    struct Current: Sendable {
        var configuration: DaemonConfiguration
        var view: ConfigurationView
    }

    /// Whether loopback is served.
    let loopback = LoopbackState()
    let control: LiveControl
    let lookUps: LookUpThread
    let lists: ListKeeper
    let time: TimeKeeper
    let recordThread: RecordThread?
    let surroundings: Surroundings
    let current: Mutex<Current>
    /// Why the records could not be opened; nil where they could.
    private let unopened: String?
    /// Damaged records that were set aside, by this start or an earlier one, and lie there still.
    let damagedRecords: [String]
    private let records: any LiveRecords
    private let loop: LiveLoop
    let drain: FlightDrain?
    private let memory: ResidentMemory?
    private let clockWatch: WallClockWatch?
    private let recordingLock: FileLock

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
        unopened = known.problem
        damagedRecords = OpenRecords.setAside(in: configuration.stateFolder)
        let naming = TokenNaming(key: known.records?.postKey ?? KeyMaker.randomBytes())
        lookUps = try LookUpThread(inbox: control.inbox, naming: { name(of: $0, naming) })
        lists = try ListKeeper(in: configuration.stateFolder, lookUps, time, control, logger)
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
        makeFolder(of: configuration.flightRecording)
        recordingLock = FileLock(file: configuration.flightRecording)
        options.recording = recordingLock.isTakenByAnother ? nil : configuration.flightRecording
        let kept = configuration.stateFolder + "/recording"
        options.recordingAfter = FlightDrain.newest(in: kept)
        options.program = DaemonProgram.identity.text
        options.privileges = LoopPrivileges(
            realtimePriority: priority == 0 ? nil : priority, locksMemory: configuration.realTime.locksMemory)
        if let manager = surroundings.manager, manager.watchdogMicroseconds != nil {
            options.beat = { manager.beat() }
        }
        if let known = known.records {
            let thread = try RecordThread(
                ledger: known.ledger, inbox: control.inbox, wall: { time.stamp }, floor: { time.floor },
                holding: surroundings.backend.commitsHeldFor)
            (records, recordThread) = (thread, thread)
            lists.attach(thread)
        } else {
            (records, recordThread) = (RefusingRecords(inbox: control.inbox), nil)
        }
        let plant = surroundings.backend.plant
        loop = try LiveLoop(
            options: options, control: control, records: records,
            plant: { [lookUps] control in plant(control, lookUps) })
        drain = options.recording.flatMap { Self.drain($0, into: kept, logger) }
        memory = ResidentMemory(inbox: control.inbox)
        clockWatch = WallClockWatch(inbox: control.inbox) { PostClock.reading.utcMilliseconds }
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

    /// Lives until it is told to stop, or asks itself to be started anew: sessions end in the orderly way, outputs are the last to go.
    func run() async throws {
        let manager = surroundings.manager
        // Ends by itself, when the loop has ended and its last line is written: how sessions ended is part of it.
        // The stream is begun here, since one that begins after the end would have none.
        let changes = control.board.changes()
        let journal = Task { await keepJournal(changes) }
        await withGracefulShutdownHandler {
            await untilToldToStop()
        } onGracefulShutdown: {
            manager?.stopping()
        }
        if wantsRestart { manager?.stopping() }
        let (loop, lookUps, lists, recordThread, drain) = (loop, lookUps, lists, recordThread, drain)
        let (memory, clockWatch) = (memory, clockWatch)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread {
                memory?.stop()
                clockWatch?.stop()
                loop.stop(within: .seconds(5))
                lookUps.stop()
                lists.stop()
                recordThread?.stop(cleanly: true)
                drain?.stop()
                continuation.resume()
            }
        }
        await journal.value
    }

    /// Whether the post has asked to be started anew.
    var wantsRestart: Bool { control.board.snapshot.wantsRestart }

    /// Returns when somebody tells the daemon to stop, or the loop has ended by itself.
    private func untilToldToStop() async {
        let changes = control.board.changes()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await gracefulShutdown() }
            if let changes { group.addTask { for await _ in changes {} } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns once the loop has made its first turn.
    func untilRunning() async {
        guard let changes = control.board.changes() else { return }
        for await _ in changes where control.board.snapshot.isRunning { return }
    }

    /// Why the records cannot be used; nil while they can.
    var recordsProblem: String? {
        unopened.map { "\($0) Then start the daemon again (systemctl restart holdfastd)." } ?? recordThread?.trouble
    }

    /// The file of the flight recording; nil while another daemon records in it.
    var recording: String? {
        recordingLock.isTakenByAnother ? nil : current.withLock { $0.configuration.flightRecording }
    }

    /// What works less well than it could.
    var warnings: [String] {
        var warnings = loop.notPermitted
        let (path, state) = current.withLock { ($0.configuration.flightRecording, $0.configuration.stateFolder) }
        if recordingLock.isTakenByAnother {
            warnings.append(
                "nothing is recorded: another daemon records in \(path); give each a file of its own (flight_recording)"
            )
        }
        if let free = recordThread?.freeBytes, free < Ledger.freeBytesNeeded {
            warnings.append(
                "only \(free >> 20) MB are free below \(state): make room, for without it no session can be written down and none begins"
            )
        }
        return warnings
    }
}
