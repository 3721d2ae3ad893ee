// What a campaign came to, for people and for programs.

import CommandOutput
import Foundation
import Scenarios
import Simulator

/// A sum with its verdict and what it lacks; `storm merge` reads the sum again.
struct CampaignTold: Encodable {
    private let campaign: Campaign
    private let isPartial: Bool

    init(_ campaign: Campaign, isPartial: Bool) { (self.campaign, self.isPartial) = (campaign, isPartial) }

    private enum Keys: String, CodingKey {
        case verdict, missing
    }

    func encode(to encoder: any Encoder) throws {
        try campaign.encode(to: encoder)
        var more = encoder.container(keyedBy: Keys.self)
        try more.encode(campaign.ending(isPartial: isPartial).rawValue, forKey: .verdict)
        try more.encode(campaign.whole(isPartial: isPartial), forKey: .missing)
    }
}

extension Campaign {
    /// The options of a sum that `storm shrink` takes as well: devices of bytes with their maps, and a defect that was put in.
    var wayOfShrinking: [String] {
        Array((parts.first?.options ?? []).prefix { $0 != "--trap-at" && $0 != "--hang-at" })
    }

    static let canaryWasMissed = "CANARY  the storm that must be found was not: the judges do not look"

    /// What a whole campaign must have seen and has not, a line each.
    var missing: [String] {
        let (injected, raised, reacted) = neverReached
        return [
            ("never injected with effect", injected), ("never raised", raised),
            ("never raised in a session", reacted),
        ].filter { !$0.1.isEmpty }.map { "\($0): \($1.joined(separator: ", "))" }
    }

    /// What is wrong with the whole of it, beside its storms.
    func whole(isPartial: Bool) -> [String] {
        (isCanaryFound == false ? [Self.canaryWasMissed] : []) + (isPartial ? [] : missing)
    }
}

func tell(_ campaign: Campaign, seconds: Double?, isPartial: Bool, options: [String] = []) {
    let share = campaign.postHours > 0 ? campaign.chargingHours / campaign.postHours * 100 : 0
    print(
        String(
            format:
                "\n%.1f post-hours, %.1f connector-hours charging (%.0f %%), %d sessions, %d faults with effect",
            campaign.postHours, campaign.chargingHours, share, campaign.sessions,
            campaign.injected.values.reduce(0, +)))
    if let seconds, seconds > 0 {
        print(String(format: "in %.1f s: %.0f post-hours an hour", seconds, campaign.postHours * 3_600 / seconds))
    }
    print("played twice: \(campaign.playedTwice), all with equal hashes unless DIVERGED stands above")
    if let hash = campaign.hash { print("hash of all: \(hash)") }
    // One storm reaches little, and nobody asks it to.
    if campaign.storms > 1 { campaign.missing.forEach { print($0) } }
    if campaign.isCanaryFound == false { print(Campaign.canaryWasMissed) }
    if let worst = campaign.failures.first {
        print(
            "cut the first one down: holdfast storm shrink \(([String(worst.seed)] + options).joined(separator: " "))"
        )
    }
    let ending = campaign.ending(isPartial: isPartial)
    let failed = campaign.failures.count
    print("\n\(campaign.storms - failed) passed, \(failed) failed: \(ending.rawValue)")
}

/// The command that plays one storm again.
func repeatCommand(_ seed: UInt64, _ options: [String]) -> String {
    (["holdfast storm --seeds \(seed)"] + options).joined(separator: " ")
}

/// Where two plays of a seed differed: the event, and both sides.
func tellDivergence(_ campaign: Campaign, _ farLink: FarLinkMaker?) {
    guard let seed = campaign.failures.first(where: { $0.ending == .diverged })?.seed else { return }
    var storm = Storm.scenario(seed: seed)
    storm.farLink = farLink
    guard let difference = try? PlayTwice.difference(storm) else {
        return print("seed \(seed), played twice more: no difference this time")
    }
    print("DIVERGED  seed \(seed): " + difference.lines.joined(separator: "\n"))
}

extension Campaign {
    /// Every storm of the range, as machines are told of it.
    func announcements(
        of range: ClosedRange<UInt64>, _ options: [String], isPartial: Bool
    ) -> [Announcement] {
        let bad = Dictionary(grouping: failures, by: \.seed)
        let whole = whole(isPartial: isPartial)
        let command = (["holdfast storm --seeds \(SeedRange(range))"] + options).joined(separator: " ")
        let campaign = Announcement(
            name: "the campaign", isGood: whole.isEmpty, complaints: whole, repeatCommand: command)
        return [campaign]
            + range.map { seed in
                let found = bad[seed] ?? []
                return Announcement(
                    name: "storm \(seed)", isGood: found.isEmpty,
                    complaints: found.map { "\($0.word): \($0.complaint)" },
                    repeatCommand: holdfast.repeatCommand(seed, options))
            }
    }
}
