// Stories that are well written and cannot be meant: time that runs backwards, names that nobody has, nothing expected.

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
        refuseUnknownNames(keys)
        refuseUnknownCrowd(keys)
        refuseUnknownVariants(keys)
        refuseWhatTheSiteCannotDo(keys)
        refuseEndlessness(keys)
        if !timeline.isEmpty, !expectsAnything {
            keys.refuse(
                "timeline", "a story that expects nothing", expected: "an expectation: this one cannot fail",
                remedy: "Add \"expect:\" to the timeline, or \"at_end:\" or \"never:\".")
        }
    }

    /// How long a story may last at most: a leap year and a month.
    private static let lastsAtMost: Int64 = 397 * 86_400_000_000

    /// How long it lasts if every step and expectation takes all of its time, in microseconds.
    var lastsWithin: Int64 {
        var end: Int64 = 0
        var milestones: [String: Int64] = [:]
        for step in timeline {
            let start = step.since.flatMap { milestones[$0] } ?? end
            end = max(end, start + step.after, step.at ?? 0)
            if case .expect(let expectation) = step.deed { end += expectation.within }
            if case .milestone(let name) = step.deed { milestones[name] = end }
        }
        return end + lastsAnother + (calmWithin ?? 0)
    }

    /// How much there is to play, for whoever begins with the longest: connectors times virtual time, once each variant.
    var weight: Double { Double(lastsWithin) * Double(site.posts * site.connectors * max(1, compare.count)) }

    /// A story of years would be played for hours, and nobody would know what for.
    private func refuseEndlessness(_ keys: RecordReader) {
        guard lastsWithin > Self.lastsAtMost else { return }
        keys.refuse(
            "timeline", "a story that may last \(span(lastsWithin))",
            expected: "at most \(span(Self.lastsAtMost)) with every expectation met as late as it may be",
            remedy: "Shorten \"after:\", \"within:\" or \"lasts_another:\".")
    }

    /// Vehicles and milestones that a step names must be there, a milestone by then.
    private func refuseUnknownNames(_ keys: RecordReader) {
        var passed: [String] = []
        for step in timeline {
            if case .milestone(let name) = step.deed { passed.append(name) }
            if let since = step.since, !passed.contains(since) {
                let isLater = timeline.contains { if case .milestone(since) = $0.deed { true } else { false } }
                refuse(
                    "no milestone \"\(since)\" by then", since, among: passed, keys, at: step.sincePosition,
                    otherwise: isLater
                        ? "Move this step behind \"milestone: \(since)\"."
                        : "Add \"milestone: \(since)\" before it.")
            }
            if case .plug(let vehicle, _) = step.deed, !vehicles.contains(where: { $0.key == vehicle }) {
                refuse(
                    "no vehicle \"\(vehicle)\"", vehicle, among: vehicles.map(\.key), keys, at: step.position,
                    otherwise: "Add it under \"vehicles:\".")
            }
        }
    }

    /// The crowd's vehicle must be one of the story's.
    private func refuseUnknownCrowd(_ keys: RecordReader) {
        guard let arrivals, !vehicles.contains(where: { $0.key == arrivals.vehicle }) else { return }
        refuse(
            "no vehicle \"\(arrivals.vehicle)\"", arrivals.vehicle, among: vehicles.map(\.key), keys, "arrivals",
            at: .wholeFile,
            otherwise: "Add it under \"vehicles:\".")
    }

    /// A variant is measured by another one, which must be there.
    private func refuseUnknownVariants(_ keys: RecordReader) {
        for variant in compare {
            let others = compare.map(\.name).filter { $0 != variant.name }
            guard let beats = variant.expectation.beats, !others.contains(beats) else { continue }
            refuse(
                "no other variant \"\(beats)\"", beats, among: others, keys, "compare", at: variant.position,
                otherwise: "Name another variant of \"compare:\".")
        }
    }

    private func refuse(
        _ what: String, _ name: String, among known: [String], _ keys: RecordReader, _ key: String = "timeline",
        at position: SourcePosition, otherwise remedy: String
    ) {
        let names = known.map { "\"\($0)\"" }.joined(separator: ", ")
        let nearest = Nearest.word(to: name, among: known)
        keys.refuse(
            key, what, expected: known.isEmpty ? "one that is there; there is none" : "one of \(names)",
            remedy: nearest.map { "Did you mean \"\($0)\"?" } ?? remedy, at: position)
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
