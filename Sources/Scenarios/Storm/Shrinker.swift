// Cuts a storm that fails down to the few steps that it takes to fail.

import Post

/// Delta debugging (Zeller and Hildebrandt 2002) over the steps of a storm, then over its instants and lengths.
public struct Shrinker {
    /// How many storms may be played at most. Engineering default: 600, some minutes.
    public static let playsAtMost = 600

    private var scenario: Scenario
    private let wanted: String
    /// How many storms were played so far.
    public private(set) var plays = 0
    /// Told after every cut: how many steps are left.
    private let progress: (Int) -> Void

    private init(_ scenario: Scenario, _ wanted: String, _ progress: @escaping (Int) -> Void) {
        self.scenario = scenario
        self.wanted = wanted
        self.progress = progress
    }

    /// The smallest storm found that fails in the same way, or nil if this one does not fail.
    public static func shrink(_ scenario: Scenario, progress: @escaping (Int) -> Void = { _ in }) -> Scenario? {
        guard let wanted = signature(Storm.play(scenario)) else { return nil }
        var shrinker = Shrinker(scenario, wanted, progress)
        shrinker.cutSteps()
        shrinker.shortenFaults()
        shrinker.roundInstants()
        shrinker.cutSteps()
        // A title has room for 120 characters.
        shrinker.scenario.title = String("Shrunk from storm \(scenario.seed): \(wanted)".prefix(120))
        return shrinker.scenario
    }

    /// In what way a storm failed: its verdict and the kind of its first complaint, without numbers and places.
    static func signature(_ outcome: StormOutcome) -> String? {
        guard outcome.verdict != .passed else { return nil }
        let first = outcome.complaints.first ?? ""
        let words = first.split(separator: " ").filter { word in !word.contains(where: \.isNumber) }
        return "\(outcome.ending.rawValue.lowercased()): " + words.joined(separator: " ").prefix(90)
    }

    private mutating func stillFails(_ candidate: Scenario) -> Bool {
        guard plays < Self.playsAtMost else { return false }
        plays += 1
        return Self.signature(Storm.play(candidate)) == wanted
    }

    private mutating func accept(_ candidate: Scenario) -> Bool {
        guard stillFails(candidate) else { return false }
        scenario = candidate
        progress(scenario.timeline.count)
        return true
    }

    /// Leaves out ever smaller runs of steps as long as the storm goes on failing.
    private mutating func cutSteps() {
        var size = max(1, scenario.timeline.count / 2)
        while true {
            var start = 0
            var hasCut = false
            while start < scenario.timeline.count {
                var candidate = scenario
                candidate.timeline.removeSubrange(start..<min(start + size, candidate.timeline.count))
                if !candidate.timeline.isEmpty, accept(candidate) { hasCut = true } else { start += size }
            }
            if size == 1, !hasCut { return }
            if !hasCut || size > scenario.timeline.count { size = max(1, size / 2) }
            if plays >= Self.playsAtMost { return }
        }
    }

    private mutating func shortenFaults() {
        for index in scenario.timeline.indices {
            while case .inject(var setting) = scenario.timeline[index].deed, let lasts = setting.lasts,
                lasts > 100_000
            {
                setting.lasts = lasts / 2
                var candidate = scenario
                candidate.timeline[index].deed = .inject(setting)
                if !accept(candidate) { break }
            }
        }
    }

    /// Whole seconds read better.
    private mutating func roundInstants() {
        for index in scenario.timeline.indices {
            guard let at = scenario.timeline[index].at, at % 1_000_000 != 0 else { continue }
            var candidate = scenario
            candidate.timeline[index].at = at / 1_000_000 * 1_000_000
            _ = accept(candidate)
        }
    }
}
