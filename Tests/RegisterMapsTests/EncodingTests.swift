// What a simulated device puts into its registers is what a reader of the same map finds there.

import Foundation
import RegisterMaps
import StrictYAML
import Testing

private let maps =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/hardware/meters/"

private func mapFiles() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: maps)) ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
}

@Suite("Registers of a simulated device")
struct EncodingTests {
    /// How fine a value lies in its registers: one raw unit, or 24 bits of it.
    private func step(_ value: RegisterValue, _ size: Int64) -> Int64 {
        let unit = value.unitSize * value.scaleMillionths / 1_000_000 / value.divisor
        return max(1, unit, abs(size) / 4_000_000)
    }

    @Test("every value of every map comes back", arguments: mapFiles())
    func values(_ file: String) throws {
        let map = try registerMapDocument.read(path: maps + file)
        for value in map.values {
            for part in 0...8 {
                let wanted =
                    value.range.lowerBound + (value.range.upperBound - value.range.lowerBound) / 8 * Int64(part)
                let image = map.registers(DeviceContent([value.quantity: wanted]))
                var snapshot = RegisterSnapshot()
                for function in RegisterFunction.allCases {
                    for block in (ReadPlan(map, Quantity.allCases).blocks + ReadPlan(identityOf: map).blocks)
                    where block.function == function {
                        snapshot.add(
                            block.addresses.map { image[function]?[UInt16($0)] ?? 0 }, of: block)
                    }
                }
                try snapshot.checkIdentity(map)
                try snapshot.checkConditions(map)
                // A type may be narrower than the plausible range: then the nearest that fits was written.
                let found = try snapshot.value(value.quantity, map)
                let again = map.registers(DeviceContent([value.quantity: found]))
                #expect(
                    abs(found - wanted) <= step(value, wanted) || again == image,
                    "\(map.name) \(value.quantity): wrote \(wanted), read \(found)")
            }
        }
    }

    @Test("self-test and fault of the insulation monitor are told apart from neither")
    func states() throws {
        let map = try registerMapDocument.read(path: maps + "bender-isocha425hv.yaml")
        func reads(_ change: (inout DeviceContent) -> Void) -> (runs: Bool, fault: Bool) {
            var content = DeviceContent([.insulation: 500_000, .voltage: 400_000])
            change(&content)
            let image = map.registers(content)
            func holds(_ conditions: [RegisterCondition]) -> Bool {
                conditions.allSatisfy { $0.holds(for: image[$0.function]?[$0.address] ?? 0) }
            }
            return (holds(map.testRuns), holds(map.hasFault))
        }
        #expect(reads { _ in } == (false, false))
        #expect(reads { $0.isTesting = true } == (true, false))
        #expect(reads { $0.hasFault = true } == (false, true))
    }

    @Test("a power stage's fault is a bit with a name, and both halves of its state are read with its values")
    func stageFaults() throws {
        let map = try registerMapDocument.read(path: maps + "ea-psb-11000-80.yaml")
        func names(_ state: [UInt16]?) throws -> (names: [String], isFault: Bool) {
            var content = DeviceContent([.voltage: 400_000, .current: 50_000])
            content.hasFault = state == nil
            var image = map.registers(content)[.holding] ?? [:]
            if let state { (image[505], image[506]) = (state[0], state[1]) }
            var snapshot = RegisterSnapshot()
            let block = try #require(
                ReadPlan(map, [.voltage, .current]).blocks.first { $0.function == .holding })
            snapshot.add(block.addresses.map { image[UInt16($0)] ?? 0 }, of: block)
            #expect(try snapshot.value(.voltage, map) > 399_000)
            return (snapshot.faultNames(map), snapshot.faults(map))
        }
        #expect(try names(nil) == (["alarm"], true))
        // Remote, output on, at constant voltage: no fault, whatever else is set.
        #expect(try names([0, 0x0883]) == ([], false))
        #expect(try names([0xDFFF, 0x7FFF]) == ([], false))
        #expect(try names([0, 0x8883]) == (["alarm"], true))
        #expect(try names([0x2000, 0]) == (["master-slave-safety"], true))
        #expect(try names([0x2000, 0x8000]) == (["alarm", "master-slave-safety"], true))
        #expect(RegisterSnapshot().faults(map) == false)
    }
}
