// What other threads have to say to the loop. Each kind of sender has its place and its answer to "full".

public import Devices
public import Post
import Synchronization
import Threads

/// The loop's inbox.
///
/// | what | place | at the bound |
/// |---|---|---|
/// | samples | a slot per point | the newer overwrites, and is counted |
/// | outcomes | a place is kept when the request is made | never full |
/// | taps | a slot per reader | a second one is refused |
/// | commands | a ring of 64 | the caller is told: busy |
///
/// Its lock is held for the copying of one event and for nothing that waits.
public final class LiveInbox: Inbox {
    /// Commands that may wait. 64: more than any console sends between two turns of the loop.
    public static let commandsAtMost = 64
    /// Outcomes that may wait. Engineering default; every request keeps its place in here before it is made.
    public static let outcomesAtMost = 1_024

    struct Contents {
        var urgent: [Event] = []
        var outcomes: [Event] = []
        /// Samples by point; `order` holds the filled slots in the order in which they were first filled.
        var samples: [Event?] = Array(repeating: nil, count: Slot.count)
        var order: [Int] = []
        var commands: [Event] = []
        var jobs: [Job] = []
        var answers: [(answer: LookUpAnswer, presentedAt: Int64)?] = Array(
            repeating: nil, count: PostConfiguration.readersAtMost)
        var outbox: OutboxNews?
        var kept = 0
        var isClosed = false
        var counts = InboxCounts()
    }
    /// Something to be done on the loop's thread; nil says that the loop has stopped.
    typealias Job = @Sendable (LoopTurn?) -> Void

    private let contents: Mutex<Contents>
    let pipe: WakePipe

    /// An empty inbox; nil if the process has no descriptor left.
    public init?() {
        guard let pipe = WakePipe() else { return nil }
        self.pipe = pipe
        var contents = Contents()
        contents.urgent.reserveCapacity(Self.commandsAtMost)
        contents.outcomes.reserveCapacity(Self.outcomesAtMost)
        contents.order.reserveCapacity(Slot.count)
        contents.commands.reserveCapacity(Self.commandsAtMost)
        self.contents = Mutex(contents)
    }

    /// Hands in what happened; never waits. Commands go by `offer`, which can say no; here a full ring drops and
    /// counts.
    public func post(_ event: Event) {
        contents.withLock { Self.put(event, into: &$0) }
        pipe.wake()
    }

    /// Hands in a command. Throws `busy` when too many wait already, `stopped` when nobody takes them any more.
    func offer(_ event: Event) throws(LiveError) {
        let refused = contents.withLock { contents -> LiveError? in
            guard !contents.isClosed else { return .stopped }
            guard contents.commands.count < Self.commandsAtMost else {
                contents.counts.commandsRefused += 1
                return .busy
            }
            contents.commands.append(event)
            return nil
        }
        if let refused { throw refused }
        pipe.wake()
    }

    /// Hands in something to be done on the loop's thread; throws as `offer` of a command does.
    func offer(job: @escaping Job) throws(LiveError) {
        let refused = contents.withLock { contents -> LiveError? in
            guard !contents.isClosed else { return .stopped }
            guard contents.jobs.count < Self.commandsAtMost else {
                contents.counts.commandsRefused += 1
                return .busy
            }
            contents.jobs.append(job)
            return nil
        }
        if let refused { throw refused }
        pipe.wake()
    }

    /// Takes nothing any more; returns the jobs that nobody will do.
    func close() -> [Job] {
        contents.withLock { contents in
            contents.isClosed = true
            defer { contents.jobs = [] }
            return contents.jobs
        }
    }

    /// Keeps a place for the outcome of a request that is about to be made; false if there is none.
    public func keepPlace() -> Bool {
        contents.withLock { contents in
            guard contents.kept + contents.outcomes.count < Self.outcomesAtMost else { return false }
            contents.kept += 1
            return true
        }
    }

    /// Hands in the look-up's answer, to be joined with the token's counters on the loop's thread. `presentedAt` is
    /// when the tap arrived, in nanoseconds on the machine's monotonic clock.
    func answer(_ answer: LookUpAnswer, reader: ReaderID, presentedAt: Int64) {
        guard Int(reader.index) < PostConfiguration.readersAtMost else { return }
        contents.withLock { $0.answers[Int(reader.index)] = (answer, presentedAt) }
        pipe.wake()
    }

    /// Says how far the outbox on the disk has come.
    func tell(_ news: OutboxNews) {
        contents.withLock { contents in
            contents.outbox = OutboxNews(
                newest: max(news.newest, contents.outbox?.newest ?? 0),
                acknowledged: max(news.acknowledged, contents.outbox?.acknowledged ?? 0))
        }
        pipe.wake()
    }

    /// Takes everything out: what withdraws power first, then outcomes, samples, commands.
    func take(into batch: inout InboxBatch) {
        contents.withLock { contents in
            batch.events.append(contentsOf: contents.urgent)
            contents.urgent.removeAll(keepingCapacity: true)
            batch.events.append(contentsOf: contents.outcomes)
            contents.outcomes.removeAll(keepingCapacity: true)
            for slot in contents.order {
                if let sample = contents.samples[slot] { batch.events.append(sample) }
                contents.samples[slot] = nil
            }
            contents.order.removeAll(keepingCapacity: true)
            batch.events.append(contentsOf: contents.commands)
            contents.commands.removeAll(keepingCapacity: true)
            for reader in contents.answers.indices {
                guard let (answer, presentedAt) = contents.answers[reader] else { continue }
                batch.answers.append((ReaderID(UInt8(reader)), answer, presentedAt))
                contents.answers[reader] = nil
            }
            batch.jobs.append(contentsOf: contents.jobs)
            contents.jobs.removeAll(keepingCapacity: true)
            batch.outbox = contents.outbox
            contents.outbox = nil
            batch.counts = contents.counts
        }
    }

    private static func put(_ event: Event, into contents: inout Contents) {
        switch event {
        // Who is denied must not be dropped behind others' commands.
        case .interlocks, .lines, .linesLost, .tokenDenied:
            guard contents.urgent.count < commandsAtMost else {
                contents.counts.dropped += 1
                return
            }
            contents.urgent.append(event)
        case .commandFinished, .startRecorded, .sampleRecorded, .stopRecorded, .latchRecorded,
            .meterRecorded, .availabilityRecorded, .cloudAnswered:
            contents.kept = max(0, contents.kept - 1)
            guard contents.outcomes.count < outcomesAtMost else {
                contents.counts.dropped += 1
                return
            }
            contents.outcomes.append(event)
        case .command, .tokenRevoked:
            guard contents.commands.count < commandsAtMost else {
                contents.counts.dropped += 1
                return
            }
            contents.commands.append(event)
        case .booted, .latchRestored, .outOfServiceRestored, .meterRestored, .sessionRestored, .restored,
            .timePassed:
            // Only the loop itself says these.
            contents.counts.dropped += 1
        case .stage, .meter, .insulation, .vehicle, .temperature, .tokenPresented, .tokenLookedUp, .readerGarbage,
            .reader, .cloudLink, .limit, .memory, .clockStepped, .configured:
            guard let slot = Slot.number(of: event) else {
                contents.counts.dropped += 1
                return
            }
            if contents.samples[slot] == nil {
                contents.order.append(slot)
            } else {
                contents.counts.overwritten += 1
            }
            contents.samples[slot] = event
        }
    }
}

/// How far the outbox on the disk has come.
struct OutboxNews: Hashable, Sendable {
    var newest: Int64
    var acknowledged: Int64
}

/// What the loop took out in one turn; reused, so that taking allocates nothing once warm.
struct InboxBatch {
    var events: [Event] = []
    var answers: [(reader: ReaderID, answer: LookUpAnswer, presentedAt: Int64)] = []
    var jobs: [LiveInbox.Job] = []
    var outbox: OutboxNews?
    var counts = InboxCounts()

    mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
        answers.removeAll(keepingCapacity: true)
        jobs.removeAll(keepingCapacity: true)
        outbox = nil
    }
}

/// What the inbox has had to give up so far.
public struct InboxCounts: Hashable, Sendable {
    /// Samples that a newer one of the same point replaced before the loop took them.
    public var overwritten: UInt64 = 0
    /// Commands that were refused because too many waited.
    public var commandsRefused: UInt64 = 0
    /// Events that nobody had kept a place for, or that only the loop may say.
    public var dropped: UInt64 = 0
}
