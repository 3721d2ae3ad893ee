// Real slaves in processes of their own: pymodbus, and ones that misbehave, over TCP and over pseudo terminals.

import Devices
import Foundation
import Post
import RegisterMaps
import Synchronization
import Testing

@testable import ModbusDriver

/// A Python slave while a test needs it.
final class PythonSlave {
    private static let python = root.appendingPathComponent(".build/python/bin/python3").path
    /// Whether the private environment with pymodbus is there; `make test-dependencies` makes it.
    static let isInstalled = FileManager.default.isExecutableFile(atPath: python)

    let endpoint: ModbusEndpoint
    private let process = Process()
    private let input = Pipe()

    init(_ transport: String, _ fault: String, echoes: Bool = false, _ more: String...) throws {
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments =
            [root.appendingPathComponent("Tests/ModbusDriverTests/slaves.py").path, transport, fault] + more
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var said = ""
        while !said.hasSuffix("\n") {
            let data = output.fileHandleForReading.readData(ofLength: 1)
            if data.isEmpty { break }
            said += String(decoding: data, as: UTF8.self)
        }
        let place = said.split(separator: " ").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
        if transport == "tcp" {
            guard let address = NetworkAddress(place) else { throw ModbusFailure.refused }
            endpoint = .network(address)
        } else {
            endpoint = .serial(SerialLine(path: place, baud: 115_200, echoes: echoes))
        }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    var settings: ModbusEngine.Settings {
        // Shorter than on a real line, so that the tests of failures do not take minutes.
        var settings = ModbusEngine.Settings(
            framing: endpoint.framing, baud: 115_200, quarantine: .milliseconds(220))
        if case .serial(let line) = endpoint { settings.echoes = line.echoes }
        return settings
    }

    func client() throws -> ModbusClient { try ModbusClient(endpoint, settings) }
}

/// What a number of reads came to. No value that is not the right one is ever counted as right.
private func reads(
    _ count: Int, _ slave: PythonSlave, within: Interval = .milliseconds(120)
) throws -> (right: Int, wrong: Int, failures: [ModbusFailure]) {
    let client = try slave.client()
    var result: (right: Int, wrong: Int, failures: [ModbusFailure]) = (0, 0, [])
    for round in 0..<count {
        let request = reading(4 + round % 2, unit: 7, from: UInt16(round % 50))
        do throws(ModbusFailure) {
            let words = try client.perform(request, within: within)
            if words == expected(request) { result.right += 1 } else { result.wrong += 1 }
        } catch {
            result.failures.append(error)
        }
    }
    return result
}

@Suite(
    "Real slaves over TCP and pseudo terminals", .serialized,
    .enabled(if: PythonSlave.isInstalled, "make test-dependencies installs pymodbus under .build/python"))
struct LiveTests {
    @Test("a slave that behaves is read without a failure", arguments: ["tcp", "rtu"])
    func behaves(_ transport: String) throws {
        let result = try reads(100, PythonSlave(transport, "none"), within: .seconds(2))
        #expect(result.right == 100 && result.wrong == 0, "\(result.failures)")
    }

    @Test("pymodbus: a meter's samples come through the bus thread", arguments: ["tcp", "rtu"])
    func pymodbus(_ transport: String) throws {
        let slave = try PythonSlave(transport, "pymodbus")
        let inbox = RecordingInbox()
        let bus = try ModbusBus(slave.endpoint)
        let meter = try ModbusMeter(map("eastron-dcm230"), connector: left, inbox: inbox, on: bus)
        try meter.setFast(true)
        let began = ModbusClient.now
        let thread = try ModbusBusThread("bus test", bus) { ModbusClient.now }
        defer { thread.stop() }
        let end = ModbusClient.now + .seconds(20)
        while inbox.meters.count < 5, ModbusClient.now < end { usleep(5_000) }
        let samples = inbox.meters
        #expect(samples.count >= 5, "\(String(describing: meter.health))")
        #expect(
            samples.allSatisfy {
                $0.millivolts == 401_250 && $0.milliamperes == 125_500 && $0.energyWattHours == 1_234_500
            })
        #expect(samples.allSatisfy { $0.measuredAt >= began && $0.measuredAt <= ModbusClient.now })
        #expect(zip(samples, samples.dropFirst()).allSatisfy { $0.measuredAt < $1.measuredAt })
    }

    @Test("silent", arguments: ["tcp", "rtu"])
    func silent(_ transport: String) throws {
        let result = try reads(3, PythonSlave(transport, "silent"))
        #expect(result.failures == [.silent, .silent, .silent])
    }

    @Test(
        "slow byte by byte: the deadline holds, whatever libmodbus' byte timeout would allow",
        arguments: ["tcp", "rtu"])
    func slow(_ transport: String) throws {
        let slave = try PythonSlave(transport, "slow")
        let client = try slave.client()
        try client.connect()
        let began = ModbusClient.now
        #expect(throws: transport == "tcp" ? ModbusFailure.outOfStep : .torn) {
            try client.perform(reading(4), within: .milliseconds(300))
        }
        #expect(ModbusClient.now - began < .milliseconds(450))
    }

    @Test("late: no answer is taken for another request's", arguments: ["tcp", "rtu"])
    func late(_ transport: String) throws {
        let result = try reads(8, PythonSlave(transport, "late"))
        #expect(result.wrong == 0)
        #expect(!result.failures.isEmpty)
    }

    @Test("wrong checksums of 1, 5 and 20 %: never a wrong value", arguments: ["1", "5", "20"])
    func checksums(_ percent: String) throws {
        let slave = try PythonSlave("rtu", "crc", "--percent", percent)
        let result = try reads(60, slave)
        #expect(result.wrong == 0)
        #expect(result.right >= 30)
        #expect(percent == "1" || !result.failures.isEmpty)
    }

    @Test("another unit answers", arguments: ["tcp", "rtu"])
    func unit(_ transport: String) throws {
        let result = try reads(3, PythonSlave(transport, "unit"))
        #expect(result.failures == Array(repeating: .foreign(.unit), count: 3))
    }

    @Test("a register too few", arguments: ["tcp", "rtu"])
    func length(_ transport: String) throws {
        let result = try reads(3, PythonSlave(transport, "length"))
        #expect(result.failures == Array(repeating: .foreign(.length), count: 3))
    }

    @Test("exceptions", arguments: ["tcp", "rtu"])
    func exceptions(_ transport: String) throws {
        let result = try reads(3, PythonSlave(transport, "exception"))
        #expect(result.failures == Array(repeating: .exception(2), count: 3))
    }

    @Test("an adapter that echoes: filtered where configured, never a value where not")
    func echo() throws {
        let filtered = try reads(10, PythonSlave("rtu", "echo", echoes: true))
        #expect(filtered.right == 10)
        let unexpected = try reads(3, PythonSlave("rtu", "echo"))
        #expect(unexpected.right == 0 && unexpected.wrong == 0)
    }

    @Test("two answers to each request", arguments: ["tcp", "rtu"])
    func twice(_ transport: String) throws {
        let result = try reads(20, PythonSlave(transport, "twice"))
        #expect(result.wrong == 0)
        // Over TCP the second one carries a number that nobody waits for any more.
        #expect(transport == "rtu" || result.right == 20)
    }

    @Test("the connection is reset, or the adapter unplugged", arguments: ["tcp", "rtu"])
    func reset(_ transport: String) throws {
        let result = try reads(1, PythonSlave(transport, "reset"))
        #expect(result.failures == [.closed])
    }

    @Test("an address that never accepts is given up after two seconds")
    func neverAccepts() throws {
        let slave = try PythonSlave("tcp", "never-accepts")
        let began = ModbusClient.now
        #expect(throws: ModbusFailure.connectTimedOut) { try slave.client().connect() }
        let took = ModbusClient.now - began
        #expect(took >= .milliseconds(1_900) && took < .milliseconds(3_500))
    }

    @Test(
        "a stage's setpoint is written in time although the meter on its line misbehaves",
        arguments: ["tcp", "rtu"], ["silent", "late", "unit", "length", "exception", "twice"])
    func neighbour(_ transport: String, _ fault: String) throws {
        let slave = try PythonSlave(transport, fault, echoes: false, "--unit", "2")
        let inbox = RecordingInbox()
        let bus = try ModbusBus(slave.endpoint)
        let stage = try ModbusPowerStage(
            map("ea-psb-11000-80"), stage: StageID(0), maximumMilliamperes: 80_000, inbox: inbox, on: bus)
        let meter = try ModbusMeter(map("eastron-dcm230"), unit: 2, connector: left, inbox: inbox, on: bus)
        try meter.setFast(true)
        let thread = try ModbusBusThread("bus test", bus) { ModbusClient.now }
        defer { thread.stop() }
        let end = ModbusClient.now + .seconds(20)
        while meter.health.lastFailure == nil, meter.health.samples == 0, ModbusClient.now < end { usleep(5_000) }
        var longest = Interval.zero
        for number: UInt32 in 1...4 {
            let asked = ModbusClient.now
            try stage.send(
                .on(millivolts: 400_000, milliamperes: Int32(number) * 1_000), number: CommandNumber(number))
            while inbox.outcomes.count < number, ModbusClient.now < end { usleep(2_000) }
            longest = max(longest, ModbusClient.now - asked)
        }
        #expect(inbox.outcomes == ["1 done", "2 done", "3 done", "4 done"])
        // A neighbour's exchange may take its 500 ms; it takes the line no second time before the setpoint has it.
        #expect(longest < .seconds(1), "\(longest.milliseconds) ms")
    }

    @Test("stopping the thread takes no longer than the exchange under way")
    func stops() throws {
        let slave = try PythonSlave("tcp", "silent")
        let bus = try ModbusBus(slave.endpoint)
        let meter = try ModbusMeter(map("eastron-dcm230"), connector: left, inbox: RecordingInbox(), on: bus)
        try meter.setFast(true)
        let thread = try ModbusBusThread("bus test", bus) { ModbusClient.now }
        let began = ModbusClient.now
        thread.stop()
        #expect(ModbusClient.now - began < .milliseconds(700))
    }
}
