// StrictYAML on documents that are broken, oversize or built to hurt: refused with a place, quickly, never a crash.

import StrictYAML
import Testing

@Suite("StrictYAML refuses what would surprise")
struct StrictYAMLHostileTests {
    private let good = "name: North\nmax_power_watts: 1\nbackend: {kind: simulated}\n"

    @Test(
        "anchors, aliases, merge keys, tags, second documents",
        arguments: [
            ("outlets: &all [1]", "4:10 alias &all"), ("cars: {a: *b}", "4:11 alias *b}"),
            ("<<: {open: true}", "4:1 alias <<"), ("open: !!bool true", "4:7 tag tag:yaml.org,2002:bool"),
            ("open: !mine true", "4:7 tag !mine"), ("outlets: !!seq []", "4:10 tag tag:yaml.org,2002:seq"),
            ("---\nname: M", "4:1 second-document ---"), ("? [a]\n: 1", "4:3 wrong-type"),
        ])
    func refused(_ text: String, _ mistake: String) {
        #expect(mistakes(good + text) == [mistake])
    }

    @Test(
        "broken syntax is placed",
        arguments: ["outlets: [1", "open: \"true", "\topen: true", "open: a: b", "open true"])
    func syntax(_ text: String) {
        let found = mistakes(good + text)
        #expect(found.count == 1 && found[0].contains(" syntax"), "\(found)")
    }

    @Test("an alias bomb is refused unread, even where a key would have to be hashed")
    func bomb() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "? *a60\n: 1\n"
        let found = mistakes(text)
        #expect(!found.isEmpty && found.allSatisfy { $0.contains(" alias ") })
    }

    @Test("deep nesting is refused, whatever its style", arguments: [9, 400, 1_900])
    func deep(_ depth: Int) {
        let flow = mistakes(
            good + "outlets: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        #expect(flow.contains { $0.contains("too-deep") }, "\(flow)")
        let block = mistakes(good + "outlets:\n  " + String(repeating: "- ", count: depth) + "1")
        #expect(block.contains { $0.contains("too-deep") }, "\(block)")
    }

    @Test("size, bytes that are not UTF-8 and control characters")
    func bytes() {
        #expect(mistakes(String(repeating: "# long\n", count: 1_000)) == ["0:0 too-large"])
        let problems = #expect(throws: Problems.self) {
            try SamplePost.document.read(Array("name: North\nx: ".utf8) + [0xC3, 0x28], file: "f")
        }
        #expect(problems?.list.first?.code == .badCharacter)
        #expect(problems?.list.first?.position == SourcePosition(line: 2, column: 4))
        #expect(mistakes(good + "open: \u{1}").first?.hasPrefix("4:7 bad-character") == true)
    }

    @Test("an empty document is a set of no keys")
    func empty() {
        #expect(
            mistakes("") == ["1:1 missing-key name", "1:1 missing-key max_power_watts", "1:1 missing-key kind"])
        #expect(mistakes("[1]") == ["1:1 wrong-type"])
    }

    @Test("several keys given twice, in quotes too, and the mistakes beside them")
    func duplicates() {
        let text = good + "open: true\n'open': 7\n\"name\": M\ncars:\n  a: {model: A, model: B}\nopen: false\n"
        #expect(
            mistakes(text) == [
                "5:1 duplicate-key open", "6:1 duplicate-key name", "8:17 duplicate-key model",
                "9:1 duplicate-key open",
            ])
    }

    @Test("files: missing, a folder, a pipe")
    func files() {
        for (path, code) in [
            ("/no/such/file.yaml", Problem.Code.noSuchFile), ("/", .unreadableFile), ("/dev/null", .unreadableFile),
        ] {
            let problems = #expect(throws: Problems.self) { try SamplePost.document.read(path: path) }
            #expect(problems?.list.first?.code == code && problems?.isAboutTheFileItself == true)
            #expect(problems?.description.hasPrefix("\(path): error: ") == true)
        }
    }

    @Test("random damage to a good document never crashes and is never silent about its place")
    func damage() throws {
        var state: UInt64 = 42
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let original = Array(
            (good + "steps:\n  - plug: 1\n  - tap: '04'\ncars: {a: {model: \"A\"}}\nwithin: 3s\n").utf8)
        let alphabet = Array("[]{}:,-?&*!|>'\"%@`#\n\t 0aé\u{85}".utf8) + [0xFF, 0]
        for _ in 0..<3_000 {
            var bytes = original
            for _ in 0...draw(4) {
                let place = draw(bytes.count)
                switch draw(3) {
                case 0: bytes[place] = alphabet[draw(alphabet.count)]
                case 1: bytes.insert(alphabet[draw(alphabet.count)], at: place)
                default: bytes.remove(at: place)
                }
            }
            do throws(Problems) {
                _ = try SamplePost.document.read(bytes, file: "f")
            } catch {
                #expect(!error.list.isEmpty)
                _ = error.written(as: .json)
            }
        }
    }
}
