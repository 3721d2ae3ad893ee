// Writes each event down before the core sees it, and a digest of what the core did about it afterwards.

public import Post

/// Somebody who must know of an event before it is handled.
public protocol StepRecorder: AnyObject {
    /// An event is about to be handled. If handling it ends the process, this was the last that was heard.
    func willHandle(_ event: Event, at now: Instant)
    /// It has been handled and gave these actions.
    func didHandle(_ actions: Actions, at now: Instant)
    /// Whether the core's state is wanted now, so that a replay may begin here. Asked between two events.
    func wantsState(at now: Instant) -> Bool
    /// The core's state, as it was asked for.
    func take(_ core: PostCore, at now: Instant)
}

extension StepRecorder {
    /// Nobody who only listens wants the state.
    public func wantsState(at now: Instant) -> Bool { false }
    /// Nothing is done with it.
    public func take(_ core: PostCore, at now: Instant) {}
}

/// Records into a ring. Belongs to the loop's thread; allocates nothing once warm.
public final class FlightRecorder: StepRecorder {
    /// How often the core's state is written down. 1 min: at the 25 events a second of an energised connector it is one
    /// part in forty of the recording, and a replay from the middle has at most a minute to go to any event.
    public static let stateEvery: Interval = .minutes(1)

    private let ring: FlightRing
    private let program: [UInt8]
    private var writer = CanonicalWriter(capacity: FlightFormat.recordAtMost)
    private var stateWrittenAt: Instant

    /// Begins a life of the process in this ring: a replay needs the configuration to begin with, and whoever reads it
    /// wants to know which program it was.
    public init(_ ring: FlightRing, configuration: PostConfiguration, program: String = "", at now: Instant) {
        self.ring = ring
        self.program = Array(program.utf8.prefix(FlightLife.programAtMost))
        stateWrittenAt = now
        writer.appendVersion()
        writer.append(configuration)
        for byte in self.program { writer.number(UInt64(byte)) }
        flush(.life, at: now)
    }

    /// Records that were too long for the ring.
    public var dropped: UInt64 { ring.dropped }

    /// Stores the event.
    public func willHandle(_ event: Event, at now: Instant) {
        writer.append(event, at: now)
        flush(.event, at: now)
    }

    /// Stores the digest of the actions.
    public func didHandle(_ actions: Actions, at now: Instant) {
        writer.word(Self.digest(of: actions))
        flush(.actions, at: now)
    }

    /// Once a minute. What a clock at many times the speed of the wall brings up at once is one.
    public func wantsState(at now: Instant) -> Bool { now - stateWrittenAt >= Self.stateEvery }

    /// Stores the core's state.
    public func take(_ core: PostCore, at now: Instant) {
        stateWrittenAt = now
        writer.appendVersion()
        writer.append(core)
        for byte in program { writer.number(UInt64(byte)) }
        flush(.snapshot, at: now)
    }

    /// Stores what a bench has done to the simulated world.
    public func note(_ deed: String, at now: Instant) {
        var deed = deed
        deed.withUTF8 { ring.append(.deed, at: now, UnsafeRawBufferPointer($0)) }
    }

    /// A digest of actions: equal for equal actions in the same order.
    public static func digest(of actions: Actions) -> UInt64 {
        var hash = RollingHash()
        for action in actions.list { hash.absorb(action) }
        return hash.value
    }

    private func flush(_ kind: FlightKind, at now: Instant) {
        writer.bytes.withUnsafeBytes { ring.append(kind, at: now, $0) }
        writer.removeAll()
    }
}
