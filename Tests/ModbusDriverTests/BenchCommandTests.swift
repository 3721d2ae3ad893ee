// `holdfast doctor` and `holdfast bringup` as processes, for a board whose lines are not there and whose meter is pymodbus.

import Foundation
import Testing

@testable import ModbusDriver

/// A post on hardware in a folder of its own: the rig's board, with a meter at this address.
private final class BoardFolder {
    let path = NSTemporaryDirectory() + "holdfast-\(UUID().uuidString)"
    var configuration: String { path + "/post.yaml" }

    init(meter address: String) throws {
        let port = try #require(address.split(separator: ":").last)
        for folder in ["/boards", "/state"] {
            try FileManager.default.createDirectory(atPath: path + folder, withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(
            at: root.appendingPathComponent("hardware/meters"), to: URL(fileURLWithPath: path + "/meters"))
        let board = try String(contentsOf: root.appendingPathComponent("hardware/boards/rig.yaml"), encoding: .utf8)
            .replacingOccurrences(of: "port: 1502", with: "port: \(port)")
            .replacingOccurrences(of: "/dev/ttyS1", with: "/dev/ttyNONE")
        try (board + "readers: [{kind: keyboard, device: /dev/null}]\n").write(
            toFile: path + "/boards/rig.yaml", atomically: true, encoding: .utf8)
        try """
        connectors: [{name: only, stage: 1, lock: post}]
        stages: [{rated_power: 150kW}]
        backend: {kind: hardware, profile: \(path)/boards/rig.yaml}
        state_folder: \(path)/state
        socket: \(path)/none.sock
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

private struct Finding: Decodable {
    var check: String
    var verdict: String
    var evidence: String
    var remedy: String
}

@Suite(
    "holdfast doctor and bringup, with a real slave and no chip", .serialized,
    .enabled(if: PythonSlave.isInstalled, "make test-dependencies installs pymodbus under .build/python"))
struct BenchCommandTests {
    private func address(_ slave: PythonSlave) throws -> String {
        guard case .network(let address) = slave.endpoint else { throw ModbusFailure.refused }
        return address.description
    }

    private func examine(_ board: BoardFolder) throws -> (code: Int32, findings: [Finding]) {
        let (code, output, _) = try holdfast(["doctor", "--json", "--config", board.configuration])
        return (code, try JSONDecoder().decode([Finding].self, from: Data(output.utf8)))
    }

    @Test("the doctor looks at every part, and says what to do about whatever is not good")
    func doctor() throws {
        let slave = try PythonSlave("tcp", "pymodbus")
        let (code, findings) = try examine(BoardFolder(meter: try address(slave)))
        #expect(code == 1)
        #expect(findings.allSatisfy { $0.verdict == "OK" || !$0.remedy.isEmpty })
        #expect(
            Set(findings.map(\.check)) == [
                "configuration", "daemon", "clock", "battery clock", "disk", "list", "board", "kernel interface",
                "line",
                "port", "bus device",
            ])
        func found(_ check: String) -> [Finding] { findings.filter { $0.check == check } }
        // No chip: one finding for all its lines, which names them.
        #expect(found("line").count == 1 && found("line")[0].verdict == "FAIL")
        #expect(
            found("line")[0].evidence.contains("does not exist") && found("line")[0].remedy.contains("WATCHDOG"))
        #expect(found("kernel interface").map(\.verdict) == ["FAIL"])
        #expect(
            found("kernel interface")[0].evidence.contains("no GPIO chip")
                && found("kernel interface")[0].evidence.contains("libgpiod 1."))
        #expect(found("port").map(\.verdict) == ["FAIL", "OK"])
        #expect(found("port")[0].evidence.contains("/dev/ttyNONE"))
        #expect(found("bus device").map(\.verdict) == ["OK"])
        #expect(found("bus device")[0].evidence.contains("401.250 V"))
        #expect(found("disk").map(\.verdict).allSatisfy { $0 != "FAIL" } && found("disk").count == 2)
    }

    @Test("a meter that is not there, or is another one, is a finding with its remedy")
    func badDevice() throws {
        let absent = try examine(BoardFolder(meter: "127.0.0.1:1")).findings.filter { $0.check == "bus device" }
        #expect(absent.map(\.verdict) == ["FAIL"])
        #expect(
            absent[0].evidence.contains("Nobody listens") && absent[0].remedy.contains("Check address and port"))
        let silent = try PythonSlave("tcp", "silent")
        let unheard = try examine(BoardFolder(meter: try address(silent))).findings.filter {
            $0.check == "bus device"
        }
        #expect(unheard.map(\.verdict) == ["FAIL"] && unheard[0].evidence.contains("No answer"))
    }

    @Test("people see it in lines")
    func lines() throws {
        let board = try BoardFolder(meter: "127.0.0.1:1")
        let (_, output, _) = try holdfast(["doctor", "--config", board.configuration])
        #expect(output.contains("FAIL  bus device: ") && output.contains("\n      do: Check address and port"))
    }

    @Test("bring-up reads the devices of the buses, raw registers beside, and drives nothing without its lines")
    func bringup() throws {
        struct Result: Decodable {
            struct Device: Decodable {
                struct Reading: Decodable {
                    struct Value: Decodable {
                        var quantity: String
                        var text: String
                        var raw: [Int]
                    }
                    var values: [Value]
                }
                var reading: Reading?
            }
            struct Step: Decodable {
                var device: String
                var verdict: String
                var remedy: String
            }
            var devices: [Device]
            var steps: [Step]
        }
        let slave = try PythonSlave("tcp", "pymodbus")
        let board = try BoardFolder(meter: try address(slave))
        let (code, output, _) = try holdfast(["bringup", "--json", "--config", board.configuration])
        let result = try JSONDecoder().decode(Result.self, from: Data(output.utf8))
        #expect(code == 1)
        let voltage = result.devices.first?.reading?.values.first { $0.quantity == "voltage" }
        #expect(voltage?.text == "401.250 V" && voltage?.raw == [0x43C8, 0xA000])
        #expect(result.steps.map(\.verdict) == ["refused"] && result.steps[0].device == "lines")
        #expect(!result.steps[0].remedy.isEmpty)
        let (onlyBuses, _, _) = try holdfast(["bringup", "--part", "buses", "--config", board.configuration])
        #expect(onlyBuses == 0)
    }

    @Test("a simulated post has no board to walk through, and a broken configuration is told")
    func refused() throws {
        let demo = root.appendingPathComponent("hardware/demo.yaml").path
        let (code, _, errors) = try holdfast(["bringup", "--config", demo])
        #expect(code == 78 && errors.contains("simulated post"))
        let (broken, _, complaint) = try holdfast(["bringup", "--config", "/nonexistent/post.yaml"])
        #expect(broken == 78 && complaint.contains("/nonexistent/post.yaml"))
    }
}
