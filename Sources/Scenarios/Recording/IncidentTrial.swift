// What a bench's morning holds and a scenario cannot show: found by playing it, left out, and named.

import Post
import Simulator

extension Incident {
    /// Plays of a trial at most. Engineering default: what does not hold is rare, and each takes a play of the whole.
    private static let trialsAtMost = 40

    /// Leaves out what a play of it shows not to hold: faults that nobody met, deeds that the world refuses there, states and
    /// faults that were over before a scenario could look.
    mutating func leaveOutWhatDoesNotHold() {
        for _ in 0..<Self.trialsAtMost {
            let (scenario, origins) = story(title: "trial")
            let steps = Self.stepsThatDoNotHold(scenario)
            guard !steps.isEmpty else { return }
            for item in Set(steps.filter(origins.indices.contains).map { origins[$0] }).sorted(by: >) {
                leaveOut(item)
            }
        }
    }

    /// Leaves out what no file may say: what excludes a cause that was found for it before, ends of what never began.
    mutating func leaveOutTheImpossible() {
        for _ in 0..<Self.trialsAtMost {
            let (scenario, origins) = story(title: "trial")
            guard let step = scenario.firstImpossibleStep, origins.indices.contains(step) else { return }
            leaveOut(origins[step])
        }
    }

    /// The steps without which a play may go on: faults without effect where it passes, else the one at which it ended.
    private static func stepsThatDoNotHold(_ scenario: Scenario) -> [Int] {
        guard let player = try? ScenarioPlayer(scenario, path: "recording") else { return [] }
        let result = player.play()
        guard result.verdict == .passed else {
            let isOfAStep = result.verdict == .error || result.checks.contains { !$0.isMet && $0.limit != nil }
            return isOfAStep && player.course.count > 0 ? [player.course.count - 1] : []
        }
        let injections = scenario.timeline.indices.filter {
            if case .inject = scenario.timeline[$0].deed { true } else { false }
        }
        let idle = (try? player.injectionsWithoutEffect()) ?? []
        return idle.filter(injections.indices.contains).map { injections[$0] }
    }

    private mutating func leaveOut(_ index: Int) {
        let item = items.remove(at: index)
        let seconds = "\(item.at / 1_000_000).\(item.at / 100_000 % 10) s"
        switch item.kind {
        case .deed(.inject(let setting)):
            notCarriedOver.append("\(setting.kind.name) at \(seconds), which nobody met")
            // Without its beginning there is no end of it.
            let end = items[index...].firstIndex {
                if case .deed(.heal(let healed)) = $0.kind {
                    healed.kind == setting.kind && $0.connector == item.connector
                } else {
                    false
                }
            }
            if let end { items.remove(at: end) }
        case .deed(let deed): notCarriedOver.append("at \(seconds): \(deed.sentence)")
        case .reached(let phase): notCarriedOver.append("the state \(code("\(phase)")) at \(seconds)")
        case .raised(let fault): notCarriedOver.append("the moment of \(fault.code) at \(seconds)")
        case .cleared: break
        }
    }
}
