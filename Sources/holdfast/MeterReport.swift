// What was read of a device, for people and for programs.

import Foundation
import ModbusDriver
import Post
import RegisterMaps
import StrictYAML

/// What `holdfast meter read` says.
struct MeterReport: Encodable {
    struct Value: Encodable {
        var quantity: String
        /// In the base unit: mV, mA, W, Wh, mHz, ohm, millidegrees. Nil where it does not count.
        var value: Int64?
        var unit: String
        var text: String
        /// On the wire, from 0.
        var address: UInt16
        /// As old manuals print it, from 1.
        var reference: Int
        var raw: [UInt16]
        var problem: String?
    }

    struct Request: Encodable {
        var function: UInt8
        var address: UInt16
        var count: Int
        var raw: [UInt16]
        var mbpoll: String

        init(_ block: RegisterBlock, _ words: [UInt16], unit: UInt8, at endpoint: ModbusEndpoint) {
            function = block.function.rawValue
            address = block.address
            count = block.count
            raw = words
            mbpoll = endpoint.mbpoll(block, unit: unit)
        }
    }

    var profile: String
    var title: String
    var unit: UInt8
    var serial: String?
    var values: [Value]
    var problems: [String] = []
    /// Faults of its own that the device reports, by the names of its map.
    var faults: [String]
    var requests: [Request]

    init(_ map: RegisterMap, unit: UInt8, _ snapshot: RegisterSnapshot, _ requests: [Request]) {
        profile = map.name
        title = map.title
        self.unit = unit
        serial = snapshot.serialText(map)
        self.requests = requests
        faults = snapshot.faultNames(map)
        values = map.values.map { Value($0, snapshot, map) }
        do throws(ValueProblem) {
            try snapshot.checkIdentity(map)
            try snapshot.checkConditions(map)
        } catch {
            problems.append(error.description)
        }
    }

    /// Reads a device once: who it is, then every value of its map. Waits for it.
    static func read(
        _ map: RegisterMap, unit: UInt8, at endpoint: ModbusEndpoint
    ) throws(ModbusFailure) -> MeterReport {
        let client = try ModbusClient(endpoint)
        let within = Interval(microseconds: map.answersWithinMicroseconds)
        var snapshot = RegisterSnapshot()
        var requests: [Request] = []
        var previous: RegisterBlock?
        for plan in [ReadPlan(identityOf: map), ReadPlan(map, map.values.map(\.quantity))] {
            var index = 0
            while index < plan.blocks.count {
                let (block, isFiller) = plan.request(at: index, after: previous)
                let words = try client.perform(ModbusRequest(unit: unit, .read(block)), within: within)
                previous = block
                snapshot.add(words, of: block)
                requests.append(Request(block, words, unit: unit, at: endpoint))
                if !isFiller { index += 1 }
            }
        }
        return MeterReport(map, unit: unit, snapshot, requests)
    }

    var isGood: Bool { problems.isEmpty && values.allSatisfy { $0.problem == nil } }

    func show() {
        print("\(title), unit \(unit)\(serial.map { ", serial number \($0)" } ?? "")")
        for value in values {
            let name = value.quantity.padding(toLength: 16, withPad: " ", startingAt: 0)
            let text = (value.problem.map { "REFUSED: \($0)" } ?? value.text).padding(
                toLength: max(18, (value.problem ?? "").count + 9), withPad: " ", startingAt: 0)
            let place = "address \(value.address) (\(value.reference))"
            print("  \(name) \(text) \(place)  \(Self.hexadecimal(value.raw))")
        }
        for fault in faults { print("  FAULT: \(fault), says the device") }
        for problem in problems { print("  WRONG: \(problem)") }
        for request in requests {
            print(
                "  function \(request.function), \(request.count) from address \(request.address): \(request.mbpoll)"
            )
        }
    }

    private static func hexadecimal(_ words: [UInt16]) -> String {
        words.map { word in
            let digits = String(word, radix: 16, uppercase: true)
            return String(repeating: "0", count: 4 - digits.count) + digits
        }.joined(separator: " ")
    }
}

extension MeterReport.Value {
    init(_ place: RegisterValue, _ snapshot: RegisterSnapshot, _ map: RegisterMap) {
        quantity = place.quantity.rawValue
        unit = place.quantity.measure.units[0].symbol
        address = place.address
        reference = place.function.referenceBase + Int(place.address)
        raw = snapshot.words(place.block) ?? []
        do throws(ValueProblem) {
            let read = try snapshot.value(place.quantity, map)
            value = read
            text = place.quantity.written(read)
        } catch {
            text = ""
            problem = error.description
        }
    }
}

extension ModbusEndpoint {
    /// The same question for mbpoll (1.4): `-0` takes addresses as they are on the wire.
    fileprivate func mbpoll(_ block: RegisterBlock, unit: UInt8) -> String {
        let type =
            switch block.function {
            case .coil: "0"
            case .input: "3:hex"
            case .holding: "4:hex"
            }
        let question = "-a \(unit) -t \(type) -0 -r \(block.address) -c \(block.count) -1"
        switch self {
        case .serial(let line):
            return
                "mbpoll -m rtu \(question) -b \(line.baud) -d 8 -s \(line.stopBits) -P \(line.parity.rawValue) \(line.path)"
        case .network(let address):
            let (host, port) = Self.hostAndPort(address.description)
            return "mbpoll -m tcp \(question) -p \(port) \(host)"
        case .given: return ""
        }
    }

    private static func hostAndPort(_ text: String) -> (String, String) {
        guard let colon = text.lastIndex(of: ":"), text.hasPrefix("[") || text.firstIndex(of: ":") == colon else {
            return (text, "502")
        }
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        return (String(host), String(text[text.index(after: colon)...]))
    }
}
