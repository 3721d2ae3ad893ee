// A real post behind the live loop: lines on the loop's own thread, buses on theirs.

import BoardProfiles
public import Devices
import GPIODriver
public import Post
public import Runtime

/// The devices of a board. Made, used and ended on the loop's thread.
public final class HardwarePlant: LivePlant {
    /// How often lines are served at most: a line that wants it sooner waits for the loop's own turn.
    static let servedEvery: Interval = .milliseconds(1)

    /// The devices of the post.
    public private(set) var devices: PostDevices
    /// Nobody to ask yet.
    public let cloud: any CloudPort = NotFitted()

    private let lines: PostLines
    private let buses: BusDevices
    private let clock: LoopClock
    private let troubles: PlantTroubles
    private var servedAt = Instant.zero
    private var told: [LineFailure]?
    private var linesChanged: (Instant) -> Void = { _ in }

    /// Takes every line, outputs first and safe, then starts the buses. What fails is in `troubles` and is tried again.
    public init(_ plan: HardwarePlan, control: LiveControl, clock: LoopClock, troubles: PlantTroubles) {
        self.clock = clock
        self.troubles = troubles
        lines = PostLines(plan.profile)
        buses = BusDevices(plan, control.inbox, clock, troubles)
        devices = Self.assembled(plan, lines, buses)
        tellLines()
    }

    deinit { buses.stop() }

    private static func assembled(_ plan: HardwarePlan, _ lines: PostLines, _ buses: BusDevices) -> PostDevices {
        let absent = NotFitted()
        return PostDevices(
            connectors: plan.profile.connectors.indices.map { index in
                let near = lines.connectors[index]
                return ConnectorDevices(
                    permissive: near.permissive, pilot: NoPilot(near.proximity), lock: near.lock,
                    discharge: near.discharge, stopButton: near.stopButton, indicator: near.indicator,
                    meter: buses.meters[index], insulation: buses.insulation[index], vehicle: absent,
                    thermometers: buses.thermometers[index])
            },
            stages: plan.profile.stages.indices.map {
                StageDevices(stage: buses.stages[$0], upstream: lines.upstream[$0])
            },
            interlocks: lines.interlocks, cooling: lines.cooling, watchdog: lines.watchdog,
            readers: plan.profile.readers.map { _ in absent })
    }

    /// Readable when an input moved, broken when a chip is gone.
    public var edgeDescriptors: [Int32] { lines.edgeDescriptors }

    /// When the lines want to be served: the end of a pulse, a bounce, the slow reading while a contactor is allowed.
    public var nextEvent: Instant? {
        guard let due = lines.serviceAt else { return nil }
        return max(clock.instant(atMonotonicNanoseconds: due), servedAt + Self.servedEvery)
    }

    /// Serves the lines if it is time to, and has them read.
    public func advance(to instant: Instant) {
        guard let due = nextEvent, due <= instant else { return }
        lines.service()
        servedAt = instant
        tellLines()
        linesChanged(instant)
    }

    /// Reads edges away.
    public func takeEdges() {
        lines.takeEdges()
        tellLines()
    }

    /// Far devices say what they have to say through the inbox; near ones are read by the loop.
    public func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void) {
        self.linesChanged = linesChanged
    }

    /// Hands on what failed, where that is something new.
    private func tellLines() {
        let failures = lines.isWhole ? [] : lines.failures
        guard told != failures else { return }
        told = failures
        troubles.tell(failures)
    }
}

/// A pilot that nobody measures: unknown, which means no.
private final class NoPilot: PilotLine {
    private let contact: ProximityLine?
    init(_ contact: ProximityLine?) { self.contact = contact }
    func drive(_ output: PilotOutput) throws(DeviceError) { throw .gone }
    func state() throws(DeviceError) -> PilotState { throw .gone }
    func proximity() throws(DeviceError) -> Proximity {
        guard let contact else { throw .gone }
        return try contact.read()
    }
}
