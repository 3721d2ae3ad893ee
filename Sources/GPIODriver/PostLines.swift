// The near devices of a post from its board profile: what a live plant puts together with the far ones.

public import BoardProfiles
public import Devices

/// The near devices of one connector.
public struct ConnectorLineDevices {
    /// Contactors.
    public let permissive: any PowerPermissive
    /// The same contactors one by one, for the bench.
    public let contactors: any BenchContactors
    /// The lock, or nil where the vehicle holds the plug.
    public let lock: (any ConnectorLock)?
    /// The discharge resistor, or nil.
    public let discharge: (any DischargePath)?
    /// The stop button, or nil.
    public let stopButton: (any StopButton)?
    /// The lamp; one that shows nothing where there is none.
    public let indicator: any Indicator
    /// The proximity contact, where it is a line.
    public let proximity: ProximityLine?
}

/// Every line of a post. Made, used and ended on the loop's thread; nothing in it waits.
///
/// - Important: Call `takeEdges` when an edge descriptor is readable and then read the devices; call `service` at
///   `serviceAt`, and then read them too: that bounds what a lost edge costs.
public final class PostLines {
    /// While a contactor is allowed, the lines are read at least this often, in nanoseconds: a lost edge costs 10 ms.
    public static let readEveryEnergised: Int64 = 10_000_000

    /// The interlocks.
    public let interlocks: any InterlockInputs
    /// One entry a connector.
    public let connectors: [ConnectorLineDevices]
    /// One entry a stage.
    public let upstream: [any UpstreamDisconnect]
    /// The fans.
    public let cooling: any Cooling
    /// The watchdog.
    public let watchdog: any HardwareWatchdog

    private let lines: HeldLines
    private let pairs: [ContactorPair]
    private let locks: [LockMotor]
    private let gate: WatchdogLine
    private var servicedAt: Int64

    /// Takes every line of the profile, outputs first and safe. What cannot be taken is in `failures` and is looked for
    /// again each second; until all are there the post reads as lines lost.
    public convenience init(_ profile: BoardProfile) {
        self.init(wiring: profile)
        lines.take(at: servicedAt)
    }

    /// Every line of a profile as the kernel shows it, without taking any: for whoever looks beside a running post.
    public static func survey(_ profile: BoardProfile) -> [SurveyedLine] {
        PostLines(wiring: profile).lines.survey()
    }

    /// The devices, with no line taken yet.
    private init(wiring profile: BoardProfile) {
        let lines = HeldLines()
        var pairs: [ContactorPair] = []
        var locks: [LockMotor] = []
        connectors = profile.connectors.enumerated().map { index, wiring in
            let prefix = profile.connectors.count > 1 ? "\(index + 1)-" : ""
            let pair = ContactorPair(wiring, prefix, lines)
            let lock = wiring.lock.map { LockMotor($0, prefix, lines) }
            pairs.append(pair)
            if let lock { locks.append(lock) }
            return ConnectorLineDevices(
                permissive: pair, contactors: pair, lock: lock,
                discharge: wiring.discharge.map { DischargeLine($0, prefix, lines) },
                stopButton: wiring.stopButton.map { StopButtonLine($0, prefix, lines) },
                indicator: wiring.lamp.map { LampLines($0, prefix, lines) } ?? NoLamp(),
                proximity: wiring.proximity.map { ProximityLine($0, prefix, lines) })
        }
        interlocks = InterlockLines(profile.interlocks, lines)
        upstream = profile.stages.enumerated().map { index, wiring in
            TripLine(wiring.upstreamTrip, "stage\(index + 1)-", lines)
        }
        cooling = FanLine(profile.cooling, lines)
        gate = WatchdogLine(profile.watchdog, lines)
        watchdog = gate
        self.lines = lines
        self.pairs = pairs
        self.locks = locks
        servicedAt = monotonicNanoseconds()
    }

    /// Whether every line is held.
    public var isWhole: Bool { lines.isWhole }
    /// What failed last.
    public var failures: [LineFailure] { lines.failures }
    /// Readable when an input moved, broken when a chip is gone. Changes when lines are lost or come back.
    public var edgeDescriptors: [Int32] { lines.descriptors }

    /// Reads away what made a descriptor readable. What the levels are now, the devices say.
    public func takeEdges() { lines.takeEdges() }

    /// When `service` wants to be called, in nanoseconds of CLOCK_MONOTONIC; nil: not before an edge.
    public var serviceAt: Int64? {
        var next = [lines.lookAt] + locks.compactMap(\.endsAt)
        // Without all lines the gate is not fed and no input is waited for: their instants would lie in the past.
        if lines.isWhole {
            next += [gate.feedAt].compactMap(\.self) + lines.inputs.compactMap(\.readAt)
            if pairs.contains(where: \.isAllowed) { next.append(servicedAt + Self.readEveryEnergised) }
        }
        return next.min()
    }

    /// Does what is due: ends pulses, looks for lost lines. Read the devices afterwards.
    public func service() {
        let now = monotonicNanoseconds()
        servicedAt = now
        for lock in locks { lock.service(at: now) }
        lines.service(at: now)
    }
}
