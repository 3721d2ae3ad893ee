// Writes each event down before the core sees it, and a digest of what the core did about it afterwards.

public import Post

/// Somebody who must know of an event before it is handled.
public protocol StepRecorder: AnyObject {
    /// An event is about to be handled. If handling it ends the process, this was the last that was heard.
    func willHandle(_ event: Event, at now: Instant)
    /// It has been handled and gave these actions.
    func didHandle(_ actions: Actions, at now: Instant)
}

/// Records into a ring. Belongs to the loop's thread; allocates nothing once warm.
public final class FlightRecorder: StepRecorder {
    private let ring: FlightRing
    private var writer = CanonicalWriter()

    /// Begins a life of the process in this ring: a replay needs the configuration to begin with, and whoever reads it
    /// wants to know which program it was.
    public init(_ ring: FlightRing, configuration: PostConfiguration, program: String = "", at now: Instant) {
        self.ring = ring
        writer.appendVersion()
        writer.append(configuration)
        for byte in program.utf8.prefix(FlightLife.programAtMost) { writer.number(UInt64(byte)) }
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

    /// Stores what a bench is about to do to the simulated world.
    public func willDo(_ deed: String, at now: Instant) {
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
