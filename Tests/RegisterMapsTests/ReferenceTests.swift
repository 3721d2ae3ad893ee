// The reference page says what the reader takes.

import Foundation
import StrictYAML
import Testing

@testable import RegisterMaps

@Suite("Reference of register maps")
struct ReferenceTests {
    @Test("hardware/meters/REFERENCE.md is what the reader's description generates")
    func reference() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("hardware/meters/REFERENCE.md")
        let generated = registerMapDocument.reference
        if ProcessInfo.processInfo.environment["HOLDFAST_WRITE_REFERENCE"] != nil {
            try generated.write(to: page, atomically: true, encoding: .utf8)
        }
        #expect(
            try String(contentsOf: page, encoding: .utf8) == generated,
            "run the tests once with HOLDFAST_WRITE_REFERENCE=1")
    }
}
