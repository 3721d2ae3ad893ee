// The pages of faults and refusals are what the tables say.

import Catalog
import Foundation
import Testing

@Suite("The documentation made from the tables")
struct DocumentTests {
    @Test("Faults.md and Refusals.md are current", arguments: ["Faults", "Refusals"])
    func current(_ name: String) throws {
        let sentences = Sentences(.english)
        let text = name == "Faults" ? sentences.faultDocument() : sentences.refusalDocument()
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Documentation/\(name).md")
        if ProcessInfo.processInfo.environment["HOLDFAST_WRITE_DOCUMENTATION"] == "1" {
            try FileManager.default.createDirectory(
                at: page.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: page)
        }
        let found = try String(contentsOf: page, encoding: .utf8)
        #expect(
            found == text,
            "Documentation/\(name).md is out of date: HOLDFAST_WRITE_DOCUMENTATION=1 swift test --filter CatalogTests"
        )
    }
}
