// A whole daemon in a process of its own, two vehicles charging, whose control loop is asked the time again and again.

import ArgumentParser
import CDispatch
import Console
import Daemon
import DaemonConfiguration
import Devices
import Foundation
import Glibc
import Histogram
import ModbusDriver
import Post
import RegisterMaps
import Runtime
import Simulator
import StrictYAML
import Synchronization
import Threads

/// `holdfast-benchmarks post-under-load CONFIGURATION SAMPLES HELD BUS...`: serves until it has as many samples, prints their
/// percentiles in microseconds, and those of a bare thread beside the loop, and ends. HELD is by how many milliseconds each commit
/// takes longer.
enum PostUnderLoad {
    /// How often the loop is woken, in milliseconds.
    private static let every: Int32 = 2

    static func run(_ arguments: [String]) async throws {
        guard arguments.count >= 3, let samples = Int(arguments[1]), let held = Int64(arguments[2]) else {
            throw POSIXError(.EINVAL)
        }
        let buses = Array(arguments.dropFirst(3))
        let map = try registerMapDocument.read(path: "hardware/meters/eastron-dcm230.yaml")
        let options = try DaemonOptions.parse(["--config", arguments[0]])
        try await DaemonProgram(options) { configuration in
            let clock = LoopClock()
            let post = configuration.post
            var backend = Backend(
                word: "measured", clock: clock,
                plant: { control, lookUps in
                    let plant = ChargingPlant(post)
                    if let lookUps {
                        Task { await measure(control, lookUps, samples) }
                    }
                    plant.buses = buses.enumerated().compactMap { number, place in
                        bus(number, place, map, control.inbox, clock)
                    }
                    return plant
                }, routes: { _, _ in [] })
            backend.commitsHeldFor = .milliseconds(held)
            return .success(backend)
        }.run()
    }

    /// Two meters that are read as on a connector that charges; they are the third connector's, which nobody uses.
    private static func bus(
        _ number: Int, _ place: String, _ map: RegisterMap, _ inbox: LiveInbox, _ clock: LoopClock
    ) -> ModbusBusThread? {
        let endpoint: ModbusEndpoint
        if let address = NetworkAddress(place) {
            endpoint = .network(address)
        } else {
            endpoint = .serial(SerialLine(path: place, baud: 115_200))
        }
        do throws(ModbusFailure) {
            let bus = try ModbusBus(endpoint)
            for unit: UInt8 in 1...2 {
                _ = try ModbusMeter(
                    map, unit: unit, connector: ConnectorID(2), inbox: inbox, on: bus,
                    cadence: Cadence(fast: .milliseconds(100), idle: .milliseconds(100)))
            }
            return try ModbusBusThread("bus \(number)", bus) { clock.now }
        } catch {
            print("the bus at \(place) cannot be used: \(error)")
            return nil
        }
    }

    private static func measure(_ control: LiveControl, _ lookUps: LookUpThread, _ samples: Int) async {
        do {
            try await charge(control, lookUps, 0)
            try await charge(control, lookUps, 1)
            let wire = try await control.onLoop { ($0.plant as? ChargingPlant)?.wire ?? -1 }
            // A thread above the loop's: what is measured is the loop's way to the news, not the messenger's own waiting.
            let bare = try BareThread(samples)
            let messenger = try MachineThread("messenger") { ring([wire, bare.wire], samples) }
            while try await control.onLoop({ ($0.plant as? ChargingPlant)?.taken.count ?? 0 }) < samples {
                try await ContinuousClock().sleep(for: .seconds(1))
            }
            messenger.join()
            let all = try await control.onLoop { ($0.plant as? ChargingPlant)?.taken ?? [] }
            let longestTurn = control.board.snapshot.figures.longestTurnMicroseconds
            print("measured \(percentiles(all)) \(longestTurn) \(percentiles(bare.taken))")
        } catch {
            print("not measured: \(error)")
        }
        fflush(nil)
        kill(getpid(), SIGTERM)
    }

    /// p50, p99, p99.9 and the longest of times in nanoseconds from an edge until a thread has come to it, in microseconds.
    private static func percentiles(_ taken: [UInt64]) -> String {
        var took = Histogram<UInt64>(highestTrackableValue: 10_000_000_000, numberOfSignificantValueDigits: .three)
        for value in taken { took.record(value) }
        return [50, 99, 99.9, 100].map { String(took.valueAtPercentile($0) / 1_000) }.joined(separator: " ")
    }

    /// Writes the time into one wire, and half the pause later into the other, again and again.
    private static func ring(_ wires: [Int32], _ times: Int) {
        if !takePriority(60) {
            print("the messenger has no real-time priority: its own waiting is part of what is measured")
        }
        for _ in 0..<times {
            for wire in wires {
                var stamp = nanoseconds
                write(wire, &stamp, 8)
                poll(nil, 0, every / 2)
            }
        }
    }

    /// SCHED_FIFO for the calling thread, where the system permits it.
    fileprivate static func takePriority(_ priority: Int32) -> Bool {
        var parameters = sched_param()
        parameters.sched_priority = priority
        return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0
    }

    fileprivate static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func charge(_ control: LiveControl, _ lookUps: LookUpThread, _ connector: Int) async throws {
        let id = ConnectorID(UInt8(connector))
        try await state(control, id) { $0 == .available }
        _ = try await control.onLoop { turn in
            var vehicle = VehicleProfile.sedan400
            vehicle.arrivesAtPerMille = 100
            return (turn.plant as? ChargingPlant)?.world.plug(vehicle, at: Place(post: 0, connector: connector))
        }
        try await state(control, id) { $0 == .occupied }
        // The daemon's own readers: the first is the first connector's, the third the second's.
        _ = lookUps.present("free:D\(connector + 1)", reader: ReaderID(connector == 0 ? 0 : 2))
        try await state(control, id) { $0 == .charging }
    }

    private static func state(
        _ control: LiveControl, _ id: ConnectorID, _ isSo: (ConnectorPhase) -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            let connectors = control.board.snapshot.connectors
            if Int(id.index) < connectors.count, isSo(connectors[Int(id.index)].phase) { return }
            try await ContinuousClock().sleep(for: .milliseconds(20))
        }
        throw POSIXError(.ETIMEDOUT)
    }
}

/// A thread of the loop's priority that does nothing but take its edges: what machine and kernel cost in the same moments.
private final class BareThread: Sendable {
    /// The loop's own priority, by the configuration's default.
    private static let priority: Int32 = 50
    /// An edge is written here, with its time.
    let wire: Int32
    private let all = Mutex<[UInt64]>([])
    private let thread = Mutex<MachineThread?>(nil)

    init(_ samples: Int) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
        let end = ends[0]
        wire = ends[1]
        let started = try MachineThread("bare") { [self] in
            _ = PostUnderLoad.takePriority(Self.priority)
            var taken: [UInt64] = []
            taken.reserveCapacity(samples)
            var stamp: UInt64 = 0
            while taken.count < samples, read(end, &stamp, 8) == 8 {
                taken.append(PostUnderLoad.nanoseconds - stamp)
            }
            close(end)
            all.withLock { $0 = taken }
        }
        thread.withLock { $0 = started }
    }

    /// How long each edge took, in nanoseconds; waits until the last one is taken.
    var taken: [UInt64] {
        thread.withLock { $0.take() }?.join()
        return all.withLock { $0 }
    }
}

/// The simulated world at the clock's own speed, and buses beside it.
private final class ChargingPlant: LivePlant {
    let world: World
    var buses: [ModbusBusThread] = []
    /// An edge is written here, with its time.
    let wire: Int32
    private let end: Int32
    /// How long each edge took to the loop's thread, in nanoseconds.
    private(set) var taken: [UInt64] = []

    init(_ post: PostConfiguration) {
        world = World(WorldConfiguration(seed: 1, posts: [post]))
        world.network.become(.down)
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        (end, wire) = (ends[0], ends[1])
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        taken.reserveCapacity(100_000)
    }

    deinit {
        for bus in buses { bus.stop() }
        close(end)
        close(wire)
    }

    var edgeDescriptors: [Int32] { [end] }

    func takeEdges() {
        var stamp: UInt64 = 0
        while read(end, &stamp, 8) == 8 { taken.append(PostUnderLoad.nanoseconds - stamp) }
    }

    var cloud: any CloudPort { world.posts[0].cloudLink }
    var devices: PostDevices { world.posts[0].devices }
    var nextEvent: Instant? { world.nextEvent }
    func advance(to instant: Instant) { world.advance(to: instant) }
    func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void) {
        world.posts[0].attach(PostProcess(onEvent: deliver, onLinesChanged: linesChanged, onToken: { _, _, _ in }))
        world.posts[0].cloudLink.connect()
    }
}
