// The Modbus driver beside a plain C loop on libmodbus, and what four full buses cost. Reports; asserts nothing.

import CModbusLoop
import Devices
import Foundation
import ModbusDriver
import Post
import RegisterMaps
import StrictYAML
import Synchronization

/// What `holdfast-benchmarks modbus` measures; to be run from the repository's root, where the register maps are.
enum ModbusBenchmarks {
    private static let reads = 20_000
    private static let rounds = 5
    private static let buses = 4
    private static let metersOfABus = 8

    static func run() async throws {
        try readsOverTCP()
        try await fullBuses()
    }

    /// One client, one slave, one read after the other: ours and plain C in turn, in one run.
    private static func readsOverTCP() throws {
        let port = modbus_loop_serve_tcp()
        guard let address = NetworkAddress("127.0.0.1:\(port)") else { throw POSIXError(.EADDRNOTAVAIL) }
        var (plain, ours): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            plain.append(
                Double(reads)
                    / seconds {
                        let answered = modbus_loop_read(port, Int32(reads))
                        if answered != reads { print("the C loop missed \(reads - Int(answered)) answers") }
                    })
            ours.append(Double(reads) / (try seconds { try readOurs(address) }))
        }
        plain.sort()
        ours.sort()
        let (ofPlain, ofOurs) = (plain[rounds / 2], ours[rounds / 2])
        report("modbus TCP, plain C loop on libmodbus, median of \(rounds)", ofPlain, "reads/s", decimals: 0)
        report("modbus TCP, the driver", ofOurs, "reads/s", decimals: 0)
        report("  of the C loop's", ofOurs / ofPlain * 100, "%")
    }

    private static func readOurs(_ address: NetworkAddress) throws {
        let client = try ModbusClient(.network(address))
        for index in 0..<reads {
            let block = RegisterBlock(.input, 0, count: 10 + index % 2)
            _ = try client.perform(ModbusRequest(unit: 1, .read(block)), within: .seconds(1))
        }
    }

    /// Four serial lines with eight meters each, every one read once a second, for ten seconds.
    private static func fullBuses() async throws {
        let map = try registerMapDocument.read(path: "hardware/meters/eastron-dcm230.yaml")
        let inbox = CountingInbox()
        var threads: [ModbusBusThread] = []
        for number in 0..<buses {
            var path = [CChar](repeating: 0, count: 64)
            guard modbus_loop_serve_rtu(&path) == 0 else { throw POSIXError(.ENXIO) }
            let name = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let bus = try ModbusBus(.serial(SerialLine(path: name, baud: 115_200)))
            for unit in 1...metersOfABus {
                _ = try ModbusMeter(
                    map, unit: UInt8(unit), connector: ConnectorID(0), inbox: inbox, on: bus,
                    cadence: Cadence(fast: .seconds(1), idle: .seconds(1)))
            }
            threads.append(try ModbusBusThread("bus \(number)", bus) { ModbusClient.now })
        }
        defer { for thread in threads { thread.stop() } }
        try await ContinuousClock().sleep(for: .seconds(2))
        let (samples, slaves) = (inbox.count, modbus_loop_slave_seconds())
        let began = ContinuousClock.now
        let used = try await processorSeconds { try await ContinuousClock().sleep(for: .seconds(10)) }
        let took = (ContinuousClock.now - began) / .seconds(1)
        let own = used - (modbus_loop_slave_seconds() - slaves)
        report(
            "modbus RTU, \(buses) buses x \(metersOfABus) meters at 1 s", Double(inbox.count - samples) / took,
            "samples/s")
        report("  processor time, without the slaves'", own / took * 100, "% of a core", decimals: 2)
    }
}

/// Counts samples.
private final class CountingInbox: Inbox {
    private let samples = Atomic<Int>(0)
    var count: Int { samples.load(ordering: .relaxed) }
    func post(_ event: Event) { samples.add(1, ordering: .relaxed) }
}
