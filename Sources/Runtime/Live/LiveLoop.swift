// The live driver: a thread of its own that waits in poll(2) and drives one post by the machine's clock.

public import Post
import Synchronization
import Threads

/// How a live post is driven.
public struct LiveOptions: Sendable {
    /// The post.
    public var configuration: PostConfiguration
    /// The clock; a bench may give it speed.
    public var clock: LoopClock
    /// What the records know from before.
    public var restored: Restored
    /// What tokens took lately and what is at risk, by the records.
    public var risk: RiskDesk
    /// The outbox on the disk: its newest number and the newest that was acknowledged.
    public var outbox: Outbox
    /// The file of the flight recording, in a folder in memory such as `/run/holdfast`; nil: nothing is recorded.
    public var recording: String?
    /// The newest block of the recording that is kept elsewhere already: the ring goes on behind it.
    public var recordingAfter: UInt64 = 0
    /// Who records, such as `holdfastd 0.1.0`: whoever plays the recording again must know which core it was.
    public var program = ""
    /// What the loop asks of the kernel.
    public var privileges: LoopPrivileges
    /// Called by the loop itself about once a second: the service manager's watchdog. Must not wait.
    public var beat: (@Sendable () -> Void)?

    /// A post with these parts, on a clock that starts now.
    public init(
        configuration: PostConfiguration, clock: LoopClock = LoopClock(), restored: Restored,
        risk: RiskDesk = RiskDesk(), outbox: Outbox = Outbox(acknowledged: 0, newest: 0),
        recording: String? = nil, privileges: LoopPrivileges = LoopPrivileges(), beat: (@Sendable () -> Void)? = nil
    ) {
        self.configuration = configuration
        self.clock = clock
        self.restored = restored
        self.risk = risk
        self.outbox = outbox
        self.recording = recording
        self.privileges = privileges
        self.beat = beat
    }
}

/// The loop's thread. The post, its devices and its plant live and die on it.
public final class LiveLoop: Sendable {
    /// How others talk to the loop.
    public let control: LiveControl
    private struct Shared {
        var stopWithin: Interval?
        var notPermitted: [String] = []
    }
    private let shared: SharedBox
    private let thread: MachineThread

    /// What the loop's thread and its owner share.
    final class SharedBox: Sendable {
        private let contents = Mutex(Shared())
        var stopWithin: Interval? {
            get { contents.withLock { $0.stopWithin } }
            set { contents.withLock { $0.stopWithin = newValue } }
        }
        var notPermitted: [String] {
            get { contents.withLock { $0.notPermitted } }
            set { contents.withLock { $0.notPermitted = newValue } }
        }
    }

    /// Starts the loop. The plant is made on the loop's own thread.
    public init(
        options: LiveOptions, control: LiveControl, records: any LiveRecords,
        plant: @escaping @Sendable (LiveControl) -> any LivePlant
    ) throws(LiveError) {
        self.control = control
        let shared = SharedBox()
        self.shared = shared
        do {
            thread = try MachineThread("control loop") {
                shared.notPermitted = options.privileges.take()
                LoopDriver(options, control, records, plant(control), shared).run()
            }
        } catch {
            throw .noThread(error.description)
        }
    }

    /// What the kernel refused, and a recording that could not be opened, one sentence each. Empty until the loop
    /// has run a moment.
    public var notPermitted: [String] { shared.notPermitted }

    /// Ends the loop: sessions are stopped in the orderly way within `interval` of the post's time, then power is
    /// withdrawn everywhere, whatever is still open. Returns when the thread has ended.
    public func stop(within interval: Interval) {
        shared.stopWithin = interval
        control.inbox.pipe.wake()
        thread.join()
    }
}
