// Owns the ledger and its disk: takes requests without waiting, writes them in order, answers by the inbox.

import Glibc
public import Ledger
public import Post
import Synchronization
import Threads

/// Who makes records durable for a live post.
public protocol LiveRecords: RecordPort, Sendable {
    /// The cloud has acknowledged everything up to a number; the records remember it.
    func acknowledged(_ number: Int64)
}

/// Stands in for records that could not be opened: every start is refused, so no energy flows, and the post says
/// why.
public final class RefusingRecords: LiveRecords {
    private let inbox: LiveInbox

    /// Refuses through this inbox.
    public init(inbox: LiveInbox) { self.inbox = inbox }

    /// Refuses.
    public func submit(_ request: RecordRequest) {
        inbox.post(request.answer(.failed))
    }
    /// There is nothing to remember it in.
    public func acknowledged(_ number: Int64) {}
}

/// The thread that writes. A hanging disk holds up this thread and nobody else.
public final class RecordThread: LiveRecords {
    /// Questions that may wait. Engineering default.
    public static let questionsAtMost = 16

    /// How often the disk is looked at: whether there is room, and whether it takes anything again. Engineering default.
    private static let lookEveryMilliseconds: Int64 = 10_000
    /// With less room than this a record that fitted may have been the last: 1 MiB, about a thousand sessions. Engineering
    /// default.
    private static let roomWanted: Int64 = 1 << 20
    /// A longer log is taken over although no session has begun or ended. 1 MiB: a quarter of what SQLite lets it grow to.
    private static let logAtMost: Int64 = 1 << 20
    /// How often it is written down how long this boot has lived, while that matters.
    private static let markEveryMilliseconds: Int64 = 60_000
    /// How far the time that is known may run ahead of the one that is saved, in seconds: what a post without a clock
    /// forgets in a restart. 10 min: a few kilobytes of flash a day. Engineering default.
    static let floorSavedEverySeconds: Int64 = 600

    private struct Queue {
        let startedAtNanoseconds = LoopClock.monotonicNanoseconds
        var markedMilliseconds: Int64 = 0
        var requests = RecordQueue()
        var questions: [@Sendable (Ledger?) -> Void] = []
        var acknowledged: Int64?
        var isClosed = false
        var stopsCleanly = false
        var failures: UInt64 = 0
        var trouble: String?
        var freeBytes: Int64?
        var savedFloor: Int64 = 0
    }
    private let queue = Mutex(Queue())
    private let worker: WorkThread<Ledger>
    private let inbox: LiveInbox
    private let wall: @Sendable () -> WallClock
    private let floor: @Sendable () -> TimeFloorNow?
    private let holding: Interval

    /// Takes over an opened ledger and starts the thread.
    ///
    /// - Parameters:
    ///   - ledger: The records; nobody else may use them afterwards.
    ///   - inbox: Where outcomes go.
    ///   - wall: Reads the wall clock and says how far it is trusted.
    ///   - floor: The earliest that it can be now: it is saved from time to time, and kept with each start.
    ///   - holding: How much longer each commit takes: a bench's slow disk. Zero on a post.
    public init(
        ledger: sending Ledger, inbox: LiveInbox, wall: @escaping @Sendable () -> WallClock,
        floor: @escaping @Sendable () -> TimeFloorNow? = { nil }, holding: Interval = .zero
    ) throws(LiveError) {
        guard let worker = WorkThread<Ledger>() else { throw .noDescriptor }
        self.worker = worker
        self.inbox = inbox
        self.wall = wall
        self.floor = floor
        self.holding = holding
        do {
            try worker.start("records", owned: ledger, period: Self.lookEveryMilliseconds) { [weak self] ledger in
                self?.work(ledger)
            }
        } catch {
            throw .noThread(error.description)
        }
    }

    /// Takes a request and returns at once; its outcome comes back through the inbox.
    public func submit(_ request: RecordRequest) {
        let isTaken = queue.withLock { queue -> Bool in
            guard !queue.isClosed else { return false }
            return queue.requests.add(request)
        }
        if isTaken {
            worker.wake()
        } else {
            inbox.post(request.answer(.failed))
        }
    }

    /// Asks the records something, on their own thread. Throws `busy` when too many questions wait.
    public func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (Ledger) throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            ask(question) { continuation.resume(with: $0) }
        }
    }

    /// The same for threads that are no task; `take` gets the answer, on the records' thread unless it is refused.
    public func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (Ledger) throws -> Answer,
        take: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) {
        let refusal = queue.withLock { queue -> LiveError? in
            guard !queue.isClosed else { return .stopped }
            guard queue.questions.count < Self.questionsAtMost else { return .busy }
            queue.questions.append { ledger in
                guard let ledger else { return take(.failure(LiveError.stopped)) }
                take(Result { try question(ledger) })
            }
            return nil
        }
        if let refusal { take(.failure(refusal)) } else { worker.wake() }
    }

    /// The cloud has acknowledged everything up to a number.
    public func acknowledged(_ number: Int64) {
        queue.withLock { $0.acknowledged = max(number, $0.acknowledged ?? 0) }
        worker.wake()
    }

    /// Requests that the disk has refused so far.
    public var failures: UInt64 { queue.withLock { $0.failures } }

    /// Why the newest record could not be written, and what to do; nil while the disk takes them.
    public var trouble: String? { queue.withLock { $0.trouble } }

    /// Room that is left where the records lie, in bytes; nil until it has been looked at.
    public var freeBytes: Int64? { queue.withLock { $0.freeBytes } }

    /// Writes what waits and ends the thread. `cleanly` says in the records that the process ended on purpose.
    public func stop(cleanly: Bool) {
        queue.withLock {
            $0.isClosed = true
            $0.stopsCleanly = cleanly
        }
        worker.stop()
        let left = queue.withLock { queue -> [@Sendable (Ledger?) -> Void] in
            defer { queue.questions = [] }
            return queue.questions
        }
        for question in left { question(nil) }
    }

    private func work(_ ledger: Ledger) {
        writeWhatWaits(ledger)
        mark(ledger)
        look(ledger)
        saveFloor(ledger, ahead: Self.floorSavedEverySeconds)
        while let question = queue.withLock({ $0.questions.isEmpty ? nil : $0.questions.removeFirst() }) {
            question(ledger)
        }
        let isLast = queue.withLock { queue -> Bool in
            defer { queue.stopsCleanly = false }
            return queue.isClosed && queue.stopsCleanly && queue.requests.count == 0
        }
        guard isLast else { return }
        saveFloor(ledger, ahead: 1)
        try? ledger.stopCleanly()
    }

    /// How much room there is; and where the disk refused a record, whether it takes one again.
    private func look(_ ledger: Ledger) {
        if ledger.logBytes > Self.logAtMost { ledger.takeOverLog() }
        let free = ledger.freeBytes
        queue.withLock { $0.freeBytes = free }
        guard queue.withLock({ $0.trouble != nil }) else { return }
        do {
            try ledger.keep(timeFloor: floor()?.parts ?? ledger.timeFloor())
            guard (free ?? .max) >= Self.roomWanted else { return }
            queue.withLock { $0.trouble = nil }
        } catch {
            queue.withLock { $0.trouble = error.description }
        }
    }

    /// A crash loop is told from last month's power cuts by how long each boot lived.
    private func mark(_ ledger: Ledger) {
        let due = queue.withLock { queue -> Int64? in
            let lived = (LoopClock.monotonicNanoseconds - queue.startedAtNanoseconds) / 1_000_000
            guard lived - queue.markedMilliseconds >= Self.markEveryMilliseconds,
                queue.markedMilliseconds <= Ledger.uncleanWindowMilliseconds
            else { return nil }
            queue.markedMilliseconds = lived
            return lived
        }
        if let due { try? ledger.lived(milliseconds: due) }
    }

    /// The time that is known is saved once it is so many seconds ahead: a signed date at once, elapsed time in steps, and what
    /// has been taken back at once.
    private func saveFloor(_ ledger: Ledger, ahead: Int64) {
        guard let floor = floor(),
            queue.withLock({
                !(0..<ahead).contains(floor.seconds.subtractingReportingOverflow($0.savedFloor).partialValue)
            })
        else { return }
        guard (try? ledger.keep(timeFloor: floor.parts)) != nil else { return }
        queue.withLock { $0.savedFloor = floor.seconds }
    }

    private func writeWhatWaits(_ ledger: Ledger) {
        var hasSession = false
        defer { if hasSession { ledger.takeOverLog() } }
        while let request = queue.withLock({ $0.requests.next() }) {
            let outcome = perform(request, ledger)
            if outcome == .failed { queue.withLock { $0.failures += 1 } }
            // First what is owed, then that it is on the disk: an acknowledgement never settles what it has not heard of.
            tellOutbox(request, outcome, ledger)
            inbox.post(request.answer(outcome))
            switch request {
            case .start, .stop: hasSession = true
            case .sample, .latch, .meter, .availability: break
            }
        }
        if let number = queue.withLock({ queue -> Int64? in
            defer { queue.acknowledged = nil }
            return queue.acknowledged
        }) {
            try? ledger.acknowledge(upTo: number)
        }
    }

    /// A bench's slow disk: the thread of the records waits, and nobody else does.
    private func hold() {
        guard holding > .zero else { return }
        let (seconds, rest) = holding.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        var (wanted, left) = (timespec(tv_sec: Int(seconds), tv_nsec: Int(rest) * 1_000), timespec())
        while nanosleep(&wanted, &left) != 0, errno == EINTR { wanted = left }
    }

    private func perform(_ request: RecordRequest, _ ledger: Ledger) -> RecordOutcome {
        hold()
        do {
            let outcome = try write(request, ledger)
            // One that just fitted is no sign that the next one will.
            queue.withLock { if ($0.freeBytes ?? .max) >= Self.roomWanted { $0.trouble = nil } }
            return outcome
        } catch {
            queue.withLock { $0.trouble = error.description }
            return .failed
        }
    }

    private func write(_ request: RecordRequest, _ ledger: Ledger) throws(LedgerError) -> RecordOutcome {
        switch request {
        case .start(let start): return try ledger.record(start, wall(), floor: floor()?.counted)
        case .sample(let sample): return try ledger.record(sample)
        case .stop(let stop): return try ledger.record(stop, wall())
        case .latch(let latch, let isSet):
            try ledger.record(latch, isSet: isSet)
            return .recorded
        case .meter(let meter):
            try ledger.record(meter)
            return .recorded
        case .availability(let id, let isIn):
            try ledger.record(id, isInService: isIn)
            return .recorded
        }
    }

    private func tellOutbox(_ request: RecordRequest, _ outcome: RecordOutcome, _ ledger: Ledger) {
        switch request {
        case .start, .stop:
            guard outcome == .recorded, let state = try? ledger.outbox() else { return }
            inbox.tell(OutboxNews(newest: state.newest, acknowledged: state.acknowledged))
        case .sample, .latch, .meter, .availability: break
        }
    }
}

/// Why the live driver could not do what was asked.
public enum LiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Too much waits already.
    case busy
    /// The loop or the thread has stopped.
    case stopped
    /// The process has no descriptor left.
    case noDescriptor
    /// No thread could be made; the sentence says why.
    case noThread(String)

    /// One sentence: what, and what to do.
    public var description: String {
        switch self {
        case .busy: "The post has too much to do at this moment: ask again in a second."
        case .stopped: "The post is stopping and takes nothing new: ask again when the daemon runs."
        case .noDescriptor:
            "The process may open no more files: raise LimitNOFILE of the service, or find what holds them open."
        case .noThread(let sentence): sentence
        }
    }
}
