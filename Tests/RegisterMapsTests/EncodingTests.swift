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
}
