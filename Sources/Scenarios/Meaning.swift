// Stories that are well written and cannot be meant: time that runs backwards, nothing that is expected.

import StrictYAML

extension Scenario {
    /// Refuses what no play could show.
    func refuseWhatCannotBeMeant(_ keys: RecordReader) {
        var earliest: Int64 = 0
        for step in timeline {
            if let at = step.at, at < earliest, !skipsImpossible {
                keys.refuse(
                    "timeline", "a step at \(span(at)) after one at \(span(earliest)) or later",
                    expected: "steps in the order of time", remedy: "Move it up, or write \"after:\".",
                    at: step.timePosition)
            }
            earliest = max(step.since == nil ? earliest + step.after : earliest, step.at ?? 0)
        }
        if !timeline.isEmpty, !expectsAnything {
            keys.refuse(
                "timeline", "a story that expects nothing", expected: "an expectation: this one cannot fail",
                remedy: "Add \"expect:\" to the timeline, or \"at_end:\" or \"never:\".")
        }
    }

    private var expectsAnything: Bool {
        let expects = timeline.contains { if case .expect = $0.deed { true } else { false } }
        return expects || !never.isEmpty || !atEnd.isEmpty || !compare.isEmpty || calmWithin != nil
    }
}

/// A path as a shell takes it.
public func shellWord(_ path: String) -> String {
    let isPlain = path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+,:@%=".contains($0)) }
    return isPlain && !path.isEmpty ? path : "'" + path.replacing("'", with: "'\\''") + "'"
}
