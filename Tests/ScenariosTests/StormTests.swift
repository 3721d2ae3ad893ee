// Storms: the same seed is the same storm, a file of it is the same story, and what fails is cut down.

import Scenarios
import StrictYAML
import Testing

@Suite("Storms")
struct StormTests {
    @Test("the same seed twice is the same storm, to the last event")
    func deterministic() {
        let (one, two) = (Storm.play(seed: 11), Storm.play(seed: 11))
        #expect(one.hash == two.hash && one.hash != 0)
        #expect(Storm.play(seed: 12).hash != one.hash)
    }

    @Test("a storm written as a scenario file and read again is the same story", arguments: 1...20)
    func text(_ seed: UInt64) throws {
        let storm = Storm.scenario(seed: seed)
        let read = try scenarioDocument.read(text: storm.text, file: "storm.yaml")
        #expect(read.text == storm.text)
        let (one, two) = (Storm.play(storm), Storm.play(read))
        #expect(one.hash == two.hash)
        #expect(one.verdict == two.verdict)
    }

    @Test("sums of shards are the sum of the whole")
    func shards() async {
        let whole = await Campaign.play(1...6, jobs: 2) { _ in }
        var sum = await Campaign.play(1...3, jobs: 1) { _ in }
        sum.add(await Campaign.play(4...6, jobs: 1) { _ in })
        #expect(sum.storms == whole.storms && sum.sessions == whole.sessions)
        #expect(sum.injected == whole.injected && sum.raised == whole.raised)
        #expect(sum.failures == whole.failures)
    }
}
