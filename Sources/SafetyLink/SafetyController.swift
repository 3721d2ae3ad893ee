// The safety controller, live: a thread exchanges frames with it over a serial port; the loop reads what it said last.

import DeviceFiles
public import Post
import Synchronization
import Threads

/// The link to the safety controller. Every call returns at once and may come from any thread.
public final class SafetyController: Sendable {
    /// A port that cannot be opened, or was lost, is tried again this often. Engineering default.
    public static let openEvery: Interval = .seconds(1)

    private struct State {
        var end: SafetyLinkEnd
        var failure: DeviceFileFailure?
        /// What the loop was last told of.
        var shown: Shown?
    }
    private struct Shown: Equatable {
        var word: [Bool]
        var connectors: [ControllerReading]
        init(_ frame: ControllerFrame) {
            word = [frame.isEmergencyStopClosed, frame.areInterlocksClosed]
            connectors = frame.connectors
        }
    }
    private final class Shared: Sendable {
        let state: Mutex<State>
        let changes: WakePipe
        let now: @Sendable () -> Instant
        init(_ connectors: Int, _ changes: WakePipe, _ now: @escaping @Sendable () -> Instant) {
            state = Mutex(State(end: SafetyLinkEnd(connectors: connectors)))
            self.changes = changes
            self.now = now
        }
    }
    private let shared: Shared
    private let thread: DeviceThread
    private let device: String

    /// Starts the exchange; nil if the process has no thread or no descriptor left.
    ///
    /// - Parameters:
    ///   - device: The serial port.
    ///   - baud: Its speed.
    ///   - connectors: How many connectors the post has.
    ///   - now: The post's clock.
    public init?(device: String, baud: Int, connectors: Int, now: @escaping @Sendable () -> Instant) {
        guard let changes = WakePipe() else { return nil }
        let shared = Shared(connectors, changes, now)
        let thread = DeviceThread("safety link") { turn in
            while !turn.isStopping { Self.serve(shared, turn, device, baud) }
        }
        guard let thread else { return nil }
        self.shared = shared
        self.thread = thread
        self.device = device
    }

    deinit { thread.stop() }

    /// Ends the exchange. The controller opens its own permit 500 ms later.
    public func stop() { thread.stop() }

    /// Readable when the controller says something else than before, or has fallen silent.
    public var changeDescriptor: Int32 { shared.changes.readEnd }

    /// Makes it unreadable; to be called before the controller is read.
    public func takeChanges() { shared.changes.drain() }

    /// What the controller says now; nil: it is silent, and nothing that it said before counts.
    public var frame: ControllerFrame? {
        let now = shared.now()
        return shared.state.withLock { $0.end.controller(at: now) }
    }

    /// What a pilot is to say. The order stands until the next one and goes out with every frame, so that it holds as
    /// soon as a controller that was gone is back.
    public func order(_ output: PilotOutput, connector: Int) {
        shared.state.withLock { $0.end.order(output, connector: connector) }
        thread.wake()
    }

    /// Why the controller is not heard and what to do; nil while it is.
    public var trouble: String? {
        let now = shared.now()
        let (frame, failure, elsewhere, skipped, isReturning) = shared.state.withLock {
            (
                $0.end.controller(at: now), $0.failure, $0.end.connectorsElsewhere, $0.end.bytesSkipped,
                $0.end.isReturning(at: now)
            )
        }
        if frame != nil { return nil }
        if isReturning {
            return
                "The safety controller at \(device) is heard again; it counts once it has been heard for 2 s without "
                + "a gap of 250 ms. If that does not come true, check the load of the controller and the line."
        }
        let consequence = "no power is allowed until it is heard."
        if let failure { return "The link to the safety controller is down, \(consequence) \(failure)" }
        if let elsewhere {
            return "The safety controller speaks of \(elsewhere) connectors, the board profile of another number: "
                + "\(consequence) Set up the controller for this board."
        }
        let hint =
            skipped > 0
            ? "\(skipped) bytes came that are no frame: check the speed and the ground of the line"
            : "Check its supply and the cable"
        return "The safety controller at \(device) has not been heard for 500 ms, \(consequence) \(hint)."
    }

    /// Opens the port and serves it until it is lost or the thread is to end.
    private static func serve(_ shared: Shared, _ turn: DeviceThread.Turn, _ device: String, _ baud: Int) {
        do throws(DeviceFileFailure) {
            let port = try DeviceFile(serial: device, baud: baud)
            shared.state.withLock { $0.failure = nil }
            while !turn.isStopping { try exchange(shared, turn, port, device) }
        } catch {
            shared.state.withLock { state in
                state.failure = error
                state.end.forget()
            }
            showChange(shared)
            _ = turn.wait(for: -1, atMost: openEvery)
        }
    }

    private static func exchange(
        _ shared: Shared, _ turn: DeviceThread.Turn, _ port: borrowing DeviceFile, _ device: String
    ) throws(DeviceFileFailure) {
        let began = shared.now()
        let (frame, wakeAt) = shared.state.withLock { state in
            (state.end.frame(at: began), state.end.wakeAt(after: began))
        }
        if let frame {
            // What the port does not take at once is lost: the frame after it says the same, and says it newer.
            guard port.write(frame[...]) != nil else { throw DeviceFileFailure(device, .lost) }
        }
        let isReadable = turn.wait(for: port.descriptor, atMost: wakeAt - began)
        if isReadable {
            guard let got = port.read(atMost: 512) else { throw DeviceFileFailure(device, .lost) }
            let heard = shared.now()
            shared.state.withLock { $0.end.take(got, at: heard) }
        }
        showChange(shared)
    }

    /// Tells the loop, where there is something new to read.
    private static func showChange(_ shared: Shared) {
        let now = shared.now()
        let isNew = shared.state.withLock { state -> Bool in
            let shown = state.end.controller(at: now).map { Shown($0) }
            guard shown != state.shown else { return false }
            state.shown = shown
            return true
        }
        if isNew { shared.changes.wake() }
    }
}
