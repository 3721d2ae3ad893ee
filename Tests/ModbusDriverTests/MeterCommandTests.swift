// `holdfast meter` as a process, against pymodbus.

import Foundation
import Testing

@testable import ModbusDriver

func holdfast(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = root.appendingPathComponent(".build/debug/holdfast")
    process.arguments = arguments
    process.currentDirectoryURL = root
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
        process.terminationStatus, String(decoding: said, as: UTF8.self),
        String(decoding: complained, as: UTF8.self)
    )
}

@Suite(
    "holdfast meter", .serialized,
    .enabled(if: PythonSlave.isInstalled, "make test-dependencies installs pymodbus under .build/python"))
struct MeterCommandTests {
    private func place(_ slave: PythonSlave) -> [String] {
        switch slave.endpoint {
        case .network(let address): ["--tcp", address.description]
        case .serial(let line): ["--rtu", line.path, "--baud", "115200"]
        case .given: []
        }
    }

    @Test("shows units, raw registers, both addresses and the line for mbpoll", arguments: ["tcp", "rtu"])
    func reads(_ transport: String) throws {
        let slave = try PythonSlave(transport, "pymodbus")
        let (code, output, _) = try holdfast(["meter", "read", "eastron-dcm230"] + place(slave))
        #expect(code == 0)
        for part in [
            "401.250 V", "125.500 A", "1234.500 kWh", "address 72 (30073)", "449A 5000", "mbpoll -m \(transport)",
        ] {
            #expect(output.contains(part), "\(output)")
        }
        let (jsonCode, json, _) = try holdfast(["meter", "read", "eastron-dcm230", "--json"] + place(slave))
        let report = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let values = try #require(report["values"] as? [[String: Any]])
        #expect(jsonCode == 0)
        #expect(values.first { $0["quantity"] as? String == "voltage" }?["value"] as? Int == 401_250)
    }

    @Test("another device is not read as if it were the map's")
    func otherDevice() throws {
        let slave = try PythonSlave("tcp", "pymodbus")
        let (code, output, _) = try holdfast(["meter", "read", "carlo-gavazzi-em340"] + place(slave))
        #expect(code == 1)
        #expect(output.contains("another device"))
    }

    @Test("each failure is one sentence and a code of sysexits")
    func failures() throws {
        let cases: [([String], Int32, String)] = [
            (["eastron-dcm23", "--tcp", "127.0.0.1:1"], 66, "Did you mean eastron-dcm230?"),
            (["eastron-dcm230", "--tcp", "localhost:502"], 64, "is no address"),
            (["eastron-dcm230", "--tcp", "127.0.0.1:1"], 69, "Nobody listens"),
            (["eastron-dcm230", "--rtu", "/dev/ttyNONE"], 66, "There is no device"),
            (["eastron-dcm230"], 64, "--tcp HOST:PORT or --rtu DEVICE"),
        ]
        for (arguments, expected, sentence) in cases {
            let (code, output, errors) = try holdfast(["meter", "read"] + arguments)
            #expect(
                code == expected && output.isEmpty && errors.contains(sentence), "\(arguments): \(code) \(errors)")
        }
        let silent = try PythonSlave("tcp", "silent")
        #expect(try holdfast(["meter", "read", "eastron-dcm230"] + place(silent)).code == 69)
        let garbled = try PythonSlave("rtu", "unit")
        #expect(try holdfast(["meter", "read", "eastron-dcm230"] + place(garbled)).code == 74)
    }

    @Test("lists every map, as JSON too")
    func list() throws {
        let (code, output, _) = try holdfast(["meter", "list", "--json"])
        let rows = try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
        #expect(code == 0 && rows.count >= 14)
        #expect(rows.allSatisfy { ($0["sources"] as? [String])?.isEmpty == false })
    }
}
