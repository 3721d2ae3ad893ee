// A storm that fails is cut down to what it takes: few steps, no idle connectors and drivers, numbers of the same size.

import Post
import Scenarios
import StrictYAML
import Testing

@Suite("Shrinking")
struct ShrinkTests {
    #if HOLDFAST_SEAMS
        @Test(
            "what is left fails in the same way, read from its own text, with nobody in it who plays no part",
            arguments: [false, true])
        func small(_ isBytes: Bool) throws {
            var storm = try #require(
                (1...20).map { Storm.scenario(seed: $0) }.first { $0.text.contains("connectors: 3") })
            // Where devices answer as bytes is said in the file; who plays it here brings no bus.
            if isBytes { storm.devices = .bytes }
            func end(_ scenario: Scenario) -> StormEnd {
                var scenario = scenario
                scenario.devices = .called
                return Storm.play(scenario, with: .unlockAt400Volts).end
            }
            let whole = end(storm)
            #expect(whole.ending == .unsafe && whole.sign == "released_live")
            let found = try #require(try Shrinker.shrink(storm, by: { scenario, _ in end(scenario) }))
            let text = found.scenario.text
            #expect(text.contains("devices: bytes") == isBytes)
            let read = try scenarioDocument.read(text: text, file: "storm.yaml")
            #expect(read.text == text && read.devices == found.scenario.devices)
            #expect(end(read) == found.end && found.end.sign == whole.sign)
            #expect(text.split(separator: "\n").filter { $0.hasPrefix("  - at:") }.count <= 4, "\(text)")
            // One driver comes to one connector; nobody else is on the list.
            #expect(text.contains("connectors: 1,") && text.contains(/listed: \[listed-\d\],/), "\(text)")
            #expect(
                found.scenario.title.hasPrefix("Storm \(storm.seed), cut down: UNSAFE, Post 1, connector 1: "),
                "\(found.scenario.title)")
            #expect(found.plays <= Shrinker.playsAtMost)
        }
    #endif

    @Test(
        "a storm that ends well is played twice and left alone; one that diverges is cut down by playing it twice")
    func diverging() throws {
        let storm = Storm.scenario(seed: 1)
        var asked: [Bool] = []
        #expect(
            try Shrinker.shrink(
                storm,
                by: { _, isTwice in
                    asked.append(isTwice); return StormEnd(.safe, "")
                }) == nil)
        #expect(asked == [false, true])
        let found = try #require(try Shrinker.shrink(storm, by: { $1 ? .diverged : StormEnd(.safe, "") }))
        #expect(
            found.end.ending == .diverged
                && found.scenario.text.split(separator: "\n").filter { $0.hasPrefix("  - at:") }.count == 1)
    }

    @Test(
        "another way to fail is another storm: its ending, its words, or a number of another size",
        arguments: [
            ("the world, 00:01:00.000: Post 1, connector 1: open (for 2900 ms).", true),
            ("the world, 00:09:00.000: Post 1, connector 1: open (for 1500 ms).", true),
            ("the world, 00:01:00.000: Post 1, connector 1: open (for 10000 ms).", false),
            ("the world, 00:01:00.000: Post 1, connector 1: closed (for 2900 ms).", false),
        ])
    func alike(_ complaint: String, _ isAlike: Bool) throws {
        let wanted = StormEnd(
            .unsafe, sign: "a", "the world, 00:02:00.000: Post 1, connector 1: open (for 2900 ms).")
        let storm = Storm.scenario(seed: 1)
        var plays = 0
        let found = try Shrinker.shrink(storm) { _, _ in
            plays += 1
            return plays == 1 ? wanted : StormEnd(.unsafe, sign: "a", complaint)
        }
        #expect((found?.scenario.text.count ?? 0 < storm.text.count - 200) == isAlike)
    }
}
