// StrictYAML on a small kind of document: what is read, and every mistake at once with its place.

import StrictYAML
import Testing

/// A post as these tests describe one.
struct SamplePost: Equatable, Sendable {
    enum Backend: Equatable, Sendable {
        case simulated(speed: Int)
        case lines(chip: String)
    }
    enum Step: Equatable, Sendable {
        case plug(Int)
        case tap(String)
    }
    var name: String
    var limitWatts: Int64
    var energy: Int64
    var isOpen: Bool
    var patience: Int64
    var backend: Backend
    var outlets: [Int]
    var steps: [Step]
    var cars: [String]
    var level: Int?

    static let document = DocumentKind<SamplePost>(
        title: "Sample", summary: "A post.", schemaIdentifier: "https://example.org/sample.json",
        maximumBytes: 4_096,
        maximumDepth: 8
    ) { keys in
        SamplePost(
            name: keys.required("name", .text(1...20), "What it is called."),
            limitWatts: keys.required("max_power_watts", .integer(0...400_000, unit: "W"), "The most it draws."),
            energy: keys.optional(
                "energy_kwh", .decimal(places: 3, 0...1_000_000, unit: "kWh"), default: "62.5", "Energy."),
            isOpen: keys.optional("open", .boolean, default: "true", "Whether it is open."),
            patience: keys.optional(
                "within", .duration(0...86_400_000_000), default: "500ms", "How long it waits."),
            backend: keys.optional("backend", .record(readBackend), default: "{}", "Its hardware."),
            outlets: keys.optional("outlets", .list(0...3, of: .integer(1...8)), default: "[]", "Its outlets."),
            steps: keys.optional("steps", .list(0...9, of: .record(readStep)), default: "[]", "What happens."),
            cars: keys.optional(
                "cars", .table(0...4, key: "a car's name", of: .record(readCar)), default: "{}", "Cars."
            )
            .map(\.value),
            level: keys.optional(
                "level", .words([WordMeaning("low", 1, "Low."), WordMeaning("high", 2, "High.")]), "Level."))
    }

    @Sendable private static func readBackend(_ keys: RecordReader) -> Backend {
        keys.variant(
            "kind", "What drives the post.",
            [
                Variant("simulated", "A simulated post.") {
                    .simulated(speed: $0.optional("speed", .integer(1...1_000), default: "1", "How fast."))
                },
                Variant("lines", "Real lines.") {
                    .lines(chip: $0.required("chip", .text(1...64, .absolutePath), "The chip."))
                },
            ])
    }

    @Sendable private static func readStep(_ keys: RecordReader) -> Step {
        keys.exactlyOne(
            "What happens.",
            [
                Choice("plug", .integer(1...8), "A car is plugged in.") { .plug($0) },
                Choice("tap", .text(1...40, .hexadecimal), "A card is shown.") { .tap($0) },
            ])
    }

    @Sendable private static func readCar(_ keys: RecordReader) -> String {
        keys.required("model", .text(1...20), "Its model.")
    }
}

/// Reads a sample and returns its mistakes, `line:column code found`, for short tables of tests.
func mistakes(_ text: String) -> [String] {
    do throws(Problems) {
        _ = try SamplePost.document.read(text: text, file: "sample.yaml")
        return []
    } catch {
        return error.list.map {
            "\($0.position.line):\($0.position.column) \($0.code.rawValue)\($0.found.map { " " + $0 } ?? "")"
        }
    }
}

/// The keys that every sample needs, in three lines, after which a test adds its own.
private let good = "name: North\nmax_power_watts: 150000\nbackend: {kind: simulated}\n"

@Suite("StrictYAML reads documents")
struct StrictYAMLDocumentTests {
    @Test("a whole document becomes a value, exactly")
    func whole() throws {
        let text = """
            # A comment.
            name: "North"
            max_power_watts: 150000
            energy_kwh: 12.345
            open: false
            within: 1.5s
            backend:
              kind: lines
              chip: /dev/gpiochip0
            outlets: [1, 2]
            steps:
              - plug: 1
              - tap: "04A2"
            cars:
              leaf: {model: Leaf}
              zoe:
                model: Zoe
            level: high
            """
        let post = try SamplePost.document.read(text: text, file: "sample.yaml")
        let expected = SamplePost(
            name: "North", limitWatts: 150_000, energy: 12_345, isOpen: false, patience: 1_500_000,
            backend: .lines(chip: "/dev/gpiochip0"), outlets: [1, 2], steps: [.plug(1), .tap("04A2")],
            cars: ["Leaf", "Zoe"], level: 2)
        #expect(post == expected)
        #expect(SamplePost.document.undescribedKeys(in: text).isEmpty)
    }

    @Test("what is left out has its default, read by the same rules")
    func defaults() throws {
        let post = try SamplePost.document.read(text: good, file: "sample.yaml")
        #expect(post.energy == 62_500 && post.isOpen && post.patience == 500_000 && post.outlets.isEmpty)
        #expect(post.backend == .simulated(speed: 1) && post.level == nil)
    }

    @Test("every mistake is found in one run, each at its place")
    func everyMistake() {
        let text = """
            nam: North
            max_power_watts: 900000
            within: 12
            open: yes
            backend: {kind: lines, speed: 3}
            outlets: [1, 9, two]
            steps:
              - plug: 1
                tap: "04"
              - unplug: 1
            level: hihg
            open: false
            """
        #expect(
            mistakes(text) == [
                "1:1 missing-key name", "1:1 unknown-key nam", "2:18 bad-value 900000", "3:9 wrong-type 12",
                "4:7 wrong-type yes", "5:10 missing-key chip", "5:24 unknown-key speed", "6:14 bad-value 9",
                "6:17 wrong-type two", "9:5 conflicting-keys tap", "10:5 missing-key", "10:5 unknown-key unplug",
                "11:8 bad-value hihg", "12:1 duplicate-key open",
            ])
    }

    @Test("an anchor that an alias repeats is told once; a misspelt kind hides no mistake of the keys it has")
    func toldOnce() {
        #expect(
            mistakes(
                "name: &a North\nmax_power_watts: 1\nbackend: {kind: simulatd, speed: 0}\nlevel: *a\n") == [
                    "1:7 alias &a", "3:17 bad-value simulatd", "3:34 bad-value 0",
                ])
        // Nobody knows which keys would be right.
        #expect(
            mistakes("name: Post\nmax_power_watts: 1\nbackend: {kind: purple, speed: 0}\n") == [
                "3:17 bad-value purple"
            ])
    }

    @Test("a message says what, where, what was expected and what to do")
    func message() throws {
        let problems = try #require(throws: Problems.self) {
            try SamplePost.document.read(text: good + "max_powr_watts: 1", file: "a:b,c.yaml")
        }
        #expect(
            problems.written(as: .text) == """
                a:b,c.yaml:4:1: error: unknown key "max_powr_watts": expected one of name, max_power_watts, energy_kwh, \
                open, within, backend, outlets, steps, cars, level. Did you mean "max_power_watts"?
                """)
        #expect(
            problems.written(as: .github).hasPrefix(
                "::error file=a%3Ab%2Cc.yaml,line=4,col=1,title=unknown key::unknown key \"max_powr_watts\": expected"
            ))
        #expect(
            problems.written(as: .json).hasPrefix(
                #"{"file":"a:b,c.yaml","problems":[{"code":"unknown-key","line":4,"column":1,"path":"","what":"unknown key","#
                    + #""found":"max_powr_watts","expected":"one of name"#))
    }

    @Test(
        "the words that one reader takes for something else are refused or asked for in quotes",
        arguments: [
            ("name: yes", "1:7 wrong-type yes"), ("name: off", "1:7 wrong-type off"),
            ("name: 0123", "1:7 wrong-type 0123"),
            ("name: 1e5", "1:7 wrong-type 1e5"), ("name: 12:30", "1:7 wrong-type 12:30"),
            ("name: ~", "1:7 wrong-type ~"),
            ("name: 2025-10-20", "1:7 wrong-type 2025-10-20"), ("name: 0x1F", "1:7 wrong-type 0x1F"),
            ("name:", "1:6 wrong-type"), ("name: 04E1234567", "1:7 wrong-type 04E1234567"),
        ])
    func traps(_ line: String, _ mistake: String) {
        #expect(mistakes(line + "\nmax_power_watts: 1\nbackend: {kind: simulated}") == [mistake])
    }

    @Test(
        "and the same in quotes, or not so mistakable, are texts",
        arguments: [
            "\"yes\"", "'0123'", "127.0.0.1", "North-1", "a: b".debugDescription, "1.2.3", "yes please",
        ])
    func texts(_ text: String) {
        #expect(mistakes("name: \(text)\nmax_power_watts: 1\nbackend: {kind: simulated}").isEmpty)
    }

    @Test(
        "numbers have one spelling", arguments: ["010", "0x10", "1_000", "+5", "1.0", "1e3", "\"5\"", "5 W", "-1"])
    func numbers(_ text: String) {
        let found = mistakes("name: North\nmax_power_watts: \(text)\nbackend: {kind: simulated}")
        #expect(found.count == 1 && found[0].hasPrefix("2:18 "), "\(found)")
    }

    @Test("truth has two words", arguments: ["yes", "no", "on", "off", "True", "FALSE", "1", "\"true\""])
    func truth(_ text: String) {
        #expect(mistakes(good + "open: \(text)").map { $0.prefix(15) } == ["4:7 wrong-type "])
    }

    @Test(
        "durations are exact microseconds",
        arguments: [
            ("500ms", 500_000), ("12s", 12_000_000), ("30m", 1_800_000_000), ("2h", 7_200_000_000),
            ("1d", 86_400_000_000),
            ("12.048 s", 12_048_000), ("0s", 0), ("0.000001s", 1),
        ] as [(String, Int64)])
    func durations(_ text: String, _ microseconds: Int64) throws {
        let post = try SamplePost.document.read(text: good + "within: \(text)", file: "")
        #expect(post.patience == microseconds)
    }

    @Test(
        "and nothing else is a duration",
        arguments: ["12", "s", "1.s", "0.0000001s", "-1s", "2d", "1e3s", "9999999999999999d"])
    func notDurations(_ text: String) {
        #expect(mistakes(good + "within: \(text)").count == 1)
    }
}
