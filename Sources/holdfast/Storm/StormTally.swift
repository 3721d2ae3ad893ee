// What a campaign has come to so far: kept storm by storm, so that one that is stopped leaves what it has done.

import CommandOutput
import Dispatch
import Foundation
import Scenarios
import Synchronization
import Traces

/// The sum so far, from many threads.
final class StormTally: Sendable {
    /// One storm, for a report with a case each.
    struct Storm: Sendable {
        var seed: UInt64
        var virtualSeconds: Double
        /// The hash of its events and actions; nil for one that its process did not outlive.
        var hash: String?
        var failures: [Campaign.Failure]
    }

    private struct Sum: Sendable {
        var campaign = Campaign()
        var seeds: [UInt64] = []
        var storms: [Storm] = []
    }

    private let sum = Mutex(Sum())
    private let keepsStorms: Bool

    /// - Parameter keepsStorms: Whether each storm is wanted by itself.
    init(keepsStorms: Bool) { self.keepsStorms = keepsStorms }

    /// Takes in a storm; returns how many there are.
    func take(_ seed: UInt64, _ one: Campaign) -> Int {
        sum.withLock { sum in
            sum.campaign.add(one)
            sum.seeds.append(seed)
            if keepsStorms {
                let isPlayed = one.postHours > 0
                sum.storms.append(
                    Storm(
                        seed: seed, virtualSeconds: one.postHours * 3_600,
                        hash: isPlayed ? one.hash.map { "\($0)" } : nil, failures: one.failures))
            }
            return sum.seeds.count
        }
    }

    /// Every storm, by its seed.
    var storms: [Storm] { sum.withLock { $0.storms }.sorted { $0.seed < $1.seed } }

    /// The sum of what was played until now, and its seeds.
    var soFar: (campaign: Campaign, seeds: [CampaignPart.Span]) {
        sum.withLock { sum in (sum.campaign, sum.seeds.map { CampaignPart.Span($0...$0) }) }
    }
}

/// Ends a campaign that is told to stop by a terminal or a scheduler: what was played until then is written down first.
final class StormStopper {
    private var sources: [any DispatchSourceSignal] = []

    /// - Parameter write: Writes what there is.
    init(_ write: @escaping @Sendable () -> Void) {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                write()
                finishOutput()
                _exit(128 + number)
            }
            source.activate()
            sources.append(source)
        }
    }
}

extension StormTally {
    /// The storms as a suite of JUnit: a case a seed, and one for what is wrong with the whole.
    func junit(
        _ campaign: Campaign, name: String, seconds: Double, isPartial: Bool, repeatCommand: (UInt64) -> String
    ) -> String {
        let whole = campaign.whole(isPartial: isPartial)
        // Only what is wrong with the whole of it is a case beside the storms: it would count as one more.
        let ofAll = whole.first.map { first in
            JUnitSuite.Case(
                name: "the campaign",
                outcome: .failure(
                    type: campaign.isCanaryFound == false
                        ? StormEnding.canaryMissed.rawValue : StormEnding.incomplete.rawValue,
                    message: first, details: whole.joined(separator: "\n")))
        }
        var cases = ofAll.map { [$0] } ?? []
        cases += storms.map { storm in
            let command = repeatCommand(storm.seed)
            var one = JUnitSuite.Case(name: "storm \(storm.seed)", outcome: .passed)
            if let worst = storm.failures.first {
                let details = storm.failures.map { "\($0.word): \($0.complaint)" } + ["repeat: \(command)"]
                let text = details.joined(separator: "\n")
                one.outcome =
                    worst.ending == .error
                    ? .error(type: worst.word, message: worst.complaint, details: text)
                    : .failure(type: worst.word, message: worst.complaint, details: text)
            }
            one.properties = [
                ("seed", "\(storm.seed)"), ("virtual_seconds", String(format: "%.3f", storm.virtualSeconds)),
            ]
            if let hash = storm.hash { one.properties.append(("hash", hash)) }
            one.properties.append(("repeat_command", command))
            return one
        }
        var suite = JUnitSuite(name: name, seconds: seconds, cases: cases)
        suite.properties = [
            ("verdict", campaign.ending(isPartial: isPartial).rawValue), ("build", buildIdentity),
            ("virtual_seconds", String(format: "%.3f", campaign.postHours * 3_600)),
        ]
        if let hash = campaign.hash { suite.properties.append(("hash", "\(hash)")) }
        return [suite].xml
    }
}
