// StrictYAML's schema and reference: written from what is read, the same text every time.

import Foundation
import StrictYAML
import Testing

@Suite("StrictYAML describes documents")
struct StrictYAMLSchemaTests {
    @Test("the schema is JSON, closed, and knows types, bounds, words and defaults")
    func schema() throws {
        let text = SamplePost.document.jsonSchema
        #expect(text == SamplePost.document.jsonSchema)
        let schema = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(schema["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
        #expect(schema["additionalProperties"] as? Bool == false)
        #expect(schema["required"] as? [String] == ["name", "max_power_watts", "backend"])
        let keys = try #require(schema["properties"] as? [String: [String: Any]])
        #expect(keys["max_power_watts"]?["maximum"] as? Int == 400_000)
        #expect(keys["energy_kwh"]?["maximum"] as? Double == 1_000)
        #expect(keys["energy_kwh"]?["default"] as? Double == 62.5)
        #expect(keys["open"]?["default"] as? Bool == true)
        #expect(keys["within"]?["default"] as? String == "500ms")
        #expect(keys["level"]?["enum"] as? [String] == ["low", "high"])
        let backends = try #require(keys["backend"]?["oneOf"] as? [[String: Any]])
        #expect(backends.map { $0["required"] as? [String] } == [["kind"], ["kind", "chip"]])
        let step = try #require(keys["steps"]?["items"] as? [String: Any])
        #expect((step["oneOf"] as? [Any])?.count == 2)
    }

    @Test("the reference has a row for every key and every word")
    func reference() {
        let page = SamplePost.document.reference
        for key in ["name", "backend.kind", "backend.chip", "steps[].tap", "cars.*.model", "level"] {
            #expect(page.contains("| `\(key)` |"), "\(key) is not in the reference")
        }
        #expect(page.contains("| `within` | a duration from 0us to 1d | `500ms` | How long it waits. |"))
        #expect(page.contains("| | `high` | | High. |"))
        #expect(page.contains("With `kind: lines`: The chip."))
    }

    @Test("a reader that asks for a key only sometimes is caught")
    func drift() {
        let drifting = DocumentKind<Int>(title: "", summary: "", schemaIdentifier: "") { keys in
            let isMore = keys.optional("more", .boolean, default: "false", "More.")
            return isMore ? keys.required("hidden", .integer(0...9), "Hidden.") : 0
        }
        #expect(drifting.undescribedKeys(in: "more: true\nhidden: 3") == ["hidden"])
        #expect(drifting.undescribedKeys(in: "more: false").isEmpty)
    }

    @Test(
        "the nearest word is near, or none",
        arguments: [
            ("stats", "status"), ("unplg", "unplug"), ("tpa", "tap"), ("Watch", "watch"), ("zzzzz", nil), ("", nil),
        ] as [(String, String?)])
    func nearest(_ word: String, _ meant: String?) {
        #expect(Nearest.word(to: word, among: ["status", "watch", "plug", "unplug", "tap"]) == meant)
    }
}
