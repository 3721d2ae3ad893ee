// Register maps: the files of the repository, what is refused, what registers mean.

import Foundation
import Post
import StrictYAML
import Testing

@testable import RegisterMaps

private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("hardware/meters").path

private func mapFiles() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
}

private func read(_ text: String) throws -> RegisterMap {
    try registerMapDocument.read(text: text, file: "map.yaml")
}

private func map(_ values: String, more: String = "") throws -> RegisterMap {
    try read(
        """
        name: test
        title: Test
        kind: thermometers
        sources: [nowhere at all]
        checked: no
        rated_power: 10kW
        readable: [{function: holding, from: 0, to: 99}]
        \(more)
        values:
        \(values)
        """.replacing("checked: no", with: "checked: not at all"))
}

@Suite("Register maps")
struct RegisterMapTests {
    @Test("every file of the repository is right, names its source and can be read so that late answers are told")
    func files() throws {
        let files = mapFiles()
        #expect(files.count >= 14)
        for file in files {
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            let map = try read(text)
            #expect(map.name + ".yaml" == file)
            #expect(map.sources.allSatisfy { $0.count > 20 }, "\(file) names no source")
            #expect(registerMapDocument.undescribedKeys(in: text).isEmpty)
            for plan in [ReadPlan(map, map.values.map(\.quantity)), ReadPlan(identityOf: map)] {
                #expect(plan.canAlternate, "\(file)")
                for block in plan.blocks { #expect(block.count <= map.registersAtMost, "\(file)") }
            }
        }
    }

    @Test("whatever fails and is asked again, no two requests in a row look alike", arguments: mapFiles())
    func requestsDiffer(_ file: String) throws {
        let map = try read(String(contentsOfFile: folder + "/" + file, encoding: .utf8))
        let plan = ReadPlan(map, map.values.map(\.quantity))
        var random = SystemRandomNumberGenerator()
        var previous: RegisterBlock?
        var index = 0
        for _ in 0..<2_000 {
            let (block, isFiller) = plan.request(at: index, after: previous)
            if let previous { #expect(ReadPlan.differ(block, previous)) }
            if !isFiller {
                #expect(block.addresses.contains(Int(plan.blocks[index].address)))
                #expect(block.addresses.upperBound >= plan.blocks[index].addresses.upperBound)
            }
            previous = block
            // A third of the exchanges fail and the block is asked again; some failures end the cycle.
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: break
            case 2: index = 0
            default: if !isFiller { index = (index + 1) % plan.blocks.count }
            }
        }
    }

    @Test("registers that follow each other come in one request, and gaps only where the map allows it")
    func contiguous() throws {
        let values = """
              - {quantity: temperature, function: holding, address: 0, type: int16, unit: degC, least: -40degC, most: 120degC}
              - {quantity: temperature_pin_a, function: holding, address: 1, type: int16, unit: degC, least: -40degC, most: 120degC}
              - {quantity: temperature_pin_b, function: holding, address: 40, type: int16, unit: degC, least: -40degC, most: 120degC}
            """
        let all = try map(values).values.map(\.quantity)
        #expect(ReadPlan(try map(values), all).blocks == [RegisterBlock(.holding, 0, count: 41)])
        let bounded = try map(values, more: "registers_at_most: 40")
        #expect(
            ReadPlan(bounded, all).blocks == [
                RegisterBlock(.holding, 0, count: 2), RegisterBlock(.holding, 40, count: 1),
            ])
    }

    @Test("mistakes are refused with line and column, and say what to do")
    func refusals() {
        let cases = [
            (
                "{quantity: temperature, function: holding, address: 0, type: int16, unit: V, least: 0degC, most: 1degC}",
                "V is no unit"
            ),
            (
                "{quantity: temperature, function: holding, address: 0, type: int16, unit: degC, least: 9degC, most: 1degC}",
                "most is less"
            ),
            (
                "{quantity: temperature, function: holding, address: 0, type: int16, unit: degC, least: 0, most: 1degC}",
                "least"
            ),
            (
                "{quantity: temperature, function: holding, address: 70000, type: int16, unit: degC, least: 0degC, most: 1degC}",
                "address"
            ),
            (
                "{quantity: temperature, function: holding, address: 0, type: int24, unit: degC, least: 0degC, most: 1degC}",
                "type"
            ),
            (
                "{quantity: temperature, function: holding, address: 0, type: int16, unit: degC, least: 0degC, most: 1degC, positive: export}",
                "direction"
            ),
            (
                "{quantity: temperature, function: holding, adress: 0, type: int16, unit: degC, least: 0degC, most: 1degC}",
                "adress"
            ),
        ]
        for (value, complaint) in cases {
            let error = #expect(throws: Problems.self) { try map("  - \(value)") }
            let sentences = error?.list.map { "\($0.position.line) \($0.sentence)" }.joined(separator: "\n") ?? ""
            #expect(sentences.contains(complaint), "\(sentences)")
            #expect(error?.list.allSatisfy { $0.position.line > 0 } == true)
        }
    }

    @Test("two names for one status bit, and one name for two, are refused")
    func faultBits() {
        for (bits, complaint) in [
            (
                "[{name: hot, function: holding, address: 9, bit: 1}, {name: hot, function: holding, address: 9, bit: 2}]",
                "hot is there twice"
            ),
            (
                "[{name: hot, function: holding, address: 9, bit: 1}, {name: cold, function: holding, address: 9, bit: 1}]",
                "bit 1 of register 9 has two names"
            ), ("[{name: hot, function: holding, address: 9, bit: 16}]", "bit"),
        ] {
            let error = #expect(throws: Problems.self) {
                try map(
                    "  - {quantity: temperature, function: holding, address: 0, type: int16, unit: degC, least: 0degC, most: 1degC}",
                    more: "fault_bits: \(bits)")
            }
            #expect(error?.list.contains { $0.sentence.contains(complaint) } == true, "\(bits)")
        }
    }

    @Test("a map that could not tell a late answer from the next is refused")
    func sameLengths() {
        let error = #expect(throws: Problems.self) {
            try read(
                """
                name: test
                title: Test
                kind: thermometers
                sources: [nowhere at all]
                checked: not at all
                rated_power: 10kW
                values:
                  - {quantity: temperature, function: holding, address: 0, type: int16, unit: degC, least: 0degC, most: 1degC}
                """)
        }
        #expect(error?.list.contains { $0.what.contains("same length") } == true)
    }

    @Test("a meter without voltage, current or energy is none, and a stage must be told what to do")
    func incomplete() {
        for kind in ["dc_meter", "insulation_monitor", "power_stage"] {
            #expect(throws: Problems.self) {
                try read(
                    """
                    name: test
                    title: Test
                    kind: \(kind)
                    sources: [nowhere at all]
                    checked: not at all
                    rated_power: 10kW
                    readable: [{function: holding, from: 0, to: 9}]
                    values:
                      - {quantity: temperature, function: holding, address: 0, type: int16, unit: degC, least: 0degC, most: 1degC}
                    """)
            }
        }
    }
}
