// The live loop beside buses whose slaves misbehave in every way: nothing that a slave does may make the loop wait.

import BoardProfiles
import Devices
import Foundation
import HardwarePlant
import Ledger
import Post
import RegisterMaps
import StrictYAML
import Testing

@testable import Runtime

/// A slave of the Modbus driver's tests, in a process of its own.
private final class Slave {
    let kind: BusWiring.Kind
    private let process = Process()
    private let input = Pipe()

    init(_ transport: String, _ fault: String) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", root + "/Tests/ModbusDriverTests/slaves.py", transport, fault, "--percent", "20",
        ]
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var said = ""
        while !said.hasSuffix("\n") {
            let byte = output.fileHandleForReading.readData(ofLength: 1)
            guard !byte.isEmpty else { throw POSIXError(.ECHILD) }
            said += String(decoding: byte, as: UTF8.self)
        }
        let place = String(said.split(separator: " ").last?.dropLast() ?? "")
        kind =
            transport == "tcp"
            ? .tcp(address: "127.0.0.1", port: UInt16(place.split(separator: ":").last ?? "") ?? 0)
            : .serial(
                SerialBus(device: place, baud: 115_200, parity: .none, direction: .hardware))
    }

    deinit {
        try? input.fileHandleForWriting.close()
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

@Suite("Buses that misbehave beside the live loop", .timeLimit(.minutes(1)))
struct MisbehavingBusTests {
    /// What is said of a meter of which nothing can be read.
    private static let silencing: Set<String> = [
        "silent", "slow", "unit", "length", "exception", "reset", "never-accepts",
    ]

    @Test(
        "no turn of the loop waits for a slave, each is told from the others, and the good one is read",
        arguments: [
            ("tcp", ["silent", "slow", "late", "unit", "length", "exception", "twice"]),
            ("tcp", ["reset", "never-accepts"]),
            ("rtu", ["silent", "slow", "late", "crc", "unit", "length", "exception"]),
            ("rtu", ["echo", "twice", "reset"]),
        ])
    func loop(_ transport: String, _ faults: [String]) async throws {
        let good = try MeterSlave()
        good.tell(volts: 401.25, amperes: 0, kilowattHours: 1_234.5)
        good.serve()
        let slaves = try faults.map { try Slave(transport, $0) }
        defer { withExtendedLifetime(slaves) {} }
        var profile = try BoardProfile.read(path: rigProfile)
        let first = profile.connectors[0]
        profile.buses = [BusWiring(name: "good", kind: .tcp(address: "127.0.0.1", port: good.port))]
        profile.buses += zip(faults, slaves).map { BusWiring(name: $0, kind: $1.kind) }
        profile.connectors = profile.buses.map { bus in
            var connector = first
            connector.meter = BusDeviceWiring(bus: bus.name, unit: 1, map: "eastron-dcm230")
            return connector
        }
        let post = rigPost.with { $0.connectors = Array(repeating: $0.connectors[0], count: faults.count + 1) }
        let map = try registerMapDocument.read(path: root + "/hardware/meters/eastron-dcm230.yaml")
        let plan = HardwarePlan(profile: profile, post: post, maps: ["eastron-dcm230": map])

        let folder = NSTemporaryDirectory() + "holdfast-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let wall: @Sendable () -> WallClock = {
            WallClock(utcMilliseconds: WallTime.machineUTCMilliseconds, quality: 2)
        }
        let ledger = try Ledger(path: folder + "/records.sqlite")
        let boot = try ledger.begin(wall()).boot
        let control = try LiveControl()
        let records = try RecordThread(ledger: ledger, inbox: control.inbox, wall: wall)
        let (clock, troubles) = (LoopClock(), PlantTroubles())
        let loop = try LiveLoop(
            options: LiveOptions(
                configuration: post, clock: clock, restored: Restored(boot: boot, latches: [], openSessions: [])),
            control: control, records: records,
            plant: { HardwarePlant(plan, control: $0, lookUps: nil, clock: clock, troubles: troubles) })
        defer {
            loop.stop(within: .zero)
            records.stop(cleanly: true)
        }
        // Faster than an idle post asks: as on connectors that charge.
        try await control.onLoop { turn in
            for connector in turn.plant.devices.connectors { try? connector.meter.setFast(true) }
        }
        func complains(_ number: Int) -> Bool {
            troubles.sentences.contains { $0.hasPrefix("The meter of connector \(number) ") }
        }
        let silenced = faults.indices.filter { Self.silencing.contains(faults[$0]) }
        for await _ in try #require(control.board.changes()) where control.board.snapshot.at > .zero + .seconds(6) {
            if silenced.allSatisfy({ complains($0 + 2) }) { break }
        }
        #expect(!complains(1))
        // What a slave makes its own thread wait is half a second and more.
        let figures = control.board.snapshot.figures
        #expect(figures.longestTurnMicroseconds < 400_000, "a turn waited for a slave")
        #expect(figures.turns > 20)
        print("longest turn beside \(transport) \(faults): \(figures.longestTurnMicroseconds) us")
    }
}
