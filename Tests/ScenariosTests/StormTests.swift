// Storms: the same seed is the same storm, a file of it is the same story, and what fails is cut down.

import Foundation
import Post
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

    @Test("the canary is found, and a campaign that does not find it, or has not seen everything, does not pass")
    func canary() {
        #expect(Storm.isCanaryFound)
        var campaign = Campaign()
        campaign.add(canaryFound: true)
        #expect(campaign.ending(isPartial: true) == .safe)
        #expect(campaign.ending(isPartial: false) == .incomplete)
        campaign.add(canaryFound: false)
        #expect(campaign.ending(isPartial: true) == .canaryMissed)
        campaign.add(crash: 7, "the process died of signal 4 in it")
        #expect(campaign.ending(isPartial: false) == .crash)
        #expect(Set(StormEnding.allCases.map(\.exitCode)).count == StormEnding.allCases.count)
    }

    #if HOLDFAST_SEAMS
        @Test(
            "the defects that show soon are found within a hundred storms, each by the judge meant for it",
            arguments: [
                SeededDefect.interlockRemoved, .startRecordLate, .staleSampleAccepted, .unlockAt400Volts,
                .powerSharingOffByOne, .outboxReordered, .timerLostAfterRestart,
            ])
        func seeded(_ defect: SeededDefect) async {
            let found = await defect.hunt(atMost: 100, jobs: 2)
            #expect(found.seeds != nil, "\(found.defect)")
        }
    #endif

    @Test("sums of shards are the sum of the whole")
    func shards() async {
        let whole = await Campaign.play(1...6, jobs: 2) { _ in }
        var sum = await Campaign.play(1...3, jobs: 1) { _ in }
        sum.add(await Campaign.play(4...6, jobs: 1) { _ in })
        #expect(sum.storms == whole.storms && sum.sessions == whole.sessions)
        #expect(sum.injected == whole.injected && sum.raised == whole.raised)
        #expect(sum.failures == whole.failures)
        #expect(sum.hash == whole.hash && sum.hash != Campaign().hash)
        // A shard of before hashes were told: the sum tells none, in place of one that others cannot have.
        var before = Campaign()
        before.hash = nil
        sum.add(before)
        #expect(sum.hash == nil)
    }

    @Test("what was not played of a range is told in order, whatever lies beside it")
    func gaps() {
        func spans(_ ranges: ClosedRange<UInt64>...) -> [CampaignPart.Span] { ranges.map(CampaignPart.Span.init) }
        func gaps(_ played: [CampaignPart.Span]) -> [CampaignPart.Span] {
            CampaignPart.gaps(in: 1...10, between: played)
        }
        #expect(gaps([]) == spans(1...10))
        #expect(gaps(spans(1...10)).isEmpty && gaps(spans(0...20)).isEmpty)
        #expect(gaps(spans(7...8, 2...3, 4...4)) == spans(1...1, 5...6, 9...10))
        #expect(gaps(spans(0...2, 9...30)) == spans(3...8))
        #expect(gaps(spans(20...30)) == spans(1...10))
    }

    @Test("the hash of a campaign is written as other hashes are, and read again")
    func hash() async throws {
        let played = await Campaign.play(1...1, jobs: 1) { _ in }
        let written = try JSONEncoder().encode(played)
        #expect(
            String(decoding: written, as: UTF8.self).contains("\"hash\":\"\(played.hash.map { "\($0)" } ?? "")\""))
        #expect(try JSONDecoder().decode(Campaign.self, from: written).hash == played.hash)
    }
}
