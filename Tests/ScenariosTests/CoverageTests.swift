// COVERAGE.md is made, never written: the committed page is what the scenarios give now, and every row answers.

import Foundation
import Scenarios
import Testing

private let simulations = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Simulations").path

@Suite("The coverage of the catalogue")
struct CoverageTests {
    #if HOLDFAST_SEAMS
        @Test("the committed page is current, and every row has a scenario that would be missed, or a reason")
        func page() async throws {
            let coverage = try await Coverage.measure(folder: simulations)
            #expect(coverage.rows.map(\.number) == Array(1...131))
            #expect(coverage.problems.isEmpty, "\(coverage.problems.joined(separator: "\n"))")
            let committed = try String(contentsOfFile: simulations + "/COVERAGE.md", encoding: .utf8)
            #expect(
                committed == coverage.page,
                "Renew it: holdfast scenario coverage Simulations --out Simulations/COVERAGE.md")
        }
    #endif
}
