// The pages of faults and refusals are what the tables say.

import Catalog
import Foundation
import Post
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

@Suite("The system journal's catalog")
struct JournalCatalogTests {
    /// Where systemd looks for a language: in the file's name; English has none.
    private static func name(_ language: Language) -> String {
        language == .english ? "holdfast.catalog" : "holdfast.\(language.rawValue).catalog"
    }

    @Test("its files are current", arguments: Language.allCases)
    func current(_ language: Language) throws {
        let text = Sentences(language).journalCatalog()
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("hardware/debian/\(Self.name(language))")
        if ProcessInfo.processInfo.environment["HOLDFAST_WRITE_DOCUMENTATION"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        let found = try String(contentsOf: file, encoding: .utf8)
        #expect(
            found == text,
            "\(file.path) is out of date: HOLDFAST_WRITE_DOCUMENTATION=1 swift test --filter CatalogTests")
    }

    @Test("every code has a number of its own, and keeps it: an old journal is explained by a new catalog")
    func identifiers() {
        let all =
            Fault.allCases.map { MessageIdentifier($0) } + Refusal.allCases.map { MessageIdentifier($0) }
            + DeliveryRefusal.allCases.map { MessageIdentifier($0) }
        #expect(Set(all).count == all.count)
        // Computed by another program (Python), from the description of FNV-1a.
        #expect("\(MessageIdentifier(.weldedPlus))" == "28760f623b888b4aa800493ff31e76dc")
        #expect("\(MessageIdentifier(.unknownToken))" == "080e65c2b8818524815254c9cb2aef3e")
    }
}
