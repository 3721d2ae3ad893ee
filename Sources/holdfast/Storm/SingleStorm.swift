// What one storm leaves if it is asked for: the story that was drawn, and its course.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios
import Traces

extension StormRun {
    /// What was asked for of a single storm: the story that was drawn, and its course.
    func leaveBehind(_ campaign: Campaign, isTold: Bool) throws {
        let seed = seeds.range.lowerBound
        if let scenario {
            var story = Storm.scenario(seed: seed)
            if link.modbus { story.devices = .bytes }
            let head =
                "# The storm of seed \(seed), as it is drawn. Play it: holdfast replay \(shellWord(scenario))\n"
            try writeFile(Data((head + story.text).utf8), to: scenario)
            if isTold { print("\(scenario): what was drawn") }
        }
        guard let report else { return }
        guard !campaign.failures.contains(where: { $0.ending == .crash }) else {
            return complain("No report: this storm kills or hangs the process that would write it.")
        }
        let page = try leaveBehindTrace(of: trace(seed), in: report, repeatWith: repeatCommand(seed, options))
        if isTold { print("report: \(page)") }
    }

    /// The course of a storm.
    private func trace(_ seed: UInt64) throws -> Trace {
        var storm = Storm.scenario(seed: seed)
        storm.farLink = try link.maker()
        #if HOLDFAST_SEAMS
            let result = try Storm.trace(storm, with: try with.map(seededDefect))
        #else
            let result = try Storm.trace(storm)
        #endif
        guard var trace = result.traces.first?.trace else { throw ExitCode(70) }
        trace.complaints = result.complaints
        return trace
    }
}
