// A real post behind the live loop: lines on the loop's own thread, buses on theirs.

import BoardProfiles
public import Devices
import GPIODriver
public import Post
public import Runtime
import SafetyLink

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
    private let controller: SafetyController?
    private let readers: ReaderDevices
    private let machineWatchdog: MachineWatchdog?
    private let clock: LoopClock
    private let troubles: PlantTroubles
    private var servedAt = Instant.zero
    private var told: [LineFailure]?
    private var linesChanged: (Instant) -> Void = { _ in }

    /// Takes every line, outputs first and safe, then starts buses, safety link and card readers. What fails is in
    /// `troubles` and is tried again. Without `lookUps` no reader is opened.
    public init(
        _ plan: HardwarePlan, control: LiveControl, lookUps: LookUpThread?, clock: LoopClock,
        troubles: PlantTroubles
    ) {
        self.clock = clock
        self.troubles = troubles
        lines = PostLines(plan.profile)
        buses = BusDevices(plan.buses, control.inbox, places: control.inbox, clock, troubles)
        let link = plan.profile.safetyLink
        let hasController = !plan.profile.simulated.contains(.pilots)
        controller =
            hasController
            ? SafetyController(
                device: link.device, baud: link.baud, connectors: plan.profile.connectors.count, now: { clock.now })
            : nil
        readers = ReaderDevices(plan.profile.readers, control, lookUps, clock, troubles)
        machineWatchdog = plan.profile.machineWatchdog.map(MachineWatchdog.init)
        let stops = StopCircuits()
        devices = Self.assembled(plan, lines, buses, controller)
        devices.readers = readers.readers
        if hasController {
            devices.interlocks = JoinedInterlocks(lines.interlocks, controller, stops) { clock.now }
        }
        if let controller {
            troubles.ask { [weak controller] in controller?.trouble }
        } else if hasController {
            troubles.say("The link to the safety controller has no thread: look at the limits of the service.")
        }
        troubles.ask { stops.trouble(at: clock.now) }
        if let machineWatchdog { troubles.ask { [weak machineWatchdog] in machineWatchdog?.trouble } }
        tellLines()
    }

    deinit {
        machineWatchdog?.stop()
        readers.stop()
        controller?.stop()
        buses.stop()
    }

    private static func assembled(
        _ plan: HardwarePlan, _ lines: PostLines, _ buses: BusDevices, _ controller: SafetyController?
    ) -> PostDevices {
        let absent = NotFitted()
        return PostDevices(
            connectors: plan.profile.connectors.indices.map { index in
                let near = lines.connectors[index]
                return ConnectorDevices(
                    permissive: near.permissive,
                    pilot: ControllerPilot(controller, connector: index, near.proximity),
                    lock: near.lock,
                    discharge: near.discharge, stopButton: near.stopButton, indicator: near.indicator,
                    meter: buses.meters[index], insulation: buses.insulation[index], vehicle: absent,
                    thermometers: buses.thermometers[index])
            },
            stages: plan.profile.stages.indices.map {
                StageDevices(stage: buses.stages[$0], upstream: lines.upstream[$0])
            },
            interlocks: lines.interlocks, cooling: lines.cooling, watchdog: lines.watchdog,
            readers: [])
    }

    /// Readable when an input moved or the safety controller says something new, broken when a chip is gone.
    public var edgeDescriptors: [Int32] {
        lines.edgeDescriptors + [controller?.changeDescriptor].compactMap(\.self)
    }

    /// When the lines want to be served: the end of a pulse, a bounce, the slow reading while a contactor is allowed.
    public var nextEvent: Instant? {
        guard let due = lines.serviceAt else { return nil }
        return max(clock.instant(atMonotonicNanoseconds: due), servedAt + Self.servedEvery)
    }

    /// Serves the lines if it is time to, and has them read.
    public func advance(to instant: Instant) {
        machineWatchdog?.feed(at: instant)
        guard let due = nextEvent, due <= instant else { return }
        lines.service()
        servedAt = instant
        tellLines()
        linesChanged(instant)
    }

    /// Reads edges away.
    public func takeEdges() {
        controller?.takeChanges()
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
