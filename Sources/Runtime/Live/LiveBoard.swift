// What other threads may read: a copy of the status and the newest reports. The loop never waits for a reader.

public import Post
import Synchronization

/// How the loop itself fares.
public struct LoopFigures: Hashable, Sendable {
    /// Turns of the loop.
    public var turns: UInt64 = 0
    /// Events handled.
    public var events: UInt64 = 0
    /// The longest single step of the post, in microseconds of the wall.
    public var longestStepMicroseconds: Int64 = 0
    /// The longest turn, its waiting left out, in microseconds of the wall.
    public var longestTurnMicroseconds: Int64 = 0
    /// Failed feedings of the hardware watchdog.
    public var watchdogFailures: UInt64 = 0
    /// What the inbox had to give up.
    public var inbox = InboxCounts()
    /// Reports beyond what one publication carries.
    public var reportsDropped: UInt64 = 0
    /// Events that were too long for the flight recording.
    public var recordingDropped: UInt64 = 0
    /// Taps decided.
    public var taps: UInt64 = 0
    /// From the arrival of the last tap at its reader to the core's decision, in nanoseconds of the wall.
    public var lastTapNanoseconds: Int64 = 0
    /// The longest of these.
    public var longestTapNanoseconds: Int64 = 0
    /// How often somebody was refused, by the number of the reason; some numbers are free.
    public var refused = [UInt64](repeating: 0, count: Int(Refusal.allCases.map(\.rawValue).max() ?? 0) + 1)

    /// Everything that was given up, by what it was. Samples that a newer one replaced are no loss.
    public var losses: [(what: String, count: UInt64)] {
        [
            ("event", inbox.dropped), ("command", inbox.commandsRefused), ("report", reportsDropped),
            ("recording", recordingDropped),
        ]
    }

    /// Nothing counted yet.
    public init() {}
}

/// The post at one moment, as values.
public struct PostSnapshot: Hashable, Sendable {
    /// When.
    public var at: Instant = .zero
    /// Status of each connector, in the order of the configuration.
    public var connectors: [ConnectorStatus] = []
    /// Whether the cloud can be reached.
    public var isCloudReachable = false
    /// Whether a new configuration waits until every connector is idle.
    public var isConfigurationPending = false
    /// What a session that begins now pays.
    public var tariff: Tariff?
    /// Records that the cloud is still owed.
    public var recordsOwed: Int64 = 0
    /// Energy that the cloud does not know of, in watt-hours.
    public var wattHoursAtRisk: UInt64 = 0
    /// The number of the newest report.
    public var newestReport: UInt64 = 0
    /// The faults that appeared since the start and are still there.
    public var presentFaults: [PresentFault] = []
    /// How much memory of the process is resident, in bytes, as the core was told; nil before.
    public var residentBytes: Int64?
    /// Whether the loop ends because the post asked to be started anew.
    public var wantsRestart = false
    /// How the loop fares.
    public var figures = LoopFigures()
    /// Whether the loop still runs.
    public var isRunning = false

    /// Before the first turn.
    public init() {}
}

/// One report with its place in the stream.
public struct NumberedReport: Hashable, Sendable {
    /// Counts up from 1 without a gap.
    public var number: UInt64
    /// When, on the post's clock.
    public var at: Instant
    /// When, in milliseconds since 1970, by whatever the wall clock said.
    public var utcMilliseconds: Int64
    /// What.
    public var report: Report
}

/// The board: written by the loop, read by everybody.
public final class LiveBoard: Sendable {
    /// Reports that are kept. Engineering default: some minutes of a busy post.
    public static let reportsAtMost = 1_024
    /// Viewers at most; one more is refused.
    public static let viewersAtMost = 32

    private struct Contents {
        var snapshot = PostSnapshot()
        var ring: [NumberedReport] = []
        var newest: UInt64 = 0
        var presentFaults: [PresentFault] = []
        var viewers: [(id: UInt64, stream: AsyncStream<Void>.Continuation)] = []
        var lastViewer: UInt64 = 0
    }
    private let contents: Mutex<Contents>

    /// An empty board.
    public init() {
        var contents = Contents()
        contents.ring.reserveCapacity(Self.reportsAtMost)
        self.contents = Mutex(contents)
    }

    /// The newest status.
    public var snapshot: PostSnapshot { contents.withLock { $0.snapshot } }

    /// The reports after a number, oldest first, and whether some in between are gone already: the viewer then
    /// starts again from a snapshot.
    public func reports(after number: UInt64, limit: Int = 256) -> (reports: [NumberedReport], isGap: Bool) {
        contents.withLock { contents in
            let oldest = contents.newest &- UInt64(contents.ring.count) &+ 1
            guard number < contents.newest, limit > 0 else { return ([], false) }
            let first = max(number + 1, oldest)
            let last = min(contents.newest, first + UInt64(limit) - 1)
            let found = (first...last).map { contents.ring[Int(($0 - 1) % UInt64(Self.reportsAtMost))] }
            return (found, first > number + 1)
        }
    }

    /// A stream that ticks when something has changed; ticks that nobody took are one. Nil when too many watch.
    public func changes() -> AsyncStream<Void>? {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = contents.withLock { contents -> UInt64? in
            guard contents.viewers.count < Self.viewersAtMost else { return nil }
            contents.lastViewer += 1
            contents.viewers.append((contents.lastViewer, continuation))
            return contents.lastViewer
        }
        guard let id else { return nil }
        continuation.onTermination = { [weak self] _ in
            self?.contents.withLock { $0.viewers.removeAll { $0.id == id } }
        }
        continuation.yield()
        return stream
    }

    func publish(_ snapshot: PostSnapshot, _ reports: [NumberedReport]) {
        let viewers = contents.withLock { contents in
            for var report in reports {
                contents.newest += 1
                report.number = contents.newest
                contents.presentFaults.take(report.report, utcMilliseconds: report.utcMilliseconds)
                if contents.ring.count < Self.reportsAtMost {
                    contents.ring.append(report)
                } else {
                    contents.ring[Int((report.number - 1) % UInt64(Self.reportsAtMost))] = report
                }
            }
            contents.snapshot = snapshot
            contents.snapshot.newestReport = contents.newest
            contents.snapshot.presentFaults = contents.presentFaults
            return contents.viewers
        }
        // Outside the lock: a viewer that ends takes it.
        for viewer in viewers { viewer.stream.yield() }
    }

    func close() {
        let viewers = contents.withLock { contents in
            contents.snapshot.isRunning = false
            return contents.viewers
        }
        for viewer in viewers { viewer.stream.finish() }
    }
}
