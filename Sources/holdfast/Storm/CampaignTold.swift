// What a campaign came to, for people and for programs.

import CommandOutput
import Foundation
import Scenarios
import Simulator

/// A sum with its verdict and what it lacks; `storm merge` reads the sum again.
struct CampaignTold: Encodable {
    let campaign: Campaign
    let isPartial: Bool
    /// Seeds that were not played.
    var notPlayed: [CampaignPart.Span] = []
    /// Whether that is no failure.
    var isTally = false

    private enum Keys: String, CodingKey {
        case verdict, missing, notPlayed
    }

    /// What a whole campaign must have reached and has not, by code; nothing where that is not asked.
    private struct Missing: Encodable {
        var neverInjected: [String] = []
        var neverRaised: [String] = []
        var neverRaisedInASession: [String] = []
    }

    func encode(to encoder: any Encoder) throws {
        try campaign.encode(to: encoder)
        var more = encoder.container(keyedBy: Keys.self)
        let ending = campaign.ending(isPartial: isPartial, owed: isTally ? [] : notPlayed)
        try more.encode(ending.rawValue, forKey: .verdict)
        var missing = Missing()
        if !isPartial {
            (missing.neverInjected, missing.neverRaised, missing.neverRaisedInASession) = campaign.neverReached
        }
        try more.encode(missing, forKey: .missing)
        try more.encode(notPlayed, forKey: .notPlayed)
    }
}

extension Campaign {
    /// The options of a sum that `storm shrink` takes as well: devices of bytes with their maps, and a defect that was put in.
    var wayOfShrinking: [String] {
        Array((parts.first?.options ?? []).prefix { $0 != "--trap-at" && $0 != "--hang-at" })
    }

    static let canaryWasMissed = "CANARY  the storm that must be found was not: the judges do not look"

    /// What a whole campaign must have seen and has not, a line each.
    private var missing: [String] {
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

    /// What was found and reached, and what not.
    func tell(seconds: Double?) {
        let share = postHours > 0 ? chargingHours / postHours * 100 : 0
        print(
            String(
                format:
                    "\n%.1f post-hours, %.1f connector-hours charging (%.0f %%), %d sessions, %d faults with effect",
                postHours, chargingHours, share, sessions, injected.values.reduce(0, +)))
        if let seconds, seconds > 0 {
            print(String(format: "in %.1f s: %.0f post-hours an hour", seconds, postHours * 3_600 / seconds))
        }
        print("played twice: \(playedTwice), all with equal hashes unless DIVERGED stands above")
        if let hash { print("hash of all: \(hash)") }
        // One storm reaches little, and nobody asks it to.
        if storms > 1 { missing.forEach { print($0) } }
        if isCanaryFound == false { print(Self.canaryWasMissed) }
        if let worst = failures.first {
            let words = ([String(worst.seed)] + wayOfShrinking).joined(separator: " ")
            print("cut the first one down: holdfast storm shrink \(words)")
        }
    }

    /// The last line: how many passed, and the word for all of it.
    func tellEnding(isPartial: Bool, owed: [CampaignPart.Span] = []) {
        let ending = ending(isPartial: isPartial, owed: owed)
        // A storm that fails may diverge as well: it is one.
        let failed = Set(failures.map(\.seed)).count
        print("\n\(storms - failed) passed, \(failed) failed: \(ending.rawValue)")
    }

    /// Which seeds were not played, and the command that plays them.
    func tell(notPlayed gaps: [CampaignPart.Span]) {
        guard !gaps.isEmpty else { return }
        let count = gaps.reduce(0) { $0 &+ $1.count }
        let named = gaps.prefix(Self.gapsNamed).map(\.description).joined(separator: ", ")
        let more = gaps.count > Self.gapsNamed ? " and \(gaps.count - Self.gapsNamed) more ranges" : ""
        print("NOT PLAYED: \(count == 1 ? "1 storm, seed" : "\(count) storms, seeds") \(named)\(more)")
        func command(_ seeds: String) -> String {
            let way =
                (parts.first?.options ?? []).map { shellWord($0) } + ["--partial", "--out", "rest-\(seeds).json"]
            return (["holdfast storm --seeds \(seeds)"] + way).joined(separator: " ")
        }
        let all = gaps.map(\.description).joined(separator: " ")
        print("  play them: " + (gaps.count == 1 ? command(all) : "for s in \(all); do \(command("$s")); done"))
    }

    /// How many ranges are named to people; the command has all of them.
    private static let gapsNamed = 10
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
    /// Every storm of the range, as machines are told of it, and first what is wrong with the whole, if anything is.
    func announcements(
        of range: ClosedRange<UInt64>, _ options: [String], isPartial: Bool
    ) -> [Announcement] {
        let bad = Dictionary(grouping: failures, by: \.seed)
        let whole = whole(isPartial: isPartial)
        let command = (["holdfast storm --seeds \(SeedRange(range))"] + options).joined(separator: " ")
        // Only what is wrong with the whole of it is told beside the storms: it would count as one more.
        let campaign = Announcement(name: "the campaign", isGood: false, complaints: whole, repeatCommand: command)
        return (whole.isEmpty ? [] : [campaign])
            + range.map { seed in
                let found = bad[seed] ?? []
                return Announcement(
                    name: "storm \(seed)", isGood: found.isEmpty,
                    complaints: found.map { "\($0.word): \($0.complaint)" },
                    repeatCommand: holdfast.repeatCommand(seed, options))
            }
    }
}
